"""What an entry may never be: each is refused with its code and field, and nothing is written.

One table for grades, attendance, lessons and behaviour; the stories of each tell the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.attendance import NO_SUCH_TYPE, NOT_ASKED
from dziennik.contracts.classes import ASSIGNMENT_NOT_IN_FORCE, NOT_ENROLLED, OUTSIDE_YEAR, TeachingEnded
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor
from dziennik.contracts.grades import (
    DAY_IN_NO_TERM,
    GRADE_IN_FUTURE,
    NOT_YOUR_ASSIGNMENT,
    VALUE_OFF_SCALE,
)
from dziennik.contracts.lessons import LESSON_IN_FUTURE, NOT_YOUR_LESSON
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.contracts.school import SchoolYearClosed
from dziennik.domain.world import Entry
from tests.domain import gradebook as book
from tests.domain import test_attendance as roll
from tests.domain import test_lessons as lesson
from tests.domain.register import LIS, NOWAK, REGISTER
from tests.domain.sentence import TODAY, at, given

JULY = date(2027, 7, 2)
LAST_AUGUST = date(2026, 8, 31)
CLOSED = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a", "4b")))
ENDED = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=date(2026, 10, 13)))
IN_COLUMN = (*book.DAY, book.COLUMN)
CALLED = (*roll.DAY, roll.CALLED, roll.CMA_ABSENT)


@dataclass(frozen=True)
class Case:
    """A command on a past, and the no it gets."""

    past: tuple[Entry, ...]
    command: Command
    reason: Reason
    field: str
    by: Actor = NOWAK
    today: date = TODAY


CASES = {
    "grade outside the term": Case(book.DAY, replace(book.GIVE, on=JULY), DAY_IN_NO_TERM, "on", today=JULY),
    "grade outside the year": Case(book.DAY, replace(book.GIVE, on=LAST_AUGUST), OUTSIDE_YEAR, "on"),
    "grade of a day to come": Case(book.DAY, replace(book.GIVE, on=book.FRIDAY), GRADE_IN_FUTURE, "on"),
    "grade of a pupil of another class": Case(
        book.DAY, replace(book.GIVE, pupil_id="zajac"), NOT_ENROLLED, "pupil_id"
    ),
    "grade by another teacher": Case(book.DAY, book.GIVE, NOT_YOUR_ASSIGNMENT, "assignment_id", by=LIS),
    "grade after teaching ended": Case((*book.DAY, ENDED), book.GIVE, ASSIGNMENT_NOT_IN_FORCE, "on"),
    "grade off the scale": Case(book.DAY, replace(book.GIVE, value="7"), VALUE_OFF_SCALE, "value"),
    "grade in a closed year": Case((*book.DAY, CLOSED), book.GIVE, YEAR_CLOSED, "unit_id"),
    "column off the scale": Case(
        IN_COLUMN,
        replace(book.FILL, grades=(book.entry("g1", "cma", "4"), book.entry("g2", "bobr", "9"))),
        VALUE_OFF_SCALE,
        "grades[1].value",
    ),
    "column of a pupil of another class": Case(
        IN_COLUMN,
        replace(book.FILL, grades=(book.entry("g1", "zajac", "4"),)),
        NOT_ENROLLED,
        "grades[0].pupil_id",
    ),
    "column in a closed year": Case((*IN_COLUMN, CLOSED), book.FILL, YEAR_CLOSED, "unit_id"),
    "correction off the scale": Case(
        (*book.DAY, book.GIVEN), replace(book.CORRECT, value="0"), VALUE_OFF_SCALE, "value"
    ),
    "correction in a closed year": Case(
        (*book.DAY, book.GIVEN, CLOSED), book.CORRECT, YEAR_CLOSED, "unit_id"
    ),
    "roll with a pupil of another class": Case(
        roll.DAY,
        replace(roll.CALL, marks=(roll.mark("zajac", "absent"),)),
        NOT_ASKED,
        "marks[0].pupil_id",
    ),
    "roll by another teacher": Case(roll.DAY, roll.CALL, NOT_YOUR_LESSON, "lesson_id", by=LIS),
    "roll with an unknown type": Case(
        roll.DAY, replace(roll.CALL, marks=(roll.mark("cma", "asleep"),)), NO_SUCH_TYPE, "marks[0].type_id"
    ),
    "attendance in a closed year": Case((*CALLED, CLOSED), roll.CORRECT, YEAR_CLOSED, "unit_id"),
    "lesson outside the year": Case(REGISTER, replace(lesson.HOLD, on=LAST_AUGUST), OUTSIDE_YEAR, "on"),
    "lesson of a day to come": Case(REGISTER, replace(lesson.HOLD, on=book.FRIDAY), LESSON_IN_FUTURE, "on"),
    "lesson of another teacher": Case(REGISTER, lesson.HOLD, NOT_YOUR_LESSON, "assignment_id", by=LIS),
    "lesson in a closed year": Case((*REGISTER, CLOSED), lesson.HOLD, YEAR_CLOSED, "unit_id"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_refused_with_code_and_field(case: Case) -> None:
    when = given(case.past).when(case.command, by=case.by, today=case.today)
    when.refused(case.reason, case.field)
    assert isinstance(when.decision, Refusal)
    assert when.decision.text("pl") != when.decision.text("en")
