"""Which topics does a card offer for a lesson, with so many others before it?"""

from __future__ import annotations

import pytest

from dziennik.contracts.curriculum import PlanItem
from dziennik.domain.policies.card_topics import offered
from dziennik.domain.policies.realisation import ItemProgress, TaughtLesson, explain_realisation


def left(hours: str, *taught: str) -> tuple[ItemProgress, ...]:
    """What is left of a plan of items a, b, c... that take so many hours each, after lessons about these."""
    items = [
        PlanItem(item_id=name, topic=name.upper(), hours=int(count))
        for name, count in zip("abcdef", hours, strict=False)
    ]
    lessons = [TaughtLesson(str(at), tuple(about)) for at, about in enumerate(taught)]
    return explain_realisation(items, [], lessons, due=0, left=0).next_items


def told(some: tuple[ItemProgress, ...], lessons: int) -> list[str]:
    return ["".join(item.topic for item in offered(some, before)) for before in range(lessons)]


def test_the_first_is_what_is_due_and_the_other_what_was_due_before() -> None:
    assert told(left("1111"), 4) == ["AB", "BA", "CB", "DC"]
    assert told(left("1111", "a", "b"), 2) == ["CD", "DC"]


def test_an_item_of_two_hours_is_due_twice() -> None:
    assert told(left("211"), 4) == ["AB", "AB", "BA", "CB"]
    assert told(left("211", "a"), 2) == ["AB", "BA"]


def test_a_lesson_about_two_items_leaves_half_of_each() -> None:
    assert told(left("111", "ab"), 3) == ["AB", "BA", "CB"]


def test_beyond_the_end_of_the_plan_the_last_topics_stay() -> None:
    assert told(left("11"), 4) == ["AB", "BA", "BA", "BA"]


@pytest.mark.parametrize(("hours", "taught", "offers"), [("1", (), "A"), ("1", ("a",), ""), ("", (), "")])
def test_no_more_is_offered_than_there_is(hours: str, taught: tuple[str, ...], offers: str) -> None:
    assert told(left(hours, *taught), 2) == [offers, offers]
