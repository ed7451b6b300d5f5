"""Is the later checkpoint a continuation of the earlier one? (RFC 9162, 2.1.4)"""

from __future__ import annotations

import json
from collections.abc import Sequence

from dziennik.verify.checkpoints import Checkpoint, trusted
from dziennik.verify.faults import Finding, Outcome, Unchecked, Verdict, unchecked
from dziennik.verify.merkle import HASH, consistent
from dziennik.verify.notes import Key, decoded

FORMAT = "dziennik.consistency.1"


def verify_consistency(text: str, key: Key, witnesses: Sequence[Key] = ()) -> Verdict:
    """Check a consistency file: two checkpoints and the path between them."""
    try:
        first, second, path = consistency_of(text)
        return compare(trusted(first, key), trusted(second, key, witnesses), path)
    except Unchecked as fault:
        return unchecked(fault)


def consistency_of(text: str) -> tuple[str, str, tuple[bytes, ...]]:
    """(earlier checkpoint, later checkpoint, path) of a file. Raises Unchecked."""
    try:
        said = json.loads(text)
        hashes = [decoded(step) for step in said["hashes"]]
        good = said["format"] == FORMAT and isinstance(said["first"], str) and isinstance(said["second"], str)
    except (ValueError, KeyError, TypeError):
        raise Unchecked("PROOF.UNREADABLE", why="consistency") from None
    path = tuple(step for step in hashes if step is not None and len(step) == HASH)
    if not good or len(path) != len(hashes):
        raise Unchecked("PROOF.UNREADABLE", why="consistency")
    return said["first"], said["second"], path


def compare(first: Checkpoint, second: Checkpoint, path: Sequence[bytes]) -> Verdict:
    """Whether the path leads from one trusted checkpoint to the other."""
    facts: dict[str, object] = {"origin": second.origin, "first": first.size, "second": second.size}
    if consistent(first.size, first.root, second.size, second.root, path):
        return Verdict(Outcome.HOLDS, (), facts)
    finding = Finding("PROOF.NOT_CONSISTENT", {"first": first.size, "second": second.size})
    return Verdict(Outcome.BROKEN, (finding,), facts)
