"""Is this a signature over that file, and whose?

XAdES baseline (ETSI EN 319 132-1) as detached XML signature over one file beside it. What is accepted is a
list (signature_words): two references, to the file's bytes and to the signed properties; the certificate in
X509Data, bound by its digest in the signed properties; nothing else. Whether the certificate may be trusted
is another question (dziennik.bagcheck.trust).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import new as new_hash
from hmac import compare_digest
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from dziennik.bagcheck import signature_words as words
from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.strict_xml import UNEXPECTED, Reading, parse

TOO_LARGE = Fault(
    "SIGNATURE.TOO_LARGE", pl="Plik podpisu jest za duży.", en="The signature file is too large."
)
ALGORITHM = Fault(
    "SIGNATURE.ALGORITHM",
    pl="Algorytm {name} nie jest tu dopuszczony.",
    en="The algorithm {name} is not accepted here.",
)
OTHER_BYTES = Fault(
    "SIGNATURE.OTHER_BYTES",
    pl="Podpisano inny plik: skrót {name} się nie zgadza.",
    en="Another file was signed: the digest of {name} differs.",
)
OTHER_FILE = Fault(
    "SIGNATURE.OTHER_FILE",
    pl="Podpis nie dotyczy pliku {expected}, lecz {name}.",
    en="The signature is not over the file {expected} but over {name}.",
)
REFERENCES = Fault(
    "SIGNATURE.REFERENCES",
    pl="Podpis musi obejmować dokładnie plik i podpisane właściwości.",
    en="The signature must cover exactly the file and the signed properties.",
)
PROPERTIES_CHANGED = Fault(
    "SIGNATURE.PROPERTIES_CHANGED",
    pl="Podpisane właściwości (czas, certyfikat) zmieniono.",
    en="The signed properties (time, certificate) were changed.",
)
DOES_NOT_FIT = Fault(
    "SIGNATURE.DOES_NOT_FIT",
    pl="Podpis nie pasuje do certyfikatu, który zawiera.",
    en="The signature does not fit the certificate that it holds.",
)
CERTIFICATE = Fault(
    "SIGNATURE.CERTIFICATE",
    pl="Certyfikat jest nieczytelny albo inny niż podpisany.",
    en="The certificate is unreadable, or not the one that was signed.",
)
KEY = Fault("SIGNATURE.KEY", pl="Klucz certyfikatu: {what}.", en="The certificate's key: {what}.")
TIME = Fault("SIGNATURE.TIME", pl="Czas podpisu jest nieczytelny.", en="The time of signing is unreadable.")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that fits its file and its certificate. `signed_at` is what the signer claims."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signed_at: datetime
    # The canonical SignatureValue, which a time stamp is over, and the time stamp's token.
    stamped: bytes
    token: bytes | None
    # Digest algorithm and digest of the file that was signed.
    digest: tuple[str, bytes]


def check_signature(data: bytes, signed: bytes, *, name: str, place: str) -> Signature:
    """The signature in `data` over the bytes `signed` of the file `name`. Raises Wrong."""
    if len(data) > words.LARGEST:
        raise TOO_LARGE(place)
    root = parse(data, place)
    reading = Reading(root, place)
    if root.tag != _ds("Signature"):
        raise REFERENCES(place)
    _every_id_once(root, place)
    signature_id = reading.maybe_attribute("Id")
    info = reading.child(_ds("SignedInfo"))
    value = reading.child(_ds("SignatureValue"))
    value.maybe_attribute("Id")
    value_bytes = value.base64()
    certificates = _certificates(reading.child(_ds("KeyInfo")))
    properties = _Properties(reading.child(_ds("Object")), signature_id)
    reading.done()
    method, exclusive, digest = _signed_info(info, signed, name, properties)
    certificate = _the_certificate(certificates, properties, place)
    _check_value(certificate, method, value_bytes, _canonical(info.element, exclusive), value.place)
    stamped = _canonical(value.element, properties.stamp_exclusive)
    others = tuple(one for one in certificates if one != certificate)
    return Signature(certificate, others, properties.signed_at, stamped, properties.token, digest)


def _ds(name: str) -> str:
    return f"{{{words.DS}}}{name}"


def _xades(name: str) -> str:
    return f"{{{words.XADES}}}{name}"


def _every_id_once(root: etree._Element, place: str) -> None:
    """Ids decide what a reference means: with one twice, programs could disagree."""
    ids = [value for element in root.iter() if (value := element.get("Id")) is not None]
    if len(set(ids)) != len(ids):
        raise REFERENCES(place)


def _canonical(element: etree._Element, exclusive: bool) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=exclusive, with_comments=False)


def _algorithm(reading: Reading, allowed: object, name: str) -> str:
    """The algorithm of the next child, which must be one of those allowed, with nothing inside."""
    child = reading.child(name)
    algorithm = child.attribute("Algorithm")
    if algorithm not in allowed:  # type: ignore[operator]
        raise ALGORITHM(child.place, name=algorithm)
    if child.text().strip():
        raise UNEXPECTED(child.place, what="text")
    return algorithm


def _signed_info(
    info: Reading, signed: bytes, name: str, properties: _Properties
) -> tuple[str, bool, tuple[str, bytes]]:
    """Check both references; the signature's method, and how it was made canonical."""
    info.maybe_attribute("Id")
    exclusive = words.CANONICAL[_algorithm(info, words.CANONICAL, _ds("CanonicalizationMethod"))]
    method = _algorithm(info, {**words.RSA, **words.ECDSA, **words.PSS}, _ds("SignatureMethod"))
    references = info.all(_ds("Reference"))
    info.done()
    typed = {one.maybe_attribute("Type"): one for one in references}
    if len(references) != 2 or set(typed) != {None, words.SIGNED_PROPERTIES}:
        raise REFERENCES(info.place)
    digest = _file_reference(typed[None], signed, name, properties)
    _properties_reference(typed[words.SIGNED_PROPERTIES], properties)
    return method, exclusive, digest


def _file_reference(
    reference: Reading, signed: bytes, name: str, properties: _Properties
) -> tuple[str, bytes]:
    """No transforms: the digest is of the file's very bytes."""
    uri = unquote(reference.attribute("URI"))
    if uri.removeprefix("./") != name:
        raise OTHER_FILE(reference.place, expected=name, name=uri or "#")
    own_id = reference.maybe_attribute("Id")
    if properties.described not in (None, f"#{own_id}"):
        raise REFERENCES(reference.place)
    algorithm, digest = _digest(reference)
    reference.done()
    if not compare_digest(digest, new_hash(algorithm, signed).digest()):
        raise OTHER_BYTES(reference.place, name=name)
    return algorithm, digest


def _properties_reference(reference: Reading, properties: _Properties) -> None:
    """By the Id of the one SignedProperties that was read, in the canonical form that the transform names."""
    if reference.attribute("URI") != f"#{properties.signed_id}":
        raise REFERENCES(reference.place)
    reference.maybe_attribute("Id")
    transforms = reference.maybe(_ds("Transforms"))
    exclusive = False
    if transforms is not None:
        exclusive = words.CANONICAL[_algorithm(transforms, words.CANONICAL, _ds("Transform"))]
        transforms.done()
    algorithm, digest = _digest(reference)
    reference.done()
    found = new_hash(algorithm, _canonical(properties.signed, exclusive)).digest()
    if not compare_digest(digest, found):
        raise PROPERTIES_CHANGED(reference.place)


def _digest(reading: Reading) -> tuple[str, bytes]:
    algorithm = words.DIGESTS[_algorithm(reading, words.DIGESTS, _ds("DigestMethod"))]
    return algorithm, reading.child(_ds("DigestValue")).base64()


def _certificates(key_info: Reading) -> list[x509.Certificate]:
    """X509Data alone: a KeyValue would let some programs accept any key (ARCHITECTURE, "Archive")."""
    key_info.maybe_attribute("Id")
    found = []
    for data in key_info.all(_ds("X509Data")):
        for each in data.all(_ds("X509Certificate")):
            try:
                found.append(x509.load_der_x509_certificate(each.base64()))
            except ValueError as fault:
                raise CERTIFICATE(each.place) from fault
        data.done()
    key_info.done()
    if not found:
        raise CERTIFICATE(key_info.place)
    return found


def _the_certificate(
    certificates: list[x509.Certificate], properties: _Properties, place: str
) -> x509.Certificate:
    algorithm, digest = properties.certificate
    for one in certificates:
        if compare_digest(new_hash(algorithm, _der(one)).digest(), digest):
            return one
    raise CERTIFICATE(place)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _check_value(
    certificate: x509.Certificate, method: str, value: bytes, signed_info: bytes, place: str
) -> None:
    """The kind of key decides which methods may be: a method cannot make a key into another (no HMAC)."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise KEY(place, what=str(fault)) from fault
    try:
        if isinstance(key, rsa.RSAPublicKey) and method in words.RSA:
            _strong(key, place)
            key.verify(value, signed_info, padding.PKCS1v15(), words.RSA[method])
        elif isinstance(key, rsa.RSAPublicKey) and method in words.PSS:
            _strong(key, place)
            algorithm = words.PSS[method]
            salted = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            key.verify(value, signed_info, salted, algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and method in words.ECDSA:
            key.verify(_dss(key, value, place), signed_info, ec.ECDSA(words.ECDSA[method]))
        else:
            raise ALGORITHM(place, name=method)
    except InvalidSignature as fault:
        raise DOES_NOT_FIT(place) from fault


def _strong(key: rsa.RSAPublicKey, place: str) -> None:
    if key.key_size < words.LEAST_RSA_BITS:
        raise KEY(place, what=f"{key.key_size} bit < {words.LEAST_RSA_BITS}")


def _dss(key: ec.EllipticCurvePublicKey, value: bytes, place: str) -> bytes:
    """XML signatures hold r and s one after the other (RFC 4050), libraries want them in DER."""
    size = (key.curve.key_size + 7) // 8
    if key.curve.name not in ("secp256r1", "secp384r1", "secp521r1"):
        raise KEY(place, what=key.curve.name)
    if len(value) != 2 * size:
        raise DOES_NOT_FIT(place)
    return encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))


class _Properties:
    """QualifyingProperties: the signed ones, read; of the unsigned ones only a time stamp."""

    def __init__(self, holder: Reading, signature_id: str | None) -> None:
        holder.maybe_attribute("Id")
        qualifying = holder.child(_xades("QualifyingProperties"))
        holder.done()
        target = qualifying.maybe_attribute("Target")
        qualifying.maybe_attribute("Id")
        if signature_id is not None and target != f"#{signature_id}":
            raise REFERENCES(qualifying.place)
        signed = qualifying.child(_xades("SignedProperties"))
        self.signed = signed.element
        self.signed_id = signed.attribute("Id")
        self.described: str | None = None
        self.token: bytes | None = None
        self.stamp_exclusive = False
        self._read_signature(signed.child(_xades("SignedSignatureProperties")))
        described = signed.maybe(_xades("SignedDataObjectProperties"))
        if described is not None:
            self._read_object(described)
        signed.done()
        unsigned = qualifying.maybe(_xades("UnsignedProperties"))
        if unsigned is not None:
            self._read_unsigned(unsigned)
        qualifying.done()

    def _read_signature(self, reading: Reading) -> None:
        reading.maybe_attribute("Id")
        time = reading.child(_xades("SigningTime"))
        try:
            at = datetime.fromisoformat(time.text())
        except ValueError as fault:
            raise TIME(time.place) from fault
        if at.tzinfo is None:
            raise TIME(time.place)
        self.signed_at = at.astimezone(UTC)
        newer = reading.maybe(_xades("SigningCertificateV2"))
        bound = newer if newer is not None else reading.child(_xades("SigningCertificate"))
        certificate = bound.child(_xades("Cert"))
        bound.done()
        bound = certificate.child(_xades("CertDigest"))
        self.certificate = _digest(bound)
        bound.done()
        for name in ("IssuerSerialV2", "IssuerSerial"):  # a repetition of what the digest binds
            again = certificate.maybe(_xades(name))
            if again is not None:
                again.skip()
        certificate.done()
        # What else a signer may say about a signature; none of it changes what was signed, or by whom.
        for name in ("SignaturePolicyIdentifier", "SignatureProductionPlaceV2", "SignerRoleV2"):
            said = reading.maybe(_xades(name))
            if said is not None:
                said.skip()
        reading.done()

    def _read_object(self, reading: Reading) -> None:
        reading.maybe_attribute("Id")
        described = reading.child(_xades("DataObjectFormat"))
        self.described = described.attribute("ObjectReference")
        described.skip()
        commitment = reading.maybe(_xades("CommitmentTypeIndication"))
        if commitment is not None:
            commitment.skip()
        reading.done()

    def _read_unsigned(self, reading: Reading) -> None:
        reading.maybe_attribute("Id")
        of_signature = reading.child(_xades("UnsignedSignatureProperties"))
        of_signature.maybe_attribute("Id")
        stamp = of_signature.child(_xades("SignatureTimeStamp"))
        stamp.maybe_attribute("Id")
        self.stamp_exclusive = words.CANONICAL[
            _algorithm(stamp, words.CANONICAL, _ds("CanonicalizationMethod"))
        ]
        token = stamp.child(_xades("EncapsulatedTimeStamp"))
        token.maybe_attribute("Id")
        token.maybe_attribute("Encoding")
        self.token = token.base64()
        stamp.done()
        of_signature.done()
        reading.done()
