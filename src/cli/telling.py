"""How does a command answer? Rows in columns that are never cut short, refusals on the standard error.

Ids are there to be copied, so a narrow terminal must not shorten them: it wraps the row instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NoReturn

import typer

from dziennik.contracts.refusals import Refusal


def rows_told(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headings, two spaces apart."""
    columns = list(zip_longest(head, *rows, fillvalue=""))
    widths = [max(len(cell) for cell in column) for column in columns]
    typer.secho(_line(head, widths), bold=True)
    for row in rows:
        typer.echo(_line(row, widths))


def hint(polish: str, english: str) -> None:
    """What to do next; on the standard error, so that the answer stays clean."""
    typer.echo(f"{polish} / {english}", err=True)


def refused(refusal: Refusal) -> NoReturn:
    """End the command with the refusal's code and sentence; nothing was written."""
    typer.echo(f"{refusal.code}: {refusal.text()} / {refusal.text('en')}", err=True)
    raise typer.Exit(2)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
