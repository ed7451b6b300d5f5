"""Is an issuer's word on revocation asked for, and believed from nobody else?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from dziennik.archive.asking import asked, responder_of
from dziennik.archive.signatures import checked_signature, manifest_on_record
from dziennik.archive.signing import Signer, sign
from dziennik.bagcheck.checking import judge
from dziennik.bagcheck.findings import Wrong
from dziennik.bagcheck.ocsp import read_answer
from dziennik.bagcheck.signatures import check_signature
from dziennik.contracts.archives import ArchivedFile, ArchiveWritten
from tests.bagcheck.authority import DAY, NOW, Authority, authority, rsa_key

OURS, OTHER = authority(), authority("Inny urząd")
HEAD = OURS.signer()
READ = check_signature(sign(b"x", name="m", signer=HEAD, at=NOW), b"x", name="m", place="s")
GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


def answer(
    status: ocsp.OCSPCertStatus = GOOD,
    *,
    about: x509.Certificate = HEAD.certificate,
    made: datetime = NOW + DAY,
    when: datetime = NOW - DAY,
    by: Signer | None = None,
    method: hashes.HashAlgorithm | None = None,
) -> ocsp.OCSPResponse:
    """The word of our authority, or of a responder in its name."""
    revoked = status is REVOKED
    by = by or Signer(OURS.key, OURS.certificate)
    builder = ocsp.OCSPResponseBuilder().add_response(
        about, OURS.certificate, hashes.SHA1(), status, made, made + 7 * DAY,
        when if revoked else None, x509.ReasonFlags.key_compromise if revoked else None,
    )  # fmt: skip
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    if by.certificate != OURS.certificate:
        builder = builder.certificates([by.certificate])
    return builder.sign(by.key, method or hashes.SHA256())


def told(*answers: ocsp.OCSPResponse) -> bool:
    return judge(READ, [OURS.certificate], (), "s", answers=answers).not_revoked


def code(*answers: ocsp.OCSPResponse) -> str:
    with pytest.raises(Wrong) as caught:
        told(*answers)
    assert caught.value.place == "s"
    return caught.value.code


def test_what_the_issuer_says_is_believed() -> None:
    assert not told()
    assert told(answer())
    assert not told(answer(made=NOW - DAY))  # before the signature: it cannot know
    assert not told(answer(UNKNOWN))
    assert not told(answer(about=OURS.signer("Ktoś inny").certificate))
    assert not told(ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER))
    assert code(answer(REVOKED)) == "CERTIFICATE.REVOKED"
    assert code(answer(), answer(REVOKED, made=NOW - DAY / 2)) == "CERTIFICATE.REVOKED"
    assert told(answer(REVOKED, when=NOW + DAY / 2))  # after the signature
    assert not judge(READ, (), (), "s", answers=[answer(REVOKED)]).not_revoked  # nobody vouches


def test_a_responder_needs_the_issuers_certificate_for_just_that() -> None:
    may = OURS.signer("OCSP", purpose=ExtendedKeyUsageOID.OCSP_SIGNING)
    assert told(answer(by=may))
    assert told(answer(by=OURS.signer("OCSP", rsa_key(), purpose=ExtendedKeyUsageOID.OCSP_SIGNING)))
    for by in (
        OURS.signer("OCSP"),
        HEAD,
        OURS.signer("OCSP", purpose=ExtendedKeyUsageOID.TIME_STAMPING),
        OTHER.signer("OCSP", purpose=ExtendedKeyUsageOID.OCSP_SIGNING),
        OURS.signer("OCSP", purpose=ExtendedKeyUsageOID.OCSP_SIGNING, until=NOW),
        Signer(OTHER.key, OTHER.certificate),
    ):
        assert code(answer(by=by)) == "CERTIFICATE.FORGED_ANSWER"


@contextmanager
def responding(said: bytearray) -> Iterator[tuple[str, list[bytes]]]:
    """An address that answers with these bytes, and what it was asked."""
    questions: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            questions.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", questions
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def responding_about(status: ocsp.OCSPCertStatus) -> Iterator[Signer]:
    """A signer whose issuer says that of the certificate."""
    said = bytearray()
    with responding(said) as (address, _):
        signer = OURS.signer(responder=address)
        said += answer(status, about=signer.certificate).public_bytes(Encoding.DER)
        yield signer


WRITTEN = ArchiveWritten(
    year_id="y25", edition=1, cut_off=9, format=2, manifest_sha256="0" * 64,
    files=(ArchivedFile(path="data/x", sha256="1" * 64, size=1),),
)  # fmt: skip


def recorded(signer: Signer, trusted: tuple[Authority, ...] = (OURS,)) -> bool | None:
    """What is put on record of a signature whose signer's certificate is asked about."""
    data = sign(manifest_on_record(WRITTEN), name="manifest-sha256.txt", signer=signer, at=NOW)
    authorities = [one.certificate for one in trusted]
    return checked_signature(data, WRITTEN, ["Wanda Dyrektorska"], authorities, ask=asked).not_revoked


def test_the_issuer_is_asked_where_the_certificate_says() -> None:
    signers: list[Signer] = []
    with responding(bytearray()) as (address, questions):
        signers.append(OURS.signer(responder=address))
        assert recorded(signers[0]) is False  # no answer: not known, and not refused
        assert recorded(signers[0], ()) is False
        assert len(questions) == 1  # nobody vouches for the signer: the address is a stranger's
    question = ocsp.load_der_ocsp_request(questions[0])
    assert question.serial_number == signers[0].certificate.serial_number
    with responding(bytearray(1000)) as (address, _):
        assert recorded(OURS.signer(responder=address)) is False
    assert recorded(OURS.signer(responder="http://127.0.0.1:1/")) is False
    assert recorded(OURS.signer(responder="file:///etc/passwd")) is False
    assert responder_of(OURS.signer().certificate) is None


@pytest.mark.parametrize(("status", "wanted"), [(GOOD, True), (UNKNOWN, False)])
def test_the_answer_is_put_on_record(status: ocsp.OCSPCertStatus, wanted: bool) -> None:
    with responding_about(status) as signer:
        assert recorded(signer) is wanted


def test_a_revoked_signer_is_refused() -> None:
    with responding_about(REVOKED) as signer, pytest.raises(Wrong, match=r"CERTIFICATE.REVOKED"):
        recorded(signer)


def test_an_answer_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.der"
    file.write_bytes(answer().public_bytes(Encoding.DER))
    assert told(read_answer(file))
    file.write_bytes(b"x")
    with pytest.raises(ValueError, match=r"asn1"):
        read_answer(file)
