"""Are the read models well? For the health page, metrics and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier

from dziennik.projections.model import ReadModel
from dziennik.projections.places import read_schema
from dziennik.projections.source import Source


class ModelHealth(msgspec.Struct, frozen=True):
    """How far a model has come, how many facts it lacks, and how many it had to park."""

    model: str
    version: int
    position: int
    lag: int
    parked: int


class SchoolHealth(msgspec.Struct, frozen=True):
    """A school's read models; `fault` is what keeps this process's follower from working, if anything."""

    school_id: str
    head: int
    models: tuple[ModelHealth, ...]
    fault: str | None = None

    @property
    def well(self) -> bool:
        """Nothing parked, nothing faulty."""
        return self.fault is None and all(model.parked == 0 for model in self.models)


def health_of(
    connection: Connection[Any], journal: Source, models: Sequence[ReadModel], fault: str | None = None
) -> SchoolHealth:
    """One school's health. A model that nobody has made yet stands at 0."""
    positions = Identifier(read_schema(journal.school_id), "positions")
    query = SQL("SELECT model, version, position, parked FROM {}").format(positions)
    try:
        found = {(name, version): rest for name, version, *rest in connection.execute(query)}
    except errors.UndefinedTable:
        found = {}
    head = journal.position()
    rows = [(model, *found.get((model.name, model.version), [0, 0])) for model in models]
    return SchoolHealth(
        journal.school_id,
        head,
        tuple(
            [
                ModelHealth(model.name, model.version, position, max(head - position, 0), parked)
                for model, position, parked in rows
            ]
        ),
        fault,
    )
