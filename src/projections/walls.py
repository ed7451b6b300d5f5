"""Which rows may be read at all, whatever is asked? A second wall, in the database (ADR 0117).

Queries are asked in the role `dziennik_reader`, which row-level security binds. The session says for which
school it asks, who asks, for which children, and in which units they work; a session that says nothing sees
nothing.
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
from dziennik.projections.tables import NO_ROWS

READER: Final = "dziennik_reader"
EVERYBODY: Final = "*"
SETTINGS: Final = tuple([f"dziennik.{one}" for one in ("school", "person", "pupils", "units", "taught")])
_SCHOOL, _PERSON, _PUPILS, _UNITS, _TAUGHT = (f"(SELECT current_setting('{one}', true))" for one in SETTINGS)
# Made once a question, not once a row.
_LISTS: Final = {
    "person": _PERSON,
    "pupils": f"((SELECT string_to_array(current_setting('{SETTINGS[2]}', true), ','))::text[])",
    "units": f"((SELECT string_to_array(current_setting('{SETTINGS[3]}', true), ','))::text[])",
    "taught": f"((SELECT string_to_array(current_setting('{SETTINGS[4]}', true), ','))::text[])",
}
_RULE: Final = (
    f"{_SCHOOL} = {{school}}"
    f" AND ({_PUPILS} = '{EVERYBODY}' OR ({{families}}) OR ({_UNITS} <> '' AND ({{staff}})))"
)
# What is closed even to who sees the whole school; its own condition says who opens it.
_PRIVATE: Final = f"{_SCHOOL} = {{school}} AND ({_PERSON} = '{EVERYBODY}' OR ({{families}}))"
_POLICY: Final = (
    "ALTER TABLE {place} ENABLE ROW LEVEL SECURITY;"
    " DROP POLICY IF EXISTS wall ON {place};"
    " CREATE POLICY wall ON {place} FOR SELECT TO dziennik_reader USING ({rule});"
    " DROP POLICY IF EXISTS projector ON {place};"
    " CREATE POLICY projector ON {place} FOR SELECT TO dziennik_projector USING (true)"
)
_RAISE: Final = "SELECT set_config('role', %s, false), " + ", ".join(
    [f"set_config('{one}', %s, false)" for one in SETTINGS]
)
_NOWHERE: Final = "-"  # a member of staff without a unit; no unit has this id


class Within(msgspec.Struct, frozen=True):
    """Who asks, and what of a school they may see.

    `pupils`: themselves and their children; None: everybody, except what is private. `units`: classes,
    groups and registers they work in; None: all, also closed registers; families have none (`staff` False).
    `taught`: pupils who are in these today.
    """

    person_id: str
    pupils: frozenset[str] | None
    staff: bool = False
    units: frozenset[str] | None = frozenset()
    taught: frozenset[str] = frozenset()


class Wall(msgspec.Struct, frozen=True):
    """What a session may see: rows of one school; all of them, or what lies `within` reach of somebody."""

    school_id: str
    within: Within | None = None


class Reading(Connection[Any]):
    """A connection that remembers which wall stands around it."""

    wall: Wall | None = None


def stand(connection: Reading, wall: Wall) -> None:
    """Put the wall around the session, if another one stands there. Costs a round trip then."""
    if connection.wall == wall:
        return
    connection.wall = None
    connection.execute(_RAISE, [READER, wall.school_id, *_said(wall.within)])
    connection.wall = wall


def _said(within: Within | None) -> tuple[str, str, str, str]:
    """Person, pupils, units and taught pupils as the policies read them."""
    if within is None:
        return EVERYBODY, EVERYBODY, EVERYBODY, ""
    pupils = EVERYBODY if within.pupils is None else _listed(within.pupils)
    if not within.staff:
        return within.person_id, pupils, "", ""
    units = EVERYBODY if within.units is None else _listed({*within.units, _NOWHERE})
    return within.person_id, pupils, units, _listed(within.taught)


def _listed(ids: Iterable[str]) -> str:
    return ",".join(sorted(ids))


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
    rules = [
        _POLICY + _RULE + _PRIVATE + repr(_LISTS) + table.name + table.families + str(table.staff)
        for model in models
        for table in model.tables
    ]
    return sha256("".join(rules).encode()).hexdigest()[:16]


def _rule(one: Statements, school_id: str) -> Composed:
    named = {
        **{name: SQL(said) for name, said in _LISTS.items()},
        "schema": Identifier(one.schema),
        "table": Identifier(one.name),
        "model": SQL(one.table.model),
        "suffix": SQL(one.suffix),
    }
    rule = SQL(_PRIVATE if one.table.staff is None else _RULE)
    return rule.format(
        school=Literal(school_id),
        families=SQL(one.table.families).format(**named),
        staff=SQL(one.table.staff or NO_ROWS).format(**named),
    )
