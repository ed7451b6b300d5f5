"""`dziennik cards form`: a form of one's own on paper, for `dziennik omr read --template`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.cli.card_options import forms_in
from dziennik.cli.options import DatabaseUrl, DataDir, School
from dziennik.cli.schools import known
from dziennik.cli.telling import refused
from dziennik.contracts.refusals import Refusal

app = typer.Typer()


@app.command("form")
def form(
    described: Annotated[Path, typer.Argument(help="The form as JSON / wzór w JSON.", dir_okay=False)],
    out: Annotated[Path, typer.Argument(help="PDF to write / plik PDF.", dir_okay=False)],
    count: Annotated[
        int, typer.Option("--copies", min=1, max=1000, help="So many copies / tyle egzemplarzy.")
    ] = 1,
    school: School = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Print a form of one's own, a copy a page, each with its own number / wydrukuj własny wzór.

    With --school only that school of this installation takes the copies for its own; without, they are
    samples that everybody can read. They are no cards of the register and take nothing from the stock.
    """
    from dziennik.omr.copies import copies  # OpenCV and the PDF library: only when asked for
    from dziennik.omr.identity import SAMPLE_KEY
    from dziennik.omr.printing import print_cards
    from dziennik.scanning.making import random_number

    (template,) = forms_in([described], "FILE")
    key = SAMPLE_KEY
    if school:
        with open_system(data_dir, database_url) as system:
            key = system.card_key_of(known(system, school))
    made = copies(template, key, count, random_number)
    if isinstance(made, Refusal):
        refused(made)
    out.write_bytes(print_cards(made))
    typer.echo(f"{out}: {', '.join(one.identity.card_id for one in made)}")
