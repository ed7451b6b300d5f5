"""The rules for placing orders: who orders for whom, at prices that the provider's lists name.

Prices come with the command: whoever makes it reads them in the provider's journal (ADR 0180). Without a
contract nothing is kept back (ADR 0181), so nobody can be sold what they have already.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from dziennik.contracts import purchase_commands as orders
from dziennik.contracts import purchases as said
from dziennik.contracts import streams
from dziennik.contracts.agreement import NO_CONTRACT
from dziennik.contracts.bundles import BUNDLE_NOT_NAMED
from dziennik.contracts.envelope import Role
from dziennik.contracts.offers import ProductKind
from dziennik.contracts.purchases import BuyerKind, CoverageKind
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import PersonId
from dziennik.domain.agreement import AGREEMENT
from dziennik.domain.bundles import PROVIDER, fault_in_order
from dziennik.domain.classes import unit_and_year
from dziennik.domain.people import person
from dziennik.domain.policies.prices import fault_in_lines
from dziennik.domain.policies.subscriptions import MOST_DAYS_AHEAD, MOST_MONTHS, PAY_WITHIN_DAYS, is_sound
from dziennik.domain.purchase_state import order
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, World

ORDERING = OFFICE | PROVIDER | {Role.PARENT}
_EXTENDING = (ProductKind.EXTENSION, ProductKind.BUNDLE)


@decides(orders.PlaceOrder, by=ORDERING)
def _place(world: World, command: orders.PlaceOrder, asked: Asked) -> Decision:
    fact = said.OrderPlaced(
        **msgspec.structs.asdict(command),
        on=asked.today,
        pay_by=asked.today + timedelta(days=PAY_WITHIN_DAYS),
    )
    known = world[order(command.order_id)].placed
    if known:
        same = msgspec.structs.replace(known, on=fact.on, pay_by=fact.pay_by) == fact
        return [] if same else orders.ORDER_EXISTS(order=command.order_id, field="order_id")
    if not world[AGREEMENT].holds_on(asked.today):
        return NO_CONTRACT(on=asked.today, field="order_id")
    fault = (
        _fault_in_buyer(world, command, asked)
        or _fault_in_days(command, asked)
        or fault_in_lines(command.lines)
        or _fault_in_coverage(world, command, asked)
        or _fault_in_bundle(world, command, asked)
    )
    if fault:
        return fault
    entries = [Entry(streams.purchase(command.order_id), fact)]
    if command.renews is not None:
        if world[order(command.renews)].active is None:
            return orders.NO_SUCH_ORDER(order=command.renews, field="renews")
        renewed = said.PurchaseRenewed(order_id=command.renews, with_order=command.order_id)
        entries.append(Entry(streams.purchase(command.renews), renewed))
    return entries


def _fault_in_buyer(world: World, command: orders.PlaceOrder, asked: Asked) -> Refusal | None:
    """Parents order as themselves; the school names its payer, or pays itself."""
    payer = command.payer_id
    if asked.actor.role is Role.PARENT and (
        command.buyer is not BuyerKind.PARENT or payer != asked.actor.person
    ):
        return orders.PAYER_UNFIT(buyer=command.buyer.value, field="payer_id")
    if command.buyer is BuyerKind.SCHOOL:
        fits = payer is None
    else:
        role = Role.PARENT if command.buyer is BuyerKind.PARENT else Role.SPONSOR
        fits = payer is not None and world[person(payer)].is_a(role, asked.today)
    return None if fits else orders.PAYER_UNFIT(buyer=command.buyer.value, field="payer_id")


def _fault_in_days(command: orders.PlaceOrder, asked: Asked) -> Refusal | None:
    """Whom and which days it covers is sound, whatever comes of it."""
    covers = command.covers
    if covers and not is_sound(covers):
        return orders.COVERAGE_UNSOUND(months=MOST_MONTHS, field="covers")
    last = asked.today + timedelta(days=MOST_DAYS_AHEAD)
    if covers and covers.since > last:
        return orders.BEGINS_TOO_LATE(days=MOST_DAYS_AHEAD, last=last, field="covers.since")
    return None


def _fault_in_coverage(world: World, command: orders.PlaceOrder, asked: Asked) -> Refusal | None:
    covers = command.covers
    extending = [line for line in command.lines if line.kind in _EXTENDING]
    if (covers is None) != (not extending) or len(extending) > 1:
        return orders.COVERAGE_UNSOUND(months=MOST_MONTHS, field="covers")
    if covers is None:
        parent = command.buyer is BuyerKind.PARENT
        return orders.COVERAGE_UNSOUND(months=MOST_MONTHS, field="covers") if parent else None
    if covers.until < asked.today:
        return orders.COVERAGE_UNSOUND(months=MOST_MONTHS, field="covers.until")
    if covers.kind is CoverageKind.PUPILS:
        return _fault_in_pupils(world, command, covers, asked) or _fault_in_count(
            extending[0], len(covers.pupil_ids)
        )
    if command.buyer is BuyerKind.PARENT:
        return orders.NOT_YOUR_CHILD(field="covers.kind")
    if covers.kind is CoverageKind.CLASS:
        found = unit_and_year(world, covers.class_id or "", "covers.class_id")
        if isinstance(found, Refusal):
            return found
        day = max(covers.since, asked.today)
        return _fault_in_count(extending[0], len(found[0].roll(None, day)))
    return None


def _fault_in_count(line: said.OrderLine, covered: int) -> Refusal | None:
    """A piece a pupil."""
    if line.count == covered:
        return None
    return orders.COUNT_DIFFERS(count=line.count, covered=covered, field="lines")


def _fault_in_pupils(
    world: World, command: orders.PlaceOrder, covers: said.Coverage, asked: Asked
) -> Refusal | None:
    """They are pupils of this school; a parent's own children; the provider does not name any."""
    if asked.actor.role is Role.OPERATOR:
        return orders.NO_PUPIL_DATA(field="covers.kind")
    day = max(covers.since, asked.today)
    pupils = world.many([person(pupil_id) for pupil_id in covers.pupil_ids])
    for place, (pupil_id, pupil) in enumerate(zip(covers.pupil_ids, pupils, strict=True)):
        at = f"covers.pupil_ids[{place}]"
        if not pupil.is_a(Role.PUPIL, day):
            return orders.NOT_A_PUPIL_HERE(pupil=pupil_id, on=day, field=at)
        rights = pupil.parents.get(command.payer_id or "", ())
        if command.buyer is BuyerKind.PARENT and not any(span.covers(asked.today) for span in rights):
            return orders.NOT_YOUR_CHILD(field=at)
    return None


def _fault_in_bundle(world: World, command: orders.PlaceOrder, asked: Asked) -> Refusal | None:
    bundled = [line.name for line in command.lines if line.kind is ProductKind.BUNDLE]
    if command.bundle_id is None:
        return BUNDLE_NOT_NAMED(product=bundled[0], field="bundle_id") if bundled else None
    return fault_in_order(world, command.bundle_id, command.lines, asked.today)


def is_buyer(placed: said.OrderPlaced, person_id: PersonId | None) -> bool:
    """Whether the person pays for the order."""
    return placed.payer_id is not None and placed.payer_id == person_id


def starts(covers: said.Coverage, today: date) -> date:
    """The first day of an extension that takes effect today: never a day that is over."""
    return max(covers.since, today)
