"""Where do scans of cards lie? Beside each school's journal, sealed under a key of their own.

A scan shows many pupils, so it is no person's file: its key belongs to the scan (owner ``scan/{id}``, key
class "scan"), and whoever destroys it at the end of retention makes the picture unreadable; facts stay.
"""

from __future__ import annotations

import os
from datetime import datetime
from threading import Lock
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from psycopg import Connection, Cursor
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from dziennik.attachments.store import File
from dziennik.journal.journals import Journals
from dziennik.journal.schema import normalised

KEY_CLASS: Final = "scan"
# A hundred pages of 200 dpi JPEG take 40 MB.
LARGEST: Final = 100 << 20
_NONCE = 12
_TABLE = """
CREATE SCHEMA IF NOT EXISTS {schema};
REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {schema}.scans (
    scan_id    text COLLATE "C" PRIMARY KEY,
    media_type text COLLATE "C" NOT NULL,
    key_id     bigint NOT NULL,
    sealed     bytea STORAGE EXTERNAL NOT NULL,
    kept_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('dziennik.scans'))"
_KEEP = (
    "INSERT INTO {schema}.scans (scan_id, media_type, key_id, sealed) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (scan_id) DO NOTHING"
)
_KEPT = "SELECT scan_id, kept_at FROM {schema}.scans WHERE kept_at < %s ORDER BY kept_at, scan_id"
_REMOVE = "DELETE FROM {schema}.scans WHERE scan_id = %s"
_READ = "SELECT media_type, key_id, sealed FROM {schema}.scans WHERE scan_id = %s"


class Scans:
    """The scans of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, journals: Journals) -> None:
        self._journals = journals
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik scans"}, min_size=0, max_size=4, open=True
        )
        self._made: set[str] = set()
        self._lock = Lock()

    def keep(self, school_id: str, scan_id: str, media_type: str, content: bytes) -> None:
        """Keep a scan under its id, the SHA-256 of its bytes; one that is kept already stays."""
        owner = (f"scan/{scan_id}", KEY_CLASS)
        key_id, key = self._journals.school(school_id).keys.for_writing([owner])[owner]
        nonce = os.urandom(_NONCE)
        sealed = nonce + key.encrypt(nonce, content, _bound_to(school_id, scan_id))
        with self._pool.connection() as connection:
            self._asked(connection, school_id, _KEEP, scan_id, media_type, key_id, sealed)

    def read(self, school_id: str, scan_id: str) -> File | None:
        """The scan as it came in; None when it is gone, or its key was destroyed.

        Raises ValueError when what lies there was changed.
        """
        with self._pool.connection() as connection:
            row = self._asked(connection, school_id, _READ, scan_id).fetchone()
        if row is None:
            return None
        media_type, key_id, sealed = row
        key = self._journals.school(school_id).keys.for_reading([key_id]).get(key_id)
        if key is None:
            return None
        try:
            content = key.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(school_id, scan_id))
        except InvalidTag:
            raise ValueError("the scan was changed") from None
        return File(media_type, content)

    def kept_before(self, school_id: str, moment: datetime) -> list[tuple[str, datetime]]:
        """(id, since when it is kept) of scans that are kept since before that moment, oldest first."""
        with self._pool.connection() as connection:
            return self._asked(connection, school_id, _KEPT, moment).fetchall()

    def destroy(self, school_id: str, scan_id: str) -> None:
        """End the scan's key, then its row. Again: nothing."""
        self._journals.school(school_id).keys.destroy(f"scan/{scan_id}", KEY_CLASS)
        with self._pool.connection() as connection:
            self._asked(connection, school_id, _REMOVE, scan_id)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def _asked(
        self, connection: Connection[Any], school_id: str, statement: str, *values: object
    ) -> Cursor[Any]:
        schema = f"files_{normalised(school_id)}"
        with self._lock:
            if schema not in self._made:
                with connection.transaction():
                    connection.execute(_ONE_AT_A_TIME)
                    connection.execute(_filled(_TABLE, schema))
                self._made.add(schema)
        return connection.execute(_filled(statement, schema), values)


def _filled(statement: str, schema: str) -> Composed:
    return SQL(statement).format(schema=Identifier(schema))


def _bound_to(school_id: str, scan_id: str) -> bytes:
    return f"dziennik scan|{normalised(school_id)}|{scan_id}".encode()
