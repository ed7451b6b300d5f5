"""In which class is a pupil, and may they be enrolled in another one? One class at a time (ADR 0082)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dziennik.contracts import movement as said
from dziennik.contracts.refusals import Refusal
from dziennik.domain.units import Enrolment, Unit, unit
from dziennik.domain.world import World


def units_of_year(world: World, year_id: str) -> list[Unit]:
    """All classes, interclass groups and other registers of a year, by id."""
    return world.many([unit(unit_id) for unit_id in world.units(year_id)])


def _places(world: World, year_id: str, pupil_id: str) -> Iterator[tuple[Unit, Enrolment]]:
    for state in units_of_year(world, year_id):
        yield from ((state, each) for each in state.enrolments if each.pupil_id == pupil_id)


def place_of(world: World, year_id: str, pupil_id: str, day: date) -> tuple[Unit, Enrolment] | None:
    """The pupil's class on that day."""
    return next((place for place in _places(world, year_id, pupil_id) if place[1].covers(day)), None)


def fault_in_place(world: World, state: Unit, pupil_id: str, since: date, field: str) -> Refusal | None:
    """From `since` on the pupil must be in no other class of that year."""
    for other, each in _places(world, state.year_id, pupil_id):
        if other.unit_id != state.unit_id and (each.until is None or each.until >= since):
            return said.ENROLLED_ELSEWHERE(pupil=pupil_id, unit=other.name, since=each.since, field=field)
    return None
