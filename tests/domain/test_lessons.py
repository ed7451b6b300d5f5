"""What may be decided about a lesson: held, topic, signature, substitution, cancellation?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import (
    ASSIGNMENT_NOT_IN_FORCE,
    NO_SUCH_ASSIGNMENT,
    NO_SUCH_CLASS,
    NO_SUCH_PERIOD,
    OUTSIDE_YEAR,
    TeachingEnded,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import (
    ALREADY_SIGNED,
    LESSON_EXISTS,
    LESSON_IN_FUTURE,
    LESSON_WAS_CANCELLED,
    NO_SUCH_LESSON,
    NOT_YOUR_LESSON,
    REASON_MISSING,
    SUBSTITUTE_IS_THE_TEACHER,
    TOPIC_MISSING,
    ArrangeSubstitution,
    CancelLesson,
    HoldLesson,
    LessonCancelled,
    LessonHeld,
    LessonSigned,
    RecordTopic,
    SignLesson,
    SubstitutionArranged,
    TopicCorrected,
    TopicRecorded,
    lesson_id,
)
from dziennik.contracts.people import NO_SUCH_PERSON, NOT_IN_ROLE
from dziennik.domain.world import Entry
from tests.domain.register import LAST_YEAR, LIS, NEXT_YEAR, NOWAK, OCTOBER, OFFICE, PUPIL, REGISTER
from tests.domain.sentence import DIRECTOR, at, given

WEDNESDAY = date(2026, 10, 14)
ID = lesson_id(WEDNESDAY, 3, "pol-4a")


def there(fact: Fact) -> Entry:
    """In the stream of the lesson these stories tell of."""
    return at(streams.lesson("4a", ID), fact)


HELD_FACT = LessonHeld(
    unit_id="4a",
    lesson_id=ID,
    on=WEDNESDAY,
    period=3,
    assignment_id="pol-4a",
    subject_id="pol",
    teacher_id="nowak",
    topic="Głoski",
)
HELD = there(HELD_FACT)
HELD_WITHOUT_TOPIC = there(replace(HELD_FACT, topic=None))
SIGNED = there(LessonSigned(lesson_id=ID, teacher_id="nowak"))
ARRANGED = there(
    SubstitutionArranged(
        unit_id="4a",
        lesson_id=ID,
        on=WEDNESDAY,
        period=3,
        assignment_id="pol-4a",
        teacher_id="lis",
        instead_of="nowak",
        reason="choroba",
    )
)
HELD_BY_SUBSTITUTE = there(replace(HELD_FACT, teacher_id="lis", instead_of="nowak"))
CANCELLED = there(
    LessonCancelled(
        unit_id="4a",
        lesson_id=ID,
        on=WEDNESDAY,
        period=3,
        assignment_id="pol-4a",
        subject_id="pol",
        reason="wycieczka",
    )
)
# The same hour in the other class: nothing of it may leak into these stories.
ELSEWHERE = at(
    streams.lesson("4b", lesson_id(WEDNESDAY, 3, "pol-4b")),
    replace(HELD_FACT, unit_id="4b", lesson_id=lesson_id(WEDNESDAY, 3, "pol-4b"), assignment_id="pol-4b"),
)
DAY = (*REGISTER, ELSEWHERE)

HOLD = HoldLesson(unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3, topic="Głoski")
ARRANGE = ArrangeSubstitution(
    unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3, teacher_id="lis", reason="choroba"
)
TOPIC = RecordTopic(unit_id="4a", lesson_id=ID, topic="Głoski")
SIGN = SignLesson(unit_id="4a", lesson_id=ID)
CANCEL = CancelLesson(unit_id="4a", assignment_id="pol-4a", on=WEDNESDAY, period=3, reason="wycieczka")


def test_a_teacher_holds_a_lesson() -> None:
    given(DAY).when(HOLD, by=NOWAK).then(HELD)
    given(DAY).when(replace(HOLD, topic="  Głoski \n"), by=NOWAK).then(HELD)
    given(DAY).when(replace(HOLD, topic=" "), by=NOWAK).then(HELD_WITHOUT_TOPIC)


def test_holding_may_be_signing() -> None:
    given(DAY).when(replace(HOLD, sign=True), by=NOWAK).then(HELD, SIGNED)
    given(DAY).when(replace(HOLD, sign=True, topic=None), by=NOWAK).refused(TOPIC_MISSING, "topic")


def test_holding_it_again_does_nothing() -> None:
    given(DAY, HELD).when(HOLD, by=NOWAK).nothing()
    given(DAY, HELD, SIGNED).when(replace(HOLD, sign=True), by=NOWAK).nothing()


def test_a_lesson_is_held_once() -> None:
    given(DAY, HELD).when(replace(HOLD, topic="Litery"), by=NOWAK).refused(
        LESSON_EXISTS, "on", topic="Głoski"
    )
    given(DAY, HELD).when(replace(HOLD, sign=True), by=NOWAK).refused(LESSON_EXISTS, "on")


def test_a_lesson_of_a_group_names_the_group() -> None:
    english = HoldLesson(unit_id="4a", assignment_id="en-4a", on=WEDNESDAY, period=3)
    fact = replace(
        HELD_FACT,
        lesson_id=lesson_id(WEDNESDAY, 3, "en-4a"),
        assignment_id="en-4a",
        subject_id="en",
        teacher_id="lis",
        group_id="4a-en",
        topic=None,
    )
    given(DAY).when(english, by=LIS).then(at(streams.lesson("4a", fact.lesson_id), fact))


def test_a_lesson_is_the_teachers() -> None:
    given(DAY).when(HOLD, by=LIS).refused(NOT_YOUR_LESSON, "assignment_id")
    given(DAY).when(HOLD, by=DIRECTOR).then(HELD)  # entered for the teacher, who stands in the fact


def test_a_lesson_is_not_held_before_its_day() -> None:
    given(DAY).when(HOLD, by=NOWAK, today=date(2026, 10, 13)).refused(LESSON_IN_FUTURE, "on", on=WEDNESDAY)
    given(DAY).when(HOLD, by=NOWAK, today=WEDNESDAY).then(HELD)


def test_a_lesson_has_its_place_in_the_year() -> None:
    given(DAY).when(replace(HOLD, period=11), by=NOWAK).refused(NO_SUCH_PERIOD, "period", period=11)
    given(DAY).when(replace(HOLD, on=LAST_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "on")
    given(DAY).when(replace(HOLD, on=NEXT_YEAR), by=NOWAK, today=NEXT_YEAR).refused(OUTSIDE_YEAR, "on")
    given(DAY).when(replace(HOLD, unit_id="4c"), by=NOWAK).refused(NO_SUCH_CLASS, "unit_id", unit="4c")
    given(DAY).when(replace(HOLD, assignment_id="pol-4b"), by=LIS).refused(
        NO_SUCH_ASSIGNMENT, "assignment_id", assignment="pol-4b"
    )


def test_a_lesson_is_held_while_the_assignment_lasts() -> None:
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=date(2026, 10, 13)))
    given(DAY, ended).when(HOLD, by=NOWAK).refused(ASSIGNMENT_NOT_IN_FORCE, "on", on=WEDNESDAY)
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=WEDNESDAY))
    given(DAY, ended).when(HOLD, by=NOWAK).then(HELD)


def test_a_cancelled_lesson_is_not_held() -> None:
    given(DAY, CANCELLED).when(HOLD, by=NOWAK).refused(LESSON_WAS_CANCELLED, "on", reason="wycieczka")


def test_a_substitution_is_arranged() -> None:
    given(DAY).when(ARRANGE, by=OFFICE).then(ARRANGED)
    given(DAY, ARRANGED).when(ARRANGE, by=OFFICE).nothing()
    given(DAY).when(ARRANGE, by=NOWAK).refused(NOT_YOURS_TO_DO, role="teacher")


def test_a_substitute_is_another_teacher() -> None:
    given(DAY).when(replace(ARRANGE, teacher_id="nowak")).refused(SUBSTITUTE_IS_THE_TEACHER, "teacher_id")
    given(DAY).when(replace(ARRANGE, teacher_id="cma")).refused(NOT_IN_ROLE, "teacher_id")
    given(DAY).when(replace(ARRANGE, teacher_id="nobody")).refused(NO_SUCH_PERSON, "teacher_id")


def test_what_was_held_or_cancelled_is_not_substituted() -> None:
    given(DAY, HELD).when(ARRANGE).refused(LESSON_EXISTS, "on", topic="Głoski")
    given(DAY, CANCELLED).when(ARRANGE).refused(LESSON_WAS_CANCELLED, "on", reason="wycieczka")
    given(DAY).when(replace(ARRANGE, period=11)).refused(NO_SUCH_PERIOD, "period")


def test_the_substitute_holds_the_lesson() -> None:
    given(DAY, ARRANGED).when(HOLD, by=LIS).then(HELD_BY_SUBSTITUTE)
    given(DAY, ARRANGED).when(HOLD, by=NOWAK).refused(NOT_YOUR_LESSON, "assignment_id")


def test_a_first_topic_is_recorded() -> None:
    recorded = there(TopicRecorded(lesson_id=ID, topic="Głoski"))
    given(DAY, HELD_WITHOUT_TOPIC).when(TOPIC, by=NOWAK).then(recorded)
    given(DAY, HELD_WITHOUT_TOPIC, recorded).when(TOPIC, by=NOWAK).nothing()
    given(DAY, HELD).when(TOPIC, by=NOWAK).nothing()
    given(DAY, HELD).when(replace(TOPIC, topic=" "), by=NOWAK).refused(TEXT_MISSING, "topic", at="topic")


def test_a_wrong_topic_is_corrected_with_a_reason() -> None:
    right = replace(TOPIC, topic="Litery", reason="pomyłka")
    given(DAY, HELD).when(right, by=NOWAK).then(
        there(TopicCorrected(lesson_id=ID, was="Głoski", topic="Litery", reason="pomyłka"))
    )
    for reason in (None, "", "  "):
        given(DAY, HELD).when(replace(right, reason=reason), by=NOWAK).refused(REASON_MISSING, "reason")


def test_a_lesson_is_signed_once_it_has_a_topic() -> None:
    given(DAY, HELD).when(SIGN, by=NOWAK).then(SIGNED)
    given(DAY, HELD_WITHOUT_TOPIC).when(SIGN, by=NOWAK).refused(TOPIC_MISSING, "lesson_id")
    given(DAY, HELD, SIGNED).when(SIGN, by=NOWAK).refused(ALREADY_SIGNED, "lesson_id")


def test_whoever_held_the_lesson_signs_it() -> None:
    given(DAY, ARRANGED, HELD_BY_SUBSTITUTE).when(SIGN, by=LIS).then(
        there(LessonSigned(lesson_id=ID, teacher_id="lis"))
    )
    given(DAY, ARRANGED, HELD_BY_SUBSTITUTE).when(SIGN, by=NOWAK).refused(NOT_YOUR_LESSON, "lesson_id")
    given(DAY, HELD).when(SIGN, by=DIRECTOR).then(there(LessonSigned(lesson_id=ID, teacher_id="director")))


def test_a_lesson_is_cancelled() -> None:
    given(DAY).when(CANCEL, by=NOWAK).then(CANCELLED)
    given(DAY, HELD, SIGNED).when(CANCEL, by=NOWAK).then(CANCELLED)
    given(DAY, CANCELLED).when(CANCEL, by=NOWAK).nothing()
    given(DAY, CANCELLED).when(replace(CANCEL, reason="inny"), by=NOWAK).refused(
        LESSON_WAS_CANCELLED, "on", reason="wycieczka"
    )
    given(DAY).when(replace(CANCEL, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")


def test_who_held_or_was_to_hold_it_cancels_it() -> None:
    given(DAY).when(CANCEL, by=LIS).refused(NOT_YOUR_LESSON, "assignment_id")
    given(DAY, ARRANGED).when(CANCEL, by=LIS).then(CANCELLED)
    given(DAY, HELD, ARRANGED).when(CANCEL, by=LIS).refused(NOT_YOUR_LESSON, "assignment_id")
    given(DAY).when(CANCEL, by=DIRECTOR).then(CANCELLED)


@pytest.mark.parametrize("command", [TOPIC, SIGN])
def test_it_takes_a_lesson_that_was_held_and_stands(command: Command) -> None:
    given(DAY).when(command, by=NOWAK).refused(NO_SUCH_LESSON, "lesson_id", lesson=ID)
    given(DAY, ARRANGED).when(command, by=LIS).refused(NO_SUCH_LESSON, "lesson_id")
    given(DAY, HELD, CANCELLED).when(command, by=NOWAK).refused(
        LESSON_WAS_CANCELLED, "lesson_id", reason="wycieczka"
    )
    given(DAY, HELD).when(command, by=LIS).refused(NOT_YOUR_LESSON, "lesson_id")


@pytest.mark.parametrize("command", [HOLD, TOPIC, SIGN, CANCEL])
def test_lessons_are_the_teachings(command: Command) -> None:
    given(DAY, HELD).when(command, by=PUPIL).refused(NOT_YOURS_TO_DO, role="pupil")
    given(DAY, HELD).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO, role="administrator")


def test_lesson_ids_sort_by_day_and_hour() -> None:
    ids = [lesson_id(WEDNESDAY, 3, "b"), lesson_id(WEDNESDAY, 10, "a"), lesson_id(OCTOBER, 1, "a")]
    assert ids == ["2026-10-14.03.b", "2026-10-14.10.a", "2026-10-15.01.a"]
    assert sorted(ids) == ids
    assert streams.ID.match(ids[0])
