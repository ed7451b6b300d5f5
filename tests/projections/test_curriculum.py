"""Plans as they are shown: items with those that were dropped, revisions, followers."""

from __future__ import annotations

from dziennik.contracts import curriculum as said
from dziennik.contracts import streams
from dziennik.projections import curriculum
from dziennik.projections.curriculum import CURRICULUM
from dziennik.projections.rows import MemoryRows, View
from tests.projections.agreement import agree
from tests.projections.histories import History, a_school
from tests.projections.lesson_histories import items


def drawn(
    plan_id: str, name: str, subject: str = "mat", year: str = "Y", level: int | None = None
) -> said.PlanDrawnUp:
    return said.PlanDrawnUp(
        plan_id=plan_id, year_id=year, subject_id=subject, name=name, items=items(1, 2), level=level
    )


def a_year() -> History:
    """Two plans for maths, one each of another subject and another year; one is revised twice."""
    history = a_school()
    for fact in (
        drawn("z", "Żaczek", level=4),
        drawn("c", "Ćwiczenia", level=4),
        drawn("p", "Polski", "pol"),
        drawn("x", "Zeszłoroczny", year="X"),
    ):
        history.tell(streams.curriculum_plan(fact.plan_id), fact)
    for now in (items(2, 3), items(4)):
        history.tell(streams.curriculum_plan("z"), said.PlanRevised(plan_id="z", year_id="Y", items=now))
    for unit, assignment, plan in (
        ("A", "mat-A", "z"),
        ("B", "mat-B", "z"),
        ("A", "pol-A", "p"),
        ("B", "mat-B", "c"),
    ):
        history.tell(
            streams.unit_curriculum(unit),
            said.PlanAssigned(unit_id=unit, assignment_id=assignment, plan_id=plan),
        )
    return history


def view_of(history: History) -> View:
    rows = MemoryRows()
    CURRICULUM.fold(rows, history.recorded)
    return rows


def test_plans_of_a_year_are_in_the_order_of_the_alphabet() -> None:
    view = view_of(a_year())
    assert [plan.plan_id for plan in curriculum.plans(view, "Y")] == ["p", "c", "z"]
    assert [plan.plan_id for plan in curriculum.plans(view, "Y", "mat")] == ["c", "z"]


def test_dropped_items_are_kept_with_what_they_were() -> None:
    plan = curriculum.plan(view_of(a_year()), "z")
    assert plan is not None
    assert (plan.items, plan.hours) == (items(4), 2)  # 1 + 4 % 3
    assert {item.item_id for item in plan.dropped} == {"1", "2", "3"}
    assert [revision.was for revision in plan.revisions] == [items(1, 2), items(2, 3)]


def test_an_item_that_came_back_is_not_dropped() -> None:
    history = a_year().tell(
        streams.curriculum_plan("z"), said.PlanRevised(plan_id="z", year_id="Y", items=items(1, 4))
    )
    plan = curriculum.plan(view_of(history), "z")
    assert plan is not None
    assert [item.item_id for item in plan.dropped] == ["2", "3"]


def test_an_assignment_follows_the_last_plan_it_was_given() -> None:
    history = a_year()
    view = view_of(history)
    assert curriculum.followed(view, "B") == {"mat-B": "c"}
    assert [row.assignment_id for row in curriculum.followers(view, "z")] == ["mat-A"]
    history.tell(
        streams.unit_curriculum("A"),
        said.PlanTakenAway(unit_id="A", assignment_id="mat-A", plan_id="z", reason="pomyłka"),
    )
    assert curriculum.followed(view_of(history), "A") == {"pol-A": "p"}


def test_plans_are_the_same_however_they_are_built(common: str) -> None:
    built = agree(common, CURRICULUM, a_year())
    assert [len(rows) for rows in built.values()] == [4, 3]
