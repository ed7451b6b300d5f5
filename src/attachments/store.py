"""Where do files lie that came with entries, and who can read them?

In a schema of their own beside each school's journal, one row a file: AES-GCM under the key of the person
whom the entry is about, bound to school, id, person, kind and digest. Whoever destroys that person's keys
makes the file unreadable in the same instant (ADR 0070).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dziennik.attachments.beside import Beside
from dziennik.attachments.kinds import media_type
from dziennik.attachments.scanner import Scan, nothing_found
from dziennik.contracts import attachments as said
from dziennik.contracts.attachments import ENDINGS, Attached
from dziennik.contracts.facts import FACTS, REGISTER
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journals import Journals
from dziennik.journal.schema import normalised
from dziennik.journal.sealing import open_bytes, seal_bytes

# A scanned page of a doctor's note takes 1 MB; a picture of a telephone up to 8.
LARGEST: Final = 10 * 1024 * 1024
# How long an upload waits for the entry that refers to it, and how many may wait for one account.
WAITS: Final = timedelta(days=1)
MOST_WAITING: Final = 20
# How many one account may send in that time at all: what a refused entry claimed waits no more, but is there.
MOST_A_DAY: Final = 60

_PAGE = 5000
_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.files (
    attachment_id text COLLATE "C" PRIMARY KEY,
    person        text COLLATE "C" NOT NULL,
    account       text COLLATE "C" NOT NULL,
    media_type    text COLLATE "C" NOT NULL,
    size          integer NOT NULL,
    sha256        text COLLATE "C" NOT NULL,
    key_id        bigint NOT NULL,
    sealed        bytea STORAGE EXTERNAL NOT NULL,
    kept_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_at    timestamptz
);
ALTER TABLE {schema}.files ADD COLUMN IF NOT EXISTS key_class text COLLATE "C" NOT NULL DEFAULT 'register';
CREATE INDEX IF NOT EXISTS files_sent ON {schema}.files (account, kept_at);
DROP INDEX IF EXISTS {schema}.files_waiting;
"""


class File(NamedTuple):
    """A file as it was sent."""

    media_type: str
    content: bytes


class Attachments:
    """The files of one installation. Thread-safe. Close it."""

    def __init__(self, conninfo: str, journals: Journals, *, scan: Scan = nothing_found) -> None:
        """`scan`: what a file must pass before it is kept."""
        self._scan = scan
        self._journals = journals
        self._beside = Beside(conninfo, "attachments", _TABLE)

    def keep(
        self,
        school_id: str,
        person_id: str,
        account_id: str,
        attachment_id: str,
        content: bytes,
        *,
        key_class: str = REGISTER,
    ) -> Attached | Refusal:
        """Take a file in, about a person. It waits for an entry that refers to it.

        `key_class`: for an entry whose texts are under keys of that class.
        """
        if len(content) > LARGEST:
            return said.TOO_LARGE(limit=LARGEST, field="content")
        kind = media_type(content)
        if kind is None:
            return said.WRONG_TYPE(types=", ".join(sorted(ENDINGS.values())), field="content")
        found = self._scan(content)
        if found:
            return found
        kept = Attached(
            attachment_id=attachment_id,
            media_type=kind,
            size=len(content),
            sha256=sha256(content).hexdigest(),
        )
        owner = (person_id, key_class)
        key_id, key = self._journals.school(school_id).keys.for_writing([owner])[owner]
        sealed = seal_bytes(content, key, _bound_to(school_id, person_id, kept))
        with self._beside.connection() as connection:
            sent = self._beside.asked(connection, school_id, _SENT, account_id, WAITS).fetchone()
            waiting, in_all = sent or (0, 0)
            if waiting >= MOST_WAITING:
                return said.TOO_MANY_UPLOADS(limit=MOST_WAITING, field="content")
            if in_all >= MOST_A_DAY:
                return said.TOO_MANY_A_DAY(limit=MOST_A_DAY, field="content")
            row = (
                attachment_id,
                person_id,
                account_id,
                kind,
                kept.size,
                kept.sha256,
                key_id,
                sealed,
                key_class,
            )
            self._beside.asked(connection, school_id, _KEEP, *row)
        return kept

    def claim(
        self,
        school_id: str,
        person_id: str,
        account_id: str,
        attached: Attached,
        *,
        key_class: str = REGISTER,
    ) -> bool:
        """An entry about the person is going to refer to the account's upload: whether it is there.

        From now on it is not swept away for as long as an upload waits.
        """
        asked = (attached.attachment_id, person_id, account_id)
        told = (attached.media_type, attached.size, attached.sha256, key_class)
        if any("\0" in str(part) for part in (*asked, *told)):
            return False  # nothing is kept under a name that no database can hold
        with self._beside.connection() as connection:
            return self._beside.asked(connection, school_id, _CLAIM, *asked, *told).rowcount == 1

    def read(self, school_id: str, attached: Attached) -> File | None:
        """The file that a fact refers to; None when it is gone, with its person's key or otherwise.

        Raises ValueError when what lies there is not what the fact says.
        """
        with self._beside.connection() as connection:
            row = self._beside.asked(connection, school_id, _READ, attached.attachment_id).fetchone()
        if row is None:
            return None
        person_id, key_id, sealed = row
        key = self._journals.school(school_id).keys.for_reading([key_id]).get(key_id)
        if key is None:
            return None
        content = _opened(sealed, key, _bound_to(school_id, person_id, attached))
        return File(attached.media_type, content)

    def sweep(self, school_id: str, *, waited: timedelta = WAITS) -> int:
        """Remove uploads that no fact refers to and that waited long enough; how many.

        Reads the whole journal. Raises UndecodableFact: what cannot be read might refer to a file.
        """
        with self._beside.connection() as connection:
            row = connection.execute("SELECT clock_timestamp() - %s::interval", [waited]).fetchone()
        before = row[0] if row else None
        referred = sorted(self._referred(school_id))
        with self._beside.connection() as connection:
            return self._beside.asked(connection, school_id, _SWEEP, before, before, referred).rowcount

    def close(self) -> None:
        """Give the connections back."""
        self._beside.close()

    def _referred(self, school_id: str) -> Iterator[str]:
        kinds = tuple([kind for kind in FACTS.values() if "attachments" in kind.__struct_fields__])
        journal, position = self._journals.school(school_id), 0
        while facts := journal.read(position, _PAGE):
            for recorded in facts:
                if isinstance(recorded.fact, kinds):
                    yield from (one.attachment_id for one in getattr(recorded.fact, "attachments", ()))
            position = facts[-1].position


_SENT = (
    "SELECT count(*) FILTER (WHERE claimed_at IS NULL), count(*) FROM {schema}.files"
    " WHERE account = %s AND kept_at > clock_timestamp() - %s::interval"
)
_KEEP = (
    "INSERT INTO {schema}.files"
    " (attachment_id, person, account, media_type, size, sha256, key_id, sealed, key_class)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_CLAIM = (
    "UPDATE {schema}.files SET claimed_at = clock_timestamp() WHERE attachment_id = %s AND person = %s"
    " AND account = %s AND media_type = %s AND size = %s AND sha256 = %s AND key_class = %s"
)
_READ = "SELECT person, key_id, sealed FROM {schema}.files WHERE attachment_id = %s"
_SWEEP = (
    "DELETE FROM {schema}.files WHERE kept_at < %s AND coalesce(claimed_at, kept_at) < %s"
    " AND attachment_id <> ALL (%s::text[])"
)


def _bound_to(school_id: str, person_id: str, kept: Attached) -> bytes:
    parts = (normalised(school_id), kept.attachment_id, person_id, kept.media_type, kept.sha256)
    return "|".join(["dziennik attachment", *parts]).encode()


def _opened(sealed: bytes, key: AESGCM, bound_to: bytes) -> bytes:
    try:
        return open_bytes(sealed, key, bound_to)
    except InvalidTag:
        raise ValueError("the file was changed, or is not the one that the fact refers to") from None
