"""What does the database hold, byte for byte, and did it come in through the writer?

For proofs and audits. A command's row keeps, behind its digest, a seal under the master key over envelope and
facts: whoever writes into the tables without that key cannot make one (ADR 0111).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from dziennik.journal.batch import Stored
from dziennik.journal.keyring import Keyring
from dziennik.journal.recorder import SchoolRecorder
from dziennik.journal.wire import bigint, bigints, integer, texts

DIGEST: Final = 32  # bytes of a command's digest; its seal follows


class Evidence(msgspec.Struct, frozen=True):
    """One row, and the positions of its command as the register of commands has them (None: not there).

    `clock` counts microseconds since 1970.
    """

    position: int
    clock: int
    stream: str
    version: int
    name: str
    origin: bytes
    state: bytes
    command_id: str
    command: tuple[int, int] | None
    seal: bytes


class Ends(msgspec.Struct, frozen=True):
    """The journal's counter (-1: gone), its first and its last position (0: no facts), of one moment."""

    head: int
    first: int
    last: int


class _Command(msgspec.Struct):
    command_id: str


_command_of = msgspec.json.Decoder(_Command).decode


class Witness:
    """Reads one school's rows as evidence, and knows a seal when it sees one."""

    def __init__(self, recorder: SchoolRecorder, keyring: Keyring) -> None:
        self._recorder = recorder
        self._keyring = keyring

    def read(self, after_position: int, limit: int) -> list[Evidence]:
        """Rows by position; damaged ones too."""
        queries = self._recorder.queries
        return self._told(self._recorder.rows(queries.evidence, bigint(after_position), integer(limit)))

    def at(self, positions: Sequence[int]) -> list[Evidence]:
        """The rows at these positions, in their order; what is not there is left out."""
        return self._told(self._recorder.rows(self._recorder.queries.evidence_at, bigints(positions)))

    def _told(self, rows: Sequence[tuple[Any, ...]]) -> list[Evidence]:
        ids = [_command_id(row[5]) for row in rows]
        known = {
            command_id: (first, last, digest)
            for command_id, first, last, digest in self._recorder.rows(
                self._recorder.queries.commands, texts(set(ids))
            )
        }
        found = []
        for row, command_id in zip(rows, ids, strict=True):
            first, last, digest = known.get(command_id, (0, 0, b""))
            position, clock, stream, version, name, origin, state = row
            command = (first, last) if first else None
            seal = digest[DIGEST:]
            found.append(
                Evidence(position, clock, stream, version, name, origin, state, command_id, command, seal)
            )
        return found

    def ends(self) -> Ends:
        """Where the journal begins and ends."""
        return Ends(*self._recorder.rows(self._recorder.queries.ends)[0])

    def sealed(self, facts: Sequence[Evidence]) -> bool:
        """Whether these rows are one whole command, just as the writer wrote it."""
        one = facts[0]
        stored = [(fact.stream, fact.version, fact.name, fact.state) for fact in facts]
        same = all((fact.command_id, fact.origin) == (one.command_id, one.origin) for fact in facts)
        return same and one.seal == seal_of(
            self._keyring, self._recorder.datastore.schema, one.origin, stored
        )


def seal_of(keyring: Keyring, schema: str, origin: bytes, facts: Iterable[Stored]) -> bytes:
    """The seal of a command: over its school, its envelope (which names it), each fact's place and bytes."""
    parts = [schema.encode(), origin]
    for stream, version, name, state in facts:
        parts += (stream.encode(), b"%d" % version, name.encode(), state)
    return keyring.seal(parts)


def _command_id(origin: bytes) -> str:
    """Empty when the envelope is damaged."""
    try:
        return _command_of(origin).command_id.replace("\0", "")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
