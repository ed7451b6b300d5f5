"""Which average has a pupil over a year? Each of the five ways is reckoned by hand in a comment.

One pupil, one subject. First term: 4 (weight 3), 3 (weight 1), final 4. Second term: 5 (weight 2), "np".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts.classification import YearMethod
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION, USUAL_GRADING
from dziennik.domain.policies.grading import GradeInput
from dziennik.domain.policies.year_average import DatedGrade, Rules, YearPart, explain_year, proposal

TERMS = (
    Term(term_id="t1", name="I okres", starts=date(2026, 9, 1), ends=date(2027, 1, 31)),
    Term(term_id="t2", name="II okres", starts=date(2027, 2, 1), ends=date(2027, 6, 25)),
)
OCTOBER, JANUARY, MARCH = date(2026, 10, 1), date(2027, 1, 20), date(2027, 3, 1)


def grade(
    grade_id: str, value: str, weight: int, on: date, kind: GradeKind = GradeKind.CURRENT
) -> DatedGrade:
    given_so = GradeInput(grade_id=grade_id, value=value, weight=Decimal(weight), kind=kind)
    return DatedGrade(on=on, grade=given_so)


GRADES = (
    grade("a", "4", 3, OCTOBER),
    grade("b", "3", 1, OCTOBER),
    grade("f1", "4", 0, JANUARY, GradeKind.TERM_FINAL),
    grade("c", "5", 2, MARCH),
    grade("d", "np", 1, MARCH),
)


def rules(method: YearMethod, **more: object) -> Rules:
    return Rules(
        terms=TERMS,
        grading=USUAL_GRADING,
        grading_version=1,
        classification=replace(USUAL_CLASSIFICATION, method=method, **more),
        classification_version=7,
    )


@pytest.mark.parametrize(
    ("method", "more", "value", "proposed"),
    [
        # (4x3 + 3x1 + 5x2) / 6 = 25 / 6 = 4.1666...
        (YearMethod.ALL_GRADES, {}, "4.17", "4"),
        # first term (12 + 3) / 4 = 3.75, second 5.00: (3.75 + 5) / 2 = 4.375
        (YearMethod.TERM_AVERAGES, {}, "4.38", "4"),
        # only the first term has a final grade: 4 / 1
        (YearMethod.TERM_FINALS, {}, "4.00", "4"),
        # (5x2 + 3.75x3) / 5 = 21.25 / 5
        (YearMethod.CARRIED_AVERAGE, {"carried_weight": Decimal(3)}, "4.25", "4"),
        # (3.75x1 + 5x2) / 3 = 13.75 / 3 = 4.5833...; 4.58 does not reach 4.6
        (YearMethod.WEIGHTED_TERMS, {"term_weights": (Decimal(1), Decimal(2))}, "4.58", "4"),
        # (3.75x1 + 5x3) / 4 = 18.75 / 4 = 4.6875
        (YearMethod.WEIGHTED_TERMS, {"term_weights": (Decimal(1), Decimal(3))}, "4.69", "5"),
    ],
)
def test_a_year_is_reckoned_by_the_schools_method(
    method: YearMethod, more: dict[str, object], value: str, proposed: str
) -> None:
    found = explain_year(GRADES, rules(method, **more))
    assert (found.value, found.proposed) == (Decimal(value), proposed)
    assert (found.method, found.rule_version) == (method, 7)


def test_the_terms_are_explained_whatever_the_method() -> None:
    for method in YearMethod:
        terms = dict(explain_year(GRADES, rules(method)).terms)
        assert {term: average.value for term, average in terms.items()} == {
            "t1": Decimal("3.75"),
            "t2": Decimal("5.00"),
        }
        assert [left.grade_id for left in terms["t2"].excluded] == ["d"]


def test_a_term_without_a_number_does_not_count_but_is_told() -> None:
    found = explain_year(GRADES[:3], rules(YearMethod.TERM_AVERAGES))
    assert found.parts == (
        YearPart(term_id="t1", number=Decimal("3.75"), weight=Decimal(1)),
        YearPart(term_id="t2", number=None, weight=Decimal(1)),
    )
    assert found.value == Decimal("3.75")


def test_nothing_counts_as_no_value_by_any_method() -> None:
    for method in YearMethod:
        found = explain_year((), rules(method))
        assert (found.value, found.proposed, found.threshold) == (None, None, None)


def test_a_retake_in_the_second_term_counts_in_the_second_term() -> None:
    retake = DatedGrade(on=MARCH, grade=replace(GRADES[1].grade, grade_id="r", value="6", improves="b"))
    found = explain_year((*GRADES, retake), rules(YearMethod.TERM_AVERAGES))
    # second term: (5x2 + 6x1) / 3 = 5.33; the first keeps its 3: (3.75 + 5.33) / 2 = 4.54
    assert [average.value for _, average in found.terms] == [Decimal("3.75"), Decimal("5.33")]
    assert found.value == Decimal("4.54")
    # of the whole year at once the better of both counts: (12 + 6 + 10) / 6 = 4.67
    assert explain_year((*GRADES, retake), rules(YearMethod.ALL_GRADES)).value == Decimal("4.67")


def test_the_threshold_that_is_reached_is_told() -> None:
    reached = proposal(Decimal("4.60"), USUAL_CLASSIFICATION.marks)
    assert reached is not None
    assert (reached.mark, reached.average) == ("5", Decimal("4.6"))
    below = proposal(Decimal("4.59"), USUAL_CLASSIFICATION.marks)
    assert below is not None
    assert below.mark == "4"
    assert proposal(Decimal("1.00"), ()) is None


MARKS = st.sampled_from(["1", "2", "3+", "4-", "5", "6", "np"])
DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))


@given(st.lists(st.tuples(MARKS, st.integers(0, 5), DAYS), max_size=12), st.sampled_from(YearMethod))
def test_a_year_lies_between_its_parts(some: list[tuple[str, int, date]], method: YearMethod) -> None:
    grades = [grade(str(n), value, weight, on) for n, (value, weight, on) in enumerate(some)]
    found = explain_year(grades, rules(method, term_weights=(Decimal(2), Decimal(3))))
    numbers = [part.number for part in found.parts if part.number is not None and part.weight]
    if found.value is None:
        assert not numbers
    else:
        assert min(numbers) - Decimal("0.01") <= found.value <= max(numbers) + Decimal("0.01")
