"""Is a password good enough, and does it match?

Passwords are compared after NFKC (RFC 8265 s. 4.2 without its case rules), hashed with argon2id (RFC 9106).
Whether one is easily guessed is told by zxcvbn over lists of common passwords, English words and names, and
Polish words, names and places; passwords that follow from these by the usual tricks are found as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dziennik.contracts import access as said
from dziennik.contracts.accounts import PasswordRules
from dziennik.contracts.refusals import Refusal

LONGEST = 1000
# What is beyond is not looked at: reckoning takes time by the square of the length.
_LOOKED_AT = 64
# Guesses that an attacker must need, of a list ordered by likelihood (zxcvbn's score 3).
LEAST_GUESSES = 10**8


def prepared(password: str) -> str:
    """The password as it is hashed."""
    return normalize("NFKC", password)


def fault_in(password: str, rules: PasswordRules, own_words: Iterable[str] = ()) -> Refusal | None:
    """Why the password cannot be chosen; `own_words` are what others know of its owner."""
    text = prepared(password)
    if not rules.least_length <= len(text) <= LONGEST:
        return said.PASSWORD_TOO_SHORT(least=rules.least_length, most=LONGEST, field="password")
    if (
        rules.refuse_common
        and _guesses(text[:_LOOKED_AT], [*own_words, "dziennik", "szkoła"]) < LEAST_GUESSES
    ):
        return said.PASSWORD_COMMON(field="password")
    return None


def _guesses(password: str, own_words: list[str]) -> int:
    return int(_reckoner()(password, user_inputs=own_words)["guesses"])


@cache
def _reckoner() -> Callable[..., dict[str, Any]]:
    """Loaded when first asked for: the lists take a moment."""
    import zxcvbn_pl
    from zxcvbn import zxcvbn

    register: Callable[[], None] = zxcvbn_pl.register
    register()
    reckoner: Callable[..., dict[str, Any]] = zxcvbn
    return reckoner


class Passwords:
    """Hashes and compares. Thread-safe."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._dummy = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """What is stored."""
        return self._hasher.hash(prepared(password))

    def match(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the one; without a hash as slow, and never."""
        try:
            return self._hasher.verify(password_hash or self._dummy, prepared(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
