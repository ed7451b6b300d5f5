"""Which rows may be read at all, whatever is asked? A second wall, in the database (ADR 0117).

Queries are asked in the role `dziennik_reader`, which row-level security binds. The session says for which
school it asks and, for parents and pupils, for which children; a session that says nothing sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from dziennik.projections.model import ReadModel
from dziennik.projections.statements import Statements

READER: Final = "dziennik_reader"
EVERYBODY: Final = "*"
_SCHOOL: Final = "(SELECT current_setting('dziennik.school', true))"
_PUPILS: Final = "(SELECT current_setting('dziennik.pupils', true))"
_LISTED: Final = f"string_to_array({_PUPILS}, ',')"
_RULE: Final = f"{_SCHOOL} = {{school}} AND ({_PUPILS} = '{EVERYBODY}' OR ({{families}}))"
_POLICY: Final = (
    "ALTER TABLE {place} ENABLE ROW LEVEL SECURITY;"
    " DROP POLICY IF EXISTS wall ON {place};"
    " CREATE POLICY wall ON {place} FOR SELECT TO dziennik_reader USING ({rule});"
    " DROP POLICY IF EXISTS projector ON {place};"
    " CREATE POLICY projector ON {place} FOR SELECT TO dziennik_projector USING (true)"
)
_RAISE: Final = (
    "SELECT set_config('role', %s, false), set_config('dziennik.school', %s, false),"
    " set_config('dziennik.pupils', %s, false)"
)


class Wall(msgspec.Struct, frozen=True):
    """What a session may see: rows of one school; with `pupils` only what families may see of these."""

    school_id: str
    pupils: frozenset[str] | None = None


class Reading(Connection[Any]):
    """A connection that remembers which wall stands around it."""

    wall: Wall | None = None


def stand(connection: Reading, wall: Wall) -> None:
    """Put the wall around the session, if another one stands there. Costs a round trip then."""
    if connection.wall == wall:
        return
    connection.wall = None
    pupils = EVERYBODY if wall.pupils is None else ",".join(sorted(wall.pupils))
    connection.execute(_RAISE, [READER, wall.school_id, pupils])
    connection.wall = wall


def has_reader(connection: Connection[Any]) -> bool:
    """Whether this user may ask in the reader's role; without it nothing but the application guards."""
    row = connection.execute(
        "SELECT coalesce(pg_has_role(current_user, to_regrole(%s), 'MEMBER'), false)", [READER]
    ).fetchone()
    return bool(row and row[0])


def policies(tables: Iterable[Statements], school_id: str) -> list[Composed]:
    """What puts the walls around tables that are all there."""
    return [SQL(_POLICY).format(place=one.place, rule=_rule(one, school_id)) for one in tables]


def shape(models: Sequence[ReadModel]) -> str:
    """A digest of how the walls are built, for not building them twice."""
    rules = [_POLICY + _RULE + table.name + table.families for model in models for table in model.tables]
    return sha256("".join(rules).encode()).hexdigest()[:16]


def _rule(one: Statements, school_id: str) -> Composed:
    families = SQL(one.table.families).format(
        pupils=SQL(_LISTED),
        schema=Identifier(one.schema),
        table=Identifier(one.name),
        model=SQL(one.table.model),
        suffix=SQL(one.suffix),
    )
    return SQL(_RULE).format(school=Literal(school_id), families=families)
