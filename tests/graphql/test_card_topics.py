"""Which item of the plan does a lesson count for, whose topic was chosen or written on a card?

Plans have topics such as a revision more than once: a card names the item that it was printed for.
"""

from __future__ import annotations

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import cards as said
from dziennik.contracts.curriculum import AssignPlan, DrawUpPlan, FromPlan, ItemEntry, RevisePlan
from dziennik.contracts.lessons import LessonHeld
from dziennik.scanning.applying import apply_card
from tests.graphql.conftest import OFFICE, TODAY, Served
from tests.graphql.test_day_cards import SCAN, cell, given, issued_for, scan_with

TOPICS = ("Ułamki", "Powtórzenie", "Procenty", "Powtórzenie")
ITEMS = tuple(ItemEntry(topic=topic, hours=1) for topic in TOPICS)
KEPT = tuple(ItemEntry(item_id=str(at), topic=topic, hours=1) for at, topic in enumerate(TOPICS, 1))
SECOND = FromPlan(plan_id="rm", items=("4", "3"))


def with_plan(served: Served) -> None:
    given(
        served,
        DrawUpPlan(plan_id="rm", year_id="y25", subject_id="maths", name="Plan", items=ITEMS),
        AssignPlan(unit_id="4a", assignment_id="a-maths", plan_id="rm"),
    )


def scanned(served: Served, choice: str | None, plan: FromPlan | None) -> str:
    """A card for a lesson that offers the second revision and per cents; `choice` is marked."""
    topics = ("Powtórzenie", "Procenty")
    lesson = said.CardLesson(
        unit_id="4a", assignment_id="a-maths", on=TODAY, period=3, topics=topics, plan=plan
    )
    card_id = issued_for(served, (lesson,))
    cells = [cell("lesson-1", 0, "confirmed")] + ([cell("topic-1", 0, choice)] if choice else [])
    given(served, scan_with(card_id, SCAN, tuple(cells)))
    return card_id


def held(served: Served, card_id: str) -> LessonHeld:
    """The lesson as the card enters it."""
    register = served.system.register("sp1")
    head = register.journal.position()
    assert isinstance(apply_card(register, card_id, SCAN, actor=OFFICE), Accepted)
    (fact,) = [one.fact for one in register.journal.read(head) if isinstance(one.fact, LessonHeld)]
    return fact


@pytest.mark.parametrize(
    ("choice", "topic", "item"), [("topic-1", "Powtórzenie", "4"), ("topic-2", "Procenty", "3")]
)
def test_a_marked_topic_counts_for_the_item_that_was_printed(
    served: Served, choice: str, topic: str, item: str
) -> None:
    with_plan(served)
    lesson = held(served, scanned(served, choice, SECOND))
    assert (lesson.topic, lesson.plan) == (topic, FromPlan(plan_id="rm", items=(item,)))


def test_an_item_with_new_words_is_the_same(served: Served) -> None:
    with_plan(served)
    worded_anew = ItemEntry(item_id="4", topic="Powtórzenie i sprawdzian", hours=1)
    given(served, RevisePlan(plan_id="rm", items=(*KEPT[:3], worded_anew)))
    lesson = held(served, scanned(served, "topic-1", SECOND))
    assert (lesson.topic, lesson.plan) == ("Powtórzenie", FromPlan(plan_id="rm", items=("4",)))


def test_an_item_that_is_gone_counts_for_no_other_of_its_name(served: Served) -> None:
    with_plan(served)
    given(served, RevisePlan(plan_id="rm", items=KEPT[:3]))
    lesson = held(served, scanned(served, "topic-1", SECOND))
    assert (lesson.topic, lesson.plan) == ("Powtórzenie", None)


@pytest.mark.parametrize(
    ("choice", "plan"), [("topic-1", None), ("topic-2", FromPlan(plan_id="rm", items=("3",)))]
)
def test_cards_that_name_no_items_count_for_the_only_one_of_the_name(
    served: Served, choice: str, plan: FromPlan | None
) -> None:
    """As they were printed before cards named items: which revision it was, nobody guesses."""
    with_plan(served)
    assert held(served, scanned(served, choice, None)).plan == plan


@pytest.mark.parametrize(
    ("typed", "plan"), [("Ułamki", FromPlan(plan_id="rm", items=("1",))), ("Powtórzenie", None)]
)
def test_a_topic_written_by_hand_counts_where_one_item_alone_has_its_name(
    served: Served, typed: str, plan: FromPlan | None
) -> None:
    with_plan(served)
    card_id = scanned(served, None, SECOND)
    given(served, said.TranscribeTopic(card_id=card_id, scan_id=SCAN, lesson=1, topic=typed))
    lesson = held(served, card_id)
    assert (lesson.topic, lesson.plan) == (typed, plan)
