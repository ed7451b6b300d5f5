"""`dziennik commerce invoice | correction`: what goes to those who paid, as PDF, JSON or XML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import open_system
from dziennik.archive.pdf import pdf
from dziennik.cli.actors import OFFICE
from dziennik.cli.options import DatabaseUrl, DataDir, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import refused
from dziennik.contracts.refusals import Refusal
from dziennik.selling import corrections, invoices, ksef
from dziennik.selling.corrections import Correction, correction, refunds
from dziennik.selling.invoices import Invoice, invoice
from dziennik.selling.market import provider

Order = Annotated[str, typer.Option("--order", help="Id of the order / id zamówienia.")]
Out = Annotated[Path, typer.Option("--out", help="FILE.pdf | FILE.json | FILE.xml (FA(3))", dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Put the commands beside the others."""
    app.command("invoice")(bill)
    app.command("correction")(correcting)


def bill(
    school: SchoolId, order: Order, out: Out, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """Write the invoice of a paid order / zapisz fakturę."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        with system.read_models.view(school) as view:
            found = invoice(register, provider(system), view, order, actor=OFFICE)
    if isinstance(found, Refusal):
        refused(found)
    _write(found, out)


def correcting(
    school: SchoolId,
    order: Order,
    out: Out,
    refund: Annotated[
        str | None, typer.Option("--refund", help="Id of the refund; the last one / id zwrotu; ostatni.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write the correcting invoice for a refund / zapisz fakturę korygującą po zwrocie."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        system.follower.run_once(school)
        made = refunds(register, order)
        chosen = refund or (made[-1].refund_id if made else "–")
        with system.read_models.view(school) as view:
            found = correction(register, provider(system), view, order, chosen, actor=OFFICE)
    if isinstance(found, Refusal):
        refused(found)
    _write(found, out)


def _write(found: Invoice | Correction, out: Path) -> None:
    content: bytes | Refusal
    if out.suffix == ".xml":
        content = ksef.as_xml(found, datetime.now(UTC))
    elif isinstance(found, Correction):
        content = pdf(corrections.as_page(found)) if out.suffix == ".pdf" else corrections.as_json(found)
    else:
        content = pdf(invoices.as_page(found)) if out.suffix == ".pdf" else invoices.as_json(found)
    if isinstance(content, Refusal):
        refused(content)
    out.write_bytes(content)
    typer.echo(f"{out}: {found.number}")
