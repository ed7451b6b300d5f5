"""Who kills whom, and is everything there afterwards? A checker in the manner of "set full".

Writers and followers are processes; PostgreSQL is a durable embedded server. They are killed (SIGKILL) in the
middle of work, connections are cut by the server or swallow the answer to a commit. Afterwards each command
that was acknowledged must be there, where it was said to be, once and whole; one that was never acknowledged
once and whole, or not at all; nothing may have been refused for a conflict that there was not; and the read
models must equal what the journal says.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from dziennik.contracts.facts import Fact
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.postgres.embedded import embedded
from dziennik.projections.comparing import replay
from dziennik.projections.follower import Follower
from dziennik.projections.people import PEOPLE
from dziennik.projections.reading import ReadModels
from tests.journal.proxy import Proxy
from tests.torture.clocks import YEARS, Clock
from tests.torture.workload import KEYRING, SCHOOL, facts_of, give, noted, own_jump

ROOT = Path(__file__).parents[2]
WRITERS, FOLLOWERS = 3, 2
PROGRESS, PATIENCE = 400, 10.0  # bytes of notes (about ten commands) between two faults; seconds


@dataclass
class Tally:
    """What was done and what was found."""

    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    settled: int = 0  # left open by a kill, and settled by giving the command again
    facts: int = 0
    displaced: int = 0  # commands that a writer recorded while its clock had jumped
    server_jumped: int = 0  # times that the server itself told the time of a jump
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Faults that were a SIGKILL."""
        return sum(times for fault, times in self.faults.items() if fault.startswith("kill -9"))

    @property
    def well(self) -> bool:
        """Nothing lost, doubled, torn, falsely refused or unequal."""
        return not (self.lost or self.doubled or self.torn or self.conflicts or self.unequal)


class Ended(Exception):
    """A writer or follower did not live through a fault that it should have."""


def far_off(moment: datetime) -> bool:
    """Whether that is no time of this campaign, but years away."""
    return abs(datetime.now(UTC) - moment) > timedelta(days=3000)


class Chamber:
    """The server, the writers and the followers; start it in a `with`."""

    def __init__(self, folder: Path, seed: int, *, progress: int = PROGRESS) -> None:
        self._progress = progress
        self.folder, self.random, self.tally = folder, Random(seed), Tally()
        self.dsn = ""
        self.clock = Clock()
        self._server = ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._proxy: Proxy | None = None

    def __enter__(self) -> Chamber:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._serve()
        with Journals(self.dsn, keyring=KEYRING) as journals:
            journals.create_school(SCHOOL)
        self._proxy = Proxy(self.dsn)
        for name in self._names():
            self._start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        if self._proxy:
            self._proxy.close()
        with suppress(Exception):
            self._server.close()
        self.clock.close()

    def torture(self, kills: int, tell: Callable[[int], None] = lambda _: None) -> None:
        """Faults of all kinds, each in the middle of work, until that many were kills."""
        kinds: list[Callable[[], None]] = [
            self._kill_postgres, self._kill_backend, self._kill_writer, self._kill_writer,
            self._kill_follower, self._cut_connections, self._swallow_commits,
        ]  # fmt: skip
        if self.clock.jumps:
            kinds.append(self._jump_in_time)
        while self.tally.kills < kills:
            self._wait_for_work()
            kinds[self.random.randrange(len(kinds))]()
            tell(self.tally.kills)

    def check(self) -> Tally:
        """Stop the writers, settle what they left open, and look at everything."""
        for name in self._names():
            if name.startswith("w"):
                self._processes[name].kill()
                self._processes[name].wait()
        self._wait_for_server()
        with Journals(self.dsn, keyring=KEYRING) as journals:
            journal = journals.school(SCHOOL)
            told = {name: noted(self._log(name)) for name in self._names() if name.startswith("w")}
            expected: dict[str, tuple[tuple[Fact, ...], tuple[int, int]]] = {}
            for name, (acknowledged, tried, false) in told.items():
                self.tally.conflicts += false
                self.tally.acknowledged += len(acknowledged)
                left = tried - acknowledged.keys()
                self.tally.settled += len(left)
                places = acknowledged | {number: give(journal, name, number) for number in left}
                for number, place in places.items():
                    expected[f"{name}/{number}"] = (facts_of(name, number), place)
            self._compare(journal, expected)
            self._compare_models(journals)
        return self.tally

    def _compare(
        self, journal: Journal, expected: dict[str, tuple[tuple[Fact, ...], tuple[int, int]]]
    ) -> None:
        found: dict[str, list[tuple[int, Fact]]] = {}
        clocks: dict[str, datetime] = {}
        after = 0
        while page := journal.read(after, 5_000):
            for one in page:
                after += 1
                if one.position != after:
                    self.tally.lost.append(f"position {after}")
                    after = one.position
                found.setdefault(one.origin.command_id, []).append((one.position, one.fact))
                clocks[one.origin.command_id] = one.origin.recorded_at
        self.tally.facts = after
        for command, (facts, place) in expected.items():
            there = found.pop(command, [])
            if not there:
                self.tally.lost.append(command)
            elif len(there) > len(facts):
                self.tally.doubled.append(command)
            elif [fact for _, fact in there] != list(facts):
                self.tally.torn.append(command)
            elif (there[0][0], there[-1][0]) != place:
                self.tally.lost.append(f"{command} at {there[0][0]} instead of {place[0]}")
            number = command.rpartition("/")[2]
            self.tally.displaced += bool(there) and far_off(clocks[command] - own_jump(int(number)))
        self.tally.doubled += [f"nobody wrote {command}" for command in found]

    def _compare_models(self, journals: Journals) -> None:
        read_models = ReadModels(self.dsn)
        try:
            Follower(self.dsn, journals, [PEOPLE], read_models.progress).run_once(SCHOOL)
        finally:
            read_models.close()
        for compared in replay(self.dsn, journals.school(SCHOOL), [PEOPLE], None, lambda *_: None):
            if compared.difference or compared.position != self.tally.facts:
                self.tally.unequal.append(str(compared))

    def _wait_for_work(self) -> None:
        """Until the writers have got on, or long enough if something keeps them; then a moment more.

        Raises Ended: nobody dies but by our hands, or less is tried than is told.
        """
        for name, process in self._processes.items():
            if process.poll() is not None:
                said = self._said(name).read_text("utf-8", errors="replace").splitlines()[-12:]
                raise Ended(f"{name} ended by itself with {process.returncode}:", *said)
        begun, deadline = self._written(), time.monotonic() + PATIENCE
        while self._written() < begun + self._progress and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(self.random.uniform(0.0, 0.1))

    def _wait_for_server(self) -> None:
        """Until it answers: the last fault may have sent it into recovery."""
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.dsn, connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def _written(self) -> int:
        """Bytes of notes so far."""
        logs = (self._log(name) for name in self._names() if name.startswith("w"))
        return sum(log.stat().st_size for log in logs if log.exists())

    # What is done to them

    def _kill_postgres(self) -> None:
        """All of it at once, as when the machine loses power under the processes."""
        self._noted("kill -9 of PostgreSQL")
        pid = int((self.folder / "server" / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self.revive()

    def revive(self) -> None:
        """A server again, whatever became of the last one."""
        with suppress(Exception):
            self._server.close()
        self._server = ExitStack()
        self._serve()

    def _kill_backend(self) -> None:
        """One server process; PostgreSQL throws everybody out and recovers."""
        pids = self._backends()
        if pids:
            self._noted("kill -9 of a server process")
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(pids), signal.SIGKILL)

    def _kill_writer(self) -> None:
        self._noted("kill -9 of a writer")
        self._restart(self.random.choice([name for name in self._processes if name.startswith("w")]))

    def _kill_follower(self) -> None:
        self._noted("kill -9 of a follower")
        self._restart(self.random.choice([name for name in self._processes if name.startswith("f")]))

    def _cut_connections(self) -> None:
        self._noted("connections cut by the server")
        self._backends(cut=True)

    def _jump_in_time(self) -> None:
        """The clock of server, writers and followers is ten years ahead, or behind, or right again."""
        far = self.random.choice(YEARS)
        self._noted(f"clock jumps to {far}" if far != "+0" else "clock jumps back")
        with suppress(psycopg.OperationalError):
            self.tally.server_jumped += abs(self.server_year(far) - datetime.now(UTC).year) > 8

    def server_year(self, far: str) -> int:
        """The year that the server tells after a jump; 0 when it tells none."""
        self.clock.jump(far)
        with psycopg.connect(self.dsn, connect_timeout=5) as connection:
            row = connection.execute("SELECT extract(year FROM clock_timestamp())::int").fetchone()
        return int(row[0]) if row else 0

    def _swallow_commits(self) -> None:
        """The next commits of one writer succeed, but their answers never arrive."""
        if self._proxy:
            self._noted("answers to commits swallowed")
            self._proxy.swallow = 2

    def _backends(self, *, cut: bool = False) -> list[int]:
        what = "pg_terminate_backend(pid)::int" if cut else "pid"
        query = f"SELECT {what} FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        try:
            with psycopg.connect(self.dsn, autocommit=True, connect_timeout=5) as connection:
                return [pid for (pid,) in connection.execute(query)]
        except psycopg.OperationalError:
            return []  # it is just recovering

    # How they are run

    def _noted(self, fault: str) -> None:
        self.tally.faults[fault] += 1

    def _names(self) -> list[str]:
        return [f"w{number}" for number in range(WRITERS)] + [f"f{number}" for number in range(FOLLOWERS)]

    def _said(self, name: str) -> Path:
        return self.folder / f"{name}.err"

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _serve(self) -> None:
        with self.clock.jumping():
            self.dsn = self._server.enter_context(embedded(self.folder / "server"))

    def _restart(self, name: str) -> None:
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()
        self._start(name)

    def _start(self, name: str) -> None:
        module = "tests.torture.following" if name.startswith("f") else "tests.torture.workload"
        dsn = self._proxy.dsn if name == "w0" and self._proxy else self.dsn
        arguments = [dsn] if name.startswith("f") else [dsn, name, str(self._log(name))]
        with self.clock.jumping(), self._said(name).open("wb") as said:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.sleeping", module, *arguments], cwd=ROOT, stderr=said
            )
