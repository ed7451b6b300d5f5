"""How does a signature get the time of a time-stamping service (RFC 3161 over HTTP, section 3.4)?"""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from dziennik.archive.signing import signature_value, with_stamp

LARGEST = 1_000_000
GRANTED = 0


class NoStamp(ValueError):
    """The service gave no usable answer; the text says why. The signature as it was is still good."""


def stamped(signature: bytes, service: str, *, timeout: float = 20.0) -> bytes:
    """The signature with a time stamp of the service at that http(s) address. Raises NoStamp."""
    if urlsplit(service).scheme not in ("http", "https"):
        raise NoStamp(f"{service} is not an http address")
    builder = TimestampRequestBuilder().data(signature_value(signature))
    request = builder.hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).cert_request(cert_request=True)
    asked = request.build()
    data = _asked(service, asked.as_bytes(), timeout)
    try:
        answer = decode_timestamp_response(data)
        if answer.status != GRANTED:
            raise NoStamp(f"the service refused with status {answer.status}")
        if answer.tst_info.nonce != asked.nonce:
            raise NoStamp("the service answered another request")
        if answer.tst_info.message_imprint.message != asked.message_imprint.message:
            raise NoStamp("the service stamped something else")
        return with_stamp(signature, answer.time_stamp_token())
    except NoStamp:
        raise
    except ValueError as fault:
        raise NoStamp(f"the service's answer is unreadable: {fault}") from fault


def _asked(service: str, request: bytes, timeout: float) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with urlopen(Request(service, request, headers), timeout=timeout) as answer:  # noqa: S310 (checked)
            data: bytes = answer.read(LARGEST + 1)
    except (URLError, HTTPException, OSError, ValueError) as fault:
        raise NoStamp(f"the service does not answer: {fault}") from fault
    if len(data) > LARGEST:
        raise NoStamp("the service's answer is too large")
    return data
