"""What did the reader find? Sheets: one a card, one a page without a card, one a file that could not be read.

`Unsure` is an answer. A sheet is "read" when no person is needed, "review" when one is, "refused" with a
reason that a secretary understands. Nothing here is a fact of the register.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class CellState(StrEnum):
    """What a cell shows."""

    BLANK = "blank"
    MARKED = "marked"
    CANCELLED = "cancelled"
    UNSURE = "unsure"


class SheetState(StrEnum):
    """What becomes of a page: it is read, a person looks at it, it is refused, or nothing is on it."""

    READ = "read"
    REVIEW = "review"
    REFUSED = "refused"
    BLANK = "blank"


class Why(StrEnum):
    """Why a card goes to a person, or is refused. Codes are published; the texts may be reworded."""

    MISSING_FILE = "missing_file"
    UNREADABLE_FILE = "unreadable_file"
    UNKNOWN_TYPE = "unknown_type"
    EMPTY_FILE = "empty_file"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_CARD = "no_card"
    MIRRORED = "mirrored"
    CUT = "cut"
    TOO_COARSE = "too_coarse"
    TOO_BLURRED = "too_blurred"
    TOO_PALE = "too_pale"
    NO_IDENTITY = "no_identity"
    SEVERAL_NAMELESS = "several_nameless"
    OTHER_NUMBER = "other_number"
    WITNESSES_DIFFER = "witnesses_differ"
    FOREIGN = "foreign"
    UNKNOWN_LAYOUT = "unknown_layout"
    TOO_WAVY = "too_wavy"
    TOO_DOUBTFUL = "too_doubtful"
    TWO_MARKS = "two_marks"
    DOUBTFUL_CELLS = "doubtful_cells"
    BLACK_AND_WHITE = "black_and_white"


TEXTS: dict[Why, tuple[str, str]] = {
    Why.MISSING_FILE: ("Nie ma takiego pliku.", "There is no such file."),
    Why.UNREADABLE_FILE: (
        "Pliku nie da się odczytać (uszkodzony albo urwany). Zeskanuj jeszcze raz.",
        "The file cannot be read (damaged or cut off). Scan again.",
    ),
    Why.UNKNOWN_TYPE: (
        "To nie jest skan: przyjmujemy PDF, TIFF, PNG, JPEG i WebP.",
        "This is no scan: PDF, TIFF, PNG, JPEG and WebP are taken.",
    ),
    Why.EMPTY_FILE: ("Plik jest pusty.", "The file is empty."),
    Why.PASSWORD: (
        "Plik PDF jest zabezpieczony hasłem. Zapisz go bez hasła.",
        "The PDF is protected by a password. Save it without one.",
    ),
    Why.TOO_LARGE: (
        "Plik albo strona przekracza dozwolony rozmiar. Skanuj w 200–300 dpi.",
        "The file or page is larger than allowed. Scan at 200–300 dpi.",
    ),
    Why.TOO_LONG: (
        "Odczyt tej strony trwał zbyt długo i został przerwany.",
        "Reading this page took too long and was stopped.",
    ),
    Why.NO_CARD: (
        "Na stronie nie widać karty. Jeśli jest na niej karta, jest ucięta albo bardzo nieostra:"
        " zeskanuj całą kartkę jeszcze raz.",
        "No card is seen on the page. If there is one, it is cut off or very blurred:"
        " scan the whole sheet again.",
    ),
    Why.MIRRORED: (
        "Karta jest odbita w lustrze. Wyłącz odbicie lustrzane w skanerze.",
        "The card is mirrored. Switch mirroring off in the scanner.",
    ),
    Why.CUT: (
        "Karta jest ucięta: brakuje rogów. Zeskanuj całą kartkę.",
        "The card is cut off: corners are missing. Scan the whole sheet.",
    ),
    Why.TOO_COARSE: (
        "Skan jest zbyt drobny do odczytu. Skanuj w co najmniej 100 dpi.",
        "The scan is too coarse to read. Scan at 100 dpi or more.",
    ),
    Why.TOO_BLURRED: (
        "Obraz jest zbyt nieostry albo zabrudzony. Zeskanuj jeszcze raz.",
        "The picture is too blurred or dirty. Scan again.",
    ),
    Why.TOO_PALE: (
        "Obraz jest zbyt blady albo zbyt ciemny. Popraw kontrast skanera.",
        "The picture is too pale or too dark. Mend the scanner's contrast.",
    ),
    Why.NO_IDENTITY: (
        "Nie da się odczytać numeru karty. Wpisz numer wydrukowany pod kodem albo zeskanuj jeszcze raz.",
        "The card's number cannot be read. Type the number printed below the code, or scan again.",
    ),
    Why.SEVERAL_NAMELESS: (
        "Na stronie jest kilka kart, których numeru nie da się odczytać. Zeskanuj każdą z nich osobno.",
        "There are several cards on the page whose numbers cannot be read. Scan each of them alone.",
    ),
    Why.OTHER_NUMBER: (
        "To, co na karcie zostało z paska kodu, nie zgadza się z wpisanym numerem. Sprawdź, z której kartki"
        " jest numer.",
        "What is left of the card's strip does not agree with the number that was typed. Check which sheet"
        " the number is from.",
    ),
    Why.WITNESSES_DIFFER: (
        "Pasek i kod QR mówią o dwóch różnych kartach. Sprawdź kartę.",
        "The strip and the QR code name two different cards. Check the card.",
    ),
    Why.FOREIGN: (
        "To karta innej szkoły albo innej instalacji dziennika.",
        "This is a card of another school or of another installation.",
    ),
    Why.UNKNOWN_LAYOUT: (
        "Karta ma wzór, którego ta wersja programu nie zna.",
        "The card has a layout that this version does not know.",
    ),
    Why.TOO_WAVY: (
        "Kartka jest zbyt pofalowana. Wyprostuj ją i zeskanuj jeszcze raz.",
        "The paper is too wavy. Flatten it and scan again.",
    ),
    Why.TOO_DOUBTFUL: (
        "Zbyt wiele niepewnych pól: sprawdź całą kartę.",
        "Too many doubtful cells: look at the whole card.",
    ),
    Why.TWO_MARKS: (
        "Dwa znaki w jednym polu: wybierz właściwy.",
        "Two marks in one field: choose the right one.",
    ),
    Why.DOUBTFUL_CELLS: ("Niektóre pola są niepewne.", "Some cells are doubtful."),
    Why.BLACK_AND_WHITE: (
        "Skan jest czarno-biały i gubi ołówek: sprawdź całą kartę albo zeskanuj w odcieniach szarości.",
        "The scan is black and white and loses pencil: look at the whole card, or scan in grey.",
    ),
}


def told(why: Why, language: str = "pl") -> str:
    """The reason as a sentence, in Polish ("pl") or English (anything else)."""
    return TEXTS[why][0 if language == "pl" else 1]


class ReadCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell; `ink` is 0 for paper and 1 for solid black."""

    row: int
    field: str
    value: str
    state: CellState
    ink: float


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One card, page or file. `card_id` is the printed id; without a card there are no cells."""

    file: str
    page: int
    state: SheetState
    why: Why | None = None
    card_id: str | None = None
    layout: int | None = None
    corners: tuple[int, ...] = ()  # of the card on the page, px: x, y of its top left, then clockwise
    turned: int = 0  # degrees clockwise that the card lies turned on the page, rounded
    unsure: int = 0
    cells: tuple[ReadCell, ...] = ()
