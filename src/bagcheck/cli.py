"""`dziennik archive verify`: offline, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509

from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.ocsp import read_answer
from dziennik.bagcheck.telling import WRONG, WRONGLY_CALLED, exit_code, fields, sentences
from dziennik.bagcheck.trust import read_authorities, read_revocations
from dziennik.verify.faults import Unchecked
from dziennik.verify.files import read_key


def verify_bag(
    bag: Annotated[Path, typer.Argument(help="Folder or zip of an archive / folder albo zip archiwum.")],
    ca: Annotated[
        Path | None,
        typer.Option(
            "--ca", help="PEM file of the authorities you trust / zaufane urzędy (PEM).", dir_okay=False
        ),
    ] = None,
    stamp_ca: Annotated[
        Path | None,
        typer.Option(
            "--tsa-ca", help="The same for time stamps / to samo dla znaczników czasu.", dir_okay=False
        ),
    ] = None,
    crl: Annotated[
        list[Path] | None,
        typer.Option("--crl", help="Lists of revoked certificates / listy unieważnionych.", dir_okay=False),
    ] = None,
    answers: Annotated[
        list[Path] | None,
        typer.Option("--ocsp", help="Answers on revocation (OCSP, DER) / odpowiedzi OCSP.", dir_okay=False),
    ] = None,
    log_key: Annotated[
        str | None,
        typer.Option(
            "--log-key", help="Public key of the school's log, or its file / klucz dziennika (audit key)."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON / odpowiedź jako JSON.")] = False,
) -> None:
    """Check a bag offline / sprawdź archiwum bez sieci i bazy.

    Ends with 0: intact, signed by somebody an authority of yours vouches for; 1: something is wrong, told
    with its place; 2: wrongly called; 3: intact, not signed; 4: intact and signed, nobody vouches for the
    signer.
    """
    try:
        lists = [each for path in crl or () for each in read_revocations(path)]
        key = read_key(log_key) if log_key else None
        told = [read_answer(path) for path in answers or ()]
        report = verify(bag, _authorities(ca), _authorities(stamp_ca), lists, key, told)
    except (OSError, ValueError, Unchecked) as fault:
        typer.echo(f"{bag}: {fault}", err=True)
        raise typer.Exit(WRONGLY_CALLED) from fault
    if as_json:
        typer.echo(json.dumps(fields(report), ensure_ascii=False))
    else:
        for line in sentences(report):
            typer.echo(line)
    code = exit_code(report)
    if code == WRONG and report.wrong:
        typer.echo(f"{report.wrong.code} {report.wrong.place}", err=True)
    raise typer.Exit(code)


def _authorities(path: Path | None) -> list[x509.Certificate]:
    return [] if path is None else read_authorities(path)
