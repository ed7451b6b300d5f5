"""What do the ways of reading give back?"""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dziennik.journal.journal import Journal, Raw
from tests.journal.sample import MORNING, PUPIL, STRUCK_OUT, draft, give, grade, origin, positions


def test_load_begins_after_a_version_and_ends_at_a_position(journal: Journal) -> None:
    give(journal, "a", 0, grade(1), grade(2))
    give(journal, "b", 0, grade(3))
    give(journal, "a", 2, grade(4))
    assert [r.version for r in journal.load("a", after_version=1)] == [2, 3]
    assert [r.version for r in journal.load("a", until_position=3)] == [1, 2]
    assert journal.load("a", after_version=3) == []
    assert journal.load("c") == []


def test_load_many_answers_for_every_stream_asked(journal: Journal) -> None:
    give(journal, "a", 0, grade(1), grade(2))
    give(journal, "b", 0, grade(3))
    give(journal, "spurious", 0)
    loaded = journal.load_many(["b", "a", "c"])
    assert {stream: [r.fact for r in facts] for stream, facts in loaded.items()} == {
        "a": [grade(1), grade(2)],
        "b": [grade(3)],
        "c": [],
    }
    tails = journal.load_many({"a": 1, "b": 1})
    assert {stream: [r.version for r in facts] for stream, facts in tails.items()} == {"a": [2], "b": []}
    assert journal.load_many([]) == {}


def test_read_gives_at_most_the_limit_by_position(journal: Journal) -> None:
    give(journal, "b", 0, grade(1))
    give(journal, "a", 0, grade(2), grade(3))
    assert [(r.position, r.stream) for r in journal.read(0, 2)] == [(1, "b"), (2, "a")]
    assert [(r.position, r.stream) for r in journal.read(2, 2)] == [(3, "a")]
    assert journal.read(3) == []


def test_read_raw_gives_stored_bytes(journal: Journal) -> None:
    journal.append([draft("a", 0, STRUCK_OUT)], origin("c1"))
    raw = Raw(
        position=1, stream="a", version=1, name="grades.grade_struck_out.1",
        origin=b'{"command_id":"c1","actor":{"account":"account-7","role":"teacher","person":"t7"},'
        b'"recorded_at":"2026-09-01T08:00:00Z"}',
        state=b'{"grade_id":"g1","pupil_id":"p1","reason":"wpis u innego ucznia"}',
    )  # fmt: skip
    assert journal.read_raw(0) == [raw]


def test_scan_gives_the_streams_below_a_prefix_in_order(journal: Journal) -> None:
    inside = ["year/c1/grades/s1/p1", "year/c1/grades/s1/p2", "year/c1/lesson/L", "year/c1/lesson/l"]
    outside = [
        "year/c1",
        "year/c10/lesson/l",
        "year/c1-x/a",
        "year/c1.x/a",
        "year/c2/lesson/l",
        "person/p1",
        "z",
    ]
    for stream in sorted(inside + outside, key=lambda name: name[::-1]):
        give(journal, stream, 0, PUPIL)
    for stream in reversed(inside):
        give(journal, stream, 1, PUPIL)
    scanned = [(r.stream, r.version) for r in journal.scan("year/c1/", page=3)]
    assert scanned == [(stream, version) for stream in inside for version in (1, 2)]
    assert [r.stream for r in journal.scan("year/c3/")] == []


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5])
def test_scan_pages_neither_lose_nor_repeat(journal: Journal, page: int) -> None:
    give(journal, "x/a", 0, grade(1), grade(2), grade(3))
    give(journal, "x/b", 0, grade(4))
    assert [r.fact for r in journal.scan("x/", page=page)] == [grade(1), grade(2), grade(3), grade(4)]


def test_scan_sees_the_journal_as_it_was_when_it_began(journal: Journal) -> None:
    give(journal, "x/a", 0, grade(1))
    give(journal, "x/b", 0, grade(2))
    scan = journal.scan("x/", page=1)
    assert next(scan).stream == "x/a"
    give(journal, "x/a1", 0, grade(3))
    give(journal, "x/b", 1, grade(4))
    assert [(r.stream, r.version) for r in scan] == [("x/b", 1)]
    assert [r.stream for r in journal.scan("x/", until_position=1)] == ["x/a"]


def test_scan_holds_a_page_not_the_school(journal: Journal) -> None:
    for part in range(4):
        give(journal, f"x/{part}", 0, *(grade(number) for number in range(5000)))
    tracemalloc.start()
    try:
        counted = sum(1 for _ in journal.scan("x/", page=500))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert counted == 20_000
    assert peak < 5_000_000  # a page of 500 takes about 1.2 MB, the school 40 times that


def test_position_and_version_count_facts(journal: Journal) -> None:
    assert (journal.position(), journal.version("a")) == (0, 0)
    give(journal, "a", 0, grade(1), grade(2))
    give(journal, "ab", 0, grade(3))
    assert (journal.position(), journal.version("a"), journal.version("ab"), journal.version("b")) == (
        3,
        2,
        1,
        0,
    )


def test_a_moment_names_the_last_position_before_anything_later(journal: Journal) -> None:
    assert journal.position_at(MORNING) == 0
    for minutes in (0, 10, 10, 20):
        journal.append([draft(f"a/{journal.position()}", 0, PUPIL)], origin(minutes=minutes))
    at = [journal.position_at(MORNING + timedelta(minutes=m)) for m in (-1, 0, 9, 10, 19, 20, 60)]
    assert at == [0, 1, 1, 3, 3, 4, 4]
    assert journal.recorded_at(2) == MORNING + timedelta(minutes=10)
    with pytest.raises(LookupError):
        journal.recorded_at(5)
    with pytest.raises(ValueError, match="time zone"):
        journal.position_at(datetime(2026, 9, 1))  # noqa: DTZ001


def test_a_clock_that_runs_behind_shows_nothing_from_the_future(journal: Journal) -> None:
    for minutes in (10, 5, 20):
        journal.append([draft(f"a/{minutes}", 0, PUPIL)], origin(minutes=minutes))
    at = [journal.position_at(MORNING + timedelta(minutes=m)) for m in (5, 9, 10, 20)]
    assert at == [0, 0, 2, 3]
    assert journal.recorded_at(2) == MORNING + timedelta(minutes=5)


def test_times_are_kept_in_utc(journal: Journal) -> None:
    warsaw = MORNING.astimezone(ZoneInfo("Europe/Warsaw"))
    journal.append([draft("a", 0, PUPIL)], msgspec.structs.replace(origin(), recorded_at=warsaw))
    assert b'"recorded_at":"2026-09-01T08:00:00Z"' in journal.read_raw(0)[0].origin
    assert journal.load("a")[0].origin.recorded_at.tzinfo == UTC
    assert positions(journal) == [1]
