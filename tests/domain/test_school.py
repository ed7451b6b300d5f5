"""What may be decided about the school itself?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO
from dziennik.contracts.refusals import Standing
from dziennik.contracts.school import (
    ALREADY_FOUNDED,
    DATES_REVERSED,
    NO_SUCH_SUBJECT,
    NO_SUCH_YEAR,
    NOT_FOUNDED,
    RULES_UNSOUND,
    SUBJECT_EXISTS,
    TERM_OUTSIDE_YEAR,
    TERMS_OVERLAP,
    YEAR_EXISTS,
    YEAR_UNSOUND,
    YEARS_OVERLAP,
    AttendanceRulesSet,
    FoundSchool,
    GradingRulesSet,
    IntroduceSubject,
    LessonPeriodsSet,
    OpenSchoolYear,
    RenameSchool,
    RenameSubject,
    SchoolFounded,
    SchoolRenamed,
    SchoolYearOpened,
    SetAttendanceRules,
    SetGradingRules,
    SetLessonPeriods,
    SetTerms,
    SubjectRenamed,
    TermsSet,
)
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING, USUAL_PERIODS
from tests.domain.register import (
    ATTENDANCE,
    AUGUST,
    AUTUMN,
    FOUNDED,
    GRADING,
    JANUARY,
    JUNE,
    NEXT_YEAR,
    NOWAK,
    OFFICE,
    PERIODS,
    POLISH,
    SCHOOL,
    SEPTEMBER,
    SPRING,
    TERMS,
    YEAR,
    YEAR_OPEN,
)
from tests.domain.sentence import at, given

FOUND = FoundSchool(school_id="sp7", name="Szkoła nr 7", short_name="SP 7")
RENAME = RenameSchool(name="Szkoła nr 7 im. Żaków", short_name="SP 7")
OPEN = OpenSchoolYear(
    year_id="y2026", name="2026/2027", starts=SEPTEMBER, ends=AUGUST, terms=(AUTUMN, SPRING)
)
NEXT = OpenSchoolYear(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31), terms=())
INTRODUCE = IntroduceSubject(subject_id="pol", name="Język polski", short_name="pol")
TWO_LESSONS = USUAL_PERIODS[:2]
STRICTER = replace(USUAL_GRADING, minus=Decimal("-0.5"))
LATE_IS_ABSENT = replace(USUAL_ATTENDANCE, counted_present=USUAL_ATTENDANCE.counted_present[:1])


def test_a_school_is_founded() -> None:
    given().when(FOUND).then(FOUNDED)


def test_founding_keeps_city_and_number() -> None:
    whole = SchoolFounded(school_id="sp7", name="Szkoła nr 7", short_name="SP 7", city="Łódź", number="12345")
    given().when(replace(FOUND, city="Łódź", number="12345")).then(at(streams.SCHOOL, whole))


def test_founding_it_again_does_nothing() -> None:
    given(FOUNDED).when(FOUND).nothing()


def test_there_is_one_school() -> None:
    given(FOUNDED).when(replace(FOUND, name="Inna")).refused(ALREADY_FOUNDED, "name", name="Szkoła nr 7")


def test_a_school_is_renamed() -> None:
    renamed = at(streams.SCHOOL, SchoolRenamed(name="Szkoła nr 7 im. Żaków", short_name="SP 7"))
    given(FOUNDED).when(RENAME).then(renamed)
    given(FOUNDED, renamed).when(RENAME).nothing()


def test_what_is_not_founded_is_not_renamed() -> None:
    given().when(RENAME).refused(NOT_FOUNDED)


def test_a_year_opens_with_all_its_rules_on_record() -> None:
    given(FOUNDED).when(OPEN).then(YEAR, TERMS, PERIODS, GRADING, ATTENDANCE)


def test_a_year_opens_with_the_rules_given() -> None:
    whole = replace(OPEN, periods=TWO_LESSONS, grading=STRICTER, attendance=LATE_IS_ABSENT)
    given(FOUNDED).when(whole).then(
        YEAR,
        TERMS,
        at(streams.SCHOOL, LessonPeriodsSet(year_id="y2026", periods=TWO_LESSONS)),
        at(streams.SCHOOL, GradingRulesSet(year_id="y2026", rules=STRICTER)),
        at(streams.SCHOOL, AttendanceRulesSet(year_id="y2026", rules=LATE_IS_ABSENT)),
    )


def test_a_year_takes_over_what_held_in_the_latest_year() -> None:
    changed = (
        at(streams.SCHOOL, LessonPeriodsSet(year_id="y2026", periods=TWO_LESSONS)),
        at(streams.SCHOOL, GradingRulesSet(year_id="y2026", rules=STRICTER)),
        at(streams.SCHOOL, AttendanceRulesSet(year_id="y2026", rules=LATE_IS_ABSENT)),
    )
    given(SCHOOL, changed).when(NEXT).then(
        at(
            streams.SCHOOL,
            SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31)),
        ),
        at(streams.SCHOOL, TermsSet(year_id="y2027", terms=())),
        at(streams.SCHOOL, LessonPeriodsSet(year_id="y2027", periods=TWO_LESSONS)),
        at(streams.SCHOOL, GradingRulesSet(year_id="y2027", rules=STRICTER)),
        at(streams.SCHOOL, AttendanceRulesSet(year_id="y2027", rules=LATE_IS_ABSENT)),
    )


def test_opening_a_year_again_does_nothing() -> None:
    given(SCHOOL).when(OPEN).nothing()


def test_a_year_needs_a_school() -> None:
    given().when(OPEN).refused(NOT_FOUNDED)


def test_a_year_is_not_opened_with_other_dates() -> None:
    given(SCHOOL).when(replace(OPEN, ends=JUNE)).refused(YEAR_EXISTS, "year_id", name="2026/2027")


def test_years_do_not_overlap() -> None:
    for slip in (date(2206, 8, 31), date.max):
        given(SCHOOL).when(replace(NEXT, ends=slip)).refused(YEAR_UNSOUND, "ends")
    far = replace(NEXT, starts=date(9999, 1, 1), ends=date.max, terms=())
    given(SCHOOL).when(far).refused(YEAR_UNSOUND, "ends")
    given(SCHOOL).when(replace(NEXT, starts=AUGUST)).refused(YEARS_OVERLAP, "starts", name="2026/2027")


def test_a_year_does_not_end_before_it_begins() -> None:
    given(FOUNDED).when(replace(OPEN, starts=AUGUST, ends=SEPTEMBER)).refused(
        DATES_REVERSED, "starts", starts=AUGUST, ends=SEPTEMBER
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"periods": (TWO_LESSONS[1], TWO_LESSONS[0])}, "periods[1]"),
        ({"grading": replace(USUAL_GRADING, places=9)}, "grading.places"),
        ({"attendance": replace(USUAL_ATTENDANCE, places=9)}, "attendance.places"),
    ],
)
def test_a_year_does_not_open_with_unsound_rules(change: dict[str, object], field: str) -> None:
    given(FOUNDED).when(replace(OPEN, **change)).refused(RULES_UNSOUND, field)


def test_terms_are_set() -> None:
    one = AUTUMN, replace(SPRING, ends=date(2027, 6, 18))
    given(SCHOOL).when(SetTerms(year_id="y2026", terms=one)).then(
        at(streams.SCHOOL, TermsSet(year_id="y2026", terms=one))
    )
    given(SCHOOL).when(SetTerms(year_id="y2026", terms=(AUTUMN, SPRING))).nothing()


def test_terms_and_periods_that_were_set_meanwhile_are_not_set_unseen() -> None:
    one = AUTUMN, replace(SPRING, ends=date(2027, 6, 18))
    stale = SetTerms(year_id="y2026", terms=one, seen=(AUTUMN,))
    now = "I okres 2026-09-01-2027-01-31, II okres 2027-02-01-2027-06-25"
    given(SCHOOL).when(stale).refused(
        CHANGED_SINCE, "seen", seen="I okres 2026-09-01-2027-01-31", now=now
    ).beside(Standing(stream=streams.SCHOOL, field="terms", value=str((AUTUMN, SPRING))))
    assert isinstance(given(SCHOOL).when(replace(stale, seen=(AUTUMN, SPRING))).decision, list)
    two = USUAL_PERIODS[:2]
    periods = SetLessonPeriods(year_id="y2026", periods=two, seen=two[:1])
    given(SCHOOL).when(periods).refused(CHANGED_SINCE, "seen")
    assert isinstance(given(SCHOOL).when(replace(periods, seen=USUAL_PERIODS)).decision, list)


def test_terms_lie_in_their_year() -> None:
    late = replace(SPRING, ends=NEXT_YEAR)
    given(SCHOOL).when(SetTerms(year_id="y2026", terms=(AUTUMN, late))).refused(
        TERM_OUTSIDE_YEAR, "terms[1]", term="II okres"
    )
    given(FOUNDED).when(replace(OPEN, terms=(late,))).refused(TERM_OUTSIDE_YEAR, "terms[0]")


def test_terms_do_not_overlap_in_whatever_order_they_are_told() -> None:
    early = replace(SPRING, starts=JANUARY)
    for terms in ((AUTUMN, early), (early, AUTUMN)):
        given(SCHOOL).when(SetTerms(year_id="y2026", terms=terms)).refused(
            TERMS_OVERLAP, "terms", first="I okres", second="II okres"
        )


def test_a_term_does_not_end_before_it_begins() -> None:
    turned = replace(AUTUMN, starts=JANUARY, ends=SEPTEMBER)
    given(SCHOOL).when(SetTerms(year_id="y2026", terms=(turned,))).refused(
        DATES_REVERSED, "terms[0].starts", starts=JANUARY, ends=SEPTEMBER
    )


def test_terms_are_told_apart() -> None:
    twins = AUTUMN, replace(SPRING, term_id="t1")
    given(SCHOOL).when(SetTerms(year_id="y2026", terms=twins)).refused(RULES_UNSOUND, "terms", what="term_id")


def test_lesson_hours_are_set() -> None:
    given(SCHOOL).when(SetLessonPeriods(year_id="y2026", periods=TWO_LESSONS)).then(
        at(streams.SCHOOL, LessonPeriodsSet(year_id="y2026", periods=TWO_LESSONS))
    )
    given(SCHOOL).when(SetLessonPeriods(year_id="y2026", periods=USUAL_PERIODS)).nothing()
    given(SCHOOL).when(SetLessonPeriods(year_id="y2026", periods=())).refused(RULES_UNSOUND, "periods")


def test_a_subject_is_introduced() -> None:
    given(FOUNDED).when(INTRODUCE).then(POLISH)
    given(FOUNDED, POLISH).when(INTRODUCE).nothing()
    given(FOUNDED, POLISH).when(replace(INTRODUCE, name="Religia")).refused(
        SUBJECT_EXISTS, "subject_id", name="Język polski"
    )
    given().when(INTRODUCE).refused(NOT_FOUNDED)


def test_a_subject_is_renamed() -> None:
    rename = RenameSubject(subject_id="pol", name="j. polski", short_name="pol")
    renamed = at(streams.SCHOOL, SubjectRenamed(subject_id="pol", name="j. polski", short_name="pol"))
    given(SCHOOL).when(rename).then(renamed)
    given(SCHOOL, renamed).when(rename).nothing()
    given(FOUNDED).when(rename).refused(NO_SUCH_SUBJECT, "subject_id", subject="pol")


def test_the_director_sets_how_grades_are_reckoned() -> None:
    given(SCHOOL).when(SetGradingRules(year_id="y2026", rules=STRICTER)).then(
        at(streams.SCHOOL, GradingRulesSet(year_id="y2026", rules=STRICTER))
    )
    given(SCHOOL).when(SetGradingRules(year_id="y2026", rules=USUAL_GRADING)).nothing()
    unsound = replace(USUAL_GRADING, places=9)
    given(SCHOOL).when(SetGradingRules(year_id="y2026", rules=unsound)).refused(
        RULES_UNSOUND, "rules.places", what="9"
    )


def test_the_director_sets_how_attendance_is_reckoned() -> None:
    given(SCHOOL).when(SetAttendanceRules(year_id="y2026", rules=LATE_IS_ABSENT)).then(
        at(streams.SCHOOL, AttendanceRulesSet(year_id="y2026", rules=LATE_IS_ABSENT))
    )
    given(SCHOOL).when(SetAttendanceRules(year_id="y2026", rules=USUAL_ATTENDANCE)).nothing()
    unsound = replace(USUAL_ATTENDANCE, types=USUAL_ATTENDANCE.types[1:])
    given(SCHOOL).when(SetAttendanceRules(year_id="y2026", rules=unsound)).refused(
        RULES_UNSOUND, "rules.types", what="present"
    )


def test_rules_are_the_directors_and_structure_the_offices() -> None:
    rules = SetGradingRules(year_id="y2026", rules=STRICTER)
    given(SCHOOL).when(rules, by=OFFICE).refused(NOT_YOURS_TO_DO, role="administrator")
    given(SCHOOL).when(INTRODUCE, by=NOWAK).refused(NOT_YOURS_TO_DO, role="teacher")
    given(FOUNDED).when(INTRODUCE, by=OFFICE).then(POLISH)


@pytest.mark.parametrize(
    "command",
    [
        SetTerms(year_id="y1999", terms=()),
        SetLessonPeriods(year_id="y1999", periods=TWO_LESSONS),
        SetGradingRules(year_id="y1999", rules=STRICTER),
        SetAttendanceRules(year_id="y1999", rules=LATE_IS_ABSENT),
    ],
)
def test_rules_belong_to_a_year_that_is_open(command: SetTerms) -> None:
    given(FOUNDED, YEAR_OPEN).when(command).refused(NO_SUCH_YEAR, "year_id", year="y1999")
    given().when(command).refused(NOT_FOUNDED)
