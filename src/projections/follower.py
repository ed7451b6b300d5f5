"""Who keeps the read models up to date?

One thread a school, in as many processes as one likes: whoever gets the school's advisory lock works for
it, the others wait for the lock and so share the schools (sharing.py). It is the session's: when a process
dies, PostgreSQL gives it to the next at once. The lock saves double work; exactness does not depend on it
(ADR 0026).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Lock, Thread

import psycopg
from psycopg import errors

from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.projections.health import SchoolHealth, health_of
from dziennik.projections.model import HandlerFault, ReadModel, described
from dziennik.projections.places import ensure
from dziennik.projections.progress import Progress
from dziennik.projections.rebuild import RebuildRunning, rebuild
from dziennik.projections.sharing import join, school_lock, surplus
from dziennik.projections.work import SchoolWork

_log = logging.getLogger(__name__)

# Seconds: how long a wait for news or for the lock lasts at most before looking around, how often new
# schools are looked for, and the pause after a fault (at first, at most).
WAIT, LOOK, FIRST_PAUSE, LAST_PAUSE = 0.5, 1.0, 0.2, 10.0
# A model that lacks so many facts, and half of all, is folded in memory instead of taken batch by batch.
FAR_BEHIND = 2000
_CONNECTION = {"autocommit": True, "application_name": "dziennik follower", "prepare_threshold": 2}


class Follower:
    """Feeds read models of all schools of a database. Start it, stop it; or run_once."""

    def __init__(
        self,
        conninfo: str,
        journals: Journals,
        models: Sequence[ReadModel],
        progress: Progress,
        *,
        batch: int = 1000,
    ) -> None:
        """`progress` is ReadModels.progress of the same process; `batch`: most facts a transaction."""
        self._conninfo = conninfo
        self._journals = journals
        self._models = models
        self._progress = progress
        self._batch = batch
        self._stopping = Event()
        self._mutex = Lock()
        self._threads: dict[str, Thread] = {}
        self._faults: dict[str, str] = {}
        self._held: set[str] = set()
        self._given_back: set[str] = set()
        self._coordinator: Thread | None = None

    def start(self) -> None:
        """Follow all schools there are and all that come."""
        self._coordinator = Thread(target=self._coordinate, name="dziennik-follower", daemon=True)
        self._coordinator.start()

    def stop(self) -> None:
        """Finish the batches under way and give the leases back; takes up to a second."""
        self._stopping.set()
        with self._mutex:
            threads = [*self._threads.values()]
        for thread in [*threads, *([self._coordinator] if self._coordinator else [])]:
            thread.join()

    def follow(self, school_id: str) -> None:
        """Follow a school from now on, without waiting until it is noticed."""
        with self._mutex:
            if school_id not in self._threads and not self._stopping.is_set():
                thread = Thread(
                    target=self._follow,
                    args=(self._journals.school(school_id),),
                    name=f"dziennik-follower-{school_id}",
                    daemon=True,
                )
                self._threads[school_id] = thread
                thread.start()

    def run_once(self, school_id: str) -> dict[str, int]:
        """Take one school's models to the journal's head; their positions. For tests and commands.

        Safe beside running followers.
        """
        journal = self._journals.school(school_id)
        head = journal.position()
        with psycopg.connect(self._conninfo, **_CONNECTION) as connection:  # type: ignore[arg-type]
            work = self._work(connection, journal)
            while work.lowest() < head:
                work.step(self._batch)
            return work.positions()

    def health(self) -> list[SchoolHealth]:
        """Where all schools stand: lag, parked facts, and the last fault of this process, if any."""
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            return [
                health_of(
                    connection, self._journals.school(school_id), self._models, self._faults.get(school_id)
                )
                for school_id in self._journals.schools()
            ]

    def held(self) -> list[str]:
        """The schools that this process follows just now."""
        with self._mutex:
            return sorted(self._held)

    def _coordinate(self) -> None:
        """Notice new schools, and give back schools beyond this process's share."""
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, **_CONNECTION) as connection:  # type: ignore[arg-type]
                    join(connection)
                    while not self._stopping.is_set():
                        schools = self._journals.schools()
                        for school_id in schools:
                            self.follow(school_id)
                        self._given_back.update(surplus(connection, schools, self.held()))
                        self._stopping.wait(LOOK)
            except psycopg.Error as fault:  # the database is away: its schools' health says so too
                _log.warning("cannot look after the schools: %s", described(fault))
                self._stopping.wait(LOOK)

    def _follow(self, journal: Journal) -> None:
        """Work for one school until stopped; after a fault again, on a new connection."""
        school_id, pause = journal.school_id, FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, **_CONNECTION) as connection:  # type: ignore[arg-type]
                    if self._leased(connection, school_id):
                        self._holds(school_id, here=True)
                        work = self._work(connection, journal)
                        self._faults.pop(school_id, None)
                        pause = FIRST_PAUSE
                        self._keep_up(work, journal)
            except Exception as fault:  # noqa: BLE001 - in health until it works again; a fact's own are parked
                self._faults[school_id] = described(fault)
                _log.warning("follower of %s: %s", school_id, described(fault))
                self._stopping.wait(pause)
                pause = min(pause * 2, LAST_PAUSE)
            finally:
                self._holds(school_id, here=False)

    def _holds(self, school_id: str, *, here: bool) -> None:
        with self._mutex:
            (self._held.add if here else self._held.discard)(school_id)
            self._given_back.discard(school_id)
        self._progress.follows_here(school_id, here=here)

    def _leased(self, connection: psycopg.Connection, school_id: str) -> bool:
        """Wait for the school's lock; False when stopped. In turns, so that no snapshot grows old."""
        connection.execute(f"SET lock_timeout = '{int(WAIT * 1000)}ms'")
        while not self._stopping.is_set():
            try:
                connection.execute(
                    "SELECT pg_advisory_lock(hashtextextended(%s, 0))", [school_lock(school_id)]
                )
            except errors.LockNotAvailable:
                continue
            connection.execute("SET lock_timeout = 0")
            return True
        return False

    def _work(self, connection: psycopg.Connection, journal: Journal) -> SchoolWork:
        # Read models follow from the journal: what a crash of the machine loses is simply done again.
        connection.execute("SET synchronous_commit = off")
        ensure(connection, journal.school_id, self._models)
        work = SchoolWork(connection, journal, self._models, self._progress)
        head, at = journal.position(), work.positions()
        far = [m for m in self._models if head - at[m.name] > max(FAR_BEHIND, head // 2)]
        if far:
            try:
                rebuild(self._conninfo, journal, *far)
            except (HandlerFault, RebuildRunning) as fault:  # then batch by batch, parking what fails
                _log.warning("%s: %s", journal.school_id, fault)
        work.look()
        return work

    def _keep_up(self, work: SchoolWork, journal: Journal) -> None:
        while not self._stopping.is_set() and journal.school_id not in self._given_back:
            if journal.wait(work.lowest(), WAIT) > work.lowest():
                work.step(self._batch)
