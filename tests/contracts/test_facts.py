"""Does registering refuse what would break stored history?"""

from __future__ import annotations

from typing import Any

import pytest

from dziennik.contracts import facts
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.grades import GradeGiven


@pytest.fixture(autouse=True)
def _registry_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "FACTS", dict(facts.FACTS))
    monkeypatch.setattr(facts, "UPCASTS", dict(facts.UPCASTS))


class NoteWritten(Fact, frozen=True, kw_only=True):
    person_id: str
    note: Personal | None = None


def test_a_name_is_given_once() -> None:
    with pytest.raises(TypeError, match=r"'grades.grade_given.1' is taken by GradeGiven"):
        fact("grades.grade_given.1", person="person_id")(NoteWritten)
    assert facts.FACTS["grades.grade_given.1"] is GradeGiven


def test_personal_texts_need_a_person() -> None:
    with pytest.raises(TypeError, match=r"personal fields \('note',\) but names no person"):
        fact("notes.note_written.1")(NoteWritten)
    assert "notes.note_written.1" not in facts.FACTS


def test_a_registered_fact_knows_its_name_person_and_personal_texts() -> None:
    fact("notes.note_written.1", person="person_id")(NoteWritten)
    assert facts.FACTS["notes.note_written.1"] is NoteWritten
    assert (NoteWritten.fact_name, NoteWritten.person_field) == ("notes.note_written.1", "person_id")
    assert NoteWritten.personal_fields == ("note",)


def test_an_older_shape_leads_to_the_next_one() -> None:
    def upcast(stored: dict[str, Any]) -> dict[str, Any]:
        return {**stored, "note": stored["text"]}

    fact("notes.note_written.10", person="person_id", upcasts={"notes.note_written.9": upcast})(NoteWritten)
    assert facts.UPCASTS["notes.note_written.9"] == ("notes.note_written.10", upcast)
