"""A page of the register: lessons in order, each with all that was written in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from dziennik.contracts import attendance, lessons, streams
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import AttendanceKind
from dziennik.projections.register_pages import REGISTER_PAGES, page_json
from dziennik.projections.rows import MemoryRows
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school, held, mark_of

NEXT = FIRST + timedelta(days=1)
K = AttendanceKind


def there(history: History, fact: lessons.LessonHeld, *more: Fact) -> History:
    return history.tell(streams.lesson(fact.unit_id, fact.lesson_id), fact, *more)


def page(history: History, unit: str = "A") -> list[dict[str, Any]]:
    rows = MemoryRows()
    REGISTER_PAGES.fold(rows, history.recorded)
    return [msgspec.json.decode(content) for _, _, content in page_json(rows, unit, FIRST, NEXT)]


def test_lessons_stand_by_day_and_hour_and_those_of_others_do_not() -> None:
    history = a_school()
    for unit, day, period in (("A", NEXT, 1), ("A", FIRST, 10), ("A", FIRST, 2), ("B", FIRST, 1)):
        there(history, held(unit, day, period))
    there(history, held("A", FIRST - timedelta(days=1), 1))
    assert [(each["on"], each["period"]) for each in page(history)] == [
        (str(FIRST), 2),
        (str(FIRST), 10),
        (str(NEXT), 1),
    ]


def test_a_lesson_shows_all_that_was_written_in_it() -> None:
    fact = replace(held("A", FIRST, 2, topic=None), co_teachers=("lis",), room="12")
    key = fact.lesson_id
    history = there(
        a_school(),
        fact,
        lessons.TopicRecorded(lesson_id=key, topic="Kąty", plan=FromPlan(plan_id="rm", items=("3",))),
        lessons.CoTeacherRecorded(lesson_id=key, teacher_id="kos"),
        attendance.RollCalled(lesson_id=key, pupils=("ada", "bo")),
        mark_of(key, "bo", K.LATE),
        mark_of(key, "ada", K.ABSENT),
        lessons.LessonSigned(lesson_id=key, teacher_id="lis"),
        lessons.LessonSigned(lesson_id=key, teacher_id="nowak"),
    )
    (lesson,) = page(history)
    assert (lesson["topic"], lesson["planId"], lesson["items"], lesson["room"]) == ("Kąty", "rm", ["3"], "12")
    assert (lesson["coTeachers"], lesson["coSigned"], lesson["signedBy"]) == (
        ["lis", "kos"],
        ["lis"],
        "nowak",
    )
    assert lesson["asked"] == 2
    assert lesson["marks"] == [
        {"pupilId": "ada", "typeId": "absent", "kind": "ABSENT", "minutes": None},
        {"pupilId": "bo", "typeId": "late", "kind": "LATE", "minutes": 7},
    ]


def test_who_was_present_after_all_has_no_mark_and_a_cancelled_lesson_says_so() -> None:
    fact = held("A", FIRST, 2)
    corrected = attendance.AttendanceCorrected(
        lesson_id=fact.lesson_id,
        pupil_id="ada",
        was_type_id="absent",
        was_kind=K.ABSENT,
        type_id="present",
        kind=K.PRESENT,
        reason="przyszła",
    )
    roll = attendance.RollCalled(lesson_id=fact.lesson_id, pupils=("ada", "bo"))
    history = there(a_school(), fact, roll, mark_of(fact.lesson_id, "ada", K.ABSENT), corrected)
    cancelled = lessons.LessonCancelled(
        unit_id="A",
        lesson_id=fact.lesson_id,
        on=FIRST,
        period=2,
        assignment_id="mat-A",
        subject_id="mat",
        reason="pomyłka",
    )
    history.tell(streams.lesson("A", fact.lesson_id), cancelled)
    (lesson,) = page(history)
    assert (lesson["marks"], lesson["asked"], lesson["cancelled"]) == ([], 2, "pomyłka")


def test_pages_are_the_same_however_they_are_built(common: str) -> None:
    history = there(a_school(), held("A", FIRST, 2))
    assert [len(rows) for rows in agree(common, REGISTER_PAGES, history).values()] == [1]
