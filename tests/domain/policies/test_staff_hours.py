"""How many hours does a month amount to, and what is left out, and why?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from dziennik.domain.policies.staff_hours import (
    SUBSTITUTION,
    HoursExclusion,
    HoursInput,
    HoursState,
    LessonInput,
    MonthlyHours,
    explain_hours,
)
from dziennik.domain.policies.usual_staff import USUAL_STAFF

OCTOBER = date(2026, 10, 1)


def hours(
    hours_id: str,
    number: str,
    *,
    day: int = 5,
    kind: str = "circle",
    teacher: str = "nowak",
    state: HoursState = HoursState.CONFIRMED,
    month: int = 10,
) -> HoursInput:
    return HoursInput(
        hours_id=hours_id,
        teacher_id=teacher,
        kind_id=kind,
        on=date(2026, month, day),
        hours=Decimal(number),
        state=state,
    )


def lesson(
    lesson_id: str,
    *,
    day: int = 7,
    period: int | None = None,
    signed: bool = True,
    cancelled: bool = False,
    teacher: str = "lis",
) -> LessonInput:
    return LessonInput(
        lesson_id=lesson_id,
        unit_id="4a",
        teacher_id=teacher,
        on=date(2026, 10, day),
        period=ord(lesson_id[0]) if period is None else period,
        signed=signed,
        cancelled=cancelled,
    )


def told(sums: list[MonthlyHours]) -> list[tuple[str, int, str, str]]:
    return [(one.teacher_id, one.month.month, one.kind_id, str(one.hours)) for one in sums]


def test_confirmed_hours_are_summed_by_teacher_month_and_kind() -> None:
    entered = [
        hours("h3", "0.5", day=20),
        hours("h1", "1.5"),
        hours("h2", "3", kind="overtime"),
        hours("h4", "2", month=11),
        hours("h5", "8", teacher="lis", kind="trip"),
    ]
    sums = explain_hours(entered, [], USUAL_STAFF, 3)
    assert told(sums) == [
        ("lis", 10, "trip", "8"),
        ("nowak", 10, "overtime", "3"),  # kinds in the order of the rules
        ("nowak", 10, "circle", "2.0"),  # 1.5 + 0.5
        ("nowak", 11, "circle", "2"),
    ]
    circle = sums[2]
    assert [one.source_id for one in circle.included] == ["h1", "h3"]  # by day
    assert (circle.excluded, circle.rule_version) == ((), 3)


def test_what_does_not_count_is_named_with_the_reason() -> None:
    entered = [
        hours("h1", "1", state=HoursState.ENTERED),
        hours("h2", "2", state=HoursState.REFUSED),
        hours("h3", "4", state=HoursState.STRUCK_OUT),
    ]
    (one,) = explain_hours(entered, [], USUAL_STAFF, 1)
    assert (one.hours, one.included) == (Decimal(0), ())
    assert [(left.source_id, left.hours, left.reason) for left in one.excluded] == [
        ("h1", Decimal(1), HoursExclusion.NOT_CONFIRMED),
        ("h2", Decimal(2), HoursExclusion.REFUSED),
        ("h3", Decimal(4), HoursExclusion.STRUCK_OUT),
    ]


def test_substituted_lessons_count_as_the_school_says() -> None:
    lessons = [lesson("a"), lesson("b", signed=False), lesson("c", cancelled=True), lesson("d", day=8)]
    (one,) = explain_hours([], lessons, USUAL_STAFF, 1)
    assert (one.kind_id, one.hours) == (SUBSTITUTION, Decimal(2))
    assert [(each.unit_id, each.source_id) for each in one.included] == [("4a", "a"), ("4a", "d")]
    assert [(left.source_id, left.reason) for left in one.excluded] == [
        ("b", HoursExclusion.LESSON_NOT_SIGNED),
        ("c", HoursExclusion.LESSON_CANCELLED),
    ]
    rules = replace(USUAL_STAFF, signed_only=False, lesson_counts=Decimal("0.75"))
    (other,) = explain_hours([], lessons, rules, 2)
    assert other.hours == Decimal("2.25")  # 3 x 0.75


def test_lessons_that_were_one_are_one_hour() -> None:
    """Of two classes merged in an hour; the same hour of another teacher or day is another."""
    lessons = [
        lesson("a", period=3, signed=False),
        lesson("b", period=3),
        lesson("c", period=3),
        lesson("d", period=3, day=8),
        lesson("e", period=3, teacher="nowak"),
    ]
    first, second = explain_hours([], lessons, USUAL_STAFF, 1)
    assert [(one.teacher_id, one.hours) for one in (first, second)] == [
        ("lis", Decimal(2)),
        ("nowak", Decimal(1)),
    ]
    assert [(left.source_id, left.reason) for left in first.excluded] == [
        ("a", HoursExclusion.LESSON_NOT_SIGNED),
        ("c", HoursExclusion.SAME_HOUR),
    ]


def test_a_kind_that_the_rules_name_no_more_counts_on() -> None:
    rules = replace(USUAL_STAFF, kinds=USUAL_STAFF.kinds[:1])
    sums = explain_hours([hours("h1", "1"), hours("h2", "2", kind="overtime")], [lesson("a")], rules, 1)
    assert told(sums) == [
        ("lis", 10, SUBSTITUTION, "1"),
        ("nowak", 10, "overtime", "2"),
        ("nowak", 10, "circle", "1"),
    ]


def test_nothing_gives_nothing() -> None:
    assert explain_hours([], [], USUAL_STAFF, 0) == []


def test_the_usual_rules_never_change() -> None:
    """They are version 0 of years gone by: other usual rules would be another constant."""
    digest = sha256(msgspec.json.encode(USUAL_STAFF)).hexdigest()
    assert digest[:16] == "a615fdab00f71d15"
