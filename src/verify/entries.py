"""Does the register hold this entry? (a file in C2SP tlog-proof form)

The line `extra` holds the stored fact's bytes and the register's signed word on what was said about the entry
later. The first is proven by the path to the signed root; the second is a promise that can be held against
whoever signed it: an export up to that size shows whether it was true.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from dziennik.verify.checkpoints import Checkpoint, trusted
from dziennik.verify.faults import Finding, Outcome, Unchecked, Verdict, unchecked
from dziennik.verify.leaves import Leaf, leaf_of
from dziennik.verify.merkle import HASH, leaf_hash, root_of_inclusion
from dziennik.verify.notes import Key, decoded, note_of, signed_by

MAGIC = "c2sp.org/tlog-proof@v1"
STATEMENT = "dziennik-statement/v1"


@dataclass(frozen=True, slots=True)
class EntryProof:
    """One proof as it was written; nothing of it believed yet."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    leaf: bytes
    statement: str | None


def verify_entry(text: str, key: Key, witnesses: Sequence[Key] = ()) -> Verdict:
    """Check a proof file against the register's key."""
    try:
        proof = proof_of(text)
        checkpoint = trusted(proof.checkpoint, key, witnesses)
        leaf = leaf_of(proof.leaf)
        root = root_of_inclusion(proof.index, checkpoint.size, leaf_hash(proof.leaf), proof.path)
        if root != checkpoint.root or leaf.position != proof.index + 1:
            finding = Finding("PROOF.NOT_INCLUDED", {"position": leaf.position}, leaf.position)
            return Verdict(Outcome.BROKEN, (finding,))
        return Verdict(Outcome.HOLDS, (), _shown(leaf, checkpoint, _later(proof, leaf, checkpoint, key)))
    except Unchecked as fault:
        return unchecked(fault)


def proof_of(text: str) -> EntryProof:
    """The parts of a proof file. Raises Unchecked."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != MAGIC:
        raise Unchecked("PROOF.UNREADABLE", why="tlog-proof")
    extra, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
    if extra == lines[1] or not (index.isascii() and index.isdigit() and len(index) < 19):
        raise Unchecked("PROOF.UNREADABLE", why="tlog-proof")
    path = []
    for line in lines[3:]:
        step = decoded(line)
        if step is None or len(step) != HASH:
            raise Unchecked("PROOF.UNREADABLE", why="tlog-proof")
        path.append(step)
    try:
        said = json.loads(decoded(extra) or b"")
        leaf, statement = decoded(said["leaf"]), said.get("statement")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unchecked("PROOF.UNREADABLE", why="extra") from None
    if leaf is None or not isinstance(statement, str | None):
        raise Unchecked("PROOF.UNREADABLE", why="extra")
    return EntryProof(int(index), tuple(path), checkpoint, leaf, statement)


def _later(proof: EntryProof, leaf: Leaf, checkpoint: Checkpoint, key: Key) -> list[str] | None:
    """What the register signed about later facts of the entry: each "position name"; None: nothing."""
    if proof.statement is None:
        return None
    note = note_of(proof.statement)
    if signed_by(note, key) is None:
        raise Unchecked("PROOF.NOT_SIGNED", name=key.name)
    lines = note.text.removesuffix("\n").split("\n")
    wanted = [STATEMENT, key.name, f"entry {leaf.position}", f"size {checkpoint.size}"]
    later = lines[4:]
    if lines[:4] != wanted or not all(line.startswith("later ") for line in later):
        raise Unchecked("PROOF.UNREADABLE", why="statement")
    return [line.removeprefix("later ") for line in later]


def _shown(leaf: Leaf, checkpoint: Checkpoint, later: list[str] | None) -> dict[str, object]:
    """What a person wants to see of a proven entry; sealed texts stay sealed."""
    try:
        origin, state = json.loads(leaf.origin), json.loads(leaf.state)
    except ValueError:
        origin, state = None, None
    return {
        "register": checkpoint.origin,
        "position": leaf.position,
        "size": checkpoint.size,
        "fact": leaf.name,
        "said": state,
        "by": origin,
        "stands": None if later is None else not later,
        "later": later,
    }
