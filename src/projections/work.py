"""One school's read models, taken on batch by batch on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from dziennik.projections.batches import Batches, PositionMoved
from dziennik.projections.model import ReadModel
from dziennik.projections.places import read_schema
from dziennik.projections.progress import Progress
from dziennik.projections.source import Item, Source


class SchoolWork:
    """Steps through one journal. All facts are read once for all models that stand at the same place."""

    def __init__(
        self, connection: Connection[Any], journal: Source, models: Sequence[ReadModel], progress: Progress
    ) -> None:
        """`connection` is in autocommit mode; the models' tables are there."""
        self._connection = connection
        self._journal = journal
        self._models = models
        self._progress = progress
        self._batches = {model: Batches(connection, journal.school_id, model) for model in models}
        self._at: dict[ReadModel, int] = {}
        positions = Identifier(read_schema(journal.school_id), "positions")
        self._select = SQL("SELECT model, version, position FROM {}").format(positions)
        # Those a batch means nothing to move on together, in one statement that is its own transaction.
        self._pass = SQL(
            "UPDATE {} AS p SET position = %s"
            " FROM unnest(%s::text[], %s::integer[], %s::bigint[]) AS e (model, version, position)"
            " WHERE (p.model, p.version, p.position) = (e.model, e.version, e.position) RETURNING p.model"
        ).format(positions)
        self.look()

    def positions(self) -> dict[str, int]:
        """How far each model has come."""
        return {model.name: position for model, position in self._at.items()}

    def lowest(self) -> int:
        """How far the last of them has come."""
        return min(self._at.values())

    def step(self, limit: int) -> bool:
        """Take all models that are behind one batch on; False when there was nothing to do."""
        start = self.lowest()
        facts = self._journal.follow(start, limit)
        if not facts:
            return False
        upto = facts[-1].position
        try:
            quiet = []
            for model, batches in self._batches.items():
                behind = facts[self._at[model] - start :]  # positions have no holes
                if any(batches.wants(item) for item in behind):
                    self._take(model, batches, behind, upto)
                elif behind:
                    quiet.append(model)
            if quiet:
                self._pass_by(quiet, upto)
        except PositionMoved:
            self.look()
        return True

    def _take(self, model: ReadModel, batches: Batches, facts: Sequence[Item], upto: int) -> None:
        batches.apply(facts, self._at[model], upto)
        self._reached(model, upto)

    def _pass_by(self, models: Sequence[ReadModel], upto: int) -> None:
        expected = [(model.name, model.version, self._at[model]) for model in models]
        arrays = [list(column) for column in zip(*expected, strict=True)]
        moved = {name for (name,) in self._connection.execute(self._pass, [upto, *arrays])}
        for model in models:
            if model.name in moved:
                self._reached(model, upto)
        if len(moved) < len(models):
            raise PositionMoved("another process was faster")

    def _reached(self, model: ReadModel, position: int) -> None:
        self._at[model] = position
        self._progress.reached(self._journal.school_id, model.name, position)

    def look(self) -> None:
        """Ask where the models stand."""
        found = {
            (name, version): position for name, version, position in self._connection.execute(self._select)
        }
        for model in self._models:
            self._reached(model, found[model.name, model.version])
