"""Invoices: who sells, and which numbers were given to what. In the provider's journal.

``invoices`` describes the seller, ``invoices/{year}`` gives out that year's numbers, one after the other and
without holes. What an invoice says follows from the order; a number once given is corrected by a correction,
never taken back.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason


@fact("invoices.seller_described.1")
class SellerDescribed(Fact, frozen=True, kw_only=True):
    """The provider as it stands on invoices from `since` on. `tax_id` is the NIP, `account` the IBAN.

    `exempt_by`: the provision that exempts what is sold without VAT (art. 106e(1)(19) of the VAT act).
    """

    name: str
    address: str
    tax_id: str
    account: str
    since: date
    exempt_by: str | None = None


@fact("invoices.invoice_issued.1")
class InvoiceIssued(Fact, frozen=True, kw_only=True):
    """The year's invoice `number` is for this order; `total` in grosze, VAT included."""

    number: int
    year: int
    school_id: str
    order_id: str
    on: date
    total: int


@fact("invoices.correction_issued.1")
class CorrectionIssued(Fact, frozen=True, kw_only=True):
    """The year's number `number` corrects an invoice by a refund of `amount` grosze, VAT included."""

    number: int
    year: int
    school_id: str
    order_id: str
    refund_id: str
    on: date
    amount: int
    corrects: str


@command("invoices.describe_seller")
class DescribeSeller(Command, frozen=True, kw_only=True):
    name: str
    address: str
    tax_id: str
    account: str
    since: date
    exempt_by: str | None = None


@command("invoices.issue_invoice")
class IssueInvoice(Command, frozen=True, kw_only=True):
    """The next number of the year; an order has one invoice. `ordered`: the year in which it was ordered."""

    school_id: str
    order_id: str
    total: int
    ordered: int | None = None


@command("invoices.issue_correction")
class IssueCorrection(Command, frozen=True, kw_only=True):
    """The next number of the year for a refund; a refund has one correction. `corrects`: NUMBER/YEAR."""

    school_id: str
    order_id: str
    refund_id: str
    amount: int
    corrects: str


NOT_A_TAX_ID = Reason(
    "INVOICES.NOT_A_TAX_ID",
    pl="{number} nie jest numerem NIP (10 cyfr z cyfrą kontrolną).",
    en="{number} is no NIP (10 digits with a check digit).",
)
NOT_AN_ACCOUNT = Reason(
    "INVOICES.NOT_AN_ACCOUNT",
    pl="{number} nie jest polskim numerem rachunku (IBAN: PL i 26 cyfr).",
    en="{number} is no Polish account (IBAN: PL and 26 digits).",
)
NO_SELLER = Reason(
    "INVOICES.NO_SELLER",
    pl="Nie opisano sprzedawcy. Zrób to poleceniem: dziennik commerce publish PLIK.json.",
    en="The seller is not described. Do so: dziennik commerce publish FILE.json.",
)
NOTHING_TO_INVOICE = Reason(
    "INVOICES.NOTHING_TO_INVOICE",
    pl="Kwota {amount} gr nie nadaje się na fakturę.",
    en="{amount} grosze is no sum for an invoice.",
)
NOT_INVOICED = Reason(
    "INVOICES.NOT_INVOICED",
    pl="Do zamówienia {order} nie ma faktury {corrects}: nie ma czego korygować.",
    en="The order {order} has no invoice {corrects}: there is nothing to correct.",
)
MORE_THAN_INVOICED = Reason(
    "INVOICES.MORE_THAN_INVOICED",
    pl="Na fakturze zostało {left} gr, korekta ma {amount} gr.",
    en="{left} grosze are left of the invoice, the correction is of {amount}.",
)
NO_SUCH_REFUND = Reason(
    "INVOICES.NO_SUCH_REFUND",
    pl="Na zamówienie {order} nie ma zwrotu {refund}. Najpierw: dziennik commerce refund.",
    en="There is no refund {refund} of the order {order}. First: dziennik commerce refund.",
)
GROUND_MISSING = Reason(
    "INVOICES.GROUND_MISSING",
    pl="Sprzedaż zwolniona z VAT wymaga podstawy prawnej. Podaj ją (seller, exempt_by): "
    "dziennik commerce publish.",
    en="What is exempt from VAT needs its legal ground. State it (seller, exempt_by): "
    "dziennik commerce publish.",
)
