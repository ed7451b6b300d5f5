"""Is the order of positions the order of commits, without holes, whoever writes at once?"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest

from dziennik.contracts.envelope import Recorded
from dziennik.journal.journal import Appended, Journal, VersionConflict
from dziennik.journal.journals import Journals
from dziennik.journal.wire import Line
from tests.journal import raw
from tests.journal.sample import PUPIL, STRUCK_OUT, draft, give, grade, origin, positions


def test_a_tailing_reader_does_not_miss_the_slow_writer(journal: Journal, dsn: str) -> None:
    """With the library's POSTGRES_ENABLE_DB_FUNCTIONS the reader passes over the slow one's position."""
    seen: list[Recorded] = []
    with Line.connect(dsn) as slow, ThreadPoolExecutor(1) as fast:
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        later = fast.submit(give, journal, "fast")
        raw.blocked(dsn)
        seen += journal.read(0)
        assert seen == []
        slow.commit()
        assert later.result(10) == Appended(2, 2)
    seen += journal.read(0)
    assert [(r.position, r.stream) for r in seen] == [(1, "slow"), (2, "fast")]


def test_a_writer_that_gives_up_leaves_no_hole(journal: Journal, dsn: str) -> None:
    """A sequence would have lost a number here."""
    with Line.connect(dsn) as quitter, ThreadPoolExecutor(1) as other:
        raw.append(quitter, journal, raw.prepared("quitter", 1, *raw.stored(STRUCK_OUT)))
        later = other.submit(give, journal, "other")
        raw.blocked(dsn)
        quitter.rollback()
        assert later.result(10) == Appended(1, 1)
    assert positions(journal) == [1]


def test_sixteen_writers_and_a_tailing_reader(
    journal: Journal, open_journals: Callable[[], Journals]
) -> None:
    others = open_journals().school(journal.school_id)  # as another process would
    read: list[Recorded] = []
    done = Event()

    def tail() -> None:
        while True:
            last = done.is_set()
            more = journal.read(len(read), 50)
            assert [r.position for r in more] == list(range(len(read) + 1, len(read) + len(more) + 1))
            read.extend(more)
            if last and not more:
                return

    def write(writer: int) -> dict[str, Appended]:
        through = (journal, others)[writer % 2]
        rng = random.Random(writer)
        outcomes = {}
        for number in range(40):
            facts = [grade(number) for _ in range(rng.randint(1, 4))]
            stream = f"{writer}/{number}"
            outcomes[stream] = through.append([draft(stream, 0, *facts)], origin(f"command/{stream}"))
        return outcomes

    with ThreadPoolExecutor(17) as pool:
        tailing = pool.submit(tail)
        writing = [pool.submit(write, writer) for writer in range(16)]
        outcomes = {stream: done for w in writing for stream, done in w.result(60).items()}
        done.set()
        tailing.result(60)

    assert len(outcomes) == 640
    assert [r.position for r in read] == list(range(1, journal.position() + 1))
    for stream, outcome in outcomes.items():
        facts = read[outcome.first_position - 1 : outcome.last_position]
        assert {(r.stream, r.origin.command_id) for r in facts} == {(stream, f"command/{stream}")}
        assert [r.version for r in facts] == list(range(1, len(facts) + 1))


def test_of_many_who_saw_the_same_version_one_wins(journal: Journal) -> None:
    start = Barrier(8)

    def race(number: int) -> str:
        start.wait()
        try:
            journal.append([draft("a", 0, grade(number))], origin())
        except VersionConflict as conflict:
            return f"{conflict.expected} is {conflict.actual}"
        return "won"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(race, range(8))) == ["0 is 1"] * 7 + ["won"]
    assert positions(journal) == [1]


@pytest.mark.parametrize("same_process", [True, False])
def test_one_command_given_by_many_at_once_is_written_once(
    journal: Journal, open_journals: Callable[[], Journals], same_process: bool
) -> None:
    ways = [journal, journal if same_process else open_journals().school(journal.school_id)]
    start = Barrier(6)

    def repeat(number: int) -> Appended:
        start.wait()
        return ways[number % 2].append([draft("a", 0, grade(1), grade(2))], origin("c1"))

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(repeat, range(6)))
    assert (
        sorted(outcomes, key=lambda done: done.repeated)
        == [Appended(1, 2)] + [Appended(1, 2, repeated=True)] * 5
    )
    assert positions(journal) == [1, 2]


def test_schools_never_wait_for_each_other(journal: Journal, journals: Journals, dsn: str) -> None:
    other = journals.create_school(f"{journal.school_id}-2")
    with Line.connect(dsn) as slow:
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        assert give(other, "a") == Appended(1, 1)


def test_readers_never_wait_for_writers(journal: Journal, dsn: str) -> None:
    give(journal, "a")
    with Line.connect(dsn) as slow:
        raw.append(slow, journal, raw.prepared("slow", 1, *raw.stored(STRUCK_OUT)))
        assert (journal.position(), journal.version("a"), positions(journal)) == (1, 1, [1])
        assert [r.fact for r in journal.load("a")] == [PUPIL]


def test_a_waiting_thread_never_writes_twice(journal: Journal) -> None:
    """Threads come and go; each gets its own outcome, not a neighbour's."""
    wrong: list[int] = []

    def write(number: int) -> None:
        done = journal.append([draft(f"a/{number}", 0, *[PUPIL] * (number % 3 + 1))], origin(f"c{number}"))
        if done.last_position - done.first_position != number % 3 or done.repeated:
            wrong.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    assert positions(journal) == list(range(1, sum(n % 3 + 1 for n in range(60)) + 1))
