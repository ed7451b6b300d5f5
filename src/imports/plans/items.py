"""Which items does a sheet list? Headings in Polish or English, faults by line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dziennik.contracts.curriculum import MOST_HOURS, ItemEntry, PlanItem
from dziennik.contracts.refusals import Reason
from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.reading import LONGEST, unwritable
from dziennik.imports.plans.sheets import Rows

NUMBER, TOPIC, HOURS, CORE = "number", "topic", "hours", "core"
NAMES = {
    NUMBER: ("lp", "l.p", "nr", "numer", "nr lekcji", "number", "no"),
    TOPIC: ("temat", "temat lekcji", "temat zajęć", "tematy", "topic"),
    HOURS: ("godziny", "liczba godzin", "l. godzin", "l. godz", "hours"),
    CORE: ("podstawa programowa", "podstawa", "punkt podstawy programowej", "core curriculum", "core"),
}
_KNOWN = {name: column for column, names in NAMES.items() for name in names}
# Above the headings there may be a title, the teacher's name, an empty line.
HEAD = 10
_WHOLE = re.compile(r"\d{1,6}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the file, and where it stands."""

    line: int
    topic: str
    hours: int
    core: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The items in their order; `headings` say what the columns are called, `ignored` are other columns."""

    items: tuple[Item, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def read_items(file: str, rows: Rows, faults: Faults) -> Listed:
    """All items of a file, by their numbers if it has some, else as they stand."""
    found = _headings(rows)
    if found is None:
        faults.add(reasons.MISSING_COLUMN, Place(file, rows[0][0] if rows else 1), column="temat", whole=True)
        return Listed()
    start, columns, ignored = found
    headings = {column: rows[start][1][at] for column, at in columns.items()}
    reading = _Reading(file, columns, headings, faults)
    items = [item for line, cells in rows[start + 1 :] if (item := reading.item(line, cells))]
    if not items and not faults:
        faults.add(reasons.NO_ROWS, Place(file))
    items.sort(key=lambda pair: pair[0])
    return Listed(tuple([item for _, item in items]), headings, ignored)


def _headings(rows: Rows) -> tuple[int, dict[str, int], tuple[str, ...]] | None:
    """Where the headings stand, which column is where, and which are none of ours."""
    for place, (_, cells) in enumerate(rows[:HEAD]):
        columns: dict[str, int] = {}
        ignored = []
        for at, cell in enumerate(cells):
            column = _KNOWN.get(cell.strip().rstrip(".:").casefold())
            if column and column not in columns:
                columns[column] = at
            elif cell:
                ignored.append(cell)
        if TOPIC in columns:
            return place, columns, tuple(ignored)
    return None


class _Reading:
    """The rows below the headings being read."""

    def __init__(
        self, file: str, columns: Mapping[str, int], headings: Mapping[str, str], faults: Faults
    ) -> None:
        self._file = file
        self._columns = columns
        self._headings = headings
        self._faults = faults
        self._numbers: dict[int, int] = {}

    def item(self, line: int, cells: Sequence[str]) -> tuple[int, Item] | None:
        """The item with its number, or None: blank, or in fault."""
        texts = {column: cells[at] if at < len(cells) else "" for column, at in self._columns.items()}
        if not any(texts.values()):
            return None
        before = len(self._faults)
        for column in (TOPIC, CORE):
            self._check_text(line, column, texts.get(column, ""))
        if not texts[TOPIC]:
            self._fault(reasons.MISSING_VALUE, line, TOPIC)
        hours = self._hours(line, texts[HOURS]) if HOURS in texts else 1
        number = self._number(line, texts[NUMBER]) if NUMBER in texts else line
        if len(self._faults) > before or hours is None or number is None:
            return None
        return number, Item(line, texts[TOPIC], hours, texts.get(CORE) or None)

    def _hours(self, line: int, text: str) -> int | None:
        if not text:
            self._fault(reasons.MISSING_VALUE, line, HOURS)
        elif not _WHOLE.match(text) or not 1 <= int(text) <= MOST_HOURS:
            self._fault(reasons.HOURS_OUT_OF_RANGE, line, HOURS, text, limit=MOST_HOURS)
        else:
            return int(text)
        return None

    def _number(self, line: int, text: str) -> int | None:
        text = text.rstrip(".")
        if not text:
            self._fault(reasons.MISSING_VALUE, line, NUMBER)
            return None
        if not _WHOLE.match(text):
            self._fault(reasons.WRONG_NUMBER, line, NUMBER, text)
            return None
        first = self._numbers.setdefault(int(text), line)
        if first != line:
            self._fault(reasons.DUPLICATE_ID, line, NUMBER, text, first=first)
            return None
        return int(text)

    def _check_text(self, line: int, column: str, text: str) -> None:
        if len(text) > LONGEST:
            self._fault(reasons.TEXT_TOO_LONG, line, column, text, length=len(text), limit=LONGEST)
            return
        bad = unwritable(text)
        if bad:
            self._fault(reasons.UNWRITABLE_TEXT, line, column, text, character=f"U+{ord(bad):04X}")

    def _fault(
        self,
        reason: Reason,
        line: int,
        column: str,
        value: str | None = None,
        **details: Any,  # noqa: ANN401
    ) -> None:
        place = Place(self._file, line)
        self._faults.add(reason, place, column=self._headings[column], value=value, **details)


def entries_of(items: Sequence[Item], known: Sequence[PlanItem]) -> tuple[ItemEntry, ...]:
    """The items as a command lists them; those that the plan has already keep their ids.

    The same topic is the same item; an item at a place whose topic is nowhere in the file any more was worded
    anew.
    """
    free: dict[str, list[str]] = {}
    for item in reversed(known):
        free.setdefault(item.topic.casefold(), []).append(item.item_id)
    wanted = [ids.pop() if (ids := free.get(item.topic.casefold())) else None for item in items]
    left = {item_id for ids in free.values() for item_id in ids}
    for place, there in enumerate(known[: len(items)]):
        if wanted[place] is None and there.item_id in left:
            wanted[place] = there.item_id
    return tuple(
        [
            ItemEntry(topic=item.topic, hours=item.hours, core=item.core, item_id=item_id)
            for item, item_id in zip(items, wanted, strict=True)
        ]
    )
