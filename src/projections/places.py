"""Where do a school's read models live in the database?

In a schema beside the school's journal, `read_<school>`: one set of tables for each model and version,
`positions` (how far each has come) and `dead_letters` (what each could not take). Nothing here needs a
backup: all of it follows from the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from dziennik.projections import directory, walls
from dziennik.projections.model import ReadModel
from dziennik.projections.statements import Statements

_COMMON = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.positions (
    model    text COLLATE "C" NOT NULL,
    version  integer NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    parked   bigint NOT NULL DEFAULT 0,
    shape    text COLLATE "C" NOT NULL,
    PRIMARY KEY (model, version)
) WITH (fillfactor = 20);
CREATE TABLE IF NOT EXISTS {schema}.dead_letters (
    model          text COLLATE "C" NOT NULL,
    version        integer NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    position       bigint NOT NULL,
    name           text COLLATE "C" NOT NULL,
    error          text,  -- NULL: nothing wrong with this one, it waits behind one that failed
    parked_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (model, version, stream, position)
);
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('dziennik.read_models'))"
_GRANT = (
    "GRANT USAGE ON SCHEMA {schema} TO dziennik_reader, dziennik_projector;"
    "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO dziennik_reader, dziennik_projector;"
    # Also on those that a rebuild will make.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
    " GRANT SELECT ON TABLES TO dziennik_reader, dziennik_projector"
)


class ShapeChanged(Exception):
    """The tables of a model were made with other columns: give the model a new version."""


def read_schema(school_id: str) -> str:
    """The schema of a school's read models."""
    return f"read_{school_id}"


def shape_of(model: ReadModel) -> str:
    """A digest of all its tables."""
    return sha256("".join([table.name + table.shape() for table in model.tables]).encode()).hexdigest()[:16]


def statements_of(model: ReadModel, schema: str, suffix: str = "") -> list[Statements]:
    """The SQL of each of its tables."""
    return [Statements(table, schema, suffix) for table in model.tables]


def ensure(connection: Connection[Any], school_id: str, models: Sequence[ReadModel]) -> list[ReadModel]:
    """Make what is missing; the models that are new here and stand at position 0.

    `connection` is in autocommit mode. Raises ShapeChanged.
    """
    schema = read_schema(school_id)
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        directory.ensure(connection)
        connection.execute(_filled(_COMMON, schema))
        known = {
            (model, version): shape
            for model, version, shape in connection.execute(
                SQL("SELECT model, version, shape FROM {}").format(Identifier(schema, "positions"))
            )
        }
        new = [model for model in models if (model.name, model.version) not in known]
        for model in models:
            if known.get((model.name, model.version), shape_of(model)) != shape_of(model):
                raise ShapeChanged(f"{model.prefix} in {schema} has other columns: raise its version")
        for model in new:
            _make(connection, schema, model)
        _wall_in(connection, school_id, models)
    return new


def _wall_in(connection: Connection[Any], school_id: str, models: Sequence[ReadModel]) -> None:
    """Grants and walls, where there are roles; noted at the schema, so that they are built once."""
    schema = read_schema(school_id)
    note = f"dziennik walls {walls.shape(models)}"
    if not walls.has_reader(connection):
        return
    row = connection.execute(
        "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [f'"{schema}"']
    ).fetchone()
    if row == (note,):
        return
    connection.execute(_filled(_GRANT, schema))
    for model in models:
        for policy in walls.policies(statements_of(model, schema), school_id):
            connection.execute(policy)
    connection.execute(SQL("COMMENT ON SCHEMA {} IS {}").format(Identifier(schema), note))


def prune(connection: Connection[Any], school_id: str, models: Sequence[ReadModel]) -> list[str]:
    """Drop the tables of versions older than those of `models`; the names of what was dropped.

    For when no process of the older release is left: such a one reads them to its end.
    """
    schema = read_schema(school_id)
    kept = {model.name: model.version for model in models}
    dropped = []
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        places = connection.execute(
            SQL("SELECT model, version FROM {} ORDER BY 1, 2").format(Identifier(schema, "positions"))
        ).fetchall()
        for name, version in places:
            if version < kept.get(name, 0):
                dropped += _drop(connection, schema, name, version)
    return dropped


def _make(connection: Connection[Any], schema: str, model: ReadModel) -> None:
    for statements in statements_of(model, schema):
        for statement in (
            statements.create(),
            *statements.create_triggers(),
            *statements.create_indexes(),
        ):
            connection.execute(statement)
    connection.execute(
        SQL("INSERT INTO {} (model, version, position, shape) VALUES (%s, %s, 0, %s)").format(
            Identifier(schema, "positions")
        ),
        [model.name, model.version, shape_of(model)],
    )


def _drop(connection: Connection[Any], schema: str, name: str, version: int) -> list[str]:
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND starts_with(tablename, %s) ORDER BY 1",
        [schema, f"{name}_v{version}_"],
    ).fetchall()
    if tables:  # at once: their walls lean on each other
        names = [Identifier(schema, table) for (table,) in tables]
        connection.execute(SQL("DROP TABLE {}").format(SQL(", ").join(names)))
    for common in "positions", "dead_letters":
        connection.execute(
            SQL("DELETE FROM {} WHERE model = %s AND version = %s").format(Identifier(schema, common)),
            [name, version],
        )
    return [table for (table,) in tables]


def _filled(text: str, schema: str) -> Any:  # noqa: ANN401
    return SQL(text).format(schema=Identifier(schema))
