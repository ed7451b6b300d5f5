"""Up to where does a register vouch for its history? (C2SP tlog-checkpoint)"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dziennik.verify.faults import Unchecked
from dziennik.verify.merkle import HASH
from dziennik.verify.notes import COSIGNATURE, ED25519, Key, Note, decoded, note_of, signed_by

_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root over the first `size` facts of the register `origin`."""

    origin: str
    size: int
    root: bytes


def checkpoint_of(text: str) -> tuple[Checkpoint, Note]:
    """A checkpoint that nobody has verified yet. Raises Unchecked."""
    note = note_of(text)
    lines = note.text.split("\n")
    root = decoded(lines[2]) if len(lines) >= 4 else None
    if root is None or len(root) != HASH or not lines[0] or not _SIZE.match(lines[1]) or "" in lines[3:-1]:
        raise Unchecked("PROOF.UNREADABLE", why="checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root), note


def trusted(text: str, key: Key, witnesses: Iterable[Key] = ()) -> Checkpoint:
    """A checkpoint signed by the register's key, and cosigned by every witness asked for.

    Raises Unchecked: not a checkpoint, another register's, not signed, or forged; also for a witness that is
    none: the register's own key would vouch for itself.
    """
    if key.kind != ED25519:
        raise Unchecked("PROOF.BAD_KEY", why=f"{key.name} (a witness's key)")
    found, note = checkpoint_of(text)
    if found.origin != key.name:
        raise Unchecked("PROOF.OTHER_LOG", found=found.origin, wanted=key.name)
    cosigners = list(witnesses)
    for one in cosigners:
        if one.kind != COSIGNATURE or one.public == key.public:
            raise Unchecked("PROOF.BAD_KEY", why=f"{one.name} (not a witness's key)")
    for one in (key, *cosigners):
        if signed_by(note, one) is None:
            raise Unchecked("PROOF.NOT_SIGNED", name=one.name)
    return found
