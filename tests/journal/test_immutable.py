"""Who can change what was recorded? Nobody; and who can add to it? Only who goes through the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier

from dziennik.journal.journal import Journal
from dziennik.journal.queries import Queries
from dziennik.journal.schema import ROLES
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.sample import PUPIL, STRUCK_OUT, ZANETA, draft, give, origin, positions

CHANGES = {
    "UPDATE events": "UPDATE {}.events SET name = 'x'",
    "UPDATE no event": "UPDATE {}.events SET name = 'x' WHERE false",
    "DELETE events": "DELETE FROM {}.events",
    "TRUNCATE events": "TRUNCATE {}.events",
    "UPDATE commands": "UPDATE {}.commands SET digest = 'x'",
    "DELETE commands": "DELETE FROM {}.commands",
    "TRUNCATE commands": "TRUNCATE {}.commands",
    "DELETE head": "DELETE FROM {}.head",
    "TRUNCATE head": "TRUNCATE {}.head",
}
ADDITIONS = {
    "INSERT event": "INSERT INTO {}.events VALUES (2, now(), 1, 'b', 'x', '', '')",
    "INSERT command": "INSERT INTO {}.commands VALUES (2, 2, 'x', '')",
    "UPDATE head": "UPDATE {}.head SET position = 7",
    "CREATE TABLE": "CREATE TABLE {}.mine ()",
    "DROP TABLE": "DROP TABLE {}.events",
    "DISABLE TRIGGER": "ALTER TABLE {}.events DISABLE TRIGGER ALL",
}


@pytest.fixture
def admin(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def run(connection: psycopg.Connection[Any], journal: Journal, statement: str) -> None:
    connection.execute(SQL(statement).format(Identifier(f"school_{journal.school_id}")))


@pytest.mark.parametrize("replica", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_the_superuser_is_refused(
    journal: Journal, admin: psycopg.Connection[Any], change: str, replica: bool
) -> None:
    give(journal, "a", 0, ZANETA)
    before = journal.read_raw(0)
    if replica:
        admin.execute("SET session_replication_role = replica")
    with pytest.raises(errors.InsufficientPrivilege, match="the journal is only ever added to"):
        run(admin, journal, CHANGES[change])
    assert journal.read_raw(0) == before


@pytest.mark.parametrize("role", [role for role in ROLES if role != "dziennik_owner"])
@pytest.mark.parametrize("change", CHANGES | ADDITIONS)
def test_no_role_may_do_it_either(
    journal: Journal, admin: psycopg.Connection[Any], role: str, change: str
) -> None:
    give(journal, "a", 0, ZANETA)
    admin.execute(SQL("SET ROLE {}").format(Identifier(role)))
    with pytest.raises(errors.InsufficientPrivilege):
        run(admin, journal, (CHANGES | ADDITIONS)[change])
    assert (positions(journal), journal.position()) == ([1], 1)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("dziennik_writer", True), ("dziennik_projector", False), ("dziennik_reader", False)],
)
def test_the_function_is_the_writers_alone(journal: Journal, dsn: str, role: str, allowed: bool) -> None:
    with Line.connect(dsn) as line:
        line.execute(SQL("SET ROLE {}").format(Identifier(role)))
        command = raw.prepared("a", 1, *raw.stored(STRUCK_OUT))
        if allowed:
            raw.append(line, journal, command)
        else:
            with pytest.raises(errors.InsufficientPrivilege):
                raw.append(line, journal, command)
    assert positions(journal) == ([1] if allowed else [])


def test_somebody_without_a_role_sees_nothing(journal: Journal, admin: psycopg.Connection[Any]) -> None:
    give(journal, "a", 0, PUPIL)
    admin.execute("CREATE ROLE stranger NOLOGIN")
    try:
        admin.execute("SET ROLE stranger")
        for statement in ("SELECT 1 FROM {}.events", "SELECT {}.position_at(now())"):
            with pytest.raises(errors.InsufficientPrivilege):
                run(admin, journal, statement)
    finally:
        admin.execute("RESET ROLE")
        admin.execute("DROP ROLE stranger")


def test_the_journal_itself_acts_as_reader_and_writer(journal: Journal) -> None:
    datastore = journal._reader._recorder.datastore
    for pool, role in ((datastore.reading, "dziennik_reader"), (datastore.writing, "dziennik_writer")):
        with pool.connection() as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_objects_of_the_caller_do_not_get_into_the_function(journal: Journal, dsn: str) -> None:
    """A temporary table or a search path of one's own must not change what the owner's function does."""
    school = Identifier(f"school_{journal.school_id}")
    with Line.connect(dsn) as line:
        line.execute(
            "CREATE TEMP TABLE head (one boolean, position bigint, clock timestamptz, before timestamptz)"
        )
        line.execute(
            "CREATE FUNCTION pg_temp.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT (1/0)::text'"
        )
        line.execute(SQL("SET search_path = pg_temp, {}").format(school))
        raw.append(line, journal, raw.prepared("a", 1, *raw.stored(STRUCK_OUT)))
    assert positions(journal) == [1]


def test_the_function_keeps_its_promise_under_repeatable_read(journal: Journal, dsn: str) -> None:
    """An old snapshot cannot give out positions again: PostgreSQL refuses the update of the head row."""
    with Line.connect(dsn) as line:
        line.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        line.execute("SELECT 1")
        give(journal, "a", 0, PUPIL)
        with pytest.raises(errors.SerializationFailure):
            raw.append(line, journal, raw.prepared("b", 1, *raw.stored(STRUCK_OUT)))
    assert positions(journal) == [1]


def test_people_can_read_the_journal_at_a_prompt(journal: Journal, admin: psycopg.Connection[Any]) -> None:
    journal.append([draft("a", 0, STRUCK_OUT)], origin("c1"))
    query = SQL("SELECT position, stream, name, origin->>'command_id', state->>'reason' FROM {}.readable")
    row = admin.execute(query.format(Identifier(f"school_{journal.school_id}"))).fetchone()
    assert row == (1, "a", "grades.grade_struck_out.1", "c1", "wpis u innego ucznia")


def test_queries_name_their_schema(journal: Journal) -> None:
    queries = vars(Queries("school_x"))
    assert queries
    for statement in queries.values():
        assert b'"school_x".' in statement.text
