"""May a witness put its name to this checkpoint? (C2SP tlog-cosignature)

A cosignature says: this is the latest I have seen, and it continues what I saw before. So a register cannot
show one history to the school and another to the authority. A witness needs its own key, the register's
public key, and the checkpoint that it cosigned last.
"""

from __future__ import annotations

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dziennik.verify.checkpoints import trusted
from dziennik.verify.consistency import compare, consistency_of
from dziennik.verify.faults import Finding, Outcome, Unchecked
from dziennik.verify.notes import COSIGNATURE, Key, note_of


class Refused(Exception):
    """The checkpoint does not continue what the witness has seen."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code}: {finding.text()} / {finding.text('en')}")
        self.finding = finding


def witness_key(name: str, seed: bytes) -> Key:
    """The public half, for those who want to see the witness's name on checkpoints."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return Key(name, COSIGNATURE, public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def vkey(key: Key) -> str:
    """A key as a text."""
    return f"{key.name}+{key.key_id.hex()}+{b64encode(bytes([key.kind]) + key.public).decode()}"


def cosign(
    note: str, log: Key, witness: tuple[str, bytes], moment: int, seen: str | None, proof: str | None
) -> str:
    """The checkpoint with the witness's (name, seed) cosignature of that moment (seconds since 1970).

    `seen`: what it cosigned last, None the first time; `proof`: the consistency file from there to here.
    Raises Refused; Unchecked when something is unreadable, not signed, or the proof is missing.
    """
    later = trusted(note, log)
    if seen is not None:
        earlier = trusted(seen, log)
        path: tuple[bytes, ...] = ()
        if proof is not None:
            first, second, path = consistency_of(proof)
            if (trusted(first, log), trusted(second, log)) != (earlier, later):
                raise Unchecked("PROOF.UNREADABLE", why="the proof is of other checkpoints")
        elif earlier.size not in (0, later.size):
            raise Unchecked("PROOF.UNREADABLE", why="no consistency proof")
        verdict = compare(earlier, later, path)
        if verdict.outcome is not Outcome.HOLDS:
            raise Refused(verdict.findings[0])
    name, seed = witness
    message = f"cosignature/v1\ntime {moment}\n{note_of(note).text}".encode()
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    blob = witness_key(name, seed).key_id + moment.to_bytes(8, "big") + signature
    return f"{note}— {name} {b64encode(blob).decode()}\n"
