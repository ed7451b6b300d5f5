"""How do the bytes of one CSV file become rows, with every fault named by line and column?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.ids import canonical
from dziennik.imports.oneroster.tables import Column, Kind, Table

BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?\Z", re.ASCII)
# What XML 1.0 (2.2) cannot carry, and the register's sign for an erased text.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\u2400")

DELETED = "tobedeleted"

# Longer than any name, title, comment or list of ids that a school writes.
LONGEST = 4_000
# A file of this kind is no OneRoster file; reading on would only fill the memory.
MOST_FAULTS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read. Blank cells are not in `cells`; lists are tuples."""

    file: str
    line: int
    sourced_id: str
    cells: dict[str, Any]

    @property
    def place(self) -> Place:
        return Place(f"{self.file}.csv", self.line)

    @property
    def deleted(self) -> bool:
        return self.cells.get("status") == DELETED


@dataclass(slots=True)
class Rows:
    """A file's good rows by sourcedId, and the ids of all rows, good and bad.

    `nameless` counts bad rows whose id cannot be told. `whole`: the file was read to its end, so
    that an id not seen is an id not there.
    """

    good: dict[str, Row] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    nameless: int = 0
    whole: bool = True


Parser: TypeAlias = Callable[[str], Any]
# Where the cell stands, its column, how it is read.
Plan: TypeAlias = list[tuple[int, Column, Parser | None]]


class Unreadable(Exception):
    """A cell that does not hold what its column says."""


def decoded(file: str, data: bytes, faults: Faults) -> str | None:
    """The text of a file, or None and a fault: strict UTF-8, no BOM, no NUL, not empty."""
    place = Place(file)
    if not data:
        faults.add(reasons.EMPTY_FILE, place)
    elif data.startswith(BOMS):
        faults.add(reasons.BYTE_ORDER_MARK, Place(file, 1), whole=True)
    elif (zero := data.find(b"\0")) >= 0:
        faults.add(reasons.NUL_BYTE, Place(file, _line_of(data, zero)), whole=True)
    else:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            at = error.start
            byte = f"0x{data[at]:02X}"
            faults.add(reasons.WRONG_ENCODING, Place(file, _line_of(data, at)), whole=True, byte=byte)
    return None


def unwritable(text: str) -> str | None:
    """The first character that no register can hold."""
    bad = _UNWRITABLE.search(text)
    return bad.group() if bad else None


def _line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def read_table(table: Table, data: bytes, version: str, faults: Faults, *, delta: bool = False) -> Rows:
    """All rows of one file. In a delta file each row must say its status."""
    text = decoded(table.file, data, faults)
    if text is None:
        return Rows(whole=False)
    before = len(faults)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = numbered(reader, lambda: reader.line_num, table.file, faults)
    header = next(lines, (1, []))[1]
    plan = None if len(faults) > before else _plan(table, header, version, faults)
    if plan is None:
        return Rows(whole=False)
    needed = {c.name for c in table.columns if version in c.needed} | ({"status"} if delta else set())
    rows = Rows()
    reading = _Reading(table, plan, needed, len(header), faults)
    for line, cells in lines:
        reading.take(line, cells, rows)
        if len(faults) - before > MOST_FAULTS:
            place = Place(table.file, line)
            faults.add(reasons.TOO_MANY_FAULTS, place, whole=True, limit=MOST_FAULTS)
            break
    rows.whole = not any(fault.whole for fault in faults.found[before:])
    return rows


def numbered(
    reader: Iterator[list[str]], lines_read: Callable[[], int], file: str, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on; ends with a fault of the file when CSV breaks."""
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(reasons.BAD_CSV, Place(file, line), whole=True, what=error)
            return
        if cells:
            yield line, cells
        line = lines_read() + 1


def _plan(table: Table, header: list[str], version: str, faults: Faults) -> Plan | None:
    """How to read a row, or None when the header does not do."""
    place = Place(table.file, 1)
    before = len(faults)
    for name in sorted({name for name in header if header.count(name) > 1 and name}):
        faults.add(reasons.DUPLICATE_COLUMN, place, column=name, whole=True)
    known = {column.name for column in table.columns}
    for column in table.columns:
        if version in column.needed and column.name not in header:
            faults.add(reasons.MISSING_COLUMN, place, column=column.name, whole=True)
    if len(faults) > before:
        return None
    columns = {column.name: column for column in table.columns}
    return [(i, columns[n], _PARSERS.get(columns[n].kind)) for i, n in enumerate(header) if n in known]


class _Reading:
    """One file's rows being read."""

    def __init__(self, table: Table, plan: Plan, needed: set[str], width: int, faults: Faults) -> None:
        self._table = table
        self._plan = plan
        self._needed = needed
        self._width = width
        self._faults = faults
        # The line of each id; two spellings of one UUID are one id in the register.
        self._lines: dict[str, int] = {}
        self._id_at = next(at for at, column, _ in plan if column.name == "sourcedId")

    def take(self, line: int, cells: list[str], rows: Rows) -> None:
        """Put the row among the good ones, or its faults among the faults."""
        place = Place(self._table.file, line)
        if len(cells) != self._width:
            self._faults.add(reasons.WRONG_WIDTH, place, cells=len(cells), columns=self._width)
            rows.nameless += 1
            return
        before = len(self._faults)
        values = self._values(cells, place)
        sourced_id = cells[self._id_at]
        rows.nameless += not sourced_id
        first = self._lines.setdefault(canonical(sourced_id), line) if sourced_id else line
        if sourced_id:
            rows.seen.setdefault(sourced_id, line)
        if first != line:
            self._faults.add(reasons.DUPLICATE_ID, place, column="sourcedId", value=sourced_id, first=first)
        if len(self._faults) == before:
            rows.good[sourced_id] = Row(self._table.name, line, sourced_id, values)

    def _values(self, cells: list[str], place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for at, column, parser in self._plan:
            raw = cells[at]
            if not raw or raw.isspace():
                continue
            if len(raw) > LONGEST:
                self._too_long(raw, column, place)
                values[column.name] = None
                continue
            try:
                value = parser(raw) if parser else self._text(raw, column, place)
            except Unreadable:
                self._wrong(raw, column, place)
                values[column.name] = None
                continue
            if column.kind is Kind.CHOICE and not self._allowed(value, column, place):
                value = None
            values[column.name] = value
        needed = BOTH_IDS if values.get("status") == DELETED else self._needed
        for name in sorted(needed - values.keys()):
            self._faults.add(reasons.MISSING_VALUE, place, column=name)
        return values

    def _text(self, raw: str, column: Column, place: Place) -> str:
        bad = _UNWRITABLE.search(raw)
        if bad:
            self._faults.add(
                reasons.UNWRITABLE_TEXT,
                place,
                column=column.name,
                value=raw,
                character=f"U+{ord(bad.group()):04X}",
            )
        # The id is compared as it stands; elsewhere blanks around a text mean nothing.
        return raw if column.name == "sourcedId" else raw.strip()

    def _too_long(self, raw: str, column: Column, place: Place) -> None:
        self._faults.add(
            reasons.TEXT_TOO_LONG, place, column=column.name, value=raw, length=len(raw), limit=LONGEST
        )

    def _allowed(self, value: str, column: Column, place: Place) -> bool:
        if value in column.choices or (value.startswith("ext:") and column.name != "status"):
            return True
        allowed = ", ".join(sorted(column.choices))
        self._faults.add(reasons.UNKNOWN_VALUE, place, column=column.name, value=value, allowed=allowed)
        return False

    def _wrong(self, raw: str, column: Column, place: Place) -> None:
        reason = {Kind.BOOLEAN: reasons.WRONG_BOOLEAN, Kind.NUMBER: reasons.WRONG_NUMBER}.get(
            column.kind, reasons.WRONG_DATE
        )
        self._faults.add(reason, place, column=column.name, value=raw)


BOTH_IDS = {"sourcedId"}


def _boolean(raw: str) -> bool:
    if raw in ("true", "false"):
        return raw == "true"
    raise Unreadable


def _number(raw: str) -> Decimal:
    if _NUMBER.match(raw):
        return Decimal(raw)
    raise Unreadable


def _date(raw: str) -> date:
    if _DATE.match(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise Unreadable from None
    raise Unreadable


def _moment(raw: str) -> date:
    """The day of a moment, as the supplier writes it."""
    if _MOMENT.match(raw):
        return _date(raw[:10])
    raise Unreadable


def _list(raw: str) -> tuple[str, ...]:
    """Several ids in one cell, comma between; order kept, each once."""
    return tuple(dict.fromkeys(part.strip() for part in raw.split(",") if part.strip()))


_PARSERS: dict[Kind, Parser] = {
    Kind.BOOLEAN: _boolean,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.REFERENCES: _list,
}
