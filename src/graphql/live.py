"""How do notices reach whoever listens just now? One thread a school that somebody listens to.

It is woken as the followers are, waits until the facts were told, and asks once for all listeners. Each has a
queue of its own; one that does not keep up is let go, and comes back with the position it has seen.
"""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop, Queue, QueueFull
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock, Thread
from time import sleep
from typing import Final

import psycopg

from dziennik.graphql.context import Serving
from dziennik.notifying.notice import Notice
from dziennik.notifying.notifier import TOLD, ZONE, utc_now
from dziennik.projections.model import described

_log = logging.getLogger(__name__)

# Notices that wait for a listener who is slow.
MOST_WAITING: Final = 256
# Notices of one question, and seconds that a wait for news lasts at most before looking around.
PAGE, WAIT, PATIENCE = 1000, 1.0, 5.0


class Listener:
    """One who listens to what concerns a person. In the queue: notices, and None at the end."""

    def __init__(self, loop: AbstractEventLoop, person_id: str) -> None:
        self.person_id = person_id
        self.queue: Queue[Notice | None] = Queue(MOST_WAITING + 1)
        self.slow = False
        self._loop = loop

    def hear(self, notice: Notice | None) -> None:
        """Put it into the queue, from any thread."""
        self._loop.call_soon_threadsafe(self._put, notice)

    def _put(self, notice: Notice | None) -> None:
        if notice is not None and self.queue.qsize() >= MOST_WAITING:
            self.slow, notice = True, None
        try:
            self.queue.put_nowait(notice)
        except QueueFull:  # the end is in it already
            return


class Hub:
    """All listeners of this process. Thread-safe."""

    def __init__(self, system: Serving) -> None:
        self._system = system
        self._lock = Lock()
        self._schools: dict[str, _School] = {}
        self._closed = False

    def join(self, school_id: str, listener: Listener) -> int:
        """Listen from now on; the position after which notices come into the queue."""
        with self._lock:
            if self._closed:
                listener.hear(None)
                return 0
            school = self._schools.get(school_id)
            if school is None:
                school = self._schools[school_id] = _School(self._system, school_id, self._leave_alone)
                school.start()
            return school.join(listener)

    def leave(self, school_id: str, listener: Listener) -> None:
        """Listen no more."""
        with self._lock:
            school = self._schools.get(school_id)
            if school is not None:
                school.leave(listener)

    def close(self) -> None:
        """Let everybody go."""
        with self._lock:
            self._closed = True
            schools = list(self._schools.values())
        for school in schools:
            school.close()

    def _leave_alone(self, school: _School) -> bool:
        """Whether nobody listens to the school any more: then its thread ends."""
        with self._lock:
            if school.empty() and self._schools.get(school.school_id) is school:
                del self._schools[school.school_id]
            return self._schools.get(school.school_id) is not school


class _School:
    """The listeners of one school, and the thread that brings them what is new."""

    def __init__(self, system: Serving, school_id: str, over: Callable[[_School], bool]) -> None:
        self.school_id = school_id
        self._system = system
        self._over = over
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._at = system.notices.told(school_id) or system.register(school_id).journal.position()
        self._day = utc_now().astimezone(ZONE).date()

    def start(self) -> None:
        Thread(target=self._run, name=f"dziennik-live-{self.school_id}", daemon=True).start()

    def join(self, listener: Listener) -> int:
        with self._lock:
            self._listeners.add(listener)
            return self._at

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def empty(self) -> bool:
        with self._lock:
            return not self._listeners

    def close(self) -> None:
        with self._lock:
            listeners, self._listeners = self._listeners, set()
        for listener in listeners:
            listener.hear(None)

    def _run(self) -> None:
        journal = self._system.register(self.school_id).journal
        while not self._over(self):
            try:
                if journal.wait(self._at, WAIT) > self._at:
                    self._bring()
                self._turn()
            except psycopg.Error as fault:  # the database is away: whoever listens goes on afterwards
                if not self.empty():
                    _log.warning("live notices of %s: %s", self.school_id, described(fault))
                sleep(WAIT)

    def _bring(self) -> None:
        """Bring everybody what was told since; a fact that is not told yet comes in the next round."""
        progress, notices = self._system.notifier.progress, self._system.notices
        progress.wait_until(self.school_id, TOLD, self._at + 1, PATIENCE)
        upto = notices.told(self.school_id) or 0
        while self._at < upto:
            with self._lock:
                people = {listener.person_id for listener in self._listeners}
            found = notices.between(self.school_id, people, self._at, upto, limit=PAGE)
            # A full page may have cut the last fact's notices: they come again with the next.
            last = found[-1].live - 1 if len(found) == PAGE else upto
            last = last if last > self._at else upto
            self._hand_out([each for each in found if each.live <= last], last)

    def _turn(self) -> None:
        """At the beginning of a day: bring what may be known from this day on. Where it stood, streams have
        passed: it is told with the position where they are.
        """
        today = utc_now().astimezone(ZONE).date()
        if today == self._day:
            return
        with self._lock:
            people = {listener.person_id for listener in self._listeners}
        found = self._system.notices.opened(self.school_id, people, self._day, today, self._at, limit=PAGE)
        self._day = today
        self._hand_out([replace(each, live=self._at, opened=True) for each in found], self._at)

    def _hand_out(self, found: list[Notice], last: int) -> None:
        with self._lock:
            of: defaultdict[str, list[Listener]] = defaultdict(list)
            for listener in self._listeners:
                of[listener.person_id].append(listener)
            for notice in found:
                for listener in of[notice.person_id]:
                    listener.hear(notice)
            self._at = last
