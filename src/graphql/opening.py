"""Who may open an account for whom?

All that could refuse the link is asked before the account is made, so that a refused wish keeps no login
for ever. Whoever chooses a password can log in with it: so an account of a role that only the director
hands out is opened by the director only (ADR 0050).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dziennik.application.register import Accepted
from dziennik.contracts import people as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain import people
from dziennik.domain.accounts import RULES
from dziennik.domain.people import HANDED_OUT_BY_THE_DIRECTOR
from dziennik.graphql.context import Context


@dataclass(frozen=True, slots=True)
class Wanted:
    """The login and password that were chosen."""

    login: str
    password: str = field(repr=False)


def open_account(
    context: Context, school: str, person_id: str, wanted: Wanted, actor: Actor
) -> tuple[Accepted, said.LinkAccount] | Refusal:
    """A new account, linked to the person. A login that exists is taken, whatever the password."""
    register, accounts = context.register(school), context.system.accounts
    if not streams.ID.match(person_id):
        return said.NO_SUCH_PERSON(person=person_id, field="person_id")
    fault = _fault(register.state(people.person(person_id)), person_id, actor, context.today(school))
    if fault:
        return fault
    rules = register.state(RULES).on(register.today()).password
    account_id = accounts.open_account(wanted.login, wanted.password, by=actor, rules=rules)
    if isinstance(account_id, Refusal):
        return account_id
    command = said.LinkAccount(person_id=person_id, account_id=account_id)
    outcome = register.execute(command, actor=actor)
    if isinstance(outcome, Refusal):  # somebody else linked one between the question and now
        accounts.close_account(account_id, "not linked", by=actor)
        return outcome
    return outcome, command


def _fault(known: people.Person, person_id: str, actor: Actor, day: date) -> Refusal | None:
    if known.names is None:
        return said.NO_SUCH_PERSON(person=person_id, field="person_id")
    if known.account_id is not None:
        return said.ACCOUNT_TAKEN(field="person_id")
    held = {role for role, spans in known.roles.items() if spans and (spans[-1].until or day) >= day}
    if held & HANDED_OUT_BY_THE_DIRECTOR and actor.role is not Role.DIRECTOR:
        return NOT_YOURS_TO_DO(role=actor.role.value, field="person_id")
    return None
