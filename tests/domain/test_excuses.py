"""What may be decided about excuses, and what do lessons say afterwards?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.absence_commands import (
    EXCUSE_ACCEPTED,
    EXCUSE_REJECTED,
    EXCUSE_WITHDRAWN,
    ID_TAKEN,
    NO_SUCH_EXCUSE,
    NO_TYPE_OF_KIND,
    NOT_OF_AGE,
    NOT_YOUR_PUPIL,
    NOT_YOURS_TO_DECIDE,
    OUTSIDE_SCOPE,
    OUTSIDE_TERMS,
    SCOPE_UNSOUND,
    TOO_LATE,
    TOO_MANY_TOLD,
    TOO_MANY_WAITING,
    AcceptExcuse,
    RejectExcuse,
    SubmitExcuse,
    WithdrawExcuse,
)
from dziennik.contracts.absences import (
    AbsenceRules,
    AbsenceScope,
    ExcuseAccepted,
    ExcuseRejected,
    ExcuseSubmitted,
    ExcuseWithdrawn,
)
from dziennik.contracts.attachments import Attached
from dziennik.contracts.attendance import (
    NOT_ASKED,
    ROLL_NOT_CALLED,
    CallRoll,
    CorrectAttendance,
    RollMark,
)
from dziennik.contracts.classes import NO_SUCH_CLASS, NO_SUCH_PERIOD, NOT_ENROLLED, OUTSIDE_YEAR
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.lessons import NO_SUCH_LESSON
from dziennik.contracts.people import PersonalDetailsRecorded
from dziennik.contracts.refusals import Standing
from dziennik.contracts.school import AttendanceRulesSet, SchoolYearClosed
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.absence_checks import is_of_age
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.domain.world import Entry
from tests.domain.absence_story import (
    BOBR,
    ENGLISH,
    ETHICS,
    MOTHER,
    NOTED,
    PAST,
    POLISH,
    POLISH_2,
    RIGHTS_ENDED,
    THE_DAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    absent,
    called,
    corrected,
    held,
    late,
    of_4a,
    ref,
    rules,
)
from tests.domain.register import AUGUST, JUNE, LIS, NOWAK, PUPIL, SEPTEMBER
from tests.domain.sentence import DIRECTOR, at, given

ABSENT, EXCUSED = AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED
NOTE = Attached(attachment_id="a1", media_type="application/pdf", size=9, sha256="00")
SUBMIT = SubmitExcuse(
    excuse_id="e1", class_id="4a", pupil_id="cma", scope=THE_DAY, text="Była chora.", attachments=(NOTE,)
)
SUBMITTED_FACT = ExcuseSubmitted(
    excuse_id="e1",
    class_id="4a",
    pupil_id="cma",
    submitted_by="mother",
    scope=THE_DAY,
    text="Była chora.",
    attachments=(NOTE,),
)
SUBMITTED = of_4a(SUBMITTED_FACT)
BY_BOBR = of_4a(replace(SUBMITTED_FACT, excuse_id="e2", pupil_id="bobr", submitted_by="bobr"))
ACCEPT = AcceptExcuse(class_id="4a", excuse_id="e1")
ACCEPTED_FACT = ExcuseAccepted(excuse_id="e1", pupil_id="cma", by_rule=False)
ACCEPTED = of_4a(ACCEPTED_FACT)
REJECT = RejectExcuse(class_id="4a", excuse_id="e1", reason="Widziano ją w sklepie.")
REJECTED = of_4a(ExcuseRejected(excuse_id="e1", pupil_id="cma", reason="Widziano ją w sklepie."))
WITHDRAW = WithdrawExcuse(class_id="4a", excuse_id="e1")
WITHDRAWN = of_4a(ExcuseWithdrawn(excuse_id="e1", pupil_id="cma"))
# Ćma was not at either Polish lesson, Bóbr was late at one.
MISSED = (
    called(POLISH_2, "cma", "bobr"), absent(POLISH_2, "cma"), late(POLISH_2, "bobr"),
    called(POLISH, "cma", "bobr"), absent(POLISH, "cma"), absent(POLISH, "bobr"),
)  # fmt: skip


def scope(starts: date = WEDNESDAY, ends: date = WEDNESDAY, *periods: int) -> AbsenceScope:
    return AbsenceScope(starts=starts, ends=ends, periods=periods)


def test_a_parent_hands_in_an_excuse() -> None:
    given(PAST).when(SUBMIT, by=MOTHER).then(SUBMITTED)
    given(PAST, SUBMITTED).when(SUBMIT, by=MOTHER).nothing()
    given(PAST, SUBMITTED).when(replace(SUBMIT, text="Inaczej."), by=MOTHER).refused(ID_TAKEN, "excuse_id")


def test_a_pupil_hands_one_in_once_of_age_on_that_day() -> None:
    own = replace(SUBMIT, excuse_id="e2", pupil_id="bobr")
    given(PAST).when(own, by=BOBR).then(BY_BOBR)
    given(PAST).when(own, by=BOBR, today=TUESDAY).refused(NOT_OF_AGE, "pupil_id")
    given(PAST).when(SUBMIT, by=PUPIL).refused(NOT_OF_AGE, "pupil_id")


def test_of_age_is_who_has_had_the_eighteenth_birthday() -> None:
    assert is_of_age("2008-10-14", date(2026, 10, 14))
    assert not is_of_age("2008-10-15", date(2026, 10, 14))
    assert is_of_age("2008-02-29", date(2026, 2, 28))  # art. 112 of the Civil Code
    assert not is_of_age("2008-02-29", date(2026, 2, 27))
    assert not is_of_age(None, date(2026, 10, 14))
    assert not is_of_age(ERASED, date(2026, 10, 14))


def test_nobody_excuses_anothers_child() -> None:
    given(PAST).when(replace(SUBMIT, pupil_id="bobr"), by=MOTHER).refused(NOT_YOUR_PUPIL, "pupil_id")
    given(PAST).when(SUBMIT, by=BOBR).refused(NOT_YOUR_PUPIL, "pupil_id")
    given(PAST, RIGHTS_ENDED).when(SUBMIT, by=MOTHER).refused(NOT_YOUR_PUPIL, "pupil_id")
    given(PAST).when(SUBMIT, by=NOWAK).refused(NOT_YOURS_TO_DO)


@pytest.mark.parametrize(
    ("wanted", "reason", "field"),
    [
        (scope(WEDNESDAY, TUESDAY), SCOPE_UNSOUND, "scope"),
        (scope(date.max, date.max), OUTSIDE_YEAR, "scope.starts"),  # no day follows it
        (scope(SEPTEMBER, SEPTEMBER + timedelta(days=32)), SCOPE_UNSOUND, "scope"),
        (scope(TUESDAY, WEDNESDAY, 2), SCOPE_UNSOUND, "scope"),
        (scope(WEDNESDAY, WEDNESDAY, 2, 2), SCOPE_UNSOUND, "scope"),
        (scope(WEDNESDAY, WEDNESDAY, 2, 77), NO_SUCH_PERIOD, "scope.periods[1]"),
        (scope(date(2026, 8, 31), SEPTEMBER), OUTSIDE_YEAR, "scope.starts"),
        (scope(AUGUST, AUGUST + timedelta(days=1)), OUTSIDE_YEAR, "scope.ends"),
        (scope(JUNE, JUNE + timedelta(days=1)), OUTSIDE_TERMS, "scope.ends"),
    ],
)
def test_the_days_are_sound(wanted: AbsenceScope, reason: object, field: str) -> None:
    given(PAST).when(replace(SUBMIT, scope=wanted), by=MOTHER).refused(reason, field)  # type: ignore[arg-type]


def test_the_pupil_is_in_the_class_and_says_why() -> None:
    given(PAST).when(replace(SUBMIT, class_id="4b"), by=MOTHER).refused(NOT_ENROLLED, "pupil_id")
    given(PAST).when(replace(SUBMIT, class_id="ethics"), by=MOTHER).refused(NO_SUCH_CLASS, "class_id")
    given(PAST).when(replace(SUBMIT, text=" "), by=MOTHER).refused(TEXT_MISSING, "text")


def test_there_is_a_time_for_excuses_which_the_year_sets() -> None:
    """14 days after Wednesday 14 October is the 28th."""
    in_time, over = date(2026, 10, 28), date(2026, 10, 29)
    given(PAST).when(SUBMIT, by=MOTHER, today=in_time).then(SUBMITTED)
    given(PAST).when(SUBMIT, by=MOTHER, today=over).refused(TOO_LATE, "scope.ends", until=in_time)
    given(PAST, SUBMITTED).when(SUBMIT, by=MOTHER, today=over).nothing()
    week = rules(replace(USUAL_ABSENCES, excuse_within_days=1))
    given(PAST, week).when(SUBMIT, by=MOTHER, today=THURSDAY).then(SUBMITTED)
    given(PAST, week).when(SUBMIT, by=MOTHER, today=date(2026, 10, 16)).refused(TOO_LATE, "scope.ends")
    given(PAST, rules(AbsenceRules())).when(SUBMIT, by=MOTHER, today=date(2027, 6, 1)).then(SUBMITTED)


EXCUSED_BOTH = (corrected(POLISH_2, "cma", ABSENT, EXCUSED), corrected(POLISH, "cma", ABSENT, EXCUSED))


def test_nobody_fills_the_list_of_excuses() -> None:
    """Thirty wait to be decided; of a year there are at most 400, also where nobody decides."""

    def handed_in(count: int, *, decided: bool) -> list[Entry]:
        facts: list[Fact] = []
        for number in range(count):
            facts.append(replace(SUBMITTED_FACT, excuse_id=f"x{number}"))
            if decided:
                facts.append(replace(ACCEPTED_FACT, excuse_id=f"x{number}"))
        return [of_4a(fact) for fact in facts]

    given(PAST, handed_in(30, decided=False)).when(SUBMIT, by=MOTHER).refused(
        TOO_MANY_WAITING, "pupil_id", count=30
    )
    given(PAST, handed_in(29, decided=False), BY_BOBR).when(SUBMIT, by=MOTHER).then(SUBMITTED)
    given(PAST, handed_in(400, decided=True)).when(SUBMIT, by=MOTHER).refused(
        TOO_MANY_TOLD, "pupil_id", count=400
    )
    given(PAST, handed_in(399, decided=True)).when(SUBMIT, by=MOTHER).then(SUBMITTED)


def test_accepting_excuses_every_absence_in_the_scope_and_nobody_elses() -> None:
    given(PAST, MISSED, SUBMITTED).when(ACCEPT, by=NOWAK).then(ACCEPTED, *EXCUSED_BOTH)
    given(PAST, MISSED, SUBMITTED).when(ACCEPT, by=DIRECTOR).then(ACCEPTED, *EXCUSED_BOTH)
    hour = of_4a(replace(SUBMITTED_FACT, scope=scope(WEDNESDAY, WEDNESDAY, 3)))
    given(PAST, MISSED, hour).when(ACCEPT, by=NOWAK).then(ACCEPTED, EXCUSED_BOTH[1])
    another_day = of_4a(replace(SUBMITTED_FACT, scope=scope(TUESDAY, TUESDAY)))
    given(PAST, MISSED, another_day).when(ACCEPT, by=NOWAK).then(ACCEPTED)


def test_lateness_is_excused_as_lateness() -> None:
    accepted = of_4a(ExcuseAccepted(excuse_id="e2", pupil_id="bobr", by_rule=False))
    given(PAST, MISSED, BY_BOBR).when(replace(ACCEPT, excuse_id="e2"), by=NOWAK).then(
        accepted,
        corrected(POLISH_2, "bobr", AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED, minutes=9),
        corrected(POLISH, "bobr", ABSENT, EXCUSED),
    )


def test_what_was_school_reason_or_excused_already_stays() -> None:
    marks = (called(POLISH, "cma"), absent(POLISH, "cma", AttendanceKind.SCHOOL_REASON))
    given(PAST, marks, SUBMITTED).when(ACCEPT, by=NOWAK).then(ACCEPTED)
    excused = (called(POLISH, "cma"), absent(POLISH, "cma", EXCUSED))
    given(PAST, excused, SUBMITTED).when(ACCEPT, by=NOWAK).then(ACCEPTED)


def test_absences_in_an_interclass_group_are_excused_too() -> None:
    marks = (called(ETHICS, "bobr", "zajac"), *NOTED, absent(ETHICS, "bobr"), absent(ETHICS, "zajac"))
    english = (called(ENGLISH, "bobr"), absent(ENGLISH, "bobr"))
    given(PAST, marks, english, BY_BOBR).when(replace(ACCEPT, excuse_id="e2"), by=NOWAK).then(
        of_4a(ExcuseAccepted(excuse_id="e2", pupil_id="bobr", by_rule=False)),
        corrected(ENGLISH, "bobr", ABSENT, EXCUSED),
        corrected(ETHICS, "bobr", ABSENT, EXCUSED),
    )


PART = replace(ACCEPT, lessons=(ref(POLISH),), comment="Od dziesiątej była w sklepie.")
PART_FACT = of_4a(replace(ACCEPTED_FACT, lessons=(ref(POLISH),), comment="Od dziesiątej była w sklepie."))


def test_a_part_of_the_lessons_may_be_excused() -> None:
    given(PAST, MISSED, SUBMITTED).when(PART, by=NOWAK).then(PART_FACT, EXCUSED_BOTH[1])


def test_lessons_of_a_part_are_known_called_and_in_the_scope() -> None:
    def refused(lesson: str, reason: object) -> None:
        given(PAST, MISSED, SUBMITTED, held("pol-4a", 2, TUESDAY)).when(
            replace(PART, lessons=(ref(POLISH), ref(lesson))), by=NOWAK
        ).refused(reason, "lessons[1]")  # type: ignore[arg-type]

    refused("2026-10-14.07.pol-4a", NO_SUCH_LESSON)
    refused("2026-10-13.02.pol-4a", OUTSIDE_SCOPE)
    refused(ENGLISH, ROLL_NOT_CALLED)
    given(PAST, called(ENGLISH, "bobr"), SUBMITTED).when(
        replace(PART, lessons=(ref(ENGLISH),)), by=NOWAK
    ).refused(NOT_ASKED, "lessons[0]")
    given(PAST, MISSED, SUBMITTED).when(replace(PART, lessons=()), by=NOWAK).refused(TEXT_MISSING, "lessons")


CALL = CallRoll(unit_id="4a", lesson_id=POLISH, marks=(RollMark(pupil_id="cma", type_id="absent"),))
LATER = (called(POLISH, "cma", "bobr"), absent(POLISH, "cma"), corrected(POLISH, "cma", ABSENT, EXCUSED))


def test_absences_entered_later_are_excused_at_once() -> None:
    given(PAST, SUBMITTED, ACCEPTED).when(CALL, by=NOWAK).then(*LATER)
    given(PAST, SUBMITTED, ACCEPTED, *LATER).when(CALL, by=NOWAK).nothing()
    given(PAST, SUBMITTED).when(CALL, by=NOWAK).then(*LATER[:2])
    given(PAST, SUBMITTED, REJECTED).when(CALL, by=NOWAK).then(*LATER[:2])
    given(PAST, SUBMITTED, PART_FACT).when(CALL, by=NOWAK).then(*LATER)
    elsewhere = of_4a(replace(ACCEPTED_FACT, lessons=(ref(POLISH_2),)))
    given(PAST, SUBMITTED, elsewhere).when(CALL, by=NOWAK).then(*LATER[:2])


CORRECT = CorrectAttendance(
    unit_id="4a", lesson_id=POLISH, pupil_id="cma", type_id="absent", reason="nie było jej"
)


def test_presence_corrected_into_absence_is_excused_at_once_and_an_excused_one_is_not_again() -> None:
    now_absent = corrected(POLISH, "cma", AttendanceKind.PRESENT, ABSENT, "nie było jej")
    given(PAST, called(POLISH, "cma"), SUBMITTED, ACCEPTED).when(CORRECT, by=NOWAK).then(
        now_absent, corrected(POLISH, "cma", ABSENT, EXCUSED)
    )
    given(PAST, called(POLISH, "cma"), SUBMITTED).when(CORRECT, by=NOWAK).then(now_absent)
    unexcused = corrected(POLISH, "cma", EXCUSED, ABSENT, "nie było jej")
    given(PAST, LATER, SUBMITTED, ACCEPTED).when(CORRECT, by=NOWAK).then(unexcused)


def test_the_homeroom_teacher_of_the_day_decides() -> None:
    for command in (ACCEPT, REJECT):
        given(PAST, SUBMITTED).when(command, by=LIS).refused(NOT_YOURS_TO_DECIDE, "class_id")
        given(PAST, SUBMITTED).when(command, by=MOTHER).refused(NOT_YOURS_TO_DO)
        given(PAST).when(command, by=NOWAK).refused(NO_SUCH_EXCUSE, "excuse_id", excuse="e1")


def test_rejecting_needs_a_reason_and_changes_no_mark() -> None:
    given(PAST, MISSED, SUBMITTED).when(REJECT, by=NOWAK).then(REJECTED)
    given(PAST, SUBMITTED).when(replace(REJECT, reason=" "), by=NOWAK).refused(TEXT_MISSING, "reason")


THE_EXCUSE = Standing(stream=streams.absences("4a"), field="excuse_id", value="e1")


def test_who_decides_second_is_shown_what_the_first_decided() -> None:
    given(PAST, SUBMITTED, REJECTED).when(ACCEPT, by=DIRECTOR).refused(
        EXCUSE_REJECTED, "excuse_id", reason="Widziano ją w sklepie."
    ).beside(THE_EXCUSE)
    given(PAST, SUBMITTED, PART_FACT).when(REJECT, by=DIRECTOR).refused(
        EXCUSE_ACCEPTED, "excuse_id", lessons=POLISH, comment="Od dziesiątej była w sklepie."
    )
    given(PAST, SUBMITTED, ACCEPTED).when(PART, by=DIRECTOR).refused(EXCUSE_ACCEPTED, "excuse_id")
    given(PAST, SUBMITTED, WITHDRAWN).when(ACCEPT, by=NOWAK).refused(EXCUSE_WITHDRAWN, "excuse_id")
    given(PAST, MISSED, SUBMITTED, ACCEPTED).when(ACCEPT, by=DIRECTOR).nothing()
    given(PAST, SUBMITTED, REJECTED).when(REJECT, by=DIRECTOR).nothing()


def test_an_excuse_is_withdrawn_by_whoever_handed_it_in_while_it_is_open() -> None:
    given(PAST, SUBMITTED).when(WITHDRAW, by=MOTHER).then(WITHDRAWN)
    given(PAST, SUBMITTED, WITHDRAWN).when(WITHDRAW, by=MOTHER).nothing()
    given(PAST, SUBMITTED).when(WITHDRAW, by=BOBR).refused(NOT_YOUR_PUPIL, "excuse_id")
    given(PAST, SUBMITTED, ACCEPTED).when(WITHDRAW, by=MOTHER).refused(EXCUSE_ACCEPTED, "excuse_id")
    given(PAST).when(WITHDRAW, by=MOTHER).refused(NO_SUCH_EXCUSE, "excuse_id")


def test_where_nobody_has_to_accept_an_excuse_stands_as_handed_in() -> None:
    free = rules(replace(USUAL_ABSENCES, acceptance_needed=False))
    by_rule = of_4a(replace(ACCEPTED_FACT, by_rule=True))
    given(PAST, MISSED, free).when(SUBMIT, by=MOTHER).then(SUBMITTED, by_rule, *EXCUSED_BOTH)


def test_a_school_without_a_type_for_excused_absences_cannot_accept() -> None:
    types = tuple([each for each in USUAL_ATTENDANCE.types if each.kind is not EXCUSED])
    poor = AttendanceRulesSet(year_id="y2026", rules=replace(USUAL_ATTENDANCE, types=types))
    given(PAST, MISSED, SUBMITTED, at(streams.SCHOOL, poor)).when(ACCEPT, by=NOWAK).refused(
        NO_TYPE_OF_KIND, "excuse_id", kind="absent_excused"
    )


@pytest.mark.parametrize(("command", "by"), [(SUBMIT, MOTHER), (ACCEPT, NOWAK), (REJECT, NOWAK)])
def test_a_closed_year_takes_no_excuses(command: Command, by: object) -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=THURSDAY, class_ids=("4a",)))
    past = () if command == SUBMIT else (SUBMITTED,)
    given(PAST, past, closed).when(command, by=by).refused(YEAR_CLOSED, "unit_id")  # type: ignore[arg-type]


def test_details_without_a_birth_date_are_no_age() -> None:
    unknown = at(streams.person("bobr"), PersonalDetailsRecorded(person_id="bobr", address="Zielona 1"))
    own = replace(SUBMIT, excuse_id="e2", pupil_id="bobr")
    given(PAST, unknown).when(own, by=BOBR).refused(NOT_OF_AGE, "pupil_id")
