"""Which average has a pupil in a subject over a year, by which of the five ways, and why that number?

Terms first: the weighted average of each term's grades (policies.grading). Then the year's, by the method of
the school's dated rules (contracts.classification.YearMethod), rounded half up once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from dziennik.contracts.classification import ClassificationRules, MarkThreshold, YearMethod
from dziennik.contracts.values import GradeKind, GradingRules, Term, TermId
from dziennik.domain.policies.grading import Average, GradeInput, explain_average, number_of


class DatedGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A grade and the day it is of, which decides on the term it belongs to."""

    on: date
    grade: GradeInput


class YearPart(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into the year's average: a term's number, or (term_id None) single grades.

    `number` is None when the term has none; then it does not count.
    """

    term_id: TermId | None
    number: Decimal | None
    weight: Decimal


class YearAverage(msgspec.Struct, frozen=True, kw_only=True):
    """The year's average with its parts; `value` is None when nothing counts.

    `proposed` is the mark that `value` reaches, by `threshold`. `terms` explain the terms' averages, and
    `year` the single grades that the method reckons with, if it does.
    """

    value: Decimal | None
    method: YearMethod
    rule_version: int
    parts: tuple[YearPart, ...]
    terms: tuple[tuple[TermId, Average], ...]
    year: Average | None
    proposed: str | None
    threshold: Decimal | None
    grading_version: int


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that a year is reckoned by, with their versions."""

    terms: tuple[Term, ...]
    grading: GradingRules
    grading_version: int
    classification: ClassificationRules
    classification_version: int


def explain_year(grades: Sequence[DatedGrade], rules: Rules) -> YearAverage:
    """Reckon a pupil's year in one subject. Grades on days of no term count in the year only."""
    terms = tuple([(term.term_id, _average(_within(grades, term), rules)) for term in rules.terms])
    method = rules.classification.method
    year: Average | None = None
    if method is YearMethod.ALL_GRADES:
        year = _average([dated.grade for dated in grades], rules)
        parts = _of_grades(year)
    elif method is YearMethod.CARRIED_AVERAGE and rules.terms:
        year = _average(_within(grades, rules.terms[-1]), rules)
        carried = rules.classification.carried_weight
        earlier = [YearPart(term_id=t, number=a.value, weight=carried) for t, a in terms[:-1]]
        parts = [*earlier, *_of_grades(year)]
    elif method is YearMethod.TERM_FINALS:
        finals = [(term.term_id, _final(_within(grades, term), rules.grading)) for term in rules.terms]
        parts = [YearPart(term_id=term, number=number, weight=Decimal(1)) for term, number in finals]
    else:
        parts = _of_terms(terms, rules.classification)
    value = _mean(parts, rules.grading.places)
    reached = proposal(value, rules.classification.marks)
    return YearAverage(
        value=value,
        method=method,
        rule_version=rules.classification_version,
        parts=tuple(parts),
        terms=terms,
        year=year,
        proposed=reached.mark if reached else None,
        threshold=reached.average if reached else None,
        grading_version=rules.grading_version,
    )


def proposal(value: Decimal | None, marks: Sequence[MarkThreshold]) -> MarkThreshold | None:
    """The highest threshold that the average reaches."""
    if value is None:
        return None
    return max((m for m in marks if value >= m.average), key=lambda m: m.average, default=None)


def _average(grades: Sequence[GradeInput], rules: Rules) -> Average:
    return explain_average(grades, rules.grading, rules.grading_version)


def _within(grades: Sequence[DatedGrade], term: Term) -> list[GradeInput]:
    return [dated.grade for dated in grades if term.starts <= dated.on <= term.ends]


def _of_grades(average: Average) -> list[YearPart]:
    return [YearPart(term_id=None, number=one.number, weight=one.weight) for one in average.included]


def _of_terms(terms: Sequence[tuple[TermId, Average]], classification: ClassificationRules) -> list[YearPart]:
    equal = classification.method is not YearMethod.WEIGHTED_TERMS
    weights = [Decimal(1)] * len(terms) if equal else list(classification.term_weights)
    weights += [Decimal(1)] * (len(terms) - len(weights))
    return [
        YearPart(term_id=term_id, number=average.value, weight=weight)
        for (term_id, average), weight in zip(terms, weights, strict=False)
    ]


def _final(grades: Sequence[GradeInput], rules: GradingRules) -> Decimal | None:
    standing = (g for g in grades if not g.struck_out and not g.ruled_out)
    finals = [g.value for g in standing if g.kind is GradeKind.TERM_FINAL]
    return number_of(finals[-1], rules) if finals else None


def _mean(parts: Sequence[YearPart], places: int) -> Decimal | None:
    counted = [(part.number, part.weight) for part in parts if part.number is not None]
    total = sum((weight for _, weight in counted), Decimal(0))
    if not total:
        return None
    mean = sum((number * weight for number, weight in counted), Decimal(0)) / total
    return mean.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
