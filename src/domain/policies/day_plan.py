"""Which lessons are expected on a day, and why are others not?

`plan_of_day` puts together the timetable in force, free and changed days, changes of single lessons,
cancellations and arranged substitutions. Whoever needs planned lessons asks here: gap reports, feeds,
"planned lessons", and the rules that move them. It takes states of decisions and rows of read models alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from dziennik.contracts.lessons import lesson_id
from dziennik.contracts.values import LessonPeriod, Term, TimetableSlot


class ChangeKind(StrEnum):
    """What was decided about a single lesson."""

    CALLED_OFF = "called_off"
    MOVED = "moved"
    ADDED = "added"
    ROOM = "room"


class WhyNot(StrEnum):
    """Why a lesson is not expected though a timetable or a change names it."""

    FREE_DAY = "free_day"
    CALLED_OFF = "called_off"
    MOVED_AWAY = "moved_away"
    CANCELLED = "cancelled"
    NOT_TAUGHT = "not_taught"
    NO_SUCH_HOUR = "no_such_hour"


class LessonNote(StrEnum):
    """What is unusual about an expected lesson."""

    MOVED_HERE = "moved_here"
    ADDED = "added"
    ROOM = "room"
    SUBSTITUTION = "substitution"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what this file speaks of."""


class LessonChange(_Part, frozen=True, kw_only=True):
    """A standing change of one lesson; `to_...` of moved ones only."""

    change_id: str
    kind: ChangeKind
    assignment_id: str
    on: date
    period: int
    to_on: date | None = None
    to_period: int | None = None
    room: str | None = None
    reason: str | None = None


class FreeDays(_Part, frozen=True, kw_only=True):
    """Days without school, both ends included."""

    free_id: str
    name: str
    starts: date
    ends: date


class ChangedDay(_Part, frozen=True, kw_only=True):
    """A day that runs as another weekday, or with other bells. None: as usual."""

    on: date
    reason: str
    runs_as: int | None = None
    periods: tuple[LessonPeriod, ...] | None = None


class Taught(_Part, frozen=True, kw_only=True):
    """A teaching assignment with its days; `until` None: open."""

    assignment_id: str
    subject_id: str
    teacher_id: str
    since: date
    until: date | None = None
    group_id: str | None = None


class Substitute(_Part, frozen=True, kw_only=True):
    """Who takes a lesson instead of its teacher."""

    teacher_id: str
    reason: str | None = None


class SchoolDays(_Part, frozen=True, kw_only=True):
    """What holds for the whole school in one year. Without `terms` every day of the year is in one."""

    starts: date
    ends: date
    terms: tuple[Term, ...] = ()
    periods: tuple[LessonPeriod, ...] = ()
    free: tuple[FreeDays, ...] = ()
    changed: Mapping[date, ChangedDay] = {}

    def is_kept(self, day: date) -> bool:
        """Whether the day lies in the year, and in a term of it."""
        in_term = not self.terms or any(term.starts <= day <= term.ends for term in self.terms)
        return self.starts <= day <= self.ends and in_term

    def free_on(self, day: date) -> FreeDays | None:
        """The free days that the day belongs to; of several those declared first."""
        return next((span for span in self.free if span.starts <= day <= span.ends), None)

    def bells(self, day: date) -> dict[int, LessonPeriod]:
        """The day's lesson hours by number."""
        changed = self.changed.get(day)
        shortened = changed.periods if changed else None
        return {period.number: period for period in (self.periods if shortened is None else shortened)}


class UnitHours(_Part, frozen=True, kw_only=True):
    """What holds for one class or interclass group: `changes` in the order they were made, withdrawn ones
    left out; substitutes and cancellations (with their reasons) by lesson id."""

    unit_id: str
    timetables: Mapping[date, tuple[TimetableSlot, ...]] = {}
    taught: Mapping[str, Taught] = {}
    changes: tuple[LessonChange, ...] = ()
    substitutes: Mapping[str, Substitute] = {}
    cancelled: Mapping[str, str] = {}


class Note(_Part, frozen=True, kw_only=True):
    """Something unusual, with what was said about it."""

    kind: LessonNote
    text: str | None = None


class ExpectedLesson(_Part, frozen=True, kw_only=True):
    """A lesson that is to be held. `first_on`, `first_period`: where it stood before it was moved."""

    unit_id: str
    lesson_id: str
    on: date
    period: int
    starts: str
    ends: str
    assignment_id: str
    subject_id: str
    teacher_id: str
    group_id: str | None
    instead_of: str | None
    room: str | None
    first_on: date
    first_period: int
    notes: tuple[Note, ...] = ()


class LeftOut(_Part, frozen=True, kw_only=True):
    """A lesson that is not to be held that day and hour. `to_...`: where it was moved."""

    unit_id: str
    on: date
    period: int
    assignment_id: str
    why: WhyNot
    subject_id: str | None = None
    group_id: str | None = None
    text: str | None = None
    to_on: date | None = None
    to_period: int | None = None


class DayPlan(_Part, frozen=True, kw_only=True):
    """A day, explained: what it runs as, which timetable that is, what is expected and what is not.

    `kept` False: the day is in no term of the year, so no timetable holds.
    """

    on: date
    kept: bool
    weekday: int
    timetable_from: date | None = None
    free: FreeDays | None = None
    changed: ChangedDay | None = None
    expected: tuple[ExpectedLesson, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def lesson(self, assignment_id: str, period: int) -> ExpectedLesson | None:
        """The expected lesson of an assignment in an hour."""
        found = (e for e in self.expected if (e.assignment_id, e.period) == (assignment_id, period))
        return next(found, None)


class _Spot(_Part, frozen=True, kw_only=True):
    """A lesson on its way through the changes."""

    room: str | None
    first: tuple[date, int]
    notes: tuple[Note, ...] = ()


_Place = tuple[int, str]  # (hour, assignment)


def plan_of_day(day: date, school: SchoolDays, unit: UnitHours) -> DayPlan:
    """The plan of one day for one class or interclass group."""
    changed = school.changed.get(day)
    weekday = (changed.runs_as if changed else None) or day.isoweekday()
    plan = DayPlan(on=day, kept=school.is_kept(day), weekday=weekday, changed=changed)
    plan = replace(plan, free=school.free_on(day))
    if not plan.kept:
        return plan
    since = max((start for start in unit.timetables if start <= day), default=None)
    slots = unit.timetables[since] if since else ()
    spots = {
        (slot.period, slot.assignment_id): _Spot(room=slot.room, first=(day, slot.period))
        for slot in slots
        if slot.weekday == weekday
    }
    spots, gone = _changed(day, spots, unit)
    expected, left = _sorted_out(plan, spots, school, unit)
    return replace(
        plan,
        timetable_from=since,
        expected=tuple(sorted(expected, key=lambda lesson: (lesson.period, lesson.assignment_id))),
        left_out=tuple(sorted([*gone, *left], key=lambda lesson: (lesson.period, lesson.assignment_id))),
    )


def plans(days: Iterable[date], school: SchoolDays, unit: UnitHours) -> list[DayPlan]:
    """The plans of several days."""
    return [plan_of_day(day, school, unit) for day in days]


def _changed(
    day: date, spots: dict[_Place, _Spot], unit: UnitHours
) -> tuple[dict[_Place, _Spot], list[LeftOut]]:
    """The day's lessons after all changes that touch it, and those that they took away."""
    gone: list[LeftOut] = []
    for number, change in enumerate(unit.changes):
        here = (change.period, change.assignment_id)
        there = (change.to_period or 0, change.assignment_id)
        if change.kind is ChangeKind.ADDED and change.on == day:
            note = Note(kind=LessonNote.ADDED, text=change.reason)
            spots[here] = _Spot(room=change.room, first=(day, change.period), notes=(note,))
        elif change.kind is ChangeKind.ROOM and change.on == day and here in spots:
            spot = spots[here]
            note = Note(kind=LessonNote.ROOM, text=change.reason)
            spots[here] = replace(spot, room=change.room, notes=(*spot.notes, note))
        elif change.kind is ChangeKind.CALLED_OFF and change.on == day and here in spots:
            del spots[here]
            gone.append(_gone(unit, change, WhyNot.CALLED_OFF))
        elif change.kind is ChangeKind.MOVED:
            left = spots.pop(here, None) if change.on == day else None
            if left:
                gone.append(_gone(unit, change, WhyNot.MOVED_AWAY))
            if change.to_on == day and (left or change.on != day):
                spots[there] = _arrived(left, change, unit, number)
    return spots, gone


def _arrived(left: _Spot | None, change: LessonChange, unit: UnitHours, number: int) -> _Spot:
    """The lesson where it was moved to. One from another day keeps the room it had, if known."""
    first = left.first if left else _first(unit.changes[:number], change)
    note = Note(kind=LessonNote.MOVED_HERE, text=change.reason)
    room = change.room or (left.room if left else _room(unit, change, number))
    return _Spot(room=room, first=first, notes=(*(left.notes if left else ()), note))


def _first(earlier: Sequence[LessonChange], change: LessonChange) -> tuple[date, int]:
    """Where a lesson stood before it was moved for the first time."""
    on, period = change.on, change.period
    for before in reversed(earlier):
        moved_here = (before.to_on, before.to_period, before.assignment_id)
        if before.kind is ChangeKind.MOVED and moved_here == (on, period, change.assignment_id):
            on, period = before.on, before.period
    return on, period


def _room(unit: UnitHours, change: LessonChange, number: int) -> str | None:
    """The room that a lesson from another day had: by the changes before, else by the timetable."""
    place = (change.on, change.period, change.assignment_id)
    for before in reversed(unit.changes[:number]):
        to = (before.to_on, before.to_period, before.assignment_id)
        if before.room and place in ((before.on, before.period, before.assignment_id), to):
            return before.room
    on, period = _first(unit.changes[:number], change)
    since = max((start for start in unit.timetables if start <= on), default=None)
    slots = unit.timetables[since] if since else ()
    at = [s for s in slots if (s.period, s.assignment_id) == (period, change.assignment_id)]
    same_day = [s.room for s in at if s.weekday == on.isoweekday()]
    return (same_day or [s.room for s in at] or [None])[0]


def _gone(unit: UnitHours, change: LessonChange, why: WhyNot) -> LeftOut:
    taught = unit.taught.get(change.assignment_id)
    return LeftOut(
        unit_id=unit.unit_id,
        on=change.on,
        period=change.period,
        assignment_id=change.assignment_id,
        why=why,
        subject_id=taught.subject_id if taught else None,
        group_id=taught.group_id if taught else None,
        text=change.reason,
        to_on=change.to_on,
        to_period=change.to_period,
    )


def _sorted_out(
    plan: DayPlan, spots: Mapping[_Place, _Spot], school: SchoolDays, unit: UnitHours
) -> tuple[list[ExpectedLesson], list[LeftOut]]:
    """Of the day's lessons those that can take place, and the others with the reason."""
    expected, left_out = [], []
    bells = school.bells(plan.on)
    for (period, assignment_id), spot in spots.items():
        taught = unit.taught.get(assignment_id)
        bell = bells.get(period)
        why, text = _why_not(plan, period, taught, bell, unit, assignment_id)
        if why is None and taught and bell:
            expected.append(_expected(plan.on, bell, taught, spot, unit))
            continue
        left_out.append(
            LeftOut(
                unit_id=unit.unit_id,
                on=plan.on,
                period=period,
                assignment_id=assignment_id,
                why=why or WhyNot.NOT_TAUGHT,
                subject_id=taught.subject_id if taught else None,
                group_id=taught.group_id if taught else None,
                text=text,
            )
        )
    return expected, left_out


def _why_not(
    plan: DayPlan,
    period: int,
    taught: Taught | None,
    bell: LessonPeriod | None,
    unit: UnitHours,
    assignment_id: str,
) -> tuple[WhyNot | None, str | None]:
    if plan.free:
        return WhyNot.FREE_DAY, plan.free.name
    if taught is None or plan.on < taught.since or (taught.until is not None and taught.until < plan.on):
        return WhyNot.NOT_TAUGHT, None
    if bell is None:
        return WhyNot.NO_SUCH_HOUR, plan.changed.reason if plan.changed else None
    reason = unit.cancelled.get(lesson_id(plan.on, period, assignment_id))
    return (None, None) if reason is None else (WhyNot.CANCELLED, reason)


def _expected(day: date, bell: LessonPeriod, taught: Taught, spot: _Spot, unit: UnitHours) -> ExpectedLesson:
    known_as = lesson_id(day, bell.number, taught.assignment_id)
    substitute = unit.substitutes.get(known_as)
    notes = spot.notes
    if substitute:
        notes = (*notes, Note(kind=LessonNote.SUBSTITUTION, text=substitute.reason))
    return ExpectedLesson(
        unit_id=unit.unit_id,
        lesson_id=known_as,
        on=day,
        period=bell.number,
        starts=bell.starts,
        ends=bell.ends,
        assignment_id=taught.assignment_id,
        subject_id=taught.subject_id,
        teacher_id=substitute.teacher_id if substitute else taught.teacher_id,
        group_id=taught.group_id,
        instead_of=taught.teacher_id if substitute else None,
        room=spot.room,
        first_on=spot.first[0],
        first_period=spot.first[1],
        notes=notes,
    )
