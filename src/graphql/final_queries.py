"""Queries: subjects that end in a class, and a pupil's final grades as the certificate shows them."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql.classification_queries import SEEN
from dziennik.graphql.context import context_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import SEEN as STRUCTURE
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import finals

ID = strawberry.ID
FinalOrigin = enum_named(finals.Origin)
MODELS = (*STRUCTURE, *SEEN, finals.FINALS.name)


@strawberry.type(description="A final grade (ocena końcowa): of which year, and why it is final.")
class FinalGrade:
    subject_id: ID
    value: str
    year: str
    class_id: ID
    origin: FinalOrigin  # type: ignore[valid-type]
    source: str | None


@strawberry.type
class FinalQueries:
    @guarded(description="Subjects whose teaching ends with the class's year.")
    def completed_subjects(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[ID]:
        context = context_of(info)
        context.wait(school, (finals.FINALS.name,), after_position)
        return [ID(row.subject_id) for row in finals.completed(context.view(school), class_id)]

    @guarded(description="A pupil's final grades: of the last year, and of subjects that ended before.")
    def pupil_final_grades(
        self, info: Info, school: SchoolId, pupil_id: strawberry.ID, after_position: Position = None
    ) -> list[FinalGrade]:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        return [_told(one) for one in finals.of_pupil(context.view(school), pupil_id)]  # type: ignore[misc]


def _told(one: finals.FinalGrade) -> dict[str, Any]:
    return {
        "subjectId": one.subject_id,
        "value": one.value,
        "year": one.year,
        "classId": one.class_id,
        "origin": one.origin.name,
        "source": one.source,
    }
