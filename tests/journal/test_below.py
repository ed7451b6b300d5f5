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
