"""The types of answers about the end of a year, and how they are rendered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from dziennik.contracts import classification as said
from dziennik.domain.policies import grading, promotion
from dziennik.domain.policies.year_average import YearAverage
from dziennik.graphql import shapes
from dziennik.graphql.scalars import enum_named
from dziennik.projections import classification, year_results

ID = strawberry.ID
Json = dict[str, Any]
Method = enum_named(said.YearMethod)
OutcomeName = enum_named(said.Outcome)
Book = enum_named(said.YearBook)


@strawberry.type(description="From this average on, the mark is proposed.")
class MarkThreshold:
    average: Decimal
    mark: str


@strawberry.type(description="Grades are to be proposed by this day: for a term, or (no term) for the year.")
class ProposalsDue:
    term_id: ID | None
    on: date


@strawberry.type(description="How a year is classified; version 0: the usual rules hold, none were set.")
class ClassificationRules:
    version: int
    method: Method  # type: ignore[valid-type]
    marks: list[MarkThreshold]
    final_remarks: list[str]
    unclassified: list[str]
    failing: list[str]
    at_risk_below: Decimal
    honours_average: Decimal
    honours_behaviour: list[str]
    conditional: int
    last_level: int
    carried_weight: Decimal
    term_weights: list[Decimal]
    due: list[ProposalsDue]


@strawberry.type(description="A term's average, explained.")
class TermAverage:
    term_id: ID
    average: shapes.Average


@strawberry.type(description="What goes into a year's average: a term's number, or (no term) one grade.")
class YearPart:
    term_id: ID | None
    number: Decimal | None
    weight: Decimal


@strawberry.type(name="YearAverage", description="The average of a year, explained: method, parts, terms.")
class YearAverageShape:
    value: Decimal | None
    method: Method  # type: ignore[valid-type]
    rule_version: int
    parts: list[YearPart]
    terms: list[TermAverage]
    grades: shapes.Average | None
    proposed: str | None
    threshold: Decimal | None


@strawberry.type(description="A proposed or final grade that stands (ocena klasyfikacyjna).")
class PeriodGrade:
    kind: shapes.GradeKind
    term_id: ID | None
    grade_id: ID
    value: str
    on: date
    teacher_id: ID


@strawberry.type(description="The sum of points in a year; `counted` are the grades in it.")
class PointSum:
    earned: Decimal
    out_of: Decimal
    percent: Decimal | None
    counted: list[ID]
    excluded: list[shapes.ExcludedGrade]
    rule_version: int


@strawberry.type(description="A pupil's year in one subject.")
class PupilYear:
    pupil_id: ID
    subject_id: ID
    average: YearAverageShape
    points: PointSum
    grades: list[PeriodGrade]
    at_risk: bool


@strawberry.type(description="What the grades give, explained (no outcome while grades are missing).")
class Promotion:
    outcome: OutcomeName | None  # type: ignore[valid-type]
    average: Decimal | None
    rule_version: int
    behaviour: str | None
    left_out: list[ID]
    failing: list[ID]
    unclassified: list[ID]
    missing: list[ID]


@strawberry.type(description="What the class council decided (promocja).")
class Decision:
    class_id: ID
    pupil_id: ID
    outcome: OutcomeName  # type: ignore[valid-type]
    average: Decimal | None
    behaviour: str | None
    rule_version: int
    reason: str | None
    by: ID
    at: datetime
    earlier: list[OutcomeName]  # type: ignore[valid-type]


@strawberry.type(description="A line of the sheet that the council sees: a pupil's annual grades.")
class SheetLine:
    pupil: shapes.ClassPupil
    results: list[PupilYear]
    promotion: Promotion
    decision: Decision | None


@strawberry.type(description="The sheet of a class for the council (arkusz zbiorczy).")
class ClassificationSheet:
    class_id: ID
    lines: list[SheetLine]
    closed_on: date | None


@strawberry.type(description="How far a class is from a closed register.")
class ClassCheck:
    class_id: ID
    name: str
    pupils: int
    missing_finals: int
    missing_behaviour: int
    missing_decisions: int
    open_excuses: int = strawberry.field(description="Handed in, and nobody decided about them.")
    unanswered_questions: int = strawberry.field(description="Of families, about entries.")
    lesson_gaps: int = strawberry.field(
        description="Lessons until today without entry, topic, roll or signature: see classGaps."
    )
    closed_on: date | None
    gaps: int
    reason: str | None


@strawberry.type(description="A correction that the director permitted after the year was closed.")
class Permit:
    id: ID
    unit_id: ID
    person_id: ID
    until: date
    what: str
    reason: str
    legal_basis: str
    by: ID
    at: datetime


@strawberry.type(
    description="A correction that the director permitted beside the registers of a closed year."
)
class YearPermit:
    id: ID
    year_id: ID
    book: Book  # type: ignore[valid-type]
    person_id: ID
    until: date
    what: str
    reason: str
    legal_basis: str
    by: ID
    at: datetime


@strawberry.type(description="Whether a year can be closed, class by class; when it was.")
class ClosingCheck:
    year_id: ID
    closed_on: date | None
    position: int | None
    classes: list[ClassCheck]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def rules(row: classification.YearRules) -> Json:
    """ClassificationRules."""
    found = row.rules
    return {
        "version": row.version,
        "method": found.method.name,
        "marks": [{"average": str(m.average), "mark": m.mark} for m in found.marks],
        "finalRemarks": list(found.final_remarks),
        "unclassified": list(found.unclassified),
        "failing": list(found.failing),
        "atRiskBelow": str(found.at_risk_below),
        "honoursAverage": str(found.honours_average),
        "honoursBehaviour": list(found.honours_behaviour),
        "conditional": found.conditional,
        "lastLevel": found.last_level,
        "carriedWeight": str(found.carried_weight),
        "termWeights": [str(weight) for weight in found.term_weights],
        "due": [{"termId": due.term_id, "on": str(due.on)} for due in found.due],
    }


def average(found: grading.Average) -> Json:
    """An Average."""
    return {
        "value": _text(found.value),
        "ruleVersion": found.rule_version,
        "included": [
            {"gradeId": i.grade_id, "number": str(i.number), "weight": str(i.weight)} for i in found.included
        ],
        "excluded": [{"gradeId": e.grade_id, "reason": e.reason.name} for e in found.excluded],
    }


def year_average(found: YearAverage) -> Json:
    """A YearAverageShape."""
    return {
        "value": _text(found.value),
        "method": found.method.name,
        "ruleVersion": found.rule_version,
        "parts": [
            {"termId": p.term_id, "number": _text(p.number), "weight": str(p.weight)} for p in found.parts
        ],
        "terms": [{"termId": term, "average": average(one)} for term, one in found.terms],
        "grades": average(found.year) if found.year else None,
        "proposed": found.proposed,
        "threshold": _text(found.threshold),
    }


def pupil_year(found: year_results.PupilYear, *, at_risk: bool) -> Json:
    """A PupilYear."""
    return {
        "pupilId": found.pupil_id,
        "subjectId": found.subject_id,
        "average": year_average(found.average),
        "points": {
            "earned": str(found.points.earned),
            "outOf": str(found.points.out_of),
            "percent": _text(found.points.percent),
            "counted": list(found.points.counted),
            "excluded": [
                {"gradeId": left.grade_id, "reason": left.reason.name} for left in found.points.excluded
            ],
            "ruleVersion": found.average.grading_version,
        },
        "grades": [
            {
                "kind": each.kind.name,
                "termId": each.term_id,
                "gradeId": each.grade.id,
                "value": each.grade.value,
                "on": str(each.grade.on),
                "teacherId": each.grade.teacher_id,
            }
            for each in found.grades
        ],
        "atRisk": at_risk,
    }


def promoted(found: promotion.Promotion) -> Json:
    """A Promotion."""
    return {
        "outcome": found.outcome.name if found.outcome else None,
        "average": _text(found.average),
        "ruleVersion": found.rule_version,
        "behaviour": found.behaviour,
        "leftOut": list(found.left_out),
        "failing": list(found.failing),
        "unclassified": list(found.unclassified),
        "missing": list(found.missing),
    }


def decision(row: classification.PromotionRow) -> Json:
    """A Decision."""
    return {
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "outcome": row.outcome.name,
        "average": _text(row.average),
        "behaviour": row.behaviour,
        "ruleVersion": row.rule_version,
        "reason": row.reason,
        "by": row.by,
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "earlier": [outcome.name for outcome in row.earlier],
    }


def permit(row: classification.Permit) -> Json:
    """A Permit."""
    return {"unitId": row.unit_id, **_permit(row)}


def year_permit(row: classification.YearPermit) -> Json:
    """A YearPermit."""
    return {"yearId": row.year_id, "book": row.book.name, **_permit(row)}


def _permit(row: classification.Permit | classification.YearPermit) -> Json:
    return {
        "id": row.permit_id,
        "personId": row.person_id,
        "until": str(row.until),
        "what": row.what,
        "reason": row.reason,
        "legalBasis": row.legal_basis,
        "by": row.by,
        "at": row.at.isoformat().replace("+00:00", "Z"),
    }
