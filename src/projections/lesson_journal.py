"""Which lessons were held, by whom, on which topic, and who signed them?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from dziennik.contracts import lessons
from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.classes import TeachingAssigned
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.streams import unit_of
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

LESSON_JOURNAL = ReadModel("lesson_journal", version=2)
on = LESSON_JOURNAL.on
table = LESSON_JOURNAL.table


class LessonState(StrEnum):
    """PLANNED: only a substitution was arranged so far."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


@table(
    key=("unit_id", "lesson_id"),
    indexes=(("unit_id", "on"), ("unit_id", "subject_id", "on"), ("teacher_id", "on")),
    families=ALL_ROWS,
)
class Lesson(Row, frozen=True):
    """A lesson of a class or interclass group.

    `teacher_id` holds it, `instead_of` in a substitution; `asked` counts who was on the roll, None: the roll
    was not called. `reason` is the substitution's, or the cancellation's. `items` are of the plan `plan_id`;
    `room` is what was said when it was held. `co_signed` are the co-teachers who signed.
    """

    unit_id: str
    lesson_id: str
    on: date
    period: int
    assignment_id: str
    subject_id: str
    group_id: str | None
    teacher_id: str
    instead_of: str | None
    state: LessonState
    topic: str | None = None
    topic_corrected: bool = False
    signed_by: str | None = None
    signed_at: datetime | None = None
    asked: int | None = None
    reason: str | None = None
    entered_by: str | None = None
    entered_at: datetime | None = None
    plan_id: str | None = None
    items: tuple[str, ...] = ()
    room: str | None = None
    co_teachers: tuple[str, ...] = ()
    co_signed: tuple[str, ...] = ()
    continues: str | None = None
    together: tuple[LessonRef, ...] = ()


@table(key=("assignment_id",), families=ALL_ROWS)
class Assigned(Row, frozen=True):
    """What an assignment teaches: facts of lessons that are not held yet name only the assignment."""

    assignment_id: str
    subject_id: str
    teacher_id: str
    group_id: str | None


@on(TeachingAssigned)
def teaching_assigned(rows: Rows, fact: TeachingAssigned, _: Recorded) -> None:
    rows.put(Assigned(fact.assignment_id, fact.subject_id, fact.teacher_id, fact.group_id))


@on(lessons.SubstitutionArranged)
def substitution_arranged(rows: Rows, fact: lessons.SubstitutionArranged, _: Recorded) -> None:
    assigned = _assigned(rows, fact.assignment_id)
    planned = Lesson(
        unit_id=fact.unit_id,
        lesson_id=fact.lesson_id,
        on=fact.on,
        period=fact.period,
        assignment_id=fact.assignment_id,
        subject_id=assigned.subject_id,
        group_id=assigned.group_id,
        teacher_id=fact.teacher_id,
        instead_of=fact.instead_of,
        state=LessonState.PLANNED,
        reason=fact.reason,
    )
    lesson = rows.get(Lesson, fact.unit_id, fact.lesson_id)
    if lesson is None or lesson.state is LessonState.PLANNED:
        rows.put(planned)
    else:
        rows.put(replace(lesson, teacher_id=fact.teacher_id, instead_of=fact.instead_of, reason=fact.reason))


@on(lessons.LessonHeld)
def lesson_held(rows: Rows, fact: lessons.LessonHeld, recorded: Recorded) -> None:
    planned = rows.get(Lesson, fact.unit_id, fact.lesson_id)
    actor = recorded.origin.actor
    rows.put(
        Lesson(
            unit_id=fact.unit_id,
            lesson_id=fact.lesson_id,
            on=fact.on,
            period=fact.period,
            assignment_id=fact.assignment_id,
            subject_id=fact.subject_id,
            group_id=fact.group_id,
            teacher_id=fact.teacher_id,
            instead_of=fact.instead_of,
            state=LessonState.HELD,
            topic=fact.topic,
            reason=planned.reason if planned and planned.state is LessonState.PLANNED else None,
            entered_by=actor.person or actor.account,
            entered_at=recorded.origin.recorded_at,
            room=fact.room,
            co_teachers=fact.co_teachers,
            continues=fact.continues,
            together=fact.together,
            **_named(fact.plan),
        )
    )


@on(lessons.CoTeacherRecorded)
def co_teacher_recorded(rows: Rows, fact: lessons.CoTeacherRecorded, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    rows.put(replace(lesson, co_teachers=(*lesson.co_teachers, fact.teacher_id)))


@on(lessons.TopicRecorded)
def topic_recorded(rows: Rows, fact: lessons.TopicRecorded, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    rows.put(replace(lesson, topic=fact.topic, **_named(fact.plan)))


@on(lessons.TopicCorrected)
def topic_corrected(rows: Rows, fact: lessons.TopicCorrected, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    rows.put(replace(lesson, topic=fact.topic, topic_corrected=True, **_named(fact.plan)))


@on(lessons.LessonSigned)
def lesson_signed(rows: Rows, fact: lessons.LessonSigned, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    if fact.teacher_id in lesson.co_teachers:
        rows.put(replace(lesson, co_signed=(*lesson.co_signed, fact.teacher_id)))
        return
    rows.put(replace(lesson, signed_by=fact.teacher_id, signed_at=recorded.origin.recorded_at))


@on(lessons.LessonCancelled)
def lesson_cancelled(rows: Rows, fact: lessons.LessonCancelled, recorded: Recorded) -> None:
    lesson = rows.get(Lesson, fact.unit_id, fact.lesson_id)
    if lesson is not None:
        rows.put(replace(lesson, state=LessonState.CANCELLED, reason=fact.reason, subject_id=fact.subject_id))
        return
    assigned = _assigned(rows, fact.assignment_id)
    actor = recorded.origin.actor
    rows.put(
        Lesson(
            unit_id=fact.unit_id,
            lesson_id=fact.lesson_id,
            on=fact.on,
            period=fact.period,
            assignment_id=fact.assignment_id,
            subject_id=fact.subject_id,
            group_id=fact.group_id,
            teacher_id=assigned.teacher_id,
            instead_of=None,
            state=LessonState.CANCELLED,
            reason=fact.reason,
            entered_by=actor.person or actor.account,
            entered_at=recorded.origin.recorded_at,
        )
    )


@on(RollCalled)
def roll_called(rows: Rows, fact: RollCalled, recorded: Recorded) -> None:
    rows.put(replace(_lesson(rows, recorded, fact.lesson_id), asked=len(fact.pupils)))


# What is asked


def of_unit(view: View, unit_id: str, first: date, last: date, subject_id: str | None = None) -> list[Lesson]:
    """Lessons of a class or interclass group from `first` to `last`, by day and hour."""
    if subject_id is None:
        found = view.find(Lesson, unit_id=unit_id, on=Span(first, last))
    else:
        found = view.find(Lesson, unit_id=unit_id, subject_id=subject_id, on=Span(first, last))
    return sorted(found, key=_in_time)


def of_teacher(view: View, teacher_id: str, first: date, last: date) -> list[Lesson]:
    """Lessons a teacher held or is to hold, from `first` to `last`, by day and hour."""
    return sorted(view.find(Lesson, teacher_id=teacher_id, on=Span(first, last)), key=_in_time)


def lesson_of(view: View, unit_id: str, lesson_id: str) -> Lesson | None:
    """One lesson."""
    return view.get(Lesson, unit_id, lesson_id)


def _in_time(lesson: Lesson) -> tuple[date, int, str]:
    return lesson.on, lesson.period, lesson.lesson_id


def _named(plan: FromPlan | None) -> dict[str, Any]:
    """The columns that say which items of which plan it was."""
    return {"plan_id": plan.plan_id if plan else None, "items": plan.items if plan else ()}


def _assigned(rows: Rows, assignment_id: str) -> Assigned:
    assigned = rows.get(Assigned, assignment_id)
    if assigned is None:
        raise LookupError(f"no assignment {assignment_id}")
    return assigned


def _lesson(rows: Rows, recorded: Recorded, lesson_id: str) -> Lesson:
    lesson = rows.get(Lesson, unit_of(recorded.stream) or "", lesson_id)
    if lesson is None:
        raise LookupError(f"no lesson {lesson_id}")
    return lesson
