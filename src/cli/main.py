"""The command line: `dziennik ...`.

Every command takes --data-dir or --database-url. A fault ends the command with its code and
what to do, not with a traceback; exit codes: 0 done, 1 fault, 2 refused or wrongly called.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from dziennik.cli import accounts, archiving, demo, importing, people, projecting, schools, serving
from dziennik.demo.build import NotTheDemo
from dziennik.journal.journal import UndecodableFact, UnknownSchool, Unsettled
from dziennik.journal.keyring import WrongMasterKey
from dziennik.postgres.faults import PostgresFault
from dziennik.settings import SettingsFault

# What an operator can mend; everything else is a fault of ours and shows its traceback.
FAULTS = (
    SettingsFault,
    PostgresFault,
    UnknownSchool,
    UndecodableFact,
    Unsettled,
    WrongMasterKey,
    NotTheDemo,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold names and keys
    help="Dziennik: an electronic class register kept as a journal of facts / dziennik elektroniczny.",
)
app.add_typer(importing.app, name="import")
app.add_typer(archiving.app, name="archive")
app.add_typer(schools.app, name="school")
app.add_typer(people.app, name="people")
app.add_typer(accounts.app, name="account")
app.add_typer(projecting.app, name="projections")
app.command("demo")(demo.demo)
app.command("serve")(serving.serve)


def main() -> None:
    """Run the command line; faults that an operator can mend are told in a sentence."""
    try:
        app()
    except FAULTS as fault:
        Console(stderr=True).print(f"[bold red]✗[/] {fault}", highlight=False)
        sys.exit(1)
