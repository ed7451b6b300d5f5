"""How are people let in: which codes are open, whose access is blocked, by which rules?"""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from dziennik.contracts import accounts as said
from dziennik.contracts.accounts import AccountRules, CodePurpose
from dziennik.contracts.envelope import Recorded
from dziennik.domain.policies.account_rules import rules_on
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

ACCOUNTS = ReadModel("accounts", version=1)
on = ACCOUNTS.on
table = ACCOUNTS.table


@table(key=("code_id",), indexes=(("person_id",),))
class OneTimeCode(Row, frozen=True):
    """A code that was issued, until which day it is good, and what became of it."""

    code_id: str
    person_id: str
    purpose: CodePurpose
    issued_at: datetime
    issued_by: str
    valid_until: date
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None


@table(key=("person_id",))
class Block(Row, frozen=True):
    """The person's access is blocked."""

    person_id: str
    since: datetime
    reason: str


@table(key=("number",))
class DatedRules(Row, frozen=True):
    """Rules in the order in which they were set."""

    number: int
    since: date
    rules: AccountRules


@on(said.AccountRulesSet)
def account_rules_set(rows: Rows, fact: said.AccountRulesSet, recorded: Recorded) -> None:
    rows.put(DatedRules(recorded.version, fact.since, fact.rules))


@on(said.CodeIssued)
def code_issued(rows: Rows, fact: said.CodeIssued, recorded: Recorded) -> None:
    actor = recorded.origin.actor
    rows.put(
        OneTimeCode(
            fact.code_id,
            fact.person_id,
            fact.purpose,
            recorded.origin.recorded_at,
            actor.person or actor.account,
            fact.valid_until,
        )
    )


@on(said.CodeWithdrawn)
def code_withdrawn(rows: Rows, fact: said.CodeWithdrawn, recorded: Recorded) -> None:
    code = there(rows.get(OneTimeCode, fact.code_id), fact.code_id)
    rows.put(replace(code, withdrawn_at=recorded.origin.recorded_at))


@on(said.CodeUsed)
def code_used(rows: Rows, fact: said.CodeUsed, recorded: Recorded) -> None:
    code = there(rows.get(OneTimeCode, fact.code_id), fact.code_id)
    rows.put(replace(code, used_at=recorded.origin.recorded_at))


@on(said.AccessBlocked)
def access_blocked(rows: Rows, fact: said.AccessBlocked, recorded: Recorded) -> None:
    rows.put(Block(fact.person_id, recorded.origin.recorded_at, fact.reason))


@on(said.AccessUnblocked)
def access_unblocked(rows: Rows, fact: said.AccessUnblocked, _: Recorded) -> None:
    rows.delete(Block, fact.person_id)


# What is asked


def block(view: View, person_id: str) -> Block | None:
    """The block that stands."""
    return view.get(Block, person_id)


def codes(view: View, person_id: str) -> list[OneTimeCode]:
    """A person's codes, the last first."""
    found = view.find(OneTimeCode, person_id=person_id)
    return sorted(found, key=lambda code: (code.issued_at, code.code_id), reverse=True)


def dated_rules(view: View) -> list[tuple[date, AccountRules]]:
    """The rules as they were set."""
    return [(row.since, row.rules) for row in sorted(view.find(DatedRules), key=lambda row: row.number)]


def rules(view: View, day: date) -> AccountRules:
    """The rules in force on a day."""
    return rules_on(dated_rules(view), day)
