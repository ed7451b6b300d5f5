"""How does a process hear what others tell on a channel of the database?

A thread with a connection of its own, that comes back when the connection breaks. What was told meanwhile is
lost: whoever listens looks for itself each time the line stands (`stands`), and as often as it likes in
between.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

_RECONNECT = 0.5  # seconds
# A line that nobody answers on any more is given up after some seconds, not after the system's two hours.
_LINE: Final = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}


class Listening:
    """One line for one channel. Start it (as often as one likes), close it once."""

    def __init__(
        self,
        conninfo: str,
        channel: str,
        *,
        name: str,
        stands: Callable[[Connection[Any]], None],
        heard: Callable[[str], None],
        breaks: Callable[[], None] = lambda: None,
        again: float | None = None,
    ) -> None:
        """`stands` is called with the line each time it was made and after each `again` seconds; `heard` with
        what is told; `breaks` when the line stands no more. All by one thread, `name`; a psycopg.Error in
        them makes a new line.
        """
        self._conninfo = conninfo
        self._channel = channel
        self._name = name
        self._stands = stands
        self._heard = heard
        self._breaks = breaks
        self._again = again
        self._lock = Lock()
        self._closed = Event()
        self._thread: Thread | None = None
        self._stop, self._stopping = socket.socketpair()

    def start(self) -> None:
        """Listen from now on."""
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
        self._stop.send(b"x")
        if self._thread:
            self._thread.join()
        self._stop.close()
        self._stopping.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            with (
                suppress(psycopg.Error),
                psycopg.connect(self._conninfo, autocommit=True, **_LINE) as connection,  # type: ignore[arg-type]
            ):
                connection.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
                self._stands(connection)
                self._hear(connection)
            self._breaks()
            self._closed.wait(_RECONNECT)

    def _hear(self, connection: Connection[Any]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._stopping, selectors.EVENT_READ)
            while not self._closed.is_set():
                if not selector.select(self._again):
                    self._stands(connection)
                connection.pgconn.consume_input()
                while notify := connection.pgconn.notifies():
                    self._heard(notify.extra.decode())
