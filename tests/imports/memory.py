"""Schools in memory, for tests that need no database: a journal is a dict of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dziennik.application.register import Register
from dziennik.contracts.envelope import Actor, Channel, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.journal.journal import Appended, Draft, VersionConflict


class MemoryJournal:
    """What a register and an import ask of a journal."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Recorded]] = {}
        self.all: list[Recorded] = []
        self.digests: list[bytes | None] = []

    def load(self, stream: str, *, after_version: int = 0) -> list[Recorded]:
        return self.streams.get(stream, [])[after_version:]

    def load_many(self, streams: Sequence[str] | Mapping[str, int]) -> dict[str, list[Recorded]]:
        after = streams if isinstance(streams, Mapping) else dict.fromkeys(streams, 0)
        return {name: self.load(name, after_version=version) for name, version in after.items()}

    def scan(self, prefix: str) -> Iterator[Recorded]:
        for name in sorted(self.streams):
            if name.startswith(prefix):
                yield from self.streams[name]

    def below(self, prefix: str) -> list[str]:
        inside = (name.removeprefix(prefix) for name in self.streams if name.startswith(prefix))
        return sorted({name.partition("/")[0] for name in inside if "/" in name})

    def begun(self, after_position: int, first: str, beyond: str) -> list[str]:
        fresh = [each.stream for each in self.all[after_position:] if each.version == 1]
        return [name for name in fresh if first <= name < beyond]

    def names(self, first: str, beyond: str) -> list[str]:
        return sorted(name for name in self.streams if first <= name < beyond)

    def version(self, stream: str) -> int:
        return len(self.streams.get(stream, []))

    def position(self) -> int:
        return len(self.all)

    def append(
        self,
        drafts: Sequence[Draft],
        origin: Origin,
        *,
        guards: Mapping[str, int] | None = None,
        digest: bytes | None = None,
    ) -> Appended:
        self.digests.append(digest)
        expected = {draft.stream: draft.expected_version for draft in drafts}
        for name, version in {**(guards or {}), **expected}.items():
            if self.version(name) != version:
                raise VersionConflict(name, version, self.version(name))
        first = len(self.all) + 1
        for draft in drafts:
            for fact in draft.facts:
                stream = self.streams.setdefault(draft.stream, [])
                recorded = Recorded(
                    position=len(self.all) + 1,
                    stream=draft.stream,
                    version=len(stream) + 1,
                    origin=origin,
                    fact=fact,
                )
                stream.append(recorded)
                self.all.append(recorded)
        return Appended(first_position=first, last_position=len(self.all), repeated=False)


DIRECTOR = Actor(account="d", role=Role.DIRECTOR, channel=Channel.WEB)


class MemorySchools:
    """Schools kept in memory, as the composition root gives them."""

    def __init__(self) -> None:
        self.journals: dict[str, MemoryJournal] = {}

    def schools(self) -> list[str]:
        return sorted(self.journals)

    def found(self, school_id: str) -> Register:
        self.journals.setdefault(school_id, MemoryJournal())
        return self.register(school_id)

    def register(self, school_id: str) -> Register:
        journal: Any = self.journals[school_id]
        return Register(journal)

    def facts(self, school_id: str, *kinds: type[Fact]) -> list[Any]:
        """The school's facts of these kinds, in the order written."""
        every = [recorded.fact for recorded in self.journals[school_id].all]
        return [fact for fact in every if not kinds or isinstance(fact, kinds)]

    def last(self, school_id: str, since: int) -> list[Any]:
        """Facts after a position, but for what an import notes about itself."""
        facts = [recorded.fact for recorded in self.journals[school_id].all[since:]]
        return [fact for fact in facts if not fact.fact_name.startswith("imports.")]
