"""What is in the bundle, and does it hold together?

Reading finds what is wrong with a cell; this finds what is wrong between rows: references that
lead nowhere, sessions within themselves, ends before beginnings. In a delta, or where a file is
absent, a reference may also lead to what an earlier import brought.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.manifest import Manifest, Mode, read_manifest
from dziennik.imports.oneroster.reading import Row, Rows, read_table
from dziennik.imports.oneroster.source import Source
from dziennik.imports.oneroster.tables import BY_NAME, TABLES, Column, Kind

# Whether an earlier import brought this id into this table.
KnownEarlier: TypeAlias = Callable[[str, str], bool]


@dataclass(slots=True)
class Bundle:
    """All rows that can be read, by table and sourcedId."""

    manifest: Manifest
    digest: str
    tables: dict[str, Rows] = field(default_factory=dict)

    def rows(self, table: str) -> dict[str, Row]:
        """Good rows, those marked as deleted among them."""
        return self.tables[table].good

    def active(self, table: str) -> list[Row]:
        return [row for row in self.rows(table).values() if not row.deleted]


def read_bundle(source: Source, faults: Faults) -> Bundle:
    """Read every file the manifest names."""
    manifest = read_manifest(source, faults)
    bundle = Bundle(manifest, source.digest)
    for table in TABLES:
        mode = manifest.modes.get(table.name, Mode.ABSENT)
        data = source.files.get(table.file)
        if mode is Mode.ABSENT or data is None:
            # Promised but not there: told once, not at every row that leans on it.
            bundle.tables[table.name] = Rows(whole=mode is Mode.ABSENT)
            continue
        delta = mode is Mode.DELTA
        bundle.tables[table.name] = read_table(table, data, manifest.version, faults, delta=delta)
    return bundle


def check_bundle(bundle: Bundle, known_earlier: KnownEarlier, faults: Faults) -> None:
    """Find what is wrong between rows, and drop the rows concerned with all that lean on them."""
    checking = _Checking(bundle, known_earlier, faults)
    for table in TABLES:
        checking.spans(table.name)
        checking.references(table.name)
    checking.scores()
    _session_loops(bundle, faults)


class _Checking:
    def __init__(self, bundle: Bundle, known_earlier: KnownEarlier, faults: Faults) -> None:
        self._bundle = bundle
        self._known = known_earlier
        self._faults = faults

    def spans(self, table: str) -> None:
        """Ends before beginnings; maxima not above minima."""
        good = self._bundle.rows(table)
        for row in list(good.values()):
            starts = row.cells.get("startDate") or row.cells.get("beginDate")
            ends = row.cells.get("endDate")
            before = len(self._faults)
            if starts and ends and starts > ends:
                self._faults.add(
                    reasons.DATES_REVERSED, row.place, column="endDate", starts=starts, ends=ends
                )
            low, high = row.cells.get("resultValueMin"), row.cells.get("resultValueMax")
            if high is not None and high <= (low or 0):
                self._faults.add(
                    reasons.MAXIMUM_NOT_ABOVE_MINIMUM,
                    row.place,
                    column="resultValueMax",
                    maximum=high,
                    minimum=low or 0,
                )
            if len(self._faults) > before:
                del good[row.sourced_id]

    def scores(self) -> None:
        """Scores beyond what their line item allows."""
        items, good = self._bundle.rows("lineItems"), self._bundle.rows("results")
        for row in list(good.values()):
            item = items.get(row.cells.get("lineItemSourcedId", ""))
            score = row.cells.get("score")
            if item is None or score is None:
                continue
            low, high = item.cells.get("resultValueMin") or 0, item.cells.get("resultValueMax")
            if score < low or (high is not None and score > high):
                self._faults.add(
                    reasons.SCORE_OUT_OF_RANGE,
                    row.place,
                    column="score",
                    value=str(score),
                    minimum=low,
                    maximum="…" if high is None else high,
                    line=item.line,
                )
                del good[row.sourced_id]

    def references(self, table: str) -> None:
        """Once through for other files' rows, again while rows of this file keep falling."""
        columns = [c for c in BY_NAME[table].columns if c.target]
        good = self._bundle.rows(table)
        fallen = True
        while fallen:
            fallen = False
            for row in list(good.values()):
                # Every column is looked at: all faults are listed, not the first of a row.
                if not row.deleted and sum(not self._holds(row, column) for column in columns):
                    del good[row.sourced_id]
                    fallen = any(column.target == table for column in columns)

    def _holds(self, row: Row, column: Column) -> bool:
        value = row.cells.get(column.name)
        if value is None:
            return True
        if column.kind is Kind.REFERENCES:
            return self._list_holds(row, column, value)
        if self._leads_somewhere(column, value):
            return True
        self._report(row, column, value)
        if column.soft:
            del row.cells[column.name]
        return column.soft

    def _list_holds(self, row: Row, column: Column, values: tuple[str, ...]) -> bool:
        """A list loses what leads nowhere; if nothing is left where something must be, it falls."""
        kept = tuple(value for value in values if self._leads_somewhere(column, value))
        if kept == values:
            return True
        for value in values:
            if value not in kept:
                self._report(row, column, value)
        row.cells[column.name] = kept
        return bool(kept) or self._bundle.manifest.version not in column.needed

    def _leads_somewhere(self, column: Column, value: str) -> bool:
        table = self._bundle.tables[column.target]
        return value in table.good or not table.whole or self._earlier(column.target, value)

    def _earlier(self, target: str, value: str) -> bool:
        mode = self._bundle.manifest.modes.get(target, Mode.ABSENT)
        if target == "orgs" and mode in (Mode.DELTA, Mode.ABSENT):
            # Districts and departments are not kept; nothing hangs on them.
            return True
        bad_here = value in self._bundle.tables[target].seen
        return mode is not Mode.BULK and not bad_here and self._known(target, value)

    def _report(self, row: Row, column: Column, value: str) -> None:
        """A row that is there but bad was reported itself: this one only leans on it."""
        target = BY_NAME[column.target].file
        there = value in self._bundle.tables[column.target].seen
        reason = reasons.DEPENDS_ON_FAULT if there else reasons.UNKNOWN_REFERENCE
        self._faults.add(reason, row.place, column=column.name, value=value, target=target)


def _session_loops(bundle: Bundle, faults: Faults) -> None:
    good = bundle.rows("academicSessions")
    for row in list(good.values()):
        above: set[str] = set()
        at: str | None = row.sourced_id
        while at in good and at not in above:
            above.add(at)
            at = good[at].cells.get("parentSourcedId")
        if at == row.sourced_id:
            faults.add(reasons.SESSION_LOOP, row.place, column="parentSourcedId", value=at)
