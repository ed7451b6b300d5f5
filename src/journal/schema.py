"""How does a school's journal come into being in the database?

Two schemas a school: `school_<id>` for the facts, `keys_<id>` for the keys of its people, so that
a dump of the one without the other holds no readable personal data. Group roles without login belong
to the whole server and are made when the connecting user may; without them everything belongs to
that user and only the triggers guard.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Composed, Identifier

ROLES: Final = ("dziennik_owner", "dziennik_writer", "dziennik_projector", "dziennik_reader")
SCHOOL_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,54}[a-z0-9])?\Z")
_PREFIX = "school_"
_KEYS_PREFIX = "keys_"
_SCHOOL = Path(__file__).with_name("school.sql").read_text(encoding="utf-8")
_GRANTS = Path(__file__).with_name("grants.sql").read_text(encoding="utf-8")
MADE_BY: Final = "dziennik journal " + sha256((_SCHOOL + _GRANTS).encode()).hexdigest()[:16]
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('dziennik.schema'))"


def normalised(school_id: str) -> str:
    """A school's id as its schema has it. Raises ValueError on what cannot be one."""
    text = school_id.strip().lower()
    if not SCHOOL_ID.match(text):
        raise ValueError(f"not a school id: {school_id!r} (a-z, 0-9, - and _, at most 56)")
    return text


def school_schema(school_id: str) -> str:
    """The schema of a (normalised) school's facts."""
    return _PREFIX + school_id


def keys_schema(school_id: str) -> str:
    """The schema of a (normalised) school's keys."""
    return _KEYS_PREFIX + school_id


def ensure_roles(connection: Connection[Any]) -> bool:
    """Make the group roles if they are missing; False when that is not ours to do.

    `connection` is in autocommit mode. Roles belong to the server: another database's processes may
    be making the same ones.
    """
    for role in ROLES:
        if connection.execute("SELECT to_regrole(%s)", [role]).fetchone() != (None,):
            continue
        try:
            connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
        except (errors.DuplicateObject, errors.UniqueViolation):
            continue
        except errors.InsufficientPrivilege:
            return False
    row = connection.execute(
        "SELECT bool_and(pg_has_role(current_user, r, 'MEMBER')) FROM unnest(%s::text[]) AS r", [list(ROLES)]
    ).fetchone()
    return bool(row and row[0])


def create(connection: Connection[Any], school_id: str) -> None:
    """Make a school's schemas, or bring those of an existing one up to date. Atomic.

    What these statements were is noted at the schema, so that nothing is done twice.
    """
    with_roles = ensure_roles(connection)
    made_by = f"{MADE_BY}{' with roles' if with_roles else ''}"
    schema = Identifier(school_schema(school_id))
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        if _note(connection, school_id) == made_by:
            return
        if exists(connection, school_id):  # nobody is in the middle of an append
            connection.execute(SQL("LOCK TABLE {}.head").format(schema))
        connection.execute(_filled(_SCHOOL, school_id))
        if with_roles:
            connection.execute(_filled(_GRANTS, school_id))
        connection.execute(SQL("COMMENT ON SCHEMA {} IS {}").format(schema, made_by))


def exists(connection: Connection[Any], school_id: str) -> bool:
    """Whether the school has a journal here."""
    query = "SELECT to_regclass(%s) IS NOT NULL"
    row = connection.execute(query, [f'"{school_schema(school_id)}".events']).fetchone()
    return bool(row and row[0])


def school_ids(connection: Connection[Any]) -> list[str]:
    """All journals here, in alphabetical order."""
    rows = connection.execute(
        "SELECT n.nspname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
        " ON n.oid = c.relnamespace WHERE c.relname = 'events' AND n.nspname LIKE 'school\\_%'"
        " AND c.relkind = 'r' ORDER BY n.nspname COLLATE \"C\""
    )
    return [name.removeprefix(_PREFIX) for (name,) in rows]


def _note(connection: Connection[Any], school_id: str) -> str | None:
    query = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
    row = connection.execute(query, [f'"{school_schema(school_id)}"']).fetchone()
    return row[0] if row else None


def _filled(template: str, school_id: str) -> Composed:
    return SQL(template).format(
        school=Identifier(school_schema(school_id)), keys=Identifier(keys_schema(school_id))
    )
