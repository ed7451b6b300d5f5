"""Are followers woken at once, in this process and in others, without holding up commits?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from time import monotonic

import psycopg
import pytest

from dziennik.journal import listening as listening_line
from dziennik.journal import wakeup
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.wakeup import Signal
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.sample import PUPIL, STRUCK_OUT, give


@pytest.fixture
def rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for himself while a test lasts: it is the wake-up that wakes."""
    monkeypatch.setattr(wakeup, "POLL", 60)


def in_background(journal: Journal, after: int) -> Future[tuple[int, float]]:
    """What wait answers, and when; begun for certain when this returns."""
    answer: Future[tuple[int, float]] = Future()
    looked = Future[None]()
    look = journal._reader.position

    def look_and_tell() -> int:
        head = look()
        if not looked.done():
            looked.set_result(None)
        return head

    def wait() -> None:
        answer.set_result((journal._signal.wait(after, 30, look_and_tell), monotonic()))

    Thread(target=wait, daemon=True).start()
    looked.result(10)
    return answer


def test_wait_returns_at_once_when_there_is_something(journal: Journal) -> None:
    """The library's wait never returns before 100 ms."""
    give(journal, "a")
    started = monotonic()
    for _ in range(20):
        assert journal.wait(0, timeout=30) == 1
    assert monotonic() - started < 1  # the library: two seconds at least


def test_wait_gives_up_after_its_time(journal: Journal) -> None:
    give(journal, "a")
    started = monotonic()
    assert journal.wait(1, timeout=0.05) == 1
    assert 0.05 <= monotonic() - started < 5
    assert journal.wait(1, timeout=0) == 1


@pytest.mark.usefixtures("rarely")
def test_a_follower_in_this_process_is_woken(journal: Journal) -> None:
    waiting = in_background(journal, after=0)
    give(journal, "a", 0, PUPIL, PUPIL)
    written = monotonic()
    head, woken = waiting.result(10)
    assert head == 2
    assert woken - written < 1


@pytest.mark.usefixtures("rarely")
def test_a_follower_in_another_process_is_woken(
    journal: Journal, open_journals: Callable[[], Journals]
) -> None:
    other = open_journals().school(journal.school_id)
    give(journal, "a")
    assert other.wait(0, timeout=10) == 1
    listening(journal, other)
    waiting = in_background(other, after=other.position())
    before = other.position()
    give(journal, "b")
    assert waiting.result(10)[0] == before + 1


def listening(journal: Journal, other: Journal) -> None:
    """Return when news of `journal` reach `other`, whose thread needs a moment to begin listening."""
    for _ in range(1000):
        head = give(journal, "heard", journal.version("heard")).last_position
        if other._signal.wait(head - 1, 0.05, lambda: 0) >= head:
            return
    raise TimeoutError


def test_a_lost_wakeup_only_costs_time(journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "POLL", 0.01)
    waiting = in_background(journal, after=0)
    with Line.connect(dsn) as elsewhere:  # writes, and tells nobody
        raw.append(elsewhere, journal, raw.prepared("a", 1, *raw.stored(STRUCK_OUT)))
    assert waiting.result(10)[0] == 1


def test_a_follower_of_one_school_is_not_woken_by_another(journals: Journals, journal: Journal) -> None:
    other = journals.create_school(f"{journal.school_id}-2")
    give(other, "a")
    assert journal.wait(0, timeout=0.05) == 0


@pytest.mark.usefixtures("rarely")
def test_a_listener_that_was_cut_off_listens_again(
    journal: Journal, open_journals: Callable[[], Journals], dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_line, "_RECONNECT", 0.01)
    other = open_journals().school(journal.school_id)
    listening(journal, other)
    with psycopg.connect(dsn, autocommit=True) as admin:
        cut = admin.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        ).fetchone()
    assert cut
    assert cut[0] >= 2
    listening(journal, other)


def test_no_notification_is_sent_inside_an_append(journal: Journal, dsn: str) -> None:
    """A NOTIFY in the transaction would make all commits of the database wait for each other."""
    with psycopg.connect(dsn, autocommit=True) as listener, Line.connect(dsn) as line:
        listener.execute(f"LISTEN {wakeup.CHANNEL}")
        raw.append(line, journal, raw.prepared("a", 1, *raw.stored(STRUCK_OUT)))
        line.commit()
        heard = [notify.payload for notify in listener.notifies(timeout=0.1)]
    assert [payload for payload in heard if journal.school_id in payload] == []


def test_many_followers_all_wake(journal: Journal) -> None:
    with ThreadPoolExecutor(10) as pool:
        waiting = [pool.submit(journal.wait, 0, 30) for _ in range(10)]
        give(journal, "a")
        assert [head.result(10) for head in waiting] == [1] * 10


def test_a_signal_never_goes_back() -> None:
    signal = Signal("s1")
    for position in (5, 3, 4):
        signal.raise_to(position)
    assert signal.wait(4, 0, lambda: 0) == 5


def test_closing_is_quick(open_journals: Callable[[], Journals], journal: Journal) -> None:
    opened = open_journals()
    give(opened.school(journal.school_id), "a")
    started = monotonic()
    opened.close()
    assert monotonic() - started < 3
