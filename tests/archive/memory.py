"""Facts in memory that answer what an archive asks a journal."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.journal.evidence import Evidence
from dziennik.journal.leaves import leaf_hash
from dziennik.proof.vouching import whole_subtrees


class MemoryFacts:
    """See dziennik.archive.source. Positions may have holes: an archive holds the facts of one year."""

    def __init__(self, recorded: Iterable[Recorded]) -> None:
        self.recorded = sorted(recorded, key=lambda each: each.position)
        self._by_position = {each.position: each for each in self.recorded}

    @property
    def evidence(self) -> MemoryFacts:
        return self

    def at(self, positions: Sequence[int], /) -> list[Evidence]:
        """As a journal stores them, personal texts behind a seal that nothing opens."""
        return [stored(self._by_position[one]) for one in sorted(positions)]

    def load(
        self, stream: str, *, after_version: int = 0, until_position: int | None = None
    ) -> list[Recorded]:
        found = (each for each in self._until(until_position) if each.stream == stream)
        return [each for each in found if each.version > after_version]

    def load_many(self, streams: Sequence[str], /) -> dict[str, list[Recorded]]:
        return {stream: self.load(stream) for stream in streams}

    def scan(self, prefix: str, *, until_position: int | None = None) -> Iterator[Recorded]:
        found = [each for each in self._until(until_position) if each.stream.startswith(prefix)]
        return iter(sorted(found, key=lambda each: (each.stream.encode(), each.version)))

    def below(self, prefix: str) -> list[str]:
        below = (each.stream.removeprefix(prefix) for each in self.recorded if each.stream.startswith(prefix))
        return sorted({name.partition("/")[0] for name in below if "/" in name})

    def position(self) -> int:
        return self.recorded[-1].position

    def recorded_at(self, position: int) -> datetime:
        return next(each.origin.recorded_at for each in self.recorded if each.position == position)

    def position_at(self, moment: datetime) -> int:
        at = bisect_right([each.origin.recorded_at for each in self.recorded], moment)
        return self.recorded[at - 1].position if at else 0

    def _until(self, position: int | None) -> list[Recorded]:
        return [each for each in self.recorded if position is None or each.position <= position]


def stored(each: Recorded) -> Evidence:
    fact = each.fact
    texts = {name: getattr(fact, name) for name in fact.personal_fields}
    sealed = {
        name: f"{ERASED}1:{b64encode(sha256(text.encode()).digest()).decode()}"
        for name, text in texts.items()
        if text is not None
    }
    return Evidence(
        position=each.position,
        clock=(each.origin.recorded_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1),
        stream=each.stream,
        version=each.version,
        name=fact.fact_name,
        origin=msgspec.json.encode(each.origin),
        state=msgspec.json.encode(msgspec.structs.replace(fact, **sealed)),
        command_id=each.origin.command_id,
        command=None,
        seal=b"",
    )


class MemoryLog:
    """The tree over the first `size` facts, which have no holes, and a note that nobody signed."""

    def __init__(self, facts: MemoryFacts, size: int) -> None:
        self._leaves = [leaf_hash(stored(each)) for each in facts.recorded[:size]]
        self.root = self._subtree(0, size)
        self.note = f"dziennik/sp5\n{size}\n{b64encode(self.root).decode()}\n\n— dziennik/sp5 c2ln\n"

    def rest(self, leaves: Mapping[int, bytes], /) -> Iterator[tuple[int, int, bytes]]:
        done = 0
        for position in (*sorted(leaves), len(self._leaves) + 1):
            for first, last in whole_subtrees(done, position - 1):
                yield first + 1, last, self._subtree(first, last)
            done = position

    def _subtree(self, first: int, last: int) -> bytes:
        """RFC 6962, 2.1, as it stands there."""
        if last - first == 1:
            return self._leaves[first]
        middle = first + (1 << (last - first - 1).bit_length() - 1)
        return sha256(b"\1" + self._subtree(first, middle) + self._subtree(middle, last)).digest()
