"""What goes to the school's `append` function, and what comes back? (school.sql has the other half.)

The threads that give commands do most of the packing; the one that writes for all only joins bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dziennik.journal import wire

Stored = tuple[str, int, str, bytes]  # stream, version, name, state


class Prepared(msgspec.Struct, frozen=True):
    """One command, ready to write. `checks`: versions that streams must be at (0: new)."""

    command_id: str
    digest: bytes
    origin: bytes
    clock: datetime
    checks: Mapping[str, int]
    writes: frozenset[str]
    size: int
    packed: tuple[bytes, ...]


class Written(msgspec.Struct, frozen=True):
    """The command's facts were written at first..last."""

    first: int
    last: int


class Known(msgspec.Struct, frozen=True):
    """The command id was there already, with that digest and those positions."""

    first: int
    last: int
    digest: bytes


class Conflict(msgspec.Struct, frozen=True):
    """A checked stream is at another version; nothing was written."""

    stream: str
    expected: int
    actual: int


Outcome = Written | Known | Conflict


def prepared(
    command_id: str,
    digest: bytes,
    origin: bytes,
    clock: datetime,
    checks: Mapping[str, int],
    facts: Sequence[Stored],
) -> Prepared:
    """Pack a command."""
    streams, versions, names, states = zip(*facts, strict=True)
    packed = (
        wire.packed([stream.encode() for stream in checks]),
        wire.packed_integers(tuple(checks.values())),
        wire.packed([stream.encode() for stream in streams]),
        wire.packed_integers(versions),
        wire.packed([name.encode() for name in names]),
        wire.packed(states),
    )
    return Prepared(command_id, digest, origin, clock, checks, frozenset(streams), len(facts), packed)


def arguments(commands: Sequence[Prepared]) -> list[bytes]:
    """The parameters of the append function."""
    clocks: list[bytes] = []
    latest = commands[0].clock
    checkers: list[int] = []
    writers: list[int] = []
    for i, command in enumerate(commands, 1):
        latest = max(latest, command.clock)
        clocks.append(wire.moment(latest))
        checkers += [i] * len(command.checks)
        writers += [i] * command.size
    columns = zip(*[command.packed for command in commands], strict=True)
    check_streams, check_versions, streams, versions, names, states = columns
    checks, facts, size = len(checkers), len(writers), len(commands)
    return [
        wire.array(wire.TEXT, size, [wire.packed([command.command_id.encode() for command in commands])]),
        wire.array(wire.BYTEA, size, [wire.packed([command.digest for command in commands])]),
        wire.array(wire.BYTEA, size, [wire.packed([command.origin for command in commands])]),
        wire.array(wire.TIMESTAMPTZ, size, [wire.packed(clocks)]),
        wire.array(wire.INTEGER, checks, [wire.packed_integers(checkers)]),
        wire.array(wire.TEXT, checks, check_streams),
        wire.array(wire.INTEGER, checks, check_versions),
        wire.array(wire.INTEGER, facts, [wire.packed_integers(writers)]),
        wire.array(wire.TEXT, facts, streams),
        wire.array(wire.INTEGER, facts, versions),
        wire.array(wire.TEXT, facts, names),
        wire.array(wire.BYTEA, facts, states),
    ]


def outcomes(commands: Sequence[Prepared], answer: str) -> list[Outcome]:
    """An outcome per command, out of the function's JSON."""
    refused: dict[int, Outcome] = {}
    if answer.isdigit():
        base = int(answer)
    else:
        base, *refusals = msgspec.json.decode(answer)
        for i, *why in refusals:
            if isinstance(why[0], int):
                refused[i] = Known(why[0], why[1], bytes.fromhex(why[2]))
            else:
                refused.setdefault(i, Conflict(*why))
    found: list[Outcome] = []
    for i, command in enumerate(commands, 1):
        if i in refused:
            found.append(refused[i])
        else:
            found.append(Written(base + 1, base + command.size))
            base += command.size
    return found
