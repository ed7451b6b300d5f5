"""What did a read model say at an earlier moment?

The same handlers folded in memory over the facts up to a position ("the gradebook on 12 March at 10:15":
Journal.position_at gives the position). The answer is a View: every query runs on it as it runs on tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from dziennik.contracts import streams
from dziennik.contracts.facts import Fact
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
    return folded(models, facts)


def folded(models: Sequence[ReadModel], facts: list[Item]) -> MemoryRows:
    """The models over these facts, in whatever order and however often they come."""
    in_order = sorted({item.position: item for item in facts}.values(), key=attrgetter("position"))
    rows = MemoryRows()
    for model in models:
        model.fold(rows, in_order)
        model.settle(rows)
    return rows


def as_of_units(
    journal: Source,
    models: Sequence[ReadModel],
    position: int,
    units: Mapping[str, Sequence[str]],
    people: Iterable[str] = (),
    others: Iterable[str] = (),
) -> MemoryRows:
    """The same for classes and groups: of each unit the register, and streams below some parts ("grades/").

    With the school's own stream, and the streams of `people` and of everybody who is named in the units'
    registers (pupils, teachers); and streams below `others`.
    """
    facts: list[Item] = list(journal.scan(streams.SCHOOL, until_position=position))
    for prefix in others:
        facts += journal.scan(prefix, until_position=position)
    known = dict.fromkeys(people)
    for unit, parts in units.items():
        for recorded in journal.scan(streams.unit(unit), until_position=position):
            facts.append(recorded)
            known |= dict.fromkeys(_people_of(recorded.fact))
        for part in parts:
            facts += journal.scan(f"{streams.class_year(unit)}{part}", until_position=position)
    for person_id in known:
        facts += journal.scan(streams.person(person_id), until_position=position)
    return folded(models, facts)


def _people_of(fact: Fact) -> list[str]:
    """Who is named in a fact of a unit's register."""
    found = (getattr(fact, field, None) for field in ("pupil_id", "teacher_id"))
    return [person_id for person_id in found if person_id]


def _all(journal: Source, until: int) -> Iterable[Item]:
    position = 0
    while position < until and (facts := journal.follow(position, min(5000, until - position))):
        yield from facts
        position = facts[-1].position
