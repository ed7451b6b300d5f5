"""What does a command's giver learn when the database goes away in the middle?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from dziennik.journal.journal import Appended, Journal, Unsettled, VersionConflict
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.proxy import Proxy, proxy
from tests.journal.sample import MASTER_KEY, PUPIL, STRUCK_OUT, draft, give, grade, origin, positions


@pytest.fixture
def line(dsn: str) -> Iterator[Proxy]:
    with proxy(dsn) as opened:
        yield opened


@pytest.fixture
def cuttable(journal: Journal, line: Proxy) -> Iterator[Journal]:
    """The journal through a line that can be cut. Its writing connection has been used once."""
    with Journals(line.dsn, keyring=Keyring(MASTER_KEY), writers=1, patience=0.5) as journals:
        through = journals.school(journal.school_id)
        give(through, "warm-up")
        yield through


def test_a_commit_whose_answer_got_lost_is_reported_as_written(
    cuttable: Journal, journal: Journal, line: Proxy
) -> None:
    """The library's @retry gives the save again and tells the teacher "conflict"."""
    line.swallow = 1
    outcome = cuttable.append([draft("a", 0, grade(1), grade(2))], origin("c1"))
    assert line.swallowed == 1
    assert outcome == Appended(2, 3, repeated=True)
    assert journal.outcome("c1") == Appended(2, 3)
    assert positions(journal) == [1, 2, 3]


def test_answers_lost_twice_in_a_row_are_settled_as_well(
    cuttable: Journal, journal: Journal, line: Proxy
) -> None:
    line.swallow = 2  # the second is the first answer on the new line
    assert cuttable.append([draft("a", 0, PUPIL)], origin("c1")) == Appended(2, 2, repeated=True)
    assert positions(journal) == [1, 2]


def test_a_request_that_got_lost_is_written(cuttable: Journal, journal: Journal, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE query LIKE '%append(%' AND pid <> pg_backend_pid()"
        )
    assert cuttable.append([draft("a", 0, PUPIL)], origin("c1")) == Appended(2, 2)
    assert positions(journal) == [1, 2]


def test_a_true_conflict_stays_one_after_the_line_was_cut(
    cuttable: Journal, journal: Journal, line: Proxy
) -> None:
    give(journal, "a")
    line.swallow = 1
    with pytest.raises(VersionConflict):
        cuttable.append([draft("a", 0, PUPIL)], origin("c1"))
    assert positions(journal) == [1, 2]


def test_a_database_that_stays_away_leaves_the_command_open(
    cuttable: Journal, journal: Journal, line: Proxy
) -> None:
    line.refuse = True
    with pytest.raises(Unsettled, match="c1"):
        cuttable.append([draft("a", 0, PUPIL)], origin("c1"))
    line.refuse = False
    assert journal.outcome("c1") is None
    assert cuttable.append([draft("a", 0, PUPIL)], origin("c1")) == Appended(2, 2)


def test_a_server_process_killed_while_it_waits_its_turn(
    journal: Journal, dsn: str, open_journals: Callable[[], Journals]
) -> None:
    """pg_terminate_backend on the writer while another holds the serial section: it is given again."""
    with (
        Line.connect(dsn) as slow,
        psycopg.connect(dsn, autocommit=True) as admin,
        ThreadPoolExecutor(1) as pool,
    ):
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        later = pool.submit(journal.append, [draft("a", 0, PUPIL)], origin("c1"))
        raw.blocked(dsn)
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        raw.blocked(dsn)
        slow.commit()
        assert later.result(10) == Appended(2, 2)
    assert positions(journal) == [1, 2]


def test_all_commands_of_a_cut_batch_are_settled(
    cuttable: Journal, journal: Journal, line: Proxy, dsn: str
) -> None:
    with Line.connect(dsn) as slow, ThreadPoolExecutor(5) as pool:
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        first = pool.submit(cuttable.append, [draft("b/0", 0, PUPIL)], origin("c0"))
        raw.blocked(dsn)
        rest = [
            pool.submit(cuttable.append, [draft(f"b/{n}", 0, PUPIL)], origin(f"c{n}")) for n in range(1, 5)
        ]
        line.swallow = 2
        slow.commit()
        outcomes = [later.result(10) for later in [first, *rest]]
    assert positions(journal) == list(range(1, 8))
    for number, outcome in enumerate(outcomes):
        known = journal.outcome(f"c{number}")
        assert known
        assert (known.first_position, known.last_position) == (outcome.first_position, outcome.last_position)


def test_an_append_is_one_round_trip(cuttable: Journal, line: Proxy) -> None:
    """The library needs four; a save of 700 facts hangs it."""
    for number, facts in enumerate((1, 30)):
        before = line.requests, line.answers
        give(cuttable, f"a/{number}", 0, *[PUPIL] * facts)
        assert (line.requests - before[0], line.answers - before[1]) == (1, 1)


def test_ten_thousand_facts_go_over_tcp(cuttable: Journal, journal: Journal) -> None:
    facts = [grade(number) for number in range(10_000)]
    assert cuttable.append([draft("a", 0, *facts)], origin()) == Appended(2, 10_001)
    assert [r.fact for r in cuttable.load("a")] == facts
