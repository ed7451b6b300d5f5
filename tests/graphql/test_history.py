"""What happened to an entry is asked by the class's homeroom teacher, the director and auditors alone."""

from __future__ import annotations

from datetime import date

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import calendar_commands as c
from dziennik.contracts.calendar import EntryKind
from dziennik.contracts.envelope import Actor, Channel, Role
from tests.graphql.conftest import TODAY, Served

SHOWN = "{ what personId role reason fields { name old new } }"
ART = Actor(account="acc-art", role=Role.TEACHER, person="t-art", channel=Channel.WEB)


def asked(entry: str, class_id: str = "4a") -> str:
    return f'{{ entryHistory(school: "sp1", classId: "{class_id}", {entry}) {SHOWN} }}'


NOTE = 'kind: NOTE, entryId: "n1", ofPupil: "p1"'


@pytest.fixture
def noted(served: Served) -> Served:
    """Two notes about p1, the first corrected and struck out; a meeting that was moved."""
    for command in (
        orders.WriteNote(
            note_id="n1", class_id="4a", pupil_id="p1", category_id="helping", on=TODAY, text="Pomaga."
        ),
        orders.WriteNote(
            note_id="n2", class_id="4a", pupil_id="p1", category_id="information", on=TODAY, text="X"
        ),
        orders.CorrectNote(
            class_id="4a", pupil_id="p1", note_id="n1", reason="dokładniej", text="Pomaga innym."
        ),
        orders.StrikeOutNote(class_id="4a", pupil_id="p1", note_id="n1", reason="nie ta uczennica"),
        c.PlanEntry(
            entry_id="e1", unit_id="4a", kind=EntryKind.MEETING, title="Zebranie", on=date(2025, 10, 20)
        ),
        c.ChangeEntry(
            entry_id="e1", unit_id="4a", title="Zebranie", on=date(2025, 10, 21), reason="sala zajęta"
        ),
    ):
        outcome = served.system.register("sp1").execute(command, actor=ART)
        assert isinstance(outcome, Accepted), outcome
    return served


def test_a_note_tells_what_it_said_before(noted: Served) -> None:
    written, corrected, struck = noted.data(asked(NOTE), "dir")["entryHistory"]
    assert (written["what"], written["personId"], written["role"]) == ("note_written", "t-art", "TEACHER")
    assert {"name": "points", "old": None, "new": "5"} in written["fields"]
    assert corrected == {
        "what": "note_corrected",
        "personId": "t-art",
        "role": "TEACHER",
        "reason": "dokładniej",
        "fields": [{"name": "text", "old": "Pomaga.", "new": "Pomaga innym."}],
    }
    assert (struck["what"], struck["reason"]) == ("note_struck_out", "nie ta uczennica")


def test_a_moved_entry_of_the_calendar_tells_both_days(noted: Served) -> None:
    planned, moved = noted.data(asked('kind: CALENDAR, entryId: "e1"'), "t-art")["entryHistory"]
    assert planned["what"] == "entry_planned"
    assert moved["fields"] == [{"name": "on", "old": "2025-10-20", "new": "2025-10-21"}]


def test_a_pupil_in_a_class_and_a_lesson_have_their_stories(noted: Served) -> None:
    found = noted.data(asked('kind: PUPIL_IN_CLASS, entryId: "p1"'), "aud")["entryHistory"]
    assert [one["what"] for one in found] == ["pupil_enrolled"]
    lesson = asked('kind: LESSON, entryId: "2025-09-15.02.a-maths"')
    found = noted.data(lesson, "t-art")["entryHistory"]
    assert [one["what"] for one in found] == [
        "lesson_held",
        "lesson_signed",
        "roll_called",
        "absence_recorded",
    ]
    assert noted.data(asked('kind: LESSON, entryId: "nothing"'), "dir") == {"entryHistory": []}


def test_a_family_sees_what_happened_to_an_entry_about_its_child(noted: Served) -> None:
    def own(entry: str, pupil: str = "p1", class_id: str = "4a") -> str:
        place = f'school: "sp1", pupilId: "{pupil}", classId: "{class_id}"'
        return f"{{ pupilEntryHistory({place}, {entry}) {SHOWN} }}"

    note = own('kind: NOTE, entryId: "n1"')
    for who in ("m1", "p1", "t-art", "dir"):
        found = noted.data(note, who)["pupilEntryHistory"]
        assert [one["what"] for one in found] == ["note_written", "note_corrected", "note_struck_out"]
        assert {(one["personId"], one["role"]) for one in found} == {("t-art", "TEACHER")}
    for who in ("p2", "f3", "t-maths", "adm", "t-other"):
        assert noted.code(note, who) == "ACCESS.DENIED"
    # A meeting, a lesson of the class or another pupil's place names nobody's child.
    for entry in (
        'kind: CALENDAR, entryId: "e1"',
        'kind: PUPIL_IN_CLASS, entryId: "p2"',
        'kind: TEACHING, entryId: "a-maths"',
    ):
        assert noted.data(own(entry), "m1")["pupilEntryHistory"] == []
    lesson = noted.data(own('kind: LESSON, entryId: "2025-09-15.02.a-maths"'), "m1")["pupilEntryHistory"]
    assert [one["what"] for one in lesson] == ["absence_recorded"]
    there = noted.data(own('kind: PUPIL_IN_CLASS, entryId: "p1"'), "m1")["pupilEntryHistory"]
    assert [one["what"] for one in there] == ["pupil_enrolled"]


def test_only_those_who_answer_for_the_class_may_ask(noted: Served) -> None:
    for who in ("dir", "aud", "t-art"):
        assert noted.code(asked(NOTE), who) is None
    for who in ("t-maths", "adm", "p1", "m1", "t-other"):
        assert noted.code(asked(NOTE), who) == "ACCESS.DENIED"
    # That p1 is in the homeroom teacher's class opens no other class.
    assert noted.code(asked(NOTE, "4b"), "t-art") == "ACCESS.DENIED"
