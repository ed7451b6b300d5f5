"""Where do the facts of an archive come from?

From a school's journal, or from anything else that answers the same few questions: an archive is a function
of facts, not of a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from dziennik.contracts.envelope import Recorded


class Facts(Protocol):
    """The reading half of dziennik.journal.journal.Journal."""

    def load(
        self, stream: str, *, after_version: int = 0, until_position: int | None = None
    ) -> list[Recorded]: ...

    def load_many(self, streams: Sequence[str], /) -> dict[str, list[Recorded]]: ...

    def scan(self, prefix: str, *, until_position: int | None = None) -> Iterator[Recorded]: ...

    def below(self, prefix: str) -> list[str]: ...

    def position(self) -> int: ...

    def recorded_at(self, position: int) -> datetime: ...

    def position_at(self, moment: datetime) -> int: ...
