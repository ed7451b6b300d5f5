"""An order as decisions need it: what is owed, paid and given back, and whether it has effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import purchases as said
from dziennik.contracts import streams
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.prices import total_of
from dziennik.domain.world import Stream


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order; `placed` is None when there is none. `how` says how it ended, None while it goes on."""

    placed: said.OrderPlaced | None = None
    credits: Mapping[str, int] = {}
    taken_back: frozenset[str] = frozenset()  # payments that counted and do not any more
    refunds: Mapping[str, int] = {}
    active: said.ExtensionActivated | None = None
    how: str | None = None
    ended_on: date | None = None
    expired: bool = False
    renewed_with: str | None = None

    @property
    def total(self) -> int:
        """What is to be paid, in grosze."""
        return total_of(self.placed.lines) if self.placed else 0

    @property
    def credited(self) -> int:
        """What was paid."""
        return sum(self.credits.values())

    @property
    def refunded(self) -> int:
        """What of it went back."""
        return sum(self.refunds.values())

    def in_effect(self, today: date) -> bool:
        """Whether the extension holds today or will yet."""
        return self.active is not None and self.how is None and today <= self.active.until


_evolve: Evolution[Order] = Evolution()


def order(order_id: str) -> Stream[Order]:
    """The stream of an order."""
    return Stream(streams.purchase(order_id), Order(), _evolve)


@_evolve.on(said.OrderPlaced)
def _placed(state: Order, fact: said.OrderPlaced) -> Order:
    return replace(state, placed=fact)


@_evolve.on(said.PaymentCredited)
def _credited(state: Order, fact: said.PaymentCredited) -> Order:
    credited = put(state.credits, fact.payment_id, fact.amount)
    return replace(state, credits=credited, taken_back=state.taken_back - {fact.payment_id})


@_evolve.on(said.CreditReversed)
def _uncredited(state: Order, fact: said.CreditReversed) -> Order:
    left = {payment: amount for payment, amount in state.credits.items() if payment != fact.payment_id}
    return replace(state, credits=left, taken_back=state.taken_back | {fact.payment_id})


@_evolve.on(said.RefundMade)
def _refunded(state: Order, fact: said.RefundMade) -> Order:
    return replace(state, refunds=put(state.refunds, fact.refund_id, fact.amount))


@_evolve.on(said.ExtensionActivated)
def _activated(state: Order, fact: said.ExtensionActivated) -> Order:
    return replace(state, active=fact)


@_evolve.on(said.ActivationReversed)
def _reversed(state: Order, _: said.ActivationReversed) -> Order:
    return replace(state, active=None)


@_evolve.on(said.OrderCancelled)
def _cancelled(state: Order, fact: said.OrderCancelled) -> Order:
    return replace(state, how="cancelled", ended_on=fact.on)


@_evolve.on(said.PurchaseWithdrawn)
def _withdrawn(state: Order, fact: said.PurchaseWithdrawn) -> Order:
    return replace(state, how="withdrawn", ended_on=fact.on)


@_evolve.on(said.PurchaseEnded)
def _ended(state: Order, fact: said.PurchaseEnded) -> Order:
    return replace(state, how="ended", ended_on=fact.on)


@_evolve.on(said.ExtensionExpired)
def _expired(state: Order, _: said.ExtensionExpired) -> Order:
    return replace(state, expired=True)


@_evolve.on(said.PurchaseRenewed)
def _renewed(state: Order, fact: said.PurchaseRenewed) -> Order:
    return replace(state, renewed_with=fact.with_order)
