"""How does a command get a database when nobody runs a PostgreSQL server for it?

It starts one of its own on its data folder, or joins the one that another command has started there.
Whoever comes first starts it; it goes down when the last of its users has gone, in whatever manner.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from psycopg import OperationalError

from dziennik.postgres import supervisor
from dziennik.postgres.cluster import initialise, server_environment
from dziennik.postgres.faults import PostgresFault
from dziennik.postgres.folder import Folder, gone, open_folder
from dziennik.postgres.programs import programs_for
from dziennik.postgres.tuning import settings

START_SECONDS = 120  # after a crash on a full school the server first reads its log back
STEP_SECONDS = 0.02


def default_data_dir() -> Path:
    """Where a school's data live unless somebody says otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/dziennik")
    return platformdirs.user_data_path("dziennik")


@contextmanager
def embedded(data_dir: Path, *, durable: bool = True, port: int | None = None) -> Iterator[str]:
    """Serve `data_dir`, made when missing, and yield a libpq connection string for its superuser.

    The connection goes over a unix socket; `port` asks for 127.0.0.1 as well (0: any free one) and
    yields that. Who joins a running server takes it as it runs: `durable` and `port` are the starter's.
    Processes on other accounts cannot connect, except over TCP with the password in `postgres.pass`.
    Raises PostgresFault, also in place of an OperationalError out of the body when the server has ended.
    """
    folder = open_folder(data_dir)
    deadline = time.monotonic() + START_SECONDS
    use = _use(folder, deadline)
    starter: _Starter | None = None
    try:
        starter = _start_or_join(folder, deadline, durable=durable, port=port)
        try:
            yield folder.conninfo()
        except OperationalError as lost:
            if folder.serves():
                raise
            raise gone(folder) from lost
    finally:
        os.close(use)
        if starter is not None:
            starter.leave()


def _use(folder: Folder, deadline: float) -> int:
    """Become a user; refused as long as a server that nobody used any more is shutting down."""
    while time.monotonic() < deadline:
        use = folder.try_lock("postgres.in-use", fcntl.LOCK_SH)
        if use is not None:
            return use
        time.sleep(STEP_SECONDS)
    raise _late(folder, "did not finish shutting down")


def _start_or_join(folder: Folder, deadline: float, *, durable: bool, port: int | None) -> _Starter | None:
    while time.monotonic() < deadline:
        lock = folder.try_lock("postgres.lock", fcntl.LOCK_EX)
        if lock is not None:
            try:
                programs = programs_for(folder.account)
                initialise(folder, programs, lock, durable=durable)
                folder.clear_stale_pid_file()
                starter = _Starter(folder, programs, lock, settings(durable=durable, port=_free(port)))
            finally:
                os.close(lock)  # not unlocked: the server has it
            try:
                starter.wait(deadline)
            except BaseException:
                starter.leave()
                raise
            return starter
        if folder.serves():
            return None
        time.sleep(STEP_SECONDS)
    raise _late(folder, "did not start")


def _free(port: int | None) -> int | None:
    if port != 0:
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Starter:
    """This process's hold on the server that it has started."""

    def __init__(self, folder: Folder, programs: Path, lock: int, wanted: dict[str, str]) -> None:
        self._folder = folder
        their_life, self._life = os.pipe()
        self._report, their_report = os.pipe()
        self._log = folder.open_log()
        self._said_before = os.fstat(self._log).st_size
        place = os.open(folder.cluster, os.O_RDONLY | os.O_DIRECTORY)
        account = folder.account
        try:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", supervisor.__file__, folder.root / "postgres.in-use",
                 str(account.uid), str(account.gid), f"{lock},{place}",
                 programs / "postgres", "-D", account.name_of(folder.cluster, place),
                 *(f"-c{name}={value}" for name, value in wanted.items())],
                stdin=their_life, stdout=their_report, stderr=self._log, pass_fds=[lock, place],
                env=server_environment(), start_new_session=True,
            )  # fmt: skip
        finally:
            for descriptor in their_life, their_report, place:
                os.close(descriptor)

    def wait(self, deadline: float) -> None:
        """Return when the server serves; its end, or the deadline, is a fault with its last words."""
        while not self._folder.serves():
            ended = bool(select.select([self._report], [], [], STEP_SECONDS)[0])
            if ended or time.monotonic() > deadline:
                said = os.pread(self._log, 100_000, self._said_before).decode(errors="replace")
                raise _failed(self._folder, said) if ended else _late(self._folder, "did not start")

    def leave(self) -> None:
        """Wait until the server has ended, unless others use it: then it stays for them."""
        os.close(self._life)
        kept = os.read(self._report, len(supervisor.KEPT)) == supervisor.KEPT
        os.close(self._report)
        os.close(self._log)
        if kept:  # this process may well live longer than the server; then somebody must take note of its end
            threading.Thread(target=self._supervisor.wait, daemon=True).start()
        else:
            self._supervisor.wait()


def _failed(folder: Folder, said: str) -> PostgresFault:
    words = " / ".join(said.strip().splitlines()[-4:])
    if "could not bind" in said:
        return PostgresFault(
            "POSTGRES.PORT_TAKEN",
            f"the port is in use: {words}",
            "Choose another port, or 0 for any free one.",
        )
    return PostgresFault(
        "POSTGRES.START_FAILED",
        f"PostgreSQL on {folder.root} ended while starting: {words}",
        f"More is in {folder.root / 'postgres.log'}.",
    )


def _late(folder: Folder, what: str) -> PostgresFault:
    return PostgresFault(
        "POSTGRES.TIMEOUT",
        f"the embedded server on {folder.root} {what} within {START_SECONDS} s",
        f"See {folder.root / 'postgres.log'}; what goes on there ends by itself, so try again later.",
    )
