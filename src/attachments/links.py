"""How is a file fetched without logging in again? By an address that is signed and soon over.

The address is a JWT (HS256) whose key is made from the installation's token key for this purpose alone, so
that neither kind of token is ever taken for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import jwt
import msgspec

from dziennik.contracts.attachments import Attached

LASTS = timedelta(minutes=5)
_ALGORITHM = "HS256"
_AUDIENCE = "dziennik attachment"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Links:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._key = blake2b(_AUDIENCE.encode(), key=token_key, digest_size=32).digest()
        self._now = now

    def make(self, school_id: str, attached: Attached) -> str:
        """A token for a file, good for LASTS."""
        claims = {
            "aud": _AUDIENCE,
            "exp": self._now() + LASTS,
            "school": school_id,
            "file": msgspec.to_builtins(attached),
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> tuple[str, Attached] | None:
        """(school, file) of a token; None when it is none, or over."""
        options: jwt.types.Options = {"require": ["exp", "aud"], "verify_exp": False}
        try:
            claims = jwt.decode(
                token, self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE, options=options
            )
            attached = msgspec.convert(claims["file"], Attached)
        except (jwt.InvalidTokenError, msgspec.ValidationError, KeyError):
            return None
        over = claims["exp"] <= self._now().timestamp()
        return None if over else (str(claims["school"]), attached)
