"""Query: a page of the class register, lesson by lesson, with marks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from dziennik.graphql import shapes
from dziennik.graphql.context import context_of
from dziennik.graphql.raw import RawList
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId, class_pupils
from dziennik.graphql.who_may import guarded
from dziennik.projections import register_pages

ID = strawberry.ID
PAGES = (*SEEN, register_pages.REGISTER_PAGES.name)


# The fields of these two, in this order, are those of projections.register_pages (ADR 0029).
@strawberry.type(description="A pupil who was asked and was not simply present.")
class PageMark:
    pupil_id: ID
    type_id: ID
    kind: shapes.AttendanceKind
    minutes: int | None


@strawberry.type(
    description="A lesson on a page of the register; asked is null while the roll was not called."
)
class PageLesson:
    id: ID
    unit_id: ID
    on: date
    period: int
    assignment_id: ID
    subject_id: ID
    group_id: ID | None
    teacher_id: ID
    instead_of: ID | None
    co_teachers: list[ID]
    room: str | None
    topic: str | None
    plan_id: ID | None
    items: list[ID]
    signed_by: ID | None
    signed_at: datetime | None
    co_signed: list[ID]
    cancelled: str | None
    asked: int | None
    marks: list[PageMark]


@strawberry.type(description="A page of the register; selecting all fields of its lessons in order is fast.")
class RegisterPage:
    class_id: ID
    pupils: list[shapes.ClassPupil]
    lessons: list[PageLesson]


@strawberry.type
class PageQueries:
    @guarded(description="A page of a class's (or interclass group's) register, such as a month of it.")
    def register_page(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: Annotated[date, strawberry.argument(name="from", description="First day.")],
        to: Annotated[date, strawberry.argument(description="Last day.")],
        after_position: Position = None,
    ) -> RegisterPage:
        context = context_of(info)
        context.wait(school, PAGES, after_position)
        granted = context.granted
        rows = register_pages.page_json(context.view(school), class_id, from_, to)
        return {  # type: ignore[return-value]
            "classId": class_id,
            "pupils": lambda: class_pupils(context, school, class_id, None),
            "lessons": RawList(
                [content for subject, day, content in rows if granted.covers(subject, class_id, day)]
            ),
        }
