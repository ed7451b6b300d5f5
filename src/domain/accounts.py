"""What may a school decide about its people's access: codes, blocks, rules of accounts?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import accounts as said
from dziennik.contracts import streams
from dziennik.contracts.accounts import AccountRules, CodePurpose
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import NO_SUCH_PERSON, AccountLinked
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import PersonId
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import HANDED_OUT_BY_THE_DIRECTOR, Person, person
from dziennik.domain.policies.account_rules import CHANGE_DAYS, CODE_DAYS, LENGTHS, last_day, rules_on
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

INSTALLATION = frozenset({Role.SYSTEM})


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules by the day from which on they hold, in the order in which they were set."""

    dated: tuple[tuple[date, AccountRules], ...] = ()

    def on(self, day: date) -> AccountRules:
        """The rules in force on a day."""
        return rules_on(self.dated, day)


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time code as decisions need it."""

    purpose: CodePurpose
    valid_until: date
    used: bool = False
    withdrawn: bool = False

    @property
    def is_open(self) -> bool:
        """Neither used nor withdrawn; its day may be over."""
        return not (self.used or self.withdrawn)


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A person's codes and block."""

    codes: Mapping[str, Code] = {}
    blocked: bool = False


evolve_rules: Evolution[Rules] = Evolution()
evolve: Evolution[Access] = Evolution()
RULES = Stream(streams.ACCOUNTS, Rules(), evolve_rules)


def access(person_id: PersonId) -> Stream[Access]:
    """The stream of a person's access."""
    return Stream(streams.access(person_id), Access(), evolve)


@evolve_rules.on(said.AccountRulesSet)
def _rules_set(state: Rules, fact: said.AccountRulesSet) -> Rules:
    return replace(state, dated=(*state.dated, (fact.since, fact.rules)))


@evolve.on(said.CodeIssued)
def _issued(state: Access, fact: said.CodeIssued) -> Access:
    code = Code(purpose=fact.purpose, valid_until=fact.valid_until)
    return replace(state, codes=put(state.codes, fact.code_id, code))


@evolve.on(said.CodeWithdrawn)
def _withdrawn(state: Access, fact: said.CodeWithdrawn) -> Access:
    code = replace(state.codes[fact.code_id], withdrawn=True)
    return replace(state, codes=put(state.codes, fact.code_id, code))


@evolve.on(said.CodeUsed)
def _used(state: Access, fact: said.CodeUsed) -> Access:
    code = replace(state.codes[fact.code_id], used=True)
    return replace(state, codes=put(state.codes, fact.code_id, code))


@evolve.on(said.AccessBlocked)
def _blocked(state: Access, _: said.AccessBlocked) -> Access:
    return replace(state, blocked=True)


@evolve.on(said.AccessUnblocked)
def _unblocked(state: Access, _: said.AccessUnblocked) -> Access:
    return replace(state, blocked=False)


def fault_in_reach(known: Person, person_id: PersonId, asked: Asked) -> Refusal | None:
    """Why this actor has no say over the person's access: whoever lets somebody in could become them.

    Those whose role is handed out by the director are let in, and shut out, by the director alone (ADR 0050).
    """
    if known.names is None:
        return NO_SUCH_PERSON(person=person_id, field="person_id")
    day = asked.today
    held = {role for role, spans in known.roles.items() if spans and (spans[-1].until or day) >= day}
    if held & HANDED_OUT_BY_THE_DIRECTOR and asked.actor.role not in DIRECTOR:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value, field="person_id")
    return None if held else said.NOBODY_HERE(person=person_id, field="person_id")


@decides(said.SetAccountRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetAccountRules, _: Asked) -> Decision:
    password = command.rules.password
    for value, (least, most), field in (
        (password.least_length, LENGTHS, "rules.password.least_length"),
        (password.change_after_days, CHANGE_DAYS, "rules.password.change_after_days"),
        (command.rules.code_days, CODE_DAYS, "rules.code_days"),
    ):
        if value is not None and not least <= value <= most:
            return said.RULES_UNSOUND(least=least, most=most, field=field)
    dated = world[RULES].dated
    if dated and dated[-1] == (command.since, command.rules):
        return []
    return [Entry(streams.ACCOUNTS, said.AccountRulesSet(since=command.since, rules=command.rules))]


@decides(said.IssueCode, by=OFFICE)
def _issue(world: World, command: said.IssueCode, asked: Asked) -> Decision:
    known, state = world[person(command.person_id)], world[access(command.person_id)]
    fault = fault_in_reach(known, command.person_id, asked)
    if fault:
        return fault
    if state.blocked:
        return said.ACCESS_BLOCKED(field="person_id")
    has = known.account_id is not None
    if command.purpose is CodePurpose.ACTIVATION and has:
        return said.HAS_ACCOUNT(person=command.person_id, field="person_id")
    if command.purpose is CodePurpose.PASSWORD and not has:
        return said.NO_ACCOUNT(person=command.person_id, field="person_id")
    if command.code_id in state.codes:
        return []
    stream, until = streams.access(command.person_id), last_day(asked.today, world[RULES].on(asked.today))
    replaced = [code_id for code_id, code in state.codes.items() if code.is_open]
    return [
        *(Entry(stream, _replaced(command, code_id)) for code_id in replaced),
        Entry(
            stream,
            said.CodeIssued(
                person_id=command.person_id,
                code_id=command.code_id,
                purpose=command.purpose,
                valid_until=until,
            ),
        ),
    ]


def _replaced(command: said.IssueCode, code_id: str) -> said.CodeWithdrawn:
    return said.CodeWithdrawn(person_id=command.person_id, code_id=code_id, replaced_by=command.code_id)


@decides(said.WithdrawCode, by=OFFICE)
def _withdraw(world: World, command: said.WithdrawCode, asked: Asked) -> Decision:
    known, state = world[person(command.person_id)], world[access(command.person_id)]
    fault = fault_in_reach(known, command.person_id, asked)
    if fault and fault.code != said.NOBODY_HERE.code:  # letters of those who left are withdrawn as well
        return fault
    code = state.codes.get(command.code_id)
    if code is None:
        return said.CODE_UNKNOWN(field="code_id")
    if code.used:
        return said.CODE_USED(field="code_id")
    if code.withdrawn:
        return []
    withdrawn = said.CodeWithdrawn(person_id=command.person_id, code_id=command.code_id)
    return [Entry(streams.access(command.person_id), withdrawn)]


def fault_in_code(state: Access, code_id: str, today: date) -> Refusal | None:
    """Why the code opens nothing today, or None."""
    code = state.codes.get(code_id)
    if code is None:
        return said.CODE_UNKNOWN(field="code")
    if code.used:
        return said.CODE_USED(field="code")
    if code.withdrawn:
        return said.CODE_WITHDRAWN(field="code")
    if state.blocked:
        return said.ACCESS_BLOCKED(field="code")
    if today > code.valid_until:
        return said.CODE_EXPIRED(until=code.valid_until, field="code")
    return None


@decides(said.UseCode, by=INSTALLATION)
def _use(world: World, command: said.UseCode, asked: Asked) -> Decision:
    known, state = world[person(command.person_id)], world[access(command.person_id)]
    fault = fault_in_code(state, command.code_id, asked.today)
    if fault:
        return fault
    used = Entry(streams.access(command.person_id), said.CodeUsed(**msgspec.structs.asdict(command)))
    if state.codes[command.code_id].purpose is CodePurpose.PASSWORD:
        return [used] if known.account_id == command.account_id else said.CODE_FOR_OTHERS(field="code")
    if known.account_id is not None:
        return said.HAS_ACCOUNT(person=command.person_id, field="code")
    linked = AccountLinked(person_id=command.person_id, account_id=command.account_id)
    return [used, Entry(streams.person(command.person_id), linked)]


@decides(said.BlockAccess, by=OFFICE)
def _block(world: World, command: said.BlockAccess, asked: Asked) -> Decision:
    known, state = world[person(command.person_id)], world[access(command.person_id)]
    fault = fault_in_reach(known, command.person_id, asked)
    if fault and fault.code != said.NOBODY_HERE.code:
        return fault
    if state.blocked:
        return []
    blocked = said.AccessBlocked(person_id=command.person_id, reason=command.reason)
    return [Entry(streams.access(command.person_id), blocked)]


@decides(said.UnblockAccess, by=OFFICE)
def _unblock(world: World, command: said.UnblockAccess, asked: Asked) -> Decision:
    known, state = world[person(command.person_id)], world[access(command.person_id)]
    fault = fault_in_reach(known, command.person_id, asked)
    if fault and fault.code != said.NOBODY_HERE.code:
        return fault
    if not state.blocked:
        return said.NOT_BLOCKED(person=command.person_id, field="person_id")
    return [Entry(streams.access(command.person_id), said.AccessUnblocked(person_id=command.person_id))]
