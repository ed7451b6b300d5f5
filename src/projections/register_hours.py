"""Which lesson hours are there, by plan and by entry, and which of them lack something?

One row an hour of an assignment: planned by timetable and calendar, entered by teachers, or both. The plan is
reckoned (policies.day_plan) when what it follows from changes, not when somebody asks: a report of the whole
school reads the rows that lack something and no other. Other registers have gaps as classes do; a restricted
one has no year here, and so none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import lessons
from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.projections import register_plan
from dziennik.projections.dated import there
from dziennik.projections.register_rows import REGISTER_HOURS as REGISTER_HOURS
from dziennik.projections.register_rows import Hour, HourGap, put, unit_of_days
from dziennik.projections.rows import Rows, Span, View

on = REGISTER_HOURS.on
PLANNED = register_plan.on  # the handlers of the plan are registered by being imported


@on(lessons.SubstitutionArranged)
def substitution_arranged(rows: Rows, fact: lessons.SubstitutionArranged, _: Recorded) -> None:
    put(rows, replace(_entered(rows, fact), substitute=fact.teacher_id))


@on(lessons.LessonHeld)
def lesson_held(rows: Rows, fact: lessons.LessonHeld, _: Recorded) -> None:
    hour = replace(
        _entered(rows, fact),
        subject_id=fact.subject_id,
        held_by=fact.teacher_id,
        cancelled=False,
        topic=fact.topic is not None,
        roll=False,
        signed=False,
        co_teachers=fact.co_teachers,
        co_signed=(),
    )
    put(rows, hour)


@on(lessons.LessonCancelled)
def lesson_cancelled(rows: Rows, fact: lessons.LessonCancelled, _: Recorded) -> None:
    put(rows, replace(_entered(rows, fact), subject_id=fact.subject_id, cancelled=True))


@on(lessons.TopicRecorded, lessons.TopicCorrected)
def topic_entered(
    rows: Rows, fact: lessons.TopicRecorded | lessons.TopicCorrected, recorded: Recorded
) -> None:
    put(rows, replace(_hour(rows, recorded, fact.lesson_id), topic=True))


@on(RollCalled)
def roll_called(rows: Rows, fact: RollCalled, recorded: Recorded) -> None:
    put(rows, replace(_hour(rows, recorded, fact.lesson_id), roll=True))


@on(lessons.CoTeacherRecorded)
def co_teacher_recorded(rows: Rows, fact: lessons.CoTeacherRecorded, recorded: Recorded) -> None:
    hour = _hour(rows, recorded, fact.lesson_id)
    put(rows, replace(hour, co_teachers=(*hour.co_teachers, fact.teacher_id)))


@on(lessons.LessonSigned)
def lesson_signed(rows: Rows, fact: lessons.LessonSigned, recorded: Recorded) -> None:
    hour = _hour(rows, recorded, fact.lesson_id)
    if fact.teacher_id in hour.co_teachers:
        put(rows, replace(hour, co_signed=(*hour.co_signed, fact.teacher_id)))
    else:
        put(rows, replace(hour, signed=True))


def _entered(
    rows: Rows, fact: lessons.SubstitutionArranged | lessons.LessonHeld | lessons.LessonCancelled
) -> Hour:
    """The hour as it stands; a new one where the plan has none."""
    place = (fact.unit_id, fact.lesson_id)
    year_id = unit_of_days(rows, fact.unit_id).year_id
    return rows.get(Hour, *place) or Hour(*place, year_id, fact.on, fact.period, fact.assignment_id)


def _hour(rows: Rows, recorded: Recorded, lesson_id: str) -> Hour:
    return there(rows.get(Hour, unit_of(recorded.stream) or "", lesson_id), lesson_id)


# What is asked


class Lacking(msgspec.Struct, frozen=True):
    """An hour with one thing that it lacks, and who is to see to it."""

    hour: Hour
    gap: HourGap
    teacher_id: str | None


def lacking(
    view: View, year_id: str, first: date, last: date, units: Collection[str] | None = None
) -> list[Lacking]:
    """What hours of a year (of some units) lack from `first` to `last`, by day, unit and hour."""
    found = view.find(Hour, year_id=year_id, open=True, on=Span(first, last))
    chosen = [hour for hour in found if units is None or hour.unit_id in units]
    chosen.sort(key=lambda hour: (hour.on, hour.unit_id, hour.period, hour.lesson_id))
    return [Lacking(hour, gap, teacher_id) for hour in chosen for gap, teacher_id in hour.gaps()]


def of_unit(view: View, unit_id: str, first: date, last: date) -> dict[str, Hour]:
    """All hours of a unit from `first` to `last`, by lesson id."""
    return {hour.lesson_id: hour for hour in view.find(Hour, unit_id=unit_id, on=Span(first, last))}


def of_assignment(view: View, assignment_id: str, first: date, last: date) -> list[Hour]:
    """All hours of an assignment from `first` to `last`, in time."""
    found = view.find(Hour, assignment_id=assignment_id, on=Span(first, last))
    return sorted(found, key=lambda hour: (hour.on, hour.period))
