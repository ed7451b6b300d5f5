"""How does the command line start quickly? A command's modules are loaded when it is called, and no others.

The table in `ROOMS` is what `dziennik --help` shows; a test holds it against what the modules say themselves.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Room(NamedTuple):
    """Where a command is: a Typer of subcommands, or a function; and what its help says."""

    module: str
    name: str
    help: str


ROOMS: Final = {
    "demo": Room("demo", "demo", "Build the demo school (once) and serve it until Ctrl-C / szkoła pokazowa."),
    "serve": Room("serving", "serve", "Serve GraphQL for all schools until Ctrl-C / uruchom serwer."),
    "doctor": Room(
        "doctoring",
        "doctor",
        "Check that the walls stand; 1: something does not / sprawdź zabezpieczenia.",
    ),
    "import": Room("importing", "app", "Bring data in from files / import danych z plików."),
    "archive": Room("archiving", "app", "Archives of class registers / archiwa dzienników."),
    "school": Room("schools", "app", "Schools of this installation / szkoły w tej instalacji."),
    "people": Room("people", "app", "People of a school / osoby w szkole."),
    "account": Room("accounts", "app", "Accounts / konta."),
    "attachments": Room("attachments", "app", "Files that came with entries / załączniki."),
    "messages": Room("messages", "app", "Messages / wiadomości."),
    "projections": Room("projecting", "app", "Read models / modele odczytu."),
    "staff": Room("staff", "app", "Teachers' hours / godziny nauczycieli."),
    "statistics": Room("statistics", "app", "Statistics and lists of any year / statystyki i zestawienia."),
    "cards": Room("cards", "app", "Cards on paper / karty papierowe."),
    "commerce": Room("commerce", "app", "Buying and selling / umowy, zakupy, punkty."),
    "omr": Room("omr", "app", "Reading scanned cards / odczyt zeskanowanych kart."),
    "audit": Room("auditing", "app", "Proof of history / dowód niezmienności."),
    "privacy": Room("privacy", "app", "Personal data / dane osobowe."),
    "notifications": Room("notifying", "app", "Notifications / powiadomienia."),
}


@contextmanager
def without_collecting() -> Iterator[None]:
    """While modules load: what they define stays, and looking for garbage among it is time lost."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


def loaded(name: str) -> Any:  # noqa: ANN401 - of a type that Typer keeps to itself
    """The command, or group of commands, with all its modules."""
    room = ROOMS[name]
    with without_collecting():
        found = getattr(import_module(f"dziennik.cli.{room.module}"), room.name)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            alone = typer.Typer()
            alone.command()(found)
            command = typer.main.get_command(alone)
    command.name = name
    return command


class Rooms(TyperGroup):
    """The commands by name and help text, as `--help` and completion want them; what is called is loaded."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - whatever Typer gives a group
        super().__init__(**attributes)
        self.commands.update({name: TyperCommand(name, help=room.help) for name, room in ROOMS.items()})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - types that Typer keeps to itself
        """The command that is called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None or command is None else loaded(name), rest
