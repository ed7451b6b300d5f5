"""Do the walls in the database stand? What grants and triggers promise, asked of the catalogue.

Nobody but the owner's function adds to a journal, nobody changes it, and no trigger was taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from psycopg import Connection

from dziennik.journal.schema import ROLES, keys_schema, school_schema

TABLES: Final = ("events", "commands", "head")
OTHERS: Final = tuple(role for role in ROLES if role != "dziennik_owner")
CHANGES: Final = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


class Breach(msgspec.Struct, frozen=True):
    """A wall that does not stand: a stable code, and where."""

    code: str
    where: str


def breaches(connection: Connection[Any], school_id: str) -> list[Breach]:
    """Everything that is not as it was made, in one school's journal."""
    return [
        *_roles(connection),
        *_triggers(connection, school_id),
        *_grants(connection, school_id),
        *_functions(connection, school_id),
    ]


def _roles(connection: Connection[Any]) -> Iterator[Breach]:
    rows = connection.execute(
        "SELECT w.role, r.rolcanlogin OR r.rolsuper OR r.rolbypassrls FROM unnest(%s::text[]) AS w (role)"
        " LEFT JOIN pg_catalog.pg_roles AS r ON r.rolname = w.role",
        [list(ROLES)],
    )
    for role, powerful in rows:
        if powerful is None:
            yield Breach("DOCTOR.ROLE_MISSING", role)
        elif powerful:
            yield Breach("DOCTOR.ROLE_TOO_POWERFUL", role)


def _triggers(connection: Connection[Any], school_id: str) -> Iterator[Breach]:
    """The guard of each table is there, fires always, and calls what it should."""
    schema = school_schema(school_id)
    rows = connection.execute(
        "SELECT w.name, t.tgenabled, p.prosrc FROM unnest(%s::text[]) AS w (name)"
        " LEFT JOIN pg_catalog.pg_trigger AS t ON t.tgname = 'refuse_change'"
        " AND t.tgrelid = to_regclass(format('%%I.%%I', %s::text, w.name))"
        " LEFT JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid",
        [list(TABLES), schema],
    )
    for table, enabled, source in rows:
        if enabled is None:
            yield Breach("DOCTOR.TRIGGER_MISSING", f"{schema}.{table}")
        elif enabled not in ("A", b"A"):
            yield Breach("DOCTOR.TRIGGER_OFF", f"{schema}.{table}")
        elif "RAISE EXCEPTION" not in source:
            yield Breach("DOCTOR.TRIGGER_CHANGED", f"{schema}.{table}")


def _grants(connection: Connection[Any], school_id: str) -> Iterator[Breach]:
    """No role but the owner may write to a table; nobody at all (PUBLIC) may see one."""
    schema = school_schema(school_id)
    rows = connection.execute(
        "SELECT r.rolname, w.name, c.change FROM unnest(%s::text[]) AS w (name)"
        " CROSS JOIN unnest(%s::text[]) AS c (change)"
        " JOIN pg_catalog.pg_roles AS r ON r.rolname = ANY (%s::text[])"
        " WHERE has_table_privilege(r.rolname, format('%%I.%%I', %s::text, w.name), c.change)"
        " ORDER BY 1, 2, 3",
        [list(TABLES), list(CHANGES), list(OTHERS), schema],
    )
    for role, table, change in rows:
        yield Breach("DOCTOR.MAY_WRITE", f"{role}: {change} {schema}.{table}")
    public = connection.execute(
        "SELECT n.nspname FROM pg_catalog.pg_namespace AS n, aclexplode(n.nspacl) AS a"
        " WHERE n.nspname = ANY (%s::text[]) AND a.grantee = 0 ORDER BY 1",
        [[schema, keys_schema(school_id), "credentials"]],
    )
    for (name,) in public:
        yield Breach("DOCTOR.OPEN_TO_ALL", name)


def _functions(connection: Connection[Any], school_id: str) -> Iterator[Breach]:
    """The one way in belongs to the owner, and only writers go it."""
    schema = school_schema(school_id)
    row = connection.execute(
        "SELECT r.rolname, p.prosecdef, has_function_privilege('dziennik_reader', p.oid, 'EXECUTE')"
        " FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace"
        " JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner WHERE n.nspname = %s AND p.proname = 'append'"
        " AND to_regrole('dziennik_reader') IS NOT NULL",
        [schema],
    ).fetchone()
    if row is None:
        yield Breach("DOCTOR.FUNCTION_MISSING", f"{schema}.append")
    elif row[0] != "dziennik_owner" or not row[1] or row[2]:
        yield Breach("DOCTOR.FUNCTION_CHANGED", f"{schema}.append")
