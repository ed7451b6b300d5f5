"""What kind of file is this, and does it hold?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dziennik.verify.checkpoints import trusted
from dziennik.verify.consistency import verify_consistency
from dziennik.verify.entries import MAGIC, verify_entry
from dziennik.verify.exports import verify_export
from dziennik.verify.faults import Outcome, Unchecked, Verdict, unchecked
from dziennik.verify.notes import Key, key_of

LONGEST = 1 << 20  # of proofs and checkpoints; exports are read line by line


def verify_file(
    path: Path, key: str, checkpoints: Sequence[Path] = (), witnesses: Sequence[str] = ()
) -> Verdict:
    """Check an export, a proof of an entry, a consistency proof, or a checkpoint alone.

    Keys are vkeys, or the names of files that hold one. `checkpoints` are for exports.
    """
    try:
        trusted_key, cosigners = read_key(key), [read_key(one) for one in witnesses]
        with path.open("rb") as file:
            start = file.read(256)
            file.seek(0)
            if start.startswith(b'{"specversion"'):
                kept = [_text(one) for one in checkpoints]
                return verify_export(file, trusted_key, kept, cosigners)
        text = _text(path)
        if text.startswith(MAGIC):
            return verify_entry(text, trusted_key, cosigners)
        if text.startswith("{"):
            return verify_consistency(text, trusted_key, cosigners)
        found = trusted(text, trusted_key, cosigners)
        return Verdict(Outcome.HOLDS, (), {"origin": found.origin, "size": found.size})
    except Unchecked as fault:
        return unchecked(fault)
    except OSError as fault:
        return unchecked(Unchecked("PROOF.UNREADABLE", why=f"{fault.filename}: {fault.strerror}"))


def read_key(text: str) -> Key:
    """A vkey, or the one in a file of that name. Raises Unchecked, OSError."""
    try:
        return key_of(text)
    except Unchecked:
        file = Path(text)
        if not file.is_file():
            raise
    return key_of(_text(file))


def _text(path: Path) -> str:
    with path.open("rb") as file:
        found = file.read(LONGEST + 1)
    if len(found) > LONGEST:
        raise Unchecked("PROOF.UNREADABLE", why=f"{path.name}: > {LONGEST} B")
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise Unchecked("PROOF.UNREADABLE", why=f"{path.name}: UTF-8") from None
