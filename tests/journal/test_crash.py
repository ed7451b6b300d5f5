"""What is left when the server is killed (kill -9) in the middle of writing?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg

from dziennik.journal.journal import Appended, Journal, Unsettled
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.postgres.embedded import embedded
from tests.journal.sample import MASTER_KEY, draft, grade, origin

WRITERS, COMMANDS, BEFORE = 8, 40, 60
Acknowledged = dict[str, Appended]


def write_and_kill(journal: Journal, kill: Callable[[], None]) -> Acknowledged:
    """Write from several threads; `kill` after a few commands. A thread ends with an Unsettled command."""
    acknowledged: Acknowledged = {}
    enough = Event()

    def write(writer: int) -> None:
        for number in range(COMMANDS):
            try:
                acknowledged[f"{writer}/{number}"] = give(journal, f"{writer}/{number}")
            except Unsettled:
                return
            if len(acknowledged) >= BEFORE:
                enough.set()

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        assert enough.wait(20)
        kill()
        for each in writing:
            each.result(30)
    return acknowledged


def give(journal: Journal, name: str) -> Appended:
    return journal.append([draft(name, 0, grade(1), grade(2))], origin(name))


def check(journal: Journal, acknowledged: Acknowledged) -> None:
    """No hole, every command whole or not at all, the acknowledged ones where they were said to be."""
    log = journal.read(0, 100_000)
    assert [r.position for r in log] == list(range(1, journal.position() + 1))
    for one, two in zip(log[::2], log[1::2], strict=True):
        assert (one.stream, one.version, two.stream, two.version) == (one.stream, 1, one.stream, 2)
    for name, outcome in acknowledged.items():
        facts = log[outcome.first_position - 1 : outcome.last_position]
        assert [(r.stream, r.origin.command_id) for r in facts] == [(name, name)] * 2


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def test_acknowledged_commands_survive_and_the_rest_can_be_given_again(tmp_path: Path) -> None:
    with embedded(tmp_path) as dsn, Journals(dsn, keyring=Keyring(MASTER_KEY), patience=0.2) as journals:
        journal = journals.create_school("s1")
        acknowledged = write_and_kill(journal, lambda: os.kill(postmaster(tmp_path), signal.SIGKILL))
        assert BEFORE <= len(acknowledged) < WRITERS * COMMANDS

    with embedded(tmp_path) as dsn, Journals(dsn, keyring=Keyring(MASTER_KEY)) as journals:
        journal = journals.school("s1")
        check(journal, acknowledged)
        every = {f"{w}/{n}": give(journal, f"{w}/{n}") for w in range(WRITERS) for n in range(COMMANDS)}
        assert all(every[name].repeated for name in acknowledged)
        check(journal, every)
        assert journal.position() == WRITERS * COMMANDS * 2


def test_a_server_process_that_dies_is_not_even_noticed(tmp_path: Path) -> None:
    """The server throws out everybody and recovers; each command is settled without its giver's help."""
    with embedded(tmp_path) as dsn, Journals(dsn, keyring=Keyring(MASTER_KEY)) as journals:
        journal = journals.create_school("s1")

        def kill() -> None:
            with psycopg.connect(dsn, autocommit=True) as admin:
                backends = admin.execute(
                    "SELECT pid FROM pg_stat_activity"
                    " WHERE query LIKE '%append(%' AND pid <> pg_backend_pid()"
                ).fetchall()
            os.kill(backends[0][0], signal.SIGKILL)

        acknowledged = write_and_kill(journal, kill)
        assert len(acknowledged) == WRITERS * COMMANDS
        check(journal, acknowledged)
        assert journal.position() == WRITERS * COMMANDS * 2
