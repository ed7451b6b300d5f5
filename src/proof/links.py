"""How is the proof of an entry fetched without logging in again? By an address (addresses.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dziennik.addresses import Addresses, utc_now

LASTS: Final = timedelta(minutes=10)


class Proven(msgspec.Struct, frozen=True):
    """Which entry of which school: nothing of this tells who it is about."""

    school: str
    position: int


class ProofLinks:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = utc_now) -> None:
        self._addresses = Addresses(token_key, "dziennik proof", Proven, LASTS, now)

    def make(self, school_id: str, position: int) -> str:
        """A token for the proof of the entry there, good for LASTS."""
        return self._addresses.make(Proven(school_id, position))

    def read(self, token: str) -> Proven | None:
        """Which entry; None when the token is none, or over."""
        return self._addresses.read(token)
