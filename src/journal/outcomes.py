"""What goes into a journal, what comes back, and how does it say that something is wrong?

Exception
|-- VersionConflict   somebody else wrote first: decide anew
|-- CommandReused     a command id came back with another content
|-- UnknownSchool     no such schema
|-- Unsettled         the database went away and did not come back: ask for the outcome later
`-- UndecodableFact   a stored fact does not decode (position, stream and name say which)
"""

from __future__ import annotations

import msgspec

from dziennik.contracts.facts import Fact


class Draft(msgspec.Struct, frozen=True):
    """Facts to add to one stream, which must be at `expected_version` (0: not there yet)."""

    stream: str
    expected_version: int
    facts: tuple[Fact, ...]


class Appended(msgspec.Struct, frozen=True):
    """Where a command's facts stand: first_position..last_position, without gaps.

    `repeated`: the command id was known already and this is its first outcome; nothing was written
    now. Also true when the connection was cut and looking the command up settled it.
    """

    first_position: int
    last_position: int
    repeated: bool = False


class Undecodable(msgspec.Struct, frozen=True):
    """One stored fact that cannot be read, and why. Its neighbours can."""

    position: int
    stream: str
    version: int
    name: str
    reason: str


class Raw(msgspec.Struct, frozen=True):
    """One stored fact, byte for byte; personal fields as ciphertext."""

    position: int
    stream: str
    version: int
    name: str
    origin: bytes
    state: bytes


class VersionConflict(Exception):
    """A written or consulted stream is not at the version that the decision saw; nothing was written."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} is at version {actual}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class CommandReused(Exception):
    """The command id is known with another content; nothing was written."""

    def __init__(self, command_id: str) -> None:
        super().__init__(f"command id {command_id} was used for another command")
        self.command_id = command_id


class UnknownSchool(Exception):
    """No journal of that name."""

    def __init__(self, school_id: str) -> None:
        super().__init__(f"there is no school {school_id!r} in this database")
        self.school_id = school_id


class Unsettled(Exception):
    """Nobody knows whether the command was written: the database cannot be reached.

    Giving the same command again, under the same id, is safe.
    """

    def __init__(self, command_id: str) -> None:
        super().__init__(f"it is not known whether command {command_id} was written: give it again")
        self.command_id = command_id


class UndecodableFact(Exception):
    """Strict reading met a fact that does not decode."""

    def __init__(self, fact: Undecodable) -> None:
        super().__init__(
            f"fact {fact.name} at position {fact.position}"
            f" (stream {fact.stream}, version {fact.version}) does not decode: {fact.reason}"
        )
        self.fact = fact
