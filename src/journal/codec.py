"""How does a fact become stored bytes, and stored bytes a fact again?

The state is the fact's JSON, its Personal texts sealed. Decoding is strict: an unknown name, a missing or
unknown field, a personal text that was moved or changed are Malformed. Only a destroyed key is no error: the
text reads as ERASED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, cast

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dziennik.contracts.facts import ERASED, FACTS, UPCASTS, Fact, Json
from dziennik.journal.batch import Stored
from dziennik.journal.person_keys import Keys, Owner, PersonKeys
from dziennik.journal.sealing import Sealed, opened, seal, sealed

_encode = msgspec.json.Encoder().encode

Row = tuple[int, str, int, str, bytes, bytes]  # position, stream, version, name, origin, state


class Malformed(Exception):
    """These bytes are not that fact."""


class _Old(NamedTuple):
    """A fact under a superseded name, before its upcasts."""

    name: str
    data: Json


class _Kind(NamedTuple):
    """How facts of one class are read. `texts` gets their personal texts; `none`: there are none."""

    decode: Callable[[bytes], Fact]
    texts: Callable[[Fact], object] | None
    none: object


@cache
def _kind(fact: type[Fact]) -> _Kind:
    fields = fact.personal_fields
    none = (None,) * len(fields) if len(fields) > 1 else None
    return _Kind(msgspec.json.Decoder(fact).decode, attrgetter(*fields) if fields else None, none)


class Codec:
    """Facts to bytes and back, with one school's keys."""

    def __init__(self, keys: PersonKeys) -> None:
        self._keys = keys

    def encode(self, streams: Iterable[tuple[str, int, Sequence[Fact]]]) -> list[Stored]:
        """Stored form of facts per stream, numbered on from each stream's version."""
        numbered = [
            (stream, version, fact)
            for stream, expected, facts in streams
            for version, fact in enumerate(facts, expected + 1)
        ]
        owners = {i: owned for i, (_, _, fact) in enumerate(numbered) if (owned := owners_of(fact))}
        wanted = {owner for owned in owners.values() for owner in owned.values()}
        keys = self._keys.for_writing(wanted) if wanted else {}
        for i, owned in owners.items():
            stream, version, fact = numbered[i]
            numbered[i] = (stream, version, _sealed(fact, stream, version, owned, keys))
        return [(stream, version, fact.fact_name, _encode(fact)) for stream, version, fact in numbered]

    def decode(self, rows: Sequence[Row]) -> list[Fact | Malformed]:
        """The facts in order; one that does not decode gives its Malformed in its place."""
        facts: list[Fact | Malformed | _Old] = []
        to_open: list[int] = []
        for i, (_, _, _, name, _, state) in enumerate(rows):
            current = FACTS.get(name)
            try:
                if current is None:
                    facts.append(_old(name, state))
                    to_open.append(i)
                    continue
                decode, texts, none = _kind(current)
                fact = decode(state)
            except (msgspec.DecodeError, UnicodeDecodeError, Malformed) as fault:
                facts.append(Malformed(str(fault)))
                continue
            facts.append(fact)
            if texts is not None and texts(fact) != none:
                to_open.append(i)
        if to_open:
            self._open(facts, to_open, rows)
        return cast("list[Fact | Malformed]", facts)

    def _open(self, facts: list[Fact | Malformed | _Old], to_open: list[int], rows: Sequence[Row]) -> None:
        """Put facts with readable texts in the place of those with sealed ones."""
        texts: dict[int, list[Sealed]] = {}
        for i in to_open:
            try:
                texts[i] = _sealed_texts(cast("Fact | _Old", facts[i]))
            except Malformed as fault:
                facts[i] = fault
        keys = self._keys.for_reading({text.key_id for found in texts.values() for text in found})
        for i, found in texts.items():
            _, stream, version, *_ = rows[i]
            try:
                facts[i] = _opened(cast("Fact | _Old", facts[i]), found, stream, version, keys)
            except (Malformed, ValueError) as fault:
                facts[i] = Malformed(str(fault))


def owners_of(fact: Fact) -> dict[str, Owner]:
    """Whose key, of which class, seals each of the fact's Personal texts that it holds."""
    if fact.person_field is None:
        return {}
    person = getattr(fact, fact.person_field)
    return {
        field: (person, fact.class_of(field))
        for field in fact.personal_fields
        if getattr(fact, field) is not None
    }


def _old(name: str, state: bytes) -> _Old:
    if name not in UPCASTS:
        raise Malformed("there is no fact of this name")
    return _Old(name, msgspec.json.decode(state, type=dict[str, Any]))


def _sealed(
    fact: Fact, stream: str, version: int, owners: dict[str, Owner], keys: dict[Owner, tuple[int, AESGCM]]
) -> Fact:
    changes = {
        field: seal(getattr(fact, field), *keys[owner], (stream, version, field))
        for field, owner in owners.items()
    }
    return msgspec.structs.replace(fact, **changes)


def _sealed_texts(fact: Fact | _Old) -> list[Sealed]:
    """A superseded fact's personal fields are not known any more, but its seals are."""
    if isinstance(fact, _Old):
        return [text for field, value in fact.data.items() if (text := sealed(field, value))]
    texts = {field: getattr(fact, field) for field in fact.personal_fields}
    found = {field: sealed(field, text) for field, text in texts.items() if text is not None}
    for field, text in found.items():
        if text is None:
            raise Malformed(f"{field} is not encrypted")
    return [text for text in found.values() if text]


def _opened(fact: Fact | _Old, texts: list[Sealed], stream: str, version: int, keys: Keys) -> Fact:
    plain: dict[str, str] = {}
    for text in texts:
        if text.key_id not in keys:
            raise Malformed(f"{text.field} is under key {text.key_id}, which never was")
        key = keys[text.key_id]
        plain[text.field] = ERASED if key is None else opened(text, key, (stream, version, text.field))
    if isinstance(fact, _Old):
        return _upcast(_Old(fact.name, fact.data | plain))
    return msgspec.structs.replace(fact, **plain)


def _upcast(old: _Old) -> Fact:
    name, data = old
    try:
        while name in UPCASTS:
            name, upcast = UPCASTS[name]
            data = upcast(data)
        return msgspec.convert(data, FACTS[name])
    except Exception as fault:
        raise Malformed(f"upcast to {name}: {type(fault).__name__}: {fault}") from fault
