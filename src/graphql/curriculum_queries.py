"""Queries: curriculum plans, and who follows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.curriculum import PlanItem
from dziennik.graphql.context import context_of
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import curriculum
from dziennik.projections.rows import View

ID = strawberry.ID
PLANS = (curriculum.CURRICULUM.name,)


@strawberry.type(description="A topic of a plan; `number` is its place, null once it was dropped.")
class CurriculumItem:
    id: ID
    number: int | None
    topic: str
    hours: int
    core: str | None


@strawberry.type(description="What a plan's items were until somebody revised them.")
class CurriculumRevision:
    by: ID
    at: datetime
    was: list[CurriculumItem]


@strawberry.type(description="A teaching assignment that follows a plan.")
class CurriculumFollower:
    unit_id: ID
    assignment_id: ID


@strawberry.type(description="A curriculum plan (rozkład materiału).")
class CurriculumPlan:
    id: ID
    year_id: ID
    subject_id: ID
    name: str
    level: int | None
    author_id: ID | None = strawberry.field(description="Whose plan it is; null: the school's.")
    copied_from: ID | None
    hours: int
    items: list[CurriculumItem]
    dropped: list[CurriculumItem] = strawberry.field(description="Items it had; lessons of before name them.")
    revisions: list[CurriculumRevision]
    followers: list[CurriculumFollower]
    withdrawn: str | None


@strawberry.type
class CurriculumQueries:
    @guarded(description="Curriculum plans of a year (of a subject), by level and name.")
    def curriculum_plans(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        subject_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> list[CurriculumPlan]:
        context = context_of(info)
        context.wait(school, PLANS, after_position)
        view = context.view(school)
        return [_plan(view, row) for row in curriculum.plans(view, year_id, subject_id)]  # type: ignore[misc]

    @guarded(description="One curriculum plan with its items; null when there is none.")
    def curriculum_plan(
        self, info: Info, school: SchoolId, plan_id: strawberry.ID, after_position: Position = None
    ) -> CurriculumPlan | None:
        context = context_of(info)
        context.wait(school, PLANS, after_position)
        view = context.view(school)
        row = curriculum.plan(view, plan_id)
        return _plan(view, row) if row else None  # type: ignore[return-value]


def _plan(view: View, row: curriculum.Plan) -> dict[str, Any]:
    return {
        "id": row.plan_id,
        "yearId": row.year_id,
        "subjectId": row.subject_id,
        "name": row.name,
        "level": row.level,
        "authorId": row.author_id,
        "copiedFrom": row.copied_from,
        "hours": row.hours,
        "items": items(row.items),
        "dropped": [item(each, None) for each in row.dropped],
        "revisions": [
            {"by": each.by, "at": each.at.isoformat().replace("+00:00", "Z"), "was": items(each.was)}
            for each in row.revisions
        ],
        "followers": lambda: [
            {"unitId": each.unit_id, "assignmentId": each.assignment_id}
            for each in curriculum.followers(view, row.plan_id)
        ],
        "withdrawn": row.withdrawn,
    }


def items(found: tuple[PlanItem, ...]) -> list[dict[str, Any]]:
    """Items with their numbers."""
    return [item(each, number) for number, each in enumerate(found, 1)]


def item(found: PlanItem, number: int | None) -> dict[str, Any]:
    """One item."""
    return {
        "id": found.item_id,
        "number": number,
        "topic": found.topic,
        "hours": found.hours,
        "core": found.core,
    }
