"""Where may push messages go? To a name of the open internet over TLS, never into the school's own network.

A browser's address and keys come from whoever says that they are a browser (RFC 8030, RFC 8291); the rule
for names is asked when they come in, the one for addresses each time that a message goes out.
"""

from __future__ import annotations

import base64
import binascii
import re
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 1000  # characters of an address; those of the services in use are about 200
# A name with a dot whose last part is letters: no number in any spelling, no name of the own network.
_HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
_PRINTABLE: Final = re.compile(r"[!-~]+\Z")
_B64URL: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
# Special-use names (RFC 6761, 6762, 8375, 9476) and what firms call their own machines.
_OWN: Final = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test"})
_OWN_TOO: Final = frozenset({"invalid", "onion", "alt", "private", "localdomain"})
_NAT64: Final = ip_network("64:ff9b::/96")
# P-256: y² = x³ - 3x + b modulo p (FIPS 186-5, SEC 2 s. 2.4.2).
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def is_address(endpoint: str) -> bool:
    """Whether a push message may go there at all, by its name."""
    if len(endpoint) > LONGEST or not _PRINTABLE.match(endpoint) or "\\" in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = parts.scheme == "https" and "@" not in parts.netloc and "#" not in endpoint
    own = host.rpartition(".")[2] in _OWN | _OWN_TOO
    return bool(plain and port in (None, 443) and _HOST.match(host) and not own)


def in_the_open(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of the open internet, also as one that carries another within."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return in_the_open(within)
    return address.is_global and not address.is_multicast


def is_key(p256dh: str) -> bool:
    """Whether it is a point of P-256, uncompressed, in base64url."""
    point = _bytes(p256dh)
    if len(point) != 65 or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    return x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0


def is_secret(auth: str) -> bool:
    """Whether it is 16 bytes in base64url."""
    return len(_bytes(auth)) == 16


def _bytes(text: str) -> bytes:
    bare = text.rstrip("=")
    if len(bare) > 100 or not _B64URL.match(bare):
        return b""
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return b""
