"""The options that every command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the embedded database and its keys / folder wbudowanej bazy i kluczy.",
        show_default="platform's data folder",
        file_okay=False,
    ),
]
DatabaseUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="A PostgreSQL server instead of the embedded one / serwer PostgreSQL zamiast wbudowanego.",
        show_default="DZIENNIK_DATABASE_URL",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer as JSON / odpowiedź jako JSON.")]
SchoolId: TypeAlias = Annotated[str, typer.Option("--school", help="Id of the school / id szkoły.")]
School: TypeAlias = Annotated[str | None, typer.Option("--school", help="Id of the school / id szkoły.")]
