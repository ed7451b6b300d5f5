"""How do those who follow a journal learn that it has grown?

In this process at once, through a condition. Other processes by a NOTIFY sent after the commit, on a
connection of its own and at most every few milliseconds: a NOTIFY inside the commits would make all
commits of the database wait for each other. A NOTIFY that gets lost costs `POLL` seconds, no more:
whoever waits also looks for himself now and then.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.sql import SQL

from dziennik.journal.listening import Listening
from dziennik.journal.wire import Line, Statement, text, texts

CHANNEL: Final = "dziennik_journal"
POLL: Final = 1.0
_NOTIFY = Statement(SQL("SELECT pg_notify($1::text, n) FROM unnest($2::text[]) AS n").format())
_GAP = 0.005
_CONNECT = 5


class Signal:
    """The head of one school's journal, as far as this process knows."""

    def __init__(self, school_id: str) -> None:
        self.school_id = school_id
        self._condition = Condition(Lock())
        self._head = 0

    def raise_to(self, position: int) -> None:
        """The head is at least there."""
        with self._condition:
            if position > self._head:
                self._head = position
                self._condition.notify_all()

    def wait(self, after: int, timeout: float, look: Callable[[], int]) -> int:
        """The head, as soon as it is beyond `after` or time is up; `look` asks the database for it."""
        deadline = monotonic() + timeout
        while True:
            with self._condition:
                if self._head > after:
                    return self._head
            self.raise_to(look())
            with self._condition:
                left = deadline - monotonic()
                if self._head > after or left <= 0:
                    return self._head
                self._condition.wait_for(lambda: self._head > after, min(left, POLL))


class Wakeup:
    """One process's line to the other processes on the same database."""

    def __init__(self, conninfo: str, forget_keys: Callable[[str], None]) -> None:
        self._conninfo = conninfo
        self._forget_keys = forget_keys
        self._mutex = Lock()
        self._signals: dict[str, Signal] = {}
        self._heads: dict[str, int] = {}
        self._erased: set[str] = set()
        self._news = Event()
        self._closed = Event()
        self._telling: Thread | None = None
        self._line = Listening(
            conninfo, CHANNEL, name="dziennik-listen", stands=self._stands, heard=self._heard
        )

    def signal(self, school_id: str) -> Signal:
        """The school's signal; from the first one on this process listens."""
        with self._mutex:
            if self._telling is None:
                self._telling = Thread(target=self._tell, name="dziennik-notify", daemon=True)
                self._telling.start()
                self._line.start()
            return self._signals.setdefault(school_id, Signal(school_id))

    def grown(self, school_id: str, position: int) -> None:
        """Facts up to `position` are committed: wake this process now and the others soon."""
        self._signals[school_id].raise_to(position)
        self._heads[school_id] = position
        if not self._news.is_set():
            self._news.set()

    def erased(self, school_id: str) -> None:
        """Keys of the school were destroyed."""
        self._erased.add(school_id)
        self._news.set()

    def close(self) -> None:
        """Stop both threads."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._news.set()
        if self._telling:
            self._telling.join()
        self._line.close()

    def _tell(self) -> None:
        line: Line | None = None
        while True:
            self._news.wait()
            self._news.clear()
            news = [f"keys {school}" for school in _drain(self._erased)]
            news += [f"head {school} {position}" for school, position in _drained(self._heads)]
            try:
                if line is None:
                    line = Line.connect(self._conninfo, autocommit=True, connect_timeout=_CONNECT)
                    line.execute("SET synchronous_commit = off")
                line.ask(_NOTIFY, text(CHANNEL), texts(news))
            except psycopg.OperationalError:  # the others will look for themselves
                line = None
            if self._closed.wait(_GAP):
                if line is not None:
                    line.close()
                return

    def _stands(self, _: Connection[Any]) -> None:
        for school_id in list(self._signals):  # news may have been lost meanwhile
            self._forget_keys(school_id)

    def _heard(self, news: str) -> None:
        kind, school_id, *position = news.split(" ")
        if kind == "keys":
            self._forget_keys(school_id)
        elif school_id in self._signals:
            self._signals[school_id].raise_to(int(position[0]))


def _drain(things: set[str]) -> list[str]:
    return [things.pop() for _ in range(len(things))]


def _drained(things: dict[str, int]) -> list[tuple[str, int]]:
    return [things.popitem() for _ in range(len(things))]
