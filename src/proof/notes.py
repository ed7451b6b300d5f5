"""How does the register sign? (C2SP signed-note and tlog-checkpoint; Ed25519)"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ED25519 = 1  # signature type


class Signer:
    """A named Ed25519 key. Witnesses sign by themselves (dziennik.verify.witness)."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._material = bytes([_ED25519]) + public
        self._key_id = sha256(name.encode() + b"\n" + self._material).digest()[:4]

    @property
    def public(self) -> str:
        """The verifier key: what others need to check signatures."""
        return f"{self.name}+{self._key_id.hex()}+{b64encode(self._material).decode()}"

    def signed(self, text: str) -> str:
        """The text, which ends with a newline, as a signed note."""
        return f"{text}\n{self._line(self._key.sign(text.encode()))}"

    def _line(self, signature: bytes) -> str:
        return f"— {self.name} {b64encode(self._key_id + signature).decode()}\n"


def checkpoint(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint, not signed yet."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def size_and_root(note: str) -> tuple[int, bytes]:
    """What a checkpoint of ours says. Raises ValueError."""
    _, size, root, *_ = note.split("\n")
    return int(size), b64decode(root, validate=True)
