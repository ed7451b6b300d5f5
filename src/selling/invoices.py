"""What does an invoice say? Data for programs (JSON) and a page for people; the national e-invoice: ksef.py.

Required content: art. 106e of the VAT act; sums of VAT from gross sums (art. 106e(7)). An invoice once issued
says the same ever after: the seller as described for that day, the order as it was placed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from dziennik.application.register import Register
from dziennik.archive.readable import Readable, Section, Table, day
from dziennik.contracts.envelope import Actor
from dziennik.contracts.invoices import NO_SELLER, InvoiceIssued, IssueInvoice
from dziennik.contracts.offers import Vat
from dziennik.contracts.purchase_commands import NO_SUCH_ORDER, NOT_PAID
from dziennik.contracts.purchases import BuyerKind, OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.invoices import SELLER, numbers
from dziennik.domain.policies.prices import VatSum, amount_of, percent, rates_of
from dziennik.domain.purchase_state import order
from dziennik.domain.school import SCHOOL
from dziennik.projections.people import Person
from dziennik.projections.rows import View


class Party(msgspec.Struct, frozen=True):
    """A seller or buyer; a private person has no tax number."""

    name: str
    address: str
    tax_id: str | None = None


class Invoice(msgspec.Struct, frozen=True):
    """All that an invoice says. Amounts in grosze, VAT included, unless they are called net or tax."""

    number: str
    issued: date
    sold: date
    seller: Party
    account: str
    buyer: Party
    order_id: str
    reference: str
    lines: tuple[OrderLine, ...]
    rates: tuple[VatSum, ...]
    total: int
    currency: str
    paid: int
    exempt_by: str | None = None


def invoice(
    school: Register, provider: Register, view: View, order_id: str, *, actor: Actor
) -> Invoice | Refusal:
    """The invoice of a paid order; it gets its number when it is first asked for."""
    state = school.state(order(order_id))
    if state.placed is None:
        return NO_SUCH_ORDER(order=order_id, field="order_id")
    if not state.credited:
        return NOT_PAID(paid=0, total=state.total, field="order_id")
    school_id = school.journal.school_id
    command = IssueInvoice(
        school_id=school_id, order_id=order_id, total=state.total, ordered=state.placed.on.year
    )
    outcome = provider.execute(command, actor=actor)
    if isinstance(outcome, Refusal):
        return outcome
    return as_issued(school, provider, view, order_id) or NO_SELLER()


def as_issued(school: Register, provider: Register, view: View, order_id: str) -> Invoice | None:
    """The invoice that an order has; None: it has none, or nobody described the seller."""
    state = school.state(order(order_id))
    placed = state.placed
    issued = _issued(provider, school.journal.school_id, order_id, placed.on.year) if placed else None
    seller = provider.state(SELLER).on(issued.on) if issued else None
    if placed is None or issued is None or seller is None:
        return None
    return Invoice(
        number=f"{issued.number}/{issued.year}",
        issued=issued.on,
        sold=placed.on,
        seller=Party(seller.name, seller.address, seller.tax_id),
        account=seller.account,
        buyer=_buyer(school, view, placed.buyer, placed.payer_id),
        order_id=order_id,
        reference=placed.reference,
        lines=placed.lines,
        rates=rates_of(placed.lines),
        total=state.total,
        currency=placed.currency,
        paid=state.credited,
        exempt_by=seller.exempt_by,
    )


def _issued(provider: Register, school_id: str, order_id: str, first: int) -> InvoiceIssued | None:
    for one in range(provider.today().year, first - 1, -1):
        found = provider.state(numbers(one)).invoices.get((school_id, order_id))
        if found:
            return found
    return None


def _buyer(school: Register, view: View, kind: BuyerKind, payer_id: str | None) -> Party:
    if kind is BuyerKind.SCHOOL or payer_id is None:
        return Party(school.state(SCHOOL).name or "", "")
    person = view.get(Person, payer_id)
    if person is None:
        return Party(payer_id, "")
    return Party(f"{person.given_names} {person.family_name}".strip(), person.address or "")


def as_json(found: Invoice) -> bytes:
    """The invoice for programs, with what each line comes to."""
    whole: dict[str, Any] = msgspec.to_builtins(found)
    for told, line in zip(whole["lines"], found.lines, strict=True):
        told["gross"] = amount_of(line)
    return msgspec.json.format(msgspec.json.encode(whole))


def as_page(found: Invoice) -> Readable:
    """The invoice for people."""
    rows = [
        (
            str(number),
            line.name,
            str(line.count),
            zlotys(line.unit_gross),
            rate(line.vat),
            zlotys(amount_of(line)),
        )
        for number, line in enumerate(found.lines, 1)
    ]
    lines = Table(
        "Pozycje", ("Lp.", "Nazwa", "Ilość", "Cena brutto", "VAT", "Wartość"), rows, (1, 9, 2, 3, 2, 3)
    )
    sums = [(rate(one.vat), zlotys(one.net), zlotys(one.tax), zlotys(one.gross)) for one in found.rates]
    net, tax, gross = (zlotys(sum(part)) for part in _sums(found.rates))
    sums.append(("razem", net, tax, gross))
    rates = Table("Podatek", ("Stawka", "Netto", "VAT", "Brutto"), sums, (2, 3, 3, 3))
    section = Section("parties", "Sprzedawca i nabywca", parties(found), (lines, rates))
    paid = f"Zapłacono {zlotys(found.paid)}, tytuł przelewu {found.reference}."
    head = (
        f"Data wystawienia {day(found.issued)}, data sprzedaży {day(found.sold)}.",
        f"Razem {zlotys(found.total)} ({found.currency}). {paid}",
    )
    return Readable(f"Faktura {found.number}", head, (section,))


def parties(found: Invoice) -> tuple[str, ...]:
    """Who sells to whom, and on what ground no VAT is taken of what is exempt."""
    told = [
        f"Sprzedawca: {found.seller.name}, {found.seller.address}, NIP {found.seller.tax_id}",
        f"Rachunek: {found.account}",
        f"Nabywca: {', '.join(filter(None, (found.buyer.name, found.buyer.address)))}",
    ]
    if found.exempt_by and any(one.vat is Vat.EXEMPT for one in found.rates):
        told.append(f"Podstawa zwolnienia z VAT: {found.exempt_by}")
    return tuple(told)


def _sums(rates: tuple[VatSum, ...]) -> tuple[list[int], list[int], list[int]]:
    return [one.net for one in rates], [one.tax for one in rates], [one.gross for one in rates]


def decimal(grosze: int) -> str:
    """ "350.00"."""
    sign = "-" if grosze < 0 else ""
    return f"{sign}{abs(grosze) // 100}.{abs(grosze) % 100:02d}"


def zlotys(grosze: int) -> str:
    """ "1 234,56 zł"."""
    whole = f"{abs(grosze) // 100:,}".replace(",", " ")
    return f"{'-' if grosze < 0 else ''}{whole},{abs(grosze) % 100:02d} zł"


def rate(vat: Vat) -> str:
    """ "23%", "zw."."""
    return "zw." if vat is Vat.EXEMPT else f"{percent(vat)}%"
