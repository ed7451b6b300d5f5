"""What counts towards an average, as which number, and does the average say so?"""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts.values import GradeKind, GradingRules, RetakeRule, ScaleMark
from dziennik.domain.policies.defaults import USUAL_GRADING
from dziennik.domain.policies.grading import (
    Average,
    Excluded,
    ExclusionReason,
    GradeInput,
    Included,
    explain_average,
    is_on_scale,
    number_of,
    points_of,
    sum_of_points,
)

RULES = USUAL_GRADING
BETTER, LATEST, BOTH, AVERAGE = (replace(RULES, retakes=rule) for rule in RetakeRule)


def grade(grade_id: str, value: str, weight: str = "1", improves: str | None = None) -> GradeInput:
    return GradeInput(grade_id=grade_id, value=value, weight=Decimal(weight), improves=improves)


def included(grade_id: str, number: str, weight: str = "1") -> Included:
    return Included(grade_id=grade_id, number=Decimal(number), weight=Decimal(weight))


def excluded(grade_id: str, reason: ExclusionReason) -> Excluded:
    return Excluded(grade_id=grade_id, reason=reason)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1", "1"),
        ("4", "4"),
        ("4+", "4.5"),
        ("4-", "3.75"),
        ("6+", "6.5"),
        ("1-", "0.75"),
        ("12/15", "4"),  # 80 %: from 75 on a 4
        ("15/15", "6"),
        ("14,7/15", "6"),  # 98 % exactly
        ("14.69/15", "5"),  # 97.93 %
        ("4.5/15", "2"),  # 30 % exactly
        ("0/15", "1"),
        ("1/3", "2"),  # 33.3 %
        ("+", None),
        ("-", None),
        ("np", None),
        ("bz", None),
        ("", None),
        ("7", None),
        ("4++", None),
        ("+4", None),
        ("4 ", None),
        ("٤", None),  # a digit, but not ours
        ("5/0", None),
    ],
)
def test_what_a_grade_counts_as(value: str, number: str | None) -> None:
    assert number_of(value, RULES) == (None if number is None else Decimal(number))


def test_plus_and_minus_are_worth_what_the_school_says() -> None:
    third = replace(RULES, plus=Decimal("0.33"), minus=Decimal("-0.33"))
    assert number_of("4+", third) == Decimal("4.33")
    assert number_of("5-", third) == Decimal("4.67")


def test_points_count_only_through_thresholds() -> None:
    without = replace(RULES, thresholds=())
    assert number_of("15/15", without) is None
    from_half = replace(RULES, thresholds=RULES.thresholds[:4])  # 98, 90, 75, 50
    assert number_of("7/15", from_half) is None  # 46.7 %
    assert number_of("7.5/15", from_half) == 3


def test_the_order_of_thresholds_does_not_matter() -> None:
    turned = replace(RULES, thresholds=RULES.thresholds[::-1])
    assert number_of("12/15", turned) == 4


@pytest.mark.parametrize("value", ["1", "6+", "1-", "np", "+", "-", "nb", "12/15", "0/1", "0,5/1.5"])
def test_what_may_be_written(value: str) -> None:
    assert is_on_scale(value, RULES)


@pytest.mark.parametrize(
    "value",
    ["", " ", "0", "7", "4±", "NP", "np+", "4=", "16/15", "0/0", "-1/5", "1/2/3", "12/", "x/5", "1e3/5"],
)
def test_what_may_not_be_written(value: str) -> None:
    assert not is_on_scale(value, RULES)


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("12/15", (Decimal(12), Decimal(15))),
        ("7,25/10.5", (Decimal("7.25"), Decimal("10.5"))),
        ("12/15\n", None),
        ("12 / 15", None),
        ("1.234/5", None),
        ("12345/99999", None),
        ("4+", None),
    ],
)
def test_points_are_read_with_comma_or_point(value: str, points: tuple[Decimal, Decimal] | None) -> None:
    assert points_of(value) == points


def test_a_weighted_average_names_its_inputs() -> None:
    # (5 x 5 + 4.5 x 3 + 2 x 1) / (5 + 3 + 1) = 40.5 / 9 = 4.50
    assert explain_average(
        [grade("a", "5", "5"), grade("b", "4+", "3"), grade("c", "2")], RULES, 3
    ) == Average(
        value=Decimal("4.50"),
        rule_version=3,
        included=(included("a", "5", "5"), included("b", "4.5", "3"), included("c", "2")),
        excluded=(),
    )


@pytest.mark.parametrize(
    ("values", "places", "average"),
    [
        (("4", "5", "5"), 2, "4.67"),  # 14 / 3 = 4.666...
        (("4", "4", "5"), 2, "4.33"),  # 13 / 3 = 4.333...
        (("4", "4", "4", "4", "4", "4", "4", "5"), 2, "4.13"),  # 33 / 8 = 4.125, a half goes up
        (("2", "3"), 0, "3"),  # 2.5: half up, not to the even 2
        (("4", "5"), 0, "5"),
        (("4", "5"), 4, "4.5000"),
    ],
)
def test_averages_are_rounded_half_up(values: tuple[str, ...], places: int, average: str) -> None:
    grades = [grade(str(place), value) for place, value in enumerate(values)]
    value = explain_average(grades, replace(RULES, places=places), 1).value
    assert str(value) == average


def test_nothing_counts_gives_no_value() -> None:
    assert explain_average([], RULES, 1) == Average(value=None, rule_version=1, included=(), excluded=())


def test_every_grade_that_does_not_count_is_named_with_its_reason() -> None:
    uncounted = replace(RULES.categories[0], category_id="trial", counted=False)
    rules = replace(RULES, categories=(*RULES.categories, uncounted))
    grades = [
        replace(grade("struck", "6"), struck_out=True),
        replace(grade("final", "6"), kind=GradeKind.TERM_FINAL),
        replace(grade("trial", "6"), category_id="trial"),
        grade("remark", "np"),
        grade("weightless", "6", "0"),
        replace(grade("counts", "3"), category_id="test"),
    ]
    assert explain_average(grades, rules, 1) == Average(
        value=Decimal("3.00"),
        rule_version=1,
        included=(included("counts", "3"),),
        excluded=(
            excluded("struck", ExclusionReason.STRUCK_OUT),
            excluded("final", ExclusionReason.NOT_CURRENT),
            excluded("trial", ExclusionReason.CATEGORY_NOT_COUNTED),
            excluded("remark", ExclusionReason.NO_NUMBER),
            excluded("weightless", ExclusionReason.ZERO_WEIGHT),
        ),
    )


def test_only_weightless_grades_give_no_value() -> None:
    average = explain_average([grade("a", "6", "0"), grade("b", "1", "0.00")], RULES, 1)
    assert average.value is None
    assert average.included == ()


def test_a_grade_of_a_category_that_is_gone_counts() -> None:
    gone = replace(grade("a", "4"), category_id="since-removed")
    assert explain_average([gone], RULES, 1).value == Decimal("4.00")


# A chain: a 2, its retake a 5, the retake's retake a 3; all of weight 2. Beside it a 4 of weight 1.
CHAIN = [grade("first", "2", "2"), grade("second", "5", "2", "first"), grade("third", "3", "2", "second")]
BESIDE = grade("beside", "4")


def test_the_better_of_a_chain_counts() -> None:
    # (5 x 2 + 4 x 1) / 3 = 4.666...
    average = explain_average([*CHAIN, BESIDE], BETTER, 1)
    assert average.value == Decimal("4.67")
    assert average.included == (included("second", "5", "2"), included("beside", "4"))
    assert average.excluded == (
        excluded("first", ExclusionReason.IMPROVED),
        excluded("third", ExclusionReason.WORSE_RETAKE),
    )


def test_the_latest_of_a_chain_counts() -> None:
    # (3 x 2 + 4 x 1) / 3 = 3.333...
    average = explain_average([*CHAIN, BESIDE], LATEST, 1)
    assert average.value == Decimal("3.33")
    assert average.included == (included("third", "3", "2"), included("beside", "4"))
    assert average.excluded == (
        excluded("first", ExclusionReason.IMPROVED),
        excluded("second", ExclusionReason.IMPROVED),
    )


def test_all_of_a_chain_count() -> None:
    # (2 x 2 + 5 x 2 + 3 x 2 + 4 x 1) / 7 = 24 / 7 = 3.4285...
    average = explain_average([*CHAIN, BESIDE], BOTH, 1)
    assert average.value == Decimal("3.43")
    assert average.excluded == ()


def test_the_mean_of_a_chain_counts_once() -> None:
    # the chain counts as (2 + 5 + 3) / 3 = 3.333... of weight 2: (6.666... + 4) / 3 = 3.555...
    average = explain_average([*CHAIN, BESIDE], AVERAGE, 1)
    assert average.value == Decimal("3.56")
    assert [(i.grade_id, str(i.weight)) for i in average.included] == [("third", "2"), ("beside", "1")]
    assert average.excluded == (
        excluded("first", ExclusionReason.IMPROVED),
        excluded("second", ExclusionReason.IMPROVED),
    )


def test_of_equally_good_ones_the_earlier_counts() -> None:
    average = explain_average([grade("first", "4"), grade("second", "4", "1", "first")], BETTER, 1)
    assert average.included == (included("first", "4"),)
    assert average.excluded == (excluded("second", ExclusionReason.WORSE_RETAKE),)


def test_a_struck_out_retake_leaves_the_first_grade() -> None:
    retake = replace(grade("second", "6", "1", "first"), struck_out=True)
    for rules in (BETTER, LATEST, BOTH, AVERAGE):
        average = explain_average([grade("first", "2"), retake], rules, 1)
        assert average.included == (included("first", "2"),)
        assert average.excluded == (excluded("second", ExclusionReason.STRUCK_OUT),)


def test_a_retake_of_a_struck_out_grade_counts_by_itself() -> None:
    first = replace(grade("first", "6"), struck_out=True)
    average = explain_average([first, grade("second", "3", "1", "first")], BETTER, 1)
    assert average.included == (included("second", "3"),)


@pytest.mark.parametrize(("rules", "value"), [(BETTER, "5.00"), (LATEST, "5.00"), (AVERAGE, "3.50")])
def test_a_remark_in_the_middle_does_not_break_a_chain(rules: GradingRules, value: str) -> None:
    # a 2; absent from the retake; the second retake a 5: one work, not two
    chain = [grade("first", "2"), grade("absent", "nb", "1", "first"), grade("second", "5", "1", "absent")]
    average = explain_average(chain, rules, 1)
    assert average.value == Decimal(value)
    assert [i.grade_id for i in average.included] == ["second"]


@pytest.mark.parametrize("retakes", list(RetakeRule))
def test_a_retake_told_before_its_first_grade_is_still_one(retakes: RetakeRule) -> None:
    rules = replace(RULES, retakes=retakes)
    told = explain_average([*CHAIN, BESIDE], rules, 1)
    turned = explain_average([BESIDE, *CHAIN[::-1]], rules, 1)
    assert turned.value == told.value
    assert set(turned.included) == set(told.included)
    assert set(turned.excluded) == set(told.excluded)


def test_links_in_a_ring_end() -> None:
    # no rule lets such a ring come about; reckoning ends all the same, each grade by itself
    ring = [grade("a", "2", "1", "b"), grade("b", "4", "1", "a")]
    assert explain_average(ring, BETTER, 1).value == Decimal("3.00")


MARKS = st.sampled_from(["1", "2-", "2", "3+", "4", "5-", "6", "np", "12/15", "0/15", "?"])
WEIGHTS = st.decimals(min_value=0, max_value=10, places=2)
GRADES = st.lists(st.tuples(MARKS, WEIGHTS, st.booleans(), st.sampled_from(GradeKind)), max_size=12).map(
    lambda rows: [
        GradeInput(grade_id=f"g{place}", value=value, weight=weight, struck_out=out, kind=kind)
        for place, (value, weight, out, kind) in enumerate(rows)
    ]
)
SOME_RULES = st.sampled_from([BETTER, LATEST, BOTH, AVERAGE])


@given(GRADES, SOME_RULES)
def test_an_average_lies_between_what_it_is_made_of(grades: list[GradeInput], rules: GradingRules) -> None:
    average = explain_average(grades, rules, 1)
    if average.value is None:
        assert average.included == ()
    else:
        numbers = [i.number for i in average.included]
        assert min(numbers) - Decimal("0.005") <= average.value <= max(numbers) + Decimal("0.005")


@given(GRADES, st.randoms(use_true_random=False))
def test_the_order_of_grades_does_not_matter(grades: list[GradeInput], random: Random) -> None:
    shuffled = list(grades)
    random.shuffle(shuffled)
    assert explain_average(shuffled, RULES, 1).value == explain_average(grades, RULES, 1).value


@given(GRADES, SOME_RULES)
def test_every_grade_is_either_included_or_excluded(grades: list[GradeInput], rules: GradingRules) -> None:
    average = explain_average(grades, rules, 1)
    told = sorted([*(i.grade_id for i in average.included), *(e.grade_id for e in average.excluded)])
    assert told == sorted(g.grade_id for g in grades)
    out = {g.grade_id for g in grades if g.struck_out}
    assert out.isdisjoint(i.grade_id for i in average.included)


def points(grade_id: str, value: str, improves: str | None = None, **more: object) -> GradeInput:
    return GradeInput(grade_id=grade_id, value=value, weight=Decimal(0), improves=improves, **more)  # type: ignore[arg-type]


POINTS = (points("a", "12/15"), points("b", "4,5/10"), points("c", "9/10", improves="b"), points("d", "5"))


@pytest.mark.parametrize(
    ("rule", "earned", "out_of", "percent", "counted"),
    [
        (RetakeRule.BETTER, "21", "25", "84.00", ("a", "c")),  # 12 + 9 of 15 + 10
        (RetakeRule.LATEST, "21", "25", "84.00", ("a", "c")),
        (RetakeRule.BOTH, "25.5", "35", "72.86", ("a", "b", "c")),  # 12 + 4.5 + 9 of 35
        (RetakeRule.AVERAGE, "18.75", "25", "75.00", ("a", "b", "c")),  # 12 + (4.5 + 9) / 2 of 15 + 10
    ],
)
def test_points_are_summed(
    rule: RetakeRule, earned: str, out_of: str, percent: str, counted: tuple[str, ...]
) -> None:
    found = sum_of_points(POINTS, replace(USUAL_GRADING, retakes=rule))
    assert (found.earned, found.out_of, found.percent) == (Decimal(earned), Decimal(out_of), Decimal(percent))
    assert found.counted == counted


def test_points_that_were_struck_out_or_are_of_no_counted_category_are_left_out() -> None:
    found = sum_of_points((points("a", "3/4", struck_out=True), points("b", "1/2")), USUAL_GRADING)
    assert found.counted == ("b",)
    assert found.excluded == (excluded("a", ExclusionReason.STRUCK_OUT),)
    better = sum_of_points(POINTS, BETTER)
    assert better.excluded == (excluded("b", ExclusionReason.IMPROVED),)  # "d" is no points
    worse = (points("a", "9/10"), points("b", "4/10", improves="a"))
    assert sum_of_points(worse, BETTER).excluded == (excluded("b", ExclusionReason.WORSE_RETAKE),)
    of_column = (replace(points("a", "3/4"), counted=False), points("b", "1/2"))
    assert sum_of_points(of_column, BETTER).excluded == (excluded("a", ExclusionReason.COLUMN_NOT_COUNTED),)
    assert sum_of_points((), USUAL_GRADING).percent is None


def test_a_column_says_itself_whether_it_counts() -> None:
    category = replace(RULES.categories[0], counted=False)
    rules = replace(RULES, categories=(category, *RULES.categories[1:]))
    quiz = RULES.categories[1].category_id
    grades = (
        replace(grade("a", "5"), category_id=category.category_id),
        replace(grade("b", "4"), category_id=category.category_id, counted=True),
        replace(grade("c", "3"), category_id=quiz, counted=False),
        replace(grade("d", "2"), category_id=quiz),
    )
    found = explain_average(grades, rules, 1)
    assert found.value == Decimal("3.00")  # (4 + 2) / 2
    assert found.included == (included("b", "4"), included("d", "2"))
    assert found.excluded == (
        excluded("a", ExclusionReason.CATEGORY_NOT_COUNTED),
        excluded("c", ExclusionReason.COLUMN_NOT_COUNTED),
    )


def test_a_remark_counts_if_the_school_says_as_which_number() -> None:
    rules = replace(RULES, counted_remarks=(ScaleMark(mark="bz", value=Decimal(1)),))
    found = explain_average((grade("a", "5"), grade("b", "bz"), grade("c", "np")), rules, 1)
    assert found.value == Decimal("3.00")  # (5 + 1) / 2
    assert found.included == (included("a", "5"), included("b", "1"))
    assert found.excluded == (excluded("c", ExclusionReason.NO_NUMBER),)
    assert number_of("bz", RULES) is None
