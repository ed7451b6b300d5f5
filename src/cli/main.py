"""The command line: `dziennik ...`.

Every command takes --data-dir or --database-url. A fault ends the command with its code and
what to do, not with a traceback; exit codes: 0 done, 1 fault, 2 refused or wrongly called.
"""

from __future__ import annotations

import sys

import typer

from dziennik.cli import (
    accounts,
    archiving,
    attachments,
    auditing,
    cards,
    commerce,
    demo,
    doctoring,
    faults,
    importing,
    messages,
    notifying,
    omr,
    people,
    privacy,
    projecting,
    schools,
    serving,
    staff,
    statistics,
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
app.add_typer(attachments.app, name="attachments")
app.add_typer(messages.app, name="messages")
app.add_typer(projecting.app, name="projections")
app.add_typer(staff.app, name="staff")
app.add_typer(statistics.app, name="statistics")
app.add_typer(cards.app, name="cards")
app.add_typer(commerce.app, name="commerce")
app.add_typer(omr.app, name="omr")
app.add_typer(auditing.app, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(notifying.app, name="notifications")
app.command("demo")(demo.demo)
app.command("serve")(serving.serve)
app.command("doctor")(doctoring.doctor)


def main() -> None:
    """Run the command line; faults that an operator can mend are told in a sentence."""
    try:
        app()
    except Exception as fault:
        told = faults.told(fault)
        if told is None:
            raise
        sentence, code = told
        typer.echo(f"{typer.style('✗', fg='red', bold=True)} {sentence}", err=True)
        sys.exit(code)
