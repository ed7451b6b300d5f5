"""May a pupil have left a class on that day? Not when there are entries about the pupil of later days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum, auto

from msgspec.structs import replace

from dziennik.contracts import movement as said
from dziennik.contracts import streams
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import RESTRICTED
from dziennik.domain.gradebook import of_pupil
from dziennik.domain.lessons import Lesson, lesson
from dziennik.domain.placing import units_of_year
from dziennik.domain.school import SCHOOL
from dziennik.domain.units import Unit
from dziennik.domain.world import World

NAMED = 20  # entries that a refusal names one by one


def fault_in_leaving(world: World, state: Unit, pupil_id: str, until: date) -> Refusal | None:
    """Entries of the class about the pupil after `until`, each named: grades that stand, roll calls."""
    entries = [*_grades(world, state, pupil_id, until), *_lessons(world, state, pupil_id, until)]
    if not entries:
        return None
    refusals = [
        said.ENTRIES_AFTER(until=until, pupil=pupil_id, count=len(entries), entry=entry, field="until")
        for entry in entries[:NAMED]
    ]
    return replace(refusals[0], others=tuple(refusals[1:]))


def _grades(world: World, state: Unit, pupil_id: str, until: date) -> Iterator[str]:
    subjects = world[SCHOOL].subjects
    books = world.many([of_pupil(state.unit_id, subject, pupil_id) for subject in subjects])
    for (name, _), book in zip(subjects.values(), books, strict=True):
        for grade in book.grades.values():
            if not grade.struck_out and grade.fact.on > until:
                yield f"{grade.fact.on} {name}: {grade.value or grade.description or ''}"


def _lessons(world: World, state: Unit, pupil_id: str, until: date) -> Iterator[str]:
    """Lessons of the class and of groups that draw from it at which the pupil was asked."""
    groups = [one.unit_id for one in units_of_year(world, state.year_id) if state.unit_id in one.class_ids]
    for unit_id in (state.unit_id, *groups):
        first = streams.lesson(unit_id, str(until + timedelta(days=1)))
        names = world.names(first, streams.lesson(unit_id, ":"))  # ":" follows the digits of a day
        found: list[Lesson] = world.many([lesson(unit_id, name.rpartition("/")[2]) for name in names])
        for each in found:
            if each.held and each.cancelled is None and pupil_id in (each.asked or ()):
                yield f"{each.held.on} ({each.held.period}.)"


class End(Enum):
    """Which of a pupil's places end with the one in a class."""

    NOWHERE = auto()
    IN_CLASS = auto()  # groups of the class
    IN_REGISTERS = auto()  # other registers of the year
    EVERYWHERE = auto()  # both, and groups drawn from several classes

    def takes(self, home: Unit, owner: Unit) -> bool:
        """Whether places in this unit end; `home` is the class that is left.

        Restricted registers are left out: their keepers end that, and nobody else learns of it.
        """
        if owner.kind in RESTRICTED or self is End.NOWHERE:
            return False
        if self is End.IN_CLASS:
            return owner.unit_id == home.unit_id
        return self is End.EVERYWHERE or owner.kind is not None


def open_memberships(world: World, state: Unit, pupil_id: str, end: End) -> list[tuple[str, str, date]]:
    """(unit, group, since) of places that the pupil has not left, as far as they end now."""
    local = end in (End.NOWHERE, End.IN_CLASS)
    return [
        (each.unit_id, group_id, member.since)
        for each in ([state] if local else units_of_year(world, state.year_id))
        if end.takes(state, each)
        for group_id, group in each.groups.items()
        for member in group.members
        if member.pupil_id == pupil_id and member.until is None
    ]
