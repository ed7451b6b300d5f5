"""Does one fact that cannot be read stop only those who ask for it?"""

from __future__ import annotations

import pytest

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import FACTS, UPCASTS, Json
from dziennik.contracts.grades import GradeStruckOut
from dziennik.contracts.people import PersonRegistered
from dziennik.journal.journal import Journal, Undecodable, UndecodableFact
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.sample import PUPIL, STRUCK_OUT, ZANETA, draft, give, grade, origin

NAME, STATE = raw.stored(STRUCK_OUT)
BAD = {
    "a name nobody knows": ("grades.grade_sung.1", b"{}", "there is no fact of this name"),
    "a later version": ("grades.grade_struck_out.2", STATE, "there is no fact of this name"),
    "a missing field": (NAME, b'{"grade_id":"g1","pupil_id":"p1"}', "missing required field `reason`"),
    "an unknown field": (NAME, STATE[:-1] + b',"mood":"bad"}', "unknown field `mood`"),
    "a field of another type": (
        NAME,
        b'{"grade_id":1,"pupil_id":"p1","reason":"x"}',
        "Expected `str`, got `int`",
    ),
    "half a fact": (NAME, STATE[:20], "truncated"),
    "no JSON": (NAME, b"\xff\xfe", "malformed"),
    "nothing": (NAME, b"", "truncated"),
}


def put(dsn: str, journal: Journal, stream: str, version: int, name: str, state: bytes) -> None:
    with Line.connect(dsn) as line:
        raw.append(line, journal, raw.prepared(stream, version, name, state))


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_fact_is_named_and_its_neighbours_are_read(journal: Journal, dsn: str, bad: str) -> None:
    name, state, reason = BAD[bad]
    give(journal, "a", 0, ZANETA)
    put(dsn, journal, "b", 1, name, state)
    give(journal, "a", 1, PUPIL)

    first, second, third = journal.follow(0)
    assert isinstance(second, Undecodable)
    assert (second.position, second.stream, second.version, second.name) == (2, "b", 1, name)
    assert reason in second.reason
    assert isinstance(first, Recorded)
    assert isinstance(third, Recorded)
    assert (first.fact, third.fact) == (ZANETA, PUPIL)

    for strictly in (journal.load, lambda _: journal.read(0), lambda stream: list(journal.scan(stream))):
        with pytest.raises(UndecodableFact) as caught:
            strictly("b")
        assert caught.value.fact == second
        assert f"{name} at position 2 (stream b, version 1)" in str(caught.value)
    assert [r.fact for r in journal.load("a")] == [ZANETA, PUPIL]
    assert journal.read_raw(1, 1)[0].state == state


def test_a_bad_envelope_is_undecodable_as_well(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, PUPIL)
    raw.force(dsn, journal, "UPDATE events SET origin = %s", b'{"command_id":"c1"}')
    (bad,) = journal.follow(0)
    assert isinstance(bad, Undecodable)
    assert "actor" in bad.reason


def test_facts_under_a_superseded_name_are_brought_up_to_date(
    journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_pupil(old: Json) -> Json:
        return {"grade_id": old["grade_id"], "pupil_id": old["child"]}

    def with_reason(old: Json) -> Json:
        return {**old, "reason": "nie podano"}

    monkeypatch.setitem(UPCASTS, "grades.grade_erased.1", ("grades.grade_erased.2", with_pupil))
    monkeypatch.setitem(UPCASTS, "grades.grade_erased.2", (NAME, with_reason))
    put(dsn, journal, "a", 1, "grades.grade_erased.1", b'{"grade_id":"g1","child":"p1"}')
    put(dsn, journal, "a", 2, "grades.grade_erased.2", b'{"grade_id":"g2","pupil_id":"p1"}')
    assert [r.fact for r in journal.load("a")] == [
        GradeStruckOut(grade_id="g1", pupil_id="p1", reason="nie podano"),
        GradeStruckOut(grade_id="g2", pupil_id="p1", reason="nie podano"),
    ]


def test_an_upcast_sees_personal_texts_in_clear(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    class Baptised(PersonRegistered, frozen=True):
        fact_name = "people.person_baptised.1"

    def split(old: Json) -> Json:
        return {**old, "given_names": old["given_names"].upper()}

    monkeypatch.setitem(FACTS, "people.person_baptised.1", Baptised)
    old = Baptised(person_id="p1", given_names="Żaneta", family_name="Ćma")
    journal.append([draft("a", 0, old)], origin())
    monkeypatch.delitem(FACTS, "people.person_baptised.1")
    monkeypatch.setitem(UPCASTS, "people.person_baptised.1", (PersonRegistered.fact_name, split))
    new = PersonRegistered(person_id="p1", given_names="ŻANETA", family_name="Ćma")
    assert [r.fact for r in journal.load("a")] == [new]


@pytest.mark.parametrize("fault", ["raises", "leaves a field out"])
def test_an_upcast_that_fails_parks_its_fact_alone(
    journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def broken(old: Json) -> Json:
        return {"grade_id": old["number" if fault == "raises" else "grade_id"]}

    monkeypatch.setitem(UPCASTS, "grades.grade_erased.1", (NAME, broken))
    put(dsn, journal, "a", 1, "grades.grade_erased.1", b'{"grade_id":"g1"}')
    give(journal, "b", 0, grade(1))
    bad, good = journal.follow(0)
    assert isinstance(bad, Undecodable)
    assert bad.reason.startswith(f"upcast to {NAME}: ")
    assert isinstance(good, Recorded)
