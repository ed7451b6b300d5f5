"""What did a certificate's issuer answer when it was asked whether it had been revoked? (OCSP, RFC 6960)

Answers are judged here, as lists are (trust.py): offline, whoever asked. Only what the issuer signed counts,
or a responder to whom it gave a certificate for just that (section 4.2.2.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.trust import REVOKED, name_of

FORGED_ANSWER = Fault(
    "CERTIFICATE.FORGED_ANSWER",
    pl="Odpowiedzi o unieważnieniu certyfikatu „{name}” nie podpisał jego wystawca.",
    en="The answer on the revocation of the certificate “{name}” was not signed by its issuer.",
)


def read_answer(path: Path) -> ocsp.OCSPResponse:
    """An answer in DER. Raises ValueError, OSError."""
    return ocsp.load_der_ocsp_response(path.read_bytes())


def check_answers(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    answers: Sequence[ocsp.OCSPResponse],
    at: datetime,
    place: str,
) -> bool:
    """Whether its issuer said, at or after `at`, that the certificate is good. Raises Wrong.

    `issuers`: certificates of a chain that was checked. What is about other certificates is passed over; an
    earlier answer that tells of the revocation tells all the same.
    """
    told = False
    for answer in answers:
        issuer = next((one for one in issuers if _is_about(answer, certificate, one)), None)
        if issuer is None:
            continue
        if not _is_signed(answer, issuer):
            raise FORGED_ANSWER(place, name=name_of(certificate))
        revoked = answer.revocation_time_utc
        if answer.certificate_status is ocsp.OCSPCertStatus.REVOKED and revoked is not None and revoked <= at:
            raise REVOKED(place, name=name_of(certificate), when=revoked.date())
        known = answer.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN
        told = told or (known and answer.this_update_utc >= at)
    return told


def _is_about(answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return False
    if issuer.subject != certificate.issuer or answer.serial_number != certificate.serial_number:
        return False
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, answer.hash_algorithm).build()
    return (answer.issuer_name_hash, answer.issuer_key_hash) == (
        asked.issuer_name_hash,
        asked.issuer_key_hash,
    )


def _is_signed(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    made = answer.this_update_utc
    return any(
        _fits(answer, one)
        for one in (issuer, *answer.certificates)
        if one == issuer or _may_answer(one, issuer, made)
    )


def _may_answer(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    try:
        responder.verify_directly_issued_by(issuer)
        purposes = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    valid = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
    return valid and ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _fits(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, signed = signer.public_key(), answer.tbs_response_bytes
    try:
        method = answer.signature_hash_algorithm
        if method is None or method.digest_size < 32:  # SHA-1 and older
            return False
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, signed, padding.PKCS1v15(), method)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, signed, ec.ECDSA(method))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
