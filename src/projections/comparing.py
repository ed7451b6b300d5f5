"""Do the read models say what the journal says?

A replay folds the journal anew, writes the rows into a scratch schema and compares them one by one with the
live ones in one snapshot of the database, while writers go on. The first difference is named.

Live tables say what holds now and nothing of before. So a replay until an earlier position is held against
what of it still stands: rows that no later fact changed must be the same then, now, and in the live table.
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
from dziennik.projections.rebuild import PAGE, copy_rows, folded
from dziennik.projections.rows import MemoryRows
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


class Then(msgspec.Struct, frozen=True):
    """What the model was at an earlier position: how many rows, and how many of them stand unchanged."""

    position: int
    rows: int
    standing: int


class Compared(msgspec.Struct, frozen=True):
    """One model: at which position, how many rows, and where it first differs, if anywhere.

    `then` when an earlier position was asked for: rows that changed since are compared as they are now.
    """

    model: str
    version: int
    position: int
    rows: int
    difference: Difference | None
    then: Then | None = None


class NotYet(Exception):
    """The live model has not come to the position that it is to be compared at."""


def replay(
    conninfo: str, journal: Source, models: Sequence[ReadModel], until: int | None, progress: Progress
) -> Iterator[Compared]:
    """Replay each model up to where the live one stands, and compare.

    `until` (e.g. the size of a checkpoint): also tell what of the model as of then still stands. The live
    models must have come that far, or NotYet.
    """
    with psycopg.connect(conninfo, application_name="dziennik replay") as live:
        live.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in models:
            position = _position(live, journal.school_id, model)
            if position < (until or 0):
                raise NotYet(f"{model.prefix} stands at {position}, not yet at {until}")
            yield _replayed(conninfo, live, journal, model, (until, position), progress)


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
    places: tuple[int | None, int],
    progress: Progress,
) -> Compared:
    until, position = places
    rows, then = _folded(
        journal, model, until, position, lambda done, total: progress(model.name, done, total)
    )
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
    return Compared(model.name, model.version, position, count, difference, then)


def _folded(
    journal: Source, model: ReadModel, until: int | None, position: int, progress: Callable[[int, int], None]
) -> tuple[MemoryRows, Then | None]:
    """The model at `position`; on the way, what it was at `until`."""
    if until is None:
        return folded(journal, model, position, progress), None
    rows = folded(journal, model, until, progress)
    then = {table.row: dict(rows.store(table.row).rows) for table in model.tables}
    after = until
    while after < position and (facts := journal.follow(after, min(PAGE, position - after))):
        model.fold(rows, facts)
        after = facts[-1].position
        progress(after, position)
    model.settle(rows)
    kept = sum(rows.store(row).rows.get(key) == one for row, was in then.items() for key, one in was.items())
    return rows, Then(until, sum(map(len, then.values())), kept)


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
