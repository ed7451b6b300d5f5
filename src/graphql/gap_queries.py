"""Queries: what the register lacks, for the director, a class's homeroom teacher, and a teacher.

Every gap explains itself: it names lesson or pupil, subject, and who is to see to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.graphql.context import Context, context_of
from dziennik.graphql.gap_words import Words
from dziennik.graphql.paging import page_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import connection_of
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import finals_given, gaps, register_hours, structure
from dziennik.projections.day_plans import units_of_class
from dziennik.projections.gaps import Asked, Gap
from dziennik.projections.rows import View

ID = strawberry.ID
GapKind = enum_named(gaps.GapKind)
LACKING = (*SEEN, register_hours.REGISTER_HOURS.name, finals_given.FINALS_GIVEN.name)
From = Annotated[
    date | None, strawberry.argument(name="from", description="First day; by default the year's.")
]
To = Annotated[
    date | None,
    strawberry.argument(
        description="Last day, by default today. A later one asks which final grades will be due by then; "
        "hours of today and later are never missed."
    ),
]
Kinds = Annotated[
    list[GapKind] | None,  # type: ignore[valid-type]
    strawberry.argument(description="Only these kinds."),
]


@strawberry.type(description="One thing that is missing in the register, and who is to see to it.")
class RegisterGap:
    kind: GapKind  # type: ignore[valid-type]
    unit_id: ID
    on: date = strawberry.field(description="The lesson's day; of a final grade the day it was due.")
    period: int | None
    lesson_id: ID | None
    subject_id: ID | None
    teacher_id: ID | None
    pupil_id: ID | None
    term_id: ID | None
    explanation: str = strawberry.field(description="The same in a sentence, with names.")


@strawberry.type(description="How many gaps of a kind a teacher has in a class (or group) and month.")
class RegisterGapCount:
    unit_id: ID
    teacher_id: ID | None
    month: date
    kind: GapKind  # type: ignore[valid-type]
    count: int


RegisterGapConnection, RegisterGapEdge = connection_of(RegisterGap, "RegisterGap")


@strawberry.type(description="All gaps as a table with names, CSV (RFC 4180).")
class RegisterGapTable:
    csv: str
    csv_with_bom: str = strawberry.field(
        description="The same for spreadsheets that take UTF-8 by its mark only."
    )


@strawberry.type(description="What the register lacks (braki).")
class RegisterGaps:
    year_id: ID
    hours_until: date = strawberry.field(description="Until which day hours were looked at.")
    counts: list[RegisterGapCount]
    gaps: RegisterGapConnection  # type: ignore[valid-type]
    table: RegisterGapTable


@strawberry.type
class GapQueries:
    @guarded(description="What the registers of a whole year lack; of one teacher, if asked.")
    def school_gaps(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        from_: From = None,
        to: To = None,
        teacher_id: strawberry.ID | None = None,
        kinds: Kinds = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> RegisterGaps:
        context = context_of(info)
        context.wait(school, LACKING, after_position)
        asked = _asked(context, school, year_id, (from_, to), kinds, teacher_id)
        return _told(context, school, asked, first, after)  # type: ignore[return-value]

    @guarded(description="What the register of a class, and of groups that draw from it, lacks.")
    def class_gaps(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From = None,
        to: To = None,
        kinds: Kinds = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> RegisterGaps:
        context = context_of(info)
        context.wait(school, LACKING, after_position)
        view = context.view(school)
        unit = view.get(structure.Unit, class_id)
        units = frozenset(units_of_class(view, class_id))
        asked = _asked(context, school, unit.year_id if unit else "", (from_, to), kinds, None, units)
        return _told(context, school, asked, first, after)  # type: ignore[return-value]

    @guarded(description="What the asker is to see to in the registers of a year.")
    def my_gaps(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        from_: From = None,
        to: To = None,
        kinds: Kinds = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> RegisterGaps:
        context = context_of(info)
        context.wait(school, LACKING, after_position)
        person_id = context.access(school).person.person_id
        asked = _asked(context, school, year_id, (from_, to), kinds, person_id)
        return _told(context, school, asked, first, after)  # type: ignore[return-value]


def _asked(
    context: Context,
    school: str,
    year_id: str,
    days: tuple[date | None, date | None],
    kinds: Sequence[Any] | None,
    teacher_id: str | None,
    units: frozenset[str] | None = None,
) -> Asked:
    year = context.view(school).get(structure.Year, year_id)
    today = context.today(school)
    return Asked(
        year_id=year_id,
        first=days[0] or (year.starts if year else date.min),
        last=days[1] or today,
        hours_until=today - timedelta(days=1),
        units=units,
        teacher_id=teacher_id,
        kinds=None if kinds is None else frozenset(gaps.GapKind[kind.name] for kind in kinds),
    )


def _told(context: Context, school: str, asked: Asked, first: int, after: str | None) -> dict[str, Any]:
    view = context.view(school)
    found = gaps.gaps(view, asked)
    return {
        "yearId": asked.year_id,
        "hoursUntil": str(min(asked.last, asked.hours_until)),
        "counts": lambda: [_count(count) for count in gaps.counted(found)],
        "gaps": lambda: _page(context, view, found, first, after),
        "table": lambda: _table(Words(view, found, context.language)),
    }


def _table(words: Words) -> dict[str, Any]:
    return {"csv": words.csv(), "csvWithBom": words.csv(bom=True)}


def _page(
    context: Context, view: View, found: Sequence[Gap], first: int, after: str | None
) -> dict[str, Any]:
    page = page_of(
        found,
        lambda gap: gap.key,
        lambda gap: {"gap": gap},
        first=first,
        after=after,
        language=context.language,
    )
    shown = [edge["node"]["gap"] for edge in page["edges"]]
    words = Words(view, shown, context.language)
    for edge in page["edges"]:
        edge["node"] = _gap(edge["node"]["gap"], words)
    return page


def _gap(gap: Gap, words: Words) -> dict[str, Any]:
    return {
        "kind": gap.kind.name,
        "unitId": gap.unit_id,
        "on": str(gap.on),
        "period": gap.period,
        "lessonId": gap.lesson_id,
        "subjectId": gap.subject_id,
        "teacherId": gap.teacher_id,
        "pupilId": gap.pupil_id,
        "termId": gap.term_id,
        "explanation": words.sentence(gap),
    }


def _count(count: gaps.Count) -> dict[str, Any]:
    return {
        "unitId": count.unit_id,
        "teacherId": count.teacher_id,
        "month": str(count.month),
        "kind": count.kind.name,
        "count": count.count,
    }
