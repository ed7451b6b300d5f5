"""What could a read model not take, and how does it get it after all?

A fact that cannot be read or applied waits with all later ones of its stream, in order, so that no
effect comes before its cause; other streams go on (ADR 0027). When the reason is mended (a handler, a
key, an upcast) a replay applies them from the first one on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier

from dziennik.journal.outcomes import Undecodable
from dziennik.projections.batches import finish, take
from dziennik.projections.model import HandlerFault, ReadModel, described
from dziennik.projections.places import read_schema
from dziennik.projections.source import Item, Source
from dziennik.projections.stored import BatchRows


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A parked fact. `error` is None for those that wait behind a failed one."""

    model: str
    stream: str
    position: int
    name: str
    error: str | None


class Replayed(msgspec.Struct, frozen=True):
    """How many facts a replay applied, and how many still wait."""

    applied: int
    left: int


def parked(connection: Connection[Any], school_id: str, model: ReadModel) -> list[DeadLetter]:
    """What the model could not take, by stream and position; nothing where nobody has made it yet."""
    query = SQL(
        "SELECT stream, position, name, error FROM {} WHERE model = %s AND version = %s"
        " ORDER BY stream, position"
    ).format(Identifier(read_schema(school_id), "dead_letters"))
    try:
        found = connection.execute(query, [model.name, model.version]).fetchall()
    except errors.UndefinedTable:
        return []
    return [
        DeadLetter(model=model.name, stream=stream, position=position, name=name, error=error)
        for stream, position, name, error in found
    ]


def replay(
    connection: Connection[Any], journal: Source, model: ReadModel, *, streams: Sequence[str] | None = None
) -> Replayed:
    """Try the parked facts again, of some streams or all. A stream stops at its first failure.

    As often as that gets anywhere: one stream may have waited for another. One transaction a stream; the
    follower waits meanwhile. `connection` is in autocommit mode.
    """
    school_id = journal.school_id
    applied = 0
    while True:
        before = applied
        for stream in dict.fromkeys(letter.stream for letter in parked(connection, school_id, model)):
            if streams is None or stream in streams:
                applied += _replay_stream(connection, journal, model, stream)
        if applied == before:
            return Replayed(applied, len(parked(connection, school_id, model)))


def _replay_stream(connection: Connection[Any], journal: Source, model: ReadModel, stream: str) -> int:
    schema = read_schema(journal.school_id)
    who = [model.name, model.version]
    with connection.transaction():
        # Whoever holds this row holds the model: the follower cannot park more behind our back.
        connection.execute(
            SQL("SELECT FROM {} WHERE model = %s AND version = %s FOR UPDATE").format(
                Identifier(schema, "positions")
            ),
            who,
        )
        letters = [
            letter for letter in parked(connection, journal.school_id, model) if letter.stream == stream
        ]
        facts = [journal.follow(letter.position - 1, 1)[0] for letter in letters]
        taken, error = _as_far_as_possible(connection, schema, model, facts)
        for done in taken:
            connection.execute(
                SQL(
                    "DELETE FROM {} WHERE model = %s AND version = %s AND stream = %s AND position = %s"
                ).format(Identifier(schema, "dead_letters")),
                [*who, stream, done.position],
            )
        connection.execute(
            SQL("UPDATE {} SET parked = parked - %s WHERE model = %s AND version = %s").format(
                Identifier(schema, "positions")
            ),
            [len(taken), *who],
        )
        if error is not None:
            connection.execute(
                SQL(
                    "UPDATE {} SET error = %s"
                    " WHERE model = %s AND version = %s AND stream = %s AND position = %s"
                ).format(Identifier(schema, "dead_letters")),
                [error, *who, stream, facts[len(taken)].position],
            )
    return len(taken)


def _as_far_as_possible(
    connection: Connection[Any], schema: str, model: ReadModel, facts: Sequence[Item]
) -> tuple[list[Item], str | None]:
    """Apply facts one by one until one fails; those applied, and the error of the next."""
    taken: list[Item] = []
    for item in facts:
        if isinstance(item, Undecodable):
            return taken, item.reason
        rows = BatchRows(connection, schema)
        letters = take(model, rows, [item], set())
        if letters:
            return taken, letters[0][1]
        try:
            with connection.transaction():
                finish(model, rows)
        except (psycopg.DataError, psycopg.IntegrityError, HandlerFault) as fault:
            return taken, described(fault)
        taken.append(item)
    return taken, None
