"""The end of every read model's test: built in four ways, it is the same, row by row.

Rebuilt from zero by COPY == built live in batches of any size == built with every batch delivered twice ==
folded in memory.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from dziennik.projections.batches import Batches, PositionMoved
from dziennik.projections.model import ReadModel
from dziennik.projections.places import ensure, read_schema
from dziennik.projections.rebuild import folded, rebuild
from dziennik.projections.rows import View
from dziennik.projections.source import Source
from dziennik.projections.stored import TableRows
from dziennik.projections.tables import Row
from tests.projections.histories import History
from tests.projections.listed import Listed

Contents = dict[str, list[Row]]


def contents(view: View, model: ReadModel) -> Contents:
    """All rows of the model, in the order of their keys."""
    return {table.name: view.find(table.row) for table in model.tables}


def stored(dsn: str, school_id: str, model: ReadModel) -> Contents:
    """All rows of the model in the database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return contents(TableRows(connection, read_schema(school_id)), model)


def in_memory(model: ReadModel, history: History) -> Contents:
    """All rows of the model, folded."""
    journal = Listed("memory", history.recorded)
    return contents(folded(journal, model, journal.position()), model)


def feed(
    connection: psycopg.Connection, journal: Source, model: ReadModel, sizes: Sequence[int], times: int = 1
) -> None:
    """Take the model to the head in batches of these sizes, over and over; each delivered `times` times."""
    ensure(connection, journal.school_id, [model])
    batches = Batches(connection, journal.school_id, model)
    position = 0
    for size in itertools.cycle(sizes):
        facts = journal.follow(position, size)
        if not facts:
            return
        batches.apply(facts, position, facts[-1].position)
        for _ in range(times - 1):
            with pytest.raises(PositionMoved):
                batches.apply(facts, position, facts[-1].position)
        position = facts[-1].position


def agree(dsn: str, model: ReadModel, history: History, sizes: Sequence[int] = (3, 1, 7)) -> Contents:
    """Build the model in all ways and compare; what they agree on."""
    expected = in_memory(model, history)
    schools = [f"{how}-{uuid.uuid4().hex[:12]}" for how in ("rebuilt", "live", "twice")]
    with psycopg.connect(dsn, autocommit=True) as connection:
        rebuild(dsn, Listed(schools[0], history.recorded), model)
        feed(connection, Listed(schools[1], history.recorded), model, sizes)
        feed(connection, Listed(schools[2], history.recorded), model, sizes, times=2)
        for school_id in schools:
            assert stored(dsn, school_id, model) == expected, school_id
            dropped(connection, school_id)
    return expected


def dropped(connection: psycopg.Connection, school_id: str) -> None:
    """Remove a school's read models."""
    connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(read_schema(school_id))))
