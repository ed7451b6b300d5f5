"""How does a CSV or XLSX file become rows of texts, whatever it is made of?

A workbook is looked through before the library reads it: it is an archive, so it is unpacked as untrusted
archives are (imports.oneroster.source), and a sheet of two cells can claim a rectangle of 17 billion. Macros
are never run, and refused; formulas count as what they last gave.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.reading import decoded, numbered
from dziennik.imports.oneroster.source import Limits, unpacked

ZIP = b"PK\x03\x04"
UTF8_BOM = b"\xef\xbb\xbf"
DELIMITERS = ";,\t"
# More than a year of lessons in all subjects, and more columns than any plan has.
MOST_ROWS, MOST_COLUMNS = 5_000, 100
# A workbook with pictures; and sheets of spaces shrink well.
LIMITS = Limits(total=64 << 20, ratio=200, ratio_from=8 << 20)
LARGEST_TEXT = 16 << 20
WORKBOOK = "xl/workbook.xml"
OTHER_FORMATS = frozenset({"xl/workbook.bin", "content.xml"})

# A row's line in the file, and its cells.
Rows = list[tuple[int, list[str]]]

_DEFINITIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Cells and rows with their attributes, whose values hold anything but their own quotes; and where they stand.
_PLACED = re.compile(rb"""<(?:[\w.-]+:)?(?:c|row)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))+)""")
_PLACE = re.compile(rb"""(?<![\w:.-])r\s*=\s*["']\s*([A-Za-z]{0,7})(\d{1,12})""")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: which sheet (None: the first), which encoding a CSV has."""

    sheet: str | None = None
    encoding: str = "utf-8"


def read_rows(path: Path, how: Reading, faults: Faults) -> Rows:
    """All rows that are not blank. What is wrong goes to `faults`, and then there are none."""
    place = Place(path.name)
    if not path.is_file():
        faults.add(reasons.NO_SUCH_SOURCE, place, path=str(path))
        return []
    if path.stat().st_size > LIMITS.total:
        faults.add(reasons.TOO_LARGE, place, limit=LIMITS.total >> 20)
        return []
    with path.open("rb") as file:
        head = file.read(len(ZIP))
    if head == ZIP:
        return _workbook(path, how, faults)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        faults.add(reasons.EMPTY_FILE if not head else reasons.NOT_A_SHEET, place)
        return []
    return _text(path, how, faults)


def _text(path: Path, how: Reading, faults: Faults) -> Rows:
    data = path.read_bytes()
    if len(data) > LARGEST_TEXT:
        faults.add(reasons.TOO_LARGE, Place(path.name), limit=LARGEST_TEXT >> 20)
        return []
    if how.encoding != "utf-8" and not data.startswith(UTF8_BOM):
        try:
            data = data.decode(how.encoding).encode()
        except UnicodeDecodeError:
            faults.add(reasons.NOT_IN_ENCODING, Place(path.name), encoding=how.encoding)
            return []
    text = decoded(path.name, data.removeprefix(UTF8_BOM), faults)  # spreadsheets write the mark
    if text is None:
        return []
    before = len(faults)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows = [
        (line, [cell.strip() for cell in cells])
        for line, cells in numbered(reader, lambda: reader.line_num, path.name, faults)
    ]
    return _kept(rows, path, faults) if len(faults) == before else []


def _delimiter(text: str) -> str:
    """What parts the cells: whichever of the usual signs the first lines hold most of."""
    head = "".join(text.splitlines(keepends=True)[:10])
    return max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))


def _workbook(path: Path, how: Reading, faults: Faults) -> Rows:
    files = unpacked(path, faults, LIMITS, lambda _: True) or {}
    other = OTHER_FORMATS & files.keys()  # the library would try them, and nobody looked through those
    if not faults and (WORKBOOK not in files or other):
        faults.add(reasons.NOT_A_SHEET, Place(path.name))
    if faults:
        return []
    for name, data in sorted(files.items()):
        _look_through(name, data, faults)
    if faults:
        return []
    try:
        with load_workbook(io.BytesIO(path.read_bytes())) as book:
            rows = _sheet(book, path, how, faults)
    except (CalamineError, ValueError, OSError) as fault:
        faults.add(reasons.UNREADABLE_WORKBOOK, Place(path.name), what=fault)
        return []
    except BaseException as fault:  # the library's panics are no Exceptions: a file must not end the process
        if isinstance(fault, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        faults.add(reasons.UNREADABLE_WORKBOOK, Place(path.name), what=type(fault).__name__)
        return []
    return _kept(rows, path, faults)


def _look_through(name: str, data: bytes, faults: Faults) -> None:
    """What no ordinary workbook holds: macros, definitions, sheets that reach too far."""
    place = Place(name)
    if name.lower().endswith("vbaproject.bin"):
        faults.add(reasons.MACROS, place)
    # A sheet may have any name: all members are looked through.
    if name.lower().endswith((".xml", ".rels")) and b"\0" in data:  # UTF-16 would hide what is looked for
        faults.add(reasons.NUL_BYTE, place)
    elif _DEFINITIONS.search(data):
        faults.add(reasons.ENTITIES, place)
    else:
        for letters, row in _PLACE.findall(b"".join(_PLACED.findall(data))):
            if int(row) > MOST_ROWS or _column(letters) > MOST_COLUMNS:
                cell = (letters + row).decode()
                faults.add(reasons.TOO_WIDE, place, cell=cell, rows=MOST_ROWS, columns=MOST_COLUMNS)
                return


def _column(letters: bytes) -> int:
    """A is 1, Z 26, AA 27; of a row's own number 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet(book: CalamineWorkbook, path: Path, how: Reading, faults: Faults) -> Rows:
    names = book.sheet_names
    name = how.sheet or next(iter(names), None)
    if name is None:
        faults.add(reasons.UNREADABLE_WORKBOOK, Place(path.name), what="—")
        return []
    if name not in names:
        sheets = ", ".join(names)
        faults.add(reasons.NO_SUCH_SHEET, Place(path.name), value=name, sheets=sheets)
        return []
    cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    return [(line, [_cell(cell) for cell in row]) for line, row in enumerate(cells, 1)]


def _cell(value: Any) -> str:  # noqa: ANN401
    """A cell as a person would read it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _kept(rows: Iterable[tuple[int, list[str]]], path: Path, faults: Faults) -> Rows:
    kept = [(line, cells) for line, cells in rows if any(cells)]
    if len(kept) > MOST_ROWS or any(len(cells) > MOST_COLUMNS for _, cells in kept):
        cell = f"{max(len(cells) for _, cells in kept)} x {kept[-1][0]}"
        faults.add(reasons.TOO_WIDE, Place(path.name), cell=cell, rows=MOST_ROWS, columns=MOST_COLUMNS)
        return []
    return kept
