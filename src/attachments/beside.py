"""Where does a school keep what is sealed, large or passing, and no fact? In tables beside its journal.

They lie in the schema `files_{school}`, which is made, with the table, when a school is first asked about.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import Lock
from typing import Any

from psycopg import Connection, Cursor
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from dziennik.journal.schema import normalised

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS {schema};
REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
"""
# Of all kinds of tables: two processes that make the same schema at once would fail each other.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('dziennik.files'))"


class Beside:
    """One kind of table, of all schools of an installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, kind: str, table: str, *, connections: int = 4) -> None:
        """`table` makes it where it is not yet, like all statements with {schema} for the school's."""
        self._table = table
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo,
            kwargs={"application_name": f"dziennik {kind}"},
            min_size=0,
            max_size=connections,
            open=True,
        )
        self._made: set[str] = set()
        self._lock = Lock()

    def connection(self) -> AbstractContextManager[Connection[Any]]:
        """A connection with a transaction, committed at the end."""
        return self._pool.connection()

    def asked(
        self, connection: Connection[Any], school_id: str, statement: str, *values: object
    ) -> Cursor[Any]:
        """What a statement about one school answers."""
        schema = f"files_{normalised(school_id)}"
        with self._lock:
            if schema not in self._made:
                with connection.transaction():
                    connection.execute(_ONE_AT_A_TIME)
                    connection.execute(_filled(_SCHEMA + self._table, schema))
                self._made.add(schema)
        return connection.execute(_filled(statement, schema), values)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()


def _filled(statement: str, schema: str) -> Composed:
    return SQL(statement).format(schema=Identifier(schema))
