"""Queries: proposals that are due, and pupils at risk; of a class, or of the whole school."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from strawberry.types import Info

from dziennik.graphql.classification_queries import SEEN
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import SEEN as STRUCTURE
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import structure, warnings
from dziennik.projections.rows import View

ID = strawberry.ID
RiskReason = enum_named(warnings.RiskReason)
MODELS = (*STRUCTURE, *SEEN)
_Warning = TypeVar("_Warning", warnings.ProposalGap, warnings.AtRisk)


@strawberry.type(description="Pupils who are proposed no grade yet, of a term or (no term) of the year.")
class ProposalGap:
    class_id: ID
    subject_id: ID
    teacher_id: ID
    term_id: ID | None
    due_on: date
    overdue: bool
    pupil_ids: list[ID]


@strawberry.type(description="A pupil at risk in a subject: why, and by which rules.")
class AtRisk:
    class_id: ID
    subject_id: ID
    pupil_id: ID
    average: Decimal | None
    below: Decimal = strawberry.field(description="An average below this is a risk.")
    rule_version: int
    proposed: str | None
    reasons: list[RiskReason]  # type: ignore[valid-type]


@strawberry.type
class WarningQueries:
    @guarded(description="Proposed grades that are due and missing; of a class, or (director) of all.")
    def missing_proposals(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        class_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> list[ProposalGap]:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        classes = _classes(context, school, year_id, class_id)
        found = _covered(context, school, classes, warnings.missing_proposals)
        return [_gap(one) for one in found]  # type: ignore[misc]

    @guarded(description="Pupils at risk of failing; of a class, or (director) of all.")
    def pupils_at_risk(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        class_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> list[AtRisk]:
        context = context_of(info)
        context.wait(school, MODELS, after_position)
        classes = _classes(context, school, year_id, class_id)
        found = _covered(context, school, classes, warnings.at_risk)
        return [_risk(one) for one in found]  # type: ignore[misc]


def _classes(context: Context, school: str, year_id: str, class_id: str | None) -> list[str]:
    """The class, if it is one of the year, or all classes of the year by name."""
    units = structure.units(context.view(school), year_id)
    return [one.unit_id for one in units if class_id in (None, one.unit_id)]


def _covered(
    context: Context, school: str, classes: list[str], warned: Callable[[View, str, date], Iterable[_Warning]]
) -> list[_Warning]:
    """What is warned of in these classes today, as far as the asker may see it."""
    view, today = context.view(school), context.today(school)
    return [
        one
        for class_id in classes
        for one in warned(view, class_id, today)
        if context.granted.covers(one.subject_id, one.class_id)
    ]


def _gap(one: warnings.ProposalGap) -> dict[str, Any]:
    return {
        "classId": one.class_id,
        "subjectId": one.subject_id,
        "teacherId": one.teacher_id,
        "termId": one.term_id,
        "dueOn": str(one.due_on),
        "overdue": one.overdue,
        "pupilIds": list(one.pupils),
    }


def _risk(one: warnings.AtRisk) -> dict[str, Any]:
    return {
        "classId": one.class_id,
        "subjectId": one.subject_id,
        "pupilId": one.pupil_id,
        "average": None if one.average is None else str(one.average),
        "below": str(one.below),
        "ruleVersion": one.rule_version,
        "proposed": one.proposed,
        "reasons": [reason.name for reason in one.reasons],
    }
