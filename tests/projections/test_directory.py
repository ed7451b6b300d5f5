"""Which schools an account is somebody in: as soon as the school's read model tells it, and never less."""

from __future__ import annotations

import psycopg
import pytest

from dziennik.contracts import people, streams
from dziennik.projections.batches import Batches
from dziennik.projections.directory import places
from dziennik.projections.model import ReadModel
from dziennik.projections.people import PEOPLE
from dziennik.projections.places import read_schema
from dziennik.projections.rebuild import rebuild
from dziennik.projections.tables import Row
from tests.projections.agreement import feed
from tests.projections.histories import History, a_school
from tests.projections.listed import Listed


def linked(history: History, person: str, account: str) -> None:
    history.tell(streams.person(person), people.AccountLinked(person_id=person, account_id=account))


def test_an_account_is_found_in_all_its_schools_and_in_no_other(connection: psycopg.Connection) -> None:
    here, there = a_school(), a_school()
    linked(there, "nowak", "acc-two")
    feed(connection, Listed("one", here.recorded), PEOPLE, [3])
    feed(connection, Listed("two", there.recorded), PEOPLE, [1000])
    assert places(connection, "acc-parent") == ["one", "two"]
    assert places(connection, "acc-two") == ["two"]
    assert places(connection, "acc-nobody") == []


def test_a_rebuild_tells_the_directory_too(dsn: str, connection: psycopg.Connection) -> None:
    history = a_school()
    journal = Listed("one", history.recorded)
    feed(connection, Listed("one", history.recorded[:1]), PEOPLE, [1])
    assert places(connection, "acc-nowak") == []
    rebuild(dsn, journal, PEOPLE)
    assert places(connection, "acc-nowak") == ["one"]
    at = journal.position()
    linked(history, "ada", "acc-ada")  # and so do the tables that it left
    Batches(connection, "one", PEOPLE).apply(history.recorded[at:], at, at + 1)
    assert places(connection, "acc-ada") == ["one"]


def test_what_is_not_committed_is_not_told(dsn: str, connection: psycopg.Connection) -> None:
    feed(connection, Listed("one", a_school().recorded), PEOPLE, [1000])
    table = f'"{read_schema("one")}".people_v{PEOPLE.version}_person'
    with psycopg.connect(dsn) as other:
        other.execute(f"UPDATE {table} SET account_id = 'acc-new' WHERE person_id = 'nowak'")
        assert places(other, "acc-new") == ["one"]
        assert places(connection, "acc-new") == []
        other.rollback()
    assert places(connection, "acc-new") == []


def test_before_there_are_read_models_nobody_is_anybody(connection: psycopg.Connection) -> None:
    assert places(connection, "acc-nowak") == []


def test_a_directory_wants_a_column() -> None:
    model = ReadModel("x", version=1)

    class Thing(Row, frozen=True):
        id: str

    with pytest.raises(TypeError, match="Thing has no column account_id"):
        model.table(key=("id",), directory="account_id")(Thing)
