"""Queries: additional hours of teachers, substitutions, monthly sums that explain themselves, CSV."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.registers import RESTRICTED
from dziennik.domain.policies import staff_hours as policy
from dziennik.graphql import shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.granting import EVERYTHING
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.scopes import is_closed
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import staff_hours, structure
from dziennik.projections.rows import Span
from dziennik.statistics.staff_csv import NO_DAYS, HoursTable, hours_csv, month_of

ID = strawberry.ID
State = enum_named(policy.HoursState)
Exclusion = enum_named(policy.HoursExclusion)
Content = enum_named(HoursTable)
MODELS = (*SEEN, staff_hours.STAFF_HOURS.name)
Month = Annotated[
    date | None, strawberry.argument(description="Any day of the month; without it the whole school year.")
]
Teacher = Annotated[ID | None, strawberry.argument(description="Without it all whom the asker may see.")]


@strawberry.type(description="A kind of additional hours; at most so many of it a day.")
class HoursKind:
    kind_id: ID
    name: str
    symbol: str
    most_a_day: Decimal | None


@strawberry.type(description="How additional hours are counted; version 0: the usual rules, none were set.")
class StaffRules:
    version: int
    kinds: list[HoursKind]
    step: Decimal
    most_a_day: Decimal
    lesson_counts: Decimal
    signed_only: bool


@strawberry.type(description="What was done to entered hours; `was` is how they stood before a correction.")
class HoursAct:
    state: State  # type: ignore[valid-type]
    by: ID
    role: shapes.Role
    at: datetime
    reason: str | None
    was: str | None


@strawberry.type(description="Hours as they stand; the first act is their entry.")
class AdditionalHours:
    hours_id: ID
    teacher_id: ID
    kind_id: ID
    on: date
    hours: Decimal
    what: str
    state: State  # type: ignore[valid-type]
    acts: list[HoursAct]


@strawberry.type(
    description="A lesson held instead of another teacher; of a register closed to the asker none is named."
)
class SubstitutedLesson:
    unit_id: ID
    lesson_id: ID
    teacher_id: ID
    instead_of: ID
    subject_id: ID
    on: date
    period: int
    signed: bool
    cancelled: bool


@strawberry.type(
    description="Hours, or (with a unit) a lesson, that count. In a register closed to you both are empty."
)
class CountedHours:
    source_id: ID
    unit_id: ID | None
    on: date
    hours: Decimal


@strawberry.type(description="Hours, or (with a unit) a lesson, that do not count, and why.")
class LeftOutHours:
    source_id: ID
    unit_id: ID | None
    on: date
    hours: Decimal
    reason: Exclusion  # type: ignore[valid-type]


@strawberry.type(
    description="A teacher's hours of a kind (or `substitution`) in a month (its first day), explained."
)
class MonthlyHours:
    teacher_id: ID
    month: date
    kind_id: ID
    hours: Decimal
    rule_version: int
    included: list[CountedHours]
    excluded: list[LeftOutHours]


@strawberry.type(description="Additional and substitution hours of a month or year, with their sums.")
class StaffHours:
    year_id: ID
    sums: list[MonthlyHours]
    entries: list[AdditionalHours]
    substitutions: list[SubstitutedLesson]


@strawberry.type
class StaffQueries:
    @guarded(description="Kinds of additional hours in a year, and how hours are counted.")
    def staff_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> StaffRules:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        row = staff_hours.rules_of(context.view(school), year_id)
        rules = row.rules
        return {  # type: ignore[return-value]
            "version": row.version,
            "kinds": [
                {
                    "kindId": kind.kind_id,
                    "name": kind.name,
                    "symbol": kind.symbol,
                    "mostADay": _text(kind.most_a_day),
                }
                for kind in rules.kinds
            ],
            "step": str(rules.step),
            "mostADay": str(rules.most_a_day),
            "lessonCounts": str(rules.lesson_counts),
            "signedOnly": rules.signed_only,
        }

    @guarded(description="Additional hours and substitutions; teachers see their own.")
    def staff_hours(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        month: Month = None,
        teacher_id: Teacher = None,
        after_position: Position = None,
    ) -> StaffHours:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        view, whose = context.view(school), _whose(context, school, teacher_id)
        days, closed = _days(view.get(structure.Year, year_id), month), _closed(context, school, year_id)
        lessons = staff_hours.substituted(view, days, whose, closed)
        return {  # type: ignore[return-value]
            "yearId": year_id,
            "sums": [_sum(one) for one in staff_hours.sums(view, year_id, days, whose, closed)],
            "entries": [_entry(row) for row in staff_hours.hours_of(view, year_id, days, whose)],
            "substitutions": [_lesson(row) for row in lessons if row.unit_id],
        }

    @guarded(description="The same as CSV (RFC 4180), with `bom` for spreadsheets that need the mark.")
    def staff_hours_csv(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        month: Month = None,
        teacher_id: Teacher = None,
        content: Content = Content.SUMS,  # type: ignore[valid-type]
        bom: bool = False,
        after_position: Position = None,
    ) -> str:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        view, whose = context.view(school), _whose(context, school, teacher_id)
        days = _days(view.get(structure.Year, year_id), month)
        table = HoursTable[content.name]  # type: ignore[attr-defined]
        return hours_csv(
            view,
            year_id,
            days,
            content=table,
            teacher_id=whose,
            language=context.language,
            bom=bom,
            closed=_closed(context, school, year_id),
        )


def _days(year: structure.Year | None, month: date | None) -> Span:
    """The days of the year, or those of them in the month; a span of no day when there are none."""
    if year is None:
        return NO_DAYS
    return Span(year.starts, year.ends) if month is None else month_of(year, month) or NO_DAYS


def _whose(context: Context, school: str, teacher_id: str | None) -> str | None:
    """One teacher's, or all; of who may see their own only, theirs."""
    return teacher_id if context.granted == EVERYTHING else context.access(school).person.person_id


def _closed(context: Context, school: str, year_id: str) -> staff_hours.Closed:
    """Registers of the year that the asker may not open: their lessons count, and are not told."""
    view, roles = context.view(school), context.roles(school)
    kept = [unit.unit_id for unit in structure.registers(view, year_id) if unit.register in RESTRICTED]
    closed = [unit_id for unit_id in kept if is_closed(context, school, {"class_id": unit_id}, roles)]
    return staff_hours.Closed(frozenset(closed), context.access(school).person.person_id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _sum(one: policy.MonthlyHours) -> dict[str, Any]:
    return {
        "teacherId": one.teacher_id,
        "month": str(one.month),
        "kindId": one.kind_id,
        "hours": str(one.hours),
        "ruleVersion": one.rule_version,
        "included": [_counted(each) for each in one.included],
        "excluded": [{**_counted(each), "reason": each.reason.name} for each in one.excluded],
    }


def _counted(each: policy.CountedHours | policy.LeftOutHours) -> dict[str, Any]:
    return {
        "sourceId": each.source_id,
        "unitId": each.unit_id,
        "on": str(each.on),
        "hours": str(each.hours),
    }


def _entry(row: staff_hours.Hours) -> dict[str, Any]:
    return {
        "hoursId": row.hours_id,
        "teacherId": row.teacher_id,
        "kindId": row.kind_id,
        "on": str(row.on),
        "hours": str(row.hours),
        "what": row.what,
        "state": row.state.name,
        "acts": [
            {
                "state": act.state.name,
                "by": act.by,
                "role": act.role,
                "at": instant(act.at),
                "reason": act.reason,
                "was": act.was,
            }
            for act in row.acts
        ],
    }


def _lesson(row: staff_hours.SubstitutedLesson) -> dict[str, Any]:
    return {
        "unitId": row.unit_id,
        "lessonId": row.lesson_id,
        "teacherId": row.teacher_id,
        "insteadOf": row.instead_of,
        "subjectId": row.subject_id,
        "on": str(row.on),
        "period": row.period,
        "signed": row.signed,
        "cancelled": row.cancelled,
    }
