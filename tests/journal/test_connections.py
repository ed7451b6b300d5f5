"""Do readers get over broken and scarce connections?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import psycopg
import pytest
from psycopg import errors

from dziennik.journal import datastore, wire
from dziennik.journal.datastore import ConnectionLost
from dziennik.journal.journal import Journal, UndecodableFact
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.journal.wire import Line, Statement, bigint
from tests.journal import raw
from tests.journal.proxy import proxy
from tests.journal.sample import MASTER_KEY, PUPIL, give, grade, positions


def backend(journal: Journal) -> int:
    """Which server process serves the readers (of a pool of one)."""
    with journal._reader._recorder.datastore.reading.connection() as line:
        return line.info.backend_pid


def test_readers_whose_connections_were_cut_do_not_notice(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, PUPIL)
    assert positions(journal) == [1]
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend(journal)])
    assert positions(journal) == [1]
    assert journal.version("a") == 1


def test_a_strict_reader_that_fails_leaves_its_connection_in_order(journal: Journal, dsn: str) -> None:
    give(journal, "a", 0, *(grade(number) for number in range(1000)))
    raw.force(dsn, journal, "UPDATE events SET name = 'unknown.1' WHERE position = 1")
    with Journals(dsn, keyring=Keyring(MASTER_KEY), readers=1) as journals:
        alone = journals.school(journal.school_id)
        before = backend(alone)
        with pytest.raises(UndecodableFact):
            alone.read(0)
        assert len(alone.follow(0)) == 1000
        assert backend(alone) == before


def test_readers_who_need_keys_do_not_wait_for_each_other(journal: Journal, dsn: str) -> None:
    for number in range(8):
        give(journal, f"a/{number}", 0, *(grade(n, f"p{number}-{n}", "uwaga") for n in range(20)))
    with (
        Journals(dsn, keyring=Keyring(MASTER_KEY), readers=2, writers=1) as journals,
        ThreadPoolExecutor(8) as pool,
    ):
        through = journals.school(journal.school_id)
        loaded = list(pool.map(lambda number: through.load(f"a/{number}"), range(8)))
    assert [len(facts) for facts in loaded] == [20] * 8


def test_a_database_that_stays_away_is_an_operational_error(
    journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore, "_POOL_SECONDS", 0.05)
    with proxy(dsn) as line, Journals(line.dsn, keyring=Keyring(MASTER_KEY), readers=2) as journals:
        through = journals.school(journal.school_id)
        give(through, "a")
        line.refuse = True
        for read in (through.position, lambda: through.read(0), lambda: through.load("a")):
            with pytest.raises(ConnectionLost) as lost:
                read()
            assert isinstance(lost.value, psycopg.OperationalError)
        line.refuse = False
        assert through.position() == 1


def test_a_statement_that_is_refused_leaves_the_line_in_order(dsn: str) -> None:
    divide = Statement(psycopg.sql.SQL("SELECT 1 / $1::bigint").format())
    with Line.connect(dsn, autocommit=True) as line:
        for _ in range(2):
            with pytest.raises(errors.DivisionByZero):
                line.ask(divide, bigint(0))
            with pytest.raises(errors.DivisionByZero):
                line.ask_for_many(divide, [bigint(0)], list)
            assert line.ask(divide, bigint(1)) == line.ask_for_many(divide, [bigint(1)], list) == [(1,)]
        with pytest.raises(errors.UndefinedTable):
            line.ask(Statement(psycopg.sql.SQL("SELECT * FROM nowhere").format()))


def test_prepared_statements_are_bounded(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PREPARED", 3)
    statements = [Statement(psycopg.sql.SQL(f"SELECT {number}").format()) for number in range(5)]
    with Line.connect(dsn, autocommit=True) as line:
        for number in (0, 1, 2, 0, 3, 4, 0):
            assert line.ask(statements[number]) == [(number,)]
        kept = line.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert kept == (3,)


def test_parameters_larger_than_the_lines_buffers_are_sent(dsn: str) -> None:
    echo = Statement(psycopg.sql.SQL("SELECT length($1::text)").format())
    with Line.connect(dsn, autocommit=True) as line:
        assert line.ask_for_many(echo, [b"x" * 5_000_000], list) == [(5_000_000,)]


def test_a_school_is_found_as_soon_as_the_server_is_there_again(journal: Journal, dsn: str) -> None:
    with proxy(dsn) as between, Journals(between.dsn, keyring=Keyring(MASTER_KEY), readers=2) as journals:
        assert journal.school_id in journals.schools()
        between.refuse = True
        with pytest.raises(ConnectionLost):
            journals.schools()
        with ThreadPoolExecutor(2) as pool:
            asked = pool.submit(journals.school, journal.school_id), pool.submit(journals.schools)
            sleep(1.5)
            between.refuse = False
            assert asked[0].result(8).school_id == journal.school_id
            assert journal.school_id in asked[1].result(8)
