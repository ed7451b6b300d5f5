"""`dziennik projections ...`: are the read models well, build them again, try parked facts again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

import msgspec
import psycopg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dziennik.app import System, open_system
from dziennik.cli.options import DatabaseUrl, DataDir, Json, School
from dziennik.cli.schools import known
from dziennik.cli.telling import rows_told
from dziennik.projections.dead_letters import parked, replay
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import rebuild

app = typer.Typer(no_args_is_help=True, help="Read models / modele odczytu.")

Only = Annotated[
    str | None,
    typer.Option("--model", help="Only this one, e.g. gradebook / tylko ten, np. gradebook."),
]


def _schools(system: System, school: str | None) -> list[str]:
    return [known(system, school)] if school else system.schools()


@app.command("health")
def health(
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Positions, lag and parked facts; ends with 1 when something is parked / stan modeli."""
    with open_system(data_dir, database_url) as system:
        chosen = _schools(system, school)
        states = [state for state in system.follower.health() if state.school_id in chosen]
        with psycopg.connect(system.conninfo, autocommit=True) as connection:
            letters = [
                letter
                for s in states
                for model in MODELS
                for letter in parked(connection, s.school_id, model)
            ]
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins({"schools": states, "parked": letters})))
    else:
        rows_told(
            ("school", "model", "position", "lag", "parked"),
            [
                (s.school_id, f"{m.model} v{m.version}", str(m.position), str(m.lag), str(m.parked))
                for s in states
                for m in s.models
            ],
        )
        for letter in letters:
            typer.echo(f"{letter.model} {letter.stream} @{letter.position}: {letter.error or 'waits'}")
    raise typer.Exit(0 if all(state.well for state in states) else 1)


@app.command("rebuild")
def rebuild_models(
    school: School = None, model: Only = None, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """Build read models anew beside the live ones and switch / zbuduj modele od nowa."""
    names = [one.name for one in MODELS]
    if model not in (None, *names):
        raise typer.BadParameter(f"choose one of: {', '.join(names)}", param_hint="--model")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with open_system(data_dir, database_url) as system, Progress(*columns) as bars:
        for school_id in _schools(system, school):
            for one in MODELS:
                if model not in (None, one.name):
                    continue
                task = bars.add_task(f"{school_id} {one.name}", total=None)
                rebuild(
                    system.conninfo,
                    system.journals.school(school_id),
                    one,
                    progress=_on(bars, task),
                )


def _on(bars: Progress, task: TaskID) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        bars.update(task, completed=done, total=total)

    return tell


@app.command("replay")
def replay_parked(school: School = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Try parked facts again / spróbuj ponownie odłożonych faktów."""
    left = 0
    with (
        open_system(data_dir, database_url) as system,
        psycopg.connect(system.conninfo, autocommit=True) as connection,
    ):
        for school_id in _schools(system, school):
            for one in MODELS:
                done = replay(connection, system.journals.school(school_id), one)
                left += done.left
                if done.applied or done.left:
                    typer.echo(f"{school_id} {one.name}: {done.applied} applied, {done.left} still parked")
    raise typer.Exit(1 if left else 0)
