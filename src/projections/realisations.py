"""How far is each assignment of a class with its curriculum plan? Rows of several models, put together."""

from __future__ import annotations

from datetime import date

import msgspec

from dziennik.domain.policies.realisation import Realisation, TaughtLesson, explain_realisation
from dziennik.projections import curriculum, lesson_journal, register_hours, structure
from dziennik.projections.lesson_journal import Lesson, LessonState
from dziennik.projections.rows import View


class Followed(msgspec.Struct, frozen=True):
    """An assignment, the plan it follows (None: it follows none), and how far it is until a day."""

    assignment: structure.Assignment
    plan: curriculum.Plan | None
    until: date
    realisation: Realisation


def of_unit(view: View, unit_id: str, until: date, *, assignment_id: str | None = None) -> list[Followed]:
    """All assignments of a class or interclass group (or the one asked for), by subject and id."""
    unit = view.get(structure.Unit, unit_id)
    year = view.get(structure.Year, unit.year_id) if unit else None
    if year is None:
        return []
    assigned = [
        row
        for row in structure.assignments(view, unit_id=unit_id)
        if assignment_id in (None, row.assignment_id)
    ]
    followed = curriculum.followed(view, unit_id)
    last = min(until, year.ends)
    held = [
        lesson
        for lesson in lesson_journal.of_unit(view, unit_id, year.starts, last)
        if lesson.state is LessonState.HELD
    ]
    return [
        _followed(view, row, followed.get(row.assignment_id), held, (year.starts, last, year.ends))
        for row in sorted(assigned, key=lambda row: (row.subject_id, row.assignment_id))
    ]


def _followed(
    view: View,
    assignment: structure.Assignment,
    plan_id: str | None,
    held: list[Lesson],
    days: tuple[date, date, date],
) -> Followed:
    first, until, last = days
    plan = curriculum.plan(view, plan_id) if plan_id else None
    mine = [
        TaughtLesson(lesson.lesson_id, lesson.items if lesson.plan_id == plan_id else ())
        for lesson in held
        if lesson.assignment_id == assignment.assignment_id
    ]
    hours = register_hours.of_assignment(view, assignment.assignment_id, first, last)
    expected = [hour.on <= until for hour in hours if hour.expected]
    realisation = explain_realisation(
        plan.items if plan else (),
        plan.dropped if plan else (),
        mine,
        due=sum(expected),
        left=len(expected) - sum(expected),
    )
    return Followed(assignment, plan, until, realisation)
