"""Do the walls around read models stand? Looked at from inside: what is seen where nothing must be?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL

from dziennik.projections.model import ReadModel
from dziennik.projections.places import read_schema, statements_of
from dziennik.projections.statements import Statements
from dziennik.projections.tables import NO_ROWS, OF_THE_PUPIL
from dziennik.projections.walls import EVERYBODY, READER, has_reader


def faults_in_walls(
    connection: Connection[Any], school_id: str, models: Sequence[ReadModel]
) -> Iterator[tuple[str, str]]:
    """A code and the table of each wall that does not stand; nothing where there are no roles to bind."""
    tables = [each for model in models for each in statements_of(model, read_schema(school_id))]
    there = {name for (name,) in _there(connection, school_id)}
    standing = [each for each in tables if each.name in there]
    if not standing or not has_reader(connection):
        return
    walled = {name for (name,) in _walled(connection, school_id)}
    for each in standing:
        if each.name not in walled:
            yield "DOCTOR.READ_WALL_MISSING", f"{each.schema}.{each.name}"
    closed = [each for each in standing if each.table.families in (OF_THE_PUPIL, NO_ROWS)]
    for school, pupils, looked_at in (
        ("", "", standing),
        (f"not-{school_id}", EVERYBODY, standing),
        (school_id, "", closed),
    ):
        for name in _seen(connection, school, pupils, looked_at):
            yield "DOCTOR.READ_WALL_OPEN", f"{name} ({school or '-'}, {pupils or '-'})"


def _seen(
    connection: Connection[Any], school: str, pupils: str, tables: Sequence[Statements]
) -> Iterator[str]:
    """The tables of which a session that says this sees any row."""
    with connection.transaction(force_rollback=True):
        connection.execute(
            "SELECT set_config('role', %s, true), set_config('dziennik.school', %s, true),"
            " set_config('dziennik.pupils', %s, true)",
            [READER, school, pupils],
        )
        for each in tables:
            query = SQL("SELECT EXISTS (SELECT FROM {})").format(each.place)
            if connection.execute(query).fetchone() != (False,):
                yield f"{each.schema}.{each.name}"


def _there(connection: Connection[Any], school_id: str) -> list[tuple[str]]:
    query = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = %s"
    return connection.execute(query, [read_schema(school_id)]).fetchall()


def _walled(connection: Connection[Any], school_id: str) -> list[tuple[str]]:
    """Tables with row-level security and a policy `wall` for readers, and no further one for them."""
    return connection.execute(
        "SELECT t.tablename FROM pg_catalog.pg_tables AS t JOIN pg_catalog.pg_policies AS p"
        " ON (p.schemaname, p.tablename) = (t.schemaname, t.tablename)"
        " WHERE t.schemaname = %s AND t.rowsecurity AND p.roles && ARRAY[%s, 'public']::name[]"
        " GROUP BY 1 HAVING array_agg(p.policyname) = ARRAY['wall']::name[]",
        [read_schema(school_id), READER],
    ).fetchall()
