"""Until when was this signature there, according to a time-stamping service (RFC 3161)?

XAdES keeps the token alone; the library that checks tokens wants the service's whole answer, so a granted one
is put around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import new

from cryptography import x509
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from dziennik.bagcheck.findings import Fault

BAD_STAMP = Fault(
    "STAMP.DOES_NOT_FIT",
    pl="Znacznik czasu nie pasuje do podpisu albo jest uszkodzony: {what}.",
    en="The time stamp does not fit the signature, or is damaged: {what}.",
)

_GRANTED = bytes.fromhex("3003020100")  # PKIStatusInfo ::= SEQUENCE { status 0 }
_SHA256, _SHA384, _SHA512 = (x509.ObjectIdentifier(f"2.16.840.1.101.3.4.2.{last}") for last in (1, 2, 3))
_HASHES = {_SHA256: "sha256", _SHA384: "sha384", _SHA512: "sha512"}


def stamped_at(token: bytes, stamped: bytes, authorities: Sequence[x509.Certificate], place: str) -> datetime:
    """The instant (UTC) at which the service saw the bytes. Raises Wrong.

    Without authorities only that the token speaks of these bytes is checked, not who made it.
    """
    try:
        answer = decode_timestamp_response(_sequence(_GRANTED + token))
        imprint = answer.tst_info.message_imprint
        algorithm = _HASHES.get(imprint.hash_algorithm)
        if algorithm is None or imprint.message != new(algorithm, stamped).digest():
            raise BAD_STAMP(place, what="digest")
        if authorities:
            builder = VerifierBuilder(roots=list(authorities))
            builder.build().verify_message(answer, stamped)
        return answer.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError, TypeError) as fault:
        raise BAD_STAMP(place, what=str(fault)) from fault


def _sequence(content: bytes) -> bytes:
    """DER of a SEQUENCE around what is in it."""
    size = len(content)
    if size < 0x80:
        return bytes((0x30, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x30, 0x80 | len(length))) + length + content
