"""How a school lets its people in: codes to begin with, access that is blocked, rules of passwords.

A person's codes and blocks stand in ``access/{person}``, the school's rules in ``accounts``. A code itself is
no fact: only that one was issued, until which day it is good, and what became of it. Accounts, which may be
used in several schools, are the provider's (`contracts.access`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value


class CodePurpose(StrEnum):
    """What a one-time code is good for."""

    # To begin: a new account, or one that the person has in another school already.
    ACTIVATION = "activation"
    # To choose a new password for the account.
    PASSWORD = "password"  # noqa: S105 - a purpose, no password


class PasswordRules(Value, frozen=True, kw_only=True):
    """What a password has to be like.

    `change_after_days`: a password older than that has to be replaced at the next login; None: never. The
    regulation of 29 April 2004 (until 25 May 2018): 8 characters, 30 days. Current advice (NIST SP 800-63B
    s. 3.1.1, CERT Polska): long, not a common one, no forced changes.
    """

    least_length: int = 12
    change_after_days: int | None = None
    refuse_common: bool = True


class AccountRules(Value, frozen=True, kw_only=True):
    """A school's rules of accounts; codes are good for `code_days`, the day of issue being the first."""

    password: PasswordRules = PasswordRules()
    code_days: int = 30
    # Roles that nobody can act in without a second factor.
    second_factor_roles: tuple[Role, ...] = ()


@fact("accounts.account_rules_set.1")
class AccountRulesSet(Fact, frozen=True, kw_only=True):
    """From `since` on these rules hold; they replace those before."""

    since: date
    rules: AccountRules


@fact("accounts.code_issued.1")
class CodeIssued(Fact, frozen=True, kw_only=True):
    """A one-time code was made for a person; its last day is `valid_until`."""

    person_id: PersonId
    code_id: str
    purpose: CodePurpose
    valid_until: date


@fact("accounts.code_withdrawn.1")
class CodeWithdrawn(Fact, frozen=True, kw_only=True):
    """The code opens nothing any more; `replaced_by` is the id of the one that was issued instead."""

    person_id: PersonId
    code_id: str
    replaced_by: str | None = None


@fact("accounts.code_used.1")
class CodeUsed(Fact, frozen=True, kw_only=True):
    """Somebody showed the code and became, or was, the person behind that account."""

    person_id: PersonId
    code_id: str
    account_id: str


@fact("accounts.access_blocked.1", person="person_id")
class AccessBlocked(Fact, frozen=True, kw_only=True):
    """The person sees and does nothing in this school until the block is lifted."""

    person_id: PersonId
    reason: Personal


@fact("accounts.access_unblocked.1")
class AccessUnblocked(Fact, frozen=True, kw_only=True):
    """The block was lifted."""

    person_id: PersonId


@command("accounts.set_account_rules")
class SetAccountRules(Command, frozen=True, kw_only=True):
    """From that day on. An account of several schools has to suit the strictest of them."""

    since: date
    rules: AccountRules


@command("accounts.issue_code")
class IssueCode(Command, frozen=True, kw_only=True):
    """Replaces the person's earlier code, if one is open."""

    person_id: PersonId
    code_id: str
    purpose: CodePurpose


@command("accounts.withdraw_code")
class WithdrawCode(Command, frozen=True, kw_only=True):
    """A letter was lost: its code opens nothing any more."""

    person_id: PersonId
    code_id: str


@command("accounts.use_code")
class UseCode(Command, frozen=True, kw_only=True):
    """Given by the installation for whoever showed the code; an activation links the account as well."""

    person_id: PersonId
    code_id: str
    account_id: str


@command("accounts.block_access")
class BlockAccess(Command, frozen=True, kw_only=True):
    """At once and until it is lifted; the account stays, and so does what it opens in other schools."""

    person_id: PersonId
    reason: str


@command("accounts.unblock_access")
class UnblockAccess(Command, frozen=True, kw_only=True):
    """Lift the block."""

    person_id: PersonId


CODE_UNKNOWN = Reason(
    "ACCOUNTS.CODE_UNKNOWN",
    pl="Nie ma takiego kodu. Sprawdź, czy przepisano go w całości.",
    en="There is no such code. Check that it was copied in full.",
)
CODE_EXPIRED = Reason(
    "ACCOUNTS.CODE_EXPIRED",
    pl="Kod był ważny do {until}. Poproś szkołę o nowy.",
    en="The code was good until {until}. Ask the school for a new one.",
)
CODE_USED = Reason(
    "ACCOUNTS.CODE_USED",
    pl="Ten kod został już użyty. Zaloguj się albo poproś szkołę o nowy kod.",
    en="This code was used already. Log in, or ask the school for a new code.",
)
CODE_WITHDRAWN = Reason(
    "ACCOUNTS.CODE_WITHDRAWN",
    pl="Szkoła unieważniła ten kod. Użyj nowszego albo poproś o nowy.",
    en="The school withdrew this code. Use the newer one, or ask for a new one.",
)
CODE_FOR_OTHERS = Reason(
    "ACCOUNTS.CODE_FOR_OTHERS",
    pl="Tego kodu nie można użyć do tej czynności.",
    en="This code is for something else.",
)
NO_ACCOUNT = Reason(
    "ACCOUNTS.NO_ACCOUNT",
    pl="Osoba {person} nie ma jeszcze konta. Wydaj jej kod aktywacyjny.",
    en="The person {person} has no account yet. Issue an activation code.",
)
HAS_ACCOUNT = Reason(
    "ACCOUNTS.HAS_ACCOUNT",
    pl="Osoba {person} ma już konto. Jeżeli nie zna hasła, wydaj kod do zmiany hasła.",
    en="The person {person} has an account already. If the password is forgotten, issue a password code.",
)
NOBODY_HERE = Reason(
    "ACCOUNTS.NOBODY_HERE",
    pl="Osoba {person} nie ma w szkole żadnej roli. Nadaj jej najpierw rolę.",
    en="The person {person} has no role in the school. Give them a role first.",
)
ACCESS_BLOCKED = Reason(
    "ACCOUNTS.ACCESS_BLOCKED",
    pl="Szkoła zablokowała dostęp tej osoby.",
    en="The school blocked this person's access.",
)
NOT_BLOCKED = Reason(
    "ACCOUNTS.NOT_BLOCKED",
    pl="Dostęp osoby {person} nie jest zablokowany.",
    en="The access of the person {person} is not blocked.",
)
RULES_UNSOUND = Reason(
    "ACCOUNTS.RULES_UNSOUND",
    pl="Wartość może wynosić od {least} do {most}.",
    en="The value can be from {least} to {most}.",
)
ALREADY_SOMEBODY = Reason(
    "ACCOUNTS.ALREADY_SOMEBODY",
    pl="To konto należy już do kogoś w tej szkole. Szkoła może nadać tej osobie obie role.",
    en="This account already is somebody in this school. The school can give that person both roles.",
)
USED_ELSEWHERE = Reason(
    "ACCOUNTS.USED_ELSEWHERE",
    pl="To konto działa także w innej szkole, więc hasło zmienia tylko jego właściciel (e-mailem).",
    en="This account is used in another school too, so only its owner can change the password (by e-mail).",
)
