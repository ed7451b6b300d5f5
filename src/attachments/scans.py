"""Where do scans of cards lie? Beside each school's journal, sealed under a key of their own.

A scan shows many pupils, so it is no person's file: its key belongs to the scan (owner ``scan/{id}``, key
class "scan"), and whoever destroys it at the end of retention makes the picture unreadable; facts stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag

from dziennik.attachments.beside import Beside
from dziennik.attachments.store import File
from dziennik.journal.journals import Journals
from dziennik.journal.schema import normalised
from dziennik.journal.sealing import open_bytes, seal_bytes

KEY_CLASS: Final = "scan"
# A hundred pages of 200 dpi JPEG take 40 MB.
LARGEST: Final = 100 << 20
_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.scans (
    scan_id    text COLLATE "C" PRIMARY KEY,
    media_type text COLLATE "C" NOT NULL,
    key_id     bigint NOT NULL,
    sealed     bytea STORAGE EXTERNAL NOT NULL,
    kept_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""
_KEEP = (
    "INSERT INTO {schema}.scans (scan_id, media_type, key_id, sealed) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (scan_id) DO NOTHING"
)
_KEPT = "SELECT scan_id, kept_at FROM {schema}.scans WHERE kept_at < %s ORDER BY kept_at, scan_id"
_REMOVE = "DELETE FROM {schema}.scans WHERE scan_id = %s"
_HAS = "SELECT 1 FROM {schema}.scans WHERE scan_id = %s"
_READ = "SELECT media_type, key_id, sealed FROM {schema}.scans WHERE scan_id = %s"


class Scans:
    """The scans of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, journals: Journals) -> None:
        self._journals = journals
        self._beside = Beside(conninfo, "scans", _TABLE)

    def keep(self, school_id: str, scan_id: str, media_type: str, content: bytes) -> None:
        """Keep a scan under its id, the SHA-256 of its bytes; one that is kept already stays."""
        owner = (f"scan/{scan_id}", KEY_CLASS)
        key_id, key = self._journals.school(school_id).keys.for_writing([owner])[owner]
        sealed = seal_bytes(content, key, _bound_to(school_id, scan_id))
        with self._beside.connection() as connection:
            self._beside.asked(connection, school_id, _KEEP, scan_id, media_type, key_id, sealed)

    def read(self, school_id: str, scan_id: str) -> File | None:
        """The scan as it came in; None when it is gone, or its key was destroyed.

        Raises ValueError when what lies there was changed.
        """
        with self._beside.connection() as connection:
            row = self._beside.asked(connection, school_id, _READ, scan_id).fetchone()
        if row is None:
            return None
        media_type, key_id, sealed = row
        key = self._journals.school(school_id).keys.for_reading([key_id]).get(key_id)
        if key is None:
            return None
        try:
            content = open_bytes(sealed, key, _bound_to(school_id, scan_id))
        except InvalidTag:
            raise ValueError("the scan was changed") from None
        return File(media_type, content)

    def has(self, school_id: str, scan_id: str) -> bool:
        """Whether the scan is kept."""
        with self._beside.connection() as connection:
            return self._beside.asked(connection, school_id, _HAS, scan_id).fetchone() is not None

    def kept_before(self, school_id: str, moment: datetime) -> list[tuple[str, datetime]]:
        """(id, since when it is kept) of scans that are kept since before that moment, oldest first."""
        with self._beside.connection() as connection:
            return self._beside.asked(connection, school_id, _KEPT, moment).fetchall()

    def destroy(self, school_id: str, scan_id: str) -> None:
        """End the scan's key, then its row. Again: nothing."""
        self._journals.school(school_id).keys.destroy(f"scan/{scan_id}", KEY_CLASS)
        with self._beside.connection() as connection:
            self._beside.asked(connection, school_id, _REMOVE, scan_id)

    def close(self) -> None:
        """Give the connections back."""
        self._beside.close()


def _bound_to(school_id: str, scan_id: str) -> bytes:
    return f"dziennik scan|{normalised(school_id)}|{scan_id}".encode()
