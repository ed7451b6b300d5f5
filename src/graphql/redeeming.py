"""Somebody shows a one-time code: what follows?

A code for a beginning makes a new account, or gives the one that is logged in a person in one more school.
A code for a password sets a new one. Whether a code is good the school's journal decides when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from dziennik.accounts.codes import Issued
from dziennik.accounts.naming import owner
from dziennik.accounts.sessions import Session
from dziennik.application.register import Accepted, Register
from dziennik.contracts import accounts as said
from dziennik.contracts.accounts import CodePurpose, PasswordRules
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain import accounts as deciding
from dziennik.domain import people
from dziennik.domain.policies.account_rules import strictest
from dziennik.graphql.context import Context
from dziennik.journal.journal import UnknownSchool


@dataclass(frozen=True, slots=True)
class Shown:
    """A code that is good now, for which person of which school; `account_id` of that person, if any."""

    issued: Issued
    register: Register = field(repr=False)
    purpose: CodePurpose
    account_id: str | None


def password_rules(context: Context, account_id: str) -> PasswordRules:
    """By which rules the account's password is judged: the strictest of all schools where it is somebody."""
    known = context.known_as(account_id)
    return strictest(access.rules(context.today(school)).password for school, access in known.items())


def used_elsewhere(context: Context, account_id: str, school: str) -> bool:
    """Whether the account is somebody in another school."""
    return bool(context.known_as(account_id).keys() - {school})


def activate(context: Context, code: str, login: str, password: str) -> Session | Refusal:
    """A new account for the code's person, and its first session."""
    shown = _shown(context, code, CodePurpose.ACTIVATION)
    if isinstance(shown, Refusal):
        return shown
    accounts, register = context.system.accounts, shown.register
    rules = register.state(deciding.RULES).on(register.today()).password
    by = Actor(account="activation", role=_role(shown), person=shown.issued.person_id, channel=Channel.WEB)
    account_id = accounts.open_account(login, password, by=by, rules=rules)
    if isinstance(account_id, Refusal):
        return account_id
    outcome = _use(shown, account_id)
    if isinstance(outcome, Refusal):  # somebody else was faster with the same code
        accounts.forget_account(account_id, "code not good", by=by, scrub=False)
        return outcome
    _settle(context, shown, outcome)
    return accounts.enter_as(account_id, context.asker.client, second_factor=False)


def add_identity(context: Context, code: str) -> Accepted | Refusal:
    """The asker's account is the code's person from now on."""
    shown = _shown(context, code, CodePurpose.ACTIVATION)
    if isinstance(shown, Refusal):
        return shown
    account_id = context.account()
    if shown.issued.school_id in context.known_as(account_id):
        return said.ALREADY_SOMEBODY(field="code")
    outcome = _use(shown, account_id)
    if isinstance(outcome, Accepted):
        _settle(context, shown, outcome)
    return outcome


def reset_password(context: Context, code: str, password: str) -> Refusal | None:
    """A new password by a code of the school, or by one that came by e-mail."""
    accounts = context.system.accounts
    mailed = accounts.recovery.shown(code)
    if mailed is not None:
        rules = password_rules(context, mailed)
        return accounts.set_password(mailed, password, by=owner(mailed), rules=rules)
    shown = _shown(context, code, CodePurpose.PASSWORD)
    if isinstance(shown, Refusal):
        return shown
    account_id = shown.account_id
    if account_id is None:
        return said.CODE_FOR_OTHERS(field="code")
    if used_elsewhere(context, account_id, shown.issued.school_id):
        return said.USED_ELSEWHERE(field="code")
    rules = password_rules(context, account_id)
    weak = accounts.fault_in_password(password, rules)
    if weak:  # before the code is spent
        return weak
    outcome = _use(shown, account_id)
    if isinstance(outcome, Refusal):
        return outcome
    return accounts.set_password(account_id, password, by=owner(account_id), rules=rules)


def _shown(context: Context, code: str, purpose: CodePurpose) -> Shown | Refusal:
    accounts = context.system.accounts
    issued = accounts.codes.shown(code, context.asker.client.address, accounts.addresses)
    if isinstance(issued, Refusal):
        return issued
    try:
        register = context.system.register(issued.school_id)
    except UnknownSchool:
        return said.CODE_UNKNOWN(field="code")
    state = register.state(deciding.access(issued.person_id))
    fault = deciding.fault_in_code(state, issued.code_id, register.today())
    if fault:
        return fault
    if state.codes[issued.code_id].purpose is not purpose:
        return said.CODE_FOR_OTHERS(field="code")
    person = register.state(people.person(issued.person_id))
    return Shown(issued=issued, register=register, purpose=purpose, account_id=person.account_id)


def _use(shown: Shown, account_id: str) -> Accepted | Refusal:
    issued = shown.issued
    command = said.UseCode(person_id=issued.person_id, code_id=issued.code_id, account_id=account_id)
    by = msgspec.structs.replace(owner(account_id), person=issued.person_id, channel=Channel.WEB)
    return shown.register.execute(command, actor=by)


def _role(shown: Shown) -> Role:
    """As what the person begins."""
    person = shown.register.state(people.person(shown.issued.person_id))
    day = shown.register.today()
    held = [role for role in Role if person.is_a(role, day)]
    return held[0] if held else Role.SYSTEM


def _settle(context: Context, shown: Shown, outcome: Accepted) -> None:
    """Wait a moment, so that the next question already knows who asks."""
    for model in ("people", "accounts"):
        context.system.read_models.wait_until(shown.issued.school_id, model, outcome.position, 2.0)
