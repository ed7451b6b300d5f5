"""What lies in the data folder, and what do its files say about a running server?

    DIR/postgres          PostgreSQL's own folder (0700, the server's account); its socket is in there
    DIR/postgres.in-use   shared lock: held by everybody who uses the server
    DIR/postgres.lock     exclusive lock: inherited by the server, so it is free when no process of it lives
    DIR/postgres.log      what the server said
    DIR/postgres.pass     the superuser's password for TCP, in libpq's passfile format

No decision rests on a process id read from a file: after a crash it may be anybody's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from dziennik.postgres.account import Account, account_for
from dziennik.postgres.alias import reachable_name
from dziennik.postgres.faults import PostgresFault
from dziennik.postgres.programs import MAJOR

LINUX = sys.platform == "linux"
PID_DIGITS = 10  # from here on a number is no process id
LOG_BYTES = 8_000_000  # a longer log is put aside (one generation) at the next start


@dataclass(frozen=True)
class Folder:
    """The data folder's files, and the account that serves them."""

    root: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.root / "postgres"

    @property
    def passfile(self) -> Path:
        return self.root / "postgres.pass"

    def open(self, name: str, flags: int = os.O_RDWR) -> int:
        """A descriptor of the file `name` of ours, made when missing, never through a planted link."""
        descriptor = os.open(self.root / name, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if self.account.dropped:
            owner = self.root.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    def try_lock(self, name: str, kind: int) -> int | None:
        """The lock file's descriptor with the lock LOCK_SH or LOCK_EX on it, None when others forbid it."""
        descriptor = self.open(name)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def open_log(self) -> int:
        path = self.root / "postgres.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name("postgres.log.1"))
        return self.open(path.name, os.O_RDWR | os.O_APPEND)

    def pid_file(self) -> list[str]:
        """Lines of postmaster.pid: pid, folder, start, port, socket folder, TCP address, memory, status."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        return [line.strip() for line in lines]

    def serves(self) -> bool:
        """Does a server call itself ready *and* listen? (A stale file of a killed one says ready as well.)"""
        lines = self.pid_file()
        if lines[7:8] != ["ready"]:
            return False
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(f"{reachable_name(self.cluster)}/.s.PGSQL.{lines[3]}")
            return True
        return False

    def conninfo(self) -> str:
        """How to connect to the running server: over TCP when it listens there, else over its socket."""
        lines = self.pid_file()
        if len(lines) < 8:
            raise gone(self)
        common = {"user": "postgres", "dbname": "postgres", "port": lines[3]}
        if lines[5] and self.passfile.exists():
            return make_conninfo(
                host=lines[5], passfile=str(self.passfile), sslmode="disable", gssencmode="disable", **common
            )
        return make_conninfo(host=reachable_name(self.cluster), **common)

    def clear_stale_pid_file(self) -> None:
        """Remove a killed server's file that is damaged or names a stranger by now: both stop PostgreSQL.

        The caller holds the server lock, so no server of ours is alive.
        """
        first = "".join(self.pid_file()[:1])
        pid = int(first) if first.isdecimal() and len(first) < PID_DIGITS else None
        if pid is not None and not _alive(pid):
            return  # PostgreSQL sees that itself, and also looks for survivors in shared memory
        if pid is not None and is_server(pid, self.cluster):
            raise PostgresFault(
                "POSTGRES.FOREIGN_SERVER",
                f"a PostgreSQL that Dziennik did not start (process {pid}) runs on {self.cluster}",
                f"Stop it (kill -INT {pid}) and start again.",
            )
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)


def open_folder(data_dir: Path) -> Folder:
    """Make `data_dir` when missing (0700) and see that this process may use it."""
    root = data_dir.expanduser().absolute().resolve()
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        cluster = root / "postgres"
        folder = Folder(root, account_for(root, cluster))
        owner = cluster.stat().st_uid if cluster.exists() else folder.account.uid
        os.close(folder.open("postgres.in-use"))
    except OSError as refused:
        raise PostgresFault(
            "POSTGRES.FOLDER_UNUSABLE",
            f"cannot use the data folder {root}: {refused.strerror}",
            "Choose another with --data-dir, one that you may write to.",
        ) from refused
    if cluster.exists() and os.geteuid() in {0, owner}:
        _check_version(cluster)
    if owner != folder.account.uid:
        raise PostgresFault(
            "POSTGRES.FOLDER_OF_ANOTHER",
            f"{cluster} belongs to the account {owner}, this is {folder.account.uid}",
            "Run Dziennik as its owner, give it away (chown -R), or choose another folder with --data-dir.",
        )
    return folder


def _check_version(cluster: Path) -> None:
    if not any(cluster.iterdir()):
        return
    version = cluster / "PG_VERSION"
    if not version.exists():
        raise PostgresFault(
            "POSTGRES.FOLDER_UNUSABLE",
            f"{cluster} holds something that is not a PostgreSQL database",
            "Move it away, or choose another folder with --data-dir.",
        )
    if (written := version.read_text().strip()) != MAJOR:
        raise PostgresFault(
            "POSTGRES.OTHER_VERSION",
            f"{cluster} was written by PostgreSQL {written}, this is {MAJOR}",
            f"Carry the data over with the dump and restore programs of PostgreSQL {written} and {MAJOR}.",
        )


def gone(folder: Folder) -> PostgresFault:
    """The fault for a server that ended under its users."""
    return PostgresFault(
        "POSTGRES.SERVER_GONE",
        f"the embedded server on {folder.root} ended while it was being used",
        f"What was acknowledged is safe; start again. Its reasons are in {folder.root / 'postgres.log'}.",
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def is_server(pid: int, cluster: Path) -> bool:
    """Is this living process a PostgreSQL whose data folder is `cluster`?

    A postgres works in its data folder, which Linux shows; elsewhere its command line has to do.
    """
    if LINUX:
        process = Path("/proc") / str(pid)
        try:
            program = (process / "exe").readlink().name.removesuffix(" (deleted)")
            return program == "postgres" and (process / "cwd").samefile(cluster)
        except OSError:
            return False
    told = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in told.stdout and str(cluster) in told.stdout
