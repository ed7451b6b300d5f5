"""Where do letters lie that are not sent yet? Beside the journal, and nobody but their writer sees them.

A draft is no fact (ADR 0162): nothing was said. One row a draft, sealed under the writer's key for messages,
bound to school, writer and id; changed in place, gone when it is sent, thrown away, or old.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dziennik.attachments.beside import Beside
from dziennik.contracts.facts import MESSAGES
from dziennik.contracts.message_commands import DRAFT_TOO_LONG, TOO_MANY_DRAFTS
from dziennik.contracts.messages import Audience, Importance
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journals import Journals
from dziennik.journal.schema import normalised
from dziennik.journal.sealing import open_bytes, seal_bytes

MOST: Final = 50  # drafts of one person
KEPT: Final = timedelta(days=90)  # since somebody last wrote on it
LONGEST: Final = 40_000  # bytes of one draft

_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.drafts (
    person   text COLLATE "C" NOT NULL,
    draft_id text COLLATE "C" NOT NULL,
    key_id   bigint NOT NULL,
    sealed   bytea NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (person, draft_id)
);
"""
_SWEEP = "DELETE FROM {schema}.drafts WHERE person = %s AND saved_at < clock_timestamp() - %s::interval"
_COUNT = "SELECT count(*) FROM {schema}.drafts WHERE person = %s AND draft_id <> %s"
_SAVE = (
    "INSERT INTO {schema}.drafts (person, draft_id, key_id, sealed) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (person, draft_id) DO UPDATE"
    " SET key_id = excluded.key_id, sealed = excluded.sealed, saved_at = clock_timestamp()"
)
_READ = (
    "SELECT draft_id, key_id, sealed, saved_at FROM {schema}.drafts WHERE person = %s"
    " AND saved_at >= clock_timestamp() - %s::interval ORDER BY saved_at DESC, draft_id"
)
_DISCARD = "DELETE FROM {schema}.drafts WHERE person = %s AND draft_id = %s"


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was written so far; nothing of it needs to be sound. `reply_to` with `thread_id`: an answer."""

    draft_id: str
    subject: str = ""
    body: str = ""
    recipient_ids: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    pupil_id: str | None = None
    importance: Importance = Importance.NORMAL
    thread_id: str | None = None
    reply_to: str | None = None


class Kept(msgspec.Struct, frozen=True):
    """A draft, and when it was saved."""

    draft: Draft
    saved_at: datetime


class Drafts:
    """The drafts of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, journals: Journals) -> None:
        self._journals = journals
        self._beside = Beside(conninfo, "drafts", _TABLE, connections=2)

    def save(self, school_id: str, person_id: str, draft: Draft) -> Refusal | None:
        """Keep the draft, in the place of what was kept under its id."""
        content = msgspec.json.encode(draft)
        if len(content) > LONGEST:
            return DRAFT_TOO_LONG(limit=LONGEST, field="body")
        owner = (person_id, MESSAGES)
        key_id, key = self._journals.school(school_id).keys.for_writing([owner])[owner]
        sealed = seal_bytes(content, key, _bound_to(school_id, person_id, draft.draft_id))
        with self._beside.connection() as connection:
            self._beside.asked(connection, school_id, _SWEEP, person_id, KEPT)
            row = self._beside.asked(connection, school_id, _COUNT, person_id, draft.draft_id).fetchone()
            if row and row[0] >= MOST:
                return TOO_MANY_DRAFTS(limit=MOST, field="draft_id")
            self._beside.asked(connection, school_id, _SAVE, person_id, draft.draft_id, key_id, sealed)
        return None

    def of(self, school_id: str, person_id: str) -> list[Kept]:
        """Somebody's drafts, the latest first. What cannot be read any more is left out."""
        with self._beside.connection() as connection:
            rows = self._beside.asked(connection, school_id, _READ, person_id, KEPT).fetchall()
        keys = self._journals.school(school_id).keys.for_reading({key_id for _, key_id, _, _ in rows})
        found = []
        for draft_id, key_id, sealed, saved_at in rows:
            content = _opened(keys.get(key_id), sealed, _bound_to(school_id, person_id, draft_id))
            if content is not None:
                found.append(Kept(msgspec.json.decode(content, type=Draft), saved_at))
        return found

    def discard(self, school_id: str, person_id: str, draft_id: str) -> bool:
        """Whether there was one to throw away."""
        with self._beside.connection() as connection:
            return self._beside.asked(connection, school_id, _DISCARD, person_id, draft_id).rowcount == 1

    def close(self) -> None:
        """Give the connections back."""
        self._beside.close()


def _bound_to(school_id: str, person_id: str, draft_id: str) -> bytes:
    return f"dziennik draft|{normalised(school_id)}|{person_id}|{draft_id}".encode()


def _opened(key: AESGCM | None, sealed: bytes, bound_to: bytes) -> bytes | None:
    if key is None:
        return None
    try:
        return open_bytes(sealed, key, bound_to)
    except InvalidTag:
        return None
