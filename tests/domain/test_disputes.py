"""What may be decided about questions that families ask about entries?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.attendance import NOT_ASKED, RollCalled
from dziennik.contracts.classes import NO_SUCH_CLASS
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.disputes import (
    DISPUTE_EXISTS,
    DISPUTE_IS_OVER,
    NO_SUCH_DISPUTE,
    NOT_YOUR_ENTRY,
    NOT_YOURS_TO_ANSWER,
    ONE_ENTRY,
    AnswerQuestion,
    AskAboutEntry,
    DecideDispute,
    DisputeDecided,
    DisputeOutcome,
    QuestionAnswered,
    QuestionAsked,
    QuestionWithdrawn,
    WithdrawQuestion,
)
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import NO_SUCH_GRADE
from dziennik.contracts.lessons import NO_SUCH_LESSON, LessonHeld, lesson_id
from dziennik.contracts.people import Guardianship, ParentalRightsEnded, ParentalRightsGranted
from dziennik.contracts.school import SchoolYearClosed
from dziennik.domain.world import Entry
from tests.domain.gradebook import DAY, GIVEN
from tests.domain.register import LIS, NOWAK, PUPIL, SEPTEMBER
from tests.domain.sentence import DIRECTOR, at, given

MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
RIGHTS = at(
    streams.person("cma"),
    ParentalRightsGranted(
        pupil_id="cma", parent_id="mother", guardianship=Guardianship.PARENT, since=SEPTEMBER
    ),
)
ENDED = at(
    streams.person("cma"),
    ParentalRightsEnded(pupil_id="cma", parent_id="mother", until=date(2026, 10, 1), basis="III RC 1/26"),
)
WEDNESDAY = date(2026, 10, 14)
LESSON = lesson_id(WEDNESDAY, 3, "pol-4a")
HELD = at(
    streams.lesson("4a", LESSON),
    LessonHeld(
        unit_id="4a",
        lesson_id=LESSON,
        on=WEDNESDAY,
        period=3,
        assignment_id="pol-4a",
        subject_id="pol",
        teacher_id="nowak",
    ),
)
CALLED = at(streams.lesson("4a", LESSON), RollCalled(lesson_id=LESSON, pupils=("cma",)))
PAST = (*DAY, GIVEN, RIGHTS, HELD, CALLED)

ASK = AskAboutEntry(
    dispute_id="q1", class_id="4a", pupil_id="cma", text="Skąd ta ocena?", subject_id="pol", grade_id="g1"
)


def there(fact: Fact) -> Entry:
    return at(streams.dispute("4a", "q1"), fact)


ASKED_FACT = QuestionAsked(
    dispute_id="q1",
    class_id="4a",
    pupil_id="cma",
    asked_by="mother",
    text="Skąd ta ocena?",
    subject_id="pol",
    grade_id="g1",
)
ASKED = there(ASKED_FACT)
ANSWER = AnswerQuestion(class_id="4a", dispute_id="q1", text="Z dyktanda.")
ANSWERED = there(QuestionAnswered(dispute_id="q1", pupil_id="cma", text="Z dyktanda."))
DECIDE = DecideDispute(class_id="4a", dispute_id="q1", outcome=DisputeOutcome.STANDS, text="Ocena zostaje.")
DECIDED = there(
    DisputeDecided(dispute_id="q1", pupil_id="cma", outcome=DisputeOutcome.STANDS, text="Ocena zostaje.")
)


def test_parents_and_pupils_ask_about_their_entries() -> None:
    given(PAST).when(ASK, by=MOTHER).then(ASKED)
    given(PAST).when(ASK, by=PUPIL).then(there(replace(ASKED_FACT, asked_by="cma")))
    given(PAST, ASKED).when(ASK, by=MOTHER).nothing()
    given(PAST, ASKED).when(replace(ASK, text="Dlaczego?"), by=MOTHER).refused(DISPUTE_EXISTS, "dispute_id")


def test_nobody_asks_for_others() -> None:
    given(PAST, ENDED).when(ASK, by=MOTHER).refused(NOT_YOUR_ENTRY, "pupil_id")
    given(PAST).when(ASK, by=replace(PUPIL, person="bobr")).refused(NOT_YOUR_ENTRY, "pupil_id")
    given(PAST).when(ASK, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_the_entry_is_one_and_is_there() -> None:
    given(PAST).when(replace(ASK, grade_id="g9"), by=MOTHER).refused(NO_SUCH_GRADE, "grade_id")
    given(PAST).when(replace(ASK, grade_id=None), by=MOTHER).refused(ONE_ENTRY, "grade_id")
    given(PAST).when(replace(ASK, unit_id="4a", lesson_id=LESSON), by=MOTHER).refused(ONE_ENTRY, "grade_id")
    given(PAST).when(replace(ASK, text=" "), by=MOTHER).refused(TEXT_MISSING, "text")
    given(PAST).when(replace(ASK, class_id="9z"), by=MOTHER).refused(NO_SUCH_CLASS, "class_id")


def test_a_mark_may_be_asked_about() -> None:
    about = replace(ASK, subject_id=None, grade_id=None, unit_id="4a", lesson_id=LESSON)
    given(PAST).when(about, by=MOTHER).then(
        there(replace(ASKED_FACT, grade_id=None, unit_id="4a", lesson_id=LESSON))
    )
    given(*DAY, RIGHTS, HELD).when(about, by=MOTHER).refused(NOT_ASKED, "lesson_id")
    given(*DAY, RIGHTS).when(about, by=MOTHER).refused(NO_SUCH_LESSON, "lesson_id")


def test_the_teacher_of_the_entry_the_homeroom_teacher_and_the_director_answer() -> None:
    given(PAST, ASKED).when(ANSWER, by=NOWAK).then(ANSWERED)
    given(PAST, ASKED).when(ANSWER, by=DIRECTOR).then(ANSWERED)
    given(PAST, ASKED).when(ANSWER, by=LIS).refused(NOT_YOURS_TO_ANSWER, "dispute_id")
    given(PAST, ASKED).when(replace(ANSWER, text=""), by=NOWAK).refused(TEXT_MISSING, "text")
    given(PAST).when(ANSWER, by=NOWAK).refused(NO_SUCH_DISPUTE, "dispute_id", dispute="q1")


def test_a_decision_ends_it() -> None:
    given(PAST, ASKED, ANSWERED).when(DECIDE, by=NOWAK).then(DECIDED)
    given(PAST, ASKED).when(replace(DECIDE, text=""), by=NOWAK).refused(TEXT_MISSING, "text")
    given(PAST, ASKED).when(DECIDE, by=LIS).refused(NOT_YOURS_TO_ANSWER, "dispute_id")
    for command in (DECIDE, ANSWER):
        given(PAST, ASKED, DECIDED).when(command, by=NOWAK).refused(DISPUTE_IS_OVER, "dispute_id")


WITHDRAW = WithdrawQuestion(class_id="4a", dispute_id="q1")


def test_whoever_asked_may_withdraw() -> None:
    withdrawn = there(QuestionWithdrawn(dispute_id="q1", pupil_id="cma"))
    given(PAST, ASKED).when(WITHDRAW, by=MOTHER).then(withdrawn)
    given(PAST, ASKED).when(WITHDRAW, by=PUPIL).refused(NOT_YOUR_ENTRY, "dispute_id")
    given(PAST, ASKED, withdrawn).when(WITHDRAW, by=MOTHER).refused(DISPUTE_IS_OVER, "dispute_id")


def test_questions_stay_possible_after_the_year_was_closed() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=date(2027, 6, 30), class_ids=("4a",)))
    given(PAST, closed).when(ASK, by=MOTHER).then(ASKED)
