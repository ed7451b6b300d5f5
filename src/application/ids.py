"""Fresh ids: UUIDv7 (RFC 9562, 5.7), so that ids made later sort later.

Python gets uuid7() with 3.14; until then this is all that is needed of it.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """48 bits of Unix milliseconds, then 74 random bits around version and variant."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64
    return UUID(int=high | 0b10 << 62 | random & (1 << 62) - 1)


def new_id() -> str:
    """A fresh id as commands bring them, in canonical text."""
    return str(uuid7())
