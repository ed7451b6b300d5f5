"""In which class is a pupil, and may they be enrolled in another one? One class at a time (ADR 0082)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dziennik.contracts import movement as said
from dziennik.contracts import streams
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import RegisterKind
from dziennik.domain.units import Enrolment, Unit, unit
from dziennik.domain.world import Entry, World


def units_of_year(world: World, year_id: str) -> list[Unit]:
    """All classes, interclass groups and other registers of a year, by id."""
    return world.many([unit(unit_id) for unit_id in world.units(year_id)])


def _places(world: World, year_id: str, pupil_id: str) -> Iterator[tuple[Unit, Enrolment]]:
    for state in units_of_year(world, year_id):
        yield from ((state, each) for each in state.enrolments if each.pupil_id == pupil_id)


def place_of(world: World, year_id: str, pupil_id: str, day: date) -> tuple[Unit, Enrolment] | None:
    """The pupil's class on that day."""
    return next((place for place in _places(world, year_id, pupil_id) if place[1].covers(day)), None)


def taught_individually(world: World, year_id: str, pupil_id: str, day: date) -> list[str]:
    """The registers of individual teaching in which the pupil takes part on that day and after it."""
    return [
        state.unit_id
        for state in units_of_year(world, year_id)
        if state.kind is RegisterKind.INDIVIDUAL_TEACHING
        for member in state.groups[state.unit_id].members
        if member.pupil_id == pupil_id and member.since <= day and member.until is None
    ]


def begins_apart(world: World, state: Unit, pupil_id: str, since: date) -> list[Entry]:
    """What a class learns of a pupil who comes while being taught individually."""
    return [
        Entry(
            streams.unit(state.unit_id),
            said.PupilTaughtApart(class_id=state.unit_id, pupil_id=pupil_id, unit_id=unit_id, since=since),
        )
        for unit_id in taught_individually(world, state.year_id, pupil_id, since)
    ]


def ends_apart(state: Unit, pupil_id: str, until: date, unit_id: str | None = None) -> list[Entry]:
    """What a class learns when a pupil's individual teaching is over: that of `unit_id`, or all."""
    return [
        Entry(
            streams.unit(state.unit_id),
            said.TeachingApartEnded(
                class_id=state.unit_id,
                pupil_id=pupil_id,
                unit_id=each.unit_id,
                until=max(until, each.since),
            ),
        )
        for each in state.apart
        if each.pupil_id == pupil_id and each.until is None and unit_id in (None, each.unit_id)
    ]


def fault_in_place(world: World, state: Unit, pupil_id: str, since: date, field: str) -> Refusal | None:
    """From `since` on the pupil must be in no other class of that year."""
    for other, each in _places(world, state.year_id, pupil_id):
        if other.unit_id != state.unit_id and (each.until is None or each.until >= since):
            return said.ENROLLED_ELSEWHERE(pupil=pupil_id, unit=other.name, since=each.since, field=field)
    return None
