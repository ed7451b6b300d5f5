"""Do the topics on cards go on from lesson to lesson, whatever was printed and entered before?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import classes, curriculum, streams
from dziennik.contracts.cards import CardIssued, CardKind, CardLesson, CardLine, CardVoided
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonCancelled, LessonHeld, lesson_id
from dziennik.contracts.values import TimetableSlot
from dziennik.omr.layouts import Paper
from dziennik.scanning.making import lesson_cards
from tests.projections.histories import FIRST, History, a_school
from tests.scanning.test_making import KEY, MONDAY, view_of

WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(5)]
TUESDAY, WEDNESDAY = WEEK[1:3]


def with_lessons(history: History) -> History:
    """Mathematics of A every day at two, its plan of six topics; Polish of A1 follows a plan of its own."""
    for plan_id, subject_id, topics in (("rm", "mat", "ABCDEF"), ("rp", "pol", "XYZ")):
        items = tuple(curriculum.PlanItem(item_id=one, topic=one, hours=1) for one in topics)
        plan = curriculum.PlanDrawnUp(
            plan_id=plan_id, year_id="Y", subject_id=subject_id, name="Plan", items=items
        )
        history.tell(streams.curriculum_plan(plan_id), plan)
    other = classes.TeachingAssigned(
        assignment_id="pol-A1", unit_id="A", subject_id="pol", teacher_id="lis", since=FIRST, group_id="A1"
    )
    joined = classes.PupilJoinedGroup(group_id="A1", class_id="A", pupil_id="bo", since=FIRST)
    slots = tuple(TimetableSlot(weekday=day, period=2, assignment_id="mat-A") for day in range(1, 6))
    slots += (TimetableSlot(weekday=2, period=1, assignment_id="pol-A1"),)
    history.tell(streams.unit("A"), joined, other)
    history.tell(streams.unit("A"), classes.TimetableSet(unit_id="A", valid_from=FIRST, slots=slots))
    for assignment_id, plan_id in (("mat-A", "rm"), ("pol-A1", "rp")):
        follows = curriculum.PlanAssigned(unit_id="A", assignment_id=assignment_id, plan_id=plan_id)
        history.tell(streams.unit_curriculum("A"), follows)
    return history


def printed(history: History, days: list[date], **asked: int) -> list[tuple[str, str]]:
    """The topics of each lesson on these days, in the order of cards, by the weekday's number."""
    made = lesson_cards(view_of(history), "A", days, Paper.A4, KEY, **asked)  # type: ignore[arg-type]
    lessons = [lesson for one in made for lesson in one.new.lessons]
    return [(f"{lesson.on.isoweekday()}.{lesson.period}", "".join(lesson.topics)) for lesson in lessons]


def issued(card_id: str, *days: date, assignment_id: str = "mat-A") -> CardIssued:
    lessons = tuple(
        CardLesson(unit_id="A", assignment_id=assignment_id, on=day, period=2, topics=("?",)) for day in days
    )
    line = CardLine(line=1, number=1, pupil_id="ada", class_id="A")
    return CardIssued(
        card_id=card_id, layout=11, kind=CardKind.LESSONS, unit_id="A", lines=(line,), lessons=lessons
    )


def held(day: date, item: str | None) -> LessonHeld:
    return LessonHeld(
        unit_id="A",
        lesson_id=lesson_id(day, 2, "mat-A"),
        on=day,
        period=2,
        assignment_id="mat-A",
        subject_id="mat",
        teacher_id="nowak",
        topic=item,
        plan=curriculum.FromPlan(plan_id="rm", items=(item,)) if item else None,
    )


def on_lesson(history: History, day: date, fact: Fact) -> None:
    history.tell(streams.lesson("A", lesson_id(day, 2, "mat-A")), fact)


def test_a_weeks_lessons_have_one_topic_after_the_other() -> None:
    history = with_lessons(a_school())
    assert printed(history, WEEK) == [
        ("1.2", "AB"),
        ("2.2", "BA"),
        ("2.1", "XY"),  # of a part of the class: on a card of its own
        ("3.2", "CB"),
        ("4.2", "DC"),
        ("5.2", "ED"),
    ]
    assert printed(history, [TUESDAY], period=2) == [("2.2", "AB")]  # nothing says that there is one before


def test_what_is_in_the_register_is_done_and_lessons_of_nothing_take_no_topic() -> None:
    history = with_lessons(a_school())
    on_lesson(history, FIRST, held(FIRST, "A"))
    on_lesson(history, MONDAY, held(MONDAY, None))
    assert printed(history, [TUESDAY, WEDNESDAY]) == [("2.2", "BC"), ("2.1", "XY"), ("3.2", "CB")]


def test_lessons_printed_before_count_until_they_are_in_the_register() -> None:
    history = with_lessons(a_school())
    history.tell(streams.card("k"), issued("k", MONDAY, TUESDAY))
    history.tell(streams.card("again"), issued("again", TUESDAY))  # the same lesson on a second card
    history.tell(streams.card("p"), issued("p", MONDAY, assignment_id="pol-A1"))
    assert printed(history, [WEDNESDAY]) == [("3.2", "CB")]
    on_lesson(history, MONDAY, held(MONDAY, "A"))
    assert printed(history, [WEDNESDAY]) == [("3.2", "CB")]  # B is still to come
    on_lesson(history, TUESDAY, held(TUESDAY, "A"))
    assert printed(history, [WEDNESDAY]) == [("3.2", "BC")]


def test_a_card_printed_again_offers_the_same_as_before() -> None:
    history = with_lessons(a_school())
    history.tell(streams.card("k"), issued("k", MONDAY, TUESDAY, WEDNESDAY))
    assert printed(history, [TUESDAY], period=2) == [("2.2", "BA")]


def test_lessons_that_will_not_be_are_not_waited_for() -> None:
    history = with_lessons(a_school())
    history.tell(streams.card("k"), issued("k", MONDAY))
    history.tell(streams.card("k"), CardVoided(card_id="k", reason="zgubiona"))
    assert printed(history, [TUESDAY], period=2) == [("2.2", "AB")]
    history.tell(streams.card("l"), issued("l", MONDAY))
    assert printed(history, [TUESDAY], period=2) == [("2.2", "BA")]
    cancelled = LessonCancelled(
        unit_id="A", lesson_id=lesson_id(MONDAY, 2, "mat-A"), on=MONDAY, period=2,
        assignment_id="mat-A", subject_id="mat", reason="wycieczka",
    )  # fmt: skip
    on_lesson(history, MONDAY, cancelled)
    assert printed(history, [TUESDAY], period=2) == [("2.2", "AB")]


@pytest.mark.parametrize(("weeks", "topics"), [(2, "BA"), (3, "AB")])
def test_a_card_that_never_came_back_is_forgotten_after_two_weeks(weeks: int, topics: str) -> None:
    history = with_lessons(a_school())
    history.tell(streams.card("k"), issued("k", MONDAY))
    assert printed(history, [MONDAY + timedelta(weeks=weeks)]) == [("1.2", topics)]


def test_lessons_of_another_class_are_not_counted() -> None:
    history = with_lessons(a_school())
    other = issued("b", MONDAY)
    lessons = (replace(other.lessons[0], unit_id="B"),)
    history.tell(streams.card("b"), replace(other, unit_id="B", lessons=lessons))
    assert printed(history, [TUESDAY], period=2) == [("2.2", "AB")]
