"""How is something ordered at the prices of the day, and quoted before?

The provider's journal tells the prices, the school's journal takes the order (ADR 0180): a price is never the
asker's to say. Price lists are only added to, so what was read is what held.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from dziennik.application.ids import new_id
from dziennik.application.register import Outcome, Register
from dziennik.contracts.envelope import Actor
from dziennik.contracts.loyalty import NO_SUCH_ITEM, SpendPoints
from dziennik.contracts.offers import NO_PRICE, Purpose
from dziennik.contracts.purchase_commands import NO_SUCH_ORDER, PlaceOrder
from dziennik.contracts.purchases import BuyerKind, Coverage, CoverageKind, OrderLine
from dziennik.contracts.refusals import Refusal
from dziennik.domain.agreement import fee_order
from dziennik.domain.offers import OFFERS
from dziennik.domain.policies.prices import Quote, priced, quoted
from dziennik.domain.policies.subscriptions import reference_of, usual_end
from dziennik.domain.purchase_state import order
from dziennik.domain.units import unit


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to buy for whom. Without days: from today to the next 30 June.

    `pupils`: for a whole school, how many are paid for.
    """

    product_id: str
    buyer: BuyerKind
    payer_id: str | None = None
    kind: CoverageKind = CoverageKind.PUPILS
    pupil_ids: tuple[str, ...] = ()
    class_id: str | None = None
    pupils: int = 1
    since: date | None = None
    until: date | None = None
    bundle_id: str | None = None


def place(
    school: Register,
    provider: Register,
    wanted: Wanted,
    *,
    actor: Actor,
    order_id: str | None = None,
    renews: str | None = None,
    command_id: str | None = None,
) -> Outcome:
    """Order at the prices of the day on which the extension begins, or of today if that is later."""
    since = max(wanted.since or school.today(), school.today())
    covers = Coverage(
        kind=wanted.kind,
        since=since,
        until=wanted.until or usual_end(since),
        pupil_ids=wanted.pupil_ids,
        class_id=wanted.class_id,
    )
    count = _pieces(school, wanted, since)
    lists = provider.state(OFFERS).lists
    line = priced(lists, Purpose.ACCOUNTS, wanted.product_id, school.today(), count=count)
    if isinstance(line, Refusal):
        return line
    chosen = order_id or new_id()
    command = PlaceOrder(
        order_id=chosen,
        reference=reference_of(school.journal.school_id, chosen),
        buyer=wanted.buyer,
        payer_id=wanted.payer_id,
        lines=(line,),
        covers=covers,
        bundle_id=wanted.bundle_id,
        renews=renews,
    )
    return school.execute(command, actor=actor, command_id=command_id)


def _pieces(school: Register, wanted: Wanted, on: date) -> int:
    """A piece a pupil."""
    if wanted.kind is CoverageKind.PUPILS:
        return len(wanted.pupil_ids)
    if wanted.kind is CoverageKind.CLASS and wanted.class_id:
        return len(school.state(unit(wanted.class_id)).roll(None, on))
    return wanted.pupils


def renew(
    school: Register,
    provider: Register,
    order_id: str,
    *,
    actor: Actor,
    new_order_id: str | None = None,
    command_id: str | None = None,
) -> Outcome:
    """The same for the time after: from the day after the last one, to the next 30 June."""
    placed = school.state(order(order_id)).placed
    if placed is None or placed.covers is None:
        return NO_SUCH_ORDER(order=order_id, field="order_id")
    covers = placed.covers
    if covers.until == date.max:
        return NO_PRICE(on=covers.until, product=placed.lines[0].product_id, field="order_id")
    since = max(covers.until + timedelta(days=1), school.today())
    wanted = Wanted(
        product_id=placed.lines[0].product_id,
        buyer=placed.buyer,
        payer_id=placed.payer_id,
        kind=covers.kind,
        pupil_ids=covers.pupil_ids,
        class_id=covers.class_id,
        pupils=placed.lines[0].count,
        since=since,
        bundle_id=placed.bundle_id,
    )
    return place(
        school, provider, wanted, actor=actor, order_id=new_order_id, renews=order_id, command_id=command_id
    )


def spend(
    school: Register,
    provider: Register,
    item_id: str,
    count: int,
    *,
    actor: Actor,
    spend_id: str | None = None,
    command_id: str | None = None,
) -> Outcome:
    """Spend points on an item of the catalogue of the day."""
    today = school.today()
    catalogue = provider.state(OFFERS).catalogue_on(today)
    for item in catalogue.items if catalogue else ():
        if item.item_id == item_id:
            command = SpendPoints(spend_id=spend_id or new_id(), item=item, count=count)
            return school.execute(command, actor=actor, command_id=command_id)
    return NO_SUCH_ITEM(on=today, item=item_id, field="item_id")


def school_quote(
    provider: Register,
    products: tuple[tuple[str, int], ...],
    *,
    pupils: int,
    first_year: bool,
    on: date,
) -> Quote | Refusal:
    """What a school of that size pays for a year: products with numbers of pieces, itemised, with a sum."""
    lists = provider.state(OFFERS).lists
    lines: list[OrderLine] = []
    for product_id, count in products:
        line = priced(
            lists, Purpose.SCHOOL, product_id, on, count=count, pupils=pupils, first_year=first_year
        )
        if isinstance(line, Refusal):
            return line
        lines.append(line)
    return quoted(on, lines)


def fee_reference(school_id: str, contract_id: str, year: int) -> str:
    """The title of the transfer for a contract year's fee."""
    return reference_of(school_id, fee_order(contract_id, year))


def order_reference(school_id: str, order_id: str) -> str:
    """The title of the transfer for an order."""
    return reference_of(school_id, order_id)


def covering(since: date, pupil_ids: tuple[str, ...] = (), class_id: str | None = None) -> Coverage:
    """Pupils, or a class, from a day to the next 30 June."""
    kind = CoverageKind.CLASS if class_id else CoverageKind.PUPILS
    return Coverage(kind=kind, since=since, until=usual_end(since), pupil_ids=pupil_ids, class_id=class_id)


def individually(line: OrderLine, unit_gross: int) -> OrderLine:
    """A line at an individually agreed price: it names no list."""
    return replace(line, unit_gross=unit_gross, list_id=None)
