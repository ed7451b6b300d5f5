"""Curriculum plans: who draws them up, what a revision keeps, which assignment follows which?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dziennik.contracts import curriculum as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_ASSIGNMENT, NO_SUCH_CLASS
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.curriculum import ItemEntry, PlanItem
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.contracts.school import NO_SUCH_SUBJECT, NO_SUCH_YEAR, SchoolYearClosed, SchoolYearOpened
from dziennik.domain.world import Entry
from tests.domain.register import AUGUST, LIS, NEXT_YEAR, NOWAK, OFFICE, PUPIL, REGISTER
from tests.domain.sentence import at, given

STREAM = streams.curriculum_plan("rm")
ENTRIES = (ItemEntry(topic=" Baśnie ", hours=2, core="II.1"), ItemEntry(topic="Legendy"))
ITEMS = (
    PlanItem(item_id="1", topic="Baśnie", hours=2, core="II.1"),
    PlanItem(item_id="2", topic="Legendy", hours=1),
)
DRAW_UP = said.DrawUpPlan(
    plan_id="rm", year_id="y2026", subject_id="pol", name="Polski 4", items=ENTRIES, level=4
)
DRAWN_FACT = said.PlanDrawnUp(
    plan_id="rm", year_id="y2026", subject_id="pol", name="Polski 4", items=ITEMS, level=4, author_id="nowak"
)
DRAWN = at(STREAM, DRAWN_FACT)
SCHOOLS_OWN = at(STREAM, replace(DRAWN_FACT, author_id=None))
WITHDRAWN = at(STREAM, said.PlanWithdrawn(plan_id="rm", year_id="y2026", reason="nowa podstawa"))
ASSIGN = said.AssignPlan(unit_id="4a", assignment_id="pol-4a", plan_id="rm")
ASSIGNED = at(
    streams.unit_curriculum("4a"),
    said.PlanAssigned(unit_id="4a", assignment_id="pol-4a", plan_id="rm"),
)
AWAY = said.TakePlanAway(unit_id="4a", assignment_id="pol-4a", reason="pomyłka")
NEXT = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=NEXT_YEAR.replace(year=2028)),
)
CLOSED = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=AUGUST, class_ids=("4a", "4b")))


def revised(*items: PlanItem) -> Entry:
    return at(STREAM, said.PlanRevised(plan_id="rm", year_id="y2026", items=items))


def revise(*items: ItemEntry) -> said.RevisePlan:
    return said.RevisePlan(plan_id="rm", items=items)


def test_a_teacher_draws_up_a_plan_of_their_own() -> None:
    given(REGISTER).when(DRAW_UP, by=NOWAK).then(DRAWN)
    given(REGISTER, DRAWN).when(DRAW_UP, by=NOWAK).nothing()
    given(REGISTER).when(DRAW_UP, by=OFFICE).then(SCHOOLS_OWN)
    given(REGISTER).when(DRAW_UP, by=PUPIL).refused(NOT_YOURS_TO_DO, role="pupil")


def test_an_id_is_taken_once() -> None:
    other = replace(DRAW_UP, name="Inny")
    given(REGISTER, DRAWN).when(other, by=NOWAK).refused(said.PLAN_EXISTS, "plan_id", name="Polski 4")
    given(REGISTER, DRAWN, WITHDRAWN).when(DRAW_UP, by=NOWAK).refused(said.PLAN_EXISTS, "plan_id")


def test_a_plan_is_of_a_subject_and_a_year() -> None:
    given(REGISTER).when(replace(DRAW_UP, subject_id="chem"), by=NOWAK).refused(NO_SUCH_SUBJECT, "subject_id")
    given(REGISTER).when(replace(DRAW_UP, year_id="y1999"), by=NOWAK).refused(NO_SUCH_YEAR, "year_id")
    given(REGISTER).when(replace(DRAW_UP, name=" "), by=NOWAK).refused(TEXT_MISSING, "name")
    given(REGISTER, CLOSED).when(DRAW_UP, by=NOWAK).refused(YEAR_CLOSED, "year_id")


@pytest.mark.parametrize(
    ("entry", "reason", "field"),
    [
        (ItemEntry(topic="  "), TEXT_MISSING, "items[1].topic"),
        (ItemEntry(topic="x", hours=0), said.HOURS_OUT_OF_RANGE, "items[1].hours"),
        (ItemEntry(topic="x", hours=100), said.HOURS_OUT_OF_RANGE, "items[1].hours"),
        (ItemEntry(topic="x", item_id="7"), said.NO_SUCH_ITEM, "items[1].item_id"),
    ],
)
def test_items_are_topics_with_hours(entry: ItemEntry, reason: Reason, field: str) -> None:
    given(REGISTER).when(replace(DRAW_UP, items=(ENTRIES[0], entry)), by=NOWAK).refused(reason, field)


def test_a_plan_has_some_items_and_not_too_many() -> None:
    given(REGISTER).when(replace(DRAW_UP, items=()), by=NOWAK).refused(said.PLAN_IS_EMPTY, "items")
    many = (ItemEntry(topic="x"),) * 501
    given(REGISTER).when(replace(DRAW_UP, items=many), by=NOWAK).refused(
        said.TOO_MANY_ITEMS, "items", count=501, limit=500
    )


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = replace(DRAW_UP, items=(ItemEntry(topic=""), ItemEntry(topic="x", hours=0)))
    decision = given(REGISTER).when(wrong, by=NOWAK).decision
    assert isinstance(decision, Refusal)
    assert [decision.field, *[other.field for other in decision.others]] == [
        "items[0].topic",
        "items[1].hours",
    ]


def test_a_revision_keeps_ids_and_numbers_what_is_new_after_all_there_ever_was() -> None:
    kept = ItemEntry(topic="Baśnie Andersena", hours=3, item_id="1")
    first = revise(kept, ItemEntry(topic="Mity"))
    now = PlanItem(item_id="1", topic="Baśnie Andersena", hours=3)
    mity = PlanItem(item_id="3", topic="Mity", hours=1)
    given(REGISTER, DRAWN).when(first, by=NOWAK).then(revised(now, mity))
    # "2" was dropped; it may come back as itself, and its number is nobody else's.
    past = (REGISTER, DRAWN, revised(now, mity))
    given(*past).when(
        revise(ItemEntry(topic="Legendy", item_id="2"), ItemEntry(topic="Nowy")), by=NOWAK
    ).then(
        revised(PlanItem(item_id="2", topic="Legendy", hours=1), PlanItem(item_id="4", topic="Nowy", hours=1))
    )
    same = [ItemEntry(topic=i.topic, hours=i.hours, core=i.core, item_id=i.item_id) for i in ITEMS]
    given(REGISTER, DRAWN).when(revise(*same), by=NOWAK).nothing()
    given(REGISTER, DRAWN).when(revise(same[0], same[0]), by=NOWAK).refused(
        said.ITEM_TWICE, "items[1].item_id", item="1"
    )


def test_a_plan_is_its_authors_and_the_offices() -> None:
    rename = said.RenamePlan(plan_id="rm", name="Polski", level=None)
    renamed = at(STREAM, said.PlanRenamed(plan_id="rm", year_id="y2026", name="Polski", level=None))
    for command in (rename, revise(ENTRIES[0]), said.WithdrawPlan(plan_id="rm", reason="x")):
        given(REGISTER, DRAWN).when(command, by=LIS).refused(said.NOT_YOUR_PLAN, "plan_id")
        given(REGISTER, SCHOOLS_OWN).when(command, by=NOWAK).refused(said.NOT_YOUR_PLAN, "plan_id")
        given(REGISTER).when(command, by=NOWAK).refused(said.NO_SUCH_PLAN, "plan_id", plan="rm")
        given(REGISTER, DRAWN, CLOSED).when(command, by=NOWAK).refused(YEAR_CLOSED, "year_id")
    given(REGISTER, DRAWN).when(rename, by=NOWAK).then(renamed)
    given(REGISTER, DRAWN).when(rename, by=OFFICE).then(renamed)
    given(REGISTER, DRAWN, renamed).when(rename, by=NOWAK).nothing()


def test_a_plan_is_withdrawn_for_good() -> None:
    withdraw = said.WithdrawPlan(plan_id="rm", reason="nowa podstawa")
    given(REGISTER, DRAWN).when(withdraw, by=NOWAK).then(WITHDRAWN)
    given(REGISTER, DRAWN, WITHDRAWN).when(withdraw, by=NOWAK).nothing()
    given(REGISTER, DRAWN).when(replace(withdraw, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    for command in (revise(ENTRIES[0]), ASSIGN, replace(withdraw, reason="inny")):
        given(REGISTER, DRAWN, WITHDRAWN).when(command, by=NOWAK).refused(
            said.PLAN_WAS_WITHDRAWN, "plan_id", name="Polski 4", reason="nowa podstawa"
        )


def test_last_years_plan_is_copied() -> None:
    copy = said.CopyPlan(plan_id="rm2", from_plan_id="rm", year_id="y2027", level=5)
    # Of the first plan "2" came first in the end, and "1" was dropped.
    past = (REGISTER, NEXT, DRAWN, revised(ITEMS[1]), CLOSED)
    made = said.PlanDrawnUp(
        plan_id="rm2",
        year_id="y2027",
        subject_id="pol",
        name="Polski 4",
        items=(PlanItem(item_id="1", topic="Legendy", hours=1),),
        level=5,
        author_id="lis",
        copied_from="rm",
    )
    given(*past).when(copy, by=LIS).then(at(streams.curriculum_plan("rm2"), made))
    given(*past, at(streams.curriculum_plan("rm2"), made)).when(copy, by=LIS).nothing()
    given(REGISTER, NEXT).when(copy, by=LIS).refused(said.NO_SUCH_PLAN, "from_plan_id", plan="rm")
    given(*past).when(replace(copy, year_id="y2026"), by=LIS).refused(YEAR_CLOSED, "year_id")


def test_an_assignment_follows_a_plan_of_its_subject_and_year() -> None:
    given(REGISTER, DRAWN).when(ASSIGN, by=NOWAK).then(ASSIGNED)
    given(REGISTER, DRAWN).when(ASSIGN, by=OFFICE).then(ASSIGNED)
    given(REGISTER, DRAWN, ASSIGNED).when(ASSIGN, by=NOWAK).nothing()
    english = replace(ASSIGN, assignment_id="en-4a")
    given(REGISTER, DRAWN).when(english, by=LIS).refused(said.OTHER_SUBJECT, "plan_id", subject="pol")
    elsewhen = at(STREAM, replace(DRAWN_FACT, year_id="y2027"))
    given(REGISTER, NEXT, elsewhen).when(ASSIGN, by=NOWAK).refused(said.OTHER_YEAR, "plan_id")
    given(REGISTER).when(ASSIGN, by=NOWAK).refused(said.NO_SUCH_PLAN, "plan_id", plan="rm")
    given(REGISTER, DRAWN, CLOSED).when(ASSIGN, by=NOWAK).refused(YEAR_CLOSED, "unit_id")


@pytest.mark.parametrize("command", [ASSIGN, AWAY])
def test_the_plan_is_chosen_by_whoever_teaches(command: Command) -> None:
    given(REGISTER, DRAWN, ASSIGNED).when(command, by=LIS).refused(said.NOT_YOUR_ASSIGNMENT, "assignment_id")
    elsewhere = replace(command, assignment_id="pol-4b")
    given(REGISTER, DRAWN).when(elsewhere, by=LIS).refused(NO_SUCH_ASSIGNMENT, "assignment_id")
    given(REGISTER, DRAWN).when(replace(command, unit_id="9z"), by=NOWAK).refused(NO_SUCH_CLASS, "unit_id")


def test_a_plan_is_taken_away_with_a_reason() -> None:
    gone = at(
        streams.unit_curriculum("4a"),
        said.PlanTakenAway(unit_id="4a", assignment_id="pol-4a", plan_id="rm", reason="pomyłka"),
    )
    given(REGISTER, DRAWN, ASSIGNED).when(AWAY, by=NOWAK).then(gone)
    given(REGISTER, DRAWN, ASSIGNED, gone).when(AWAY, by=NOWAK).nothing()
    given(REGISTER, DRAWN, ASSIGNED).when(replace(AWAY, reason=" "), by=NOWAK).refused(
        REASON_MISSING, "reason"
    )
