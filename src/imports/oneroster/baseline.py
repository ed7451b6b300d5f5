"""What did earlier imports of this school say?

Folded from the facts in ``import/...``. A file that lists only changes, or leaves a file out,
is read on top of this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from dziennik.contracts.facts import Fact
from dziennik.contracts.imports import ImportApplied, SourceRow, SourceRows, SourceRowsKept
from dziennik.imports.oneroster.rows import KEPT, Kept, OrgRow

PREFIX = "import/"
FORMAT = "oneroster"

# Rows to a fact: large enough to be few, small enough to read in pieces.
ROWS_TO_A_FACT = 500

K = TypeVar("K", bound=Kept)

Tables = dict[str, dict[str, Kept]]


@dataclass(slots=True)
class Baseline:
    """The kept rows by table and id, and every unit an import spoke of."""

    tables: Tables = field(default_factory=lambda: {name: {} for name in KEPT})
    units: set[str] = field(default_factory=set)

    def org(self) -> OrgRow | None:
        """The school as the earlier imports knew it."""
        return next((row for row in self.tables["orgs"].values() if isinstance(row, OrgRow)), None)

    def knows(self, table: str, row_id: str) -> bool:
        """Demographics and results are not kept; nothing refers to them."""
        return row_id in self.tables.get(table, {})


def fold_baseline(facts: Iterable[Fact]) -> Baseline:
    """The latest word of all imports, in the order of their facts."""
    baseline = Baseline()
    for fact in facts:
        if isinstance(fact, ImportApplied):
            baseline.units.update(fact.units)
        elif isinstance(fact, SourceRowsKept):
            _take(baseline.tables[fact.rows.table], fact.rows)
    return baseline


def _take(table: dict[str, Kept], rows: SourceRows) -> None:
    kind = KEPT[rows.table]
    for row in rows.kept:
        table[row.row_id] = msgspec.json.decode(row.content, type=kind)
    for row_id in rows.dropped:
        table.pop(row_id, None)


def news(before: Tables, now: Tables) -> tuple[SourceRows, ...]:
    """What is to be kept so that the next import finds `now`; empty when nothing differs."""
    found: list[SourceRows] = []
    for name in KEPT:
        old, new = before[name], now[name]
        kept = [
            SourceRow(row_id=row_id, content=msgspec.json.encode(row).decode())
            for row_id, row in sorted(new.items())
            if old.get(row_id) != row
        ]
        dropped = sorted(old.keys() - new.keys())
        for start in range(0, max(len(kept), len(dropped)), ROWS_TO_A_FACT):
            piece = slice(start, start + ROWS_TO_A_FACT)
            found.append(SourceRows(table=name, kept=tuple(kept[piece]), dropped=tuple(dropped[piece])))
    return tuple(found)
