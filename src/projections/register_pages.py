"""What stands on a page of the register: lesson by lesson, topic, signatures, who was not simply there?

One row a lesson, stored as its JSON as GraphQL shows it, so that a month of a class is spliced bytes (ADR
0029). The field names of Content and PageMark, in camelCase and in the order given here, are those of the
schema; enumerations are their names, days ISO. Rows lie by day and hour, as the page reads.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import attendance as marks
from dziennik.contracts import lessons
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import AttendanceKind
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import Row

REGISTER_PAGES = ReadModel("register_pages", version=1)
on = REGISTER_PAGES.on

_KINDS = {kind: kind.name for kind in AttendanceKind}


class PageMark(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A pupil who was asked and was not simply present."""

    pupil_id: str
    type_id: str
    kind: str
    minutes: int | None


class Content(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What the page shows of a lesson; `asked` counts the roll, None: it was not called."""

    id: str
    unit_id: str
    on: date
    period: int
    assignment_id: str
    subject_id: str
    group_id: str | None
    teacher_id: str
    instead_of: str | None
    co_teachers: tuple[str, ...]
    room: str | None
    topic: str | None
    plan_id: str | None
    items: tuple[str, ...]
    signed_by: str | None
    signed_at: datetime | None
    co_signed: tuple[str, ...]
    cancelled: str | None
    asked: int | None
    marks: tuple[PageMark, ...]


@REGISTER_PAGES.table(key=("unit_id", "on", "period", "lesson_id"))
class PageLesson(Row, frozen=True):
    """A lesson that was held (and perhaps cancelled afterwards)."""

    unit_id: str
    on: date
    period: int
    lesson_id: str
    subject_id: str
    content: Content


@on(lessons.LessonHeld)
def lesson_held(rows: Rows, fact: lessons.LessonHeld, _: Recorded) -> None:
    content = Content(
        id=fact.lesson_id,
        unit_id=fact.unit_id,
        on=fact.on,
        period=fact.period,
        assignment_id=fact.assignment_id,
        subject_id=fact.subject_id,
        group_id=fact.group_id,
        teacher_id=fact.teacher_id,
        instead_of=fact.instead_of,
        co_teachers=fact.co_teachers,
        room=fact.room,
        topic=fact.topic,
        plan_id=fact.plan.plan_id if fact.plan else None,
        items=fact.plan.items if fact.plan else (),
        signed_by=None,
        signed_at=None,
        co_signed=(),
        cancelled=None,
        asked=None,
        marks=(),
    )
    rows.put(PageLesson(fact.unit_id, fact.on, fact.period, fact.lesson_id, fact.subject_id, content))


@on(lessons.TopicRecorded, lessons.TopicCorrected)
def topic_entered(
    rows: Rows, fact: lessons.TopicRecorded | lessons.TopicCorrected, recorded: Recorded
) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    named: FromPlan | None = fact.plan
    _put(
        rows,
        lesson,
        replace(
            lesson.content,
            topic=fact.topic,
            plan_id=named.plan_id if named else None,
            items=named.items if named else (),
        ),
    )


@on(lessons.CoTeacherRecorded)
def co_teacher_recorded(rows: Rows, fact: lessons.CoTeacherRecorded, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    every = (*lesson.content.co_teachers, fact.teacher_id)
    _put(rows, lesson, replace(lesson.content, co_teachers=every))


@on(lessons.LessonSigned)
def lesson_signed(rows: Rows, fact: lessons.LessonSigned, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    content = lesson.content
    if fact.teacher_id in content.co_teachers:
        _put(rows, lesson, replace(content, co_signed=(*content.co_signed, fact.teacher_id)))
    else:
        at = recorded.origin.recorded_at
        _put(rows, lesson, replace(content, signed_by=fact.teacher_id, signed_at=at))


@on(lessons.LessonCancelled)
def lesson_cancelled(rows: Rows, fact: lessons.LessonCancelled, _: Recorded) -> None:
    lesson = rows.get(PageLesson, fact.unit_id, fact.on, fact.period, fact.lesson_id)
    if lesson is not None:
        _put(rows, lesson, replace(lesson.content, cancelled=fact.reason))


@on(marks.RollCalled)
def roll_called(rows: Rows, fact: marks.RollCalled, recorded: Recorded) -> None:
    lesson = _lesson(rows, recorded, fact.lesson_id)
    _put(rows, lesson, replace(lesson.content, asked=len(fact.pupils)))


@on(marks.AbsenceRecorded, marks.ReleaseRecorded)
def absence_recorded(
    rows: Rows, fact: marks.AbsenceRecorded | marks.ReleaseRecorded, recorded: Recorded
) -> None:
    _mark(rows, recorded, fact.lesson_id, PageMark(fact.pupil_id, fact.type_id, _KINDS[fact.kind], None))


@on(marks.LatenessRecorded, marks.AttendanceCorrected)
def mark_recorded(
    rows: Rows, fact: marks.LatenessRecorded | marks.AttendanceCorrected, recorded: Recorded
) -> None:
    mark = PageMark(fact.pupil_id, fact.type_id, _KINDS[fact.kind], fact.minutes)
    _mark(rows, recorded, fact.lesson_id, mark)


def _mark(rows: Rows, recorded: Recorded, lesson_id: str, mark: PageMark) -> None:
    """Marks stand in the order of pupils' ids; who was present after all has none."""
    lesson = _lesson(rows, recorded, lesson_id)
    others = [each for each in lesson.content.marks if each.pupil_id != mark.pupil_id]
    now = others if mark.kind == AttendanceKind.PRESENT.name else [*others, mark]
    kept = tuple(sorted(now, key=lambda each: each.pupil_id))
    _put(rows, lesson, replace(lesson.content, marks=kept))


def _put(rows: Rows, lesson: PageLesson, content: Content) -> None:
    rows.put(replace(lesson, content=content))


def _lesson(rows: Rows, recorded: Recorded, lesson_id: str) -> PageLesson:
    """Ids of lessons begin with day and hour (ADR 0022), as keys of pages do."""
    day, period, _ = lesson_id.split(".", 2)
    key = (unit_of(recorded.stream) or "", date.fromisoformat(day), int(period), lesson_id)
    return there(rows.get(PageLesson, *key), lesson_id)


# What is asked


def page_json(view: View, unit_id: str, first: date, last: date) -> list[tuple[str, date, bytes]]:
    """Subject, day and JSON (see Content) of a unit's lessons from `first` to `last`, by day and hour."""
    columns = ("subject_id", "on", "content")
    found = view.raw(PageLesson, columns, unit_id=unit_id, on=Span(first, last))
    return [(row[0], row[1], row[2]) for row in found]
