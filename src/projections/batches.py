"""How does a read model take a batch of facts exactly once?

The rows and the position are written in one transaction, and the position only moves on from where this
process thinks it is: a batch delivered twice, or to two processes, changes nothing the second time
(ADR 0026). A fact that cannot be read or applied parks its own stream (ADR 0027).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from dziennik.journal.outcomes import Undecodable
from dziennik.projections.model import HandlerFault, ReadModel, described
from dziennik.projections.places import read_schema
from dziennik.projections.source import Item
from dziennik.projections.stored import BatchRows

Letter = tuple[Item, str | None]


class PositionMoved(Exception):
    """Another process, or a rebuild, took the model on meanwhile: nothing was written."""


class _NotTogether(Exception):
    """The rows of a batch cannot be written; some fact in it is to blame."""


class Batches:
    """One read model of one school, on one connection in autocommit mode."""

    def __init__(self, connection: Connection[Any], school_id: str, model: ReadModel) -> None:
        self._connection = connection
        self._schema = read_schema(school_id)
        self._model = model
        positions = Identifier(self._schema, "positions")
        self._move = SQL(
            "UPDATE {} SET position = %s WHERE model = %s AND version = %s AND position = %s RETURNING parked"
        ).format(positions)
        self._count = SQL("UPDATE {} SET parked = parked + %s WHERE model = %s AND version = %s").format(
            positions
        )
        letters = Identifier(self._schema, "dead_letters")
        self._streams = SQL("SELECT DISTINCT stream FROM {} WHERE model = %s AND version = %s").format(
            letters
        )
        self._park = SQL(
            "INSERT INTO {} (model, version, stream, position, name, error) SELECT %s, %s, * FROM"
            " unnest(%s::text[], %s::bigint[], %s::text[], %s::text[])"
        ).format(letters)

    def apply(self, facts: Sequence[Item], expected: int, upto: int) -> None:
        """Take the model from position `expected` to `upto`; `facts` are all those between.

        Raises PositionMoved; psycopg.Error when the database is at fault and not a fact.
        """
        wanted = [item for item in facts if self.wants(item)]
        try:
            self._together(wanted, expected, upto)
        except _NotTogether:
            self._one_by_one(wanted, expected, upto)

    def wants(self, item: Item) -> bool:
        """Whether the fact is any of the model's business."""
        if type(item) is Undecodable:
            return self._model.concerns(item)
        return type(item.fact) in self._model.handlers  # type: ignore[union-attr]

    def _one_by_one(self, facts: Sequence[Item], expected: int, upto: int) -> None:
        for item in facts:
            try:
                self._together([item], expected, item.position)
            except _NotTogether as fault:
                self._together([item], expected, item.position, refused=str(fault))
            expected = item.position
        if upto > expected:
            self._together([], expected, upto)

    def _together(self, facts: Sequence[Item], expected: int, upto: int, refused: str | None = None) -> None:
        who = (self._model.name, self._model.version)
        with self._connection.transaction():
            moved = self._connection.execute(self._move, [upto, *who, expected]).fetchone()
            if moved is None:
                raise PositionMoved(f"{self._model.prefix} in {self._schema} is not at {expected}")
            parked = set()
            if moved[0]:
                parked = {stream for (stream,) in self._connection.execute(self._streams, who)}
            rows = BatchRows(self._connection, self._schema)
            try:
                letters = take(self._model, rows, facts, parked, refused)
                finish(self._model, rows)
            except (psycopg.DataError, psycopg.IntegrityError, HandlerFault) as fault:
                raise _NotTogether(described(fault)) from fault
            if letters:
                self._connection.execute(self._park, [*who, *_columns(letters)])
                self._connection.execute(self._count, [len(letters), *who])


def take(
    model: ReadModel, rows: BatchRows, facts: Sequence[Item], parked: set[str], refused: str | None = None
) -> list[Letter]:
    """Apply facts to the unit of work; what could not be, with its error or None for those behind one.

    `parked` streams are left alone; a stream that fails joins them. With `refused` nothing is tried.
    """
    letters: list[Letter] = []
    for item in facts:
        if item.stream in parked:
            letters.append((item, None))
            continue
        error = refused or _tried(model, rows, item)
        if error is not None:
            parked.add(item.stream)
            letters.append((item, error))
    return letters


def finish(model: ReadModel, rows: BatchRows) -> None:
    """Derive and write. Raises HandlerFault when a derivation fails."""
    try:
        rows.settle(model)
    except psycopg.Error:
        raise
    except Exception as fault:
        raise HandlerFault(model.name, 0, "?", described(fault)) from fault
    rows.flush()


def _tried(model: ReadModel, rows: BatchRows, item: Item) -> str | None:
    if isinstance(item, Undecodable):
        return item.reason
    rows.mark()
    try:
        model.handlers[type(item.fact)](rows, item.fact, item)
    except psycopg.Error:
        raise
    except Exception as fault:  # noqa: BLE001 - kept in dead_letters, shown by health
        rows.undo()
        return described(fault)
    return None


def _columns(letters: Sequence[Letter]) -> list[list[Any]]:
    return [
        [item.stream for item, _ in letters],
        [item.position for item, _ in letters],
        [item.name if isinstance(item, Undecodable) else item.fact.fact_name for item, _ in letters],
        [None if error is None else error.replace("\0", "") for _, error in letters],
    ]
