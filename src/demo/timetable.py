"""When is each lesson of the week? No class and no teacher is in two places at once."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from dziennik.contracts.values import TimetableSlot
from dziennik.demo.structure import Assignment, Block, Year

WEEKDAYS, PERIODS, ATTEMPTS = 5, 10, 40

Hours = dict[str, list[tuple[int, int]]]  # assignment id: (weekday 1-5, period)


class NoTimetable(RuntimeError):
    """The hours do not fit the week: too few teachers for the classes."""


@dataclass(slots=True)
class _Week:
    """What is taken already: (who, weekday, period)."""

    taken: set[tuple[str, int, int]]
    daily: dict[tuple[str, int], int]
    taught: set[tuple[str, int, str]]


def timetable_of(year: Year, rng: Random) -> Hours:
    """Weekly hours of every assignment. Raises NoTimetable."""
    for _ in range(ATTEMPTS):
        hours = _attempt(year.blocks, rng)
        if hours is not None:
            return hours
    raise NoTimetable(year.name)


def _attempt(blocks: list[Block], rng: Random) -> Hours | None:
    """Blocks that bind most people first, otherwise in random order; None when one does not fit."""
    ordered = sorted(blocks, key=lambda block: (-len(block.assignments), -block.hours, rng.random()))
    week = _Week(set(), {}, set())
    hours: Hours = {a.assignment_id: [] for block in blocks for a in block.assignments}
    for block in ordered:
        for _ in range(block.hours):
            place = _best(block, week, rng)
            if place is None:
                return None
            for assignment in block.assignments:
                hours[assignment.assignment_id].append(place)
    return {assignment_id: sorted(places) for assignment_id, places in hours.items()}


def _best(block: Block, week: _Week, rng: Random) -> tuple[int, int] | None:
    """The earliest hour that is free for all, on the emptiest day without this subject."""
    subject = block.assignments[0].subject.key
    who = [*block.class_ids, *(a.teacher.person.person_id for a in block.assignments)]
    found: list[tuple[bool, int, float, int, int]] = []
    for weekday in range(1, WEEKDAYS + 1):
        again = any((class_id, weekday, subject) in week.taught for class_id in block.class_ids)
        load = max(week.daily.get((class_id, weekday), 0) for class_id in block.class_ids)
        for period in range(1, PERIODS + 1):
            if not any((one, weekday, period) in week.taken for one in who):
                found.append((again, max(load, period), rng.random(), weekday, period))
                break
    if not found:
        return None
    *_, weekday, period = min(found)
    week.taken.update((one, weekday, period) for one in who)
    for class_id in block.class_ids:
        week.daily[class_id, weekday] = max(week.daily.get((class_id, weekday), 0), period)
        week.taught.add((class_id, weekday, subject))
    return weekday, period


def swapped(hours: Hours) -> Hours:
    """The second timetable of a year: Tuesday and Thursday change places."""
    other = {2: 4, 4: 2}
    return {
        assignment_id: sorted((other.get(weekday, weekday), period) for weekday, period in places)
        for assignment_id, places in hours.items()
    }


def slots_of(unit_id: str, assignments: list[Assignment], hours: Hours) -> tuple[TimetableSlot, ...]:
    """One unit's timetable by weekday and period."""
    rows = [
        (weekday, period, a.assignment_id, _room(a))
        for a in assignments
        if a.unit_id == unit_id
        for weekday, period in hours[a.assignment_id]
    ]
    return tuple(
        TimetableSlot(weekday=weekday, period=period, assignment_id=assignment_id, room=room)
        for weekday, period, assignment_id, room in sorted(rows)
    )


def _room(assignment: Assignment) -> str:
    if assignment.subject.key == "wf":
        return "hala"
    return assignment.teacher.room
