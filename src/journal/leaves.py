"""Which bytes of a stored fact does the tree vouch for? (docs/proof.md; ADR 0110)

The verifier has its own half of this in dziennik.verify.leaves, on purpose.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct

from dziennik.journal.evidence import Evidence

TAG = b"dziennik.leaf.1"
_start = Struct(f">I{len(TAG)}sIQIqI").pack
_version = Struct(">IQI").pack
_length = Struct(">I").pack


def leaf_of(fact: Evidence) -> bytes:
    """The envelope and the stored bytes, each part after its length."""
    stream, name = fact.stream.encode(), fact.name.encode()
    return b"".join(
        (
            _start(len(TAG), TAG, 8, fact.position, 8, fact.clock, len(stream)),
            stream,
            _version(8, fact.version, len(name)),
            name,
            _length(len(fact.origin)),
            fact.origin,
            _length(len(fact.state)),
            fact.state,
        )
    )


def leaf_hash(fact: Evidence) -> bytes:
    """RFC 6962: the hash of a leaf begins with a zero byte."""
    return sha256(b"\0" + leaf_of(fact)).digest()
