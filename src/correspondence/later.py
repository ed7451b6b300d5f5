"""Which letters are to be sent at a time to come? A list over all schools: whose draft, when, and as who.

It holds no text: that lies sealed with the drafts (drafts.py). A row is leased to one process at a time; when
that dies the next one takes it after `LEASE`, and the command's key keeps the letter from being sent twice
(ADR 0168).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from dziennik.journal.schema import normalised

LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 20
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS correspondence;
CREATE TABLE IF NOT EXISTS correspondence.later (
    school_id     text COLLATE "C" NOT NULL,
    person_id     text COLLATE "C" NOT NULL,
    draft_id      text COLLATE "C" NOT NULL,
    account_id    text COLLATE "C" NOT NULL,
    role          text COLLATE "C" NOT NULL,
    second_factor boolean NOT NULL,
    send_at       timestamptz NOT NULL,
    leased_until  timestamptz,
    refused       text COLLATE "C",
    PRIMARY KEY (school_id, person_id, draft_id)
);
CREATE INDEX IF NOT EXISTS later_due ON correspondence.later (send_at) WHERE refused IS NULL;
REVOKE ALL ON SCHEMA correspondence FROM PUBLIC;
"""
_PUT: Final = """
INSERT INTO correspondence.later
    (school_id, person_id, draft_id, account_id, role, second_factor, send_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (school_id, person_id, draft_id) DO UPDATE SET account_id = excluded.account_id,
        role = excluded.role, second_factor = excluded.second_factor, send_at = excluded.send_at,
        leased_until = NULL, refused = NULL
"""
_COLUMNS: Final = "school_id, person_id, draft_id, account_id, role, second_factor, send_at, refused"
_DUE: Final = f"""
UPDATE correspondence.later SET leased_until = %(now)s + %(lease)s
    WHERE (school_id, person_id, draft_id) IN (
        SELECT school_id, person_id, draft_id FROM correspondence.later
        WHERE send_at <= %(now)s AND refused IS NULL AND (leased_until IS NULL OR leased_until < %(now)s)
        ORDER BY send_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    RETURNING {_COLUMNS}
"""  # noqa: S608 - names of ours
_ONE: Final = "school_id = %s AND person_id = %s AND draft_id = %s"


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to be sent. `role` in which it is written; `refused`: the code of why it was not."""

    school_id: str
    person_id: str
    draft_id: str
    account_id: str
    role: str
    second_factor: bool
    send_at: datetime
    refused: str | None = None

    @property
    def key(self) -> str:
        """The idempotency key of its command: another time is another letter."""
        return f"{self.account_id}/later/{self.draft_id}/{int(self.send_at.timestamp() * 1e6)}"


class Later:
    """The list of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str) -> None:
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik later"}, min_size=0, max_size=2, open=True
        )
        with self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('dziennik.correspondence'))")
            connection.execute(_SCHEMA)

    def put(self, sending: Sending) -> None:
        """To be sent then; in the place of an earlier time."""
        values = msgspec.structs.astuple(sending)[:-1]
        with self._pool.connection() as connection:
            connection.execute(_PUT, [normalised(sending.school_id), *values[1:]])

    def of(self, school_id: str, person_id: str) -> dict[str, Sending]:
        """Somebody's, by draft."""
        query = f"SELECT {_COLUMNS} FROM correspondence.later WHERE school_id = %s AND person_id = %s"  # noqa: S608
        with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(Sending)) as cursor,
        ):
            cursor.execute(query, [normalised(school_id), person_id])
            return {one.draft_id: one for one in cursor.fetchall()}

    def due(self, now: datetime) -> list[Sending]:
        """Some that are due, leased to the asker."""
        asked = {"now": now, "lease": LEASE, "most": AT_ONCE}
        with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(Sending)) as cursor,
        ):
            return sorted(cursor.execute(_DUE, asked).fetchall(), key=lambda one: one.send_at)

    def drop(self, school_id: str, person_id: str, draft_id: str) -> bool:
        """Not to be sent any more; whether it was."""
        with self._pool.connection() as connection:
            done = connection.execute(
                f"DELETE FROM correspondence.later WHERE {_ONE}",  # noqa: S608
                [normalised(school_id), person_id, draft_id],
            )
        return done.rowcount == 1

    def refuse(self, sending: Sending, code: str) -> None:
        """It could not be sent: its writer sees why, and nobody tries again."""
        with self._pool.connection() as connection:
            connection.execute(
                f"UPDATE correspondence.later SET refused = %s, leased_until = NULL WHERE {_ONE}"  # noqa: S608
                " AND send_at = %s",
                [code, sending.school_id, sending.person_id, sending.draft_id, sending.send_at],
            )

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()
