"""Which parents' accounts were used, and what does the school get for them? And what does a day bring by
itself?
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from dziennik.application.register import Outcome, Register
from dziennik.contracts.agreement import RemindOfRenewal
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.loyalty import ExpirePoints, GrantRewards, SeenAccount
from dziennik.contracts.purchase_commands import ExpireExtension
from dziennik.contracts.refusals import Refusal
from dziennik.domain.agreement import AGREEMENT
from dziennik.domain.school import SCHOOL, Year
from dziennik.projections import people, purchases
from dziennik.projections.rows import View


class Usage(Protocol):
    """On which days were accounts used?"""

    def days(self, account_ids: list[str], first: date, last: date) -> dict[str, tuple[int, date]]:
        """By account: on how many days of these, and the last of them. Accounts never used are left out."""
        ...


def year_on(school: Register, on: date) -> Year | None:
    """The school year that the day lies in."""
    return next(
        (year for year in school.state(SCHOOL).years.values() if year.starts <= on <= year.ends), None
    )


def seen_accounts(view: View, usage: Usage, year: Year, on: date) -> tuple[SeenAccount, ...]:
    """Parents' accounts that were used in the school year until that day."""
    parents = people.people_in_role(view, Role.PARENT, on)
    accounts = {row.account_id: row.person_id for row in parents if row.account_id}
    used = usage.days(sorted(accounts), year.starts, on)
    return tuple(
        SeenAccount(account_id=account, parent_id=accounts[account], days=days, last=last)
        for account, (days, last) in sorted(used.items())
    )


def grant_rewards(
    school: Register, view: View, usage: Usage, grant_id: str, *, actor: Actor
) -> Outcome | None:
    """Reward accounts that are active and were not rewarded in this school year; None outside school
    years.
    """
    on = school.today()
    year = year_on(school, on)
    if year is None:
        return None
    accounts = seen_accounts(view, usage, year, on)
    command = GrantRewards(grant_id=grant_id, school_year=year.name, accounts=accounts)
    return school.execute(command, actor=actor)


def daily_round(school: Register, view: View, *, actor: Actor) -> list[Outcome]:
    """What a day brings by itself: extensions and points that expire, the reminder of a contract's end."""
    today = school.today()
    done: list[Outcome] = []
    for row in purchases.orders(view):
        over = row.until is not None and row.until < today
        if over and row.how is None and not row.expired:
            done.append(school.execute(ExpireExtension(order_id=row.order_id), actor=actor))
    done.append(school.execute(ExpirePoints(), actor=actor))
    signed = school.state(AGREEMENT).signed
    if signed is not None and not school.state(AGREEMENT).ended:
        done.append(school.execute(RemindOfRenewal(contract_id=signed.contract_id), actor=actor))
    return [outcome for outcome in done if isinstance(outcome, Refusal) or outcome.facts]
