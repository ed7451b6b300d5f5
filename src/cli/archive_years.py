"""`dziennik archive plan | year | regenerate | prepare | sign | upload`: the archives of school years."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from dziennik.app import System, open_system
from dziennik.archive.asking import asked
from dziennik.archive.bagging import MANIFEST
from dziennik.archive.editions import (
    NoSuchEdition,
    NoSuchYear,
    YearOpen,
    find_year,
    kept,
)
from dziennik.archive.making import (
    Machine,
    Refused,
    TooEarly,
    make_edition,
    record_signature,
    regenerate,
)
from dziennik.archive.planning import WORDS, plans
from dziennik.archive.signatures import checked_signature, directors_of, manifest_on_record
from dziennik.archive.signing import UnusableKey, read_signer, sign
from dziennik.archive.stamping import NoStamp, stamped
from dziennik.archive.year_archive import Progress
from dziennik.archive.year_formats import UnknownFormat
from dziennik.bagcheck.findings import Wrong
from dziennik.bagcheck.trust import read_authorities, read_revocations
from dziennik.cli.actors import OFFICE
from dziennik.cli.bars import bar
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School
from dziennik.cli.telling import hint, rows_told
from dziennik.contracts.archives import ArchiveWritten
from dziennik.contracts.school import SchoolYearOpened
from dziennik.journal.journal import Journal
from dziennik.proof.log import CannotVouch

CORES = os.cpu_count() or 1
DIFFERS = 3  # exit code: regenerated, and not the same as on record

YearOption: TypeAlias = Annotated[
    str, typer.Option("--year", help="School year: 2025/2026, or the year it began in / rok szkolny.")
]
EditionOption: TypeAlias = Annotated[
    int | None, typer.Option("--edition", min=1, help="Edition; the last / wydanie; ostatnie.")
]
CaOption: TypeAlias = Annotated[
    Path | None, typer.Option("--ca", help="Authorities to trust / zaufane urzędy (PEM).", dir_okay=False)
]
CrlOption: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--crl", help="Lists of revoked certificates / listy unieważnionych.", dir_okay=False),
]
AskOption: TypeAlias = Annotated[
    bool, typer.Option("--ocsp", help="Ask the issuer if it was revoked / zapytaj wystawcę (OCSP).")
]
WorkersOption: TypeAlias = Annotated[
    int, typer.Option("--workers", min=1, help="Processes / procesy.", show_default="cores")
]

HOW_TO_SIGN = """\
Podpisz plik {name} podpisem kwalifikowanym w formacie XAdES (B-B lub B-T),
jako podpis ZEWNĘTRZNY (detached), skrót SHA-256. Nie zmieniaj nazwy pliku.
Potem: dziennik archive upload --year {year} --signature PLIK.xades

Sign the file {name} with a qualified XAdES signature (B-B or B-T),
DETACHED, SHA-256. Keep the file's name. Then the command above.

Szkoła / school: {school}   rok / year: {year}   wydanie / edition: {edition}
SHA-256: {digest}
"""


def plan(
    school: School = None, as_json: Json = False, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """What is due, what is incomplete, how many days are left / co jest do zapisania i do kiedy."""
    with open_system(data_dir, database_url) as system:
        journal = _journal(system, school)
        found = plans(journal, system.register(journal.school_id).today())
    if as_json:
        told = [
            {
                "year": one.year.name,
                "state": one.state,
                "due": one.due.isoformat(),
                "days_left": one.days_left,
                "editions": one.editions,
                "open": one.open,
            }
            for one in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    rows = [
        (one.year.name, " / ".join(WORDS[one.state]), one.due.isoformat(), str(one.days_left),
         str(one.editions), ", ".join(one.open))
        for one in found
    ]  # fmt: skip
    rows_told(("rok/year", "stan/state", "termin/due", "dni/days", "wydania/editions", "otwarte/open"), rows)


def year(
    wanted: YearOption,
    school: School = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why a further edition / powód kolejnego wydania.")
    ] = None,
    workers: WorkersOption = CORES,
    as_json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write, store and record the next edition of a year's archive / zapisz archiwum roku szkolnego."""
    with (
        _at(school, wanted, data_dir, database_url) as (system, journal, of),
        bar("archiwum / archive") as tell,
    ):
        made = make_edition(
            journal,
            of,
            system.archives,
            lambda command: system.register(journal.school_id).execute(command, actor=OFFICE),
            today=system.register(journal.school_id).today(),
            reason=reason,
            machine=_machine(system, journal, workers, lambda done, all_, _: tell(done, all_)),
        )
    answer = {
        "year": of.name,
        "edition": made.edition.number,
        "cut_off": made.edition.cut_off,
        "manifest_sha256": made.manifest_sha256,
        "stored": made.key,
        "files": made.files,
        "bytes": made.size,
        "erased": sorted(made.erased),
    }
    _answer(answer, as_json=as_json)
    hint("Teraz podpis: dziennik archive prepare albo sign.", "Now the signature: archive prepare, or sign.")


def again(
    wanted: YearOption,
    out: Annotated[Path, typer.Option("--out", help="Folder to write / folder.", file_okay=False)],
    number: EditionOption = None,
    school: School = None,
    workers: WorkersOption = CORES,
    as_json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write an edition anew and hold it against the record / odtwórz wydanie i porównaj z zapisem.

    Ends with 0 when it is the same to the last byte, with 3 when it is not: then every file that differs is
    told, and every person whose data were erased since.
    """
    with (
        _at(school, wanted, data_dir, database_url) as (system, journal, of),
        bar("archiwum / archive") as tell,
    ):
        edition = number or _last(journal, of)
        machine = _machine(system, journal, workers, lambda done, all_, _: tell(done, all_))
        done = regenerate(journal, of, edition, out, machine=machine)
    answer = {
        "year": of.name,
        "edition": edition,
        "path": str(done.path),
        "manifest_sha256": done.manifest_sha256,
        "signed": done.signed,
        "differing": list(done.differing),
        "erased": sorted(done.erased),
    }
    _answer(answer, as_json=as_json)
    if done.differing:
        hint(
            f"Wydanie różni się od zapisanego; osoby usunięte: {len(done.erased)}.",
            f"The edition differs from the record; persons erased: {len(done.erased)}.",
        )
        raise typer.Exit(DIFFERS)


def prepare(
    wanted: YearOption,
    out: Annotated[Path, typer.Option("--out", help="Folder to write / folder.", file_okay=False)],
    number: EditionOption = None,
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write the one file that is to be signed elsewhere / przygotuj plik do podpisania poza dziennikiem."""
    with _at(school, wanted, data_dir, database_url) as (_, journal, of):
        written = kept(journal, of.year_id).edition(number or _last(journal, of))
        school_id = journal.school_id
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).write_bytes(manifest_on_record(written))
    told = HOW_TO_SIGN.format(
        name=MANIFEST, year=of.name, school=school_id, edition=written.edition, digest=written.manifest_sha256
    )
    (out / "JAK-PODPISAC.txt").write_text(told, encoding="utf-8")
    typer.echo(told)


def upload(
    wanted: YearOption,
    signature: Annotated[
        Path, typer.Option("--signature", help="XAdES file / plik podpisu.", dir_okay=False)
    ],
    number: EditionOption = None,
    ca: CaOption = None,
    crl: CrlOption = None,
    ask: AskOption = False,
    stamp_ca: Annotated[
        Path | None, typer.Option("--tsa-ca", help="Authorities of time stamps (PEM).", dir_okay=False)
    ] = None,
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Check a signature that was made elsewhere and put it on record / wczytaj podpis dyrektora."""
    data = signature.read_bytes()
    with _at(school, wanted, data_dir, database_url) as (system, journal, of):
        written = kept(journal, of.year_id).edition(number or _last(journal, of))
        _record(system, journal, of, written, data, (ca, stamp_ca, crl or (), ask))


def sign_here(
    wanted: YearOption,
    key: Annotated[Path, typer.Option("--key", help="PKCS#12 or PEM / klucz.", dir_okay=False)],
    certificate: Annotated[
        Path | None, typer.Option("--cert", help="PEM, if not in the key's file.", dir_okay=False)
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="Its password / hasło klucza.", dir_okay=False),
    ] = None,
    service: Annotated[
        str | None, typer.Option("--tsa", help="Time-stamping service (http) / znacznik czasu.")
    ] = None,
    number: EditionOption = None,
    ca: CaOption = None,
    crl: CrlOption = None,
    ask: AskOption = False,
    stamp_ca: Annotated[
        Path | None, typer.Option("--tsa-ca", help="Authorities of time stamps (PEM).", dir_okay=False)
    ] = None,
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Sign an edition with a key that lies here / podpisz wydanie kluczem z pliku."""
    password = password_file.read_text(encoding="utf-8").rstrip("\n") if password_file else None
    with _at(school, wanted, data_dir, database_url) as (system, journal, of):
        written = kept(journal, of.year_id).edition(number or _last(journal, of))
        signer = read_signer(key, password, certificate)
        data = sign(manifest_on_record(written), name=MANIFEST, signer=signer, at=datetime.now(UTC))
        if service:
            data = stamped(data, service)
        _record(system, journal, of, written, data, (ca, stamp_ca, crl or (), ask))


def _record(
    system: System,
    journal: Journal,
    of: SchoolYearOpened,
    written: ArchiveWritten,
    data: bytes,
    trusted: tuple[Path | None, Path | None, Sequence[Path], bool],
) -> None:
    """One way for all signatures: checked as a stranger would, then put on record."""
    ca, stamp_ca, lists, ask = trusted
    command = checked_signature(
        data,
        written,
        directors_of(journal),
        read_authorities(ca) if ca else system.archive_authorities,
        read_authorities(stamp_ca) if stamp_ca else (),
        [*(each for path in lists for each in read_revocations(path)), *system.archive_revocations()],
        asked if ask else system.archive_ask,
    )
    register = system.register(journal.school_id)
    record_signature(
        command, of, journal.school_id, system.archives, lambda one: register.execute(one, actor=OFFICE)
    )
    at = command.stamped_at or command.claimed_at
    typer.echo(f"podpisał(a) / signed by  {command.signer}, {at:%Y-%m-%d %H:%M:%S} UTC")
    if not command.trusted:
        hint("Podpisu nie sprawdzono u żadnego urzędu (--ca).", "No authority vouches for the signer (--ca).")
    if not command.not_revoked:
        hint(
            "Unieważnienia nie sprawdzono (--crl, --ocsp).",
            "Nobody told if it was revoked (--crl, --ocsp).",
        )


@contextmanager
def _at(
    school: str | None, wanted: str, data_dir: Path | None, database_url: str | None
) -> Iterator[tuple[System, Journal, SchoolYearOpened]]:
    """The school and its year; what cannot be done is told in a sentence, and ends with 2."""
    with open_system(data_dir, database_url) as system:
        try:
            journal = _journal(system, school)
            yield system, journal, find_year(journal, wanted)
        except NoSuchYear as fault:
            raise _no(f"Nie ma roku szkolnego {wanted}; są: {fault}. / There is no year {wanted}.") from fault
        except YearOpen as fault:
            raise _no(f"Rok {fault} nie jest zamknięty. / The year {fault} is not closed.") from fault
        except TooEarly as fault:
            raise _no(f"Rok trwa do {fault}. / The year goes on until {fault}.") from fault
        except UnknownFormat as fault:
            raise _no(f"Użyj nowszego programu: {fault}. / Use a newer program: {fault}.") from fault
        except CannotVouch as fault:
            raise _no(f"Dziennik zdarzeń zmieniono: {fault}. / The journal was changed: {fault}.") from fault
        except NoSuchEdition as fault:
            raise _no(f"Nie ma takiego wydania. / {fault}.") from fault
        except Refused as fault:
            no = fault.refusal
            raise _no(f"{no.code}: {no.text()} / {no.text('en')}") from fault
        except Wrong as fault:
            raise _no(f"{fault.code} {fault.place}: {fault.text()} / {fault.text('en')}") from fault
        except (UnusableKey, NoStamp) as fault:
            raise _no(f"Nie da się podpisać: {fault}. / Cannot sign: {fault}.") from fault


def _journal(system: System, school: str | None) -> Journal:
    known = system.schools()
    if school is None and len(known) == 1:
        return system.journals.school(known[0])
    if school not in known:
        raise _no(f"Podaj --school: {', '.join(known)} / Give --school, one of these.")
    return system.journals.school(school)


def _last(journal: Journal, of: SchoolYearOpened) -> int:
    number = kept(journal, of.year_id).last()
    if not number:
        raise NoSuchEdition("nothing was written yet")
    return number


def _machine(system: System, journal: Journal, workers: int, tell: Progress) -> Machine:
    access = system.archive_access(journal.school_id)
    school_id = journal.school_id
    return Machine(access, workers, tell, system.vouching(school_id), system.reading(school_id))


def _no(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(2)


def _answer(fields: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        if isinstance(value, list):
            value = ", ".join(map(str, value)) or "–"
        typer.echo(f"{name}  {value}")
