"""What is the one secret that all others hang on?

The master key, from the settings. It wraps the keys of people (person_keys.py) and keys the digests and
seals of commands. It never gets into the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dziennik.journal.sealing import open_bytes, seal_bytes


class WrongMasterKey(Exception):
    """The keys in this database were wrapped by another master key."""


class Keyring:
    """The master key: 32 bytes. Without it no personal text can be read."""

    def __init__(self, master_key: bytes, wrapping: Sequence[bytes] = ()) -> None:
        """`wrapping`: keys that wrap persons' keys instead of one that follows from the master key, the one
        in use first. The others, and the master key's own, still open what they wrapped (rotation).
        """
        for key in (master_key, *wrapping):
            if len(key) != 32:
                raise ValueError(f"the master key has {len(key)} bytes instead of 32")
        own = _derived(master_key, b"dziennik wrap")
        self._wraps = [AESGCM(key) for key in (*wrapping, own)]
        self._digest = _derived(master_key, b"dziennik digest")
        self._seal = _derived(master_key, b"dziennik seal")

    def wrapped(self, key: bytes, label: bytes) -> bytes:
        """The key as it may lie in the database; `label` binds it to its place."""
        return seal_bytes(key, self._wraps[0], label)

    def unwrapped(self, wrapped: bytes, label: bytes) -> bytes:
        """Raises WrongMasterKey, also when the row was moved or changed."""
        for wrap in self._wraps:
            with suppress(InvalidTag):
                return open_bytes(wrapped, wrap, label)
        raise WrongMasterKey(f"cannot unwrap the key of {label.decode()}")

    def digest(self, content: bytes) -> bytes:
        """A keyed digest: without the master key nobody can try out what the content was."""
        return blake2b(content, key=self._digest, digest_size=32).digest()

    def seal(self, parts: Iterable[bytes]) -> bytes:
        """What only a holder of the master key can put to these parts, in this order."""
        seal = blake2b(key=self._seal, digest_size=32)
        for part in parts:
            seal.update(len(part).to_bytes(4, "big") + part)
        return seal.digest()


def _derived(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(master_key)
