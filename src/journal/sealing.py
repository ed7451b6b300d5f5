"""What does a personal text look like in the journal?

``\\u2400{key id}:{base64 of nonce, text and tag}``: AES-GCM under the key of the person, bound to stream,
version and field, so that no text can be moved to another place unnoticed. Users cannot enter U+2400.
"""

from __future__ import annotations

import os
import re
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dziennik.contracts.facts import ERASED

_SEALED = re.compile(ERASED + r"([0-9]{1,18}):([A-Za-z0-9+/=]+)\Z")
_NONCE = 12


class Sealed(NamedTuple):
    """One field's ciphertext, and the key that opens it."""

    field: str
    key_id: int
    content: str


def seal_bytes(content: bytes, key: AESGCM, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag: to be opened under the same key together with the same `bound_to`."""
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, content, bound_to)


def open_bytes(sealed: bytes, key: AESGCM, bound_to: bytes) -> bytes:
    """The content. Raises InvalidTag when anything of it is not as it was sealed."""
    return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)


def seal(text: str, key_id: int, key: AESGCM, place: tuple[str, int, str]) -> str:
    """The ciphertext of a text at a place: stream, version, field."""
    content = seal_bytes(text.encode(), key, _bound_to(place))
    return f"{ERASED}{key_id}:{b2a_base64(content, newline=False).decode()}"


def sealed(field: str, text: object) -> Sealed | None:
    """What a field's text says about its seal; None when it has none."""
    match = _SEALED.match(text) if isinstance(text, str) else None
    return Sealed(field, int(match[1]), match[2]) if match else None


def opened(text: Sealed, key: AESGCM, place: tuple[str, int, str]) -> str:
    """The text. Raises ValueError when it was changed, or sealed for another place."""
    try:
        content = a2b_base64(text.content, strict_mode=True)
        return open_bytes(content, key, _bound_to(place)).decode()
    except (InvalidTag, NotBase64, ValueError):
        raise ValueError(f"{text.field} was changed, or written for another place") from None


def _bound_to(place: tuple[str, int, str]) -> bytes:
    stream, version, field = place
    return f"{stream}|{version}|{field}".encode()
