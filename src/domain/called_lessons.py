"""At which lessons was the roll of a class's pupils called?

Lessons are found without an index: their ids are made of day, hour and assignment, so all that can have been
held are asked for in one question. Nothing can be held meanwhile unnoticed: a lesson that is not there yet
is consulted as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from dziennik.contracts import attendance as roll
from dziennik.contracts import streams
from dziennik.contracts.absences import AbsenceScope
from dziennik.contracts.lessons import LessonHeld, LessonRef, lesson_id
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.absence_checks import type_of_kind
from dziennik.domain.absence_state import absences
from dziennik.domain.lessons import Lesson, Mark, lesson
from dziennik.domain.school import Year
from dziennik.domain.units import unit
from dziennik.domain.world import Entry, World

# What an accepted excuse makes of a mark.
EXCUSED = {
    AttendanceKind.ABSENT: AttendanceKind.ABSENT_EXCUSED,
    AttendanceKind.LATE: AttendanceKind.LATE_EXCUSED,
}


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson that stands and whose roll was called."""

    held: LessonHeld
    state: Lesson

    @property
    def ref(self) -> LessonRef:
        return LessonRef(unit_id=self.held.unit_id, lesson_id=self.held.lesson_id)

    def was_asked(self, pupil_id: str) -> bool:
        return pupil_id in (self.state.asked or ())


def called_lessons(world: World, class_id: str, days: Iterable[date], periods: Iterable[int]) -> list[Called]:
    """Lessons of the class, and of interclass groups in which its pupils were asked, by day and hour."""
    unit_ids = [class_id, *sorted(world[absences(class_id)].groups)]
    units, hours = world.many([unit(unit_id) for unit_id in unit_ids]), sorted(set(periods))
    places = [
        lesson(state.unit_id, lesson_id(day, period, assignment_id))
        for day in days
        for period in hours
        for state in units
        for assignment_id in state.assignments
    ]
    return [
        Called(held=state.held, state=state)
        for state in world.many(places)
        if state.held is not None and state.cancelled is None and state.asked is not None
    ]


def called_in(world: World, class_id: str, year: Year, scope: AbsenceScope, today: date) -> list[Called]:
    """Those within a scope; none after today."""
    last = min(scope.ends, today)
    days = [scope.starts + timedelta(days=number) for number in range((last - scope.starts).days + 1)]
    periods = scope.periods or tuple([period.number for period in year.periods])
    return called_lessons(world, class_id, days, periods)


def corrections(
    called: Sequence[Called],
    pupils: Iterable[str],
    year: Year,
    become: dict[AttendanceKind, AttendanceKind],
    reason: str,
) -> list[Entry]:
    """The marks of these kinds put right at these lessons, each in its lesson's stream."""
    found = []
    chosen = tuple(pupils)
    for each in called:
        for pupil_id in chosen:
            mark = each.state.marks.get(pupil_id)
            fact = put_right(each.held.lesson_id, pupil_id, mark, year, become, reason) if mark else None
            if fact:
                found.append(Entry(streams.lesson(each.held.unit_id, each.held.lesson_id), fact))
    return found


def put_right(
    lesson_id: str,
    pupil_id: str,
    mark: Mark,
    year: Year,
    become: dict[AttendanceKind, AttendanceKind],
    reason: str,
) -> roll.AttendanceCorrected | None:
    """The mark as another kind; None when it stays, also because the school has no type for it."""
    type_id, kind, minutes = mark
    wanted = type_of_kind(year, become[kind]) if kind in become else None
    if wanted is None:
        return None
    late = wanted.kind is AttendanceKind.LATE_EXCUSED
    return roll.AttendanceCorrected(
        lesson_id=lesson_id,
        pupil_id=pupil_id,
        was_type_id=type_id,
        was_kind=kind,
        type_id=wanted.type_id,
        kind=wanted.kind,
        reason=reason,
        minutes=minutes if late else None,
    )
