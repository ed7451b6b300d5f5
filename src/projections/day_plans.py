"""Which lessons does a class expect? Rows of several read models, put together by policies.day_plan.

For "planned lessons", gap reports and calendar feeds. Nothing is stored: the plan is reckoned when asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from dziennik.domain.policies import day_plan
from dziennik.domain.policies.day_plan import DayPlan, SchoolDays, Substitute, Taught, UnitHours
from dziennik.projections import calendar, lesson_journal, structure
from dziennik.projections.lesson_journal import LessonState
from dziennik.projections.rows import View


def plans_of_unit(view: View, unit_id: str, first: date, last: date) -> list[DayPlan]:
    """The plans of a class's or interclass group's days, in order; none for a unit that is not there."""
    unit = view.get(structure.Unit, unit_id)
    days = school_days(view, unit.year_id) if unit else None
    if days is None:
        return []
    return day_plan.plans(days_between(first, last), days, unit_hours(view, unit_id, first, last))


def units_of_class(view: View, class_id: str) -> list[str]:
    """The class, and the interclass groups that draw from it."""
    drawing = {group.unit_id for group in structure.groups(view, class_id)} - {class_id}
    return [class_id, *sorted(drawing)]


def school_days(view: View, year_id: str) -> SchoolDays | None:
    """What holds for the whole school in a year; None when there is no such year."""
    year = view.get(structure.Year, year_id)
    if year is None:
        return None
    return SchoolDays(
        starts=year.starts,
        ends=year.ends,
        terms=year.terms,
        periods=year.periods,
        free=tuple(
            [
                day_plan.FreeDays(free_id=free.free_id, name=free.name, starts=free.starts, ends=free.ends)
                for free in calendar.free_days(view, year_id)
            ]
        ),
        changed={
            day.on: day_plan.ChangedDay(
                on=day.on, reason=day.reason, runs_as=day.runs_as, periods=day.periods
            )
            for day in calendar.changed_days(view, year_id)
        },
    )


def unit_hours(view: View, unit_id: str, first: date, last: date) -> UnitHours:
    """What holds for a unit; substitutions and cancellations of the days from `first` to `last`."""
    lessons = lesson_journal.of_unit(view, unit_id, first, last)
    return UnitHours(
        unit_id=unit_id,
        timetables={row.valid_from: row.slots for row in view.find(structure.Timetable, unit_id=unit_id)},
        taught={row.assignment_id: _taught(row) for row in structure.assignments(view, unit_id=unit_id)},
        changes=tuple([_change(row) for row in calendar.changes(view, unit_id) if row.withdrawn is None]),
        substitutes={
            row.lesson_id: Substitute(teacher_id=row.teacher_id, reason=row.reason)
            for row in lessons
            if row.instead_of is not None and row.state is not LessonState.CANCELLED
        },
        cancelled={row.lesson_id: row.reason or "" for row in lessons if row.state is LessonState.CANCELLED},
    )


def days_between(first: date, last: date) -> Iterable[date]:
    """All days from `first` to `last`."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _taught(row: structure.Assignment) -> Taught:
    return Taught(
        assignment_id=row.assignment_id,
        subject_id=row.subject_id,
        teacher_id=row.teacher_id,
        since=row.since,
        until=row.until,
        group_id=row.group_id,
    )


def _change(row: calendar.LessonChange) -> day_plan.LessonChange:
    return day_plan.LessonChange(
        change_id=row.change_id,
        kind=row.kind,
        assignment_id=row.assignment_id,
        on=row.on,
        period=row.period,
        to_on=row.to_on,
        to_period=row.to_period,
        room=row.room,
        reason=row.reason,
    )
