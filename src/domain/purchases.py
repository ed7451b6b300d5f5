"""The rules for what becomes of an order: payment, effect, withdrawal, end, refund. No effect without a
cause.
"""

from __future__ import annotations

from msgspec.structs import asdict

from dziennik.contracts import purchase_commands as orders
from dziennik.contracts import purchases as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.purchases import BuyerKind
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bundles import PROVIDER, fault_in_bundle
from dziennik.domain.ordering import is_buyer, starts
from dziennik.domain.policies.subscriptions import last_day_to_withdraw
from dziennik.domain.purchase_state import Order, order
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, World

_BUYING = frozenset({Role.PARENT, Role.SPONSOR})


def _on(order_id: str, *facts: Fact) -> list[Entry]:
    return [Entry(streams.purchase(order_id), fact) for fact in facts]


def _known(world: World, order_id: str, asked: Asked) -> tuple[Order, said.OrderPlaced] | Refusal:
    """The order, if there is one that the asker may speak for."""
    state = world[order(order_id)]
    if state.placed is None:
        return orders.NO_SUCH_ORDER(order=order_id, field="order_id")
    if asked.actor.role in _BUYING and not is_buyer(state.placed, asked.actor.person):
        return orders.NOT_YOUR_ORDER(field="order_id")
    return state, state.placed


def _over(state: Order) -> Refusal | None:
    return orders.ORDER_IS_OVER(how=state.how, field="order_id") if state.how else None


@decides(orders.CancelOrder, by=OFFICE | PROVIDER | _BUYING)
def _cancel(world: World, command: orders.CancelOrder, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, _ = found
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if state.how:
        return [] if state.how == "cancelled" else orders.ORDER_IS_OVER(how=state.how, field="order_id")
    if state.credited:
        return orders.ALREADY_PAID_FOR(paid=state.credited, field="order_id")
    fact = said.OrderCancelled(order_id=command.order_id, on=asked.today, reason=command.reason)
    return _on(command.order_id, fact)


@decides(orders.CreditPayment, by=PROVIDER)
def _credit(world: World, command: orders.CreditPayment, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, placed = found
    known = state.credits.get(command.payment_id)
    if known is not None:
        same = known == command.amount
        return [] if same else orders.PAYMENT_DIFFERS(payment=command.payment_id, field="payment_id")
    left = state.total - state.credited
    if command.amount < 1:
        return orders.SUM_UNSOUND(amount=command.amount, field="amount")
    if command.on > asked.today:
        return orders.DAY_IN_FUTURE(on=command.on, field="on")
    fault = _over(state)
    if fault:
        return fault
    if command.amount > left:
        return orders.PAID_ALREADY(open=left, amount=command.amount, field="amount")
    facts: list[Fact] = [said.PaymentCredited(**asdict(command))]
    may = placed.bundle_id is None or fault_in_bundle(world, placed.bundle_id) is None
    if command.amount == left and may:
        facts += _activation(placed, asked)
    return _on(command.order_id, *facts)


def _activation(placed: said.OrderPlaced, asked: Asked) -> list[Fact]:
    """The effect, if the order has one and its last day is not over."""
    covers = placed.covers
    if covers is None or covers.until < asked.today:
        return []
    since = starts(covers, asked.today)
    return [said.ExtensionActivated(order_id=placed.order_id, since=since, until=covers.until)]


@decides(orders.ActivateOrder, by=OFFICE | PROVIDER)
def _activate(world: World, command: orders.ActivateOrder, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, placed = found
    fault = _over(state)
    if fault or state.active:
        return fault or []
    if state.credited < state.total:
        return orders.NOT_PAID(paid=state.credited, total=state.total, field="order_id")
    fault = fault_in_bundle(world, placed.bundle_id) if placed.bundle_id else None
    if fault:
        return fault
    facts = _activation(placed, asked)
    return _on(command.order_id, *facts) if facts else orders.NOT_ACTIVE(field="order_id")


@decides(orders.ReverseCredit, by=PROVIDER)
def _reverse(world: World, command: orders.ReverseCredit, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, _ = found
    amount = state.credits.get(command.payment_id)
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if amount is None:
        return orders.NO_SUCH_CREDIT(payment=command.payment_id, field="payment_id")
    if state.credited - amount < state.refunded:
        most = state.credited - state.refunded
        return orders.REFUND_TOO_HIGH(most=most, amount=amount, field="payment_id")
    facts: list[Fact] = [said.CreditReversed(**asdict(command), amount=amount)]
    if state.in_effect(asked.today):
        reversed_ = said.ActivationReversed(order_id=command.order_id, on=asked.today, reason=command.reason)
        facts.append(reversed_)
    return _on(command.order_id, *facts)


@decides(orders.WithdrawFromPurchase, by=PROVIDER | {Role.PARENT})
def _withdraw(world: World, command: orders.WithdrawFromPurchase, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, placed = found
    if state.how:
        return [] if state.how == "withdrawn" else orders.ORDER_IS_OVER(how=state.how, field="order_id")
    if placed.buyer is not BuyerKind.PARENT:
        return orders.NO_RIGHT_TO_WITHDRAW(buyer=placed.buyer.value, field="order_id")
    last = last_day_to_withdraw(placed.on)
    if asked.today > last:
        return orders.TOO_LATE_TO_WITHDRAW(until=last, field="order_id")
    return _on(command.order_id, said.PurchaseWithdrawn(**asdict(command), on=asked.today))


@decides(orders.EndPurchase, by=PROVIDER)
def _end(world: World, command: orders.EndPurchase, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, _ = found
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if state.how:
        return [] if state.how == "ended" else orders.ORDER_IS_OVER(how=state.how, field="order_id")
    if not state.credited:
        return orders.NOTHING_PAID(field="order_id")
    return _on(command.order_id, said.PurchaseEnded(**asdict(command), on=asked.today))


@decides(orders.ExpireExtension, by=PROVIDER)
def _expire(world: World, command: orders.ExpireExtension, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, _ = found
    if state.how or state.expired:
        return []
    if state.active is None:
        return orders.NOT_ACTIVE(field="order_id")
    if asked.today <= state.active.until:
        return orders.STILL_ACTIVE(until=state.active.until, field="order_id")
    return _on(command.order_id, said.ExtensionExpired(order_id=command.order_id, until=state.active.until))


@decides(orders.RefundPurchase, by=PROVIDER)
def _refund(world: World, command: orders.RefundPurchase, asked: Asked) -> Decision:
    found = _known(world, command.order_id, asked)
    if isinstance(found, Refusal):
        return found
    state, _ = found
    known = state.refunds.get(command.refund_id)
    if known is not None:
        same = known == command.amount
        return [] if same else orders.REFUND_EXISTS(refund=command.refund_id, field="refund_id")
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    most = state.credited - state.refunded
    if not 0 < command.amount <= most:
        return orders.REFUND_TOO_HIGH(most=most, amount=command.amount, field="amount")
    if not state.how and not state.expired:
        return orders.ORDER_GOES_ON(field="order_id")
    return _on(command.order_id, said.RefundMade(**asdict(command), on=asked.today))
