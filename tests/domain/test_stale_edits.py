"""Two people edit the same entry: the second is refused, and the refusal names the first's (ADR 0086)."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import grades, streams
from dziennik.contracts.attendance import ROLL_ALREADY_CALLED
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.grades import (
    COLUMN_EXISTS,
    COLUMN_IS_FILLED,
    GRADE_EXISTS,
    GRADE_IS_STRUCK_OUT,
    PERIOD_GRADE_STANDS,
    ColumnSeen,
)
from dziennik.contracts.lessons import LESSON_EXISTS
from dziennik.contracts.refusals import Refusal, Standing
from dziennik.contracts.values import GradeKind
from dziennik.domain.world import Entry
from tests.domain import gradebook as book
from tests.domain import test_attendance as roll
from tests.domain import test_lessons as lesson
from tests.domain import test_staff as staff
from tests.domain.register import NOWAK
from tests.domain.sentence import given

CMAS_POLISH = streams.grades("4a", "pol", "cma")
THE_GRADE = Standing(stream=CMAS_POLISH, field="grade_id", value="g1")


def test_a_grade_that_was_corrected_meanwhile_is_not_corrected_again() -> None:
    past: tuple[Entry, ...] = (*book.DAY, book.GIVEN, book.CORRECTED)
    stale = replace(book.CORRECT, value="3", seen="4+")
    given(past).when(stale, by=NOWAK).refused(CHANGED_SINCE, "seen", seen="4+", now="5").beside(THE_GRADE)
    given(past).when(replace(book.STRIKE, seen="4+"), by=NOWAK).refused(CHANGED_SINCE, "seen").beside(
        THE_GRADE
    )
    fresh = replace(stale, seen="5")
    assert not isinstance(given(past).when(fresh, by=NOWAK).decision, Refusal)
    assert not isinstance(given(past).when(replace(fresh, seen=None), by=NOWAK).decision, Refusal)
    given(past, book.STRUCK).when(fresh, by=NOWAK).refused(
        GRADE_IS_STRUCK_OUT, "grade_id", grade="g1"
    ).beside(THE_GRADE)


def test_a_grade_of_the_same_id_or_kind_is_shown() -> None:
    given(book.DAY, book.GIVEN).when(replace(book.GIVE, value="2"), by=NOWAK).refused(
        GRADE_EXISTS, "grade_id"
    ).beside(THE_GRADE)
    final = replace(book.GIVEN_FACT, kind=GradeKind.TERM_FINAL, value="4", category_id=None)
    again = replace(book.GIVE, grade_id="g2", kind=GradeKind.TERM_FINAL, value="5", category_id=None)
    given(book.DAY, book.of_cma(final)).when(again, by=NOWAK).refused(
        PERIOD_GRADE_STANDS, "kind", value="4", on=book.WEDNESDAY
    ).beside(THE_GRADE)


def test_a_column_is_filled_once() -> None:
    past = (*book.DAY, book.COLUMN, book.of_cma(book.IN_COLUMN_FACT))
    second = replace(book.IN_COLUMN, grade_id="g9", value="2")
    given(past).when(second, by=NOWAK).refused(COLUMN_IS_FILLED, "pupil_id", pupil="cma", value="4+").beside(
        THE_GRADE
    )
    filling = replace(book.FILL, grades=(book.entry("g8", "bobr", "np"), book.entry("g9", "cma", "2")))
    when = given(past).when(filling, by=NOWAK)
    when.refused(COLUMN_IS_FILLED, "grades[1].pupil_id").beside(THE_GRADE)
    retake = replace(second, improves="g1")
    assert not isinstance(given(past).when(retake, by=NOWAK).decision, Refusal)
    assert not isinstance(given(past, book.STRUCK).when(second, by=NOWAK).decision, Refusal)


def test_a_column_that_was_changed_meanwhile_is_not_changed_again() -> None:
    column = Standing(stream=streams.column("4a", "k1"))
    seen = ColumnSeen(title="Dyktando", category_id="quiz", weight=Decimal(3), on=book.WEDNESDAY)
    changed = grades.ColumnChanged(
        column_id="k1", title="Praca klasowa", category_id="test", weight=Decimal(5), on=book.WEDNESDAY
    )
    past = (*book.DAY, book.COLUMN, Entry(streams.column("4a", "k1"), changed))
    change = replace(book.CHANGE, on=book.WEDNESDAY, seen=seen)
    given(past).when(change, by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="Dyktando, quiz, 3, 2026-10-14", now="Praca klasowa, test, 5, 2026-10-14"
    ).beside(column)
    assert not isinstance(given(book.DAY, book.COLUMN).when(change, by=NOWAK).decision, Refusal)
    given(past).when(book.OPEN, by=NOWAK).refused(COLUMN_EXISTS, "column_id", title="Praca klasowa").beside(
        column
    )


def test_attendance_that_was_corrected_meanwhile_is_not_corrected_again() -> None:
    past = (*roll.DAY, roll.CALLED, roll.CMA_ABSENT, roll.CMA_EXCUSED)
    stale = replace(roll.CORRECT, type_id="present", seen_type_id="absent")
    stream = streams.lesson("4a", roll.POLISH)
    given(past).when(stale, by=NOWAK).refused(
        CHANGED_SINCE, "seen_type_id", seen="absent", now="absent-excused"
    ).beside(Standing(stream=stream, field="pupil_id", value="cma"))
    fresh = replace(stale, seen_type_id="absent-excused")
    assert not isinstance(given(past).when(fresh, by=NOWAK).decision, Refusal)
    when = given(past).when(roll.CALL, by=NOWAK)
    when.refused(ROLL_ALREADY_CALLED, "lesson_id").beside(Standing(stream=stream, field="pupils"))
    assert isinstance(when.decision, Refusal)
    assert when.decision.details == {"marks": "cma: absent-excused"}


def test_a_topic_that_was_entered_meanwhile_is_not_entered_again() -> None:
    topic = Standing(stream=streams.lesson("4a", lesson.ID), field="topic")
    stale = replace(lesson.TOPIC, topic="Litery", reason="pomyłka", seen="")
    given(lesson.DAY, lesson.HELD).when(stale, by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="", now="Głoski"
    ).beside(topic)
    fresh = replace(stale, seen="Głoski")
    assert not isinstance(given(lesson.DAY, lesson.HELD).when(fresh, by=NOWAK).decision, Refusal)
    nothing_yet = given(lesson.DAY, lesson.HELD_WITHOUT_TOPIC).when(stale, by=NOWAK)
    assert not isinstance(nothing_yet.decision, Refusal)
    other = given(lesson.DAY, lesson.HELD).when(replace(lesson.HOLD, topic="Litery"), by=NOWAK)
    there = Standing(stream=streams.lesson("4a", lesson.ID))
    other.refused(LESSON_EXISTS, "on", topic="Głoski").beside(there)


def test_hours_that_were_corrected_meanwhile_are_not_corrected_again() -> None:
    past = (*staff.PAST, staff.ENTERED, staff.CORRECTED)
    stale = replace(staff.CORRECT, hours=Decimal(3), seen_hours=Decimal("1.5"))
    hours = Standing(stream=streams.staff("y2026", "nowak"), field="hours_id", value="h1")
    given(past).when(stale, by=NOWAK).refused(CHANGED_SINCE, "seen_hours", seen="1.5", now="2").beside(hours)
    fresh = replace(stale, seen_hours=Decimal(2))
    assert not isinstance(given(past).when(fresh, by=NOWAK).decision, Refusal)
