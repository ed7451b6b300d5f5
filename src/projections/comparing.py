"""Do the read models say what the journal says?

A replay folds the journal anew, writes the rows into a scratch schema and compares them one by one with the
live ones in one snapshot of the database, while writers go on. The first difference is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import msgspec
import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from dziennik.projections.model import ReadModel
from dziennik.projections.places import read_schema, statements_of
from dziennik.projections.rebuild import copy_rows, folded
from dziennik.projections.source import Source
from dziennik.projections.statements import Statements

# Called with the model's name, facts done and facts there are.
Progress = Callable[[str, int, int], None]


class Difference(msgspec.Struct, frozen=True):
    """The first row that differs: its table and key, the column, and what either side has (None: no row)."""

    table: str
    key: tuple[str, ...]
    column: str | None
    live: str | None
    replayed: str | None


class Compared(msgspec.Struct, frozen=True):
    """One model: at which position, how many rows, and where it first differs, if anywhere."""

    model: str
    version: int
    position: int
    rows: int
    difference: Difference | None


class NotYet(Exception):
    """The live model has not come to the position that it is to be compared at."""


def replay(
    conninfo: str, journal: Source, models: Sequence[ReadModel], until: int | None, progress: Progress
) -> Iterator[Compared]:
    """Replay each model up to where the live one stands, and compare.

    `until` (for the record, e.g. of a checkpoint): the live models must have come that far, or NotYet.
    """
    with psycopg.connect(conninfo, application_name="dziennik replay") as live:
        live.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in models:
            position = _position(live, journal.school_id, model)
            if position < (until or 0):
                raise NotYet(f"{model.prefix} stands at {position}, not yet at {until}")
            yield _replayed(conninfo, live, journal, model, position, progress)


def _position(live: Connection[Any], school_id: str, model: ReadModel) -> int:
    place = Identifier(read_schema(school_id), "positions")
    query = SQL("SELECT position, parked FROM {} WHERE model = %s AND version = %s").format(place)
    row = live.execute(query, [model.name, model.version]).fetchone()
    return row[0] if row else 0


def _replayed(
    conninfo: str,
    live: Connection[Any],
    journal: Source,
    model: ReadModel,
    position: int,
    progress: Progress,
) -> Compared:
    rows = folded(journal, model, position, lambda done, total: progress(model.name, done, total))
    scratch = f"replay_{journal.school_id}"
    count, difference = 0, None
    with psycopg.connect(conninfo, autocommit=True, application_name="dziennik replay") as connection:
        _drop(connection, scratch)
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(scratch)))
        try:
            for ours, theirs in zip(
                statements_of(model, scratch),
                statements_of(model, read_schema(journal.school_id)),
                strict=True,
            ):
                connection.execute(ours.create())
                count += copy_rows(connection, model, ours, rows)
                difference = difference or _first_difference(connection, live, ours, theirs)
        finally:
            _drop(connection, scratch)
    return Compared(model.name, model.version, position, count, difference)


def _drop(connection: Connection[Any], scratch: str) -> None:
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(scratch)))


def _first_difference(
    scratch: Connection[Any], live: Connection[Any], ours: Statements, theirs: Statements
) -> Difference | None:
    table = theirs.table
    names = [column.name for column in table.columns]
    keys = [names.index(name) for name in table.key]
    with scratch.transaction():
        for replayed, found in zip_longest(_rows(scratch, ours), _rows(live, theirs)):
            if replayed == found:
                continue
            if replayed is None or found is None or _key(replayed, keys) != _key(found, keys):
                least = min((row for row in (replayed, found) if row), key=lambda row: _key(row, keys))
                here = least is found
                return Difference(
                    table.name, _key(least, keys), None, "row" if here else None, None if here else "row"
                )
            column = next(i for i in range(len(names)) if replayed[i] != found[i])
            return Difference(
                table.name, _key(found, keys), names[column], _shown(found[column]), _shown(replayed[column])
            )
    return None


def _rows(connection: Connection[Any], statements: Statements) -> Iterator[tuple[Any, ...]]:
    """All rows in key order, a page at a time."""
    with connection.cursor(f"all_{statements.name}", binary=True) as cursor:
        cursor.itersize = 5_000
        cursor.execute(statements.where((), (), ()))
        yield from cursor


def _key(row: tuple[Any, ...], keys: Sequence[int]) -> tuple[str, ...]:
    return tuple([str(row[i]) for i in keys])


def _shown(value: object) -> str | None:
    return (
        value.decode(errors="replace") if isinstance(value, bytes) else None if value is None else str(value)
    )
