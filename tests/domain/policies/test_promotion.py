"""Who is promoted, and with honours?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from dziennik.contracts.classification import Outcome
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION, USUAL_GRADING
from dziennik.domain.policies.promotion import Promotion, explain_promotion, may_be_conditional


def promotion(*finals: str | None, behaviour: str | None = "bdb", level: int | None = 4) -> Promotion:
    subjects = {f"s{number}": value for number, value in enumerate(finals)}
    return explain_promotion(subjects, behaviour, USUAL_GRADING, USUAL_CLASSIFICATION, 2, level)


@pytest.mark.parametrize(
    ("finals", "outcome", "average"),
    [
        (("4", "3", "5"), Outcome.PROMOTED, "4.00"),  # 12 / 3
        (("5", "5", "5", "4"), Outcome.PROMOTED_WITH_HONOURS, "4.75"),  # 19 / 4, just enough
        (("5", "5", "4"), Outcome.PROMOTED, "4.67"),  # 14 / 3
        (("1", "6", "6"), Outcome.REPEATS, "4.33"),  # 13 / 3
        (("nkl", "6"), Outcome.REPEATS, "6.00"),
        (("zw", "5", "ucz"), Outcome.PROMOTED_WITH_HONOURS, "5.00"),  # released and attended do not count
        (("5", None), None, "5.00"),
    ],
)
def test_grades_give_an_outcome(
    finals: tuple[str | None, ...], outcome: Outcome | None, average: str
) -> None:
    found = promotion(*finals)
    assert (found.outcome, found.average) == (outcome, Decimal(average))


def test_honours_take_behaviour_too() -> None:
    assert promotion("6", "6", behaviour="db").outcome is Outcome.PROMOTED
    assert promotion("6", "6", behaviour=None).outcome is Outcome.PROMOTED
    assert promotion("6", "6", behaviour="wz").outcome is Outcome.PROMOTED_WITH_HONOURS


def test_the_last_level_finishes_school() -> None:
    assert promotion("3", level=8).outcome is Outcome.FINISHED
    assert promotion("6", level=8).outcome is Outcome.FINISHED_WITH_HONOURS
    assert promotion("1", level=8).outcome is Outcome.REPEATS
    assert promotion("3", level=None).outcome is Outcome.PROMOTED


def test_it_says_why() -> None:
    found = promotion("1", "nkl", "zw", None, "4")
    assert (found.failing, found.unclassified, found.missing) == (("s0",), ("s1",), ("s3",))
    assert found.left_out == ("s1", "s2")
    assert found.counted == (("s0", Decimal(1)), ("s4", Decimal(4)))
    assert found.rule_version == 2


def test_few_failing_marks_may_be_promoted_conditionally() -> None:
    assert may_be_conditional(promotion("1", "4"), USUAL_CLASSIFICATION)
    assert not may_be_conditional(promotion("1", "1"), USUAL_CLASSIFICATION)
    assert not may_be_conditional(promotion("1", "nkl"), USUAL_CLASSIFICATION)
    assert not may_be_conditional(promotion("4", "4"), USUAL_CLASSIFICATION)
    assert not may_be_conditional(promotion("1", None), USUAL_CLASSIFICATION)


def test_no_grades_at_all_decide_nothing() -> None:
    found = promotion()
    assert (found.average, found.outcome) == (None, None)
