"""`dziennik school ...`: which schools are here, who is in them."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.application.ids import new_id
from dziennik.application.register import Register
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir, Json
from dziennik.cli.telling import hint, refused, rows_told
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import FoundSchool
from dziennik.domain.school import SCHOOL
from dziennik.journal.journal import UnknownSchool
from dziennik.journal.journals import PROVIDER

app = typer.Typer(no_args_is_help=True, help="Schools of this installation / szkoły w tej instalacji.")


@app.command("list")
def list_schools(data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """List the schools / wypisz szkoły."""
    with open_system(data_dir, database_url) as system:
        rows = [
            {"school": name, "name": register.state(SCHOOL).name, "facts": register.journal.position()}
            for name in system.schools()
            for register in (system.register(name),)
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    if rows:
        told = [(str(row["school"]), str(row["name"]), f"{row['facts']:,}") for row in rows]
        rows_told(("school / szkoła", "name / nazwa", "facts / fakty"), told)
    else:
        hint("Nie ma jeszcze żadnej szkoły: dziennik import", "There is no school yet: dziennik import")


@app.command("found")
def found(
    school_id: Annotated[str, typer.Argument(help="Short id, e.g. sp5 / krótkie id, np. sp5.")],
    name: Annotated[str, typer.Option(help="Full name / pełna nazwa.")],
    short_name: Annotated[str, typer.Option(help="Short name / nazwa skrócona.")] = "",
    city: Annotated[str | None, typer.Option(help="Town / miejscowość.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Begin a new school's register / załóż dziennik nowej szkoły."""
    command = FoundSchool(school_id=school_id, name=name, short_name=short_name or name, city=city)
    with open_system(data_dir, database_url) as system:
        outcome = _register(system, school_id).execute(command, actor=OFFICE, command_id=new_id())
    if isinstance(outcome, Refusal):
        refused(outcome)
    typer.echo(f"{school_id}: {outcome.facts} fact(s), position {outcome.position}")


def known(system: System, school_id: str) -> str:
    """The id of a school that is here. Raises UnknownSchool, also for the journal of accounts."""
    if school_id not in system.schools():
        raise UnknownSchool(school_id)
    return school_id


def _register(system: System, school_id: str) -> Register:
    if school_id == PROVIDER:
        raise typer.BadParameter(f"“{PROVIDER}” is reserved / jest zastrzeżone", param_hint="SCHOOL_ID")
    try:
        return system.found(school_id)
    except ValueError as unsound:
        raise typer.BadParameter(str(unsound), param_hint="SCHOOL_ID") from unsound
