"""`dziennik archive sample`: a signed archive to try one's own verifier on, with nothing left running.

The demo school in a database that is thrown away; what stays are files: the bag of its closed year as a
folder and as a zip, the certificate of a throw-away authority, and how to check them. The key is gone with
the database.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from dziennik.app import System, running
from dziennik.application.ids import new_id
from dziennik.archive.bagging import MANIFEST, add_signature, zip_bag
from dziennik.archive.editions import find_year, new_edition
from dziennik.archive.signatures import directors_of
from dziennik.archive.signing import Key, Signer, sign
from dziennik.archive.year_archive import write_year
from dziennik.cli.bars import bar
from dziennik.demo.build import build
from dziennik.demo.sizes import SIZES
from dziennik.settings import read_settings

README = """The archive of a demo school's closed year, signed with a throw-away key.

    dziennik archive verify bag/NAME --ca ca.pem
    dziennik archive verify bag/NAME.zip --ca ca.pem

or with programs of others, in the folder bag/NAME (docs/archive.md):

    bagit.py --validate .
    xmlsec1 --verify --enabled-key-data x509 --trusted-pem ../../ca.pem \\
        --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties manifest-sha256.txt.xades
"""
CLOSED_YEAR = "2025"


def sample(
    out: Annotated[Path, typer.Argument(help="Folder to write / folder do zapisania.", file_okay=False)],
    size: Annotated[str, typer.Option(help="small or/albo full.")] = "small",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes / procesy.")] = 1,
) -> None:
    """Write a signed archive of a demo school's closed year / podpisane archiwum szkoły pokazowej."""
    if size not in SIZES or SIZES[size].second_until is None:
        raise typer.BadParameter("choose one of: small, full", param_hint="--size")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dziennik sample ") as folder:
        settings = read_settings(Path(folder), environ={})
        with running(settings) as system, bar("próbka / sample") as tell:
            bag = _write(system, out, size, workers, tell)
    typer.echo(f"{out / 'ca.pem'}\n{bag}\n{bag.with_suffix('.zip')}")


def _write(system: System, out: Path, size: str, workers: int, tell: Callable[[int, int], None]) -> Path:
    chosen = replace(SIZES[size], second_until=None)  # the year that was closed is enough
    register = system.found(chosen.school_id)
    build(
        register,
        chosen,
        open_account=lambda *_: new_id(),
        secret=bytes(32),
        progress=lambda done, total, _: tell(done, total or 0),
    )
    journal = register.journal
    edition = new_edition(journal, find_year(journal, CLOSED_YEAR))
    access = system.archive_access(chosen.school_id)
    made = write_year(
        journal,
        edition,
        out / "bag" / edition.name(),
        vouched=system.vouching(chosen.school_id)(edition.cut_off),
        read=system.reading(chosen.school_id),
        access=access,
        workers=workers,
        tell=lambda done, steps, _: tell(done, steps),
    )
    authority, signer = _throw_away(directors_of(journal)[0])
    signature = sign(made.manifest, name=MANIFEST, signer=signer, at=datetime.now(UTC))
    add_signature(made.path, signature)
    zip_bag(made.path, made.path.with_suffix(".zip"))
    (out / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    (out / "README.txt").write_text(README.replace("NAME", made.path.name), encoding="utf-8")
    return made.path


def _throw_away(name: str) -> tuple[x509.Certificate, Signer]:
    """An authority, and the key and certificate that it gave to somebody."""
    of_authority, of_signer = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    theirs = _named("Dziennik: urząd na próbę / throw-away authority")
    authority = _certificate(theirs, theirs, of_authority, of_authority, ca=True)
    certificate = _certificate(_named(name), theirs, of_signer, of_authority, ca=False)
    return authority, Signer(of_signer, certificate)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Key, signing: Key, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .sign(signing, hashes.SHA256())
    )
