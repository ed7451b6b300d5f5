"""What number does a grade stand for, what is a pupil's average, and why that number?

average = sum(number x weight) / sum(weight) over the grades that count, rounded half up, by the school's
dated rules (DOMAIN section 4). Every grade that does not count is named with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.values import GradeKind, GradingRules, RetakeRule

_POINTS = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)/(\d{1,4}(?:[.,]\d{1,2})?)\Z", re.ASCII)


class ExclusionReason(StrEnum):
    """Why a grade does not count towards the average."""

    STRUCK_OUT = "struck_out"
    NOT_CURRENT = "not_current"
    IMPROVED = "improved"
    WORSE_RETAKE = "worse_retake"
    CATEGORY_NOT_COUNTED = "category_not_counted"
    COLUMN_NOT_COUNTED = "column_not_counted"
    NO_NUMBER = "no_number"
    ZERO_WEIGHT = "zero_weight"
    FORMER_SCHOOL = "former_school"


class GradeInput(msgspec.Struct, frozen=True, kw_only=True):
    """A grade as far as reckoning needs it; `improves` is the id of the grade it retakes.

    `counted` is what its column says; None: the category decides. `ruled_out`: of another school, whose
    grades do not count by this year's rule.
    """

    grade_id: str
    value: str
    weight: Decimal
    category_id: str | None = None
    struck_out: bool = False
    improves: str | None = None
    kind: GradeKind = GradeKind.CURRENT
    counted: bool | None = None
    ruled_out: bool = False


class Included(msgspec.Struct, frozen=True, kw_only=True):
    """A grade that counts: as which number, with which weight."""

    grade_id: str
    number: Decimal
    weight: Decimal


class Excluded(msgspec.Struct, frozen=True, kw_only=True):
    """A grade that does not count, and why."""

    grade_id: str
    reason: ExclusionReason


class Average(msgspec.Struct, frozen=True, kw_only=True):
    """The average with its inputs in the order given; `value` is None when nothing counts."""

    value: Decimal | None
    rule_version: int
    included: tuple[Included, ...]
    excluded: tuple[Excluded, ...]


def points_of(value: str) -> tuple[Decimal, Decimal] | None:
    """("12", "15") of "12/15" as numbers, with comma or point; None when it is not points."""
    match = _POINTS.match(value)
    if match is None:
        return None
    earned, out_of = (Decimal(part.replace(",", ".")) for part in match.groups())
    return earned, out_of


class PointSum(msgspec.Struct, frozen=True, kw_only=True):
    """What a pupil earned of the points that were to be had; `percent` is None when there were none.

    `counted` are the grades in it, `excluded` those written as points that are not, in the order given.
    """

    earned: Decimal
    out_of: Decimal
    percent: Decimal | None
    counted: tuple[str, ...]
    excluded: tuple[Excluded, ...] = ()


def sum_of_points(grades: Sequence[GradeInput], rules: GradingRules) -> PointSum:
    """Add up current grades written as points; of a chain of retakes what the school's rule leaves.

    Under AVERAGE a chain counts with the mean of what was earned and of what was to be had.
    """
    points = {g.grade_id: found for g in grades if (found := points_of(g.value)) is not None}
    left_out = {*ExclusionReason} - {ExclusionReason.NO_NUMBER, ExclusionReason.ZERO_WEIGHT}
    excluded = _plainly_excluded(grades, dict.fromkeys((g.grade_id for g in grades), Decimal(0)), rules)
    counting = [grade_id for grade_id in points if excluded.get(grade_id) not in left_out]
    earned = out_of = Decimal(0)
    counted: list[str] = []
    for chain in _chains(grades, counting):
        kept = _kept(chain, points, rules.retakes)
        share = len(kept) if rules.retakes is RetakeRule.AVERAGE else 1
        earned += sum((points[grade_id][0] for grade_id in kept), Decimal(0)) / share
        out_of += sum((points[grade_id][1] for grade_id in kept), Decimal(0)) / share
        counted += kept
        for grade_id in (one for one in chain if one not in kept):
            later = chain.index(grade_id) > chain.index(kept[0])
            excluded[grade_id] = ExclusionReason.WORSE_RETAKE if later else ExclusionReason.IMPROVED
    order = [g.grade_id for g in grades if g.grade_id in points]
    return PointSum(
        earned=earned,
        out_of=out_of,
        percent=_rounded(earned * 100 / out_of, rules.places) if out_of else None,
        counted=tuple(one for one in order if one in counted),
        excluded=tuple(Excluded(grade_id=one, reason=excluded[one]) for one in order if one not in counted),
    )


def _kept(chain: list[str], points: Mapping[str, tuple[Decimal, Decimal]], rule: RetakeRule) -> list[str]:
    if rule is RetakeRule.BETTER:
        return [max(chain, key=lambda grade_id: points[grade_id][0] / points[grade_id][1])]
    return chain[-1:] if rule is RetakeRule.LATEST else chain


def is_on_scale(value: str, rules: GradingRules) -> bool:
    """May this be written as a grade: a mark of the scale with + or -, a remark, or sound points?"""
    if value in rules.remarks or _mark_number(value, rules) is not None:
        return True
    points = points_of(value)
    return points is not None and 0 <= points[0] <= points[1] and points[1] > 0


def number_of(value: str, rules: GradingRules) -> Decimal | None:
    """What the grade counts as; None for plain remarks, descriptions, and points without thresholds."""
    if value in rules.remarks:
        return next((step.value for step in rules.counted_remarks if step.mark == value), None)
    number = _mark_number(value, rules)
    return _points_number(value, rules) if number is None else number


def explain_average(grades: Sequence[GradeInput], rules: GradingRules, version: int) -> Average:
    """Reckon the weighted average of a pupil's current grades in a subject.

    The order of `grades` decides nothing but the order in the answer, and which of two retakes is the
    later one. `version` names the rules in the answer.
    """
    numbers = {g.grade_id: number_of(g.value, rules) for g in grades}
    excluded = _plainly_excluded(grades, numbers, rules)
    merged = _settle_retakes(grades, numbers, rules, excluded)
    included = tuple(
        Included(grade_id=g.grade_id, number=merged[g.grade_id], weight=g.weight)
        for g in grades
        if g.grade_id in merged
    )
    total = sum((i.weight for i in included), Decimal(0))
    points = sum((i.number * i.weight for i in included), Decimal(0))
    return Average(
        value=_rounded(points / total, rules.places) if total else None,
        rule_version=version,
        included=included,
        excluded=tuple(
            Excluded(grade_id=g.grade_id, reason=excluded[g.grade_id])
            for g in grades
            if g.grade_id in excluded
        ),
    )


def _plainly_excluded(
    grades: Sequence[GradeInput], numbers: Mapping[str, Decimal | None], rules: GradingRules
) -> dict[str, ExclusionReason]:
    counted: dict[str | None, bool] = {one.category_id: one.counted for one in rules.categories}
    excluded = {}
    for grade in grades:
        if grade.struck_out:
            excluded[grade.grade_id] = ExclusionReason.STRUCK_OUT
        elif grade.ruled_out:
            excluded[grade.grade_id] = ExclusionReason.FORMER_SCHOOL
        elif grade.kind is not GradeKind.CURRENT:
            excluded[grade.grade_id] = ExclusionReason.NOT_CURRENT
        elif grade.counted is False:
            excluded[grade.grade_id] = ExclusionReason.COLUMN_NOT_COUNTED
        elif grade.counted is None and not counted.get(grade.category_id, True):
            excluded[grade.grade_id] = ExclusionReason.CATEGORY_NOT_COUNTED
        elif numbers[grade.grade_id] is None:
            excluded[grade.grade_id] = ExclusionReason.NO_NUMBER
        elif grade.weight <= 0:
            excluded[grade.grade_id] = ExclusionReason.ZERO_WEIGHT
    return excluded


def _settle_retakes(
    grades: Sequence[GradeInput],
    numbers: Mapping[str, Decimal | None],
    rules: GradingRules,
    excluded: dict[str, ExclusionReason],
) -> dict[str, Decimal]:
    """The number each grade that is not `excluded` counts as; of a chain of retakes what the rule leaves."""
    known = {
        grade_id: number
        for grade_id, number in numbers.items()
        if number is not None and grade_id not in excluded
    }
    if rules.retakes is RetakeRule.BOTH:
        return known
    for chain in _chains(grades, known.keys()):
        if len(chain) == 1:
            continue
        keeps = max(chain, key=lambda g: known[g]) if rules.retakes is RetakeRule.BETTER else chain[-1]
        if rules.retakes is RetakeRule.AVERAGE:
            known[keeps] = sum((known[g] for g in chain), Decimal(0)) / len(chain)
        kept_at = chain.index(keeps)
        for place, grade_id in enumerate(chain):
            if grade_id != keeps:
                later = place > kept_at
                excluded[grade_id] = ExclusionReason.WORSE_RETAKE if later else ExclusionReason.IMPROVED
                del known[grade_id]
    return known


def _chains(grades: Sequence[GradeInput], counting: Collection[str]) -> list[list[str]]:
    """Ids of `counting` grades linked by retakes, earliest first.

    A link leads on over a grade that does not count (a retake of an "nb" retakes what the "nb" was to), but
    not over a struck-out one, which was never meant.
    """
    links = {g.grade_id: g.improves for g in grades if not g.struck_out}
    chains: dict[str, list[tuple[int, int, str]]] = {}
    for place, grade in enumerate(grades):
        if grade.grade_id in counting:
            first, steps = _followed(links, grade.grade_id)
            chains.setdefault(first, []).append((steps, place, grade.grade_id))
    return [[grade_id for _, _, grade_id in sorted(chain)] for chain in chains.values()]


def _followed(links: Mapping[str, str | None], grade_id: str) -> tuple[str, int]:
    """The first grade that this one retakes, and how many steps away it is. Rings end where they close."""
    seen = [grade_id]
    while (earlier := links[seen[-1]]) in links and earlier is not None and earlier not in seen:
        seen.append(earlier)
    return seen[-1], len(seen) - 1


def _mark_number(value: str, rules: GradingRules) -> Decimal | None:
    for step in rules.scale:
        if value == step.mark:
            return step.value
        if value == f"{step.mark}+":
            return step.value + rules.plus
        if value == f"{step.mark}-":
            return step.value + rules.minus
    return None


def _points_number(value: str, rules: GradingRules) -> Decimal | None:
    points = points_of(value)
    if points is None or points[1] <= 0:
        return None
    reached = [t for t in rules.thresholds if points[0] * 100 >= t.percent * points[1]]
    best = max(reached, key=lambda t: t.percent, default=None)
    return _mark_number(best.mark, rules) if best else None


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
