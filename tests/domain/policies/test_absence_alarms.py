"""When does an absence raise an alarm, and what does the alarm say?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts.absences import AbsenceRules
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.absence_alarms import Alarm, AlarmKind, Attended, RulesOfYear, alarms
from dziennik.domain.policies.attendance import Percentage
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE

MONDAY = date(2026, 10, 5)
KINDS = {
    ".": AttendanceKind.PRESENT,
    "-": AttendanceKind.ABSENT,
    "u": AttendanceKind.ABSENT_EXCUSED,
    "s": AttendanceKind.LATE,
    "w": AttendanceKind.SCHOOL_REASON,
    "z": AttendanceKind.RELEASED,
}
NONE = AbsenceRules()


def rules(absences: AbsenceRules) -> RulesOfYear:
    return RulesOfYear(
        absences=absences, absences_version=3, attendance=USUAL_ATTENDANCE, attendance_version=2
    )


def lessons(marks: str, subject_id: str = "pol", first: date = MONDAY) -> list[Attended]:
    """One lesson a day, each with a mark."""
    return [
        Attended(
            on=first + timedelta(days=number),
            period=1,
            unit_id="4a",
            lesson_id=f"{subject_id}-{number}",
            subject_id=subject_id,
            kind=KINDS[mark],
        )
        for number, mark in enumerate(marks)
    ]


def the_one(found: list[Alarm]) -> Alarm:
    (alarm,) = found
    return alarm


ROW = rules(replace(NONE, missed_in_a_row=3))


@pytest.mark.parametrize(
    ("marks", "ids"),
    [
        (".-u-", ["pol-1", "pol-2", "pol-3"]),
        ("-.--", None),  # two: it begins after the last lesson attended
        ("--s-", None),
        ("---.", None),  # the pupil is back
        ("--wz-", ["pol-0", "pol-1", "pol-4"]),  # a trip and a release are no return
        ("www", None),
        ("", None),
    ],
)
def test_lessons_missed_in_a_row(marks: str, ids: list[str] | None) -> None:
    found = alarms(lessons(marks), ROW)
    assert [[one.lesson_id for one in alarm.lessons] for alarm in found] == ([ids] if ids else [])


def test_an_alarm_says_what_it_follows_from() -> None:
    alarm = the_one(alarms(lessons(".-u--"), ROW))
    assert (alarm.kind, alarm.limit, alarm.found) == (AlarmKind.MISSED_IN_A_ROW, Decimal(3), Decimal(4))
    assert (alarm.not_excused, alarm.rule_version) == (3, 3)


def test_a_row_goes_over_subjects_in_the_order_of_days_and_hours() -> None:
    first = lessons("--", "pol")
    later = [replace(one, period=2) for one in lessons("-.", "mat")]
    assert alarms([*later, *first], ROW) == []  # Tuesday: pol missed, then mat attended
    swapped = [replace(one, period=2 if one.subject_id == "pol" else 1) for one in (*first, *later)]
    assert alarms(swapped, ROW) == []  # Monday: two missed, Tuesday: mat attended, then pol missed: one
    all_missed = [*first, *[replace(one, kind=AttendanceKind.ABSENT) for one in later]]
    assert the_one(alarms(all_missed, ROW)).found == 4


def test_hours_that_nobody_excused() -> None:
    by = rules(replace(NONE, hours_not_excused=2))
    alarm = the_one(alarms(lessons("-u.-s"), by))
    assert (alarm.kind, alarm.limit, alarm.found) == (AlarmKind.HOURS_NOT_EXCUSED, Decimal(2), Decimal(2))
    assert [one.lesson_id for one in alarm.lessons] == ["pol-0", "pol-3"]
    assert alarms(lessons("-uu."), by) == []


HALF = rules(replace(NONE, least_presence=Decimal(50), presence_after=4))


def test_less_than_half_of_a_subject() -> None:
    """Two of five lessons: 40.0 %. Half of four is not less than half."""
    alarm = the_one(alarms(lessons("-u..-"), HALF))
    assert (alarm.kind, alarm.subject_id) == (AlarmKind.LOW_PRESENCE, "pol")
    assert alarm.percentage is not None
    assert replace(alarm.percentage, kinds=()) == Percentage(
        value=Decimal("40.0"), rule_version=2, present=2, counted=5, left_out=0
    )
    assert (alarm.limit, alarm.found, alarm.not_excused) == (Decimal(50), Decimal("40.0"), 2)
    assert alarms(lessons("--.."), HALF) == []


def test_the_attendance_rules_say_what_counts() -> None:
    """Released counts in neither (1 of 4: 25 %), a reason of the school is presence (3 of 6: 50 %)."""
    alarm = the_one(alarms(lessons("zz.---"), HALF))
    assert (alarm.found, alarm.percentage and alarm.percentage.left_out) == (Decimal("25.0"), 2)
    assert alarms(lessons("ww.---"), HALF) == []
    assert alarms(lessons("zzzzz"), HALF) == []  # nothing counts: no value, no alarm


def test_too_few_lessons_say_nothing_yet() -> None:
    assert alarms(lessons("---"), HALF) == []
    assert the_one(alarms(lessons("----"), HALF)).found == Decimal("0.0")


def test_the_share_is_compared_before_it_is_rounded() -> None:
    """1001 of 2003 lessons are 49.975 %: shown as 50.0, and less than half."""
    alarm = the_one(alarms(lessons("." * 1001 + "-" * 1002), HALF))
    assert alarm.found == Decimal("50.0")


def test_each_subject_has_its_own_share() -> None:
    found = alarms([*lessons("----", "pol"), *lessons("....", "mat"), *lessons("---.", "en")], HALF)
    assert [alarm.subject_id for alarm in found] == ["en", "pol"]


def test_without_limits_there_are_no_alarms() -> None:
    assert alarms(lessons("-" * 100), rules(NONE)) == []
