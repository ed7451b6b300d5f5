"""The command line: `dziennik ...`.

Every command takes --data-dir or --database-url. A fault ends the command with its code and
what to do, not with a traceback; exit codes: 0 done, 1 fault, 2 refused or wrongly called.
"""

from __future__ import annotations

import sys

import typer

from dziennik.cli.rooms import Rooms

app = typer.Typer(
    cls=Rooms,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold names and keys
    help="Dziennik: an electronic class register kept as a journal of facts / dziennik elektroniczny.",
)


@app.callback()
def _group() -> None:
    """Its commands are those of `Rooms`."""


def main() -> None:
    """Run the command line; faults that an operator can mend are told in a sentence."""
    try:
        app()
    except Exception as fault:
        from dziennik.cli import faults  # knows the faults of all rooms: loaded when there is one

        told = faults.told(fault)
        if told is None:
            raise
        sentence, code = told
        typer.echo(f"{typer.style('✗', fg='red', bold=True)} {sentence}", err=True)
        sys.exit(code)
