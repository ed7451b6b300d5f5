"""Queries: how far plans are carried out, and what is to be taught next."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.domain.policies import realisation
from dziennik.graphql.context import context_of
from dziennik.graphql.curriculum_queries import CurriculumItem, item
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import curriculum, lesson_journal, realisations, register_hours

ID = strawberry.ID
ItemState = enum_named(realisation.ItemState)
REALISED = (
    *SEEN,
    curriculum.CURRICULUM.name,
    lesson_journal.LESSON_JOURNAL.name,
    register_hours.REGISTER_HOURS.name,
)


@strawberry.type(description="An item of a plan, with the hours that lessons gave it and which those were.")
class ItemProgress:
    item: CurriculumItem
    state: ItemState  # type: ignore[valid-type]
    hours: Decimal
    lessons: list[ID]


@strawberry.type(
    description="A plan's realisation. A lesson about k items gives each 1/k hour; an item is covered by at "
    "most its planned hours. Due is what the timetable has had, cancelled lessons included."
)
class Realisation:
    unit_id: ID
    assignment_id: ID
    subject_id: ID
    group_id: ID | None
    teacher_id: ID
    plan_id: ID | None
    plan_name: str | None
    until: date
    planned: int
    due: int
    held: int
    from_plan: int
    free: int = strawberry.field(description="Lessons held about no item of the plan.")
    covered: Decimal
    difference: Decimal = strawberry.field(description="Covered minus due: behind when negative.")
    left: int = strawberry.field(description="Lessons that the timetable still has.")
    short: Decimal = strawberry.field(
        description="Hours that will be missing even if all of them go by the plan."
    )
    items: list[ItemProgress]
    dropped: list[ItemProgress] = strawberry.field(
        description="What was taught of items that the plan has no more."
    )
    explanation: str


@strawberry.type
class RealisationQueries:
    @guarded(description="How far each assignment of a class is with its plan; by default until today.")
    def class_realisation(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        subject_id: strawberry.ID | None = None,
        until: date | None = None,
        after_position: Position = None,
    ) -> list[Realisation]:
        context = context_of(info)
        context.wait(school, REALISED, after_position)
        granted = context.granted
        found = realisations.of_unit(context.view(school), class_id, until or context.today(school))
        return [
            _told(each, context.language)  # type: ignore[misc]
            for each in found
            if subject_id in (None, each.assignment.subject_id)
            and granted.covers(each.assignment.subject_id, each.assignment.unit_id)
        ]

    @guarded(description="Which items of its plan an assignment comes to next, in the plan's order.")
    def next_items(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        assignment_id: strawberry.ID,
        first: int = 5,
        after_position: Position = None,
    ) -> list[ItemProgress]:
        context = context_of(info)
        context.wait(school, REALISED, after_position)
        granted, today = context.granted, context.today(school)
        found = realisations.of_unit(context.view(school), class_id, today, assignment_id=assignment_id)
        return [
            _progress(each, numbers)  # type: ignore[misc]
            for one in found
            if granted.covers(one.assignment.subject_id, one.assignment.unit_id)
            for numbers in [_numbers(one)]
            for each in one.realisation.next_items[: max(first, 0)]
        ]


def _numbers(found: realisations.Followed) -> dict[str, int]:
    items = found.plan.items if found.plan else ()
    return {each.item_id: number for number, each in enumerate(items, 1)}


def _progress(found: realisation.ItemProgress, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "item": item(found.item, numbers.get(found.item.item_id)),
        "state": found.state.name,
        "hours": str(found.hours),
        "lessons": list(found.lessons),
    }


def _told(found: realisations.Followed, language: str) -> dict[str, Any]:
    assignment, known, numbers = found.assignment, found.realisation, _numbers(found)
    return {
        "unitId": assignment.unit_id,
        "assignmentId": assignment.assignment_id,
        "subjectId": assignment.subject_id,
        "groupId": assignment.group_id,
        "teacherId": assignment.teacher_id,
        "planId": found.plan.plan_id if found.plan else None,
        "planName": found.plan.name if found.plan else None,
        "until": str(found.until),
        "planned": known.planned,
        "due": known.due,
        "held": known.held,
        "fromPlan": known.from_plan,
        "free": known.free,
        "covered": str(known.covered),
        "difference": str(known.difference),
        "left": known.left,
        "short": str(known.short),
        "items": [_progress(each, numbers) for each in known.items],
        "dropped": [_progress(each, numbers) for each in known.dropped],
        "explanation": _sentence(found, polish=language == "pl"),
    }


def _sentence(found: realisations.Followed, *, polish: bool) -> str:
    known = found.realisation
    if found.plan is None:
        return (
            f"Bez rozkładu materiału: odbyło się {known.held} z {known.due} lekcji według planu zajęć."
            if polish
            else f"No curriculum plan: {known.held} of {known.due} lessons of the timetable were held."
        )
    behind = known.difference < 0
    how_far = str(abs(known.difference))
    if polish:
        place = f"opóźnienie {how_far} godz." if behind else f"wyprzedzenie {how_far} godz."
        return (
            f"Do {found.until}: {known.covered} z {known.planned} godz. rozkładu; z planu zajęć wypadło "
            f"{known.due} lekcji, odbyło się {known.held} (w tym {known.free} spoza rozkładu): {place}; "
            f"zostało {known.left} lekcji, zabraknie {known.short} godz."
        )
    place = f"{how_far} hours behind" if behind else f"{how_far} hours ahead"
    return (
        f"Until {found.until}: {known.covered} of {known.planned} hours of the plan; the timetable had "
        f"{known.due} lessons, {known.held} were held ({known.free} of them about none of its items): "
        f"{place}; {known.left} lessons are left, {known.short} hours will be missing."
    )
