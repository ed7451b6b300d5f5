"""May this certificate be trusted to have signed at that time?

The chain to one of the authorities given, each certificate valid at the time of signing, and a key that is
meant for signatures (RFC 5280). Nothing is looked up: this works offline. Whether a certificate was revoked
is told by lists (CRLs) that are given; that none tells is told as well, never taken for "not revoked".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import verification
from cryptography.x509.oid import NameOID

from dziennik.bagcheck.findings import Fault

EXPIRED = Fault(
    "CERTIFICATE.NOT_VALID_THEN",
    pl="Certyfikat „{name}” nie był ważny {at}: ważny od {since} do {until}.",
    en="The certificate “{name}” was not valid on {at}: it is valid from {since} until {until}.",
)
NOT_FOR_SIGNING = Fault(
    "CERTIFICATE.NOT_FOR_SIGNING",
    pl="Certyfikat „{name}” nie służy do podpisywania (brak digitalSignature lub nonRepudiation).",
    en="The certificate “{name}” is not for signatures (neither digitalSignature nor nonRepudiation).",
)
UNTRUSTED = Fault(
    "CERTIFICATE.UNTRUSTED",
    pl="Certyfikatu „{name}” nie wydał żaden z podanych urzędów: {what}.",
    en="None of the given authorities issued the certificate “{name}”: {what}.",
)
REVOKED = Fault(
    "CERTIFICATE.REVOKED",
    pl="Certyfikat „{name}” unieważniono {when}, przed podpisem.",
    en="The certificate “{name}” was revoked on {when}, before the signature.",
)
FORGED_LIST = Fault(
    "CERTIFICATE.FORGED_LIST",
    pl="Listy unieważnionych certyfikatów nie podpisał jej wystawca: {name}.",
    en="The list of revoked certificates was not signed by its issuer: {name}.",
)
_PEM = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)


def read_revocations(path: Path) -> list[x509.CertificateRevocationList]:
    """The lists of a file, PEM (several) or DER (one). Raises ValueError when there are none, OSError."""
    data = path.read_bytes()
    found = [x509.load_pem_x509_crl(one) for one in _PEM.findall(data)]
    return found or [x509.load_der_x509_crl(data)]


def read_authorities(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises ValueError when there are none, OSError."""
    return x509.load_pem_x509_certificates(path.read_bytes())


def name_of(certificate: x509.Certificate) -> str:
    """Whom the certificate names: the common name, or the whole subject."""
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else certificate.subject.rfc4514_string()


def check_signer(certificate: x509.Certificate, at: datetime, place: str) -> None:
    """What holds of a signer's certificate, whoever issued it. Raises Wrong."""
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    name = name_of(certificate)
    if not since <= at <= until:
        raise EXPIRED(place, name=name, at=at.date(), since=since.date(), until=until.date())
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError) as fault:
        raise NOT_FOR_SIGNING(place, name=name) from fault
    if not (usage.digital_signature or usage.content_commitment):
        raise NOT_FOR_SIGNING(place, name=name)


def check_chain(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    at: datetime,
    place: str,
) -> None:
    """Whether an unbroken chain leads to one of `authorities`, as of `at`. Raises Wrong."""
    any_extension = verification.ExtensionPolicy.permit_all()
    # The one extension that makes an authority: without it every signer could issue certificates.
    of_authority = any_extension.require_present(
        x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_authority
    )
    builder = verification.PolicyBuilder().store(verification.Store(list(authorities))).time(at)
    policies = builder.extension_policies(ca_policy=of_authority, ee_policy=any_extension)
    try:
        policies.build_client_verifier().verify(certificate, list(others))
    except (verification.VerificationError, UnsupportedAlgorithm, ValueError) as fault:
        raise UNTRUSTED(place, name=name_of(certificate), what=str(fault).split("(")[0].strip()) from fault


def check_revocation(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    at: datetime,
    place: str,
) -> bool:
    """Whether its issuer's list, made at or after `at`, does not have the certificate. Raises Wrong.

    `issuers`: certificates of a chain that was checked. False: no list given tells; an older list that has
    the certificate tells all the same.
    """
    told = False
    for one in lists:
        if one.issuer != certificate.issuer:
            continue
        if not any(_signed_by(one, issuer) for issuer in issuers):
            raise FORGED_LIST(place, name=one.issuer.rfc4514_string())
        entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise REVOKED(place, name=name_of(certificate), when=entry.revocation_date_utc.date())
        told = told or one.last_update_utc >= at
    return told


def _signed_by(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    if issuer.subject != one.issuer:
        return False
    try:
        return one.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, UnsupportedAlgorithm):
        return False


def _is_authority(
    _policy: object, _certificate: x509.Certificate, extension: x509.BasicConstraints | None
) -> None:
    if extension is None or not extension.ca:
        raise ValueError("not an authority")
