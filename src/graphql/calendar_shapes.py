"""The types of the answers about the calendar, and how rows and plans become them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
import strawberry

from dziennik.contracts import calendar as said
from dziennik.contracts.calendar import EntryDetails
from dziennik.domain.policies import day_plan
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID, LessonPeriod
from dziennik.projections import calendar

Json = dict[str, Any]
EntryKind = enum_named(said.EntryKind)
LimitKind = enum_named(said.LimitKind)
FeedKind = enum_named(said.FeedKind)
EntryState = enum_named(calendar.EntryState)
WhyNot = enum_named(day_plan.WhyNot)
LessonNote = enum_named(day_plan.LessonNote)


@strawberry.type(description="What an entry says, or said before it was changed.")
class CalendarDetails:
    title: str
    text: str | None
    on: date
    until: date | None
    period: int | None
    starts: str | None
    ends: str | None


@strawberry.type(description="A change of an entry: old and new stay legible.")
class CalendarRevision:
    was: CalendarDetails
    now: CalendarDetails
    by: ID
    at: datetime
    reason: str | None
    override: str | None


@strawberry.type(description="A limit that an entry was allowed to pass, and the entries that had filled it.")
class ExceededLimit:
    unit_id: ID
    what: LimitKind  # type: ignore[valid-type]
    limit: int
    entries: list[ID]


@strawberry.type(description="Something announced (wpis w terminarzu); no unit: to the whole school.")
class CalendarEntry:
    id: ID
    unit_id: ID | None
    year_id: ID
    kind: EntryKind  # type: ignore[valid-type]
    title: str
    text: str | None
    on: date
    until: date
    period: int | None
    starts: str | None
    ends: str | None
    group_id: ID | None
    assignment_id: ID | None
    subject_id: ID | None
    state: EntryState  # type: ignore[valid-type]
    reason: str | None
    planned_by: ID
    planned_at: datetime
    rule_version: int
    override: str | None
    exceeded: list[ExceededLimit]
    revisions: list[CalendarRevision]
    staff_only: bool = strawberry.field(description="Nothing for pupils and parents: a council, a training.")


@strawberry.type(description="Days without school (ferie, święta).")
class FreeDays:
    id: ID
    year_id: ID
    name: str
    starts: date
    ends: date


@strawberry.type(description="A day that runs as another weekday (1 Monday to 7), or with other bells.")
class ChangedDay:
    on: date
    reason: str
    runs_as: int | None
    periods: list[LessonPeriod] | None


@strawberry.type(description="Announced entries, free and changed days of some time (terminarz).")
class Calendar:
    entries: list[CalendarEntry]
    free_days: list[FreeDays]
    changed_days: list[ChangedDay]


@strawberry.type(description="What is unusual about an expected lesson.")
class PlanNote:
    kind: LessonNote  # type: ignore[valid-type]
    text: str | None


@strawberry.type(description="A lesson that is to be held. `firstOn`: where it stood before it was moved.")
class PlannedLesson:
    unit_id: ID
    lesson_id: ID
    on: date
    period: int
    starts: str
    ends: str
    assignment_id: ID
    subject_id: ID
    teacher_id: ID
    group_id: ID | None
    instead_of: ID | None
    room: str | None
    first_on: date
    first_period: int
    notes: list[PlanNote]


@strawberry.type(description="A lesson that is not to be held, and why.")
class LessonLeftOut:
    unit_id: ID
    period: int
    assignment_id: ID
    subject_id: ID | None
    group_id: ID | None
    why: WhyNot  # type: ignore[valid-type]
    text: str | None
    to_on: date | None
    to_period: int | None


@strawberry.type(description="A day of a class: what is expected, what is not, and by which timetable.")
class PlannedDay:
    on: date
    kept: bool
    weekday: int
    timetable_from: date | None
    free: FreeDays | None
    changed: ChangedDay | None
    lessons: list[PlannedLesson]
    left_out: list[LessonLeftOut]


@strawberry.type(description="How many entries of a kind a class bears, and how early they are announced.")
class CalendarLimit:
    kind: EntryKind  # type: ignore[valid-type]
    per_day: int | None
    per_week: int | None
    notice_days: int | None


@strawberry.type(description="The limits of a year; version 0: the usual ones.")
class CalendarRules:
    year_id: ID
    version: int
    limits: list[CalendarLimit]


@strawberry.type(description="An address that the asker holds. The address itself was told once.")
class CalendarFeed:
    id: ID
    kind: FeedKind  # type: ignore[valid-type]
    target_id: ID
    issued_at: datetime


def entry(row: calendar.Entry) -> Json:
    """A CalendarEntry."""
    return {
        "id": row.entry_id,
        "unitId": row.unit_id or None,
        "yearId": row.year_id,
        "kind": row.kind.name,
        "title": row.title,
        "text": row.text,
        "on": str(row.on),
        "until": str(row.until),
        "period": row.period,
        "starts": row.starts,
        "ends": row.ends,
        "groupId": row.group_id,
        "assignmentId": row.assignment_id,
        "subjectId": row.subject_id,
        "state": row.state.name,
        "reason": row.reason,
        "plannedBy": row.planned_by,
        "plannedAt": msgspec.to_builtins(row.planned_at),
        "ruleVersion": row.rule_version,
        "override": row.override,
        "exceeded": [
            {"unitId": e.unit_id, "what": e.what.name, "limit": e.limit, "entries": list(e.entries)}
            for e in row.exceeded
        ],
        "revisions": [_revision(revision) for revision in row.revisions],
        "staffOnly": row.staff_only,
    }


def _revision(found: calendar.Revision) -> Json:
    return {
        "was": _details(found.was),
        "now": _details(found.now),
        "by": found.by,
        "at": msgspec.to_builtins(found.at),
        "reason": found.reason,
        "override": found.override,
    }


def _details(found: EntryDetails) -> Json:
    names = ("title", "text", "period", "starts", "ends")
    return {name: getattr(found, name) for name in names} | {"on": str(found.on), "until": _day(found.until)}


def free_days(row: calendar.FreeDays) -> Json:
    """FreeDays."""
    return {
        "id": row.free_id,
        "yearId": row.year_id,
        "name": row.name,
        "starts": str(row.starts),
        "ends": str(row.ends),
    }


def changed_day(row: calendar.ChangedDay | day_plan.ChangedDay) -> Json:
    """A ChangedDay."""
    bells = None if row.periods is None else [_bell(period) for period in row.periods]
    return {"on": str(row.on), "reason": row.reason, "runsAs": row.runs_as, "periods": bells}


def _bell(period: Any) -> Json:  # noqa: ANN401
    return {"number": period.number, "starts": period.starts, "ends": period.ends}


def day(plan: day_plan.DayPlan, year_id: str, *, for_family: bool) -> Json:
    """A PlannedDay."""
    free = plan.free
    return {
        "on": str(plan.on),
        "kept": plan.kept,
        "weekday": plan.weekday,
        "timetableFrom": _day(plan.timetable_from),
        "free": None
        if free is None
        else {
            "id": free.free_id,
            "yearId": year_id,
            "name": free.name,
            "starts": str(free.starts),
            "ends": str(free.ends),
        },
        "changed": None if plan.changed is None else changed_day(plan.changed),
        "lessons": [lesson(each, for_family=for_family) for each in plan.expected],
        "leftOut": [_left_out(out) for out in plan.left_out],
    }


def lesson(found: day_plan.ExpectedLesson, *, for_family: bool) -> Json:
    """A PlannedLesson. Families learn that a teacher is substituted, not why."""
    return {
        "unitId": found.unit_id,
        "lessonId": found.lesson_id,
        "on": str(found.on),
        "period": found.period,
        "starts": found.starts,
        "ends": found.ends,
        "assignmentId": found.assignment_id,
        "subjectId": found.subject_id,
        "teacherId": found.teacher_id,
        "groupId": found.group_id,
        "insteadOf": found.instead_of,
        "room": found.room,
        "firstOn": str(found.first_on),
        "firstPeriod": found.first_period,
        "notes": [
            {
                "kind": note.kind.name,
                "text": None if for_family and note.kind is day_plan.LessonNote.SUBSTITUTION else note.text,
            }
            for note in found.notes
        ],
    }


def _left_out(out: day_plan.LeftOut) -> Json:
    return {
        "unitId": out.unit_id,
        "period": out.period,
        "assignmentId": out.assignment_id,
        "subjectId": out.subject_id,
        "groupId": out.group_id,
        "why": out.why.name,
        "text": out.text,
        "toOn": _day(out.to_on),
        "toPeriod": out.to_period,
    }


def rules(row: calendar.Rules) -> Json:
    """CalendarRules."""
    limits = [
        {
            "kind": limit.kind.name,
            "perDay": limit.per_day,
            "perWeek": limit.per_week,
            "noticeDays": limit.notice_days,
        }
        for limit in row.rules.limits
    ]
    return {"yearId": row.year_id, "version": row.version, "limits": limits}


def feed(row: calendar.Feed) -> Json:
    """A CalendarFeed."""
    return {
        "id": row.feed_id,
        "kind": row.kind.name,
        "targetId": row.target_id,
        "issuedAt": msgspec.to_builtins(row.issued_at),
    }


def _day(value: date | None) -> str | None:
    return None if value is None else str(value)
