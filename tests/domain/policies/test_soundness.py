"""Are rules that make no sense refused, at the place where they make none?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import RULES_UNSOUND
from dziennik.contracts.values import (
    AttendanceKind,
    AttendanceRules,
    AttendanceType,
    GradingRules,
    LessonPeriod,
    PointThreshold,
    ScaleMark,
)
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING, USUAL_PERIODS
from dziennik.domain.policies.soundness import fault_in_attendance, fault_in_grading, fault_in_periods

MARK = USUAL_GRADING.scale[0]
TEST = USUAL_GRADING.categories[0]
PRESENT = USUAL_ATTENDANCE.types[0]


def unsound(what: str, field: str) -> Refusal:
    return RULES_UNSOUND(what=what, field=field)


def period(number: int, starts: str, ends: str) -> LessonPeriod:
    return LessonPeriod(number=number, starts=starts, ends=ends)


def test_the_usual_rules_are_sound() -> None:
    assert fault_in_periods(USUAL_PERIODS) is None
    assert fault_in_grading(USUAL_GRADING, "rules") is None
    assert fault_in_attendance(USUAL_ATTENDANCE, "rules") is None


def test_a_lesson_hour_zero_is_sound() -> None:
    assert fault_in_periods((period(0, "07:10", "07:55"), period(1, "07:55", "08:40"))) is None


@pytest.mark.parametrize(
    ("periods", "fault"),
    [
        ((), unsound("periods", "periods")),
        ((period(1, "8:00", "08:45"),), unsound("8:00–08:45", "periods[0]")),
        ((period(1, "08:00", "24:00"),), unsound("08:00–24:00", "periods[0]")),
        ((period(1, "08:00", "08:60"),), unsound("08:00–08:60", "periods[0]")),
        ((period(1, "08:00", "08:45\n"),), unsound("08:00–08:45\n", "periods[0]")),
        ((period(1, "08:45", "08:45"),), unsound("1", "periods[0]")),
        ((period(-1, "08:00", "08:45"),), unsound("-1", "periods[0]")),
        ((period(1, "08:00", "08:45"), period(1, "08:55", "09:40")), unsound("1", "periods[1]")),
        ((period(1, "08:00", "08:45"), period(2, "08:40", "09:25")), unsound("2", "periods[1]")),
    ],
)
def test_unsound_lesson_hours(periods: tuple[LessonPeriod, ...], fault: Refusal) -> None:
    assert fault_in_periods(periods) == fault


def _grading(**change: object) -> GradingRules:
    return replace(USUAL_GRADING, **change)


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (_grading(scale=(), thresholds=()), unsound("scale", "rules.scale")),
        (_grading(scale=(*USUAL_GRADING.scale, MARK)), unsound("1", "rules.scale")),
        (
            _grading(scale=(*USUAL_GRADING.scale, ScaleMark(mark="1+", value=Decimal(1)))),
            unsound("1+", "rules.scale"),
        ),
        (_grading(remarks=("np", "np")), unsound("np", "rules.scale")),
        (_grading(remarks=("6-",)), unsound("6-", "rules.scale")),
        (_grading(remarks=(" ",)), unsound(" ", "rules.scale")),
        (_grading(remarks=("1/2",)), unsound("1/2", "rules.scale")),
        (_grading(categories=(TEST, TEST)), unsound("test", "rules.categories")),
        (_grading(categories=(replace(TEST, weight=Decimal(-1)),)), unsound("test", "rules.categories")),
        (
            _grading(categories=(replace(TEST, weight=Decimal("100.01")),)),
            unsound("test", "rules.categories"),
        ),
        (_grading(categories=(replace(TEST, colour="red"),)), unsound("red", "rules.categories")),
        (_grading(categories=(replace(TEST, colour="#C00000"),)), unsound("#C00000", "rules.categories")),
        (
            _grading(thresholds=(PointThreshold(percent=Decimal(50), mark="7"),)),
            unsound("7", "rules.thresholds"),
        ),
        (
            _grading(
                thresholds=(
                    PointThreshold(percent=Decimal(50), mark="3"),
                    PointThreshold(percent=Decimal("50.0"), mark="4"),
                )
            ),
            unsound("50.0", "rules.thresholds"),
        ),
        (
            _grading(counted_remarks=(ScaleMark(mark="xx", value=Decimal(1)),)),
            unsound("xx", "rules.counted_remarks"),
        ),
        (
            _grading(counted_remarks=(ScaleMark(mark="bz", value=Decimal(1)),) * 2),
            unsound("bz", "rules.counted_remarks"),
        ),
        (_grading(places=-1), unsound("-1", "rules.places")),
        (_grading(places=5), unsound("5", "rules.places")),
    ],
)
def test_unsound_grading(rules: GradingRules, fault: Refusal) -> None:
    assert fault_in_grading(rules, "rules") == fault


def _attendance(**change: object) -> AttendanceRules:
    return replace(USUAL_ATTENDANCE, **change)


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (_attendance(types=(PRESENT, replace(PRESENT, symbol="x"))), unsound("present", "rules.types")),
        (_attendance(types=(PRESENT, replace(PRESENT, type_id="x"))), unsound("●", "rules.types")),
        (
            _attendance(
                types=(AttendanceType(type_id="x", symbol="x", name="x", kind=AttendanceKind.ABSENT),)
            ),
            unsound("present", "rules.types"),
        ),
        (
            _attendance(left_out=(AttendanceKind.RELEASED, AttendanceKind.LATE)),
            unsound("late", "rules.left_out"),
        ),
        (_attendance(places=-1), unsound("-1", "rules.places")),
        (_attendance(places=5), unsound("5", "rules.places")),
    ],
)
def test_unsound_attendance(rules: AttendanceRules, fault: Refusal) -> None:
    assert fault_in_attendance(rules, "rules") == fault
