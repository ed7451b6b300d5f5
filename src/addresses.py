"""How is something fetched without logging in again? By an address that is signed and soon over.

The address is a JWT (HS256) whose key is made from the installation's token key for one purpose alone, so
that no kind of token is ever taken for another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Generic, TypeVar

import jwt
import msgspec

_ALGORITHM = "HS256"
Said = TypeVar("Said", bound=msgspec.Struct)


def utc_now() -> datetime:
    """The clock, unless a test brings its own."""
    return datetime.now(UTC)


class Addresses(Generic[Said]):
    """Makes and reads the addresses of one purpose; what they lead to is a `kind`."""

    def __init__(
        self,
        token_key: bytes,
        purpose: str,
        kind: type[Said],
        lasts: timedelta,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._key = blake2b(purpose.encode(), key=token_key, digest_size=32).digest()
        self._purpose = purpose
        self._kind = kind
        self._lasts = lasts
        self._now = now

    def make(self, said: Said) -> str:
        """A token that is good for as long as addresses of this purpose last."""
        claims = {"aud": self._purpose, "exp": self._now() + self._lasts, **msgspec.to_builtins(said)}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> Said | None:
        """What a token says; None when it is none of this purpose, or over."""
        options: jwt.types.Options = {"require": ["exp", "aud"], "verify_exp": False}
        try:
            claims = jwt.decode(
                token, self._key, algorithms=[_ALGORITHM], audience=self._purpose, options=options
            )
            said = msgspec.convert(claims, self._kind)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            return None
        return None if claims["exp"] <= self._now().timestamp() else said
