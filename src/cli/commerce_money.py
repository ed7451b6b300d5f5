"""`dziennik commerce order | orders | refund | bank ...`: purchases and what is paid for them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.application.ids import new_id
from dziennik.application.register import Outcome
from dziennik.cli.actors import OFFICE
from dziennik.cli.classes import class_named
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import refused, rows_told
from dziennik.contracts.bank import NO_SUCH_PAYMENT
from dziennik.contracts.purchase_commands import EndPurchase, RefundPurchase
from dziennik.contracts.purchases import BuyerKind, CoverageKind
from dziennik.contracts.refusals import Refusal
from dziennik.projections import purchases
from dziennik.projections.forgetting import forget as clear
from dziennik.selling import paying
from dziennik.selling.invoices import zlotys
from dziennik.selling.market import provider
from dziennik.selling.ordering import Wanted, place

bank = typer.Typer(no_args_is_help=True, help="The provider's account / rachunek dostawcy.")

Order = Annotated[str, typer.Option("--order", help="Id of the order / id zamówienia.")]
Payment = Annotated[str, typer.Option("--payment", help="Id of the payment / id wpłaty (bank waiting).")]
Reason = Annotated[str, typer.Option("--reason", help="Why / dlaczego.")]
Day = typer.Option(formats=["%Y-%m-%d"])


def add_to(app: typer.Typer) -> None:
    """Put the commands beside the others."""
    for name, command in (("order", order), ("orders", orders), ("end-purchase", end_purchase)):
        app.command(name)(command)
    app.command("refund")(refund)


def order(
    school: SchoolId,
    product: Annotated[str, typer.Option("--product", help="Id of the product / id produktu.")],
    buyer: Annotated[BuyerKind, typer.Option("--buyer", help="Who pays / kto płaci.")],
    payer: Annotated[str | None, typer.Option("--payer", help="Id of the payer / id płatnika.")] = None,
    pupil: Annotated[list[str] | None, typer.Option("--pupil", help="For pupils / dla uczniów.")] = None,
    class_name: Annotated[
        str | None, typer.Option("--class", help="For a class, name or id / dla oddziału, nazwa albo id.")
    ] = None,
    everybody: Annotated[
        int | None, typer.Option("--everybody", min=1, help="For the school, so many / dla szkoły, tylu.")
    ] = None,
    bundle: Annotated[str | None, typer.Option("--bundle", help="Id of the bundle / id pakietu.")] = None,
    until: Annotated[datetime | None, Day] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Order extended accounts; prints the title of the transfer / zamów konta, wypisz tytuł przelewu."""
    kind = CoverageKind.CLASS if class_name else CoverageKind.SCHOOL if everybody else CoverageKind.PUPILS
    with open_system(data_dir, database_url) as system:
        register, order_id = system.register(known(system, school)), new_id()
        wanted = Wanted(
            product_id=product,
            buyer=buyer,
            payer_id=payer,
            kind=kind,
            pupil_ids=tuple(pupil or ()),
            class_id=_class_id(system, school, class_name) if class_name else None,
            pupils=everybody or 1,
            until=until.date() if until else None,
            bundle_id=bundle,
        )
        _done(place(register, provider(system), wanted, actor=OFFICE, order_id=order_id))
        system.follower.run_once(school)
        with system.read_models.view(school) as view:
            row = view.get(purchases.Order, order_id)
    if row:
        typer.echo(f"{order_id}  {row.reference}  {zlotys(row.total)}")


def _class_id(system: System, school: str, named: str) -> str:
    system.follower.run_once(school)
    with system.read_models.view(school) as view:
        return class_named(view, named, system.register(school).today())


def orders(
    school: SchoolId, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """All orders of a school / zamówienia szkoły."""
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        with system.read_models.view(school) as view:
            rows = purchases.orders(view)
    if as_json:
        told = [
            {
                "id": row.order_id,
                "reference": row.reference,
                "on": row.on.isoformat(),
                "buyer": row.buyer.value,
                "total": row.total,
                "credited": row.credited,
                "refunded": row.refunded,
                "until": row.until.isoformat() if row.until else None,
                "how": row.how,
            }
            for row in rows
        ]
        typer.echo(json.dumps(told))
        return
    head = ("id", "title / tytuł", "on / dnia", "who / kto", "total / suma", "paid / wpłacono", "until / do")
    rows_told(
        head,
        [
            (
                row.order_id,
                row.reference,
                row.on.isoformat(),
                row.buyer.value,
                zlotys(row.total),
                zlotys(row.credited),
                row.how or (row.until.isoformat() if row.until else ""),
            )
            for row in rows
        ],
    )


def end_purchase(
    school: SchoolId, order: Order, reason: Reason, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """End a purchase before its time / zakończ zakup przed czasem."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        _done(register.execute(EndPurchase(order_id=order, reason=reason), actor=OFFICE))
        system.follower.run_once(school)


def refund(
    school: SchoolId,
    order: Order,
    amount: Annotated[int, typer.Option("--amount", min=1, help="In grosze / w groszach.")],
    reason: Reason,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Put on record that money went back / zapisz zwrot wpłaty."""
    with open_system(data_dir, database_url) as system:
        register = system.register(known(system, school))
        command = RefundPurchase(order_id=order, refund_id=new_id(), amount=amount, reason=reason)
        _done(register.execute(command, actor=OFFICE))
        system.follower.run_once(school)
    typer.echo(command.refund_id)


@bank.command("import")
def import_statement(
    file: Annotated[Path, typer.Argument(help="MT940.", dir_okay=False)],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read a bank statement and match its payments / wczytaj wyciąg i dopasuj wpłaty."""
    with open_system(data_dir, database_url) as system:
        way = paying.BankTransfer(system, OFFICE)
        facts = sum(map(_done, way.collect(file.read_bytes())))
        typer.echo(f"{facts} fact(s)")
        _match(system)


@bank.command("match")
def match(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Match payments that wait / dopasuj czekające wpłaty."""
    with open_system(data_dir, database_url) as system:
        _match(system)


def _match(system: System) -> None:
    for school in system.schools():
        system.follower.run_once(school)
    matched, left = paying.match(system, OFFICE)
    for school in system.schools():
        system.follower.run_once(school)
    typer.echo(f"dopasowano / matched: {matched}, czeka / waiting: {len(left)}")


@bank.command("waiting")
def waiting(data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """Payments that no order was found for / wpłaty bez zamówienia."""
    with open_system(data_dir, database_url) as system:
        rows = [
            {
                "payment": found.payment.received.payment_id,
                "on": found.payment.received.on.isoformat(),
                "left": found.payment.left,
                "title": found.payment.received.title,
                "payer": found.payment.received.payer,
                "orders": [f"{school}/{order_id}" for school, order_id in found.orders],
                "why": why.text() if (why := paying.too_much(found, system)) else None,
            }
            for found in paying.waiting(system)
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    head = ("id", "on / dnia", "left / zostało", "title / tytuł", "payer / kto", "why / dlaczego")
    rows_told(
        head,
        [
            (
                str(row["payment"]),
                str(row["on"]),
                zlotys(int(str(row["left"]))),
                str(row["title"]),
                str(row["payer"]),
                str(row["why"] or ""),
            )
            for row in rows
        ],
    )


@bank.command("direct")
def direct(
    payment: Payment,
    school: SchoolId,
    order: Order,
    amount: Annotated[int | None, typer.Option("--amount", min=1, help="In grosze / w groszach.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let a payment count for an order, by hand / zalicz wpłatę na zamówienie ręcznie."""
    with open_system(data_dir, database_url) as system:
        found = _waiting(system, payment)
        _done(
            paying.direct(
                system, found, known(system, school), order, actor=OFFICE, amount=amount, by_hand=True
            )
        )
        system.follower.run_once(school)


@bank.command("return")
def give_back(
    payment: Payment, reason: Reason, data_dir: DataDir = None, database_url: DatabaseUrl = None
) -> None:
    """Put on record that what is left of a payment went back / zapisz zwrot nadpłaty."""
    with open_system(data_dir, database_url) as system:
        _done(paying.give_back(system, _waiting(system, payment), new_id(), reason, OFFICE))


@bank.command("forget")
def forget(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Forget who paid, where tax law lets it be forgotten / usuń dane wpłacających po terminie podatkowym."""
    with open_system(data_dir, database_url) as system:
        payers, keys = paying.forget_payers(system, OFFICE)
        if keys:  # the old rows of the key table go from the files too; there are no read models of payments
            clear(system.conninfo, provider(system).journal, (), lambda *_: None)
    typer.echo(f"wpłaty / payments: {payers}, klucze / keys: {keys}")


def _waiting(system: System, payment_id: str) -> paying.Found:
    all_of_them = paying.waiting(system)
    found = [one for one in all_of_them if one.payment.received.payment_id == payment_id]
    if not found:
        refused(NO_SUCH_PAYMENT(payment=payment_id, field="payment_id"))
    return found[0]


def _done(outcome: Outcome) -> int:
    """How many facts; a refusal ends the command."""
    if isinstance(outcome, Refusal):
        refused(outcome)
    return outcome.facts
