"""How is an archive fetched without logging in again? By an address that is signed and soon over.

The same means as for files that come with entries, under a key of its own: no token of one kind is ever taken
for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

import jwt

LASTS: Final = timedelta(minutes=10)
_ALGORITHM: Final = "HS256"
_AUDIENCE: Final = "dziennik archive"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ArchiveLinks:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._key = blake2b(_AUDIENCE.encode(), key=token_key, digest_size=32).digest()
        self._now = now

    def make(self, key: str) -> str:
        """A token for what is stored under the key, good for LASTS."""
        claims = {"aud": _AUDIENCE, "exp": self._now() + LASTS, "key": key}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> str | None:
        """The key; None when the token is none, or over."""
        options: jwt.types.Options = {"require": ["exp", "aud"], "verify_exp": False}
        try:
            claims = jwt.decode(
                token, self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE, options=options
            )
        except jwt.InvalidTokenError:
            return None
        return None if claims["exp"] <= self._now().timestamp() else str(claims.get("key", ""))
