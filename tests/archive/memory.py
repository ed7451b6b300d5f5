"""Facts in memory that answer what an archive asks a journal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dziennik.contracts.envelope import Recorded


class MemoryFacts:
    """See dziennik.archive.source. Positions may have holes: an archive holds the facts of one year."""

    def __init__(self, recorded: Iterable[Recorded]) -> None:
        self.recorded = sorted(recorded, key=lambda each: each.position)

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
