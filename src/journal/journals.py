"""Which journals are in a database, and how are new ones made?"""

from __future__ import annotations

from threading import Lock
from types import TracebackType
from typing import Final, Self

import psycopg

from dziennik.journal import schema
from dziennik.journal.codec import Codec
from dziennik.journal.datastore import READER, WRITER, Datastore, open_pool, using_again
from dziennik.journal.evidence import Witness
from dziennik.journal.journal import Journal
from dziennik.journal.keyring import Keyring
from dziennik.journal.outcomes import UnknownSchool
from dziennik.journal.person_keys import PersonKeys
from dziennik.journal.reader import Reader
from dziennik.journal.recorder import SchoolRecorder
from dziennik.journal.wakeup import Wakeup
from dziennik.journal.writer import Writer

# The journal of the provider (accounts): made and used like a school's, but not listed among them.
PROVIDER: Final = "provider"


class Journals:
    """The journals of one database, for one process. Thread-safe. Close it, or use it in a `with`."""

    def __init__(
        self, conninfo: str, *, keyring: Keyring, readers: int = 8, writers: int = 4, patience: float = 30.0
    ) -> None:
        """`readers`, `writers`: most connections of each kind. `patience`: for how many seconds an append
        tries to find out its outcome when the database goes away.
        """
        self._conninfo = conninfo
        self._keyring = keyring
        self._patience = patience
        self._mutex = Lock()
        self._journals: dict[str, Journal] = {}
        with psycopg.connect(conninfo, autocommit=True) as connection:
            schema.ensure_roles(connection)
        self._reading = open_pool(conninfo, READER, min_size=1, max_size=readers)
        self._writing = open_pool(conninfo, WRITER, min_size=1, max_size=writers)
        self._wakeup = Wakeup(conninfo, self._forget_keys)

    def create_school(self, school_id: str) -> Journal:
        """Make a school's journal, or bring an existing one up to date. Raises ValueError on a bad id."""
        school_id = schema.normalised(school_id)
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            schema.create(connection, school_id)
        return self.school(school_id)

    def school(self, school_id: str) -> Journal:
        """Raises UnknownSchool."""
        try:
            school_id = schema.normalised(school_id)
        except ValueError:
            raise UnknownSchool(school_id) from None
        journal = self._journals.get(school_id)
        if journal is None:
            if not using_again(self._reading, lambda connection: schema.exists(connection, school_id)):
                raise UnknownSchool(school_id)
            with self._mutex:
                journal = self._journals.setdefault(school_id, self._opened(school_id))
        return journal

    def schools(self) -> list[str]:
        """The ids of all schools, without the provider."""
        found = using_again(self._reading, schema.school_ids)
        return [school_id for school_id in found if school_id != PROVIDER]

    def close(self) -> None:
        """Let go of all connections and threads."""
        self._wakeup.close()
        self._reading.close()
        self._writing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self, school_id: str) -> Journal:
        recorder = SchoolRecorder(Datastore(schema.school_schema(school_id), self._reading, self._writing))
        keys = PersonKeys(
            self._keyring,
            self._writing,
            schema.keys_schema(school_id),
            destroyed=lambda: self._wakeup.erased(school_id),
        )
        codec = Codec(keys)
        signal = self._wakeup.signal(school_id)
        writer = Writer(
            recorder,
            codec,
            self._keyring,
            grown=lambda head: self._wakeup.grown(school_id, head),
            patience=self._patience,
        )
        evidence = Witness(recorder, self._keyring)
        return Journal(school_id, Reader(recorder, codec), writer, signal, keys, evidence)

    def _forget_keys(self, school_id: str) -> None:
        journal = self._journals.get(school_id)
        if journal is not None:
            journal.keys.forget()
