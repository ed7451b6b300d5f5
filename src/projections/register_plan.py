"""Which hours does the plan have? Handlers of what it follows from (see register_hours).

Whatever comes in changes the plan of some days of some units; those are reckoned anew, from all that is
known, so that the order in which facts of several streams arrive does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import calendar, classes, registers, school
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.domain.policies.day_plan import (
    ChangedDay,
    ChangeKind,
    ExpectedLesson,
    FreeDays,
    LessonChange,
    Taught,
    plan_of_day,
)
from dziennik.projections.dated import there
from dziennik.projections.register_rows import (
    REGISTER_HOURS,
    Hour,
    UnitDays,
    Weekly,
    YearDays,
    put,
    settled,
    unit_of_days,
)
from dziennik.projections.rows import Rows, Span

on = REGISTER_HOURS.on
_Change = calendar.LessonCalledOff | calendar.LessonMoved | calendar.LessonAdded | calendar.RoomChanged


# The school


@on(school.SchoolYearOpened)
def school_year_opened(rows: Rows, fact: school.SchoolYearOpened, _: Recorded) -> None:
    _year(rows, replace(_known(rows, fact.year_id), starts=fact.starts, ends=fact.ends))


@on(school.TermsSet)
def terms_set(rows: Rows, fact: school.TermsSet, _: Recorded) -> None:
    _year(rows, replace(_known(rows, fact.year_id), terms=fact.terms))


@on(school.LessonPeriodsSet)
def lesson_periods_set(rows: Rows, fact: school.LessonPeriodsSet, _: Recorded) -> None:
    _year(rows, replace(_known(rows, fact.year_id), periods=fact.periods))


@on(calendar.FreeDaysDeclared)
def free_days_declared(rows: Rows, fact: calendar.FreeDaysDeclared, _: Recorded) -> None:
    year = _known(rows, fact.year_id)
    free = FreeDays(free_id=fact.free_id, name=fact.name, starts=fact.starts, ends=fact.ends)
    _year(rows, replace(year, free=(*year.free, free)), Span(fact.starts, fact.ends))


@on(calendar.FreeDaysWithdrawn)
def free_days_withdrawn(rows: Rows, fact: calendar.FreeDaysWithdrawn, _: Recorded) -> None:
    year = _known(rows, fact.year_id)
    gone = there(next((free for free in year.free if free.free_id == fact.free_id), None), fact.free_id)
    left = tuple([free for free in year.free if free is not gone])
    _year(rows, replace(year, free=left), Span(gone.starts, gone.ends))


@on(calendar.DayChanged)
def day_changed(rows: Rows, fact: calendar.DayChanged, _: Recorded) -> None:
    changed = ChangedDay(on=fact.on, reason=fact.reason, runs_as=fact.runs_as, periods=fact.periods)
    _day(rows, fact.year_id, fact.on, (changed,))


@on(calendar.DayRestored)
def day_restored(rows: Rows, fact: calendar.DayRestored, _: Recorded) -> None:
    _day(rows, fact.year_id, fact.on, ())


def _day(rows: Rows, year_id: str, day: date, now: tuple[ChangedDay, ...]) -> None:
    year = _known(rows, year_id)
    others = [changed for changed in year.changed if changed.on != day]
    _year(rows, replace(year, changed=(*others, *now)), Span(day, day))


def _known(rows: Rows, year_id: str) -> YearDays:
    return rows.get(YearDays, year_id) or YearDays(year_id)


def _year(rows: Rows, year: YearDays, days: Span | None = None) -> None:
    """Keep the year, and reckon those days of all its units anew; None: all days."""
    rows.put(year)
    for unit in rows.find(UnitDays, year_id=year.year_id):
        _reckon(rows, unit, days or Span())


# Classes


@on(classes.ClassOpened)
def class_opened(rows: Rows, fact: classes.ClassOpened, _: Recorded) -> None:
    _opened(rows, fact.class_id, fact.year_id)


@on(classes.InterclassGroupFormed)
def interclass_group_formed(rows: Rows, fact: classes.InterclassGroupFormed, _: Recorded) -> None:
    _opened(rows, fact.group_id, fact.year_id)


@on(registers.RegisterOpened)
def register_opened(rows: Rows, fact: registers.RegisterOpened, _: Recorded) -> None:
    """A restricted register has no year here: what it lacks is its keepers' business alone."""
    if fact.kind not in registers.RESTRICTED:
        _opened(rows, fact.unit_id, fact.year_id)


def _opened(rows: Rows, unit_id: str, year_id: str) -> None:
    unit = replace(unit_of_days(rows, unit_id), year_id=year_id)
    # Usually none; there are some when this fact was parked and is replayed late.
    for hour in rows.find(Hour, unit_id=unit_id):
        rows.put(replace(hour, year_id=year_id))
    _changed(rows, unit, Span())


@on(classes.TeachingAssigned)
def teaching_assigned(rows: Rows, fact: classes.TeachingAssigned, _: Recorded) -> None:
    taught = Taught(
        assignment_id=fact.assignment_id,
        subject_id=fact.subject_id,
        teacher_id=fact.teacher_id,
        since=fact.since,
        group_id=fact.group_id,
    )
    _teaches(rows, unit_of_days(rows, fact.unit_id), taught)


@on(classes.TeachingEnded)
def teaching_ended(rows: Rows, fact: classes.TeachingEnded, recorded: Recorded) -> None:
    unit = unit_of_days(rows, unit_of(recorded.stream) or "")
    taught = there(unit.hours().taught.get(fact.assignment_id), fact.assignment_id)
    _teaches(rows, unit, replace(taught, until=fact.until))


def _teaches(rows: Rows, unit: UnitDays, taught: Taught) -> None:
    others = [each for each in unit.taught if each.assignment_id != taught.assignment_id]
    _changed(rows, replace(unit, taught=(*others, taught)), Span(taught.since))


@on(classes.TimetableSet)
def timetable_set(rows: Rows, fact: classes.TimetableSet, _: Recorded) -> None:
    unit = unit_of_days(rows, fact.unit_id)
    others = [each for each in unit.timetables if each.valid_from != fact.valid_from]
    later = min((each.valid_from for each in others if each.valid_from > fact.valid_from), default=None)
    days = Span(fact.valid_from, later - timedelta(days=1) if later else None)
    _changed(rows, replace(unit, timetables=(*others, Weekly(fact.valid_from, fact.slots))), days)


@on(calendar.LessonCalledOff)
def lesson_called_off(rows: Rows, fact: calendar.LessonCalledOff, _: Recorded) -> None:
    _changes(rows, fact, ChangeKind.CALLED_OFF)


@on(calendar.LessonMoved)
def lesson_moved(rows: Rows, fact: calendar.LessonMoved, _: Recorded) -> None:
    _changes(rows, fact, ChangeKind.MOVED)


@on(calendar.LessonAdded)
def lesson_added(rows: Rows, fact: calendar.LessonAdded, _: Recorded) -> None:
    _changes(rows, fact, ChangeKind.ADDED)


@on(calendar.RoomChanged)
def room_changed(rows: Rows, fact: calendar.RoomChanged, _: Recorded) -> None:
    _changes(rows, fact, ChangeKind.ROOM)


@on(calendar.LessonChangeWithdrawn)
def lesson_change_withdrawn(rows: Rows, fact: calendar.LessonChangeWithdrawn, _: Recorded) -> None:
    unit = unit_of_days(rows, fact.unit_id)
    gone = [change for change in unit.changes if change.change_id == fact.change_id]
    left = tuple([change for change in unit.changes if change.change_id != fact.change_id])
    _unit_changes(rows, unit, left, touched=gone)


def _changes(rows: Rows, fact: _Change, kind: ChangeKind) -> None:
    change = LessonChange(
        change_id=fact.change_id,
        kind=kind,
        assignment_id=fact.assignment_id,
        on=fact.on,
        period=fact.period,
        to_on=getattr(fact, "to_on", None),
        to_period=getattr(fact, "to_period", None),
        room=getattr(fact, "room", None),
        reason=fact.reason,
    )
    unit = unit_of_days(rows, fact.unit_id)
    _unit_changes(rows, unit, (*unit.changes, change), touched=[change])


def _unit_changes(
    rows: Rows, unit: UnitDays, changes: tuple[LessonChange, ...], touched: Iterable[LessonChange]
) -> None:
    """A change may tell where a lesson came from that was moved on: all days of its assignment's changes."""
    assigned = {change.assignment_id for change in touched}
    every = [*touched, *[change for change in changes if change.assignment_id in assigned]]
    days = {day for change in every for day in (change.on, change.to_on) if day is not None}
    unit = replace(unit, changes=changes)
    rows.put(unit)
    for day in sorted(days):
        _reckon(rows, unit, Span(day, day))


def _changed(rows: Rows, unit: UnitDays, days: Span) -> None:
    """Keep the unit, and reckon those days anew."""
    rows.put(unit)
    _reckon(rows, unit, days)


def _reckon(rows: Rows, unit: UnitDays, days: Span) -> None:
    """What the plan has on those days, as far as they lie in the year."""
    year = rows.get(YearDays, unit.year_id)
    school_days = year.days() if year else None
    if school_days is None:
        return
    first = max(days.first or school_days.starts, school_days.starts)
    last = min(days.last or school_days.ends, school_days.ends)
    standing = {hour.lesson_id: hour for hour in rows.find(Hour, unit_id=unit.unit_id, on=Span(first, last))}
    hours = unit.hours()
    blank = not hours.timetables and not hours.changes
    for day in () if blank else days_between(first, last):
        for lesson in plan_of_day(day, school_days, hours).expected:
            hour = standing.pop(lesson.lesson_id, None)
            planned = _planned(hour or _blank(unit, lesson), lesson)
            if planned != hour:
                rows.put(planned)
    for hour in standing.values():
        _unplanned(rows, hour)


def _unplanned(rows: Rows, hour: Hour) -> None:
    """The plan has the hour no more; what was entered stays."""
    if not hour.entered:
        rows.delete(Hour, hour.unit_id, hour.lesson_id)
    elif hour.expected:
        said = hour.subject_id if hour.held_by or hour.cancelled else None
        put(rows, replace(hour, expected=False, planned_teacher=None, room=None, subject_id=said))


def days_between(first: date, last: date) -> Iterable[date]:
    """All days from `first` to `last`; none when that is before."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _blank(unit: UnitDays, lesson: ExpectedLesson) -> Hour:
    place = (unit.unit_id, lesson.lesson_id, unit.year_id, lesson.on, lesson.period, lesson.assignment_id)
    return Hour(*place, subject_id=lesson.subject_id)


def _planned(hour: Hour, lesson: ExpectedLesson) -> Hour:
    hour = replace(hour, expected=True, planned_teacher=lesson.teacher_id, room=lesson.room)
    said = hour.held_by is not None or hour.cancelled
    return settled(hour if said else replace(hour, subject_id=lesson.subject_id))
