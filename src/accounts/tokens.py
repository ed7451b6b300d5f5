"""What does an access token say? Which account, which of its sessions, and whether a second factor was shown.

A JWT (HS256) of fifteen minutes; persons and roles are looked up at each request.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import jwt
import msgspec

ACCESS_LASTS = timedelta(minutes=15)
_ALGORITHM = "HS256"
# What else is ever signed with the same key must not open the register.
_AUDIENCE = "dziennik"


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a token stands for, and in which session."""

    account_id: str
    session_id: str
    second_factor: bool = False


def made(key: bytes, bearer: Bearer, now: datetime) -> str:
    """An access token."""
    claims = {
        "sub": bearer.account_id,
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LASTS).timestamp()),
        "sid": bearer.session_id,
        "mfa": bearer.second_factor,
    }
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read(key: bytes, token: str, now: datetime) -> Bearer | None:
    """Whom the token stands for; None when it is forged, foreign or expired."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={
                "require": ["exp", "sub", "iat", "aud", "sid"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
    except (jwt.InvalidTokenError, UnicodeError):
        return None
    if claims["exp"] <= now.timestamp():
        return None
    return Bearer(
        account_id=claims["sub"],
        session_id=str(claims["sid"]),
        second_factor=claims.get("mfa") is True,
    )
