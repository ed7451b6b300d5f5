"""Queries: descriptive assessments of pupils and classes, and the rules they follow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql import shapes
from dziennik.graphql.context import context_of
from dziennik.graphql.rendering import instant
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import descriptive

ID = strawberry.ID
MODELS = (*SEEN, descriptive.DESCRIPTIVE.name)


@strawberry.type(description="One step of the descriptive scale.")
class DescriptiveStep:
    symbol: str
    name: str


@strawberry.type(description="Something that pupils are to be able to do.")
class Requirement:
    requirement_id: ID
    text: str


@strawberry.type(description="An area of education; with a subject, its teachers assess it.")
class AssessmentArea:
    area_id: ID
    name: str
    subject_id: ID | None
    requirements: list[Requirement]


@strawberry.type(description="How pupils of these levels are assessed; version 0: none were set.")
class DescriptiveRules:
    version: int
    levels: list[int]
    areas: list[AssessmentArea]
    scale: list[DescriptiveStep]


@strawberry.type(description="What an assessment says: a step, requirements met, words.")
class AssessmentWords:
    step: str | None
    met: list[ID]
    text: str | None
    comment: str | None


@strawberry.type(description="A correction (with what it said before) or a strike-out.")
class AssessmentChange:
    reason: str
    by: ID
    role: shapes.Role
    at: datetime
    was: AssessmentWords | None


@strawberry.type(description="A descriptive assessment (ocena opisowa) with all that happened to it.")
class DescriptiveAssessment:
    id: ID
    class_id: ID
    pupil_id: ID
    area_id: ID
    kind: shapes.GradeKind
    on: date
    author_id: ID | None
    says: AssessmentWords
    written_at: datetime
    changes: list[AssessmentChange]
    struck_out: AssessmentChange | None


@strawberry.type
class DescriptiveQueries:
    @guarded(description="Areas, requirements and scale of descriptive assessment in a year.")
    def descriptive_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> DescriptiveRules:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        return _rules(descriptive.rules_of(context.view(school), year_id))  # type: ignore[return-value]

    @guarded(description="A pupil's descriptive assessments, of all years or in one class.")
    def pupil_descriptive(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> list[DescriptiveAssessment]:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        rows = descriptive.of_pupil(context.view(school), pupil_id)
        return [_told(row) for row in rows if class_id in (None, row.class_id)]  # type: ignore[misc]

    @guarded(description="Descriptive assessments of a class, by pupil and day.")
    def class_descriptive(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[DescriptiveAssessment]:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        rows = descriptive.of_class(context.view(school), class_id)
        return [_told(row) for row in rows]  # type: ignore[misc]


def _rules(row: descriptive.YearRules) -> dict[str, Any]:
    rules = row.rules
    return {
        "version": row.version,
        "levels": list(rules.levels),
        "areas": [
            {
                "areaId": area.area_id,
                "name": area.name,
                "subjectId": area.subject_id,
                "requirements": [
                    {"requirementId": one.requirement_id, "text": one.text} for one in area.requirements
                ],
            }
            for area in rules.areas
        ],
        "scale": [{"symbol": step.symbol, "name": step.name} for step in rules.scale],
    }


def _told(row: descriptive.Assessment) -> dict[str, Any]:
    return {
        "id": row.assessment_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "areaId": row.area_id,
        "kind": row.kind.name,
        "on": str(row.on),
        "authorId": row.author_id,
        "says": _words(row.says),
        "writtenAt": instant(row.written_at),
        "changes": [_change(one) for one in row.changes],
        "struckOut": _change(row.struck_out) if row.struck_out else None,
    }


def _words(says: descriptive.Words) -> dict[str, Any]:
    return {"step": says.step, "met": list(says.met), "text": says.text, "comment": says.comment}


def _change(act: descriptive.Act) -> dict[str, Any]:
    return {
        "reason": act.reason,
        "by": act.by,
        "role": act.role,
        "at": instant(act.at),
        "was": _words(act.was) if act.was else None,
    }
