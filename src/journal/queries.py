"""The statements that read one school's journal. All walk an index; parameters and results are binary."""

from __future__ import annotations

from typing import LiteralString

from psycopg.sql import SQL, Identifier

from dziennik.journal.wire import Statement

_COLUMNS = SQL("e.position, e.stream, e.version, e.name, e.origin, e.state")
# The clock in microseconds since 1970; one that no clock shows as year 1.
_EVIDENCE = SQL(
    "e.position, CASE WHEN e.clock > '0001-01-02 UTC' AND e.clock < '9999-12-30 UTC'"
    " THEN (extract(epoch FROM e.clock) * 1000000)::bigint ELSE -62135596800000000 END,"
    " e.stream, e.version, e.name, e.origin, e.state"
)


# Above each its parameters.
_TEXTS: dict[str, LiteralString] = {
    # command ids, digests, origins, clocks, checks (3 columns), facts (5 columns)
    "append": (
        "SELECT {school}.append($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[],"
        " $5::integer[], $6::text[], $7::integer[],"
        " $8::integer[], $9::text[], $10::integer[], $11::text[], $12::bytea[])"
    ),
    # after position, limit
    "by_position": (
        "SELECT {columns} FROM {school}.events AS e WHERE e.position > $1::bigint"
        " ORDER BY e.position LIMIT $2::integer"
    ),
    # streams, after versions, until position
    "by_stream": (
        "SELECT {columns} FROM unnest($1::text[], $2::integer[]) AS w (stream, after)"
        " CROSS JOIN LATERAL (SELECT f.* FROM {school}.events AS f"
        ' WHERE f.stream = w.stream COLLATE "C" AND f.version > w.after AND f.position <= $3::bigint'
        " ORDER BY f.stream, f.version) AS e"
    ),
    # after stream and version, before stream, until position, limit
    "by_prefix": (
        "SELECT {columns} FROM {school}.events AS e"
        " WHERE (e.stream, e.version) > ($1::text, $2::integer) AND e.stream < $3::text"
        " AND e.position <= $4::bigint ORDER BY e.stream, e.version LIMIT $5::integer"
    ),
    # prefix, first text beyond it, length of the prefix
    "below": (
        "WITH RECURSIVE found (stream) AS ("
        "(SELECT e.stream FROM {school}.events AS e WHERE e.stream >= $1::text AND e.stream < $2::text"
        " ORDER BY e.stream LIMIT 1) UNION ALL"
        " SELECT (SELECT e.stream FROM {school}.events AS e WHERE e.stream < $2::text AND e.stream >="
        " $1::text || split_part(substr(found.stream, $3::integer + 1), '/', 1) || '0'"
        " ORDER BY e.stream LIMIT 1) FROM found WHERE found.stream IS NOT NULL)"
        " SELECT split_part(substr(stream, $3::integer + 1), '/', 1) FROM found WHERE stream IS NOT NULL"
    ),
    # after position, first name, first name beyond
    "begun": (
        "SELECT e.stream FROM {school}.events AS e WHERE e.position > $1::bigint AND e.version = 1"
        " AND e.stream >= $2::text AND e.stream < $3::text ORDER BY e.position"
    ),
    # first name, first name beyond
    "names": (
        "SELECT e.stream FROM {school}.events AS e"
        " WHERE e.stream >= $1::text AND e.stream < $2::text AND e.version = 1 ORDER BY e.stream"
    ),
    # no parameters
    "head": "SELECT h.position FROM {school}.head AS h",
    # stream
    "version": (
        "SELECT e.version FROM {school}.events AS e WHERE e.stream = $1::text"
        " ORDER BY e.stream DESC, e.version DESC LIMIT 1"
    ),
    # command id
    "command": (
        "SELECT c.first_position, c.last_position, c.digest FROM {school}.commands AS c"
        " WHERE c.command_id = $1::text"
    ),
    # position
    "origin": "SELECT e.origin FROM {school}.events AS e WHERE e.position = $1::bigint",
    # after position, limit
    "evidence": (
        "SELECT {evidence} FROM {school}.events AS e"
        " WHERE e.position > $1::bigint ORDER BY e.position LIMIT $2::integer"
    ),
    # positions
    "evidence_at": (
        "SELECT {evidence} FROM {school}.events AS e"
        " WHERE e.position = ANY ($1::bigint[]) ORDER BY e.position"
    ),
    # command ids
    "commands": (
        "SELECT c.command_id, c.first_position, c.last_position, c.digest FROM {school}.commands AS c"
        " WHERE c.command_id = ANY ($1::text[])"
    ),
    # no parameters
    "ends": (
        "SELECT coalesce((SELECT h.position FROM {school}.head AS h), -1),"
        " coalesce((SELECT min(e.position) FROM {school}.events AS e), 0),"
        " coalesce((SELECT max(e.position) FROM {school}.events AS e), 0)"
    ),
    # moment
    "position_at": "SELECT {school}.position_at($1::timestamptz)",
}


class Queries:
    """One school's statements; what each takes stands beside its text."""

    append: Statement
    by_position: Statement
    by_stream: Statement
    by_prefix: Statement
    below: Statement
    begun: Statement
    names: Statement
    head: Statement
    version: Statement
    command: Statement
    origin: Statement
    evidence: Statement
    evidence_at: Statement
    commands: Statement
    ends: Statement
    position_at: Statement

    def __init__(self, schema: str) -> None:
        school = Identifier(schema)
        for name, text in _TEXTS.items():
            made = SQL(text).format(school=school, columns=_COLUMNS, evidence=_EVIDENCE)
            setattr(self, name, Statement(made))
