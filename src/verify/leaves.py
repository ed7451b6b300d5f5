"""What exactly is it that a leaf of the tree vouches for?

The stored fact with its envelope, each part after its length, so that no two facts give the same bytes:
tag, position, clock (microseconds since 1970), stream, version, name, origin, state (docs/proof.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from dziennik.verify.faults import Unchecked

TAG = b"dziennik.leaf.1"
_PARTS = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stored fact: `origin` (who, when, why) and `state` (what) are JSON as it was written."""

    position: int
    clock: int
    stream: str
    version: int
    name: str
    origin: bytes
    state: bytes

    def packed(self) -> bytes:
        """The bytes that are hashed."""
        parts = (
            TAG,
            self.position.to_bytes(8, "big"),
            self.clock.to_bytes(8, "big", signed=True),
            self.stream.encode(),
            self.version.to_bytes(8, "big"),
            self.name.encode(),
            self.origin,
            self.state,
        )
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def leaf_of(packed: bytes) -> Leaf:
    """The fact that those bytes are. Raises Unchecked."""
    parts, at = [], 0
    while at < len(packed):
        size = int.from_bytes(packed[at : at + 4], "big")
        at += 4 + size
        parts.append(packed[at - size : at])
    if at != len(packed) or len(parts) != _PARTS or parts[0] != TAG:
        raise Unchecked("PROOF.UNREADABLE", why="leaf")
    try:
        found = Leaf(
            position=int.from_bytes(parts[1], "big"),
            clock=int.from_bytes(parts[2], "big", signed=True),
            stream=parts[3].decode(),
            version=int.from_bytes(parts[4], "big"),
            name=parts[5].decode(),
            origin=parts[6],
            state=parts[7],
        )
    except UnicodeDecodeError:
        raise Unchecked("PROOF.UNREADABLE", why="leaf") from None
    if found.packed() != packed:
        raise Unchecked("PROOF.UNREADABLE", why="leaf")
    return found
