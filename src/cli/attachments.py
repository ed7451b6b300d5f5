"""`dziennik attachments sweep`: uploads that were never attached to anything go away."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known

app = typer.Typer(no_args_is_help=True, help="Files that came with entries / załączniki.")


@app.command("sweep")
def sweep(
    school: SchoolId,
    hours: Annotated[
        int, typer.Option(min=1, help="Uploads older than this / starsze niż tyle godzin.")
    ] = 24,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Remove uploads that no entry refers to / usuń pliki, których nie załączono do żadnego wpisu."""
    with open_system(data_dir, database_url) as system:
        removed = system.attachments.sweep(known(system, school), waited=timedelta(hours=hours))
    typer.echo(f"{school}: {removed} upload(s) removed / usunięto")
