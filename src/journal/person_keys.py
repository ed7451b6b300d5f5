"""Who can read what is said about a person?

Whoever holds the person's key. Keys are random, one per person and key class (classes have different
retention periods), wrapped by the master key and kept in a schema of their own. Destroying a person's keys
makes every text under them unreadable, in the journal and in all copies of the journal; such a text reads
as ERASED. A person who comes back gets a new key: ciphertexts name theirs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.sql import SQL, Identifier

from dziennik.journal import wire
from dziennik.journal.datastore import Pool, ask_again
from dziennik.journal.keyring import Keyring
from dziennik.journal.memory import Memory
from dziennik.journal.wire import Statement

REMEMBERED: Final = 20_000
# How long another process may go on with a destroyed key when the news of it got lost.
SECONDS: Final = 60.0

Owner = tuple[str, str]  # person, key class
Keys = dict[int, AESGCM | None]  # by id; None: destroyed
Row = tuple[int, str, str, bytes | None]  # key id, person, key class, wrapped key


class PersonKeys:
    """The keys of one school's people. Thread-safe; remembers a bounded number of them."""

    def __init__(self, keyring: Keyring, pool: Pool, schema: str, destroyed: Callable[[], None]) -> None:
        """`pool` writes, and is not the one that readers hold while they ask for keys: they would wait for
        each other.
        """
        self._keyring = keyring
        self._pool = pool
        self._schema = schema
        self._destroyed = destroyed
        self._in_use: Memory[Owner, tuple[int, AESGCM]] = Memory(REMEMBERED, SECONDS)
        self._known: Memory[int, AESGCM | None] = Memory(REMEMBERED, SECONDS)
        self._statements = _Statements(schema)

    def for_writing(self, owners: Iterable[Owner]) -> dict[Owner, tuple[int, AESGCM]]:
        """A key id and key per owner; missing ones are made, and committed before this returns."""
        wanted = set(owners)
        found = self._in_use.find(wanted)
        while len(found) < len(wanted):  # again, when somebody destroys one in the same instant
            found |= self._made(sorted(wanted - found.keys()))
        return found

    def for_reading(self, key_ids: Iterable[int]) -> Keys:
        """Keys by id; None for a destroyed one. A key id that never was is absent."""
        wanted = set(key_ids)
        found = self._known.find(wanted)
        missing = sorted(wanted - found.keys())
        if missing:
            era = self._known.era
            rows: list[Row] = ask_again(self._pool, self._statements.by_id, wire.bigints(missing))
            news = {row[0]: self._unwrapped(row) for row in rows}
            self._known.learn(news, era)
            found |= news
        return found

    def destroy(self, person_id: str, key_class: str | None = None) -> int:
        """Destroy the person's keys (of one class, or all) for good; how many there were.

        Other processes follow as soon as they are told, within a minute at the latest.
        """
        classes = [] if key_class is None else [key_class]
        rows = ask_again(self._pool, self._statements.destroy, wire.text(person_id), wire.texts(classes))
        self.forget()
        self._destroyed()
        return len(rows)

    def of(self, person_id: str) -> dict[int, tuple[str, bool]]:
        """All keys that the person ever had: the class of each, and whether it is still there."""
        rows = ask_again(self._pool, self._statements.of_person, wire.text(person_id))
        return {key_id: (key_class, alive) for key_id, key_class, alive in rows}

    def rewrap(self, page: int = 500) -> int:
        """Wrap all keys that there are anew, with the keyring's first wrapping key; how many.

        May be done again after it was broken off. Raises WrongMasterKey, with those before it done.
        """
        after = done = 0
        while rows := ask_again(self._pool, self._statements.living, wire.bigint(after), wire.integer(page)):
            labels = [self._label(person, key_class) for _, person, key_class, _ in rows]
            plain = [
                self._keyring.unwrapped(wrapped, label)
                for (_, _, _, wrapped), label in zip(rows, labels, strict=True)
            ]
            wrapped = [self._keyring.wrapped(key, label) for key, label in zip(plain, labels, strict=True)]
            ids = [key_id for key_id, *_ in rows]
            ask_again(self._pool, self._statements.rewrap, wire.bigints(ids), wire.blobs(wrapped))
            after, done = ids[-1], done + len(ids)
        return done

    def forget(self) -> None:
        """Look every key up anew from now on."""
        self._in_use.forget()
        self._known.forget()

    def _made(self, owners: list[Owner]) -> dict[Owner, tuple[int, AESGCM]]:
        era = self._in_use.era
        rows = self._used(owners)
        new = sorted(set(owners) - {(person, key_class) for _, person, key_class, _ in rows})
        if new:
            wrapped = [self._keyring.wrapped(os.urandom(32), self._label(*owner)) for owner in new]
            ask_again(self._pool, self._statements.make, *_columns(new), wire.blobs(wrapped))
            rows = self._used(owners)
        keys = {(row[1], row[2]): (row[0], key) for row in rows if (key := self._unwrapped(row))}
        self._in_use.learn(keys, era)
        return keys

    def _used(self, owners: list[Owner]) -> list[Row]:
        return ask_again(self._pool, self._statements.by_owner, *_columns(owners))

    def _unwrapped(self, row: Row) -> AESGCM | None:
        _, person, key_class, wrapped = row
        if wrapped is None:
            return None
        return AESGCM(self._keyring.unwrapped(wrapped, self._label(person, key_class)))

    def _label(self, person: str, key_class: str) -> bytes:
        return f"{self._schema}|{key_class}|{person}".encode()


class _Statements:
    def __init__(self, schema: str) -> None:
        def statement(text: str) -> Statement:
            return Statement(SQL(text).format(keys=Identifier(schema, "keys")))

        # persons, key classes
        self.by_owner = statement(
            "SELECT k.key_id, k.person, k.key_class, k.wrapped"
            " FROM unnest($1::text[], $2::text[]) AS w (person, key_class) JOIN {keys} AS k"
            " ON k.person = w.person AND k.key_class = w.key_class AND k.wrapped IS NOT NULL"
        )
        # key ids
        self.by_id = statement(
            "SELECT key_id, person, key_class, wrapped FROM {keys} WHERE key_id = ANY ($1::bigint[])"
        )
        # person
        self.of_person = statement(
            "SELECT key_id, key_class, wrapped IS NOT NULL FROM {keys} WHERE person = $1::text"
            " ORDER BY key_id"
        )
        # persons, key classes, wrapped keys
        self.make = statement(
            "INSERT INTO {keys} (person, key_class, wrapped)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])"
            " ON CONFLICT (person, key_class) WHERE wrapped IS NOT NULL DO NOTHING RETURNING 1"
        )
        # after key id, limit
        self.living = statement(
            "SELECT key_id, person, key_class, wrapped FROM {keys} WHERE key_id > $1::bigint"
            " AND wrapped IS NOT NULL ORDER BY key_id LIMIT $2::integer"
        )
        # key ids, wrapped keys; one that was destroyed meanwhile stays so
        self.rewrap = statement(
            "UPDATE {keys} AS k SET wrapped = w.wrapped"
            " FROM unnest($1::bigint[], $2::bytea[]) AS w (key_id, wrapped)"
            " WHERE k.key_id = w.key_id AND k.wrapped IS NOT NULL RETURNING 1"
        )
        # person, key classes (none: all)
        self.destroy = statement(
            "UPDATE {keys} SET wrapped = NULL, destroyed_at = clock_timestamp() WHERE person = $1::text"
            " AND ($2::text[] = '{{}}' OR key_class = ANY ($2::text[])) AND wrapped IS NOT NULL RETURNING 1"
        )


def _columns(owners: list[Owner]) -> tuple[bytes, bytes]:
    return wire.texts([person for person, _ in owners]), wire.texts([key_class for _, key_class in owners])
