"""Hand-reckoned realisations of a plan of three items: 2 + 1 + 3 = 6 hours."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dziennik.contracts.curriculum import PlanItem
from dziennik.domain.policies.realisation import ItemState, TaughtLesson, explain_realisation

ITEMS = tuple(
    PlanItem(item_id=item_id, topic=f"Temat {item_id}", hours=hours)
    for item_id, hours in (("1", 2), ("2", 1), ("3", 3))
)
OLD = (PlanItem(item_id="9", topic="Dawny", hours=4), PlanItem(item_id="8", topic="Nietknięty", hours=1))
NOT_TAUGHT, BEGUN, DONE = ItemState.NOT_TAUGHT, ItemState.BEGUN, ItemState.DONE


def lessons(*items: tuple[str, ...]) -> list[TaughtLesson]:
    return [TaughtLesson(f"l{number}", about) for number, about in enumerate(items, 1)]


def test_nothing_was_taught_yet() -> None:
    found = explain_realisation(ITEMS, (), [], due=0, left=10)
    assert (found.planned, found.held, str(found.covered), str(found.difference)) == (6, 0, "0.00", "0.00")
    assert [each.state for each in found.items] == [NOT_TAUGHT] * 3
    assert found.next_items == found.items
    assert (found.left, str(found.short)) == (10, "0.00")


def test_a_plan_that_fell_behind() -> None:
    # The timetable had 5 lessons; 4 were held: 1 and 1 about item 1, one about 1 and 2 together, one free.
    # Item 1: 1 + 1 + 1/2 = 2.5, counted as its 2 hours. Item 2: 1/2. Covered 2 + 0.5 = 2.5; 2.5 - 5 = -2.5.
    # 6 - 2.5 = 3.5 hours are to come, 2 lessons are left: 1.5 hours will be missing.
    found = explain_realisation(ITEMS, (), lessons(("1",), ("1",), ("1", "2"), ()), due=5, left=2)
    assert (found.held, found.from_plan, found.free) == (4, 3, 1)
    assert (found.covered, found.difference, found.short) == (
        Decimal("2.50"),
        Decimal("-2.50"),
        Decimal("1.50"),
    )
    assert [(each.state, each.hours) for each in found.items] == [
        (DONE, Decimal("2.50")),
        (BEGUN, Decimal("0.50")),
        (NOT_TAUGHT, Decimal("0.00")),
    ]
    assert found.items[0].lessons == ("l1", "l2", "l3")
    assert [each.item.item_id for each in found.next_items] == ["2", "3"]


def test_a_plan_that_is_ahead() -> None:
    # Two lessons, all three items named: 1/3 each of the second, and item 2 alone in the first.
    # Item 1: 1/3, item 2: 1 + 1/3 counted as 1, item 3: 1/3. Covered 1 + 2/3 = 1.67; 1.67 - 1 = 0.67 ahead.
    found = explain_realisation(ITEMS, (), lessons(("2",), ("1", "2", "3")), due=1, left=9)
    assert (found.covered, found.difference, found.short) == (Decimal("1.67"), Decimal("0.67"), Decimal(0))
    assert [each.state for each in found.items] == [BEGUN, DONE, BEGUN]


def test_what_was_taught_of_dropped_items_is_told_and_covers_nothing() -> None:
    found = explain_realisation(ITEMS, OLD, lessons(("9",), ("9", "1"), ("elsewhere",)), due=3, left=5)
    assert (found.from_plan, found.free) == (2, 1)  # an item of another plan is none of this one's
    assert [(each.item.item_id, each.hours, each.lessons) for each in found.dropped] == [
        ("9", Decimal("1.50"), ("l1", "l2"))
    ]
    assert found.covered == Decimal("0.50")


@given(st.lists(st.lists(st.sampled_from("1239"), max_size=4, unique=True), max_size=30), st.integers(0, 40))
def test_no_lesson_gives_more_than_an_hour_and_no_plan_covers_more_than_it_plans(
    about: list[list[str]], due: int
) -> None:
    found = explain_realisation(ITEMS, OLD, lessons(*map(tuple, about)), due=due, left=0)
    assert found.held == len(about) == found.from_plan + found.free
    assert 0 <= found.covered <= min(found.planned, found.from_plan)
    assert found.difference == found.covered - due
    assert found.short == found.planned - found.covered
