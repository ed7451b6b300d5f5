"""The rules for a school's contract: signed, renewed in time, ended; each year's fee is an order like any
other.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import agreement as said
from dziennik.contracts import streams
from dziennik.contracts.cards import StockGranted
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.purchases import BuyerKind, OrderLine, OrderPlaced
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution
from dziennik.domain.policies.prices import fault_in_lines
from dziennik.domain.policies.subscriptions import MOST_MONTHS, PAY_WITHIN_DAYS
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_MOST = 1_000_000  # pupils, or cards


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """The latest contract; `year` counts its years from 1, `until` is the last day agreed so far."""

    signed: said.ContractSigned | None = None
    year: int = 0
    until: date | None = None
    reminded_of: date | None = None
    ended: said.ContractEnded | None = None
    handed: said.DataHandedOver | None = None

    def holds_on(self, on: date) -> bool:
        """Whether the contract holds on that day."""
        if self.signed is None or self.until is None:
            return False
        last = min(self.until, self.ended.on) if self.ended else self.until
        return self.signed.since <= on <= last


_evolve: Evolution[Agreement] = Evolution()
AGREEMENT: Stream[Agreement] = Stream(streams.AGREEMENT, Agreement(), _evolve)


@_evolve.on(said.ContractSigned)
def _signed(_: Agreement, fact: said.ContractSigned) -> Agreement:
    return Agreement(signed=fact, year=1, until=fact.until)


@_evolve.on(said.ContractRenewed)
def _renewed(state: Agreement, fact: said.ContractRenewed) -> Agreement:
    return replace(state, year=fact.year, until=fact.until)


@_evolve.on(said.RenewalReminded)
def _reminded(state: Agreement, fact: said.RenewalReminded) -> Agreement:
    return replace(state, reminded_of=fact.until)


@_evolve.on(said.ContractEnded)
def _ended(state: Agreement, fact: said.ContractEnded) -> Agreement:
    return replace(state, ended=fact)


@_evolve.on(said.DataHandedOver)
def _handed(state: Agreement, fact: said.DataHandedOver) -> Agreement:
    return replace(state, handed=fact)


def fee_order(contract_id: str, year: int) -> str:
    """The id of the order of a contract year's fee."""
    return f"{contract_id}.{year}"


def _fee(contract_id: str, year: int, reference: str, lines: tuple[OrderLine, ...], on: date) -> Entry:
    order_id = fee_order(contract_id, year)
    placed = OrderPlaced(
        order_id=order_id,
        reference=reference,
        buyer=BuyerKind.SCHOOL,
        payer_id=None,
        lines=lines,
        covers=None,
        on=on,
        pay_by=on + timedelta(days=PAY_WITHIN_DAYS),
        contract_id=contract_id,
    )
    return Entry(streams.purchase(order_id), placed)


def _fault_in_terms(since: date, until: date, pupils: int, lines: tuple[OrderLine, ...]) -> Refusal | None:
    if not 0 <= (until - since).days <= 31 * MOST_MONTHS:
        return said.TERMS_UNSOUND(what=f"{since}–{until}", field="until")
    if not 0 < pupils <= _MOST:
        return said.TERMS_UNSOUND(what=pupils, field="pupils")
    return fault_in_lines(lines)


@decides(said.SignContract, by=PROVIDER)
def _sign(world: World, command: said.SignContract, asked: Asked) -> Decision:
    state = world[AGREEMENT]
    told = asdict(command)
    reference = told.pop("reference")
    fact = said.ContractSigned(**told)
    if state.signed and state.signed.contract_id == command.contract_id and state.signed == fact:
        return []
    if state.signed and state.until and not state.ended:
        last = state.until
        return said.CONTRACT_EXISTS(contract=state.signed.number, until=last, field="contract_id")
    if state.ended and (command.since <= state.ended.on or state.ended.contract_id == command.contract_id):
        return said.CONTRACT_IS_OVER(contract=state.ended.contract_id, on=state.ended.on, field="since")
    if not command.number.strip():
        return TEXT_MISSING(at="number", field="number")
    if command.on > asked.today:
        return said.TERMS_UNSOUND(what=command.on, field="on")
    if not 0 <= command.cards <= _MOST:
        return said.TERMS_UNSOUND(what=command.cards, field="cards")
    if not 0 <= command.reminder_days <= 366:
        return said.TERMS_UNSOUND(what=command.reminder_days, field="reminder_days")
    fault = _fault_in_terms(command.since, command.until, command.pupils, command.lines)
    if fault:
        return fault
    entries = [Entry(streams.AGREEMENT, fact), _fee(fact.contract_id, 1, reference, fact.lines, asked.today)]
    if command.cards:
        granted = StockGranted(
            grant_id=fact.contract_id, count=fact.cards, basis=f"umowa {fact.number}: podpisanie"
        )
        entries.append(Entry(streams.CARD_STOCK, granted))
    return entries


def _open(world: World, contract_id: str) -> Agreement | Refusal:
    """The contract, if it goes on."""
    state = world[AGREEMENT]
    if state.signed is None or state.signed.contract_id != contract_id:
        return said.NO_SUCH_CONTRACT(contract=contract_id, field="contract_id")
    if state.ended:
        return said.CONTRACT_IS_OVER(contract=state.signed.number, on=state.ended.on, field="contract_id")
    return state


@decides(said.RenewContract, by=PROVIDER)
def _renew(world: World, command: said.RenewContract, asked: Asked) -> Decision:
    state = _open(world, command.contract_id)
    if isinstance(state, Refusal):
        return state
    if state.until is None or state.until == command.until:
        return []
    if state.until == date.max:
        return said.TERMS_UNSOUND(what=command.until, field="until")
    since = state.until + timedelta(days=1)
    fault = _fault_in_terms(since, command.until, command.pupils, command.lines)
    if fault:
        return fault
    fact = said.ContractRenewed(
        contract_id=command.contract_id,
        year=state.year + 1,
        since=since,
        until=command.until,
        pupils=command.pupils,
        lines=command.lines,
    )
    fee = _fee(fact.contract_id, fact.year, command.reference, fact.lines, asked.today)
    return [Entry(streams.AGREEMENT, fact), fee]


@decides(said.RemindOfRenewal, by=PROVIDER)
def _remind(world: World, command: said.RemindOfRenewal, asked: Asked) -> Decision:
    state = _open(world, command.contract_id)
    if isinstance(state, Refusal):
        return state
    if state.signed is None or state.until is None or state.reminded_of == state.until:
        return []
    if asked.today < state.until - timedelta(days=state.signed.reminder_days):
        return []
    fact = said.RenewalReminded(contract_id=command.contract_id, until=state.until, on=asked.today)
    return [Entry(streams.AGREEMENT, fact)]


@decides(said.EndContract, by=PROVIDER)
def _end(world: World, command: said.EndContract, _: Asked) -> Decision:
    state = world[AGREEMENT]
    fact = said.ContractEnded(**asdict(command))
    if state.ended == fact:
        return []
    found = _open(world, command.contract_id)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    signed, until = found.signed, found.until
    if signed is None or until is None or not signed.since <= command.on <= until:
        return said.TERMS_UNSOUND(what=command.on, field="on")
    return [Entry(streams.AGREEMENT, fact)]


@decides(said.HandOverData, by=PROVIDER | {Role.DIRECTOR})
def _hand_over(world: World, command: said.HandOverData, asked: Asked) -> Decision:
    state = world[AGREEMENT]
    if state.signed is None or state.signed.contract_id != command.contract_id:
        return said.NO_SUCH_CONTRACT(contract=command.contract_id, field="contract_id")
    if state.ended is None:
        return said.CONTRACT_NOT_OVER(contract=state.signed.number, field="contract_id")
    fact = said.DataHandedOver(**asdict(command), on=asked.today)
    return [Entry(streams.AGREEMENT, fact)]
