"""Which connections does the journal use, and as whom?

One pool reads, one writes; all schools of a database share them. Each connection acts as the group
role of its purpose where the roles exist. Statements are prepared on first use and planned once for
all: every one of them walks an index, whatever the statistics say.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection, OperationalError
from psycopg_pool import PoolTimeout

from dziennik.journal.wire import Line, Statement

Pool = ConnectionPool[Line]
T = TypeVar("T")

READER = "dziennik_reader"
WRITER = "dziennik_writer"

# How long to wait for a free connection, or a new one, before it counts as lost.
_POOL_SECONDS = 1.0
_AS_ROLE = (
    "SELECT set_config('role', %s, false)"
    " WHERE to_regrole(%s) IS NOT NULL AND pg_has_role(session_user, %s, 'MEMBER')"
)
_SETTINGS = (
    "SET default_transaction_isolation = 'read committed'",
    "SET plan_cache_mode = 'force_generic_plan'",
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
    "SET jit = off",
    # A session that somebody left open at a prompt must not hold a school for ever.
    "SET lock_timeout = '15s'",
)


class ConnectionLost(OperationalError):
    """What became of the statement is not known."""


def open_pool(conninfo: str, role: str, *, min_size: int, max_size: int) -> Pool:
    """A pool of autocommit connections that act as `role`. Does not wait for the first one."""
    pool = Pool(
        conninfo,
        connection_class=Line,
        kwargs={"autocommit": True, "client_encoding": "utf8"},
        min_size=min_size,
        max_size=max_size,
        open=False,
        configure=_configure(role),
        name=role,
        num_workers=2,
        reconnect_timeout=0,  # no back-off: whoever asks for a connection makes the pool try anew
    )
    pool.open(wait=False)
    return pool


def using(pool: Pool, work: Callable[[Line], T]) -> T:
    """What `work` does with a connection. Raises ConnectionLost when it broke, or there was none."""
    try:
        line = pool.getconn(timeout=_POOL_SECONDS)
    except PoolTimeout as fault:
        raise ConnectionLost(str(fault)) from fault
    try:
        return work(line)
    except OperationalError as fault:
        if line.closed:
            raise ConnectionLost(str(fault)) from fault
        raise
    finally:
        pool.putconn(line)


def using_again(pool: Pool, work: Callable[[Line], T]) -> T:
    """The same for what may be done twice: goes through the broken connections that a restart leaves."""
    for _ in range(pool.max_size):
        with suppress(ConnectionLost):
            return using(pool, work)
    return using(pool, work)


def ask(pool: Pool, statement: Statement, *parameters: bytes) -> list[Any]:
    """The rows of a statement."""
    return using(pool, lambda line: line.ask(statement, *parameters))


def ask_again(pool: Pool, statement: Statement, *parameters: bytes) -> list[Any]:
    """The rows of a statement that may be executed twice."""
    return using_again(pool, lambda line: line.ask(statement, *parameters))


def _configure(role: str) -> Callable[[Connection[Any]], None]:
    def configure(connection: Connection[Any]) -> None:
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute(_AS_ROLE, [role, role, role])

    return configure


class Datastore(PostgresDatastore):
    """The library's view of one school: its schema, on pools that it shares and does not close."""

    def __init__(
        self,
        schema: str,
        reading: Pool,
        writing: Pool,
    ) -> None:
        # Not super().__init__: it would open a pool per school.
        self.schema = schema
        self.pool = cast(Any, reading)  # the library asks for dict rows, in methods that we replace
        self.reading = reading
        self.writing = writing
        self.pool_open_timeout = None
        self.originator_id_type = "text"
        self.enable_db_functions = False
        self.single_row_tracking = True
        self.pre_ping = False
        self.lock_timeout = 0
        self.db_type_names = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    def register_type_adapters(self) -> None:
        """Nothing: facts travel in plain arrays, not in a composite type."""

    def close(self) -> None:
        """Nothing: the pools are shared."""
