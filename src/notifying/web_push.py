"""How is a notice sealed so that only one browser reads it, and how does a push service know who sends it?

Message encryption (RFC 8291) in the encoding aes128gcm (RFC 8188, one record), and voluntary identification
of who sends (VAPID, RFC 8292). The push service in between sees sizes and times, no words.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE: Final = 4096  # what a push service must take (RFC 8030 s. 7.2)
_HEADER: Final = 16 + 4 + 1 + 65  # salt, record size, length of the key, the key
_TAG, _DELIMITER = 16, b"\x02"
# Bytes of text that fit (RFC 8291 s. 4: the whole body is at most 4096).
LONGEST: Final = RECORD_SIZE - _HEADER - _TAG - len(_DELIMITER)
_TOKEN_LASTS: Final = timedelta(hours=12)  # at most a day (RFC 8292 s. 2)
# The order of P-256 (FIPS 186-5 / SEC 2): a private key is 1 to this less 1.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Keys:
    """A browser's: its point on P-256 (65 bytes, uncompressed) and the secret it shares (16 bytes)."""

    p256dh: bytes
    auth: bytes


def b64url(data: bytes) -> str:
    """Without padding, as all of these RFCs write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """The bytes. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sealed(
    text: bytes,
    keys: Keys,
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push message; `salt` (16 bytes) and `sender`'s key are new each time but in tests.

    Raises ValueError: the text is too long, or the browser's key is no point of the curve.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} bytes do not fit: at most {LONGEST}")
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.p256dh)
    ours = _point(sender.public_key())
    info = b"WebPush: info\x00" + keys.p256dh + ours
    ikm = _hkdf(keys.auth, info, 32)(sender.exchange(ec.ECDH(), theirs))
    return encoded(text, ikm, salt or secrets.token_bytes(16), key_id=ours)


def encoded(text: bytes, ikm: bytes, salt: bytes, *, key_id: bytes = b"") -> bytes:
    """One last record of aes128gcm with its header (RFC 8188 s. 2)."""
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\x00", 16)(ikm)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\x00", 12)(ikm)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(key_id)]) + key_id
    return header + AESGCM(key).encrypt(nonce, text + _DELIMITER, None)


class Vapid:
    """Who sends, to push services: one key an installation, made from its secret (32 bytes).

    `contact`: an https or mailto address at which push services find whoever runs it; empty: not told.
    """

    def __init__(
        self, secret: bytes, contact: str = "", now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        # More bits than the order has, so that no key is likelier than another (FIPS 186-5 s. A.2.1).
        number = int.from_bytes(_hkdf(b"", b"dziennik web push", 48)(secret), "big")
        self._key = ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
        self._contact = contact
        self._now = now
        # What browsers are told when they subscribe (applicationServerKey).
        self.public = b64url(_point(self._key.public_key()))

    def authorization(self, endpoint: str) -> str:
        """The header for a message to that address (RFC 8292 s. 3)."""
        parts = urlsplit(endpoint)
        claims: dict[str, object] = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((self._now() + _TOKEN_LASTS).timestamp()),
        }
        if self._contact:
            claims["sub"] = self._contact
        return f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self.public}"


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, info: bytes, length: int) -> Callable[[bytes], bytes]:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive
