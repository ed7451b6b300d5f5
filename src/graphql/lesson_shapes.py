"""The types of answers about lessons and attendance: shapes only, like those of shapes.py (ADR 0030)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry

from dziennik.domain.policies import attendance as attendance_policy
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID, AttendanceKind, connection_of
from dziennik.projections.lesson_journal import LessonState

Treatment = enum_named(attendance_policy.Treatment)
State = enum_named(LessonState)


@strawberry.type(description="A lesson of another assignment that was one with this.")
class LessonRef:
    unit_id: ID
    lesson_id: ID


@strawberry.type(description="A lesson as the register has it (lekcja).")
class Lesson:
    id: ID
    unit_id: ID
    on: date
    period: int
    assignment_id: ID
    subject_id: ID | None
    group_id: ID | None
    teacher_id: ID | None
    instead_of: ID | None
    state: State  # type: ignore[valid-type]
    topic: str | None
    topic_corrected: bool
    signed_by: ID | None
    signed_at: datetime | None
    asked: int | None
    reason: str | None
    plan_id: ID | None
    items: list[ID] = strawberry.field(description="Items of the curriculum plan that it was about.")
    room: str | None = strawberry.field(description="Where it was, if that was said when it was held.")
    co_teachers: list[ID]
    co_signed: list[ID] = strawberry.field(description="Co-teachers who signed.")
    continues: ID | None = strawberry.field(description="The first hour of a double lesson.")
    together: list[LessonRef]


@strawberry.type(description="What a pupil was at a lesson, if not simply present.")
class AttendanceMark:
    pupil_id: ID
    lesson_id: ID
    on: date
    period: int
    subject_id: ID
    type_id: ID
    kind: AttendanceKind
    minutes: int | None
    was: list[AttendanceKind]


@strawberry.type(description="A lesson's roll call; asked is null while it was not called.")
class Roll:
    lesson_id: ID
    on: date
    period: int
    subject_id: ID
    group_id: ID | None
    asked: list[ID] | None


@strawberry.type(description="Who of the class's roll was not simply present, lesson by lesson.")
class AttendanceSheet:
    class_id: ID
    rolls: list[Roll]
    marks: list[AttendanceMark]


@strawberry.type(description="So many lessons of a kind, and what the school's rules make of them.")
class KindCount:
    kind: AttendanceKind
    lessons: int
    treated: Treatment  # type: ignore[valid-type]


@strawberry.type(description="An attendance percentage, explained by its inputs and the rule version.")
class Percentage:
    value: Decimal | None
    rule_version: int
    present: int
    counted: int
    left_out: int
    kinds: list[KindCount]


@strawberry.type
class SubjectAttendance:
    subject_id: ID
    percentage: Percentage


@strawberry.type(description="A pupil's attendance in a school year.")
class PupilAttendance:
    pupil_id: ID
    year_id: ID
    percentage: Percentage | None
    by_subject: list[SubjectAttendance]
    marks: list[AttendanceMark]


LessonConnection, _ = connection_of(Lesson, "Lesson")
