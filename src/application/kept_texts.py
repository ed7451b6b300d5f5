"""Under which class of keys do the texts about a person really lie?

New facts seal each text under the class that its field belongs to; what was written before there were
classes lies under the register's key, and the leaf hashes bind it there (ADR 0136). So the stored bytes are
asked, not the definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED, GRADE_SHEETS, REGISTER
from dziennik.journal.journal import Journal, Raw
from dziennik.journal.sealing import sealed

PAGE = 5_000


def classes_by_field(journal: Journal, person_id: str) -> dict[int, dict[str, str]]:
    """By position, the class of the key of each text that lies under one of the person's keys."""
    keys = journal.keys.of(person_id)
    return {
        raw.position: {field: keys[key_id][0] for field, key_id in texts.items()}
        for raw, texts in _texts_under(journal, frozenset(keys))
    }


def sheets_under_register(journal: Journal, person_id: str) -> bool:
    """Whether a text of the person's grade sheet lies under a register key that is still there."""
    keys = journal.keys.of(person_id)
    register = frozenset(key for key, (key_class, alive) in keys.items() if key_class == REGISTER and alive)
    return any(
        recorded.fact.class_of(field) == GRADE_SHEETS
        for raw, texts in _texts_under(journal, register)
        for recorded in journal.follow(raw.position - 1, 1)
        if isinstance(recorded, Recorded)
        for field in texts
    )


def _texts_under(journal: Journal, keys: frozenset[int]) -> Iterator[tuple[Raw, Mapping[str, int]]]:
    """Each fact with texts under these keys, and its texts' keys by field. Reads the whole journal."""
    marks = [f"{ERASED}{key_id}:".encode() for key_id in sorted(keys)]
    after = 0
    while marks and (page := journal.read_raw(after, PAGE)):
        after = page[-1].position
        for raw in page:
            if any(mark in raw.state for mark in marks):
                yield raw, _texts(raw.state, keys)


def _texts(state: bytes, keys: frozenset[int]) -> dict[str, int]:
    """None when the state is damaged: there is nothing that a key would open."""
    try:
        stored = msgspec.json.decode(state, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    found = (sealed(field, value) for field, value in stored.items())
    return {text.field: text.key_id for text in found if text and text.key_id in keys}
