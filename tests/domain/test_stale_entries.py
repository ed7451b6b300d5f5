"""Notes, behaviour grades, announcements, answers, plans: the second of two editors is refused (ADR 0086)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import curriculum, streams
from dziennik.contracts.behaviour_commands import BEHAVIOUR_GRADE_STANDS, NOTE_IS_STRUCK_OUT
from dziennik.contracts.calendar import EntryDetails
from dziennik.contracts.calendar_commands import ENTRY_WAS_CANCELLED
from dziennik.contracts.commands import CHANGED_SINCE, Command
from dziennik.contracts.curriculum import ItemEntry, PlanItem
from dziennik.contracts.disputes import DISPUTE_IS_OVER
from dziennik.contracts.earlier_grades import ALREADY_STRUCK_OUT, EARLIER_GRADE_EXISTS
from dziennik.contracts.refusals import Refusal, Standing
from dziennik.contracts.values import NoteSeen
from dziennik.domain.world import Entry
from tests.domain import test_behaviour_grades as conduct
from tests.domain import test_behaviour_notes as notes
from tests.domain import test_calendar as calendar
from tests.domain import test_curriculum as plans
from tests.domain import test_descriptive as descriptive
from tests.domain import test_disputes as disputes
from tests.domain import test_earlier_grades as earlier
from tests.domain import test_staff as staff
from tests.domain.register import NOWAK, OCTOBER, REGISTER
from tests.domain.sentence import at, given

NOTE = Standing(stream=notes.CMA, field="note_id", value="n1")
AS_WRITTEN = NoteSeen(category_id="disturbing", on=OCTOBER, text="Rozmawia na lekcji.", points=-5)
AS_CORRECTED = NoteSeen(category_id="information", on=OCTOBER, text="Pytała o zadanie.", points=0)


@pytest.mark.parametrize("command", [replace(notes.CORRECT, text="Pomagała."), notes.STRIKE_OUT])
def test_a_note_that_was_corrected_meanwhile_is_not_changed_again(command: Command) -> None:
    past = (*notes.SCHOOL, notes.BY_NOWAK, at(notes.CMA, notes.CORRECTED))
    given(past).when(replace(command, seen=AS_WRITTEN), by=NOWAK).refused(
        CHANGED_SINCE,
        "seen",
        seen="Rozmawia na lekcji., disturbing, -5, 2026-10-15",
        now="Pytała o zadanie., information, 0, 2026-10-15",
    ).beside(NOTE)
    for seen in (AS_CORRECTED, None):
        assert not isinstance(given(past).when(replace(command, seen=seen), by=NOWAK).decision, Refusal)
    given(notes.SCHOOL, notes.BY_NOWAK, notes.STRUCK_OUT).when(command, by=NOWAK).refused(
        NOTE_IS_STRUCK_OUT, "note_id"
    ).beside(NOTE)


@pytest.mark.parametrize("command", [replace(conduct.CORRECT, mark="db"), conduct.STRIKE_OUT])
def test_a_behaviour_grade_that_was_corrected_meanwhile_is_not_changed_again(command: Command) -> None:
    there = Standing(
        stream=streams.behaviour("4a", "cma"), field="kind", value="term_final", also=("term_id", "t1")
    )
    past = (*REGISTER, conduct.CMA, conduct.CORRECTED)
    given(past).when(replace(command, seen="bdb"), by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="bdb", now="wz"
    ).beside(there)
    for seen in ("wz", None):
        assert not isinstance(given(past).when(replace(command, seen=seen), by=NOWAK).decision, Refusal)
    again = replace(conduct.FINAL, grades=(replace(conduct.FINAL.grades[0], mark="db"),))
    given(past).when(again, by=NOWAK).refused(BEHAVIOUR_GRADE_STANDS, "grades[0].pupil_id").beside(there)


def test_a_description_stands_for_a_behaviour_grade_without_a_mark() -> None:
    command = replace(conduct.CORRECT, pupil_id="bobr", seen="Przeszkadza.")
    given(REGISTER, conduct.BOBR).when(command, by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="Przeszkadza.", now="Pomaga innym."
    )
    fresh = replace(command, seen="Pomaga innym.")
    assert not isinstance(given(REGISTER, conduct.BOBR).when(fresh, by=NOWAK).decision, Refusal)


@pytest.mark.parametrize("command", [replace(calendar.LATER, title="Lektura"), calendar.CANCEL])
def test_an_entry_that_was_moved_meanwhile_is_not_changed_again(command: Command) -> None:
    there = Standing(stream=calendar.CALENDAR_4A, field="entry_id", value="dictation")
    past = (*REGISTER, calendar.DICTATION, at(calendar.CALENDAR_4A, calendar.CHANGED))
    seen = EntryDetails(title="Dyktando", on=calendar.FRIDAY)
    given(past).when(replace(command, seen=seen), by=NOWAK).refused(
        CHANGED_SINCE,
        "seen",
        seen=f"Dyktando, {calendar.FRIDAY}",
        now=f"Dyktando, {calendar.WEDNESDAY}",
    ).beside(there)
    fresh = replace(command, seen=calendar.CHANGED.now)
    assert not isinstance(given(past).when(fresh, by=NOWAK).decision, Refusal)
    cancelled = given(REGISTER, calendar.DICTATION, calendar.CANCELLED)
    cancelled.when(replace(command, reason="inny"), by=NOWAK).refused(ENTRY_WAS_CANCELLED, "entry_id").beside(
        there
    )


@pytest.mark.parametrize("command", [replace(disputes.ANSWER, text="Z odpowiedzi."), disputes.DECIDE])
def test_a_question_that_was_answered_meanwhile_is_not_answered_unseen(command: Command) -> None:
    there = Standing(stream=streams.dispute("4a", "q1"))
    past = (*disputes.PAST, disputes.ASKED, disputes.ANSWERED)
    given(past).when(replace(command, seen=""), by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="", now="Z dyktanda."
    ).beside(there)
    for seen in ("Z dyktanda.", None):
        assert not isinstance(given(past).when(replace(command, seen=seen), by=NOWAK).decision, Refusal)
    unanswered = given(disputes.PAST, disputes.ASKED).when(replace(command, seen=""), by=NOWAK)
    assert not isinstance(unanswered.decision, Refusal)
    given(past, disputes.DECIDED).when(command, by=NOWAK).refused(DISPUTE_IS_OVER, "dispute_id").beside(there)


def test_a_plan_that_was_revised_meanwhile_is_not_revised_unseen() -> None:
    as_drawn = (
        ItemEntry(item_id="1", topic="Baśnie", hours=2, core="II.1"),
        ItemEntry(item_id="2", topic="Legendy"),
    )
    mity = ItemEntry(item_id="3", topic="Mity")
    revised = plans.revised(*plans.ITEMS, PlanItem(item_id="3", topic="Mity", hours=1))
    past: tuple[Entry, ...] = (*REGISTER, plans.DRAWN, revised)
    there = Standing(stream=plans.STREAM, field="items")
    stale = replace(plans.revise(as_drawn[0]), seen=as_drawn)
    given(past).when(stale, by=NOWAK).refused(CHANGED_SINCE, "seen", seen="", now="Mity, 1").beside(there)
    worded = replace(stale, seen=(replace(as_drawn[0], core=None), as_drawn[1], mity))
    given(past).when(worded, by=NOWAK).refused(CHANGED_SINCE, "seen", seen="Baśnie, 2", now="Baśnie, 2, II.1")
    fresh = replace(stale, seen=(*as_drawn, mity))
    given(past).when(fresh, by=NOWAK).then(plans.revised(plans.ITEMS[0]))
    given(past).when(replace(plans.revise(*as_drawn, mity), seen=as_drawn), by=NOWAK).nothing()


def test_a_plan_that_was_renamed_meanwhile_is_not_renamed_unseen() -> None:
    rename = curriculum.RenamePlan(plan_id="rm", name="Polski", level=4, seen="Polski cztery")
    there = Standing(stream=plans.STREAM, field="name")
    given(REGISTER, plans.DRAWN).when(rename, by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="Polski cztery", now="Polski 4"
    ).beside(there)
    renamed = curriculum.PlanRenamed(plan_id="rm", year_id="y2026", name="Polski", level=4)
    fresh = replace(rename, seen="Polski 4")
    given(REGISTER, plans.DRAWN).when(fresh, by=NOWAK).then(at(plans.STREAM, renamed))


def test_hours_that_were_corrected_meanwhile_are_neither_struck_out_nor_confirmed_unseen() -> None:
    past = (*staff.PAST, staff.ENTERED, staff.CORRECTED)
    hours = Standing(stream=streams.staff("y2026", "nowak"), field="hours_id", value="h1")
    stale = Decimal("1.5")
    given(past).when(replace(staff.STRIKE, seen_hours=stale), by=NOWAK).refused(
        CHANGED_SINCE, "seen_hours", seen="1.5", now="2"
    ).beside(hours)
    given(past).when(replace(staff.STRIKE, seen_hours=Decimal(2)), by=NOWAK).then(staff.STRUCK)
    confirm = replace(staff.CONFIRM, hours=(replace(staff.ONE, seen_hours=stale),))
    given(past).when(confirm).refused(CHANGED_SINCE, "hours[0].seen_hours", seen="1.5", now="2").beside(hours)
    fresh = replace(confirm, hours=(replace(staff.ONE, seen_hours=Decimal(2)),))
    given(past).when(fresh).then(staff.CONFIRMED)


def test_an_assessment_that_was_corrected_meanwhile_is_not_struck_out_unseen() -> None:
    past = (*descriptive.PAST, descriptive.WRITTEN, descriptive.CORRECTED)
    given(past).when(replace(descriptive.STRIKE, seen="W"), by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="W", now="N"
    ).beside(descriptive.THERE)
    given(past).when(replace(descriptive.STRIKE, seen="N"), by=NOWAK).then(descriptive.STRUCK)


def test_a_grade_of_another_school_that_is_there_or_struck_out_is_shown() -> None:
    there = Standing(stream=streams.earlier_grades("4a", "los"), field="grade_id", value="e1")
    past = (*earlier.PAST, *earlier.RECORDED)
    other = replace(earlier.RECORD, grades=(replace(earlier.FOUR, value="5", on=date(2026, 9, 21)),))
    given(past).when(other, by=NOWAK).refused(EARLIER_GRADE_EXISTS, "grades[0].grade_id").beside(there)
    given(past, earlier.STRUCK).when(earlier.STRIKE, by=NOWAK).refused(ALREADY_STRUCK_OUT, "grade_id").beside(
        there
    )
