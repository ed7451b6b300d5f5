"""Is every forged signature refused, with its place, and every good one read?"""

from __future__ import annotations

import base64
import hmac
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from dziennik.archive.signing import (
    DS,
    XADES,
    Signer,
    UnusableKey,
    read_signer,
    sign,
    signature_value,
)
from dziennik.archive.stamping import NoStamp, stamped
from dziennik.bagcheck.checking import Signed, judge
from dziennik.bagcheck.findings import Wrong
from dziennik.bagcheck.signatures import check_signature
from dziennik.bagcheck.trust import read_revocations
from tests.bagcheck.authority import (
    DAY,
    NOW,
    Authority,
    as_pem,
    as_pkcs12,
    authority,
    ec_key,
    rsa_key,
    stamping_service,
)

NAME = "manifest-sha256.txt"
MANIFEST = b"0" * 64 + b"  data/index.xml\n"
OURS, THEIRS = authority(), authority("Urząd napastnika")
HEAD = OURS.signer()
MALLORY = THEIRS.signer()
SIGNED = sign(MANIFEST, name=NAME, signer=HEAD, at=NOW)


def checked(signature: bytes, data: bytes = MANIFEST) -> Signed:
    """The very steps that `verify` takes."""
    read = check_signature(signature, data, name=NAME, place="signature")
    return judge(read, [OURS.certificate], (), "signature")


def refused(signature: bytes, data: bytes = MANIFEST) -> str:
    """The code with which it is refused."""
    with pytest.raises(Wrong) as caught:
        checked(signature, data)
    assert caught.value.place.startswith("signature")
    assert caught.value.text("pl") != caught.value.text("en")
    return caught.value.code


def changed(old: str, new: str, signature: bytes = SIGNED) -> bytes:
    text = signature.decode()
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize("key", [rsa_key(), ec_key(), ec_key(ec.SECP384R1()), ec_key(ec.SECP521R1())])
def test_what_is_signed_here_is_accepted_and_told(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
) -> None:
    signer = OURS.signer(key=key)
    signature = sign(MANIFEST, name=NAME, signer=signer, at=NOW)
    found = judge(check_signature(signature, MANIFEST, name=NAME, place="s"), [OURS.certificate], ())
    assert (found.signer, found.claimed_at, found.trusted) == ("Wanda Dyrektorska", NOW, True)
    assert (found.stamped_at, found.stamp_trusted) == (None, False)


def test_without_authorities_nobody_vouches() -> None:
    assert not judge(check_signature(SIGNED, MANIFEST, name=NAME, place="s"), (), ()).trusted


def crl(
    of: Authority, *serials: int, made: datetime, when: datetime = NOW - DAY, by: Authority | None = None
) -> x509.CertificateRevocationList:
    """A list of revoked certificates in an authority's name, signed by it, or by another."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(of.certificate.subject)
    builder = builder.last_update(made).next_update(made + 7 * DAY)
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign((by or of).key, hashes.SHA256())


def test_lists_of_revoked_certificates_are_believed_from_their_issuer(tmp_path: Path) -> None:
    read = check_signature(SIGNED, MANIFEST, name=NAME, place="s")
    serial, later = HEAD.certificate.serial_number, NOW + DAY

    def told(*lists: x509.CertificateRevocationList) -> bool:
        return judge(read, [OURS.certificate], (), "s", revocations=lists).not_revoked

    other = authority("Inny urząd")
    assert not told()
    assert told(crl(OURS, serial + 1, made=later))
    assert not told(crl(OURS, made=NOW - DAY))  # made before the signature: it cannot know
    assert told(crl(OURS, serial, made=later, when=NOW + DAY / 2))  # revoked after the signature
    for made in (later, NOW - DAY / 2):  # an old list that has it tells, too
        with pytest.raises(Wrong) as caught:
            told(crl(OURS, serial, made=made))
        assert caught.value.code == "CERTIFICATE.REVOKED"
    with pytest.raises(Wrong) as caught:
        told(crl(OURS, made=later, by=other))
    assert caught.value.code == "CERTIFICATE.FORGED_LIST"
    assert not judge(read, (), (), "s", revocations=[crl(OURS, made=later)]).not_revoked  # nobody vouches
    both = tmp_path / "lists.pem"
    lists = [crl(OURS, made=later), crl(other, made=later)]
    both.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in lists))
    assert len(read_revocations(both)) == 2
    both.write_bytes(lists[0].public_bytes(Encoding.DER))
    assert read_revocations(both) == lists[:1]


def test_keys_are_read_from_pem_and_pkcs12(tmp_path: Path) -> None:
    pem, p12, apart = tmp_path / "key.pem", tmp_path / "key.p12", tmp_path / "cert.pem"
    pem.write_bytes(as_pem(HEAD))
    p12.write_bytes(as_pkcs12(HEAD, "hasło"))
    apart.write_bytes(OURS.pem() + HEAD.certificate.public_bytes(Encoding.PEM))
    assert read_signer(pem).certificate == HEAD.certificate
    assert read_signer(p12, "hasło").certificate == HEAD.certificate
    assert read_signer(pem, certificate=apart).others == (OURS.certificate,)
    for path, password in ((p12, "inne"), (p12, None)):
        with pytest.raises(UnusableKey):
            read_signer(path, password)
    alone = tmp_path / "alone.pem"
    alone.write_bytes(as_pem(HEAD).split(b"-----BEGIN CERT")[0] + OURS.pem())
    with pytest.raises(UnusableKey, match="no certificate of this key"):
        read_signer(alone)
    with pytest.raises(UnusableKey, match="curve"):
        sign(b"", name=NAME, signer=Signer(ec_key(ec.SECP256K1()), HEAD.certificate), at=NOW)


# --- forged by text: each attack, and the code that answers it ---

KEY_VALUE = "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue></ds:RSAKeyValue></ds:KeyValue>"
FIRST_REFERENCE = re.findall(rb"<ds:Reference Id=.*?</ds:Reference>", SIGNED, re.DOTALL)[0]
UNSIGNED = (
    "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>x"
    "</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
)
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
TEXT_ATTACKS: dict[str, tuple[bytes, str]] = {
    "KeyValue beside": (changed("<ds:KeyInfo>", KEY_VALUE), "XML.UNEXPECTED"),
    "algorithm swapped": (changed("ecdsa-sha256", "ecdsa-sha512"), "SIGNATURE.DOES_NOT_FIT"),
    "method of another key": (changed("ecdsa-sha256", "rsa-sha256"), "SIGNATURE.ALGORITHM"),
    "HMAC": (changed("ecdsa-sha256", "hmac-sha256"), "SIGNATURE.ALGORITHM"),
    "SHA-1": (changed("http://www.w3.org/2001/04/xmlenc#sha256", f"{DS}sha1"), "SIGNATURE.ALGORITHM"),
    "other canonical form": (changed(INCLUSIVE, EXCLUSIVE), "SIGNATURE.DOES_NOT_FIT"),
    "with comments": (changed(INCLUSIVE, INCLUSIVE + "#WithComments"), "SIGNATURE.ALGORITHM"),
    "XSLT": (
        changed("<ds:Transforms>", f'<ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"/>'),
        "XML.UNEXPECTED",
    ),
    "transform on the file": (
        changed(
            '<ds:Reference Id="signed-file" URI="manifest-sha256.txt">',
            '<ds:Reference Id="signed-file" URI="manifest-sha256.txt"><ds:Transforms></ds:Transforms>',
        ),
        "XML.MISSING",
    ),
    "other file": (changed('URI="manifest-sha256.txt"', 'URI="/etc/passwd"'), "SIGNATURE.OTHER_FILE"),
    "from the network": (changed('URI="manifest-sha256.txt"', 'URI="http://x/"'), "SIGNATURE.OTHER_FILE"),
    "whole document": (changed('URI="manifest-sha256.txt"', 'URI=""'), "SIGNATURE.OTHER_FILE"),
    "time moved": (changed("<xades:SigningTime>2", "<xades:SigningTime>1"), "SIGNATURE.PROPERTIES_CHANGED"),
    "comment in a text": (changed("</ds:DigestValue>", "<!-- --></ds:DigestValue>"), "XML.FORBIDDEN"),
    "comment outside": (b"<!-- x -->" + SIGNED, "XML.FORBIDDEN"),
    "instruction": (b"<?xml-stylesheet href='x'?>" + SIGNED, "XML.FORBIDDEN"),
    "DOCTYPE": (b"<!DOCTYPE x>" + SIGNED, "XML.FORBIDDEN"),
    "entity bomb": (
        b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SIGNED,
        "XML.FORBIDDEN",
    ),
    "DOCTYPE in UTF-16": (("<!DOCTYPE x>" + SIGNED.decode()).encode("utf-16"), "XML.FORBIDDEN"),
    "external entity": (b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SIGNED, "XML.FORBIDDEN"),
    "second SignedInfo": (changed("<ds:SignatureValue", "<ds:SignedInfo/><ds:SignatureValue"), "XML.MISSING"),
    "second SignatureValue": (changed("<ds:KeyInfo>", "<ds:SignatureValue/><ds:KeyInfo>"), "XML.MISSING"),
    "second Object": (changed("</ds:Signature>", "<ds:Object/></ds:Signature>"), "XML.UNEXPECTED"),
    "counter signature": (
        changed("</xades:QualifyingProperties>", UNSIGNED + "</xades:QualifyingProperties>"),
        "XML.MISSING",
    ),
    "stray text": (changed("<ds:SignedInfo>", "x<ds:SignedInfo>"), "XML.UNEXPECTED"),
    "stray attribute": (changed("<ds:SignedInfo>", '<ds:SignedInfo xml:base="x">'), "XML.UNEXPECTED"),
    "Id twice": (changed('Id="signature-value"', 'Id="signed-properties"'), "SIGNATURE.REFERENCES"),
    "reference by another Id": (
        changed('URI="#signed-properties"', 'URI="#signature"'),
        "SIGNATURE.REFERENCES",
    ),
    "one reference": (
        re.sub(rb"<ds:Reference Type=.*?</ds:Reference>", b"", SIGNED, flags=re.DOTALL),
        "SIGNATURE.REFERENCES",
    ),
    "file twice": (
        re.sub(
            rb"<ds:Reference Type=.*?</ds:Reference>",
            FIRST_REFERENCE.replace(b'Id="signed-file"', b""),
            SIGNED,
            flags=re.DOTALL,
        ),
        "SIGNATURE.REFERENCES",
    ),
    "no certificate": (
        re.sub(rb"<ds:X509Certificate>.*?</ds:X509Certificate>", b"", SIGNED, flags=re.DOTALL),
        "SIGNATURE.CERTIFICATE",
    ),
    "broken base64": (changed("<ds:DigestValue>", "<ds:DigestValue>*"), "XML.NOT_BASE64"),
    "cut short": (SIGNED[:-20], "XML.NOT_WELL_FORMED"),
    "empty": (b"", "XML.NOT_WELL_FORMED"),
    "not XML": (b"%PDF-1.4", "XML.NOT_WELL_FORMED"),
    "too large": (SIGNED + b" " * 1_000_000, "SIGNATURE.TOO_LARGE"),
    "deep": (b"<a>" * 5000, "XML.NOT_WELL_FORMED"),
    "other root": (b"<x>" + SIGNED + b"</x>", "SIGNATURE.REFERENCES"),
}


@pytest.mark.parametrize("attack", TEXT_ATTACKS)
def test_forged_by_text(attack: str) -> None:
    forged, code = TEXT_ATTACKS[attack]
    assert forged != SIGNED
    assert refused(forged) == code


def test_other_bytes_are_not_what_was_signed() -> None:
    assert refused(SIGNED, MANIFEST + b"\n") == "SIGNATURE.OTHER_BYTES"


# --- forged with a key ---


def resigned(change: Callable[[str], str], signer: Signer = MALLORY) -> bytes:
    """The attacker changes what they want and signs it anew, so that the value fits their own key."""
    root = etree.fromstring(change(SIGNED.decode()).encode())
    spaces = {"ds": DS, "xades": XADES}
    for properties in root.iterfind(".//xades:SignedProperties", spaces):
        digest = base64.b64encode(sha256(etree.tostring(properties, method="c14n")).digest()).decode()
        root.findall(".//ds:Reference/ds:DigestValue", spaces)[-1].text = digest
    info, value = root.find(".//ds:SignedInfo", spaces), root.find(".//ds:SignatureValue", spaces)
    assert info is not None
    assert value is not None
    info_bytes = etree.tostring(info, method="c14n")
    value.text = base64.b64encode(_raw(signer, info_bytes)).decode()
    return etree.tostring(root, method="c14n")


def _raw(signer: Signer, data: bytes) -> bytes:
    if isinstance(signer.key, rsa.RSAPrivateKey):
        return signer.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(signer.key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def encoded(signer: Signer) -> str:
    return base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode()


def test_the_attackers_own_certificate_is_not_vouched_for() -> None:
    assert refused(sign(MANIFEST, name=NAME, signer=MALLORY, at=NOW)) == "CERTIFICATE.UNTRUSTED"


def test_the_heads_certificate_shown_beside_the_attackers_key() -> None:
    """The value fits the attacker's key; the certificate shown is the head's."""
    assert refused(resigned(lambda text: text)) == "SIGNATURE.DOES_NOT_FIT"


def test_both_certificates_shown_the_bound_one_counts() -> None:
    both = f"<ds:X509Certificate>{encoded(MALLORY)}</ds:X509Certificate><ds:X509Certificate>"
    forged = resigned(lambda text: text.replace("<ds:X509Certificate>", both, 1))
    assert refused(forged) == "SIGNATURE.DOES_NOT_FIT"


def test_a_certificate_swapped_for_another_of_the_same_authority() -> None:
    other = OURS.signer("Ktoś Inny")
    forged = resigned(lambda text: text.replace(encoded(HEAD), encoded(other)), other)
    assert refused(forged) == "SIGNATURE.CERTIFICATE"


def test_a_key_value_alone_says_nothing() -> None:
    """xmlsec1 without --enabled-key-data x509 accepts such a file (ARCHITECTURE, "Archive")."""
    key = base64.b64encode(
        MALLORY.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    ).decode()
    value = (
        '<ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11="http://www.w3.org/2009/xmldsig11#">'
        f'<dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><dsig11:PublicKey>{key}</dsig11:PublicKey>'
        "</dsig11:ECKeyValue></ds:KeyValue>"
    )
    forged = resigned(lambda text: re.sub(r"<ds:X509Data>.*</ds:X509Data>", value, text, flags=re.DOTALL))
    assert refused(forged) == "XML.UNEXPECTED"


def test_hmac_with_the_public_key_as_the_secret() -> None:
    secret = HEAD.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = changed("ecdsa-sha256", "hmac-sha256")
    info = etree.tostring(etree.fromstring(text)[0], method="c14n")
    value = base64.b64encode(hmac.digest(secret, info, "sha256")).decode()
    forged = re.sub(r"(<ds:SignatureValue[^>]*>)[^<]*", rf"\g<1>{value}", text.decode()).encode()
    assert refused(forged) == "SIGNATURE.ALGORITHM"


def test_wrapping_properties_that_nobody_signed() -> None:
    """The signed properties moved aside under their Id, others put in their place."""
    properties = re.search(r"<xades:SignedProperties.*</xades:SignedProperties>", SIGNED.decode(), re.DOTALL)
    assert properties
    evil = (
        properties[0]
        .replace("signed-properties", "evil")
        .replace("<xades:SigningTime>2", "<xades:SigningTime>1")
    )
    aside = f"<ds:Object>{properties[0]}</ds:Object>"
    forged = (
        SIGNED.decode().replace(properties[0], evil).replace("</ds:Signature>", f"{aside}</ds:Signature>")
    )
    assert refused(forged.encode()) == "XML.UNEXPECTED"


def test_wrapping_the_whole_signature() -> None:
    """A new Signature around the old one: its SignedInfo is nobody's."""
    inner = SIGNED.decode()
    outer = re.sub(
        r"<ds:SignatureValue.*?</ds:SignatureValue>", lambda m: m[0] + inner, inner, flags=re.DOTALL
    )
    assert refused(outer.encode()) in ("SIGNATURE.REFERENCES", "XML.MISSING")


def test_unsigned_qualifying_properties() -> None:
    """A plain XML signature by the head (over the file alone) with properties that somebody added."""
    forged = resigned(
        lambda text: re.sub(r"<ds:Reference Type=.*?</ds:Reference>\n", "", text, flags=re.DOTALL), HEAD
    )
    assert refused(forged) == "SIGNATURE.REFERENCES"


# --- certificates that may not sign ---


@pytest.mark.parametrize(
    ("signer", "code"),
    [
        (OURS.signer(since=NOW - 30 * DAY, until=NOW - DAY), "CERTIFICATE.NOT_VALID_THEN"),
        (OURS.signer(since=NOW + DAY, until=NOW + 30 * DAY), "CERTIFICATE.NOT_VALID_THEN"),
        (OURS.signer(digital_signature=False), "CERTIFICATE.NOT_FOR_SIGNING"),
        (OURS.signer(key=rsa_key(1024)), "SIGNATURE.KEY"),
    ],
)
def test_certificates_that_may_not_sign(signer: Signer, code: str) -> None:
    assert refused(sign(MANIFEST, name=NAME, signer=signer, at=NOW)) == code


def test_a_signer_is_no_authority() -> None:
    """Whoever got a certificate could issue further ones, if basic constraints were not looked at."""
    false = Authority(HEAD.key, HEAD.certificate).signer("Zwierzchnik Dyrektorski")
    chained = Signer(false.key, false.certificate, (HEAD.certificate,))
    assert refused(sign(MANIFEST, name=NAME, signer=chained, at=NOW)) == "CERTIFICATE.UNTRUSTED"


# --- time stamps ---


def test_a_time_stamp_makes_it_b_t(tmp_path: Path) -> None:
    clock = authority("Urząd zegara")
    with stamping_service(tmp_path, clock) as service:
        signature = stamped(SIGNED, service)
    read = check_signature(signature, MANIFEST, name=NAME, place="s")
    found = judge(read, [OURS.certificate], [clock.certificate])
    assert found.stamp_trusted
    assert found.stamped_at is not None
    assert abs(found.stamped_at - NOW) < DAY
    assert not judge(read, [OURS.certificate], ()).stamp_trusted
    with pytest.raises(Wrong) as caught:
        judge(read, [OURS.certificate], [OURS.certificate])  # another authority's clock
    assert caught.value.code == "STAMP.DOES_NOT_FIT"
    token = re.search(rb"<xades:UnsignedProperties.*</xades:UnsignedProperties>", signature, re.DOTALL)
    assert token
    other = sign(MANIFEST, name=NAME, signer=HEAD, at=NOW)
    end = b"</xades:QualifyingProperties>"
    assert refused(other.replace(end, token[0] + end)) == "STAMP.DOES_NOT_FIT"
    query = subprocess.run(
        ["openssl", "ts", "-verify", "-token_in", "-in", "/dev/stdin", "-CAfile", "ca.pem", "-data", "value"],
        input=read.token, cwd=_beside(tmp_path, clock.pem(), signature_value(signature)), capture_output=True,
        check=False,
    )  # fmt: skip
    assert b"Verification: OK" in query.stdout + query.stderr


def _beside(folder: Path, ca: bytes, value: bytes) -> Path:
    (folder / "ca.pem").write_bytes(ca)
    (folder / "value").write_bytes(value)
    return folder


def test_a_service_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoStamp, match="http address"):
        stamped(SIGNED, "file:///etc/passwd")
    with stamping_service(tmp_path, OURS) as service:
        (tmp_path / "tsa.cnf").write_text("")  # the service is out of order
        with pytest.raises(NoStamp, match="500"):
            stamped(SIGNED, service)
    with pytest.raises(NoStamp, match="does not answer"):
        stamped(SIGNED, service)


def test_an_expired_certificate_is_good_where_a_stamp_says_that_it_was_good(tmp_path: Path) -> None:
    """The claimed time alone would do; a stamp of a known clock outweighs a claim that is too early."""
    late = OURS.signer(since=NOW - 30 * DAY, until=NOW - 10 * DAY)
    backdated = sign(MANIFEST, name=NAME, signer=late, at=NOW - 20 * DAY)
    read = check_signature(backdated, MANIFEST, name=NAME, place="s")
    assert judge(read, [OURS.certificate], ()).trusted
    with stamping_service(tmp_path, OURS) as service:
        read = check_signature(stamped(backdated, service), MANIFEST, name=NAME, place="s")
    with pytest.raises(Wrong) as caught:
        judge(read, [OURS.certificate], [OURS.certificate])
    assert caught.value.code == "CERTIFICATE.NOT_VALID_THEN"
