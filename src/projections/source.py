"""What do read models need of a journal? Journal offers it; tests offer a list of facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from dziennik.contracts.envelope import Recorded
from dziennik.journal.outcomes import Undecodable

# A stored fact as a follower sees it.
Item = Recorded | Undecodable


class Source(Protocol):
    """One school's facts, to read."""

    school_id: str

    def position(self) -> int:
        """The head: how many facts there are."""
        ...

    def follow(self, after_position: int, limit: int = ...) -> list[Item]:
        """Facts by position, with an Undecodable in the place of each that does not decode."""
        ...

    def scan(self, prefix: str, *, until_position: int | None = ...) -> Iterator[Recorded]:
        """Facts of all streams below a prefix. Raises UndecodableFact."""
        ...

    def wait(self, after_position: int, timeout: float) -> int:
        """The head, as soon as it is beyond `after_position`, or after `timeout` seconds."""
        ...
