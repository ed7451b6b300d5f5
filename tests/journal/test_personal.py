"""Who can read what is said about a person, and for how long?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from dziennik.application.kept_texts import classes_by_field, sheets_under_register
from dziennik.contracts.facts import ERASED
from dziennik.contracts.grades import GradeGiven
from dziennik.contracts.people import PersonalDetailsRecorded, PersonRegistered
from dziennik.contracts.values import GradeKind
from dziennik.journal import memory, person_keys
from dziennik.journal.journal import Journal, UndecodableFact
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring, WrongMasterKey
from tests.journal import raw
from tests.journal.sample import PUPIL, ZANETA, draft, give, grade, origin

BOB = PersonRegistered(person_id="p2", given_names="Bob", family_name="Zając")


def facts(journal: Journal, stream: str) -> list[object]:
    return [recorded.fact for recorded in journal.load(stream)]


def test_personal_texts_are_stored_as_ciphertext_only(journal: Journal, dsn: str) -> None:
    give(journal, "person/p1", 0, ZANETA)
    give(journal, "grades/p1", 0, grade(1, comment="Żaneta myli się o znak"), grade(2))
    with psycopg.connect(dsn) as connection:
        for table in ("events", "commands"):
            name = Identifier(f"school_{journal.school_id}", table)
            for row in connection.execute(SQL("SELECT * FROM {}").format(name)):
                stored = b"|".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
                for word in ("Żaneta", "Łucja", "Ćma", "znak"):
                    assert word.encode() not in stored
    state = msgspec.json.decode(journal.read_raw(0)[0].state)
    assert state["person_id"] == "p1"
    assert state["family_name"].startswith(f"{ERASED}1:")
    assert msgspec.json.decode(journal.read_raw(2)[0].state)["comment"] is None
    assert facts(journal, "person/p1") == [ZANETA]
    assert facts(journal, "grades/p1") == [grade(1, comment="Żaneta myli się o znak"), grade(2)]


def test_the_same_text_twice_gives_two_ciphertexts(journal: Journal) -> None:
    give(journal, "a", 0, ZANETA, ZANETA)
    one, two = (msgspec.json.decode(row.state)["family_name"] for row in journal.read_raw(0))
    assert one != two


def test_an_empty_and_a_long_text_come_back(journal: Journal) -> None:
    for version, text in enumerate(["", ERASED, f"{ERASED}1:AAAA", "ż" * 20_000, "\x00\\\"'"]):
        give(journal, "a", version, grade(1, comment=text))
        fact = journal.load("a", after_version=version)[0].fact
        assert isinstance(fact, GradeGiven)
        assert fact.comment == text


def test_a_destroyed_key_reads_as_erased_and_nothing_else_changes(journal: Journal) -> None:
    give(journal, "person/p1", 0, ZANETA, PUPIL)
    give(journal, "person/p2", 0, BOB)
    give(journal, "grades/p1", 0, grade(1, comment="dobra praca"), grade(2))
    before = journal.read_raw(0)
    assert journal.keys.destroy("p1") == 2
    erased = PersonRegistered(person_id="p1", given_names=ERASED, family_name=ERASED)
    assert facts(journal, "person/p1") == [erased, PUPIL]
    assert facts(journal, "grades/p1") == [grade(1, comment=ERASED), grade(2)]
    assert facts(journal, "person/p2") == [BOB]
    assert [type(item).__name__ for item in journal.follow(0)] == ["Recorded"] * 5
    assert journal.read_raw(0) == before
    assert journal.keys.destroy("p1") == 0


def test_each_text_lies_under_the_key_of_its_class(journal: Journal) -> None:
    details = PersonalDetailsRecorded(person_id="p1", national_id="02270803628", address="Lipowa 1")
    annual = msgspec.structs.replace(
        grade(2, comment="uwaga"), kind=GradeKind.ANNUAL_FINAL, description="opis"
    )
    current = msgspec.structs.replace(annual, kind=GradeKind.CURRENT)
    give(journal, "person/p1", 0, ZANETA, details, annual, current)
    assert classes_by_field(journal, "p1") == {
        1: {"given_names": "grade_sheets", "family_name": "grade_sheets"},
        2: {"national_id": "grade_sheets", "address": "register"},
        3: {"description": "grade_sheets", "comment": "register"},
        4: {"description": "register", "comment": "register"},
    }
    assert not sheets_under_register(journal, "p1")
    assert journal.keys.destroy("p1", "register") == 1
    assert facts(journal, "person/p1") == [
        ZANETA,
        msgspec.structs.replace(details, address=ERASED),
        msgspec.structs.replace(annual, comment=ERASED),
        msgspec.structs.replace(current, description=ERASED, comment=ERASED),
    ]


def test_what_was_sealed_before_there_were_classes_stays_under_its_key(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an earlier release wrote it; the journal is asked, and tells that a grade sheet would go along."""
    give(journal, "person/p2", 0, BOB)
    with monkeypatch.context() as earlier:
        earlier.setattr(PersonRegistered, "sheet_fields", frozenset())
        give(journal, "person/p1", 0, ZANETA)
    assert facts(journal, "person/p1") == [ZANETA]
    assert classes_by_field(journal, "p1") == {2: {"given_names": "register", "family_name": "register"}}
    assert sheets_under_register(journal, "p1")
    assert not sheets_under_register(journal, "p2")
    journal.keys.destroy("p1", "register")
    assert not sheets_under_register(journal, "p1")


def test_a_person_who_comes_back_gets_a_new_key(journal: Journal) -> None:
    give(journal, "a", 0, ZANETA)
    journal.keys.destroy("p1")
    give(journal, "a", 1, ZANETA)
    erased = PersonRegistered(person_id="p1", given_names=ERASED, family_name=ERASED)
    assert facts(journal, "a") == [erased, ZANETA]


def test_another_process_forgets_a_destroyed_key(
    journal: Journal, open_journals: Callable[[], Journals]
) -> None:
    other = open_journals().school(journal.school_id)
    give(journal, "a", 0, ZANETA)
    assert facts(other, "a") == [ZANETA]
    journal.keys.destroy("p1")
    # Told by NOTIFY; a fact that comes after it cannot overtake it.
    give(journal, "b", 0, PUPIL)
    assert other.wait(1, timeout=10) == 2
    for _ in range(1000):
        if facts(other, "a") != [ZANETA]:
            break
    give(other, "a", 1, ZANETA)
    erased = PersonRegistered(person_id="p1", given_names=ERASED, family_name=ERASED)
    assert facts(other, "a") == [erased, ZANETA]
    assert facts(journal, "a") == [erased, ZANETA]


def test_a_lost_wakeup_is_made_good_by_time(
    journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count()
    monkeypatch.setattr(memory, "monotonic", lambda: next(clock) * person_keys.SECONDS)
    give(journal, "a", 0, ZANETA)
    with psycopg.connect(dsn) as behind_its_back:
        table = Identifier(f"keys_{journal.school_id}", "keys")
        behind_its_back.execute(SQL("UPDATE {} SET wrapped = NULL, destroyed_at = now()").format(table))
    assert facts(journal, "a") == [PersonRegistered(person_id="p1", given_names=ERASED, family_name=ERASED)]


SWAPS = {
    "between streams": ("a", 1, "b", 1),
    "between versions": ("a", 1, "a", 2),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_swapped_ciphertexts_are_noticed(journal: Journal, dsn: str, swap: str) -> None:
    """The stock cipher of the library decrypts them as if nothing had happened."""
    give(journal, "a", 0, grade(1, comment="chwali"), grade(1, comment="gani"))
    give(journal, "b", 0, grade(1, comment="milczy"))
    one, two = SWAPS[swap][:2], SWAPS[swap][2:]
    raw.force(
        dsn, journal,
        "UPDATE events SET state = other.state FROM events AS other"
        " WHERE (events.stream, events.version, other.stream, other.version)"
        " IN ((%s, %s, %s, %s), (%s, %s, %s, %s))",
        *one, *two, *two, *one,
    )  # fmt: skip
    for stream, version in (one, two):
        with pytest.raises(UndecodableFact, match="comment was changed, or written for another place"):
            journal.load(stream, after_version=version - 1)


def test_ciphertexts_swapped_between_fields_are_noticed(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, ZANETA)
    state = msgspec.json.decode(journal.read_raw(0)[0].state)
    state["given_names"], state["family_name"] = state["family_name"], state["given_names"]
    raw.force(dsn, journal, "UPDATE events SET state = %s", msgspec.json.encode(state))
    with pytest.raises(UndecodableFact, match="given_names was changed"):
        journal.load("a")


DAMAGES = {
    "plain text": ("Ćma", "family_name is not encrypted"),
    "one bit": (None, "family_name was changed"),
    "not base64": (f"{ERASED}1:AAA", "family_name was changed"),
    "too short": (f"{ERASED}1:AAAA", "family_name was changed"),
    "a key that never was": (f"{ERASED}77:AAAA", "family_name is under key 77, which never was"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_personal_text_is_noticed(journal: Journal, dsn: str, damage: str) -> None:
    give(journal, "a", 0, ZANETA)
    state = msgspec.json.decode(journal.read_raw(0)[0].state)
    text, reason = DAMAGES[damage]
    stored = state["family_name"]
    state["family_name"] = text or stored[:-1] + ("A" if stored[-1] != "A" else "B")
    raw.force(dsn, journal, "UPDATE events SET state = %s", msgspec.json.encode(state))
    with pytest.raises(UndecodableFact, match=reason):
        journal.load("a")


def test_another_master_key_is_a_loud_error(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, ZANETA)
    with Journals(dsn, keyring=Keyring(bytes(32))) as wrong:
        with pytest.raises(WrongMasterKey):
            wrong.school(journal.school_id).load("a")
        with pytest.raises(WrongMasterKey):
            give(wrong.school(journal.school_id), "a", 1, ZANETA)
    assert facts(journal, "a") == [ZANETA]


def test_a_master_key_of_the_wrong_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Keyring(bytes(16))


def test_keys_lie_wrapped_in_a_schema_of_their_own(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, ZANETA, BOB)
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            SQL("SELECT person, key_class, length(wrapped) FROM {} ORDER BY person").format(
                Identifier(f"keys_{journal.school_id}", "keys")
            )
        ).fetchall()
    assert rows == [("p1", "grade_sheets", 60), ("p2", "grade_sheets", 60)]


def test_remembered_keys_are_bounded(journals: Journals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_keys, "REMEMBERED", 3)
    journal = journals.create_school(uuid4().hex)
    people = [grade(number, pupil=f"p{number}", comment=f"o {number}") for number in range(10)]
    give(journal, "a", 0, *people)
    assert facts(journal, "a") == people
    assert len(journal.keys._known) <= 3
    assert len(journal.keys._in_use) <= 3
    give(journal, "a", 10, *people)
    assert facts(journal, "a") == people * 2


def test_a_command_that_conflicts_leaves_no_trace_but_keys(journal: Journal) -> None:
    give(journal, "a", 0, PUPIL)
    with pytest.raises(Exception, match="version 1, not 0"):
        journal.append([draft("a", 0, ZANETA)], origin())
    assert facts(journal, "a") == [PUPIL]
