"""Do all users of a data folder share one server, which lives as long as any of them?"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from dziennik.postgres.embedded import embedded
from dziennik.postgres.faults import PostgresFault
from tests.postgres.users import User, parent_of, runs, server_pid, stops


def test_it_runs_while_it_is_used_and_not_after(folder: Path) -> None:
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT current_user::text").fetchone() == ("postgres",)
        assert runs(folder)
    assert not runs(folder)


def test_a_second_user_joins(folder: Path) -> None:
    with embedded(folder, durable=False) as conninfo, User(folder) as second:
        pid = server_pid(folder)
        assert second.go() == conninfo
        assert second.leave() == "left"
        assert server_pid(folder) == pid
        with psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_stays_for_the_others_when_its_starter_leaves(folder: Path) -> None:
    with User(folder) as first, User(folder) as second:
        first.go()
        second.go()
        pid = server_pid(folder)
        assert first.leave() == "left"
        assert second.works()
        assert server_pid(folder) == pid
        assert second.leave() == "left"
    assert stops(folder)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_stops_when_its_only_user_is_killed(folder: Path, by: signal.Signals) -> None:
    with User(folder) as user:
        user.go()
        user.kill(by)
    assert stops(folder)
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo):
        pass


@pytest.mark.parametrize("dead", ["starter", "joiner"])
def test_it_stays_for_the_others_when_one_is_killed(folder: Path, dead: str) -> None:
    with User(folder) as starter, User(folder) as joiner:
        starter.go()
        joiner.go()
        killed, left = (starter, joiner) if dead == "starter" else (joiner, starter)
        killed.kill(signal.SIGKILL)
        assert left.works()
        left.kill(signal.SIGKILL)
    assert stops(folder)


def use_and_kill(folder: Path, target: str) -> None:
    with embedded(folder, durable=False) as conninfo:
        server = server_pid(folder)
        os.kill(server if target == "server" else parent_of(server), signal.SIGKILL)
        assert stops(folder)
        psycopg.connect(conninfo)


@pytest.mark.parametrize("target", ["server", "supervisor"])
@pytest.mark.parametrize("role", ["starter", "joiner"])
def test_a_killed_server_is_a_clear_fault_and_comes_up_again(folder: Path, target: str, role: str) -> None:
    with ExitStack() as stack:
        if role == "joiner":
            stack.enter_context(User(folder)).go()
        with pytest.raises(PostgresFault, match="ended while it was being used") as fault:
            use_and_kill(folder, target)
        assert fault.value.code == "POSTGRES.SERVER_GONE"
    assert stops(folder)
    with embedded(folder, durable=False) as conninfo, psycopg.connect(conninfo):
        pass


def test_an_error_of_the_bodys_own_stays_what_it_is(folder: Path) -> None:
    with (
        pytest.raises(psycopg.errors.UndefinedTable),
        embedded(folder, durable=False) as conninfo,
        psycopg.connect(conninfo) as connection,
    ):
        connection.execute("TABLE nowhere")
    with (
        pytest.raises(psycopg.OperationalError, match="does not exist"),
        embedded(folder, durable=False) as conninfo,
    ):
        psycopg.connect(conninfo, dbname="nowhere")


def test_those_who_start_at_once_start_one(tmp_path: Path) -> None:
    data_dir = tmp_path / "new"
    with ExitStack() as stack:
        users = [stack.enter_context(User(data_dir)) for _ in range(5)]
        with ThreadPoolExecutor(5) as pool:
            conninfos = list(pool.map(User.go, users))
        assert conninfos[0].startswith("host=")
        assert conninfos == conninfos[:1] * 5
        said = (data_dir / "postgres.log").read_text()
        assert said.count("starting PostgreSQL") == 1
        assert [user.works() for user in users] == [True] * 5
    assert stops(data_dir)


def test_who_comes_while_it_stops_starts_it_anew(folder: Path) -> None:
    """Over and over, so that the joiner meets each step of the shutdown."""
    for _ in range(5):
        with User(folder) as first, User(folder) as second:
            first.go()
            assert first.process.stdin
            first.process.stdin.close()
            assert second.go().startswith("host=")
            assert second.works()
            first.process.wait(60)
    assert stops(folder)


def test_the_thread_that_started_it_may_end(folder: Path) -> None:
    """The system tells a child of its parent *thread's* end; a server must not follow it."""
    with ExitStack() as stack:
        conninfos: list[str] = []
        thread = threading.Thread(
            target=lambda: conninfos.append(stack.enter_context(embedded(folder, durable=False)))
        )
        thread.start()
        thread.join()
        with psycopg.connect(conninfos[0]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_process_may_use_it_twice(folder: Path) -> None:
    with embedded(folder, durable=False) as outer:
        with embedded(folder, durable=False) as inner:
            assert inner == outer
        with psycopg.connect(outer) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
