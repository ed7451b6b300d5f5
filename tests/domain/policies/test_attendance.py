"""Is the percentage of attendance reckoned by the school's rules, and does it say from what?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.attendance import Percentage, Treatment, explain_percentage
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE

KIND = AttendanceKind
RULES = USUAL_ATTENDANCE


def sums(found: Percentage) -> Percentage:
    """Without the kinds that they are made of."""
    return replace(found, kinds=())


def test_a_percentage_tells_what_each_kind_does() -> None:
    counts = {KIND.ABSENT: 7, KIND.PRESENT: 80, KIND.RELEASED: 6, KIND.LATE: 0}
    found = explain_percentage(counts, RULES, 2).kinds
    assert [(one.kind, one.lessons, one.treated) for one in found] == [
        (KIND.PRESENT, 80, Treatment.PRESENT),
        (KIND.ABSENT, 7, Treatment.ABSENT),
        (KIND.RELEASED, 6, Treatment.LEFT_OUT),
    ]
    strict = replace(RULES, counted_present=(), left_out=())
    assert {one.treated for one in explain_percentage(counts, strict, 2).kinds} == {Treatment.ABSENT}


def test_a_percentage_names_its_inputs() -> None:
    # there: 80 + 5 late + 1 late excused + 4 for the school = 90 of 90 + 7 + 3 = 100; 6 releases left out
    counts = {
        KIND.PRESENT: 80,
        KIND.LATE: 5,
        KIND.LATE_EXCUSED: 1,
        KIND.SCHOOL_REASON: 4,
        KIND.ABSENT: 7,
        KIND.ABSENT_EXCUSED: 3,
        KIND.RELEASED: 6,
    }
    assert sums(explain_percentage(counts, RULES, 2)) == Percentage(
        value=Decimal("90.0"), rule_version=2, present=90, counted=100, left_out=6
    )


@pytest.mark.parametrize("counts", [{}, {KIND.RELEASED: 9}, {KIND.PRESENT: 0}])
def test_nothing_counted_gives_no_value(counts: dict[AttendanceKind, int]) -> None:
    assert sums(explain_percentage(counts, RULES, 1)) == Percentage(
        value=None, rule_version=1, present=0, counted=0, left_out=sum(counts.values())
    )


@pytest.mark.parametrize(
    ("present", "absent", "places", "value"),
    [
        (2, 1, 1, "66.7"),  # 66.666...
        (1, 2, 1, "33.3"),
        (1, 7, 0, "13"),  # 12.5: half up, not to the even 12
        (1, 15, 1, "6.3"),  # 6.25
        (0, 3, 1, "0.0"),
        (3, 0, 2, "100.00"),
        (1999, 1, 1, "100.0"),  # 99.95
    ],
)
def test_percentages_are_rounded_half_up(present: int, absent: int, places: int, value: str) -> None:
    counts = {KIND.PRESENT: present, KIND.ABSENT: absent}
    assert str(explain_percentage(counts, replace(RULES, places=places), 1).value) == value


def test_a_school_may_count_lateness_as_absence() -> None:
    strict = replace(RULES, counted_present=(KIND.PRESENT,))
    counts = {KIND.PRESENT: 3, KIND.LATE: 1}
    assert explain_percentage(counts, RULES, 1).value == 100
    assert explain_percentage(counts, strict, 1).value == 75


def test_a_kind_named_twice_counts_once() -> None:
    twice = replace(
        RULES, counted_present=(KIND.PRESENT, KIND.PRESENT), left_out=(KIND.RELEASED, KIND.RELEASED)
    )
    counts = {KIND.PRESENT: 1, KIND.ABSENT: 1, KIND.RELEASED: 5}
    assert sums(explain_percentage(counts, twice, 1)) == Percentage(
        value=Decimal("50.0"), rule_version=1, present=1, counted=2, left_out=5
    )


@given(st.dictionaries(st.sampled_from(KIND), st.integers(0, 2000)))
def test_a_percentage_lies_between_none_and_all(counts: dict[AttendanceKind, int]) -> None:
    found = explain_percentage(counts, RULES, 1)
    assert found.counted + found.left_out == sum(counts.values())
    assert 0 <= found.present <= found.counted
    assert (found.value is None) == (found.counted == 0)
    assert found.value is None or 0 <= found.value <= 100
