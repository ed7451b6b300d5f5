"""`dziennik privacy ...`: erasure, what is known of a person, keys that wrap keys."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from dziennik.app import System, open_system
from dziennik.application.access_report import access_report, readable
from dziennik.application.kept_texts import sheets_under_register
from dziennik.cli.actors import OFFICE
from dziennik.cli.bars import bar
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, refused
from dziennik.contracts.facts import GRADE_SHEETS, REGISTER
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.contracts.privacy import ErasePerson
from dziennik.contracts.refusals import Refusal
from dziennik.domain import people
from dziennik.domain.privacy import terms_of
from dziennik.journal.journals import PROVIDER
from dziennik.projections.forgetting import forget
from dziennik.projections.models import MODELS
from dziennik.projections.people import of_account
from dziennik.settings import new_wrapping_key, read_settings

app = typer.Typer(no_args_is_help=True, help="Personal data / dane osobowe.")

PersonId = Annotated[str, typer.Option("--person", help="Id of the person / id osoby (people find).")]


@app.command("erase")
def erase(
    school: SchoolId,
    person: PersonId,
    basis: Annotated[str, typer.Option(help="On which ground / podstawa, np. wniosek z dnia.")],
    contacts_only: Annotated[
        bool, typer.Option("--contacts-only", help="Only how to reach them / tylko dane kontaktowe.")
    ] = False,
    messages_only: Annotated[
        bool, typer.Option("--messages-only", help="Only messages / tylko wiadomości.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Erase what is known of a person, when the law allows / usuń dane osoby. Again: finishes the job."""
    with open_system(data_dir, database_url) as system, bar("usuwanie / erasing") as tell:
        register = system.register(known(system, school))
        command = ErasePerson(
            person_id=person,
            basis=basis,
            contacts_only=contacts_only,
            messages_only=messages_only,
            sheets_under_register=sheets_under_register(register.journal, person),
        )
        outcome = register.execute(command, actor=OFFICE)
        if isinstance(outcome, Refusal):
            refused(outcome)
        held = register.state(people.person(person))
        destroyed = sum(register.journal.keys.destroy(person, one) for one in sorted(held.erased))
        if held.account_id and REGISTER in held.erased and not _elsewhere(system, school, held.account_id):
            system.accounts.forget_account(held.account_id, basis, by=OFFICE)
        models = forget(system.conninfo, register.journal, MODELS, tell)
        terms = register.look(lambda world: terms_of(world, person, register.today()))
    typer.echo(f"klucze / keys: {destroyed}; modele / models: {', '.join(models)}")
    if REGISTER in held.erased and GRADE_SHEETS not in held.erased:
        day = terms[GRADE_SHEETS]
        hint(f"Arkusz ocen zostaje do {day}.", f"The grade sheet stays; it can go from {day} on.")
    hint(
        "Kopie zapasowe zawierają jeszcze klucz: usuń stare kopie.",
        "Backups still hold the key: drop old ones.",
    )


def _elsewhere(system: System, school: str, account_id: str) -> bool:
    """Whether the account is somebody in another school who is not erased there: then its login stays."""
    for other in system.schools():
        if other == school:
            continue
        system.follower.run_once(other)
        with system.read_models.view(other) as view:
            found = of_account(view, account_id)
        if found and REGISTER not in system.register(other).state(people.person(found.person_id)).erased:
            return True
    return False


@app.command("report")
def report(
    school: SchoolId,
    person: PersonId,
    out: Annotated[Path | None, typer.Option("--out", help="File to write / plik.", dir_okay=False)] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Everything the register says about a person (GDPR art. 15) / wszystko o osobie (art. 15 RODO)."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        held = register.state(people.person(person))
        if held.names is None:
            refused(NO_SUCH_PERSON(person=person, field="person_id"))
        terms = register.look(lambda world: terms_of(world, person, register.today()))
        found = access_report(register.journal, person, terms, held.erased)
    text = (msgspec.json.format(msgspec.json.encode(found)).decode() + "\n") if as_json else readable(found)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(str(out))


@app.command("rotate-key")
def rotate_key(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Wrap all persons' keys with a new key; stop the server first / wymień klucz owijający."""
    settings = read_settings(data_dir, database_url)
    file = new_wrapping_key(settings.data_dir / "secrets")
    with open_system(data_dir, database_url) as system:
        done = sum(_rewrapped(system, school_id) for school_id in [*system.schools(), PROVIDER])
    for old in sorted(file.parent.glob("wrapping-[0-9]*.key")):
        if old != file:
            old.rename(old.with_suffix(f".{datetime.now(UTC):%Y%m%d}.old"))
    typer.echo(f"{file}: {done}")
    hint(
        "Zachowaj kopię nowego klucza obok klucza głównego.",
        "Keep a copy of the new key beside the master key's.",
    )


def _rewrapped(system: System, school_id: str) -> int:
    return system.journals.school(school_id).keys.rewrap()
