"""What do all parts of an account share? Connections, keys, the clock, the provider's journal.

Two keys are made from the installation's secret: one seals what must be read again (secrets of second
factors, e-mail addresses), one hashes what is only compared (codes). Whoever has the tables and not the key
can neither read the first nor try out the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from dziennik.accounts import store
from dziennik.accounts.ended import Ended
from dziennik.contracts.envelope import Actor, Origin
from dziennik.contracts.facts import Fact
from dziennik.journal.journal import Draft, Journal, VersionConflict
from dziennik.journal.sealing import open_bytes, seal_bytes

RECORDING_ATTEMPTS = 5


def utc_now() -> datetime:
    """The clock, unless a test brings its own."""
    return datetime.now(UTC)


class Vault:
    """Credentials of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, journal: Journal, secret: bytes, now: Callable[[], datetime]) -> None:
        self.now = now
        self.journal = journal
        self._sealing = AESGCM(_key(secret, "dziennik credentials, sealed"))
        self._hashing = _key(secret, "dziennik credentials, hashed")
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik accounts"}, min_size=1, max_size=4, open=True
        )
        with self._pool.connection() as connection:
            store.ensure(connection)
        self.ended = Ended(conninfo, self.open)

    @contextmanager
    def open(self) -> Iterator[Connection[Any]]:
        """A connection with a transaction, committed at the end."""
        with self._pool.connection() as connection:
            yield connection

    def seal(self, text: str, about: str) -> bytes:
        """The text, readable only together with what it is `about`."""
        return seal_bytes(text.encode(), self._sealing, about.encode())

    def unseal(self, sealed: bytes, about: str) -> str | None:
        """The text; None when it was sealed about something else, or under another key."""
        try:
            return open_bytes(sealed, self._sealing, about.encode()).decode()
        except InvalidTag:
            return None

    def hashed(self, purpose: str, text: str) -> bytes:
        """What stands in the table for a code: the same code of another purpose is another."""
        return blake2b(f"{purpose}\n{text}".encode(), key=self._hashing, digest_size=32).digest()

    def record(self, account_id: str, by: Actor, *facts: Fact) -> None:
        """Facts of one account do not contradict each other: whoever comes second writes after the first."""
        stream = f"account/{account_id}"
        origin = Origin(command_id=str(uuid4()), actor=by, recorded_at=self.now())
        for left in reversed(range(RECORDING_ATTEMPTS)):
            draft = Draft(stream=stream, expected_version=self.journal.version(stream), facts=facts)
            try:
                self.journal.append([draft], origin)
            except VersionConflict:
                if not left:
                    raise
            else:
                return

    def close(self) -> None:
        """Give the connections back."""
        self.ended.close()
        self._pool.close()


def _key(secret: bytes, purpose: str) -> bytes:
    return blake2b(purpose.encode(), key=secret, digest_size=32).digest()
