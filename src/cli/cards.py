"""`dziennik cards ...`: cards on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Cards on paper / karty papierowe.")


@app.command("sample")
def sample(
    out: Annotated[Path, typer.Argument(help="Folder to write to / folder na pliki.", file_okay=False)],
) -> None:
    """Write sample cards to print, and a JSON a card / zapisz przykładowe karty do druku i ich opisy."""
    from dziennik.omr.sample import write_sample  # OpenCV and the PDF library: only when asked for

    for path in write_sample(out):
        typer.echo(str(path))


@app.callback()
def _several() -> None:
    """Keep "sample" a sub-command while it is the only one."""
