"""How do several processes share the schools?

Whoever holds a school's advisory lock follows it. Every follower process also holds a common lock in
shared mode, so that all can count each other. Who has more schools than its share gives one back that
somebody waits for; who waits comes first.
"""

from __future__ import annotations

from collections.abc import Collection
from math import ceil
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL

_COMMON = "dziennik.followers"
# One bigint key shows up in pg_locks as two halves.
_LOCKS = SQL(
    "SELECT (l.classid::bigint << 32) | l.objid::bigint AS key, l.granted FROM pg_locks AS l"
    " WHERE l.locktype = 'advisory' AND l.objsubid = 1"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_PROCESSES = SQL("SELECT count(*) FROM ({}) AS l WHERE l.granted AND l.key = hashtextextended(%s, 0)").format(
    _LOCKS
)
_WAITED_FOR = SQL(
    "SELECT s.id FROM unnest(%s::text[], %s::text[]) AS s (id, lock) WHERE EXISTS"
    " (SELECT FROM ({}) AS l WHERE NOT l.granted AND l.key = hashtextextended(s.lock, 0))"
    ' ORDER BY s.id COLLATE "C"'
).format(_LOCKS)


def school_lock(school_id: str) -> str:
    """The text whose hash is the school's lock."""
    return f"dziennik.follower/{school_id}"


def join(connection: Connection[Any]) -> None:
    """Be counted as a follower process as long as the connection lives."""
    connection.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [_COMMON])


def surplus(connection: Connection[Any], schools: Collection[str], held: Collection[str]) -> list[str]:
    """Which of the held schools to give back: those beyond the share of one process that others wait for."""
    ((processes,),) = connection.execute(_PROCESSES, [_COMMON]).fetchall()
    too_many = len(held) - ceil(len(schools) / max(processes, 1))
    if too_many <= 0:
        return []
    locks = [school_lock(school_id) for school_id in held]
    return [school_id for (school_id,) in connection.execute(_WAITED_FOR, [list(held), locks])][:too_many]
