"""How does money come in and find its order? Ways of paying, statements, and what waits to be matched.

A payment is first directed in the provider's journal, then credited in the school's (ADR 0180). When the
school says no the direction is reversed; when the process dies in between, `settle` credits what was
directed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec

from dziennik.application.register import Outcome, Register
from dziennik.contracts import streams
from dziennik.contracts.bank import DirectPayment, ForgetPayer, ReturnPayment, ReverseDirection
from dziennik.contracts.envelope import Actor
from dziennik.contracts.purchase_commands import PAID_ALREADY, CreditPayment, ReverseCredit
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bank import Payment, payments
from dziennik.domain.invoices import SELLER
from dziennik.domain.policies.retention import forgettable_from
from dziennik.domain.policies.subscriptions import references_in
from dziennik.domain.purchase_state import order
from dziennik.projections import purchases
from dziennik.selling import mt940
from dziennik.selling.market import Market, provider


class Instructions(msgspec.Struct, frozen=True):
    """How to pay: to which account, how much (grosze), under which title. `code` goes into a QR code."""

    recipient: str
    account: str
    amount: int
    title: str
    code: str


class WayOfPaying(Protocol):
    """What a payment provider has to be able to do: tell how to pay, and what was paid.

    There are never data of cards here: whoever takes cards keeps them.
    """

    def instructions(self, amount: int, title: str) -> Instructions | None: ...

    def collect(self, content: bytes) -> list[Outcome]: ...


class Found(msgspec.Struct, frozen=True):
    """A payment that waits, with what may be its orders: (school, order)."""

    statement_id: str
    payment: Payment
    orders: tuple[tuple[str, str], ...] = ()


class BankTransfer:
    """Bank transfers: told apart by their title, collected from statements (MT940)."""

    def __init__(self, market: Market, actor: Actor) -> None:
        self._market = market
        self._actor = actor

    def instructions(self, amount: int, title: str) -> Instructions | None:
        """How to pay so much; None while the seller is not described."""
        seller = provider(self._market).state(SELLER).described
        if seller is None:
            return None
        code = transfer_code(seller.tax_id, seller.account, amount, seller.name, title)
        return Instructions(seller.name, seller.account, amount, title, code)

    def collect(self, content: bytes) -> list[Outcome]:
        """Read a file of statements. What was read before changes nothing."""
        found = mt940.read(content)
        if isinstance(found, Refusal):
            return [found]
        return [provider(self._market).execute(one, actor=self._actor) for one in found]


def transfer_code(tax_id: str, account: str, amount: int, name: str, title: str) -> str:
    """The text of a QR code that banks' programs read as a transfer.

    Recommendation of the Polish Bank Association on two-dimensional codes (2013): NIP, country, account
    without it, amount in grosze with six digits at least, name (20), title (32), three reserves.
    """
    fields = (tax_id, "PL", account.removeprefix("PL"), f"{amount:06d}", name[:20], title[:32], "", "", "")
    return "|".join(part.replace("|", " ") for part in fields)


def waiting(market: Market) -> list[Found]:
    """Payments of which something is left, the oldest first, with the orders that their titles name."""
    return [
        Found(statement_id, payment, tuple(_named(market, payment)))
        for statement_id, payment in _all(market)
        if payment.left
    ]


def match(market: Market, actor: Actor) -> tuple[int, list[Found]]:
    """Credit every payment whose title names one order that it can pay: how many, and what waits on."""
    settle(market, actor)
    matched, left = 0, []
    for found in waiting(market):
        if len(found.orders) == 1 and _fits(market, found):
            school_id, order_id = found.orders[0]
            outcome = direct(market, found, school_id, order_id, actor=actor)
            if not isinstance(outcome, Refusal):
                matched += 1
                continue
        left.append(found)
    return matched, left


def _fits(market: Market, found: Found) -> bool:
    school_id, order_id = found.orders[0]
    state = market.register(school_id).state(order(order_id))
    return state.how is None and 0 < found.payment.left <= state.total - state.credited


def direct(
    market: Market,
    found: Found,
    school_id: str,
    order_id: str,
    *,
    actor: Actor,
    amount: int | None = None,
    by_hand: bool = False,
) -> Outcome:
    """Let a payment (or so much of it) count for an order: in the provider's journal, then in the
    school's.
    """
    received = found.payment.received
    chosen = found.payment.left if amount is None else amount
    directed = DirectPayment(
        payment_id=received.payment_id,
        statement_id=found.statement_id,
        school_id=school_id,
        order_id=order_id,
        amount=chosen,
        by_hand=by_hand,
    )
    outcome = provider(market).execute(directed, actor=actor)
    if isinstance(outcome, Refusal):
        return outcome
    credited = _credit(market.register(school_id), order_id, received.payment_id, chosen, found, actor)
    if isinstance(credited, Refusal):
        place = (school_id, order_id)
        _undirect(market, found.statement_id, received.payment_id, place, credited.code, actor)
    return credited


def _credit(
    school: Register, order_id: str, payment_id: str, amount: int, found: Found, actor: Actor
) -> Outcome:
    command = CreditPayment(
        order_id=order_id, payment_id=payment_id, amount=amount, on=found.payment.received.on
    )
    return school.execute(command, actor=actor)


def settle(market: Market, actor: Actor) -> int:
    """Finish what a process that died left half done; how many there were.

    What was directed is credited; what was taken back at the school is not directed there any more.
    """
    return sum(_settled(market, statement_id, payment, actor) for statement_id, payment in _all(market))


def settle_payment(market: Market, statement_id: str, actor: Actor) -> int:
    """The same for the payments of one statement, or of one session online."""
    found = provider(market).state(payments(statement_id)).by_id.values()
    return sum(_settled(market, statement_id, payment, actor) for payment in found)


def _settled(market: Market, statement_id: str, payment: Payment, actor: Actor) -> int:
    done, payment_id = 0, payment.received.payment_id
    for (school_id, order_id), amount in payment.directed.items():
        state = market.register(school_id).state(order(order_id))
        if payment_id in state.credits:
            continue
        if payment_id in state.taken_back:
            outcome = _undirect(market, statement_id, payment_id, (school_id, order_id), "settle", actor)
        else:
            found = Found(statement_id, payment)
            outcome = direct(market, found, school_id, order_id, actor=actor, amount=amount)
        done += not isinstance(outcome, Refusal)
    return done


def undo(
    market: Market,
    statement_id: str,
    payment_id: str,
    school_id: str,
    order_id: str,
    reason: str,
    actor: Actor,
) -> Outcome:
    """Take back that a payment counts for an order: in the school's journal, then in the provider's."""
    reverse = ReverseCredit(order_id=order_id, payment_id=payment_id, reason=reason)
    outcome = market.register(school_id).execute(reverse, actor=actor)
    if isinstance(outcome, Refusal):
        return outcome
    return _undirect(market, statement_id, payment_id, (school_id, order_id), reason, actor)


def _undirect(
    market: Market, statement_id: str, payment_id: str, place: tuple[str, str], reason: str, actor: Actor
) -> Outcome:
    school_id, order_id = place
    back = ReverseDirection(
        payment_id=payment_id,
        statement_id=statement_id,
        school_id=school_id,
        order_id=order_id,
        reason=reason,
    )
    return provider(market).execute(back, actor=actor)


def give_back(market: Market, found: Found, return_id: str, reason: str, actor: Actor) -> Outcome:
    """Return what is left of a payment to the payer."""
    command = ReturnPayment(
        payment_id=found.payment.received.payment_id,
        statement_id=found.statement_id,
        return_id=return_id,
        amount=found.payment.left,
        reason=reason,
    )
    return provider(market).execute(command, actor=actor)


def forget_payers(market: Market, actor: Actor) -> tuple[int, int]:
    """Destroy the keys of who paid, of payments that tax law lets be forgotten; how many payments, and keys.

    Again: finishes what was left half done.
    """
    register = provider(market)
    forgotten = keys = 0
    for statement_id, payment in _all(market):
        received = payment.received
        if not payment.forgotten:
            if payment.left or register.today() < forgettable_from(received.on):
                continue
            command = ForgetPayer(payment_id=received.payment_id, statement_id=statement_id)
            if isinstance(register.execute(command, actor=actor), Refusal):
                continue
            forgotten += 1
        keys += register.journal.keys.destroy(received.payment_id)
    return forgotten, keys


def too_much(found: Found, market: Market) -> Refusal | None:
    """Why a payment that names one order waits: the order is paid, or takes less."""
    if len(found.orders) != 1 or _fits(market, found):
        return None
    school_id, order_id = found.orders[0]
    state = market.register(school_id).state(order(order_id))
    return PAID_ALREADY(open=state.total - state.credited, amount=found.payment.left, field="amount")


def _all(market: Market) -> Iterator[tuple[str, Payment]]:
    """All payments with their statements, in the order of statements' names."""
    register = provider(market)
    prefix = streams.statement("")
    names = register.journal.names(prefix, prefix[:-1] + "0")  # "0" follows "/"
    for name in names:
        statement_id = name.removeprefix(prefix)
        for payment in register.state(payments(statement_id)).by_id.values():
            yield statement_id, payment


def _named(market: Market, payment: Payment) -> Iterator[tuple[str, str]]:
    """The orders that the title names, in whichever school."""
    references = references_in(payment.received.title)
    for school_id in market.schools() if references else ():
        with market.read_models.view(school_id) as view:
            for reference in references:
                found = purchases.with_reference(view, reference)
                if found is not None:
                    yield school_id, found.order_id
