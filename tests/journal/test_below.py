"""Are the parts of streams' names listed without reading the streams? (The archive finds classes with it.)"""

from __future__ import annotations

from dziennik.journal.journal import Journal
from tests.journal.sample import give, grade


def test_the_next_part_of_the_names_below_a_prefix(journal: Journal) -> None:
    for stream in ("year/b/lesson/1", "year/b/lesson/2", "year/b-2/register", "year/a/register", "years/x/y"):
        give(journal, stream, 0, grade(1))
    assert journal.below("year/") == ["a", "b-2", "b"]  # bytewise by whole names: "-" comes before "/"
    assert journal.below("year/b/") == ["lesson"]
    assert journal.below("year/c/") == []


def test_names_in_a_range_and_of_what_began_since(journal: Journal) -> None:
    names = [
        "year/a/lesson/2026-10-12.01.x",
        "year/a/lesson/2026-10-13.01.x",
        "year/a/register",
        "year/b/register",
    ]
    for stream in names:
        give(journal, stream, 0, grade(1))
    give(journal, names[0], 1, grade(2))  # goes on, does not begin
    assert journal.names("year/a/lesson/2026-10-13", "year/a/lesson/:") == names[1:2]
    assert journal.names("year/a/", "year/a0") == names[:3]
    assert journal.begun(2, "year/", "year0") == names[2:]
    assert journal.begun(2, "year/b", "year/c") == names[3:]
    assert journal.begun(4, "year/", "year0") == []
