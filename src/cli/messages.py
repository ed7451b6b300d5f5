"""`dziennik messages export`: a thread, a person's mailbox or a year, as mail files or as JSON with proof."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.archive.editions import NoSuchYear, find_year
from dziennik.attachments.store import File
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.contracts.attachments import Attached
from dziennik.correspondence import selecting
from dziennik.correspondence.exporting import Export
from dziennik.journal.journal import Journal
from dziennik.proof.proving import NoSuchEntry, entry_proof

app = typer.Typer(no_args_is_help=True, help="Messages / wiadomości.")


@app.callback()
def _group() -> None:
    """Messages / wiadomości."""


class Form(StrEnum):
    """As what letters are written out."""

    MBOX = "mbox"
    EML = "eml"
    JSON = "json"


@app.command("export")
def export(
    school: SchoolId,
    out: Annotated[Path, typer.Option("--out", help="File, or folder (eml) / plik albo folder (eml).")],
    thread: Annotated[str | None, typer.Option(help="Id of a thread / id wątku.")] = None,
    person: Annotated[str | None, typer.Option(help="Id of a person / id osoby.")] = None,
    year: Annotated[str | None, typer.Option(help="School year / rok szkolny, np. 2025/2026.")] = None,
    form: Annotated[Form, typer.Option("--format", help="As what / jako co.")] = Form.MBOX,
    proof: Annotated[
        bool, typer.Option("--proof", help="With the proof of each fact, json only / z dowodami, tylko json.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Take out letters with recipients, read times and files / wyeksportuj wiadomości z załącznikami."""
    if sum(one is not None for one in (thread, person, year)) != 1:
        raise typer.BadParameter("--thread, --person albo/or --year", param_hint="--thread")
    if proof and form is not Form.JSON:
        raise typer.BadParameter("--format json", param_hint="--proof")
    if out.exists():
        raise typer.BadParameter(f"{out}: już istnieje / is there already", param_hint="--out")
    with open_system(data_dir, database_url) as system:
        school_id = known(system, school)
        journal = system.journals.school(school_id)
        until = journal.position()
        letters = _chosen(journal, until, thread, person, year)
        made = Export(journal, school_id, letters, until, person)

        def fetch(attached: Attached) -> File | None:
            return system.attachments.read(school_id, attached)

        if form is Form.JSON:
            log = system.log(school_id)
            if proof:
                log.publish()

            def prove(position: int) -> str | None:
                try:
                    return entry_proof(log, journal, position) if proof else None
                except NoSuchEntry:
                    return None

            out.write_bytes(made.json(prove))
        elif form is Form.EML:
            made.write_eml(out, fetch)
        else:
            made.write_mbox(out, fetch)
    typer.echo(f"{out}: {len(letters)} wiadomości / messages")


def _chosen(
    journal: Journal, until: int, thread: str | None, person: str | None, year: str | None
) -> list[selecting.Letter]:
    if thread is not None:
        return selecting.of_thread(journal, thread, until)
    if person is not None:
        return selecting.of_person(journal, person, until)
    try:
        found = find_year(journal, year or "")
    except NoSuchYear as fault:
        raise typer.BadParameter(f"jest / there is: {fault}", param_hint="--year") from None
    return selecting.of_days(journal, found.starts, found.ends, until)
