"""How do others ask read models? Connections for queries, positions, and waiting until visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg import errors
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool

from dziennik.projections import directory
from dziennik.projections.places import read_schema
from dziennik.projections.progress import Progress
from dziennik.projections.stored import TableRows
from dziennik.projections.walls import Reading, Wall, has_reader

LOOKS = 4  # connections that ask for positions, each for a fraction of a millisecond


class ReadModels:
    """The read models of one database, for one process. Thread-safe. Close it."""

    def __init__(self, conninfo: str, *, connections: int = 8, walls: bool = True) -> None:
        """`connections`: most of them at the same time, and few more for looking at positions.
        `walls` False leaves row-level security out: for measuring what it costs.
        """
        self._pool = _pool(conninfo, connections)
        self._walled, self._may_be_walled = False, walls
        # Whoever has a connection and waits for a position must not need a second one of the same pool:
        # as many such as there are connections would wait for each other.
        self._looks = _pool(conninfo, LOOKS)
        self.progress = Progress(self.position)

    @contextmanager
    def view(self, school_id: str) -> Iterator[TableRows]:
        """The school's rows; give it to the queries of a read model."""
        with self.views() as view_of:
            yield view_of(Wall(school_id))

    @contextmanager
    def views(self) -> Iterator[Callable[[Wall], TableRows]]:
        """The rows of as many schools as wanted over one connection, each behind a wall."""
        with self._pool.connection() as connection:
            walled = self._walled or self._looked(connection)
            yield lambda wall: TableRows(
                connection, read_schema(wall.school_id), wall=wall if walled else None
            )

    def _looked(self, connection: Reading) -> bool:
        """Whether the database has walls. Where it has, it keeps them; where not, they may come."""
        self._walled = self._may_be_walled and has_reader(connection)
        return self._walled

    def position(self, school_id: str, model: str) -> int:
        """How far the model's newest version has come; 0 when there is none yet."""
        query = SQL("SELECT position FROM {} WHERE model = %s ORDER BY version DESC LIMIT 1").format(
            Identifier(read_schema(school_id), "positions")
        )
        with self._looks.connection() as connection:
            try:
                row = connection.execute(query, [model]).fetchone()
            except errors.UndefinedTable:
                return 0
        return row[0] if row else 0

    def positions(self, school_id: str) -> dict[str, int] | None:
        """How far each model has come, in its newest version; None when the school has no read models."""
        query = SQL("SELECT model, max(position) FROM {} GROUP BY model").format(
            Identifier(read_schema(school_id), "positions")
        )
        with self._looks.connection() as connection:
            try:
                return dict(connection.execute(query).fetchall())
            except errors.UndefinedTable:
                return None

    def places(self, account_id: str) -> list[str]:
        """The schools where the account may be somebody, sorted; in all others it is nobody."""
        with self._looks.connection() as connection:
            return directory.places(connection, account_id)

    def wait_until(self, school_id: str, model: str, position: int, timeout: float = 5.0) -> bool:
        """Wait for the model to show the fact at `position`; whether it does (read-your-writes)."""
        return self.progress.wait_until(school_id, model, position, timeout)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()
        self._looks.close()


def _pool(conninfo: str, connections: int) -> ConnectionPool[Reading]:
    return ConnectionPool(
        conninfo,
        connection_class=Reading,
        kwargs={"autocommit": True, "prepare_threshold": 1, "application_name": "dziennik queries"},
        min_size=1,
        max_size=connections,
        configure=_in_utc,
        open=True,
    )


def _in_utc(connection: Reading) -> None:
    """Instants read alike whatever time zone the database is set to."""
    connection.execute("SET timezone = 'UTC'")
