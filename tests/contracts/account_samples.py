"""One sample of every fact of accounts, with every field filled."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import accounts
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact

ACCOUNTS: tuple[Fact, ...] = (
    accounts.AccountRulesSet(
        since=date(2026, 9, 1),
        rules=accounts.AccountRules(
            password=accounts.PasswordRules(least_length=14, change_after_days=90, refuse_common=True),
            code_days=14,
            second_factor_roles=(Role.DIRECTOR, Role.ADMINISTRATOR),
        ),
    ),
    accounts.CodeIssued(
        person_id="m1",
        code_id="c1",
        purpose=accounts.CodePurpose.ACTIVATION,
        valid_until=date(2026, 9, 30),
    ),
    accounts.CodeWithdrawn(person_id="m1", code_id="c1", replaced_by="c2"),
    accounts.CodeUsed(person_id="m1", code_id="c2", account_id="account-1"),
    accounts.AccessBlocked(person_id="m1", reason="zgubiony telefon"),
    accounts.AccessUnblocked(person_id="m1"),
)
