"""How is an order paid online? Begun here, paid at an operator, believed only when the operator confirms it.

A payment that the order cannot take (it is over, or was paid meanwhile) is not taken from the operator: the
money stays the payer's. What was taken is directed and credited like a bank transfer (paying.py), and so is
what a process that died left half done.
"""

from __future__ import annotations

import logging
import secrets
from typing import Protocol

from dziennik.application.register import Outcome
from dziennik.contracts import bank as said
from dziennik.contracts.envelope import Actor
from dziennik.contracts.purchase_commands import NO_SUCH_ORDER, ORDER_IS_OVER, PAID_ALREADY
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bank import payments
from dziennik.domain.purchase_state import order
from dziennik.selling.market import Market, provider
from dziennik.selling.paying import settle_payment
from dziennik.selling.przelewy24 import Notification, OperatorFault

_log = logging.getLogger(__name__)
NOTIFIED_AT = "/payments/przelewy24"


class Operator(Protocol):
    """Whoever takes payments online for the provider."""

    name: str

    def register(
        self, session_id: str, amount: int, title: str, email: str, *, back: str, told: str, language: str
    ) -> str: ...

    def believed(self, body: bytes) -> Notification | None: ...

    def verify(self, found: Notification) -> bool: ...


def begin(
    market: Market,
    operator: Operator,
    school_id: str,
    order_id: str,
    email: str,
    *,
    base_url: str,
    language: str,
    actor: Actor,
) -> str | Refusal:
    """The address at which the payer pays what is left of the order. `email` goes to the operator alone."""
    if not _is_address(email):
        return said.NOT_AN_ADDRESS(field="email")
    state = market.register(school_id).state(order(order_id))
    if state.placed is None:
        return NO_SUCH_ORDER(order=order_id, field="order_id")
    left = state.total - state.credited
    fault = _not_taken(market, school_id, order_id, left or 1)
    if fault:
        return fault
    session_id = f"{operator.name}-{secrets.token_hex(16)}"
    command = said.BeginOnlinePayment(
        session_id=session_id,
        service=operator.name,
        school_id=school_id,
        order_id=order_id,
        reference=state.placed.reference,
        amount=left,
    )
    outcome = provider(market).execute(command, actor=actor)
    if isinstance(outcome, Refusal):
        return outcome
    places = {"back": f"{base_url}/account", "told": f"{base_url}{NOTIFIED_AT}"}
    try:
        return operator.register(session_id, left, state.placed.reference, email, **places, language=language)
    except OperatorFault as fault:
        _log.warning("payment not begun: %s", fault)
        return said.OPERATOR_AWAY(why=str(fault))


def notified(market: Market, operator: Operator, body: bytes, *, actor: Actor) -> Outcome:
    """Take a payment that the operator told of: once, however often it is told."""
    found = operator.believed(body)
    if found is None:
        return said.NOT_GENUINE()
    register = provider(market)
    command = said.ReceiveOnlinePayment(
        session_id=found.session_id,
        transaction=str(found.order_id),
        amount=found.amount,
        currency=found.currency,
    )
    state = register.state(payments(found.session_id))
    begun = state.begun
    if begun is None or begun.service != operator.name:
        return said.NO_SUCH_SESSION(session=found.session_id, field="session_id")
    if not state.by_id and (found.amount, found.currency) == (begun.amount, begun.currency):
        fault = _not_taken(market, begun.school_id, begun.order_id, begun.amount)
        if fault:
            return fault
        try:
            if not operator.verify(found):
                return said.OPERATOR_AWAY(why="verify")
        except OperatorFault as fault:
            return said.OPERATOR_AWAY(why=str(fault))
    outcome = register.execute(command, actor=actor)  # refuses what differs from what was begun
    if not isinstance(outcome, Refusal):
        settle_payment(market, found.session_id, actor)
    return outcome


def _not_taken(market: Market, school_id: str, order_id: str, amount: int) -> Refusal | None:
    """Why the order does not take so much."""
    state = market.register(school_id).state(order(order_id))
    if state.how:
        return ORDER_IS_OVER(how=state.how, field="order_id")
    left = state.total - state.credited
    return PAID_ALREADY(open=left, amount=amount, field="order_id") if amount > left else None


def _is_address(text: str) -> bool:
    """As much as can be told without writing to it; the operator takes 50 characters."""
    name, at, host = text.partition("@")
    plain = text.isprintable() and not any(sign.isspace() for sign in text)
    return bool(name and at and "." in host.strip(".") and "@" not in host) and plain and len(text) <= 50
