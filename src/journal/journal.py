"""What can be done with one school's journal?

Add facts, read them: by stream, by position, by prefix; wait for more. Everything is thread-safe. Two
commands never interleave: positions are given out in the order of commits, without holes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dziennik.contracts.envelope import Origin, Recorded
from dziennik.journal.evidence import Witness
from dziennik.journal.outcomes import (
    Appended,
    CommandReused,
    Draft,
    Raw,
    Undecodable,
    UndecodableFact,
    UnknownSchool,
    Unsettled,
    VersionConflict,
)
from dziennik.journal.person_keys import PersonKeys
from dziennik.journal.reader import Reader
from dziennik.journal.wakeup import Signal
from dziennik.journal.writer import Writer

__all__ = [
    "Appended",
    "CommandReused",
    "Draft",
    "Journal",
    "Raw",
    "Undecodable",
    "UndecodableFact",
    "UnknownSchool",
    "Unsettled",
    "VersionConflict",
]


class Journal:
    """One school's journal; get it from Journals."""

    def __init__(
        self,
        school_id: str,
        reader: Reader,
        writer: Writer,
        signal: Signal,
        keys: PersonKeys,
        evidence: Witness,
    ) -> None:
        self.school_id = school_id
        self.keys = keys
        self.evidence = evidence
        self._reader = reader
        self._writer = writer
        self._signal = signal

    def append(
        self,
        drafts: Sequence[Draft],
        origin: Origin,
        *,
        guards: Mapping[str, int] | None = None,
        digest: bytes | None = None,
    ) -> Appended:
        """Write a command's facts: all of them, in the order given, at positions in a row; or none.

        `guards`: streams that the decision consulted, and the versions it saw. `digest`: what makes
        the command the same command when its id comes back (default: streams and facts).
        Raises VersionConflict, CommandReused, Unsettled; ValueError when there is nothing to write.
        """
        return self._writer.append(drafts, origin, guards or {}, digest)

    def outcome(self, command_id: str, *, digest: bytes | None = None) -> Appended | None:
        """Where the facts of a known command stand. Raises CommandReused when `digest` differs."""
        return self._writer.outcome(command_id, digest)

    def load(
        self, stream: str, *, after_version: int = 0, until_position: int | None = None
    ) -> list[Recorded]:
        """A stream's facts by version. Raises UndecodableFact."""
        return self._reader.load({stream: after_version}, until_position)[stream]

    def load_many(self, streams: Sequence[str] | Mapping[str, int]) -> dict[str, list[Recorded]]:
        """Several streams' facts, of one moment; a mapping gives the version after which to begin each.

        Every stream asked for is a key of the answer.
        """
        after = streams if isinstance(streams, Mapping) else dict.fromkeys(streams, 0)
        return self._reader.load(after, None)

    def read(self, after_position: int, limit: int = 5000) -> list[Recorded]:
        """Facts by position. Raises UndecodableFact."""
        return self._reader.read(after_position, limit)

    def follow(self, after_position: int, limit: int = 5000) -> list[Recorded | Undecodable]:
        """Facts by position, with an Undecodable in the place of each that does not decode."""
        return self._reader.follow(after_position, limit)

    def read_raw(self, after_position: int, limit: int = 5000) -> list[Raw]:
        """Stored bytes by position: for proofs, and for facts that do not decode."""
        return self._reader.read_raw(after_position, limit)

    def scan(self, prefix: str, *, until_position: int | None = None, page: int = 5000) -> Iterator[Recorded]:
        """Facts of all streams below a prefix, by stream (bytewise) and version; as of when it began.

        Holds one page in memory. Raises UndecodableFact.
        """
        return self._reader.scan(prefix, until_position, page)

    def below(self, prefix: str) -> list[str]:
        """The next part of the names of streams below a prefix that ends in "/" and is not their last.

        `below("year/")` gives the ids of all units, in bytewise order, in one question that walks the
        index: its cost is that of the answer, not of the facts below.
        """
        return self._reader.below(prefix)

    def begun(self, after_position: int, first: str, beyond: str) -> list[str]:
        """The names, from `first` to before `beyond`, of streams that began after a position."""
        return self._reader.begun(after_position, first, beyond)

    def names(self, first: str, beyond: str) -> list[str]:
        """The names of the streams from `first` to before `beyond`, in bytewise order."""
        return self._reader.names(first, beyond)

    def position(self) -> int:
        """The head: how many facts there are."""
        return self._reader.position()

    def version(self, stream: str) -> int:
        """How many facts the stream has; 0: there is no such stream."""
        return self._reader.version(stream)

    def recorded_at(self, position: int) -> datetime:
        """When the command of the fact there was accepted. Raises LookupError beyond the head."""
        return self._reader.recorded_at(position)

    def position_at(self, moment: datetime) -> int:
        """The last position before anything recorded after `moment`; 0: there was nothing yet."""
        return self._reader.position_at(moment)

    def wait(self, after_position: int, timeout: float) -> int:
        """The head, as soon as it is beyond `after_position`, or after `timeout` seconds."""
        return self._signal.wait(after_position, timeout, self._reader.position)
