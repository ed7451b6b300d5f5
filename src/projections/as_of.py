"""What did a read model say at an earlier moment?

The same handlers folded in memory over the facts up to a position ("the gradebook on 12 March at 10:15":
Journal.position_at gives the position). The answer is a View: every query runs on it as it runs on tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from dziennik.projections.model import ReadModel
from dziennik.projections.rows import MemoryRows
from dziennik.projections.source import Item, Source


def as_of(
    journal: Source, models: Sequence[ReadModel], position: int, *, prefixes: Iterable[str] = ("",)
) -> MemoryRows:
    """The models as they were after the fact at `position`.

    `prefixes` narrow it to streams below them, e.g. ("school", "year/{class}/"): the gradebook of a class
    needs no other's. Raises UndecodableFact and HandlerFault.
    """
    facts: list[Item] = []
    for prefix in dict.fromkeys(prefixes):
        if prefix:
            facts += journal.scan(prefix, until_position=position)
        else:
            facts += _all(journal, position)
    facts.sort(key=attrgetter("position"))
    rows = MemoryRows()
    for model in models:
        model.fold(rows, facts)
        model.settle(rows)
    return rows


def _all(journal: Source, until: int) -> Iterable[Item]:
    position = 0
    while position < until and (facts := journal.follow(position, min(5000, until - position))):
        yield from facts
        position = facts[-1].position
