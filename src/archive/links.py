"""How is an archive fetched without logging in again? By an address (addresses.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dziennik.addresses import Addresses, utc_now

LASTS: Final = timedelta(minutes=10)


class _Stored(msgspec.Struct, frozen=True):
    key: str


class ArchiveLinks:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = utc_now) -> None:
        self._addresses = Addresses(token_key, "dziennik archive", _Stored, LASTS, now)

    def make(self, key: str) -> str:
        """A token for what is stored under the key, good for LASTS."""
        return self._addresses.make(_Stored(key))

    def read(self, token: str) -> str | None:
        """The key; None when the token is none, or over."""
        said = self._addresses.read(token)
        return said.key if said else None
