"""Which commands share a transaction, and what happens to each when it fails?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

import psycopg
import pytest

from dziennik.journal import coalescer, datastore
from dziennik.journal.batch import Conflict, Outcome, Prepared, Written, prepared
from dziennik.journal.coalescer import Coalescer
from dziennik.journal.journal import Appended, Journal, Unsettled
from dziennik.journal.journals import Journals
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.sample import MORNING, PUPIL, STRUCK_OUT, draft, give, origin, positions


def command(command_id: str, *writes: str, guards: Sequence[str] = (), facts: int = 1) -> Prepared:
    checks = dict.fromkeys([*writes, *guards], 0)
    stored = [(stream, version, "n", b"") for stream in writes for version in range(1, facts + 1)]
    return prepared(command_id, b"", b"", MORNING, checks, stored)


class Held:
    """A coalescer whose writing stops before each batch until the test lets it go on."""

    def __init__(self) -> None:
        self.batches: SimpleQueue[list[str]] = SimpleQueue()
        self.answers: SimpleQueue[BaseException | None] = SimpleQueue()
        self.coalescer = Coalescer(self._write)
        self.pool = ThreadPoolExecutor(40)

    def _write(self, commands: Sequence[Prepared]) -> list[Outcome | Exception]:
        self.batches.put([c.command_id for c in commands])
        answer = self.answers.get(timeout=10)
        if answer:
            raise answer
        return [Conflict(c.command_id, 0, 0) for c in commands]

    def give(self, *commands: Prepared) -> list[Future[Outcome]]:
        """Queue commands in this order behind the one that is being written."""
        given = []
        for number, one in enumerate(commands, len(self.coalescer._waiting) + 1):
            given.append(self.pool.submit(self.coalescer.submit, one))
            while len(self.coalescer._waiting) < number:
                pass
        return given

    def first(self, one: Prepared) -> Future[Outcome]:
        """Give a command that is being written when this returns."""
        given = self.pool.submit(self.coalescer.submit, one)
        assert self.batches.get(timeout=10) == [one.command_id]
        return given

    def next_batch(self, answer: BaseException | None = None) -> list[str]:
        """Let the one before end, and see what comes next."""
        self.answers.put(answer)
        return self.batches.get(timeout=10)


@pytest.fixture
def held() -> Held:
    return Held()


def test_what_arrives_during_a_commit_goes_together_into_the_next(held: Held) -> None:
    first = held.first(command("c0", "a"))
    rest = held.give(*(command(f"c{n}", f"s{n}") for n in range(1, 6)))
    assert held.next_batch() == ["c1", "c2", "c3", "c4", "c5"]
    held.answers.put(None)
    assert [given.result(10) for given in [first, *rest]] == [Conflict(f"c{n}", 0, 0) for n in range(6)]


DEPENDENT = {
    "the same stream": (command("c1", "a"), command("c2", "a")),
    "a stream consulted after it was written": (command("c1", "a"), command("c2", "b", guards=["a"])),
    "the same command": (command("c1", "a"), command("c1", "b")),
}


@pytest.mark.parametrize("case", DEPENDENT)
def test_what_depends_on_an_earlier_command_waits_for_the_next_batch(held: Held, case: str) -> None:
    held.first(command("c0", "z"))
    one, two = DEPENDENT[case]
    held.give(one, two, command("c3", "c"))
    assert held.next_batch() == ["c1", "c3"]
    assert held.next_batch() == [two.command_id]
    held.answers.put(None)


def test_a_stream_consulted_before_it_is_written_may_go_along(held: Held) -> None:
    held.first(command("c0", "z"))
    held.give(command("c1", "b", guards=["a"]), command("c2", "a"))
    assert held.next_batch() == ["c1", "c2"]
    held.answers.put(None)


def test_a_batch_is_not_larger_than_its_bound(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalescer, "MOST_FACTS", 10)
    held.first(command("c0", "z"))
    held.give(
        command("c1", "a", facts=4),
        command("c2", "b", facts=6),
        command("c3", "c"),
        command("c4", "d", facts=99),
    )
    assert held.next_batch() == ["c1", "c2"]
    assert held.next_batch() == ["c3"]
    assert held.next_batch() == ["c4"]
    held.answers.put(None)


def test_a_thread_writes_a_few_batches_only(held: Held) -> None:
    """Its own command has long been done when the others' go on arriving."""
    first = held.first(command("c0", "z"))
    for number in range(1, coalescer.BATCHES):
        assert not first.done()
        held.give(command(f"c{number}", "z"))
        assert held.next_batch() == [f"c{number}"]
    last = held.give(command("last", "z"))
    assert held.next_batch() == ["last"]
    assert first.result(10) == Conflict("c0", 0, 0)
    held.answers.put(None)
    assert last[0].result(10) == Conflict("last", 0, 0)


def test_a_fault_while_writing_reaches_each_and_stops_nothing(held: Held) -> None:
    first = held.first(command("c0", "z"))
    second, third = held.give(command("c1", "a"), command("c2", "b"))
    assert held.next_batch(ZeroDivisionError()) == ["c1", "c2"]
    (last,) = held.give(command("c3", "c"))
    assert held.next_batch(ZeroDivisionError()) == ["c3"]
    held.answers.put(None)
    for given in (first, second, third):
        with pytest.raises((ZeroDivisionError, Unsettled)):
            given.result(10)
    assert last.result(10) == Conflict("c3", 0, 0)


def test_after_a_quiet_time_it_begins_anew() -> None:
    fresh = Coalescer(lambda commands: [Written(1, 1) for _ in commands])
    for number in range(3):
        assert fresh.submit(command(f"c{number}", "a")) == Written(1, 1)


def test_commands_of_one_batch_succeed_and_fail_on_their_own(journal: Journal, dsn: str) -> None:
    """Also one that the database itself refuses (a text with a NUL), which fails the whole transaction."""
    give(journal, "taken")
    journal.append([draft("known", 0, PUPIL)], origin("known"), digest=b"")
    with Line.connect(dsn) as slow, ThreadPoolExecutor(6) as pool:
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        first = pool.submit(give, journal, "first")
        raw.blocked(dsn)
        waiting = journal._writer._coalescer._waiting

        def queue(command_id: str, stream: str) -> Future[Appended]:
            size = len(waiting)
            given = pool.submit(journal.append, [draft(stream, 0, PUPIL)], origin(command_id), digest=b"")
            while len(waiting) == size:
                pass
            return given

        good, conflict, bad, known, last = (
            queue(*case)
            for case in (("c1", "g"), ("c2", "taken"), ("nul\x00", "n"), ("known", "k"), ("c5", "l"))
        )
        slow.commit()
        assert first.result(10) == Appended(4, 4)
        assert good.result(10) == Appended(5, 5)
        with pytest.raises(Exception, match="stream taken is at version 1, not 0"):
            conflict.result(10)
        with pytest.raises(psycopg.DataError):
            bad.result(10)
        assert known.result(10) == Appended(2, 2, repeated=True)
        assert last.result(10) == Appended(6, 6)
    assert [r.stream for r in journal.read(0)] == ["taken", "known", "slow", "first", "g", "l"]
    assert positions(journal) == list(range(1, 7))


def test_an_interrupted_writer_hands_over(held: Held) -> None:
    """Ctrl-C in the thread that writes: it ends, the others in its batch are told, the rest goes on."""
    first = held.first(command("c0", "z"))
    second, third = held.give(command("c1", "a"), command("c2", "b"))
    assert held.next_batch(KeyboardInterrupt()) == ["c1", "c2"]
    assert isinstance(first.exception(10), KeyboardInterrupt)
    (fourth,) = held.give(command("c3", "c"))
    assert held.next_batch(SystemExit()) == ["c3"]
    held.answers.put(None)
    assert {type(second.exception(10)), type(third.exception(10))} == {SystemExit, Unsettled}
    assert fourth.result(10) == Conflict("c3", 0, 0)


def test_a_school_that_is_held_too_long_is_an_error_for_each(
    open_journals: Callable[[], Journals], journal: Journal, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datastore, "_SETTINGS", (*datastore._SETTINGS, "SET lock_timeout = '50ms'"))
    impatient = open_journals().school(journal.school_id)
    with Line.connect(dsn) as forgotten:
        raw.append(forgotten, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            give(impatient, "a")
        forgotten.rollback()
    assert give(impatient, "a") == Appended(1, 1)
