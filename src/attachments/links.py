"""How is a file that came with an entry fetched without logging in again? By an address (addresses.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from dziennik.addresses import Addresses, utc_now
from dziennik.contracts.attachments import Attached

LASTS = timedelta(minutes=5)


class _File(msgspec.Struct, frozen=True):
    school: str
    file: Attached


class Links:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = utc_now) -> None:
        self._addresses = Addresses(token_key, "dziennik attachment", _File, LASTS, now)

    def make(self, school_id: str, attached: Attached) -> str:
        """A token for a file, good for LASTS."""
        return self._addresses.make(_File(school_id, attached))

    def read(self, token: str) -> tuple[str, Attached] | None:
        """(school, file) of a token; None when it is none, or over."""
        said = self._addresses.read(token)
        return (said.school, said.file) if said else None
