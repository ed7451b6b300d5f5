"""`dziennik notifications ...`: how the outbox does, and trying again what was given up."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import typer

from dziennik.app import open_system
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School
from dziennik.cli.schools import known
from dziennik.cli.telling import rows_told

app = typer.Typer(no_args_is_help=True, help="Notifications / powiadomienia.")


@app.command("health")
def health(data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """What waits and what was given up; ends with 1 when something was / stan powiadomień."""
    with open_system(data_dir, database_url) as system:
        state = system.outbox.health(datetime.now(UTC))
        letters = system.outbox.dead_letters()
    if as_json:
        dead = [{"school": school, "person": person, "why": why} for school, person, why in letters]
        typer.echo(json.dumps({**asdict(state), "letters": dead}))
    else:
        rows_told(
            ("waiting", "overdue", "dead", "unreadable"),
            [(str(state.waiting), f"{state.overdue:.0f} s", str(state.dead), str(state.unreadable))],
        )
        for school, person, why in letters:
            typer.echo(f"{school} {person}: {why}")
    raise typer.Exit(0 if state.dead == state.unreadable == 0 else 1)


@app.command("retry")
def retry(school: School = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Try again e-mails that were given up, and facts that could not be told / spróbuj ponownie."""
    with open_system(data_dir, database_url) as system:
        chosen = known(system, school) if school else None
        again = system.outbox.revive(datetime.now(UTC), chosen)
        told = left = 0
        for one in [chosen] if chosen else system.schools():
            system.follower.run_once(one)
            done, still = system.notifier.retry(one)
            told, left = told + done, left + still
    typer.echo(f"{again} to be sent again / do ponownego wysłania")
    typer.echo(f"{told} told after all / powiadomiono, {left} unreadable / nie do odczytania")
