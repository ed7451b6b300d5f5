"""Queries: questions about entries, with answers and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.disputes import DisputeOutcome
from dziennik.graphql import moments
from dziennik.graphql.context import context_of
from dziennik.graphql.moments import Moment
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import disputes

ID = strawberry.ID
Outcome = enum_named(DisputeOutcome)
SEEN = (disputes.DISPUTES.name,)


@strawberry.type(description="An answer, or the decision, with its author.")
class DisputeAnswer:
    text: str
    by: ID
    at: datetime


@strawberry.type(description="A question about a grade or a mark, with what became of it.")
class Dispute:
    id: ID
    class_id: ID
    pupil_id: ID
    subject_id: ID | None
    grade_id: ID | None
    unit_id: ID | None
    lesson_id: ID | None
    asked_by: ID
    asked_at: datetime
    text: str
    over: bool
    outcome: Outcome | None  # type: ignore[valid-type]
    decision: DisputeAnswer | None
    answers: list[DisputeAnswer]


@strawberry.type
class DisputeQueries:
    @guarded(description="Questions about a pupil's entries.")
    def pupil_disputes(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[Dispute]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, disputes.DISPUTES)
        granted = context.granted
        rows = disputes.of_pupil(context.view(school), pupil_id)
        return [_told(row) for row in rows if granted.subjects is None or granted.covers(row.subject_id)]  # type: ignore[misc]

    @guarded(description="Questions about entries of a class, all or the open ones.")
    def class_disputes(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        open_only: bool = False,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[Dispute]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_class(context, school, class_id, as_of, disputes.DISPUTES)
        granted = context.granted
        rows = disputes.of_class(context.view(school), class_id, open_only=open_only)
        return [_told(row) for row in rows if granted.subjects is None or granted.covers(row.subject_id)]  # type: ignore[misc]


def _answer(found: disputes.Answer) -> dict[str, Any]:
    return {"text": found.text, "by": found.by, "at": instant(found.at)}


def _told(row: disputes.Dispute) -> dict[str, Any]:
    return {
        "id": row.dispute_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "subjectId": row.subject_id,
        "gradeId": row.grade_id,
        "unitId": row.unit_id,
        "lessonId": row.lesson_id,
        "askedBy": row.asked_by,
        "askedAt": instant(row.asked_at),
        "text": row.text,
        "over": row.over,
        "outcome": row.outcome.name if row.outcome else None,
        "decision": _answer(row.decision) if row.decision else None,
        "answers": [_answer(answer) for answer in row.answers],
    }
