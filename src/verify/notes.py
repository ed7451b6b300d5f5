"""Who signed this text? (C2SP signed-note; cosignatures by C2SP tlog-cosignature)

A note is a text, an empty line, and signature lines ``— name base64(key id, signature)``. Signatures of
keys that the verifier does not know are passed over; one of a known key that is wrong is a forgery.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dziennik.verify.faults import Unchecked

ED25519, COSIGNATURE = 1, 4  # signature types
_SIGNATURE = re.compile(r"— (\S+) (\S+)\Z")
_NAME = re.compile(r"[^\s+]+\Z")
MOST_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key (vkey): ``name+hex(key id)+base64(type, public key)``."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text; signatures as (name, key id and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]


def key_of(text: str) -> Key:
    """The key that a vkey names. Raises Unchecked."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.match(parts[0]):
        raise Unchecked("PROOF.BAD_KEY", why=text.strip()[:60])
    material = decoded(parts[2])
    if material is None or len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise Unchecked("PROOF.BAD_KEY", why="base64")
    key = Key(parts[0], material[0], material[1:])
    if key.key_id.hex() != parts[1].lower():
        raise Unchecked("PROOF.BAD_KEY", why=f"id {parts[1]}, {key.key_id.hex()}")
    return key


def note_of(text: str) -> Note:
    """The note, nothing of it believed yet. Raises Unchecked on what is none."""
    body, gap, tail = text.rpartition("\n\n")
    lines = tail.removesuffix("\n").split("\n")
    if not gap or not tail.endswith("\n") or not 0 < len(lines) <= MOST_SIGNATURES:
        raise Unchecked("PROOF.UNREADABLE", why="signed note")
    signatures = []
    for line in lines:
        match = _SIGNATURE.match(line)
        blob = match and decoded(match[2])
        if not match or not blob or len(blob) < 5:
            raise Unchecked("PROOF.UNREADABLE", why="signature line")
        signatures.append((match[1], blob))
    return Note(body + "\n", tuple(signatures))


def signed_by(note: Note, key: Key) -> int | None:
    """Whether the key signed the note: None if not, else the moment of a cosignature (0 for others).

    Raises Unchecked when there is a signature in the key's name and it is wrong.
    """
    for name, blob in note.signatures:
        if (name, blob[:4]) != (key.name, key.key_id):
            continue
        moment, signature, message = 0, blob[4:], note.text.encode()
        if key.kind == COSIGNATURE:
            moment, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
            message = f"cosignature/v1\ntime {moment}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Unchecked("PROOF.FORGED", name=key.name) from None
        return moment
    return None


def decoded(text: str) -> bytes | None:
    """Strict base64; None when it is none."""
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None
