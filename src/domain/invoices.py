"""The rules for invoices: numbers without holes, one for an order, one correction for a refund."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import invoices as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_MOST_YEARS = 50


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """The provider as described last, and all that was described before, in time."""

    described: said.SellerDescribed | None = None
    before: tuple[said.SellerDescribed, ...] = ()

    def on(self, day: date) -> said.SellerDescribed | None:
        """As it stood on invoices of that day: an old one says today what it said then."""
        whole = (*self.before, *([self.described] if self.described else []))
        then = [one for one in whole if one.since <= day]
        return max(then, key=lambda one: one.since) if then else next(iter(whole), None)


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """A year's numbers: the last one, and what was numbered by school, order (and refund)."""

    last: int = 0
    invoices: Mapping[tuple[str, str], said.InvoiceIssued] = {}
    corrections: Mapping[tuple[str, str, str], said.CorrectionIssued] = {}


_seller: Evolution[Seller] = Evolution()
_numbers: Evolution[Numbers] = Evolution()
SELLER: Stream[Seller] = Stream(streams.INVOICES, Seller(), _seller)


def numbers(year: int) -> Stream[Numbers]:
    """The stream of a year's numbers."""
    return Stream(streams.invoices(year), Numbers(), _numbers)


@_seller.on(said.SellerDescribed)
def _described(state: Seller, fact: said.SellerDescribed) -> Seller:
    before = [one for one in (*state.before, state.described) if one and one.since != fact.since]
    return Seller(described=fact, before=tuple(before))


@_numbers.on(said.InvoiceIssued)
def _issued(state: Numbers, fact: said.InvoiceIssued) -> Numbers:
    place = (fact.school_id, fact.order_id)
    return replace(state, last=fact.number, invoices=put(state.invoices, place, fact))


@_numbers.on(said.CorrectionIssued)
def _corrected(state: Numbers, fact: said.CorrectionIssued) -> Numbers:
    place = (fact.school_id, fact.order_id, fact.refund_id)
    return replace(state, last=fact.number, corrections=put(state.corrections, place, fact))


def is_nip(text: str) -> bool:
    """Whether it is a Polish tax number: ten digits, the last a check (weights 6 5 7 2 3 4 5 6 7, modulo
    11).
    """
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        return False
    check = sum(int(digit) * weight for digit, weight in zip(text, _NIP_WEIGHTS, strict=False)) % 11
    return check == int(text[9])


def is_polish_iban(text: str) -> bool:
    """Whether it is an account in Poland: PL and 26 digits that leave 1 modulo 97 (ISO 13616)."""
    digits = text[2:]
    if text[:2] != "PL" or len(digits) != 26 or not (digits.isascii() and digits.isdigit()):
        return False
    return int(digits[2:] + "2521" + digits[:2]) % 97 == 1  # P and L stand for 25 and 21


@decides(said.DescribeSeller, by=PROVIDER)
def _describe(world: World, command: said.DescribeSeller, _: Asked) -> Decision:
    if not command.address.strip():
        return TEXT_MISSING(at="address", field="address")
    if not is_nip(command.tax_id):
        return said.NOT_A_TAX_ID(number=command.tax_id, field="tax_id")
    if not is_polish_iban(command.account):
        return said.NOT_AN_ACCOUNT(number=command.account, field="account")
    fact = said.SellerDescribed(**asdict(command))
    return [] if world[SELLER].described == fact else [Entry(streams.INVOICES, fact)]


@decides(said.IssueInvoice, by=PROVIDER)
def _issue(world: World, command: said.IssueInvoice, asked: Asked) -> Decision:
    if world[SELLER].described is None:
        return said.NO_SELLER()
    if command.total < 1:
        return said.NOTHING_TO_INVOICE(amount=command.total, field="total")
    *before, this = _years(world, command.ordered or asked.today.year - 1, asked)
    place = (command.school_id, command.order_id)
    if any(place in year.invoices for year in (*before, this)):
        return []
    told = asdict(command)
    del told["ordered"]
    fact = said.InvoiceIssued(number=this.last + 1, year=asked.today.year, on=asked.today, **told)
    return [Entry(streams.invoices(asked.today.year), fact)]


def _years(world: World, first: int, asked: Asked) -> list[Numbers]:
    """The numbers of all years from that one to this one."""
    this = asked.today.year
    return world.many([numbers(year) for year in range(max(min(first, this), this - _MOST_YEARS), this + 1)])


@decides(said.IssueCorrection, by=PROVIDER)
def _correct(world: World, command: said.IssueCorrection, asked: Asked) -> Decision:
    if command.amount < 1:
        return said.NOTHING_TO_INVOICE(amount=command.amount, field="amount")
    _, _, year = command.corrects.partition("/")
    first = int(year) if year.isascii() and year.isdigit() else asked.today.year
    years = _years(world, first, asked)
    order = (command.school_id, command.order_id)
    issued = years[0].invoices.get(order)
    if issued is None or f"{issued.number}/{issued.year}" != command.corrects:
        return said.NOT_INVOICED(order=command.order_id, corrects=command.corrects, field="corrects")
    earlier = [one for each in years for place, one in each.corrections.items() if place[:2] == order]
    if any(one.refund_id == command.refund_id for one in earlier):
        return []
    left = issued.total - sum(one.amount for one in earlier)
    if command.amount > left:
        return said.MORE_THAN_INVOICED(left=left, amount=command.amount, field="amount")
    number, this = years[-1].last + 1, asked.today.year
    fact = said.CorrectionIssued(number=number, year=this, on=asked.today, **asdict(command))
    return [Entry(streams.invoices(this), fact)]
