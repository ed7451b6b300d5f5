"""Which calendar feed does a secret address stand for?

256 random bits a feed; only their SHA-256 is stored, beside the logins (ADR 0062). That a feed was issued,
for whom, and that it was revoked are facts of the school.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from psycopg import Connection
from psycopg_pool import ConnectionPool

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS credentials;
CREATE TABLE IF NOT EXISTS credentials.calendar_tokens (
    token_hash bytea PRIMARY KEY,
    school_id  text COLLATE "C" NOT NULL,
    feed_id    text COLLATE "C" NOT NULL
);
REVOKE ALL ON SCHEMA credentials FROM PUBLIC;
"""
BYTES = 32


class CalendarTokens:
    """The secrets of all feeds of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str) -> None:
        self._pool: ConnectionPool[Connection[tuple[str, str]]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik calendars"}, min_size=0, max_size=4, open=True
        )
        with self._pool.connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('dziennik.credentials', 0))")
            connection.execute(SCHEMA)

    def issue(self, school_id: str, feed_id: str) -> str:
        """A new secret for a feed; nobody can tell it again."""
        token = secrets.token_urlsafe(BYTES)
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO credentials.calendar_tokens (token_hash, school_id, feed_id)"
                " VALUES (%s, %s, %s)",
                [_hash(token), school_id, feed_id],
            )
        return token

    def feed_of(self, token: str) -> tuple[str, str] | None:
        """(school, feed) of a secret; None when there is none."""
        with self._pool.connection() as connection:
            return connection.execute(
                "SELECT school_id, feed_id FROM credentials.calendar_tokens WHERE token_hash = %s",
                [_hash(token)],
            ).fetchone()

    def forget(self, token: str) -> None:
        """The feed was revoked: its secret need not be kept."""
        with self._pool.connection() as connection:
            connection.execute(
                "DELETE FROM credentials.calendar_tokens WHERE token_hash = %s", [_hash(token)]
            )

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
