"""Why can a file not be imported?

Every code an import can answer with, beside those of the commands it gives. A fault of a row
names file, line and column; a fault without a line is one of the whole file and cannot be
skipped.
"""

from __future__ import annotations

from dziennik.contracts.refusals import Reason

# --- the file as a container

NO_SUCH_SOURCE = Reason(
    "IMPORT.NO_SUCH_SOURCE",
    pl="Nie ma takiego pliku ani folderu: {path}.",
    en="There is no such file or folder: {path}.",
)
EMPTY_FILE = Reason(
    "IMPORT.EMPTY_FILE",
    pl="Plik {file} jest pusty (0 bajtów).",
    en="The file {file} is empty (0 bytes).",
)
NOT_A_ZIP = Reason(
    "IMPORT.NOT_A_ZIP",
    pl="Plik {file} nie jest archiwum ZIP.",
    en="The file {file} is not a ZIP archive.",
)
DAMAGED_ZIP = Reason(
    "IMPORT.DAMAGED_ZIP",
    pl="Archiwum jest uszkodzone w pliku {file}: nie da się go rozpakować.",
    en="The archive is damaged at {file}: it cannot be unpacked.",
)
ENCRYPTED = Reason(
    "IMPORT.ENCRYPTED",
    pl="Plik {file} w archiwum jest zaszyfrowany. Zapisz archiwum bez hasła.",
    en="The file {file} in the archive is encrypted. Save the archive without a password.",
)
ZIP_BOMB = Reason(
    "IMPORT.ZIP_BOMB",
    pl="Plik {file} rozpakowuje się ponad {ratio} razy: to nie są zwykłe dane szkoły.",
    en="The file {file} unpacks to more than {ratio} times its size: no ordinary school data.",
)
TOO_LARGE = Reason(
    "IMPORT.TOO_LARGE",
    pl="Rozpakowane dane przekraczają {limit} MB (przy pliku {file}).",
    en="The unpacked data exceed {limit} MB (at the file {file}).",
)
NO_FILES = Reason(
    "IMPORT.NO_FILES",
    pl="W {file} nie ma żadnego pliku OneRoster (orgs.csv, users.csv, …) na wierzchu.",
    en="{file} holds no OneRoster file (orgs.csv, users.csv, …) at its top.",
)
TOO_MANY_MEMBERS = Reason(
    "IMPORT.TOO_MANY_MEMBERS",
    pl="Archiwum ma {count} plików; najwyżej {limit}.",
    en="The archive has {count} files; at most {limit}.",
)
UNSAFE_NAME = Reason(
    "IMPORT.UNSAFE_NAME",
    pl="Nazwa {file} wskazuje poza archiwum. Takiego archiwum nie otwieramy.",
    en="The name {file} points outside the archive. Such an archive is not opened.",
)
NESTED_MEMBER = Reason(
    "IMPORT.NESTED_MEMBER",
    pl="Plik {file} leży w podfolderze; pliki CSV muszą leżeć na wierzchu archiwum.",
    en="The file {file} lies in a folder; CSV files must lie at the top of the archive.",
)
DUPLICATE_MEMBER = Reason(
    "IMPORT.DUPLICATE_MEMBER",
    pl="Plik {file} jest w archiwum dwa razy.",
    en="The file {file} is in the archive twice.",
)
SYMLINK = Reason(
    "IMPORT.SYMLINK",
    pl="{file} jest dowiązaniem, nie zwykłym plikiem.",
    en="{file} is a link, not an ordinary file.",
)

# --- the manifest

FILE_MISSING = Reason(
    "IMPORT.FILE_MISSING",
    pl="Brakuje pliku {file}.",
    en="The file {file} is missing.",
)
FILE_NOT_DECLARED = Reason(
    "IMPORT.FILE_NOT_DECLARED",
    pl="Plik {file} jest w zestawie, choć manifest mówi, że go nie ma (absent).",
    en="The file {file} is there although the manifest says it is absent.",
)
UNKNOWN_MODE = Reason(
    "IMPORT.UNKNOWN_MODE",
    pl="Manifest: „{value}” to nie bulk, delta ani absent.",
    en="Manifest: “{value}” is none of bulk, delta, absent.",
)
UNKNOWN_VERSION = Reason(
    "IMPORT.UNKNOWN_VERSION",
    pl="Wersja OneRoster „{value}” nie jest obsługiwana (tylko 1.1 i 1.2).",
    en="OneRoster version “{value}” is not supported (only 1.1 and 1.2).",
)

# --- one CSV file

BYTE_ORDER_MARK = Reason(
    "IMPORT.BYTE_ORDER_MARK",
    pl="Plik {file} zaczyna się znacznikiem BOM. Zapisz go jako UTF-8 bez BOM.",
    en="The file {file} starts with a byte order mark. Save it as UTF-8 without BOM.",
)
WRONG_ENCODING = Reason(
    "IMPORT.WRONG_ENCODING",
    pl="Plik {file} nie jest w UTF-8 (bajt {byte}).",
    en="The file {file} is not in UTF-8 (byte {byte}).",
)
NUL_BYTE = Reason(
    "IMPORT.NUL_BYTE",
    pl="Plik {file} zawiera bajt zerowy: to nie jest tekst.",
    en="The file {file} contains a NUL byte: it is not text.",
)
BAD_CSV = Reason(
    "IMPORT.BAD_CSV",
    pl="Nie da się odczytać wierszy pliku {file} od tego miejsca: {what}.",
    en="The rows of {file} cannot be read from here on: {what}.",
)
MISSING_COLUMN = Reason(
    "IMPORT.MISSING_COLUMN",
    pl="W pliku {file} brakuje kolumny {column}.",
    en="The file {file} lacks the column {column}.",
)
DUPLICATE_COLUMN = Reason(
    "IMPORT.DUPLICATE_COLUMN",
    pl="Kolumna {column} stoi w pliku {file} dwa razy.",
    en="The column {column} stands twice in the file {file}.",
)
WRONG_WIDTH = Reason(
    "IMPORT.WRONG_WIDTH",
    pl="Wiersz ma {cells} pól, a nagłówek {columns}.",
    en="The row has {cells} fields, the header {columns}.",
)
MISSING_VALUE = Reason(
    "IMPORT.MISSING_VALUE",
    pl="Pole {column} jest puste, a jest wymagane.",
    en="The field {column} is empty but required.",
)
UNKNOWN_VALUE = Reason(
    "IMPORT.UNKNOWN_VALUE",
    pl="„{value}” nie jest dozwoloną wartością pola {column} ({allowed}).",
    en="“{value}” is not an allowed value of {column} ({allowed}).",
)
WRONG_BOOLEAN = Reason(
    "IMPORT.WRONG_BOOLEAN",
    pl="Pole {column}: „{value}” to nie true ani false.",
    en="Field {column}: “{value}” is neither true nor false.",
)
WRONG_DATE = Reason(
    "IMPORT.WRONG_DATE",
    pl="Pole {column}: „{value}” nie jest datą RRRR-MM-DD.",
    en="Field {column}: “{value}” is not a date YYYY-MM-DD.",
)
WRONG_NUMBER = Reason(
    "IMPORT.WRONG_NUMBER",
    pl="Pole {column}: „{value}” nie jest liczbą (cyfry i kropka).",
    en="Field {column}: “{value}” is not a number (digits and a point).",
)
UNWRITABLE_TEXT = Reason(
    "IMPORT.UNWRITABLE_TEXT",
    pl="Pole {column} zawiera znak {character}, którego nie da się zapisać w archiwum.",
    en="Field {column} contains the character {character}, which the archive cannot hold.",
)
TEXT_TOO_LONG = Reason(
    "IMPORT.TEXT_TOO_LONG",
    pl="Pole {column} ma {length} znaków; najwyżej {limit}.",
    en="Field {column} has {length} characters; at most {limit}.",
)
TOO_MANY_FAULTS = Reason(
    "IMPORT.TOO_MANY_FAULTS",
    pl="Plik {file} ma ponad {limit} błędów; dalej go nie czytano.",
    en="The file {file} has more than {limit} faults; it was not read further.",
)
DUPLICATE_ID = Reason(
    "IMPORT.DUPLICATE_ID",
    pl="Identyfikator „{value}” stoi już w wierszu {first}.",
    en="The identifier “{value}” already stands in line {first}.",
)

# --- rows among themselves

UNKNOWN_REFERENCE = Reason(
    "IMPORT.UNKNOWN_REFERENCE",
    pl="Pole {column}: w pliku {target} nie ma identyfikatora „{value}”.",
    en="Field {column}: the file {target} holds no identifier “{value}”.",
)
DEPENDS_ON_FAULT = Reason(
    "IMPORT.DEPENDS_ON_FAULT",
    pl="Pominięto, bo pole {column} wskazuje na pominięty wpis „{value}”.",
    en="Left out, because {column} points at “{value}”, which is left out.",
)
DATES_REVERSED = Reason(
    "IMPORT.DATES_REVERSED",
    pl="W wierszu początek {starts} wypada po końcu {ends}.",
    en="In this row the beginning {starts} is after the end {ends}.",
)
SESSION_LOOP = Reason(
    "IMPORT.SESSION_LOOP",
    pl="Okres „{value}” leży sam w sobie (parentSourcedId).",
    en="The session “{value}” lies within itself (parentSourcedId).",
)
MAXIMUM_NOT_ABOVE_MINIMUM = Reason(
    "IMPORT.MAXIMUM_NOT_ABOVE_MINIMUM",
    pl="Najwyższy wynik {maximum} nie jest większy od najniższego {minimum}.",
    en="The maximum {maximum} is not above the minimum {minimum}.",
)
SCORE_OUT_OF_RANGE = Reason(
    "IMPORT.SCORE_OUT_OF_RANGE",
    pl="Wynik {value} leży poza zakresem {minimum}–{maximum} (lineItems.csv, wiersz {line}).",
    en="The score {value} lies outside {minimum}–{maximum} (lineItems.csv, line {line}).",
)

# --- what the school is

NO_SCHOOL = Reason(
    "IMPORT.NO_SCHOOL",
    pl="W pliku orgs.csv nie ma żadnej szkoły (type = school).",
    en="The file orgs.csv holds no school (type = school).",
)
SCHOOL_NOT_IN_FILE = Reason(
    "IMPORT.SCHOOL_NOT_IN_FILE",
    pl="W pliku nie ma szkoły „{school}”. Są: {schools}.",
    en="The file holds no school “{school}”. It holds: {schools}.",
)
SAME_SCHOOL_ID = Reason(
    "IMPORT.SAME_SCHOOL_ID",
    pl="Dwie szkoły miałyby ten sam skrót „{school}”. Popraw pole identifier.",
    en="Two schools would share the short id “{school}”. Put the field identifier right.",
)
OTHER_SCHOOL = Reason(
    "IMPORT.OTHER_SCHOOL",
    pl="Pod skrótem „{school}” jest już dziennik innej szkoły ({other}).",
    en="The short id “{school}” belongs to another school's register ({other}).",
)
NO_YEAR = Reason(
    "IMPORT.NO_YEAR",
    pl="Nie da się ustalić roku szkolnego zajęć „{value}”.",
    en="The school year of the class “{value}” cannot be told.",
)
NO_TEACHER = Reason(
    "IMPORT.NO_TEACHER",
    pl="Zajęcia „{value}” nie mają nauczyciela, więc nie mogą mieć ocen.",
    en="The class “{value}” has no teacher, so it can have no grades.",
)
NO_CLASS_OF_PUPIL = Reason(
    "IMPORT.NO_CLASS_OF_PUPIL",
    pl="Uczeń „{value}” nie należy w tym roku do żadnego oddziału.",
    en="The pupil “{value}” belongs to no class in this year.",
)

# --- a workbook, and a curriculum plan in it

NOT_A_SHEET = Reason(
    "IMPORT.NOT_A_SHEET",
    pl="Plik {file} to nie CSV ani XLSX. Zapisz rozkład w jednym z tych formatów.",
    en="The file {file} is neither CSV nor XLSX. Save the plan as one of these.",
)
UNREADABLE_WORKBOOK = Reason(
    "IMPORT.UNREADABLE_WORKBOOK",
    pl="Nie da się odczytać skoroszytu {file}: {what}.",
    en="The workbook {file} cannot be read: {what}.",
)
MACROS = Reason(
    "IMPORT.MACROS",
    pl="Skoroszyt {file} zawiera makra. Zapisz go jako zwykły XLSX, bez makr.",
    en="The workbook {file} holds macros. Save it as plain XLSX, without them.",
)
ENTITIES = Reason(
    "IMPORT.ENTITIES",
    pl="Skoroszyt zawiera w {file} definicje XML (DTD), jakich zwykły skoroszyt nie ma.",
    en="In {file} the workbook holds XML definitions (DTD), which no ordinary workbook has.",
)
TOO_WIDE = Reason(
    "IMPORT.TOO_WIDE",
    pl="Arkusz {file} sięga komórki {cell}; najwyżej {rows} wierszy i {columns} kolumn.",
    en="The sheet {file} reaches the cell {cell}; at most {rows} rows and {columns} columns.",
)
NOT_IN_ENCODING = Reason(
    "IMPORT.NOT_IN_ENCODING",
    pl="Plik {file} nie jest w kodowaniu {encoding}.",
    en="The file {file} is not encoded as {encoding}.",
)
NO_SUCH_SHEET = Reason(
    "IMPORT.NO_SUCH_SHEET",
    pl="W skoroszycie nie ma arkusza „{value}”. Są: {sheets}.",
    en="The workbook holds no sheet “{value}”. It holds: {sheets}.",
)
NO_ROWS = Reason(
    "IMPORT.NO_ROWS",
    pl="W pliku {file} nie ma żadnej pozycji rozkładu pod nagłówkiem.",
    en="The file {file} holds no item of a plan below its heading.",
)
HOURS_OUT_OF_RANGE = Reason(
    "IMPORT.HOURS_OUT_OF_RANGE",
    pl="Pole {column}: „{value}” to nie pełna liczba godzin od 1 do {limit}.",
    en="Field {column}: “{value}” is not a whole number of hours from 1 to {limit}.",
)
AMBIGUOUS = Reason(
    "IMPORT.AMBIGUOUS",
    pl="„{value}” może oznaczać: {found}. Podaj identyfikator.",
    en="“{value}” may mean: {found}. Give the id.",
)
SCHOOL_NOT_HERE = Reason(
    "IMPORT.SCHOOL_NOT_HERE",
    pl="Nie ma tu szkoły „{school}”. Są: {schools}.",
    en="There is no school “{school}” here. There are: {schools}.",
)
NO_YEAR_TODAY = Reason(
    "IMPORT.NO_YEAR_TODAY",
    pl="Dziś nie trwa żaden rok szkolny. Podaj --year ({years}).",
    en="No school year covers today. Give --year ({years}).",
)
