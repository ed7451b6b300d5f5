"""The rules for the provider's bank account: statements that add up, and no grosz that counts twice."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import bank as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.retention import forgettable_from
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The statements of the provider's accounts by id, and the last closing balance of each account."""

    statements: Mapping[str, said.StatementImported] = {}
    closing: Mapping[str, int] = {}


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came in: for which orders (school, order), and what of it went back."""

    received: said.PaymentReceived
    directed: Mapping[tuple[str, str], int] = {}
    returned: Mapping[str, int] = {}
    forgotten: bool = False

    @property
    def left(self) -> int:
        """What waits to be matched, in grosze."""
        return self.received.amount - sum(self.directed.values()) - sum(self.returned.values())


class Payments(msgspec.Struct, frozen=True, kw_only=True):
    """The payments of one statement, or the one of a session that was begun online."""

    by_id: Mapping[str, Payment] = {}
    begun: said.OnlinePaymentBegun | None = None


_account: Evolution[Account] = Evolution()
_payments: Evolution[Payments] = Evolution()
BANK: Stream[Account] = Stream(streams.BANK, Account(), _account)


def payments(statement_id: str) -> Stream[Payments]:
    """The stream of a statement's payments."""
    return Stream(streams.statement(statement_id), Payments(), _payments)


@_account.on(said.StatementImported)
def _imported(state: Account, fact: said.StatementImported) -> Account:
    return Account(
        statements=put(state.statements, fact.statement_id, fact),
        closing=put(state.closing, fact.account, fact.closing),
    )


@_payments.on(said.OnlinePaymentBegun)
def _begun(state: Payments, fact: said.OnlinePaymentBegun) -> Payments:
    return replace(state, begun=fact)


@_payments.on(said.PaymentReceived)
def _received(state: Payments, fact: said.PaymentReceived) -> Payments:
    return _with(state, fact.payment_id, Payment(received=fact))


def _with(state: Payments, payment_id: str, payment: Payment) -> Payments:
    return replace(state, by_id=put(state.by_id, payment_id, payment))


@_payments.on(said.PaymentDirected)
def _directed(state: Payments, fact: said.PaymentDirected) -> Payments:
    payment, place = state.by_id[fact.payment_id], (fact.school_id, fact.order_id)
    return _with(state, fact.payment_id, replace(payment, directed=put(payment.directed, place, fact.amount)))


@_payments.on(said.DirectionReversed)
def _undirected(state: Payments, fact: said.DirectionReversed) -> Payments:
    payment, place = state.by_id[fact.payment_id], (fact.school_id, fact.order_id)
    left = {key: amount for key, amount in payment.directed.items() if key != place}
    return _with(state, fact.payment_id, replace(payment, directed=left))


@_payments.on(said.PaymentReturned)
def _returned(state: Payments, fact: said.PaymentReturned) -> Payments:
    payment = state.by_id[fact.payment_id]
    return _with(
        state, fact.payment_id, replace(payment, returned=put(payment.returned, fact.return_id, fact.amount))
    )


@decides(said.ImportStatement, by=PROVIDER)
def _import(world: World, command: said.ImportStatement, _: Asked) -> Decision:
    state = world[BANK]
    amounts = [line.amount for line in command.lines]
    fact = said.StatementImported(
        statement_id=command.statement_id,
        account=command.account,
        number=command.number,
        since=command.since,
        until=command.until,
        opening=command.opening,
        closing=command.closing,
        incoming=sum(amount for amount in amounts if amount > 0),
        outgoing=-sum(amount for amount in amounts if amount < 0),
    )
    known = state.statements.get(command.statement_id)
    if known:
        return [] if known == fact else said.STATEMENT_DIFFERS(number=command.number, field="statement_id")
    if command.opening + sum(amounts) != command.closing:
        return said.BALANCE_DIFFERS(
            number=command.number,
            opening=command.opening,
            sum=sum(amounts),
            closing=command.closing,
            field="closing",
        )
    before = state.closing.get(command.account)
    if before is not None and before != command.opening:
        return said.STATEMENT_MISSING(before=before, opening=command.opening, field="opening")
    received = [
        said.PaymentReceived(statement_id=command.statement_id, **asdict(line))
        for line in command.lines
        if line.amount > 0
    ]
    stream = streams.statement(command.statement_id)
    return [Entry(streams.BANK, fact), *(Entry(stream, payment) for payment in received)]


@_payments.on(said.PayerForgotten)
def _forgotten(state: Payments, fact: said.PayerForgotten) -> Payments:
    return _with(state, fact.payment_id, replace(state.by_id[fact.payment_id], forgotten=True))


@decides(said.ForgetPayer, by=PROVIDER)
def _forget(world: World, command: said.ForgetPayer, asked: Asked) -> Decision:
    payment = _payment(world, command.statement_id, command.payment_id)
    if isinstance(payment, Refusal):
        return payment
    if payment.forgotten:
        return []
    possible = forgettable_from(payment.received.on)
    if asked.today < possible:
        return said.PAYER_MUST_BE_KEPT(possible=possible, field="payment_id")
    if payment.left:
        return said.PAYMENT_WAITS(payment=command.payment_id, left=payment.left, field="payment_id")
    fact = said.PayerForgotten(payment_id=command.payment_id, on=asked.today, allowed_from=possible)
    return [Entry(streams.statement(command.statement_id), fact)]


@decides(said.BeginOnlinePayment, by=PROVIDER)
def _begin(world: World, command: said.BeginOnlinePayment, asked: Asked) -> Decision:
    if command.amount < 1:
        return said.NOT_LEFT(left=0, amount=command.amount, field="amount")
    state = world[payments(command.session_id)]
    fact = said.OnlinePaymentBegun(**asdict(command), on=asked.today)
    if state.begun or state.by_id:
        return (
            [] if state.begun == fact else said.SESSION_EXISTS(session=command.session_id, field="session_id")
        )
    return [Entry(streams.statement(command.session_id), fact)]


@decides(said.ReceiveOnlinePayment, by=PROVIDER)
def _receive(world: World, command: said.ReceiveOnlinePayment, asked: Asked) -> Decision:
    state = world[payments(command.session_id)]
    begun = state.begun
    if begun is None:
        return said.NO_SUCH_SESSION(session=command.session_id, field="session_id")
    if (command.amount, command.currency) != (begun.amount, begun.currency):
        told = (f"{begun.amount} gr {begun.currency}", f"{command.amount} gr {command.currency}")
        return said.AMOUNT_DIFFERS(begun=told[0], paid=told[1], field="amount")
    payment_id = f"{begun.service}.{command.transaction}"
    if state.by_id:
        same = payment_id in state.by_id
        return [] if same else said.SESSION_EXISTS(session=command.session_id, field="session_id")
    received = said.PaymentReceived(
        payment_id=payment_id,
        statement_id=command.session_id,
        amount=begun.amount,
        on=asked.today,
        title=begun.reference,
        payer=begun.service,
    )
    directed = said.PaymentDirected(
        payment_id=payment_id,
        school_id=begun.school_id,
        order_id=begun.order_id,
        amount=begun.amount,
        by_hand=False,
    )
    stream = streams.statement(command.session_id)
    return [Entry(stream, received), Entry(stream, directed)]


def _payment(world: World, statement_id: str, payment_id: str) -> Payment | Refusal:
    found = world[payments(statement_id)].by_id.get(payment_id)
    return found or said.NO_SUCH_PAYMENT(payment=payment_id, field="payment_id")


def _fault_in_amount(payment: Payment, amount: int) -> Refusal | None:
    if 0 < amount <= payment.left:
        return None
    return said.NOT_LEFT(left=payment.left, amount=amount, field="amount")


@decides(said.DirectPayment, by=PROVIDER)
def _direct(world: World, command: said.DirectPayment, _: Asked) -> Decision:
    payment = _payment(world, command.statement_id, command.payment_id)
    if isinstance(payment, Refusal):
        return payment
    known = payment.directed.get((command.school_id, command.order_id))
    if known == command.amount:
        return []
    fault = _fault_in_amount(payment, command.amount if known is None else 0)
    told = asdict(command)
    del told["statement_id"]
    return fault or [Entry(streams.statement(command.statement_id), said.PaymentDirected(**told))]


@decides(said.ReverseDirection, by=PROVIDER)
def _reverse(world: World, command: said.ReverseDirection, _: Asked) -> Decision:
    payment = _payment(world, command.statement_id, command.payment_id)
    if isinstance(payment, Refusal):
        return payment
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    amount = payment.directed.get((command.school_id, command.order_id))
    if amount is None:
        return said.NOT_DIRECTED(field="order_id")
    told = asdict(command)
    del told["statement_id"]
    reversed_ = said.DirectionReversed(**told, amount=amount)
    return [Entry(streams.statement(command.statement_id), reversed_)]


@decides(said.ReturnPayment, by=PROVIDER)
def _return(world: World, command: said.ReturnPayment, _: Asked) -> Decision:
    payment = _payment(world, command.statement_id, command.payment_id)
    if isinstance(payment, Refusal):
        return payment
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if payment.returned.get(command.return_id) == command.amount:
        return []
    fault = _fault_in_amount(payment, 0 if command.return_id in payment.returned else command.amount)
    told = asdict(command)
    del told["statement_id"]
    return fault or [Entry(streams.statement(command.statement_id), said.PaymentReturned(**told))]
