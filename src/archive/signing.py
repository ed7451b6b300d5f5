"""How is the manifest of an archive signed with a key that lies here?

XAdES baseline B-B (ETSI EN 319 132-1) as a detached XML signature over one file's bytes, with RSA or ECDSA;
B-T when a time-stamping service answers (dziennik.archive.stamping). Inclusive Canonical XML 1.0, the
certificate in X509Data and nowhere else, ASCII names: the forms on which independent programs agree (ADR
0120). Many a director signs outside, with a qualified certificate on a card; what comes back is read by
dziennik.bagcheck alone.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from lxml import etree

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
# A curve and the digest of its strength.
_ECDSA: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "secp256r1": ("ecdsa-sha256", hashes.SHA256()),
    "secp384r1": ("ecdsa-sha384", hashes.SHA384()),
    "secp521r1": ("ecdsa-sha512", hashes.SHA512()),
}

_FORM = """\
<ds:Signature xmlns:ds="{ds}" xmlns:xades="{xades}" Id="signature">
<ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{c14n}"></ds:CanonicalizationMethod>
<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>
<ds:Reference Id="signed-file" URI="{name}">
<ds:DigestMethod Algorithm="{sha256}"></ds:DigestMethod>
<ds:DigestValue>{digest}</ds:DigestValue>
</ds:Reference>
<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#signed-properties">
<ds:Transforms>
<ds:Transform Algorithm="{c14n}"></ds:Transform>
</ds:Transforms>
<ds:DigestMethod Algorithm="{sha256}"></ds:DigestMethod>
<ds:DigestValue></ds:DigestValue>
</ds:Reference>
</ds:SignedInfo>
<ds:SignatureValue Id="signature-value"></ds:SignatureValue>
<ds:KeyInfo>
<ds:X509Data>
{certificates}
</ds:X509Data>
</ds:KeyInfo>
<ds:Object>
<xades:QualifyingProperties Target="#signature">
<xades:SignedProperties Id="signed-properties">
<xades:SignedSignatureProperties>
<xades:SigningTime>{at}</xades:SigningTime>
<xades:SigningCertificateV2>
<xades:Cert>
<xades:CertDigest>
<ds:DigestMethod Algorithm="{sha256}"></ds:DigestMethod>
<ds:DigestValue>{certificate_digest}</ds:DigestValue>
</xades:CertDigest>
</xades:Cert>
</xades:SigningCertificateV2>
</xades:SignedSignatureProperties>
<xades:SignedDataObjectProperties>
<xades:DataObjectFormat ObjectReference="#signed-file">
<xades:MimeType>text/plain</xades:MimeType>
</xades:DataObjectFormat>
</xades:SignedDataObjectProperties>
</xades:SignedProperties>
</xades:QualifyingProperties>
</ds:Object>
</ds:Signature>"""

_STAMPED = """\
<xades:UnsignedProperties xmlns:ds="{ds}" xmlns:xades="{xades}">
<xades:UnsignedSignatureProperties>
<xades:SignatureTimeStamp>
<ds:CanonicalizationMethod Algorithm="{c14n}"></ds:CanonicalizationMethod>
<xades:EncapsulatedTimeStamp>{token}</xades:EncapsulatedTimeStamp>
</xades:SignatureTimeStamp>
</xades:UnsignedSignatureProperties>
</xades:UnsignedProperties>"""


class UnusableKey(ValueError):
    """The file holds no key and certificate to sign with; the text says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with its certificate and the certificates between it and an authority."""

    key: Key
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()


def read_signer(path: Path, password: str | None = None, certificate: Path | None = None) -> Signer:
    """From a PKCS#12 file, or a PEM file of a key with the certificates in it or in a second file.

    Raises UnusableKey; OSError when a file cannot be read.
    """
    data = path.read_bytes()
    secret = password.encode() if password else None
    try:
        if b"-----BEGIN" in data:
            key: object = load_pem_private_key(data, secret)
            chain = x509.load_pem_x509_certificates(certificate.read_bytes() if certificate else data)
        else:
            key, first, rest = pkcs12.load_key_and_certificates(data, secret)
            chain = [*([first] if first else []), *rest]
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise UnusableKey(str(fault).splitlines()[0]) from fault
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnusableKey("neither an RSA nor an ECDSA key")
    own = [one for one in chain if one.public_key() == key.public_key()]
    if not own:
        raise UnusableKey("no certificate of this key")
    return Signer(key, own[0], tuple(one for one in chain if one != own[0]))


def sign(data: bytes, *, name: str, signer: Signer, at: datetime) -> bytes:
    """The signature over the file `name` that holds `data`, claimed to be made at the instant `at`.

    Raises UnusableKey for a curve that signatures here are not made with.
    """
    method, algorithm = _method(signer.key)
    root = etree.fromstring(_form(data, name, signer, at, method))
    properties = _only(root, "xades:SignedProperties")
    values = list(root.iter(f"{{{DS}}}DigestValue"))
    values[1].text = _base64(sha256(_canonical(properties)).digest())
    signed_info = _canonical(_only(root, "ds:SignedInfo"))
    _only(root, "ds:SignatureValue").text = _base64(_signed(signer.key, signed_info, algorithm))
    return etree.tostring(root, method="c14n")


def signature_value(signature: bytes) -> bytes:
    """What a time stamp is over: the canonical SignatureValue."""
    return _canonical(_only(etree.fromstring(signature), "ds:SignatureValue"))


def with_stamp(signature: bytes, token: bytes) -> bytes:
    """The signature with a time stamp's token beside it: B-T."""
    root = etree.fromstring(signature)
    holder = _only(root, "xades:QualifyingProperties")
    filled = _STAMPED.format(ds=DS, xades=XADES, c14n=C14N, token=_base64(token))
    unsigned = etree.fromstring(filled)
    unsigned.tail = "\n"
    holder.append(unsigned)
    etree.cleanup_namespaces(unsigned)
    return etree.tostring(root, method="c14n")


def _form(data: bytes, name: str, signer: Signer, at: datetime, method: str) -> str:
    chain = (signer.certificate, *signer.others)
    certificates = "\n".join(
        f"<ds:X509Certificate>{_base64(one.public_bytes(Encoding.DER))}</ds:X509Certificate>" for one in chain
    )
    return _FORM.format(
        ds=DS,
        xades=XADES,
        c14n=C14N,
        sha256=SHA256,
        method=MORE + method,
        name=name,
        digest=_base64(sha256(data).digest()),
        certificates=certificates,
        at=at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
        certificate_digest=_base64(sha256(signer.certificate.public_bytes(Encoding.DER)).digest()),
    )


def _method(key: Key) -> tuple[str, hashes.HashAlgorithm]:
    if isinstance(key, rsa.RSAPrivateKey):
        return "rsa-sha256", hashes.SHA256()
    if key.curve.name not in _ECDSA:
        raise UnusableKey(f"the curve {key.curve.name} is not P-256, P-384 or P-521")
    return _ECDSA[key.curve.name]


def _signed(key: Key, data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), algorithm)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(algorithm)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _only(root: etree._Element, name: str) -> etree._Element:
    found: Sequence[etree._Element] = root.findall(f".//{name}", {"ds": DS, "xades": XADES})
    if len(found) != 1:
        raise ValueError(f"{len(found)} times {name}")
    return found[0]


def _canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
