"""`dziennik archive map`: class registers of an archive by somebody else's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dziennik.archive.mapping import NotMapped, Target, map_bag


def map_archive(
    bag: Annotated[Path, typer.Argument(help="Folder of an archive / folder archiwum.", file_okay=False)],
    stylesheet: Annotated[Path, typer.Option("--stylesheet", help="XSLT 1.0.", dir_okay=False)],
    schema: Annotated[Path, typer.Option("--schema", help="XSD of the result / wyniku.", dir_okay=False)],
    out: Annotated[Path, typer.Option("--out", help="Folder to write / folder.", file_okay=False)],
) -> None:
    """Map class registers to another schema, such as the ministry's / przekształć do innego schematu.

    Verify the archive first: this reads what lies there. 1: a register does not fit the schema.
    """
    try:
        for place in map_bag(bag, Target(stylesheet, schema), out):
            typer.echo(str(place))
    except NotMapped as fault:
        typer.echo(f"Nie da się przekształcić / cannot be mapped: {fault}", err=True)
        raise typer.Exit(1) from fault
    except OSError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
