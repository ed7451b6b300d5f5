"""What was signed, by whom, when, is it complete, and what is the first thing that is wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.ocsp import OCSPResponse
from lxml import etree

from dziennik.bagcheck.contents import Index, check_contents
from dziennik.bagcheck.findings import Fault, Wrong
from dziennik.bagcheck.manifests import (
    CHECKPOINT,
    MANIFEST,
    SIGNATURE,
    check_manifests,
    manifest_digest,
)
from dziennik.bagcheck.ocsp import check_answers
from dziennik.bagcheck.signatures import Signature, check_signature
from dziennik.bagcheck.stamps import stamped_at
from dziennik.bagcheck.trees import Folder, Tree, Zip, read_all
from dziennik.bagcheck.trust import check_chain, check_revocation, check_signer, name_of
from dziennik.verify.checkpoints import trusted
from dziennik.verify.faults import Unchecked
from dziennik.verify.notes import Key

UNREADABLE = Fault(
    "BAG.UNREADABLE",
    pl="Nie da się przeczytać archiwum: {what}.",
    en="The archive cannot be read: {what}.",
)


NOT_SIGNED_BY_LOG = Fault(
    "INDEX.NOT_SIGNED_BY_LOG",
    pl="Punktu kontrolnego nie podpisano kluczem dziennika {name} ({why}).",
    en="The checkpoint is not signed with the key of the log {name} ({why}).",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """By whom and when. `stamped_at`: what a time-stamping service says; `trusted`: an authority given
    vouches for the signer; `stamp_trusted`: one given vouches for the service; `not_revoked`: a list given,
    or an answer of the issuer, tells that the certificate was not revoked then (False: none tells).
    """

    signer: str
    issuer: str
    serial: str
    claimed_at: datetime
    stamped_at: datetime | None
    trusted: bool
    stamp_trusted: bool
    not_revoked: bool = False


@dataclass(slots=True)
class Report:
    """What was found. `wrong` is None when everything that was checked is as it must be."""

    place: str
    manifest: str | None = None
    index: Index | None = None
    signed: Signed | None = None
    files: int = 0
    size: int = 0
    wrong: Wrong | None = None
    checked: list[str] = field(default_factory=list)


def verify(
    path: Path,
    authorities: Sequence[x509.Certificate] = (),
    stamp_authorities: Sequence[x509.Certificate] = (),
    revocations: Sequence[x509.CertificateRevocationList] = (),
    log_key: Key | None = None,
    answers: Sequence[OCSPResponse] = (),
) -> Report:
    """Check a bag, folder or zip. Nothing outside of it is read, nothing is written.

    `log_key`: must have signed the checkpoint over the tree of the school's facts.
    Raises OSError when there is nothing that can be read.
    """
    report = Report(place=str(path))
    try:
        tree: Tree = Folder(path) if path.is_dir() else Zip(path)
        report.checked.append("names")
        listed = check_manifests(tree)
        report.checked.append("manifests")
        report.manifest = manifest_digest(tree)
        report.files, report.size = len(listed), sum(map(tree.size, listed))
        if SIGNATURE in tree.names:
            report.signed = _signed(tree, authorities, stamp_authorities, revocations, answers)
            report.checked.append("signature")
        report.index = check_contents(tree, listed)
        report.checked.append("contents")
        if log_key is not None:
            _check_log(tree, log_key)
            report.checked.append("log")
    except Wrong as wrong:
        report.wrong = wrong
    except (etree.LxmlError, ValueError, RecursionError, MemoryError) as fault:
        # Whatever else a hostile file can provoke is an answer too, not a traceback.
        report.wrong = UNREADABLE(str(path), what=f"{type(fault).__name__}: {fault}")
    return report


def _check_log(tree: Tree, key: Key) -> None:
    """Whether the checkpoint, which agrees with the index already, bears the log's signature."""
    if CHECKPOINT not in tree.names:
        raise NOT_SIGNED_BY_LOG(CHECKPOINT, name=key.name, why="–")
    try:
        trusted(read_all(tree, CHECKPOINT).decode(), key)
    except Unchecked as fault:
        raise NOT_SIGNED_BY_LOG(CHECKPOINT, name=key.name, why=fault.finding.code) from fault


def _signed(
    tree: Tree,
    authorities: Sequence[x509.Certificate],
    stamp_authorities: Sequence[x509.Certificate],
    revocations: Sequence[x509.CertificateRevocationList],
    answers: Sequence[OCSPResponse],
) -> Signed:
    data, manifest = read_all(tree, SIGNATURE), read_all(tree, MANIFEST)
    signature = check_signature(data, manifest, name=MANIFEST, place=SIGNATURE)
    return judge(signature, authorities, stamp_authorities, revocations=revocations, answers=answers)


def judge(
    signature: Signature,
    authorities: Sequence[x509.Certificate],
    stamp_authorities: Sequence[x509.Certificate],
    place: str = SIGNATURE,
    *,
    revocations: Sequence[x509.CertificateRevocationList] = (),
    answers: Sequence[OCSPResponse] = (),
) -> Signed:
    """Whether signer and time of a fitting signature may be believed. Raises Wrong."""
    stamp = None
    if signature.token is not None:
        stamp = stamped_at(signature.token, signature.stamped, stamp_authorities, place)
    # A claimed time is the signer's word; a stamp of a known service is more.
    at = stamp if stamp is not None and stamp_authorities else signature.signed_at
    check_signer(signature.certificate, at, place)
    if authorities:
        check_chain(signature.certificate, signature.others, authorities, at, place)
    known = [*signature.others, *authorities] if authorities else []
    certificate = signature.certificate
    # Each that is given is judged, also when another told already.
    not_revoked = any(
        [
            check_revocation(certificate, known, revocations, at, place),
            check_answers(certificate, known, answers, at, place),
        ]
        if known
        else ()
    )
    return Signed(
        signer=name_of(certificate),
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        claimed_at=signature.signed_at,
        stamped_at=stamp,
        trusted=bool(authorities),
        stamp_trusted=stamp is not None and bool(stamp_authorities),
        not_revoked=not_revoked,
    )
