"""In which schools is an account somebody? The one question that must not be asked school by school.

A table beside all schools, `directory.places`. A trigger fills it in the transaction that writes the row, in
batch, replay and rebuild alike, so that it lacks no place that a school's read model shows. It may hold more
than is true: whoever asks goes on and asks the schools that it names (ADR 0166).
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Composed, Identifier, Literal

from dziennik.projections.tables import Table

# `n` names the column; what a table's schema is called follows the school (places.read_schema).
_MAKE: Final = """
CREATE SCHEMA directory;
CREATE TABLE directory.places (
    account_id text COLLATE "C" NOT NULL,
    school_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, school_id)
);
CREATE FUNCTION directory.note() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    account text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF account IS NOT NULL THEN
        INSERT INTO directory.places VALUES (account, substr(TG_TABLE_SCHEMA, length('read_') + 1))
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$body$;
"""


def ensure(connection: Connection[Any]) -> None:
    """Make the directory when it is missing; one at a time."""
    if connection.execute("SELECT to_regclass('directory.places')").fetchone() == (None,):
        connection.execute(_MAKE)


def triggers(table: Table, place: Identifier) -> list[Composed]:
    """What makes the rows of a table known to the directory, where it holds accounts."""
    if table.directory is None:
        return []
    create = SQL(
        "CREATE TRIGGER {name} AFTER {when} ON {place} FOR EACH ROW EXECUTE FUNCTION directory.note({column})"
    )
    column = Identifier(table.directory)
    events = {"noted": SQL("INSERT"), "noted_again": SQL("UPDATE OF {}").format(column)}
    return [
        create.format(name=Identifier(name), when=when, place=place, column=Literal(table.directory))
        for name, when in events.items()
    ]


def places(connection: Connection[Any], account_id: str) -> list[str]:
    """The schools where the account may be somebody, sorted; in all others it is nobody."""
    try:
        rows = connection.execute(
            "SELECT school_id FROM directory.places WHERE account_id = %s ORDER BY school_id", [account_id]
        )
    except errors.UndefinedTable:  # there are no read models yet
        return []
    return [school_id for (school_id,) in rows]
