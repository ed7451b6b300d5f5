"""Is each letter that is due given to one process, once, and to another when that one dies?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from dziennik.correspondence.later import AT_ONCE, LEASE, Later, Sending

AT = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
LETTER = Sending(
    school_id="sp1",
    person_id="nowak",
    draft_id="d1",
    account_id="acc",
    role="TEACHER",
    second_factor=True,
    send_at=AT,
)


@pytest.fixture
def later(dsn: str) -> Iterator[Later]:
    made = Later(dsn)
    yield made
    made.close()


def test_nothing_is_due_before_its_time_and_each_once(later: Later, dsn: str) -> None:
    other = Later(dsn)
    later.put(LETTER)
    later.put(replace(LETTER, draft_id="d2", send_at=AT + timedelta(seconds=1)))
    assert later.due(AT - timedelta(microseconds=1)) == []
    assert later.due(AT) == [LETTER]
    assert other.due(AT) == []  # leased
    assert other.due(AT + LEASE + timedelta(seconds=2)) == [
        LETTER,
        replace(LETTER, draft_id="d2", send_at=AT + timedelta(seconds=1)),
    ]
    other.close()


def test_two_processes_share_what_is_due(later: Later) -> None:
    letters = [replace(LETTER, draft_id=f"d{number}") for number in range(2 * AT_ONCE)]
    for letter in letters:
        later.put(letter)
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda _: later.due(AT), range(2))]
    found.append(later.due(AT))
    taken = [one.draft_id for part in found for one in part]
    assert sorted(taken) == sorted(letter.draft_id for letter in letters)


def test_another_time_takes_the_place_of_the_first(later: Later) -> None:
    later.put(LETTER)
    later.due(AT)
    moved = replace(LETTER, send_at=AT + timedelta(days=1))
    assert moved.key != LETTER.key
    later.put(moved)
    later.refuse(LETTER, "MESSAGES.X")  # who sent at the old time comes too late
    assert later.of("sp1", "nowak") == {"d1": moved}
    assert later.due(AT + timedelta(days=1)) == [moved]


def test_what_was_refused_is_not_tried_again(later: Later) -> None:
    later.put(LETTER)
    later.refuse(LETTER, "MESSAGES.NO_RECIPIENTS")
    assert later.due(AT + timedelta(days=9)) == []
    assert later.of("sp1", "nowak") == {"d1": replace(LETTER, refused="MESSAGES.NO_RECIPIENTS")}
    assert later.of("sp1", "lis") == later.of("sp2", "nowak") == {}
    assert [later.drop("sp1", "nowak", "d1") for _ in range(2)] == [True, False]
