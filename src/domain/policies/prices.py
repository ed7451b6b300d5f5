"""What does something cost on a day, and how does a sum come about?

Prices are gross, in whole grosze. VAT is reckoned from the gross sum of each rate: gross x rate / (100 +
rate), rounded half up to a grosz (art. 106e(7) of the VAT act, "w stu"), so that the sums of an invoice
always agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from dziennik.contracts.offers import (
    GAP_BEFORE_LISTS,
    GAP_BETWEEN_LISTS,
    GAP_BETWEEN_SIZES,
    LISTS_OVERLAP,
    NO_PRICE,
    NOTHING_OFFERED,
    PRICE_UNSOUND,
    PRODUCT_TWICE,
    SIZES_OVERLAP,
    CatalogueItem,
    ContractYears,
    Price,
    PriceListPublished,
    Purpose,
    Vat,
)
from dziennik.contracts.purchase_commands import SUM_UNSOUND
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Refusal

MOST: Final = 100_000_000  # grosze, or points: a million zlotys for one piece is a slip of the pen
MOST_ROWS: Final = 200
MOST_LINES: Final = 20  # of an order


class VatSum(msgspec.Struct, frozen=True, kw_only=True):
    """What of a sum has this rate: net + tax = gross, in grosze."""

    vat: Vat
    net: int
    tax: int
    gross: int


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Lines with what they come to; the sum is their sum, and the rates' as well. In grosze, VAT included."""

    on: date
    lines: tuple[OrderLine, ...]
    rates: tuple[VatSum, ...]
    total: int


def amount_of(line: OrderLine) -> int:
    """What a line comes to, in grosze."""
    return line.count * line.unit_gross


def total_of(lines: Iterable[OrderLine]) -> int:
    """What lines come to, in grosze."""
    return sum(map(amount_of, lines))


def rates_of(lines: Iterable[OrderLine]) -> tuple[VatSum, ...]:
    """The sums by VAT rate, in the order of `Vat`."""
    return sums_of((line.vat, amount_of(line)) for line in lines)


def sums_of(amounts: Iterable[tuple[Vat, int]]) -> tuple[VatSum, ...]:
    """The same of gross amounts with their rates."""
    gross: dict[Vat, int] = {}
    for vat, amount in amounts:
        gross[vat] = gross.get(vat, 0) + amount
    sums = []
    for vat in Vat:
        if vat in gross:
            tax = tax_in(gross[vat], vat)
            sums.append(VatSum(vat=vat, net=gross[vat] - tax, tax=tax, gross=gross[vat]))
    return tuple(sums)


def percent(vat: Vat) -> int:
    """The rate; nought where the sale is exempt."""
    return 0 if vat is Vat.EXEMPT else int(vat.value[1:])


def tax_in(gross: int, vat: Vat) -> int:
    """The tax in a gross amount, half a grosz rounded up; none where the sale is exempt."""
    rate = percent(vat)
    return (2 * gross * rate + 100 + rate) // (2 * (100 + rate))


def quoted(on: date, lines: Sequence[OrderLine]) -> Quote:
    """A quote of these lines."""
    return Quote(on=on, lines=tuple(lines), rates=rates_of(lines), total=total_of(lines))


def list_on(lists: Iterable[PriceListPublished], purpose: Purpose, on: date) -> PriceListPublished | None:
    """The price list of the purpose that holds on that day."""
    for one in lists:
        if one.purpose is purpose and one.since <= on and (one.until is None or on <= one.until):
            return one
    return None


def priced(
    lists: Iterable[PriceListPublished],
    purpose: Purpose,
    product_id: str,
    on: date,
    *,
    count: int = 1,
    pupils: int = 1,
    first_year: bool = True,
) -> OrderLine | Refusal:
    """The line of an order: the product at the price of that day, for a school of that size."""
    held = list_on(lists, purpose, on)
    years = (ContractYears.ANY, ContractYears.FIRST if first_year else ContractYears.LATER)
    for price in held.prices if held else ():
        if price.product_id == product_id and price.years in years and _fits(price, pupils):
            return OrderLine(
                product_id=price.product_id,
                name=price.name,
                kind=price.kind,
                count=count,
                unit_gross=price.gross,
                vat=price.vat,
                list_id=held.list_id if held else None,
            )
    return NO_PRICE(on=on, product=product_id, field="product_id")


def _fits(price: Price, pupils: int) -> bool:
    return price.from_pupils <= pupils and (price.to_pupils is None or pupils <= price.to_pupils)


def fault_in_sequence(
    lists: Sequence[PriceListPublished], purpose: Purpose, since: date, until: date | None
) -> Refusal | None:
    """Why a further list cannot hold from `since`: it overlaps another of its purpose, or leaves a gap."""
    same = sorted((one for one in lists if one.purpose is purpose), key=lambda one: one.since)
    for one in same:
        ends = one.until or date.max
        if one.since <= (until or date.max) and since <= ends:
            return LISTS_OVERLAP(list=one.list_id, since=max(since, one.since), field="since")
    if not same:
        return None
    last, first = same[-1], same[0]
    follows = last.until and (since - last.until).days == 1
    leads = until is not None and (first.since - until).days == 1
    if follows or leads:
        return None
    if until is not None and until < first.since:
        return GAP_BEFORE_LISTS(list=first.list_id, until=first.since - timedelta(days=1), field="until")
    next_day = last.until + timedelta(days=1) if last.until and last.until < date.max else since
    return GAP_BETWEEN_LISTS(list=last.list_id, until=last.until, since=next_day, field="since")


def fault_in_prices(prices: Sequence[Price], at: str = "prices") -> Refusal | None:
    """Why these are no price list: unsound numbers, or sizes of schools that overlap or leave a gap.

    Sizes of each product, for each kind of contract year, go from one pupil to any number.
    """
    if not 0 < len(prices) <= MOST_ROWS:
        return NOTHING_OFFERED(most=MOST_ROWS, field=at)
    for place, price in enumerate(prices):
        sizes = price.from_pupils >= 1 and (price.to_pupils is None or price.to_pupils >= price.from_pupils)
        if not 0 <= price.gross <= MOST or not sizes:
            return PRICE_UNSOUND(product=price.name, amount=price.gross, most=MOST, field=f"{at}[{place}]")
    named: dict[str, tuple[object, ...]] = {}
    for place, price in enumerate(prices):
        if named.setdefault(price.product_id, (price.name, price.kind)) != (price.name, price.kind):
            return PRODUCT_TWICE(product=price.name, field=f"{at}[{place}]")
    for product_id in dict.fromkeys(price.product_id for price in prices):
        rows = [price for price in prices if price.product_id == product_id]
        for year in (ContractYears.FIRST, ContractYears.LATER):
            fault = _fault_in_sizes([p for p in rows if p.years in (ContractYears.ANY, year)], rows[0], at)
            if fault:
                return fault
    return None


def _fault_in_sizes(rows: Sequence[Price], product: Price, at: str) -> Refusal | None:
    beyond: int | None = 1  # the first size that has no price yet
    for row in sorted(rows, key=lambda price: price.from_pupils):
        if beyond is None or row.from_pupils < beyond:
            return SIZES_OVERLAP(product=row.name, pupils=row.from_pupils, field=at)
        if row.from_pupils > beyond:
            return GAP_BETWEEN_SIZES(product=row.name, pupils=beyond, field=at)
        beyond = None if row.to_pupils is None else row.to_pupils + 1
    return GAP_BETWEEN_SIZES(product=product.name, pupils=beyond, field=at) if beyond else None


def fault_in_lines(lines: tuple[OrderLine, ...], at: str = "lines") -> Refusal | None:
    """Each line has pieces and a price, all together come to something that can be paid."""
    sound = all(0 < line.count <= 100_000 and 0 <= line.unit_gross <= MOST for line in lines)
    total = total_of(lines)
    if sound and 0 < len(lines) <= MOST_LINES and 0 < total <= MOST:
        return None
    return SUM_UNSOUND(amount=total, field=at)


def fault_in_catalogue(items: Sequence[CatalogueItem], at: str = "items") -> Refusal | None:
    """Why these are no catalogue."""
    if not 0 < len(items) <= MOST_ROWS:
        return NOTHING_OFFERED(most=MOST_ROWS, field=at)
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item.item_id in seen:
            return PRODUCT_TWICE(product=item.name, field=f"{at}[{place}]")
        if not 0 < item.points <= MOST or not 0 <= item.cards <= MOST:
            return PRICE_UNSOUND(product=item.name, amount=item.points, most=MOST, field=f"{at}[{place}]")
        seen.add(item.item_id)
    return None
