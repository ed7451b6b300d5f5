"""Whom do entries name, and what is known of them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dziennik.archive.books import NAMED, NAMED_LISTS
from dziennik.archive.source import Facts
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded

AT_ONCE: Final = 200  # persons whose facts are held in memory


def people_in(each: Recorded) -> Iterator[str]:
    """Who made the entry, and whom it names."""
    actor = each.origin.actor
    for person in (actor.person, actor.on_behalf_of, *(getattr(each.fact, name, None) for name in NAMED)):
        if person:
            yield person
    for name in NAMED_LISTS:
        yield from getattr(each.fact, name, ())


def persons(journal: Facts, people: Sequence[str], cut_off: int) -> Iterator[list[Recorded]]:
    """The facts of persons, by person, some persons at a time."""
    for n in range(0, len(people), AT_ONCE):
        names = [streams.person(one) for one in people[n : n + AT_ONCE]]
        loaded = journal.load_many(names)
        yield [each for name in names for each in loaded[name] if each.position <= cut_off]
