"""A card for a day's lessons of several teachers: who decides and applies what of it, and when is it done?

Nowak's Polish is its first lesson, Lis's English the second; Nowak's Polish again the third.
"""

from __future__ import annotations

import pytest
from msgspec.structs import asdict, replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as said
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonHeld, SubstitutionArranged, lesson_id
from dziennik.domain.world import Entry
from tests.domain.gradebook import WEDNESDAY
from tests.domain.register import LIS, NOWAK, OFFICE, REGISTER, known
from tests.domain.sentence import DIRECTOR, at, given

SCAN, PHOTOCOPY = "a" * 64, "b" * 64
KOS = Actor(account="account-kos", role=Role.TEACHER, person="kos")
SYSTEM = Actor(account="cli", role=Role.SYSTEM)


def on_card(fact: Fact) -> Entry:
    return at(streams.card("k-1"), fact)


def marked(field: str, line: int = 0, value: str = "confirmed") -> said.FoundCell:
    return said.FoundCell(
        cell=0, line=line, field=field, value=value, finding=said.CellFinding.MARKED, ink=800
    )


def unsure(field: str, line: int = 1) -> said.FoundCell:
    return replace(marked(field, line, "late"), finding=said.CellFinding.UNSURE)


def hour(assignment_id: str, period: int) -> said.CardLesson:
    return said.CardLesson(unit_id="4a", assignment_id=assignment_id, on=WEDNESDAY, period=period)


POLISH, ENGLISH, LATER = hour("pol-4a", 3), hour("en-4a", 4), hour("pol-4a", 5)
CARD = said.NewCard(
    card_id="k-1",
    layout=13,
    kind=said.CardKind.LESSONS,
    unit_id="4a",
    lines=(
        said.CardLine(line=1, number=1, pupil_id="cma", class_id="4a"),
        said.CardLine(line=2, number=2, pupil_id="bobr", class_id="4a"),
    ),
    lessons=(POLISH, ENGLISH, LATER),
)
ISSUED = on_card(said.CardIssued(**asdict(CARD)))
SHEET = said.FoundSheet(
    page=1,
    card_id="k-1",
    corners=(0, 0, 9, 0, 9, 9, 0, 9),
    cells=(marked("lesson-1"), marked("lesson-2"), unsure("presence-1"), unsure("presence-2", line=2)),
)
READ = on_card(said.SheetRead(scan_id=SCAN, **asdict(SHEET)))
TEACHERS = (*REGISTER, *known("kos", "Ewa", "Kos", Role.TEACHER))
SCANNED = (*TEACHERS, ISSUED, READ)

ALL = said.ApplyCard(card_id="k-1", scan_id=SCAN)
FIRST, SECOND, THIRD = (replace(ALL, lesson=number) for number in (1, 2, 3))
DECIDE = said.DecideField(card_id="k-1", scan_id=SCAN, line=1, field="presence-1", values=("late",))
DECIDE_ENGLISH = replace(DECIDE, line=2, field="presence-2", values=())
TRANSCRIBE = said.TranscribeTopic(card_id="k-1", scan_id=SCAN, lesson=1, topic="Zdania złożone")
TRANSCRIBE_ENGLISH = replace(TRANSCRIBE, lesson=2, topic="Past simple")
DECIDED, DECIDED_ENGLISH = (on_card(said.FieldDecided(**asdict(one))) for one in (DECIDE, DECIDE_ENGLISH))


def lesson_applied(number: int) -> Entry:
    return on_card(said.CardLessonApplied(card_id="k-1", scan_id=SCAN, lesson=number))


APPLIED = on_card(said.CardApplied(card_id="k-1", scan_id=SCAN))
SUBSTITUTED = at(
    streams.lesson("4a", lesson_id(WEDNESDAY, 4, "en-4a")),
    SubstitutionArranged(
        unit_id="4a",
        lesson_id=lesson_id(WEDNESDAY, 4, "en-4a"),
        on=WEDNESDAY,
        period=4,
        assignment_id="en-4a",
        teacher_id="kos",
        instead_of="lis",
        reason="choroba",
    ),
)


def test_each_teacher_applies_own_lessons_and_the_last_makes_the_card_whole() -> None:
    past = (*SCANNED, DECIDED)
    given(past).when(FIRST, by=NOWAK).then(lesson_applied(1))  # what is doubtful in English is no matter here
    given(past, lesson_applied(1)).when(SECOND, by=LIS).refused(
        said.UNDECIDED_FIELDS, "lesson", card="k-1", count="1"
    )
    then = (*past, lesson_applied(1), DECIDED_ENGLISH)
    given(then).when(SECOND, by=LIS).then(lesson_applied(2))
    given(then, lesson_applied(2)).when(THIRD, by=NOWAK).then(lesson_applied(3), APPLIED)
    given(then, lesson_applied(3)).when(SECOND, by=LIS).then(lesson_applied(2), APPLIED)  # in any order


@pytest.mark.parametrize("actor", [DIRECTOR, SYSTEM], ids=["director", "command line"])
def test_the_director_applies_any_lesson_or_all_that_is_left(actor: Actor) -> None:
    past = (*SCANNED, DECIDED)
    given(past).when(FIRST, by=actor).then(lesson_applied(1))
    given(past, lesson_applied(1)).when(ALL, by=actor).refused(
        said.UNDECIDED_FIELDS, "card_id", card="k-1", count="1"
    )
    given(past, DECIDED_ENGLISH, lesson_applied(1)).when(ALL, by=actor).then(APPLIED)
    given(past, DECIDED_ENGLISH).when(ALL, by=actor).then(APPLIED)


def test_nobody_else_speaks_for_a_lesson() -> None:
    for command, number, by in (
        (SECOND, 2, NOWAK),
        (FIRST, 1, LIS),
        (TRANSCRIBE_ENGLISH, 2, NOWAK),
        (TRANSCRIBE, 1, LIS),
        (ALL, 2, NOWAK),
        (ALL, 1, LIS),
    ):
        given(SCANNED).when(command, by=by).refused(
            said.NOT_YOUR_LESSON_ON_CARD, "lesson", card="k-1", lesson=str(number)
        )
    for decision, number, by in ((DECIDE_ENGLISH, 2, NOWAK), (DECIDE, 1, LIS)):
        given(SCANNED).when(decision, by=by).refused(
            said.NOT_YOUR_LESSON_ON_CARD, "field", card="k-1", lesson=str(number)
        )
    everything: tuple[Command, ...] = (FIRST, SECOND, ALL, DECIDE, DECIDE_ENGLISH, TRANSCRIBE)
    for any_of_it in everything:
        given(SCANNED).when(any_of_it, by=KOS).refused(said.NOT_YOUR_CARD, "card_id")
        given(SCANNED).when(any_of_it, by=OFFICE).refused(NOT_YOURS_TO_DO)


def test_a_lesson_is_whose_who_teaches_it_that_day() -> None:
    past = (*SCANNED, SUBSTITUTED)
    given(past).when(DECIDE_ENGLISH, by=KOS).then(DECIDED_ENGLISH)
    given(past, DECIDED_ENGLISH).when(SECOND, by=KOS).then(lesson_applied(2))
    for command in (SECOND, DECIDE_ENGLISH):
        given(past).when(command, by=LIS).refused(said.NOT_YOUR_CARD, "card_id")
    given(past).when(FIRST, by=KOS).refused(said.NOT_YOUR_LESSON_ON_CARD, "lesson")
    held = LessonHeld(
        unit_id="4a",
        lesson_id=lesson_id(WEDNESDAY, 4, "en-4a"),
        on=WEDNESDAY,
        period=4,
        assignment_id="en-4a",
        subject_id="en",
        teacher_id="lis",
        group_id="4a-en",
    )
    entered = at(streams.lesson("4a", held.lesson_id), held)
    given(SCANNED, entered, DECIDED_ENGLISH).when(SECOND, by=LIS).then(lesson_applied(2))


def test_a_lesson_is_applied_once_whatever_is_scanned_again() -> None:
    past = (*SCANNED, DECIDED, lesson_applied(1))
    given(past).when(FIRST, by=NOWAK).nothing()
    given(past).when(FIRST, by=DIRECTOR).nothing()
    given(past, DECIDED_ENGLISH, APPLIED).when(SECOND, by=LIS).nothing()
    given(past, DECIDED_ENGLISH, APPLIED).when(ALL, by=LIS).nothing()
    other = on_card(said.SheetRead(scan_id=PHOTOCOPY, **asdict(SHEET)))
    for command, by in ((SECOND, LIS), (FIRST, NOWAK), (ALL, DIRECTOR), (DECIDE_ENGLISH, LIS)):
        again = replace(command, scan_id=PHOTOCOPY)
        given(past, other).when(again, by=by).refused(
            said.CARD_WAS_APPLIED, "card_id", card="k-1", scan="other"
        )
    scanned = card_scans.RecordScan(
        scan_id=PHOTOCOPY, sha256=PHOTOCOPY, media_type="image/png", size=7, sheets=(SHEET,)
    )
    received = said.ScanReceived(scan_id=PHOTOCOPY, sha256=PHOTOCOPY, media_type="image/png", size=7)
    aside = said.PageSetAside(scan_id=PHOTOCOPY, page=1, why="already_applied", card_id="k-1")
    given(past).when(scanned, by=OFFICE).then(
        at(streams.scan(PHOTOCOPY), received), at(streams.scan(PHOTOCOPY), aside)
    )


def test_what_is_in_the_register_is_corrected_there() -> None:
    past = (*SCANNED, DECIDED, lesson_applied(1))
    given(past).when(DECIDE, by=NOWAK).nothing()
    for by in (NOWAK, DIRECTOR):
        given(past).when(replace(DECIDE, values=()), by=by).refused(
            said.LESSON_WAS_APPLIED, "field", card="k-1", lesson="1"
        )
        given(past).when(TRANSCRIBE, by=by).refused(said.LESSON_WAS_APPLIED, "lesson", card="k-1", lesson="1")
    third = replace(DECIDE, line=0, field="lesson-3", values=("confirmed",))
    given(past).when(third, by=NOWAK).then(on_card(said.FieldDecided(**asdict(third))))


def test_only_lessons_of_the_card_are_applied() -> None:
    for number in (0, 4, -1):
        given(SCANNED).when(replace(ALL, lesson=number), by=NOWAK).refused(
            said.NO_SUCH_LESSON_ON_CARD, "lesson", card="k-1", lesson=str(number)
        )


def test_what_is_of_no_lesson_is_the_directors_and_stops_only_the_last() -> None:
    """A form of others may have a cell that belongs to none of the card's lessons."""
    stray = replace(SHEET, cells=(marked("lesson-1"), unsure("presence-4")))
    past = (*TEACHERS, ISSUED, on_card(said.SheetRead(scan_id=SCAN, **asdict(stray))))
    ignored = replace(DECIDE, field="presence-4", values=())
    given(past).when(FIRST, by=NOWAK).then(lesson_applied(1))
    given(past).when(ignored, by=NOWAK).refused(said.NOT_YOUR_LESSON_ON_CARD, "field", card="k-1", lesson="2")
    confirmed = on_card(said.FieldDecided(**asdict(replace(DECIDE, line=0, field="lesson-4", values=()))))
    then = (*past, confirmed, lesson_applied(1), lesson_applied(2))
    given(then).when(THIRD, by=NOWAK).refused(said.UNDECIDED_FIELDS, "lesson", card="k-1", count="1")
    decided = on_card(said.FieldDecided(**asdict(ignored)))
    given(then).when(ignored, by=DIRECTOR).then(decided)
    given(then, decided).when(THIRD, by=NOWAK).then(lesson_applied(3), APPLIED)


def test_a_card_of_several_teachers_is_voided_by_the_office_and_not_once_a_lesson_is_entered() -> None:
    void = said.VoidCard(card_id="k-1", reason="zalana")
    voided = on_card(said.CardVoided(card_id="k-1", reason="zalana"))
    given(SCANNED).when(void, by=OFFICE).then(voided)
    given(SCANNED).when(void, by=NOWAK).refused(
        said.NOT_YOUR_LESSON_ON_CARD, "card_id", card="k-1", lesson="2"
    )
    given(SCANNED, DECIDED, lesson_applied(1)).when(void, by=OFFICE).refused(said.CARD_WAS_APPLIED, "card_id")
    given(SCANNED, voided).when(FIRST, by=NOWAK).refused(said.CARD_IS_VOID, "card_id")
