"""Where do the facts of an archive come from?

From a school's journal, or from anything else that answers the same few questions: an archive is a function
of facts, not of a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dziennik.contracts.envelope import Recorded
from dziennik.journal.evidence import Evidence


class Stored(Protocol):
    """The part of dziennik.journal.evidence.Witness that is needed."""

    def at(self, positions: Sequence[int], /) -> list[Evidence]: ...


class Vouched(Protocol):
    """What a school's log says of the facts up to a position: see dziennik.proof.vouching.Vouched."""

    root: bytes
    note: str

    def rest(self, leaves: Mapping[int, bytes], /) -> Iterable[tuple[int, int, bytes]]: ...


class Facts(Protocol):
    """The reading half of dziennik.journal.journal.Journal."""

    @property
    def evidence(self) -> Stored: ...

    def load(
        self, stream: str, *, after_version: int = 0, until_position: int | None = None
    ) -> list[Recorded]: ...

    def load_many(self, streams: Sequence[str], /) -> dict[str, list[Recorded]]: ...

    def scan(self, prefix: str, *, until_position: int | None = None) -> Iterator[Recorded]: ...

    def below(self, prefix: str) -> list[str]: ...

    def position(self) -> int: ...

    def recorded_at(self, position: int) -> datetime: ...

    def position_at(self, moment: datetime) -> int: ...
