"""Other processes that use an embedded server, to be killed in every way."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

# Whatever starts tests in the background leaves them deaf to SIGINT (POSIX, shell language, 2.11).
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import sys
from pathlib import Path
from dziennik.postgres.embedded import embedded
from dziennik.postgres.faults import PostgresFault
import psycopg
print("here", flush=True)
sys.stdin.readline()
try:
    with embedded(Path(sys.argv[1]), durable=False) as conninfo:
        print(conninfo, flush=True)
        for line in sys.stdin:
            with psycopg.connect(conninfo) as connection:
                print(connection.execute("SELECT 1").fetchone(), flush=True)
except PostgresFault as fault:
    print(fault.code, flush=True)
print("left", flush=True)
"""


class User:
    """A process that uses the server on `data_dir`; go() lets it start or join and waits until it has."""

    def __init__(self, data_dir: Path, **arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            **arguments,  # type: ignore[call-overload]
        )
        assert self.hear() == "here"

    def say(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return str(self.process.stdout.readline().strip())

    def go(self) -> str:
        self.say()
        return self.hear()

    def works(self) -> bool:
        """Ask for a query over a new connection."""
        return self.go() == "(1,)"

    def leave(self) -> str:
        """Close its input, so that it leaves the context and ends; what it said on its way."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        said = str(self.process.stdout.read()).strip()
        assert self.process.wait(60) == 0
        return said

    def kill(self, by: signal.Signals) -> None:
        self.process.send_signal(by)
        self.process.wait(60)

    def __enter__(self) -> User:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in self.process.stdin, self.process.stdout:
            if pipe:
                pipe.close()


def server_pid(data_dir: Path) -> int:
    """The running server's process. (Only to aim at it: production code trusts no pid file.)"""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def runs(data_dir: Path) -> bool:
    """Does any process of a server on this folder live?"""
    with (data_dir / "postgres.lock").open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def stops(data_dir: Path) -> bool:
    """Wait for the server's end."""
    for _ in range(1500):
        if not runs(data_dir):
            return True
        time.sleep(0.02)
    return False


def recycled_pid() -> subprocess.Popen[bytes]:
    """A bystander that has got the pid which a stale file names."""
    return subprocess.Popen(["/bin/sleep", "600"], cwd="/", start_new_session=True)


AS_ROOT = os.geteuid() == 0
