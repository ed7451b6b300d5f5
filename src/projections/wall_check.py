"""Do the walls around read models stand? Looked at from inside: what is seen where nothing must be?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL

from dziennik.projections.model import ReadModel
from dziennik.projections.places import read_schema, statements_of
from dziennik.projections.statements import Statements
from dziennik.projections.tables import ALL_ROWS, NO_ROWS, OF_THE_PUPIL, PRIVATE
from dziennik.projections.walls import EVERYBODY, READER, SETTINGS, has_reader

NOBODY = "nobody-at-all"  # nobody's id: those of people and units are random, or come from an import


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
    of_units = [each for each in closed if each.table.staff not in (ALL_ROWS, PRIVATE)]
    private = [each for each in standing if each.table.staff is PRIVATE]
    for session, looked_at in (
        (("", "", "", "", ""), standing),
        ((f"not-{school_id}", EVERYBODY, EVERYBODY, EVERYBODY, ""), standing),
        ((school_id, NOBODY, "", "", ""), closed),  # family of nobody
        ((school_id, NOBODY, "", NOBODY, ""), of_units),  # a teacher of nobody
        ((school_id, NOBODY, EVERYBODY, NOBODY, ""), private),  # who sees the whole school
    ):
        for name in _seen(connection, session, looked_at):
            yield "DOCTOR.READ_WALL_OPEN", f"{name} ({', '.join(part or '-' for part in session[:4])})"


def _seen(
    connection: Connection[Any], session: tuple[str, ...], tables: Sequence[Statements]
) -> Iterator[str]:
    """The tables of which a session that says this sees any row."""
    with connection.transaction(force_rollback=True):
        for name, value in zip(("role", *SETTINGS), (READER, *session), strict=True):
            connection.execute("SELECT set_config(%s, %s, true)", [name, value])
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
