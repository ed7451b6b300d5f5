"""What does a correcting invoice say after a refund? What each line was, what it is, and the difference.

Required content: art. 106j of the VAT act (number, day, what is corrected, why, by how much). A refund that
pays back a part lowers all lines in proportion to what is left of them, to the grosz.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from dziennik.application.register import Register
from dziennik.archive.readable import Readable, Section, Table, day
from dziennik.contracts import streams
from dziennik.contracts.envelope import Actor
from dziennik.contracts.invoices import NO_SUCH_REFUND, NOT_INVOICED, CorrectionIssued, IssueCorrection
from dziennik.contracts.purchases import OrderLine, RefundMade
from dziennik.contracts.refusals import Refusal
from dziennik.domain.invoices import numbers
from dziennik.domain.policies.prices import VatSum, amount_of, sums_of
from dziennik.projections.rows import View
from dziennik.selling.invoices import Invoice, as_issued, parties, rate, zlotys


class Changed(msgspec.Struct, frozen=True):
    """A line of the invoice: what it came to before this correction and comes to after it, in grosze."""

    line: OrderLine
    was: int
    now: int


class Correction(msgspec.Struct, frozen=True):
    """All that a correction says. `was` and `now`: sums by VAT rate; `amount`: by how much less (grosze)."""

    number: str
    issued: date
    corrects: Invoice
    refund_id: str
    reason: str
    lines: tuple[Changed, ...]
    was: tuple[VatSum, ...]
    now: tuple[VatSum, ...]
    amount: int


def correction(
    school: Register, provider: Register, view: View, order_id: str, refund_id: str, *, actor: Actor
) -> Correction | Refusal:
    """The correction for a refund; it gets its number when it is first asked for."""
    invoice = as_issued(school, provider, view, order_id)
    if invoice is None:
        return NOT_INVOICED(order=order_id, corrects="–", field="order_id")
    refund = _refund(school, order_id, refund_id)
    if refund is None:
        return NO_SUCH_REFUND(order=order_id, refund=refund_id, field="refund_id")
    command = IssueCorrection(
        school_id=school.journal.school_id,
        order_id=order_id,
        refund_id=refund_id,
        amount=refund.amount,
        corrects=invoice.number,
    )
    outcome = provider.execute(command, actor=actor)
    if isinstance(outcome, Refusal):
        return outcome
    return _told(invoice, refund, _of_order(provider, school.journal.school_id, invoice))


def refunds(school: Register, order_id: str) -> list[RefundMade]:
    """The refunds of an order, in time."""
    recorded = school.journal.load(streams.purchase(order_id))
    return [one.fact for one in recorded if isinstance(one.fact, RefundMade)]


def _refund(school: Register, order_id: str, refund_id: str) -> RefundMade | None:
    return next((one for one in refunds(school, order_id) if one.refund_id == refund_id), None)


def _of_order(provider: Register, school_id: str, invoice: Invoice) -> list[CorrectionIssued]:
    """All corrections of an order, in the order of their numbers."""
    found: list[CorrectionIssued] = []
    for year in range(invoice.issued.year, provider.today().year + 1):
        of_year = provider.state(numbers(year)).corrections.items()
        found += [one for place, one in of_year if place[:2] == (school_id, invoice.order_id)]
    return sorted(found, key=lambda one: (one.year, one.number))


def _told(invoice: Invoice, refund: RefundMade, issued: Sequence[CorrectionIssued]) -> Correction:
    was = amounts = [amount_of(line) for line in invoice.lines]
    one = issued[0]
    for one in issued:
        was, amounts = amounts, lowered(amounts, one.amount)
        if one.refund_id == refund.refund_id:
            break
    vats = [line.vat for line in invoice.lines]
    changed = tuple(map(Changed, invoice.lines, was, amounts))
    return Correction(
        number=f"{one.number}/{one.year}",
        issued=one.on,
        corrects=invoice,
        refund_id=refund.refund_id,
        reason=refund.reason,
        lines=changed,
        was=sums_of(zip(vats, was, strict=True)),
        now=sums_of(zip(vats, amounts, strict=True)),
        amount=one.amount,
    )


def lowered(amounts: Sequence[int], by: int) -> list[int]:
    """The amounts, lowered together by so much, each in proportion; grosze left over by the largest rest.

    `by` is at most their sum.

    >>> lowered([3900, 2000], 59)
    [3861, 1980]
    """
    total = sum(amounts)
    if not total:
        return [*amounts]
    shares = [divmod(amount * by, total) for amount in amounts]
    left = by - sum(share for share, _ in shares)
    first = sorted(range(len(amounts)), key=lambda at: (-shares[at][1], at))[:left]
    return [amount - shares[at][0] - (at in first) for at, amount in enumerate(amounts)]


def differences(found: Correction) -> tuple[VatSum, ...]:
    """By VAT rate what the correction changes: nought or less."""
    now = {one.vat: one for one in found.now}
    return tuple(
        VatSum(
            vat=was.vat,
            net=now[was.vat].net - was.net,
            tax=now[was.vat].tax - was.tax,
            gross=now[was.vat].gross - was.gross,
        )
        for was in found.was
    )


def as_json(found: Correction) -> bytes:
    """The correction for programs, with the differences."""
    whole = msgspec.to_builtins(found) | {"differences": msgspec.to_builtins(differences(found))}
    return msgspec.json.format(msgspec.json.encode(whole))


def as_page(found: Correction) -> Readable:
    """The correction for people."""
    rows = [
        (str(number), one.line.name, rate(one.line.vat), zlotys(one.was), zlotys(one.now))
        for number, one in enumerate(found.lines, 1)
    ]
    head = ("Lp.", "Nazwa", "VAT", "Było (brutto)", "Jest (brutto)")
    lines = Table("Pozycje", head, rows, (1, 9, 2, 3, 3))
    sums = [
        (name, rate(one.vat), zlotys(one.net), zlotys(one.tax), zlotys(one.gross))
        for name, part in (("było", found.was), ("jest", found.now), ("różnica", differences(found)))
        for one in part
    ]
    taxes = Table("Podatek", ("", "Stawka", "Netto", "VAT", "Brutto"), sums, (2, 2, 3, 3, 3))
    section = Section("parties", "Sprzedawca i nabywca", parties(found.corrects), (lines, taxes))
    first = found.corrects
    told = (
        f"Data wystawienia {day(found.issued)}. Koryguje fakturę {first.number} z dnia {day(first.issued)}.",
        f"Przyczyna: {found.reason}. Do zwrotu {zlotys(found.amount)} ({first.currency}).",
    )
    return Readable(f"Faktura korygująca {found.number}", told, (section,))
