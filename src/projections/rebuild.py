"""How is a read model made anew while people go on reading the old one?

Its tables are made beside the live ones: all facts are folded in memory and fed by COPY, what arrived
meanwhile is caught up, and one short transaction renames them into place (ADR 0028). Strict: a fact
that cannot be read or applied stops the rebuild with its position, and the live tables stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, errors
from psycopg.copy import QueuedLibpqWriter
from psycopg.sql import SQL, Identifier

from dziennik.projections.batches import finish, take
from dziennik.projections.model import HandlerFault, ReadModel
from dziennik.projections.places import ensure, read_schema, statements_of
from dziennik.projections.rows import MemoryRows
from dziennik.projections.source import Item, Source
from dziennik.projections.statements import NEXT, OLD, Statements
from dziennik.projections.stored import BatchRows
from dziennik.projections.walls import has_reader, policies

PAGE = 2500
# What may be left to do inside the switch: a few milliseconds of work.
CLOSE = 200
# A reader must not wait longer than this behind a rename that waits for another reader.
LOCK_TIMEOUT = "200ms"
ATTEMPTS = 50

# Called with facts done and facts there are.
Progress = Callable[[int, int], None]


class RebuildRunning(Exception):
    """The model of this school is being rebuilt already."""


class Rebuilt(msgspec.Struct, frozen=True):
    """A finished rebuild: up to which position, and how many rows were written by COPY."""

    position: int
    rows: int


def rebuild(conninfo: str, journal: Source, *models: ReadModel, progress: Progress | None = None) -> Rebuilt:
    """Make the models' tables anew and switch to them, one model after the other; the journal is read once.

    Raises RebuildRunning; HandlerFault with the position of the fact that stopped it.
    """
    school_id, progress = journal.school_id, progress or _silent
    with psycopg.connect(conninfo, autocommit=True, application_name="dziennik rebuild") as connection:
        connection.execute("SET synchronous_commit = off")
        ensure(connection, school_id, models)
        for model in models:
            _claim(connection, school_id, model)
        try:
            until = journal.position()
            rows = _folded(journal, models, until, progress)
            done = [_Rebuild(connection, journal, model, progress).run(rows, until) for model in models]
        finally:
            if not connection.closed:
                for model in models:
                    _drop(connection, read_schema(school_id), model, NEXT)
    return Rebuilt(min(one.position for one in done), sum(one.rows for one in done))


def folded(journal: Source, model: ReadModel, until: int, progress: Progress | None = None) -> MemoryRows:
    """The model in memory as it was at position `until`, strictly."""
    rows = _folded(journal, [model], until, progress or _silent)
    model.settle(rows)
    return rows


def _claim(connection: Connection[Any], school_id: str, model: ReadModel) -> None:
    key = f"dziennik.rebuild/{school_id}/{model.prefix}"
    locked = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key]).fetchone()
    if locked != (True,):
        raise RebuildRunning(f"{model.prefix} of {school_id} is being rebuilt")


def _folded(journal: Source, models: Sequence[ReadModel], until: int, progress: Progress) -> MemoryRows:
    rows = MemoryRows()
    for facts in _facts(journal, until, progress):
        for model in models:
            model.fold(rows, facts)
    return rows


class _Rebuild:
    def __init__(
        self, connection: Connection[Any], journal: Source, model: ReadModel, progress: Progress
    ) -> None:
        self._connection = connection
        self._journal = journal
        self._model = model
        self._progress = progress
        self._schema = read_schema(journal.school_id)

    def run(self, rows: MemoryRows, until: int) -> Rebuilt:
        written = self._write(rows)
        position = self._catch_up(until)
        for _ in range(ATTEMPTS):
            try:
                return Rebuilt(self._switch(position), written)
            except errors.LockNotAvailable:
                position = self._catch_up(position)
        return Rebuilt(self._switch(position), written)

    def _write(self, rows: MemoryRows) -> int:
        connection, written = self._connection, 0
        _drop(connection, self._schema, self._model, NEXT)
        for statements in statements_of(self._model, self._schema, NEXT):
            with connection.transaction():
                for statement in (statements.create(), *statements.create_triggers()):
                    connection.execute(statement)
                written += copy_rows(connection, self._model, statements, rows)
                for index in statements.create_indexes():
                    connection.execute(index)
        if has_reader(connection):
            for policy in policies(statements_of(self._model, self._schema, NEXT), self._journal.school_id):
                connection.execute(policy)
        return written

    def _catch_up(self, position: int) -> int:
        """Apply what arrived meanwhile until little is left; how far it came."""
        while True:
            facts = self._journal.follow(position, PAGE)
            if facts:
                with self._connection.transaction():
                    self._apply(facts)
                position = facts[-1].position
                self._progress(position, max(position, self._journal.position()))
            if len(facts) < CLOSE:
                return position

    def _apply(self, facts: list[Item]) -> None:
        wanted = [item for item in facts if self._wants(item)]
        rows = BatchRows(self._connection, self._schema, NEXT)
        for item, error in take(self._model, rows, wanted, set()):
            raise HandlerFault(self._model.name, item.position, item.stream, str(error))
        finish(self._model, rows)

    def _wants(self, item: Item) -> bool:
        fact = getattr(item, "fact", None)
        return type(fact) in self._model.handlers if fact is not None else self._model.concerns(item)  # type: ignore[arg-type]

    def _switch(self, position: int) -> int:
        """Come level with the live tables, which nobody can take on meanwhile, and take their names."""
        who = [self._model.name, self._model.version]
        positions = Identifier(self._schema, "positions")
        with self._connection.transaction():
            self._connection.execute(SQL("SELECT set_config('lock_timeout', %s, true)"), [LOCK_TIMEOUT])
            query = SQL("SELECT position FROM {} WHERE model = %s AND version = %s FOR UPDATE").format(
                positions
            )
            ((live,),) = self._connection.execute(query, who).fetchall()
            while position < live:
                facts = self._journal.follow(position, PAGE)
                self._apply(facts)
                position = facts[-1].position
            for old, new in zip(
                statements_of(self._model, self._schema),
                statements_of(self._model, self._schema, NEXT),
                strict=True,
            ):
                self._connection.execute(old.rename(old.table.name + OLD))
                self._connection.execute(new.rename(old.table.name))
            _drop(self._connection, self._schema, self._model, OLD)
            self._connection.execute(
                SQL("UPDATE {} SET position = %s, parked = 0 WHERE model = %s AND version = %s").format(
                    positions
                ),
                [position, *who],
            )
            self._connection.execute(
                SQL("DELETE FROM {} WHERE model = %s AND version = %s").format(
                    Identifier(self._schema, "dead_letters")
                ),
                who,
            )
        return position


def copy_rows(connection: Connection[Any], model: ReadModel, statements: Statements, rows: MemoryRows) -> int:
    """Derive and feed a table from memory by binary COPY, in key order; how many rows.

    Row by row and sent by a thread, so that the server writes some while the next are derived.
    """
    table = statements.table
    found = rows.store(table.row).rows
    derive = model.derived.get(table.row)
    cursor = connection.cursor()
    with cursor.copy(statements.copy, writer=QueuedLibpqWriter(cursor)) as copy:
        copy.set_types(statements.types())
        for key in sorted(found):
            row = found[key]
            copy.write_row(table.dump(row if derive is None else derive(rows, row)))
    return len(found)


def _facts(journal: Source, until: int, progress: Progress) -> Iterator[list[Item]]:
    """Pages of facts; the next one is on its way while one is worked on."""
    position = 0
    progress(0, until)
    with ThreadPoolExecutor(1, "dziennik-rebuild") as reader:
        page = reader.submit(journal.follow, 0, min(PAGE, until))
        while position < until:
            facts = page.result()
            position = facts[-1].position
            page = reader.submit(journal.follow, position, max(1, min(PAGE, until - position)))
            yield facts
            progress(position, until)


def _drop(connection: Connection[Any], schema: str, model: ReadModel, suffix: str) -> None:
    for statements in statements_of(model, schema, suffix):
        connection.execute(statements.drop())


def _silent(_done: int, _total: int) -> None:
    """For those who do not look."""
