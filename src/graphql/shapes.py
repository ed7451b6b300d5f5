"""The types of the answers. They are shapes only: values come JSON-ready (see rendering and raw).

The order of fields is the order of a read model's stored JSON; it decides whether a full selection can
be spliced (ADR 0030).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry

from dziennik.contracts import envelope, values
from dziennik.contracts.people import Guardianship, ParentalPower
from dziennik.domain.policies.grading import ExclusionReason
from dziennik.graphql.scalars import enum_named

ID = strawberry.ID
Role = enum_named(envelope.Role)
Channel = enum_named(envelope.Channel)
GradeKind = enum_named(values.GradeKind)
AttendanceKind = enum_named(values.AttendanceKind)
RetakeRule = enum_named(values.RetakeRule)
GuardianshipName = enum_named(Guardianship)
Power = enum_named(ParentalPower)
Exclusion = enum_named(ExclusionReason)


@strawberry.type(description="A correction: both values stay legible.")
class GradeChange:
    was: str
    now: str
    reason: str
    by: ID
    role: Role  # type: ignore[valid-type]
    at: datetime


@strawberry.type(description="Why, by whom and when a grade was struck out.")
class StruckOut:
    reason: str
    by: ID
    role: Role  # type: ignore[valid-type]
    at: datetime


@strawberry.type(description="A grade as written, with all that happened to it (ocena).")
class Grade:
    id: ID
    kind: GradeKind  # type: ignore[valid-type]
    value: str
    description: str | None
    comment: str | None
    category_id: ID | None
    weight: Decimal
    on: date
    column_id: ID | None
    teacher_id: ID
    improves: ID | None
    improved_by: ID | None
    given_at: datetime
    position: int
    changes: list[GradeChange]
    struck_out: StruckOut | None
    counted: bool | None = strawberry.field(
        description="Whether it counts, if its column says so itself; null: as its category does."
    )


@strawberry.type(description="A grade that counts, as which number and with which weight.")
class IncludedGrade:
    grade_id: ID
    number: Decimal
    weight: Decimal


@strawberry.type(description="A grade that does not count, and why.")
class ExcludedGrade:
    grade_id: ID
    reason: Exclusion  # type: ignore[valid-type]


@strawberry.type(description="A weighted average, explained: inputs, what was left out, rule version.")
class Average:
    value: Decimal | None
    rule_version: int
    included: list[IncludedGrade]
    excluded: list[ExcludedGrade]


@strawberry.type(description="A pupil's grades in a subject.")
class GradebookCell:
    class_id: ID
    subject_id: ID
    pupil_id: ID
    average: Average
    grades: list[Grade]


@strawberry.type(description="A column of the gradebook: one test, one task.")
class GradeColumn:
    id: ID
    unit_id: ID
    subject_id: ID
    assignment_id: ID
    title: str
    category_id: ID
    weight: Decimal
    on: date
    out_of: Decimal | None
    publish_on: date | None
    colour: str | None = strawberry.field(description="Its own; null: its category's.")
    counted: bool | None = strawberry.field(description="Its own; null: as its category does.")


@strawberry.type(description="A pupil's place in a class (numer w dzienniku).")
class ClassPupil:
    pupil_id: ID
    number: int
    family_name: str
    given_names: str
    since: date
    until: date | None


@strawberry.type(description="The gradebook of a class; a teacher sees own subjects.")
class Gradebook:
    class_id: ID
    pupils: list[ClassPupil]
    columns: list[GradeColumn]
    cells: list[GradebookCell]


@strawberry.type(description="A subject (przedmiot).")
class Subject:
    id: ID
    name: str
    short_name: str


@strawberry.type(description="A term of a school year (okres).")
class Term:
    id: ID
    name: str
    starts: date
    ends: date


@strawberry.type(description="A numbered lesson hour; times are school-local HH:MM.")
class LessonPeriod:
    number: int
    starts: str
    ends: str


@strawberry.type(description="A school year, 1 September to 31 August.")
class SchoolYear:
    id: ID
    name: str
    starts: date
    ends: date
    terms: list[Term]
    periods: list[LessonPeriod]


@strawberry.type(description="A school; id is what other fields take as `school`.")
class School:
    id: ID
    name: str
    short_name: str
    city: str | None
    number: str | None


@strawberry.type
class ScaleMark:
    mark: str
    value: Decimal


@strawberry.type
class GradeCategory:
    category_id: ID
    name: str
    symbol: str
    weight: Decimal
    counted: bool
    colour: str


@strawberry.type
class PointThreshold:
    percent: Decimal
    mark: str


@strawberry.type(description="How grades are given and reckoned in a year.")
class GradingRules:
    version: int
    scale: list[ScaleMark]
    plus: Decimal
    minus: Decimal
    remarks: list[str]
    categories: list[GradeCategory]
    thresholds: list[PointThreshold]
    retakes: RetakeRule  # type: ignore[valid-type]
    places: int
    counted_remarks: list[ScaleMark]


@strawberry.type
class AttendanceType:
    type_id: ID
    symbol: str
    name: str
    kind: AttendanceKind  # type: ignore[valid-type]


@strawberry.type(description="Attendance types and the percentage's rule of a year.")
class AttendanceRules:
    version: int
    types: list[AttendanceType]
    counted_present: list[AttendanceKind]  # type: ignore[valid-type]
    left_out: list[AttendanceKind]  # type: ignore[valid-type]
    places: int


@strawberry.type(description="The rules in force in a school year.")
class Rules:
    year_id: ID
    grading: GradingRules | None
    attendance: AttendanceRules | None


@strawberry.type(description="A person's name, as staff and family may see it.")
class Name:
    person_id: ID
    given_names: str
    family_name: str


@strawberry.type(description="A teacher teaches a subject to a unit, or to a group of it (przydział).")
class Assignment:
    id: ID
    unit_id: ID
    subject_id: ID
    teacher: Name
    group_id: ID | None
    since: date
    until: date | None


@strawberry.type(description="One weekly hour; weekday 1 is Monday.")
class TimetableSlot:
    weekday: int
    period: int
    assignment_id: ID
    room: str | None


@strawberry.type(description="Part of a class taught apart (grupa).")
class Group:
    id: ID
    name: str
    pupil_count: int


@strawberry.type(description="A class unit of one school year (oddział), or an interclass group.")
class ClassUnit:
    id: ID
    year_id: ID
    name: str
    level: int | None
    interclass: bool
    homeroom_teacher: Name | None
    groups: list[Group]
    assignments: list[Assignment]
    timetable: list[TimetableSlot]


@strawberry.type(description="A role held from-to.")
class RoleHeld:
    role: Role  # type: ignore[valid-type]
    since: date
    until: date | None


@strawberry.type(description="Rights of a parent or guardian over a pupil.")
class ParentalRight:
    person: Name
    guardianship: GuardianshipName  # type: ignore[valid-type]
    since: date
    until: date | None
    powers: list[Power] = strawberry.field(  # type: ignore[valid-type]
        description="What they hold: to know of the child, to act for it. Less than both: limited by a court."
    )


@strawberry.type(description="A person of the school with contact details; for the office.")
class Person:
    person_id: ID
    given_names: str
    family_name: str
    email: str | None
    phone: str | None
    account_id: ID | None
    roles: list[RoleHeld]


@strawberry.type(description="A class in a pupil's school life.")
class Enrolment:
    class_id: ID
    class_name: str
    year_id: ID
    number: int
    since: date
    until: date | None


@strawberry.type(description="A pupil, for teachers, family and office.")
class Pupil:
    person_id: ID
    given_names: str
    family_name: str
    birth_date: str | None
    enrolments: list[Enrolment]
    parents: list[ParentalRight]


@strawberry.type(description="A child of the asker in one school.")
class Child:
    school: ID
    pupil: Pupil


@strawberry.type(description="The asker as a person of one school.")
class Identity:
    school: ID
    person_id: ID
    given_names: str
    family_name: str
    roles: list[Role]  # type: ignore[valid-type]
    roles_withheld: list[Role] = strawberry.field(  # type: ignore[valid-type]
        description="Roles in which the school wants a second factor that this session has not shown."
    )


@strawberry.type(description="Who is logged in.")
class Me:
    account_id: ID
    identities: list[Identity]


@strawberry.type(description="One change of one entry: who, in which role, when, through what, why.")
class EntryChange:
    position: int
    entry: str
    what: str
    at: datetime
    account: ID
    person_id: ID | None
    role: Role  # type: ignore[valid-type]
    on_behalf_of: ID | None
    channel: Channel  # type: ignore[valid-type]
    unit_id: ID
    pupil_id: ID | None
    old: str | None
    new: str | None
    reason: str | None
    card_id: ID | None = strawberry.field(
        description="The card on paper that said so: classCards shows its pictures."
    )


@strawberry.type(description="Relay's page of a connection.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def connection_of(node: type, name: str) -> tuple[type, type]:
    """Relay's connection and edge types for a node type."""
    edge = type(f"{name}Edge", (), {"__annotations__": {"cursor": str, "node": node}})
    made_edge = strawberry.type(edge)
    connection = type(
        f"{name}Connection",
        (),
        {"__annotations__": {"page_info": PageInfo, "edges": list[made_edge], "total_count": int}},  # type: ignore[valid-type]
    )
    return strawberry.type(connection), made_edge


PersonConnection, _ = connection_of(Person, "Person")
EntryChangeConnection, _ = connection_of(EntryChange, "EntryChange")
ClassUnitConnection, _ = connection_of(ClassUnit, "ClassUnit")
