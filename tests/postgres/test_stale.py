"""Does what a crash left behind mislead nobody?"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from dziennik.postgres.account import account_for
from dziennik.postgres.embedded import embedded
from dziennik.postgres.folder import is_server
from dziennik.postgres.programs import programs_for
from tests.postgres.users import User, recycled_pid, runs, server_pid, stops


@contextmanager
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    process = recycled_pid()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def crash(folder: Path) -> Path:
    """Leave the pid file of a server that was killed."""
    with User(folder) as user:
        user.go()
        os.kill(server_pid(folder), signal.SIGKILL)
        assert stops(folder)
        user.kill(signal.SIGKILL)
    return folder / "postgres" / "postmaster.pid"


def test_a_dead_servers_pid_file_is_no_obstacle(folder: Path) -> None:
    pid_file = crash(folder)
    assert "ready" in pid_file.read_text()
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_pid_of_a_stranger_is_neither_trusted_nor_killed(folder: Path) -> None:
    pid_file = crash(folder)
    with bystander() as stranger:
        _, *rest = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(stranger.pid), *rest]))
        with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert server_pid(folder) != stranger.pid
        assert stranger.poll() is None


@pytest.mark.parametrize("text", ["", "garbage", "-5\n", "99999999999999999999\n", "1\n\n"])
def test_a_damaged_pid_file_is_no_obstacle(folder: Path, text: str) -> None:
    """Empty it is after a power cut; process 1 is everywhere a stranger."""
    (folder / "postgres" / "postmaster.pid").write_text(text)
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_of_somebody_else_on_the_folder_is_left_alone(folder: Path) -> None:
    account = account_for(folder, folder / "postgres")
    place = os.open(folder / "postgres", os.O_RDONLY)
    named = account.name_of(folder / "postgres", place)
    with User(folder) as user:  # its log tells when the other is up, hence a name of its own
        foreign = subprocess.Popen(
            [
                programs_for(account) / "postgres",
                "-D",
                named,
                "-clisten_addresses=",
                "-cunix_socket_directories=.",
            ],
            pass_fds=[place],
            stderr=subprocess.PIPE,
            cwd="/",
            **account.process,
        )
        os.close(place)
        assert foreign.stderr
        while b"ready to accept" not in foreign.stderr.readline():
            assert foreign.poll() is None
        assert is_server(foreign.pid, folder / "postgres")
        assert user.go() == "POSTGRES.FOREIGN_SERVER"
        foreign.send_signal(signal.SIGINT)
        foreign.communicate()
        assert foreign.returncode == 0
    assert not runs(folder)


def test_half_of_a_database_is_never_used(tmp_path: Path) -> None:
    """What a killed initdb has left is a draft, and is made anew."""
    draft = tmp_path / "postgres.draft"
    (draft / "base").mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with embedded(tmp_path, durable=False) as conninfo, psycopg.connect(conninfo):
        pass
    assert not draft.exists()
    assert {path.name for path in tmp_path.iterdir()} == {
        "postgres", "postgres.in-use", "postgres.lock", "postgres.log", "postgres.pass",
    }  # fmt: skip


def test_a_long_log_is_put_aside_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dziennik.postgres.folder.LOG_BYTES", 10)
    (folder / "postgres.log").write_text("what was said before")
    with embedded(folder, durable=False):
        pass
    assert (folder / "postgres.log.1").read_text() == "what was said before"
    assert "starting PostgreSQL" in (folder / "postgres.log").read_text()
