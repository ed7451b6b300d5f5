"""Which rules of accounts hold on a day, and which for an account of several schools? The strictest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from dziennik.contracts.accounts import AccountRules, PasswordRules

USUAL = AccountRules()
LENGTHS = (8, 64)  # what a school may ask for as the least; 64 may always be chosen (NIST SP 800-63B)
CHANGE_DAYS = (1, 366)
CODE_DAYS = (1, 366)

# MSWiA regulation of 29 April 2004 (Dz.U. 2004 no. 100 item 1024), appendix A part IV.2 and B part VIII.
OF_2004 = PasswordRules(least_length=8, change_after_days=30, refuse_common=False)


def rules_on(dated: Sequence[tuple[date, AccountRules]], day: date) -> AccountRules:
    """Those with the latest first day that has come, of equal ones the last set; before any the usual."""
    found = [(since, place) for place, (since, _) in enumerate(dated) if since <= day]
    return dated[max(found)[1]][1] if found else USUAL


def strictest(all_rules: Iterable[PasswordRules]) -> PasswordRules:
    """What satisfies every one; the usual rules when there are none."""
    rules = list(all_rules)
    if not rules:
        return USUAL.password
    ages = [one.change_after_days for one in rules if one.change_after_days is not None]
    return PasswordRules(
        least_length=max(one.least_length for one in rules),
        change_after_days=min(ages, default=None),
        refuse_common=any(one.refuse_common for one in rules),
    )


def last_day(issued_on: date, rules: AccountRules) -> date:
    """Until when a code that is issued that day is good."""
    return issued_on + timedelta(days=rules.code_days - 1)
