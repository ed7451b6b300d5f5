"""`dziennik serve`: the HTTP server with the follower of all schools."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from dziennik.app import System, running
from dziennik.cli.memory import keep_freed_memory
from dziennik.cli.options import DatabaseUrl, DataDir
from dziennik.graphql.app import create_app
from dziennik.graphql.limits import LIMITS
from dziennik.settings import Settings, read_settings

Host = Annotated[
    str | None, typer.Option(help="Address to listen on / adres nasłuchu.", show_default="127.0.0.1")
]
Port = Annotated[
    int | None,
    typer.Option(
        help="Port to listen on, 0: any free one / port, 0: dowolny wolny.",
        show_default="8000",
        min=0,
        max=65535,
    ),
]


BACKLOG = 2048  # connections that wait to be accepted


class CannotListen(Exception):
    """The address cannot be listened on: it is taken, or no address of this machine."""

    def __init__(self, host: str, port: int, why: OSError) -> None:
        super().__init__(
            f"SERVE.CANNOT_LISTEN: {host}:{port}: {why.strerror}. "
            "Choose another --port (DZIENNIK_PORT) or --host. / Wybierz inny --port albo --host."
        )


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
    with claimed(settings) as claim, running(settings) as system:
        typer.echo(f"{listening(claim, settings)}   (Ctrl-C: stop)")
        run_server(system, claim)


def claimed(settings: Settings) -> socket.socket:
    """The address to listen on, taken but not yet listening: known before minutes of building.

    Raises CannotListen.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        claim = socket.socket(family, kind, protocol)
        try:
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            claim.bind(where)
        except OSError:
            claim.close()
            raise
    except OSError as fault:
        raise CannotListen(settings.host, settings.port, fault) from fault
    return claim


def listening(claim: socket.socket, settings: Settings) -> str:
    """Where GraphQL and its explorer page are; from now on whoever comes early waits. Raises CannotListen."""
    try:
        claim.listen(BACKLOG)
    except OSError as fault:  # two commands may claim an address; the first to listen has it
        raise CannotListen(settings.host, settings.port, fault) from fault
    host, port = claim.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"


class _Server(uvicorn.Server):
    """Lets those go who listen for news, before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._leave = leave

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """In a thread: a signal comes while anything may be locked."""
        Thread(target=self._leave, name="dziennik-leave", daemon=True).start()
        super().handle_exit(sig, frame)


def run_server(system: System, claim: socket.socket) -> None:
    """Block until Ctrl-C or SIGTERM, then finish what is under way."""
    keep_freed_memory()
    try:
        system.archives.work.sweep()  # what a process that was killed at an archive left
    except OSError as fault:
        typer.echo(f"{fault}", err=True)
    app = create_app(system, explore=system.settings.explore)
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=10, ws_max_size=LIMITS.body
    )
    server = _Server(config, app.state.leave)
    with suppress(KeyboardInterrupt), system.sweeper, system.keeper:  # given on after everything is finished
        server.run(sockets=[claim])
    if not server.started:
        raise typer.Exit(1)  # why is on the standard error already
