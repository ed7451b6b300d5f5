"""Queries: who studies individually."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.studies import StudyKind
from dziennik.graphql.context import context_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import studies

ID = strawberry.ID
Kind = enum_named(StudyKind)
SEEN = (studies.STUDIES.name,)


@strawberry.type(description="Individual study of some subjects (indywidualny program lub tok nauki).")
class IndividualStudy:
    id: ID
    class_id: ID
    pupil_id: ID
    kind: Kind  # type: ignore[valid-type]
    subjects: list[ID]
    since: date
    until: date | None
    decision: str
    legal_basis: str
    supervisor_id: ID
    ended_for: str | None = strawberry.field(description="Why it was ended before its time.")


@strawberry.type
class StudyQueries:
    @guarded(description="A pupil's individual studies, by day.")
    def pupil_studies(
        self, info: Info, school: SchoolId, pupil_id: strawberry.ID, after_position: Position = None
    ) -> list[IndividualStudy]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_told(row) for row in studies.of_pupil(context.view(school), pupil_id)]  # type: ignore[misc]

    @guarded(description="Individual studies of a class's pupils, by day.")
    def class_studies(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[IndividualStudy]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_told(row) for row in studies.of_class(context.view(school), class_id)]  # type: ignore[misc]


def _told(row: studies.Study) -> dict[str, Any]:
    return {
        "id": row.study_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "kind": row.kind.name,
        "subjects": list(row.subjects),
        "since": str(row.since),
        "until": str(row.until) if row.until else None,
        "decision": row.decision,
        "legalBasis": row.legal_basis,
        "supervisorId": row.supervisor_id,
        "endedFor": row.ended_for,
    }
