"""Accounts: who can log in. Facts without secrets, in the provider's journal.

Stream ``account/{id}``. Logins, password hashes and tokens are no facts: they lie in the schema
``credentials`` and can be lost or changed without history losing its truth.
"""

from __future__ import annotations

from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId


@fact("access.account_opened.1")
class AccountOpened(Fact, frozen=True, kw_only=True):
    """Somebody can log in from now on. Which person that is, each school says itself."""

    account_id: str


@fact("access.password_set.1")
class PasswordSet(Fact, frozen=True, kw_only=True):
    """The account's password was set or changed; all sessions end with it."""

    account_id: str


@fact("access.account_closed.1")
class AccountClosed(Fact, frozen=True, kw_only=True):
    """Nobody can log in with this account any more."""

    account_id: str
    reason: str


@fact("access.session_family_revoked.1")
class SessionFamilyRevoked(Fact, frozen=True, kw_only=True):
    """A refresh token came a second time: somebody copied it, so the whole session ended."""

    account_id: str


@fact("access.entries_looked_at.1")
class EntriesLookedAt(Fact, frozen=True, kw_only=True):
    """An auditor asked for something, or somebody opened a register that is closed to most.

    Stream ``looks/{school}/{time}``. `asked` names the query; the others whom it was about, if anybody.
    """

    account_id: str
    school_id: str
    person_id: PersonId
    role: Role
    asked: str
    class_id: UnitId | None = None
    pupil_id: PersonId | None = None


LOGIN_FAILED = Reason(
    "ACCESS.LOGIN_FAILED",
    pl="Nieprawidłowy login lub hasło.",
    en="Wrong login or password.",
)
TOO_MANY_ATTEMPTS = Reason(
    "ACCESS.TOO_MANY_ATTEMPTS",
    pl="Zbyt wiele nieudanych prób. Spróbuj ponownie za {seconds} s.",
    en="Too many failed attempts. Try again in {seconds} s.",
)
SESSION_ENDED = Reason(
    "ACCESS.SESSION_ENDED",
    pl="Sesja wygasła. Zaloguj się ponownie.",
    en="The session has ended. Log in again.",
)
LOGIN_TAKEN = Reason(
    "ACCESS.LOGIN_TAKEN",
    pl="Login „{login}” jest już zajęty.",
    en="The login “{login}” is taken.",
)
LOGIN_UNSOUND = Reason(
    "ACCESS.LOGIN_UNSOUND",
    pl="Login może mieć od 3 do 100 liter, cyfr i znaków . _ - @ +.",
    en="A login has 3 to 100 letters, digits and signs . _ - @ +.",
)
PASSWORD_TOO_SHORT = Reason(
    "ACCESS.PASSWORD_TOO_SHORT",
    pl="Hasło musi mieć od {least} do {most} znaków.",
    en="A password has {least} to {most} characters.",
)
NOT_LOGGED_IN = Reason(
    "ACCESS.NOT_LOGGED_IN",
    pl="Zaloguj się.",
    en="Log in first.",
)
DENIED = Reason(
    "ACCESS.DENIED",
    pl="Nie masz dostępu do tych danych.",
    en="You have no access to these data.",
)
