"""Where do decisions get the states of streams from, and are these still true?

A Desk is the World of one decision (or one batch): it folds what it loads, adds what was
decided but not yet written, and remembers the versions it saw. States of streams are kept
between decisions in a bounded StateCache; a stale one does no harm, because the journal
compares versions when facts are appended, and a refusal is never given on a cached state
without asking again (Desk.refresh).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from dziennik.application.known_units import KnownUnits
from dziennik.contracts.facts import Fact
from dziennik.contracts.streams import unit, unit_of
from dziennik.domain.world import Entry, Stream, fold
from dziennik.journal.journal import Draft, Journal

S = TypeVar("S")


@dataclass(slots=True)
class Known:
    """A stream as this desk knows it: `version` in the journal, `state` with `pending` facts."""

    stream: Stream[Any]
    version: int
    state: Any
    pending: list[Fact] = field(default_factory=list)


class StateCache:
    """The states of the most recently used streams of one school. Thread-safe."""

    def __init__(self, size: int = 20_000) -> None:
        self.units = KnownUnits()
        self._size = size
        self._kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> tuple[int, Any] | None:
        """(version, state) of a stream, or None."""
        with self._lock:
            kept = self._kept.get(name)
            if kept:
                self._kept.move_to_end(name)
            return kept

    def keep(self, name: str, version: int, state: object) -> None:
        """Remember a state unless a newer one is remembered already."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] <= version:
                self._kept[name] = (version, state)
                self._kept.move_to_end(name)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def drop(self, names: Iterable[str]) -> None:
        """Forget these streams."""
        with self._lock:
            for name in names:
                self._kept.pop(name, None)


class Desk:
    """A World over the journal: consulted streams, and what was decided on top of them."""

    def __init__(self, journal: Journal, cache: StateCache) -> None:
        self._journal = journal
        self._cache = cache
        self._known: dict[str, Known] = {}
        self._units: dict[str, set[str]] = {}
        self._opened: defaultdict[str, set[str]] = defaultdict(set)  # by facts that are not written yet

    def __getitem__(self, stream: Stream[S], /) -> S:
        return self.many((stream,))[0]

    def many(self, streams: Sequence[Stream[S]], /) -> list[S]:
        """States in order; what is not known yet is loaded in one question to the journal."""
        missing = {s.name: s for s in streams if s.name not in self._known}
        for name in list(missing):
            kept = self._cache.get(name)
            if kept:
                self._known[name] = Known(missing.pop(name), *kept)
        if missing:
            self._load(missing)
        return [self._known[s.name].state for s in streams]

    def units(self, year_id: str, /) -> list[str]:
        """See World. Asked of the journal once a desk."""
        if year_id not in self._units:
            self._units[year_id] = set(self._cache.units.of_year(self._journal, year_id))
        return sorted(self._units[year_id] | self._opened[year_id])

    def names(self, first: str, beyond: str, /) -> list[str]:
        """See World."""
        fresh = {n for n, known in self._known.items() if known.pending and first <= n < beyond}
        return sorted(fresh.union(self._journal.names(first, beyond)))

    def add(self, entries: Iterable[Entry]) -> None:
        """Take up decided facts; later decisions at this desk see them."""
        for entry in entries:
            known = self._known.get(entry.stream)
            if known is None:
                blank: Stream[None] = Stream(entry.stream, None, lambda state, _: state)
                version = self._journal.version(entry.stream)
                known = self._known[entry.stream] = Known(blank, version, None)
            if not known.pending:
                # Streams are written in the order of decisions, whatever was cached when they were consulted.
                self._known[entry.stream] = self._known.pop(entry.stream)
            known.pending.append(entry.fact)
            unit_id, year_id = unit_of(entry.stream), getattr(entry.fact, "year_id", None)
            if unit_id and year_id and entry.stream == unit(unit_id):
                self._opened[year_id].add(unit_id)
            known.state = known.stream.evolve(known.state, entry.fact)

    def drafts(self) -> list[Draft]:
        """What is to be written, stream by stream."""
        return [
            Draft(stream=name, expected_version=known.version, facts=tuple(known.pending))
            for name, known in self._known.items()
            if known.pending
        ]

    def guards(self) -> dict[str, int]:
        """The streams that were only consulted, with the versions seen."""
        return {n: known.version for n, known in self._known.items() if not known.pending}

    def refresh(self) -> bool:
        """Ask the journal for news of all consulted streams; True if there was any.

        Only for desks without decided facts; their decisions must be taken anew.
        """
        tails = self._journal.load_many({n: known.version for n, known in self._known.items()})
        changed = False
        for name, tail in tails.items():
            if tail:
                changed = True
                known = self._known[name]
                state = fold(known.stream, [r.fact for r in tail], since=known.state)
                self._cache.keep(name, tail[-1].version, state)
        return changed

    def outdated(self) -> bool:
        """Whether there is news of consulted streams; the next desk loads them anew then.

        Also for desks with decided facts.
        """
        tails = self._journal.load_many({n: known.version for n, known in self._known.items()})
        if not any(tails.values()):
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """Something consulted here was out of date: the next desk loads it anew."""
        self._cache.drop(self._known)

    def written(self) -> None:
        """The drafts are in the journal: let the cache know their states."""
        for name, known in self._known.items():
            if known.pending and known.stream.initial is not None:
                self._cache.keep(name, known.version + len(known.pending), known.state)
            elif known.pending:  # written without a look at it: what is remembered is out of date
                self._cache.drop([name])

    def _load(self, streams: dict[str, Stream[Any]]) -> None:
        loaded = self._journal.load_many(list(streams))
        for name, stream in streams.items():
            facts = loaded.get(name, [])
            version = facts[-1].version if facts else 0
            state = fold(stream, [recorded.fact for recorded in facts])
            self._known[name] = Known(stream, version, state)
            if version:
                self._cache.keep(name, version, state)
