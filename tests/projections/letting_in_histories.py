"""Random but possible ways in: codes, blocks and rules of accounts; mandates of an auditor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from dziennik.contracts import accounts, audits, streams
from dziennik.contracts.facts import Fact

if TYPE_CHECKING:
    from tests.projections.histories import History

F = TypeVar("F", bound=Fact)
PEOPLE = ("ada", "parent", "nowak")


def let_in(history: History, chance: int) -> None:
    """One thing about the ways in that is possible now."""
    ways = (_issue, _settle_code, _block, _unblock, _rule, _mandate, _revoke)
    ways[chance % len(ways)](history, chance)


def _issue(history: History, chance: int) -> None:
    person = PEOPLE[chance % len(PEOPLE)]
    number = len(_told(history, accounts.CodeIssued))
    code = accounts.CodeIssued(
        person_id=person,
        code_id=f"code-{number}",
        purpose=list(accounts.CodePurpose)[chance % 2],
        valid_until=_today(history) + timedelta(days=30),
    )
    history.tell(streams.access(person), code)


def _settle_code(history: History, chance: int) -> None:
    ended = {code.code_id for code in _told(history, accounts.CodeUsed)}
    ended |= {code.code_id for code in _told(history, accounts.CodeWithdrawn)}
    for code in _told(history, accounts.CodeIssued):
        if code.code_id not in ended:
            used = accounts.CodeUsed(person_id=code.person_id, code_id=code.code_id, account_id="acc-new")
            withdrawn = accounts.CodeWithdrawn(person_id=code.person_id, code_id=code.code_id)
            history.tell(streams.access(code.person_id), used if chance % 2 else withdrawn)
            return
    _issue(history, chance)


def _block(history: History, chance: int) -> None:
    person = PEOPLE[chance % len(PEOPLE)]
    if person not in _blocked(history):
        history.tell(
            streams.access(person), accounts.AccessBlocked(person_id=person, reason="pendrive w sieci")
        )


def _unblock(history: History, chance: int) -> None:
    blocked = sorted(_blocked(history))
    if len(blocked) > 1:  # somebody stays blocked to the end
        person = blocked[chance % len(blocked)]
        history.tell(streams.access(person), accounts.AccessUnblocked(person_id=person))


def _rule(history: History, chance: int) -> None:
    rules = accounts.AccountRules(code_days=10 + chance % 20)
    history.tell(streams.ACCOUNTS, accounts.AccountRulesSet(since=_today(history), rules=rules))


def _mandate(history: History, chance: int) -> None:
    since = _today(history)
    mandate = audits.MandateIssued(
        mandate_id=f"mandate-{len(_told(history, audits.MandateIssued))}",
        auditor_id="lis",
        since=since,
        until=since + timedelta(days=chance % 300),
        reason="kontrola organu prowadzącego",
        class_id="A" if chance % 2 else None,
    )
    history.tell(streams.mandates("lis"), mandate)


def _revoke(history: History, chance: int) -> None:
    gone = {fact.mandate_id for fact in _told(history, audits.MandateRevoked)}
    for mandate in _told(history, audits.MandateIssued):
        if mandate.mandate_id not in gone:
            revoked = audits.MandateRevoked(
                mandate_id=mandate.mandate_id, auditor_id="lis", reason="kontrola się skończyła"
            )
            history.tell(streams.mandates("lis"), revoked)
            return
    _mandate(history, chance)


def _today(history: History) -> date:
    return history.at(len(history.recorded)).date()


def _blocked(history: History) -> set[str]:
    standing: set[str] = set()
    for one in history.recorded:
        if isinstance(one.fact, accounts.AccessBlocked):
            standing.add(one.fact.person_id)
        elif isinstance(one.fact, accounts.AccessUnblocked):
            standing.discard(one.fact.person_id)
    return standing


def _told(history: History, kind: type[F]) -> list[F]:
    return [one.fact for one in history.recorded if isinstance(one.fact, kind)]
