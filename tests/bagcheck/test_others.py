"""Do programs by others accept what is signed here, and refuse what is not?"""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from signxml.xades.xades import XAdESVerifier

from dziennik.archive.signing import Signer, sign
from dziennik.archive.stamping import stamped
from tests.bagcheck.authority import NOW, Key, authority, ec_key, rsa_key, stamping_service
from tests.checkers import needs_java, needs_xmlsec1

NAME = "manifest-sha256.txt"
MANIFEST = b"0" * 64 + b"  data/index.xml\n"
OURS, THEIRS = authority(), authority("Urząd napastnika")
PROGRAM = Path(__file__).with_name("Verify.java")
KEYS: dict[str, Key] = {"rsa": rsa_key(), "p256": ec_key(), "p384": ec_key(ec.SECP384R1())}


def laid(folder: Path, signature: bytes) -> Path:
    (folder / NAME).write_bytes(MANIFEST)
    (folder / "ca.pem").write_bytes(OURS.pem())
    (folder / "signature.xades").write_bytes(signature)
    return folder


def xmlsec1(folder: Path, *options: str) -> int:
    """As docs/archive.md says, in the folder of the bag."""
    command = ["xmlsec1", "--verify", *options, "--trusted-pem", "ca.pem", "--id-attr:Id"]
    command += ["http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "signature.xades"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def java(folder: Path) -> int:
    command = ["java", str(PROGRAM), str(folder / "signature.xades"), str(folder), str(folder / "ca.pem")]
    return subprocess.run(command, capture_output=True, check=False).returncode


def signed_by(signer: Signer) -> bytes:
    return sign(MANIFEST, name=NAME, signer=signer, at=NOW)


@needs_xmlsec1
@pytest.mark.parametrize("kind", KEYS)
def test_xmlsec1(tmp_path: Path, kind: str) -> None:
    folder = laid(tmp_path, signed_by(OURS.signer(key=KEYS[kind])))
    assert xmlsec1(folder, "--enabled-key-data", "x509") == 0
    (folder / NAME).write_bytes(MANIFEST.replace(b"index", b"inbex"))
    assert xmlsec1(folder, "--enabled-key-data", "x509") != 0


@needs_xmlsec1
def test_xmlsec1_does_not_trust_strangers(tmp_path: Path) -> None:
    folder = laid(tmp_path, signed_by(THEIRS.signer()))
    assert xmlsec1(folder, "--enabled-key-data", "x509") != 0


@needs_xmlsec1
def test_why_there_is_no_key_value(tmp_path: Path) -> None:
    """With a KeyValue xmlsec1 trusts the attacker's key, unless it is told to look at x509 alone."""
    mallory = THEIRS.signer(key=rsa_key())
    assert isinstance(mallory.key, rsa.RSAPrivateKey)
    numbers = mallory.key.public_key().public_numbers()
    modulus = base64.b64encode(numbers.n.to_bytes(256, "big")).decode()
    value = (
        f"<ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue>"
    )
    shown = f"<ds:KeyInfo><ds:KeyValue>{value}</ds:KeyValue></ds:KeyInfo>"
    text = re.sub(r"<ds:KeyInfo>.*</ds:KeyInfo>", shown, signed_by(mallory).decode(), flags=re.DOTALL)
    folder = laid(tmp_path, text.encode())
    assert xmlsec1(folder) == 0
    assert xmlsec1(folder, "--enabled-key-data", "x509") != 0
    assert b"KeyValue" not in signed_by(OURS.signer())


@needs_java
def test_the_jdk(tmp_path: Path) -> None:
    folder = laid(tmp_path, signed_by(OURS.signer(key=KEYS["rsa"])))
    assert java(folder) == 0
    (folder / "signature.xades").write_bytes(signed_by(THEIRS.signer()))
    assert java(folder) != 0


@pytest.mark.parametrize("kind", KEYS)
def test_signxml(tmp_path: Path, kind: str) -> None:
    """With its XAdES schema; B-B and, stamped, B-T."""
    signature = signed_by(OURS.signer(key=KEYS[kind]))
    ca = tmp_path / "ca.pem"
    ca.write_bytes(OURS.pem())
    with stamping_service(tmp_path, OURS) as service:
        for each in (signature, stamped(signature, service)):
            found = XAdESVerifier().verify(
                each, ca_pem_file=str(ca), uri_resolver=lambda _: MANIFEST, expect_references=2
            )
            assert isinstance(found, list)
            assert found[0].signed_data == MANIFEST


def test_ascii_names_and_inclusive_canonical_form() -> None:
    """Where programs disagree: other letters in names, exclusive form without a transform that says so."""
    signature = signed_by(OURS.signer("Żaneta Źdźbło"))
    assert re.findall(rb"[^\x00-\x7f]", signature) == []
    assert set(re.findall(rb'(?:CanonicalizationMethod|Transform) Algorithm="([^"]*)"', signature)) == {
        b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    }
