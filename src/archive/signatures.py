"""Does a signature that came back belong to this edition, and to a director of this school?

The very check of dziennik.bagcheck, so that what is stored is what others will accept, and one more: whom the
certificate names must be a director here.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPResponse
from cryptography.x509.oid import NameOID

from dziennik.archive.bagging import MANIFEST, Stored, manifest_of
from dziennik.archive.source import Facts
from dziennik.bagcheck.checking import judge
from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.signatures import check_signature
from dziennik.contracts.archives import ArchiveWritten, RecordSignature
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import PersonRegistered, PersonRenamed, RoleLeft, RoleTaken

# The answer of a certificate's issuer, who is the second; None: nobody answers.
Ask = Callable[[x509.Certificate, x509.Certificate], OCSPResponse | None]
OTHER_PERSON = Fault(
    "SIGNATURE.OTHER_PERSON",
    pl="Certyfikat wystawiono na „{name}”, a dyrektorem jest: {directors}.",
    en="The certificate is issued to “{name}”, the director is: {directors}.",
)


def manifest_on_record(written: ArchiveWritten) -> bytes:
    """The manifest of an edition, from the fact: what is to be signed."""
    return manifest_of(Stored(one.path, one.sha256, one.size) for one in written.files)


def checked_signature(
    data: bytes,
    written: ArchiveWritten,
    directors: Sequence[str],
    authorities: Sequence[x509.Certificate] = (),
    stamp_authorities: Sequence[x509.Certificate] = (),
    revocations: Sequence[x509.CertificateRevocationList] = (),
    ask: Ask = lambda _certificate, _issuer: None,
) -> RecordSignature:
    """The command that records the signature. Raises bagcheck's Wrong when anything does not fit.

    `ask`: whether a certificate is revoked, once an authority vouches for it.
    """
    found = check_signature(data, manifest_on_record(written), name=MANIFEST, place="signature")
    signed = judge(found, authorities, stamp_authorities, "signature", revocations=revocations)
    issuers = [one for one in (*found.others, *authorities) if one.subject == found.certificate.issuer]
    if signed.trusted and (answer := next(filter(None, (ask(found.certificate, i) for i in issuers)), None)):
        signed = judge(
            found, authorities, stamp_authorities, "signature", revocations=revocations, answers=[answer]
        )
    if not any(is_named(found.certificate, one) for one in directors):
        raise OTHER_PERSON("signature", name=signed.signer, directors=", ".join(directors) or "–")
    return RecordSignature(
        year_id=written.year_id,
        edition=written.edition,
        manifest_sha256=written.manifest_sha256,
        signature=base64.b64encode(data).decode(),
        signer=signed.signer,
        certificate_sha256=sha256(found.certificate.public_bytes(Encoding.DER)).hexdigest(),
        claimed_at=signed.claimed_at,
        stamped_at=signed.stamped_at,
        trusted=signed.trusted,
        not_revoked=signed.not_revoked,
    )


def directors_of(facts: Facts) -> list[str]:
    """Names of those who hold the role of director now: "Wanda Dyrektorska"."""
    names: dict[str, str] = {}
    holding: dict[str, bool] = {}
    for each in facts.scan("person/"):
        fact = each.fact
        if isinstance(fact, PersonRegistered | PersonRenamed):
            names[fact.person_id] = f"{fact.given_names} {fact.family_name}"
        elif isinstance(fact, RoleTaken | RoleLeft) and fact.role is Role.DIRECTOR:
            holding[fact.person_id] = isinstance(fact, RoleTaken)
    return sorted(names[person] for person, holds in holding.items() if holds and person in names)


def is_named(certificate: x509.Certificate, person: str) -> bool:
    """Whether the certificate names the person: the family name and a given name at least.

    Case, accents' encoding and the order of names do not matter; titles and numbers beside them neither.
    """
    shown = _words(_names_in(certificate))
    given, *rest = person.split()
    family = rest[-1] if rest else given
    return _words([given]) <= shown and _words([family]) <= shown


def _names_in(certificate: x509.Certificate) -> list[str]:
    wanted = (NameOID.COMMON_NAME, NameOID.GIVEN_NAME, NameOID.SURNAME)
    return [str(one.value) for oid in wanted for one in certificate.subject.get_attributes_for_oid(oid)]


def _words(texts: Iterable[str]) -> set[str]:
    plain = (unicodedata.normalize("NFC", text).casefold() for text in texts)
    return {word for text in plain for word in re.findall(r"[^\W\d_]+", text)}
