"""How does a decision see the register?

A decision names the streams it needs and gets their states. Outside, the command handler
loads them from the journal and remembers which versions were seen, so that a decision taken
on a state that changed meanwhile is not written. In tests a World is made from given facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from dziennik.contracts import streams
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.streams import unit_of

S = TypeVar("S")
Evolve: TypeAlias = Callable[[S, Fact], S]


@dataclass(frozen=True, slots=True)
class Stream(Generic[S]):
    """A stream and how its facts fold: `evolve` is pure and ignores what it does not know."""

    name: str
    initial: S
    evolve: Evolve[S]


class States(Protocol):
    """The states of streams whose names are known."""

    def __getitem__(self, stream: Stream[S], /) -> S: ...

    def many(self, streams: Sequence[Stream[S]], /) -> list[S]:
        """The states of several streams, in order, for the price of one question."""
        ...


class World(States, Protocol):
    """The register as far as it is needed. Asking for a stream's state consults it."""

    def units(self, year_id: str, /) -> list[str]:
        """The ids of a year's classes, interclass groups and registers.

        The list is no stream, so it is not guarded: a unit that is opened at the same moment may be missing.
        """
        ...

    def names(self, first: str, beyond: str, /) -> list[str]:
        """The names of the streams from `first` to before `beyond`, in bytewise order; see `units`."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, and when. `at` is the instant (UTC); `today` the school-local day."""

    actor: Actor
    at: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact and the stream it belongs to."""

    stream: str
    fact: Fact


# What a decision yields: facts in order (none: nothing to do), or a no.
Decision: TypeAlias = Sequence[Entry] | Refusal
Decide: TypeAlias = Callable[[World, Command, Asked], Decision]


class Past:
    """A World made of facts: what tests and in-memory folding use."""

    def __init__(self, facts: Mapping[str, Sequence[Fact]]) -> None:
        self._facts = facts

    def __getitem__(self, stream: Stream[S], /) -> S:
        return fold(stream, self._facts.get(stream.name, ()))

    def many(self, streams: Sequence[Stream[S]], /) -> list[S]:
        return [self[stream] for stream in streams]

    def units(self, year_id: str, /) -> list[str]:
        ids = {unit for unit in map(unit_of, self._facts) if unit is not None}
        opened = {unit_id: self._facts.get(streams.unit(unit_id), ()) for unit_id in ids}
        years = {unit_id: getattr(facts[0], "year_id", "") for unit_id, facts in opened.items() if facts}
        return sorted(unit_id for unit_id, year in years.items() if year == year_id)

    def names(self, first: str, beyond: str, /) -> list[str]:
        return sorted(name for name in self._facts if first <= name < beyond)


def fold(stream: Stream[S], facts: Sequence[Fact], since: S | None = None) -> S:
    """The state after `facts`, starting from `since` or the stream's initial state."""
    state = stream.initial if since is None else since
    for fact in facts:
        state = stream.evolve(state, fact)
    return state
