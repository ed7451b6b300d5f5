"""`dziennik serve`: the HTTP server with the follower of all schools."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from dziennik.app import System, running
from dziennik.cli.memory import keep_freed_memory
from dziennik.cli.options import DatabaseUrl, DataDir
from dziennik.graphql.app import create_app
from dziennik.settings import read_settings

Host = Annotated[
    str | None, typer.Option(help="Address to listen on / adres nasłuchu.", show_default="127.0.0.1")
]
Port = Annotated[int | None, typer.Option(help="Port to listen on / port.", show_default="8000")]


def serve(
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    host: Host = None,
    port: Port = None,
    explore: Annotated[
        bool, typer.Option(help="Show the explorer page and helpful errors / strona do prób.")
    ] = True,
) -> None:
    """Serve GraphQL for all schools until Ctrl-C / uruchom serwer."""
    settings = read_settings(data_dir, database_url, host=host, port=port, explore=explore)
    with running(settings) as system:
        typer.echo(f"http://{settings.host}:{settings.port}/graphql")
        run_server(system)


def run_server(system: System) -> None:
    """Block until Ctrl-C or SIGTERM, then finish what is under way."""
    settings = system.settings
    keep_freed_memory()
    uvicorn.run(
        create_app(system, explore=settings.explore),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
