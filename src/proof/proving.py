"""How is one entry proven to somebody who has nothing but a public key?

A file in C2SP tlog-proof form. Its line `extra` brings the stored fact's bytes and the register's signed word
on which later facts speak of the same entry: "this grade was entered and stands".
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final

import msgspec

from dziennik.contracts.envelope import Recorded
from dziennik.journal.journal import Journal
from dziennik.journal.leaves import leaf_of
from dziennik.proof.log import SchoolLog
from dziennik.proof.tree import Tree

CONSISTENCY: Final = "dziennik.consistency.1"
# The field that names the entry, for facts that enter something which can be changed later.
ENTRIES: Final = {
    "grades.grade_given.1": "grade_id",
    "lessons.lesson_held.1": "lesson_id",
    "messages.message_sent.1": "message_id",
}


class NoSuchEntry(Exception):
    """There is no such position, or no checkpoint covers it."""


def entry_proof(log: SchoolLog, journal: Journal, position: int) -> str:
    """The proof file of the fact at a position, against the newest checkpoint. Raises NoSuchEntry."""
    newest = log.latest()
    found = journal.evidence.read(position - 1, 1) if position > 0 else []
    if newest is None or not found or found[0].position != position or position > newest.size:
        raise NoSuchEntry(f"position {position}")
    extra = {"leaf": b64encode(leaf_of(found[0])).decode()}
    later = _later(journal, found[0].stream, position, newest.size)
    if later is not None:
        lines = ["dziennik-statement/v1", log.origin, f"entry {position}", f"size {newest.size}"]
        lines += [f"later {one.position} {one.fact.fact_name}" for one in later]
        extra["statement"] = log.signer.signed("\n".join(lines) + "\n")
    path = log.tree().inclusion(position - 1, newest.size)
    head = ["c2sp.org/tlog-proof@v1", f"extra {b64encode(msgspec.json.encode(extra)).decode()}"]
    head += [f"index {position - 1}", *(b64encode(step).decode() for step in path)]
    return "\n".join(head) + f"\n\n{newest.note}"


def consistency_proof(tree: Tree, first: tuple[int, str], second: tuple[int, str]) -> bytes:
    """The file that shows that one checkpoint (size, note) continues the other."""
    path = tree.consistency(first[0], second[0])
    said = {
        "format": CONSISTENCY,
        "first": first[1],
        "second": second[1],
        "hashes": [b64encode(step).decode() for step in path],
    }
    return msgspec.json.format(msgspec.json.encode(said)) + b"\n"


def position_of_grade(journal: Journal, grade_id: str) -> int | None:
    """Where a grade was given; None: there is no such grade."""
    for recorded in journal.scan("year/"):
        if recorded.fact.fact_name == "grades.grade_given.1" and _says(recorded, "grade_id") == grade_id:
            return recorded.position
    return None


def _later(journal: Journal, stream: str, position: int, until: int) -> list[Recorded] | None:
    """Facts after the entry that speak of it; None where that is not known of this kind of fact."""
    facts = journal.load(stream, until_position=until)
    [entered] = [one for one in facts if one.position == position]
    field = ENTRIES.get(entered.fact.fact_name)
    if field is None:
        return None
    entry = _says(entered, field)
    return [one for one in facts if one.position > position and _says(one, field) == entry]


def _says(recorded: Recorded, field: str) -> object:
    return getattr(recorded.fact, field, None)
