"""Who writes a note about whom, who puts it right, and who has seen it?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import people, streams
from dziennik.contracts.behaviour import (
    BehaviourMark,
    BehaviourRules,
    BehaviourRulesSet,
    BehaviourThreshold,
    NoteAcknowledged,
    NoteCategory,
    NoteCorrected,
    NoteKind,
    NoteStruckOut,
    NoteWritten,
)
from dziennik.contracts.behaviour_commands import (
    BEHAVIOUR_RULES_UNSOUND,
    NO_POINTS_HERE,
    NO_SUCH_NOTE,
    NO_SUCH_NOTE_CATEGORY,
    NOT_YOUR_CHILD,
    NOT_YOUR_NOTE,
    NOT_YOUR_PUPIL,
    NOTE_EXISTS,
    NOTE_IN_FUTURE,
    NOTE_IS_STRUCK_OUT,
    NOTE_NOT_CHANGED,
    NOTE_POINTS_OUT_OF_RANGE,
    AcknowledgeNote,
    CorrectNote,
    SetBehaviourRules,
    StrikeOutNote,
    WriteNote,
)
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, OUTSIDE_YEAR, TeachingEnded
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, UNWRITABLE_TEXT
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import Guardianship
from dziennik.contracts.school import NO_SUCH_YEAR
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NOWAK, OCTOBER, OFFICE, PUPIL, REGISTER, SEPTEMBER, known, taught
from tests.domain.sentence import DIRECTOR, at, given

WILK = Actor(account="account-wilk", role=Role.TEACHER, person="wilk")
MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
RIGHTS = at(
    streams.person("cma"),
    people.ParentalRightsGranted(
        pupil_id="cma", parent_id="mother", guardianship=Guardianship.PARENT, since=SEPTEMBER
    ),
)
# Wilk teaches in neither class; Lis teaches English to a group of 4a, and ethics to Bóbr and Zając.
SCHOOL = (*REGISTER, *known("wilk", "Ewa", "Wilk", Role.TEACHER), RIGHTS)
CMA = streams.behaviour("4a", "cma")

WRITE = WriteNote(
    note_id="n1",
    class_id="4a",
    pupil_id="cma",
    category_id="disturbing",
    on=OCTOBER,
    text="Rozmawia na lekcji.",
)


def note(author: str | None, fact_of: WriteNote = WRITE, points: int | None = -5) -> Entry:
    return at(
        streams.behaviour(fact_of.class_id, fact_of.pupil_id),
        NoteWritten(
            note_id=fact_of.note_id,
            class_id=fact_of.class_id,
            pupil_id=fact_of.pupil_id,
            author_id=author,
            kind=NoteKind.NEGATIVE,
            category_id="disturbing",
            points=points,
            on=fact_of.on,
            text=fact_of.text,
        ),
    )


BY_NOWAK, BY_LIS = note("nowak"), note("lis")
STRUCK_OUT = at(CMA, NoteStruckOut(note_id="n1", pupil_id="cma", reason="to był brat"))
SEEN = at(CMA, NoteAcknowledged(note_id="n1", pupil_id="cma", parent_id="mother"))
CORRECTED = NoteCorrected(
    note_id="n1",
    pupil_id="cma",
    was_kind=NoteKind.NEGATIVE,
    kind=NoteKind.NEUTRAL,
    was_category_id="disturbing",
    category_id="information",
    was_points=-5,
    points=0,
    was_on=OCTOBER,
    on=OCTOBER,
    was_text="Rozmawia na lekcji.",
    text="Pytała o zadanie.",
    reason="pomyłka",
)
CORRECT = CorrectNote(
    class_id="4a",
    pupil_id="cma",
    note_id="n1",
    reason="pomyłka",
    category_id="information",
    text="Pytała o zadanie.",
)
STRIKE_OUT = StrikeOutNote(class_id="4a", pupil_id="cma", note_id="n1", reason="to był brat")
ACKNOWLEDGE = AcknowledgeNote(class_id="4a", pupil_id="cma", note_id="n1")

NO_POINTS = replace(USUAL_BEHAVIOUR, with_points=False, thresholds=())
SET = SetBehaviourRules(year_id="y2026", rules=USUAL_BEHAVIOUR)


def rules(own: BehaviourRules) -> Entry:
    return at(streams.SCHOOL, BehaviourRulesSet(year_id="y2026", rules=own))


# Who writes


def test_whoever_teaches_in_the_class_writes_notes_about_its_pupils() -> None:
    given(SCHOOL).when(WRITE, by=NOWAK).then(BY_NOWAK)
    given(SCHOOL).when(WRITE, by=LIS).then(BY_LIS)  # teaches a group of the class that Ćma is not in
    given(SCHOOL).when(WRITE).then(note("director"))


def test_nobody_else_does() -> None:
    given(SCHOOL).when(WRITE, by=WILK).refused(NOT_YOUR_PUPIL, "class_id")
    in_4b = replace(WRITE, class_id="4b", pupil_id="zajac")
    given(SCHOOL).when(in_4b, by=NOWAK).refused(NOT_YOUR_PUPIL, "class_id")
    for actor in (OFFICE, PUPIL, MOTHER):
        given(SCHOOL).when(WRITE, by=actor).refused(NOT_YOURS_TO_DO)


def test_whose_assignment_has_ended_writes_no_more() -> None:
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="en-4a", until=OCTOBER - timedelta(days=1)))
    given(SCHOOL, ended).when(WRITE, by=LIS).refused(NOT_YOUR_PUPIL, "class_id")


def test_the_homeroom_teacher_needs_no_lessons_in_the_class() -> None:
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=OCTOBER - timedelta(days=1)))
    given(SCHOOL, ended).when(WRITE, by=NOWAK).then(BY_NOWAK)


def test_in_an_interclass_group_the_pupil_of_the_group_is_ones_own() -> None:
    ethics = taught("eth2", "ethics", "eth", "wilk", "ethics")
    of_bobr = replace(WRITE, pupil_id="bobr", unit_id="ethics")
    given(SCHOOL, ethics).when(of_bobr, by=WILK).then(note("wilk", of_bobr))
    given(SCHOOL, ethics).when(replace(WRITE, unit_id="ethics"), by=WILK).refused(NOT_YOUR_PUPIL, "class_id")
    not_named = replace(of_bobr, unit_id=None)
    given(SCHOOL, ethics).when(not_named, by=WILK).refused(NOT_YOUR_PUPIL, "class_id")
    other_class = replace(of_bobr, unit_id="4b")
    given(SCHOOL, ethics).when(other_class, by=WILK).refused(NOT_YOUR_PUPIL, "class_id")


# What stands in a note


def test_a_note_is_of_a_day_that_came_and_of_a_pupil_who_was_there() -> None:
    tomorrow = replace(WRITE, on=OCTOBER + timedelta(days=1))
    given(SCHOOL).when(tomorrow, by=NOWAK).refused(NOTE_IN_FUTURE, "on", on="2026-10-16")
    given(SCHOOL).when(replace(WRITE, on=date(2026, 8, 31)), by=NOWAK).refused(OUTSIDE_YEAR, "on")
    given(SCHOOL).when(replace(WRITE, pupil_id="los"), by=NOWAK).refused(NOT_ENROLLED, "pupil_id")
    given(SCHOOL).when(replace(WRITE, class_id="9z"), by=NOWAK).refused(NO_SUCH_CLASS, "class_id")
    given(SCHOOL).when(replace(WRITE, class_id="ethics"), by=LIS).refused(NO_SUCH_CLASS, "class_id")


def test_a_note_has_a_text_and_a_category_of_the_school() -> None:
    given(SCHOOL).when(replace(WRITE, text=" \n"), by=NOWAK).refused(TEXT_MISSING, "text")
    given(SCHOOL).when(replace(WRITE, text="a\x00"), by=NOWAK).refused(UNWRITABLE_TEXT, "text")
    given(SCHOOL).when(replace(WRITE, category_id="boredom"), by=NOWAK).refused(
        NO_SUCH_NOTE_CATEGORY, "category_id", category="boredom"
    )


@pytest.mark.parametrize("points", [5, 1, -21, -20_000])
def test_points_fit_the_category(points: int) -> None:
    given(SCHOOL).when(replace(WRITE, points=points), by=NOWAK).refused(NOTE_POINTS_OUT_OF_RANGE, "points")


def test_the_author_may_say_other_points_than_the_category() -> None:
    for points in (0, -20):
        given(SCHOOL).when(replace(WRITE, points=points), by=NOWAK).then(note("nowak", points=points))


def test_a_school_without_points_has_none_in_its_notes() -> None:
    given(SCHOOL, rules(NO_POINTS)).when(WRITE, by=NOWAK).then(note("nowak", points=None))
    given(SCHOOL, rules(NO_POINTS)).when(replace(WRITE, points=-5), by=NOWAK).refused(
        NO_POINTS_HERE, "points"
    )


def test_a_note_is_written_once() -> None:
    given(SCHOOL, BY_NOWAK).when(WRITE, by=NOWAK).nothing()
    given(SCHOOL, BY_NOWAK).when(replace(WRITE, text="Inny."), by=NOWAK).refused(NOTE_EXISTS, "note_id")


# What is put right


@pytest.mark.parametrize("actor", [LIS, NOWAK, DIRECTOR])
def test_author_homeroom_teacher_and_director_correct_a_note(actor: Actor) -> None:
    given(SCHOOL, BY_LIS).when(CORRECT, by=actor).then(at(CMA, CORRECTED))
    given(SCHOOL, BY_LIS).when(STRIKE_OUT, by=actor).then(STRUCK_OUT)


def test_nobody_else_changes_a_note() -> None:
    given(SCHOOL, BY_NOWAK).when(CORRECT, by=LIS).refused(NOT_YOUR_NOTE, "note_id")
    given(SCHOOL, BY_NOWAK).when(STRIKE_OUT, by=LIS).refused(NOT_YOUR_NOTE, "note_id")
    for actor in (OFFICE, MOTHER):
        given(SCHOOL, BY_NOWAK).when(STRIKE_OUT, by=actor).refused(NOT_YOURS_TO_DO)


def test_changing_a_note_needs_a_reason_and_a_change() -> None:
    given(SCHOOL, BY_NOWAK).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(SCHOOL, BY_NOWAK).when(replace(STRIKE_OUT, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    same = replace(CORRECT, category_id="disturbing", text=None)
    given(SCHOOL, BY_NOWAK).when(same, by=NOWAK).refused(NOTE_NOT_CHANGED, "note_id")
    given(SCHOOL, BY_NOWAK, at(CMA, CORRECTED)).when(CORRECT, by=NOWAK).refused(NOTE_NOT_CHANGED, "note_id")


def test_a_correction_is_looked_at_like_a_new_note() -> None:
    bare = CorrectNote(class_id="4a", pupil_id="cma", note_id="n1", reason="pomyłka")
    story = given(SCHOOL, BY_NOWAK)
    story.when(replace(bare, points=4), by=NOWAK).refused(NOTE_POINTS_OUT_OF_RANGE, "points")
    story.when(replace(bare, text=" "), by=NOWAK).refused(TEXT_MISSING, "text")
    story.when(replace(bare, on=OCTOBER + timedelta(days=1)), by=NOWAK).refused(NOTE_IN_FUTURE, "on")
    story.when(replace(bare, category_id="boredom"), by=NOWAK).refused(NO_SUCH_NOTE_CATEGORY, "category_id")
    story.when(replace(bare, note_id="n9"), by=NOWAK).refused(NO_SUCH_NOTE, "note_id", note="n9")


def test_a_note_of_a_category_that_is_no_more_can_still_be_reworded() -> None:
    fewer = replace(USUAL_BEHAVIOUR, categories=USUAL_BEHAVIOUR.categories[:1])
    reworded = replace(
        CORRECTED, kind=NoteKind.NEGATIVE, category_id="disturbing", points=-5, text="Rozmawia głośno."
    )
    command = CorrectNote(
        class_id="4a", pupil_id="cma", note_id="n1", reason="pomyłka", text="Rozmawia głośno."
    )
    given(SCHOOL, BY_NOWAK, rules(fewer)).when(command, by=NOWAK).then(at(CMA, reworded))


def test_what_is_struck_out_stays_as_it_is() -> None:
    for command in (CORRECT, STRIKE_OUT):
        given(SCHOOL, BY_NOWAK, STRUCK_OUT).when(command, by=NOWAK).refused(NOTE_IS_STRUCK_OUT, "note_id")
    given(SCHOOL, BY_NOWAK, STRUCK_OUT).when(ACKNOWLEDGE, by=MOTHER).refused(NOTE_IS_STRUCK_OUT, "note_id")


# Who has seen it


def test_a_parent_acknowledges_a_note_once() -> None:
    given(SCHOOL, BY_LIS).when(ACKNOWLEDGE, by=MOTHER).then(SEEN)
    given(SCHOOL, BY_LIS, SEEN).when(ACKNOWLEDGE, by=MOTHER).nothing()


def test_a_corrected_note_is_acknowledged_anew() -> None:
    given(SCHOOL, BY_LIS, SEEN, at(CMA, CORRECTED)).when(ACKNOWLEDGE, by=MOTHER).then(SEEN)


def test_only_whose_child_it_is_today_acknowledges() -> None:
    of_bobr = replace(WRITE, pupil_id="bobr")
    about_bobr = replace(ACKNOWLEDGE, pupil_id="bobr")
    given(SCHOOL, note("lis", of_bobr)).when(about_bobr, by=MOTHER).refused(NOT_YOUR_CHILD, "pupil_id")
    ended = people.ParentalRightsEnded(
        pupil_id="cma", parent_id="mother", until=OCTOBER - timedelta(days=1), basis="III RC 1/26"
    )
    given(SCHOOL, BY_LIS, at(streams.person("cma"), ended)).when(ACKNOWLEDGE, by=MOTHER).refused(
        NOT_YOUR_CHILD, "pupil_id"
    )
    nobody = Actor(account="account-x", role=Role.PARENT)
    given(SCHOOL, BY_LIS).when(ACKNOWLEDGE, by=nobody).refused(NOT_YOUR_CHILD, "pupil_id")
    given(SCHOOL, BY_LIS).when(ACKNOWLEDGE, by=NOWAK).refused(NOT_YOURS_TO_DO)


# The school's rules


def test_the_director_sets_the_rules_of_a_year() -> None:
    given(SCHOOL).when(SET).then(rules(USUAL_BEHAVIOUR))  # the usual ones too: then they are on record
    given(SCHOOL, rules(USUAL_BEHAVIOUR)).when(SET).nothing()
    for actor in (OFFICE, NOWAK, MOTHER):
        given(SCHOOL).when(SET, by=actor).refused(NOT_YOURS_TO_DO)
    given(SCHOOL).when(replace(SET, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


CATEGORY = USUAL_BEHAVIOUR.categories[0]
INFORMATION = NoteCategory(category_id="i", name="I", symbol="i", kind=NoteKind.NEUTRAL, points=1)


def steps(*rising: tuple[int, str]) -> dict[str, object]:
    return {"thresholds": tuple(BehaviourThreshold(points=points, mark=mark) for points, mark in rising)}


@pytest.mark.parametrize(
    ("field", "unsound"),
    [
        ("rules.scale", {"scale": (), "thresholds": ()}),
        ("rules.scale", {"scale": (*USUAL_BEHAVIOUR.scale, BehaviourMark(mark="wz", name="wspaniałe"))}),
        ("rules.categories", {"categories": ()}),
        ("rules.categories", {"categories": (CATEGORY, CATEGORY)}),
        ("rules.categories[0]", {"categories": (replace(CATEGORY, points=-1),)}),
        ("rules.categories[0]", {"categories": (replace(CATEGORY, points=31),)}),
        ("rules.categories[0]", {"categories": (replace(CATEGORY, most=10_001),)}),
        ("rules.categories[0]", {"categories": (INFORMATION,)}),
        ("rules.start", {"start": 10_001}),
        ("rules.thresholds", steps((1, "5"))),
        ("rules.thresholds", steps((9, "db"), (5, "wz"))),
        ("rules.thresholds", steps((5, "wz"), (5, "db"))),
    ],
)
def test_rules_are_sound(field: str, unsound: dict[str, object]) -> None:
    command = replace(SET, rules=replace(USUAL_BEHAVIOUR, **unsound))
    given(SCHOOL).when(command).refused(BEHAVIOUR_RULES_UNSOUND, field)


def test_marks_and_categories_have_names() -> None:
    scale = (*USUAL_BEHAVIOUR.scale, BehaviourMark(mark="x", name=" "))
    nameless = replace(SET, rules=replace(USUAL_BEHAVIOUR, scale=scale))
    given(SCHOOL).when(nameless).refused(TEXT_MISSING, f"rules.scale[{len(scale) - 1}].name")
