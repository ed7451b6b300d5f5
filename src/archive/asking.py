"""Is a certificate revoked? Its issuer is asked, where the certificate says (OCSP over HTTP, RFC 6960)."""

from __future__ import annotations

import logging
from http.client import HTTPException
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

LARGEST: Final = 100_000
SECONDS: Final = 10.0

_log = logging.getLogger("dziennik.archive")


def asked(certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse | None:
    """The answer, nothing of it believed yet; None where nobody answers, which is told in the log.

    Only of certificates that an authority vouches for: whoever made the certificate chose the address.
    """
    address = responder_of(certificate)
    if address is None:
        return None
    # Of the issuer's name and key; every responder knows this digest (RFC 5019), and it guards nothing here.
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303
    headers = {"Content-Type": "application/ocsp-request"}
    request = Request(address, question.public_bytes(Encoding.DER), headers)  # noqa: S310 (checked)
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 (checked)
            return ocsp.load_der_ocsp_response(answer.read(LARGEST))
    except (HTTPException, OSError, ValueError) as fault:
        _log.warning("%s does not tell whether a certificate is revoked: %s", address, fault)
        return None


def responder_of(certificate: x509.Certificate) -> str | None:
    """The http(s) address of whom to ask; None: the certificate names none."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    for one in access:
        at = one.access_location
        if one.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            at, x509.UniformResourceIdentifier
        ):
            return at.value if urlsplit(at.value).scheme in ("http", "https") else None
    return None
