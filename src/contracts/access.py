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


@fact("access.guessing_noticed.1")
class GuessingNoticed(Fact, frozen=True, kw_only=True):
    """Before this login so many failures (passwords, second factors) came in a row that tries had to wait."""

    account_id: str
    failures: int


@fact("access.session_ended.1")
class SessionEnded(Fact, frozen=True, kw_only=True):
    """The owner of the account ended one of its sessions, perhaps on another device."""

    account_id: str
    session_id: str


@fact("access.second_factor_enrolled.1")
class SecondFactorEnrolled(Fact, frozen=True, kw_only=True):
    """Logging in takes a one-time code besides the password (RFC 6238); `recovery_codes` were handed out."""

    account_id: str
    recovery_codes: int


@fact("access.second_factor_removed.1")
class SecondFactorRemoved(Fact, frozen=True, kw_only=True):
    """The password alone is enough again, until another second factor is enrolled."""

    account_id: str
    reason: str


@fact("access.recovery_codes_replaced.1")
class RecoveryCodesReplaced(Fact, frozen=True, kw_only=True):
    """New recovery codes were handed out; earlier ones are worth nothing."""

    account_id: str
    recovery_codes: int


@fact("access.recovery_code_used.1")
class RecoveryCodeUsed(Fact, frozen=True, kw_only=True):
    """A recovery code stood in for the second factor; so many are `left`."""

    account_id: str
    left: int


@fact("access.external_identity_linked.1")
class ExternalIdentityLinked(Fact, frozen=True, kw_only=True):
    """The account can be entered through an external provider. Who its owner is there, is no fact."""

    account_id: str
    provider: str


@fact("access.external_identity_unlinked.1")
class ExternalIdentityUnlinked(Fact, frozen=True, kw_only=True):
    """The account cannot be entered through that provider any more."""

    account_id: str
    provider: str


@fact("access.recovery_address_confirmed.1")
class RecoveryAddressConfirmed(Fact, frozen=True, kw_only=True):
    """The owner showed the code that was sent to an e-mail address: forgotten passwords are reset there."""

    account_id: str


@fact("access.recovery_address_removed.1")
class RecoveryAddressRemoved(Fact, frozen=True, kw_only=True):
    """No e-mail address is known any more to which a reset could be sent."""

    account_id: str


@fact("access.password_reset_sent.1")
class PasswordResetSent(Fact, frozen=True, kw_only=True):
    """Somebody asked for a new password; a code went to the confirmed e-mail address."""

    account_id: str


@fact("access.entries_looked_at.1")
class EntriesLookedAt(Fact, frozen=True, kw_only=True):
    """An auditor asked for something, somebody opened a register that is closed to most, or a parent took out
    all about a child.

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
PASSWORD_COMMON = Reason(
    "ACCESS.PASSWORD_COMMON",
    pl="To hasło łatwo odgadnąć. Połącz kilka słów, które nie mają ze sobą związku.",
    en="This password is easily guessed. Put together several words that have nothing to do with each other.",
)
PASSWORD_EXPIRED = Reason(
    "ACCESS.PASSWORD_EXPIRED",
    pl="Hasło ma więcej niż {days} dni. Podaj razem z nim nowe.",
    en="The password is older than {days} days. Give a new one together with it.",
)
PASSWORD_UNCHANGED = Reason(
    "ACCESS.PASSWORD_UNCHANGED",
    pl="Nowe hasło jest takie samo jak dotychczasowe.",
    en="The new password is the same as the present one.",
)
SECOND_FACTOR_WANTED = Reason(
    "ACCESS.SECOND_FACTOR_WANTED",
    pl="Podaj kod z aplikacji albo kod zapasowy.",
    en="Give the code of your authenticator, or a recovery code.",
)
SECOND_FACTOR_REQUIRED = Reason(
    "ACCESS.SECOND_FACTOR_REQUIRED",
    pl="Szkoła wymaga w tej roli drugiego składnika logowania. Włącz go i zaloguj się ponownie.",
    en="The school requires a second factor in this role. Enrol one and log in again.",
)
SECOND_FACTOR_WRONG = Reason(
    "ACCESS.SECOND_FACTOR_WRONG",
    pl="Ten kod nie pasuje. Sprawdź zegar urządzenia i podaj bieżący kod.",
    en="This code does not match. Check the device's clock and give the current code.",
)
SECOND_FACTOR_STANDS = Reason(
    "ACCESS.SECOND_FACTOR_STANDS",
    pl="Drugi składnik jest już włączony. Wyłącz najpierw dotychczasowy.",
    en="A second factor is enrolled already. Remove that one first.",
)
NO_SECOND_FACTOR = Reason(
    "ACCESS.NO_SECOND_FACTOR",
    pl="Konto nie ma drugiego składnika logowania.",
    en="The account has no second factor.",
)
NO_SUCH_SESSION = Reason(
    "ACCESS.NO_SUCH_SESSION",
    pl="Nie ma takiej sesji albo już się skończyła.",
    en="There is no such session, or it has ended.",
)
RESET_UNKNOWN = Reason(
    "ACCESS.RESET_UNKNOWN",
    pl="Ten kod jest nieznany, użyty albo nieważny. Poproś o nowy.",
    en="This code is unknown, used or over. Ask for a new one.",
)
NO_MAIL = Reason(
    "ACCESS.NO_MAIL",
    pl="Ten dziennik nie wysyła e-maili. Zwróć się do szkoły.",
    en="This register sends no e-mails. Turn to the school.",
)
ADDRESS_UNSOUND = Reason(
    "ACCESS.ADDRESS_UNSOUND",
    pl="To nie jest adres e-mail.",
    en="This is no e-mail address.",
)
NO_SUCH_PROVIDER = Reason(
    "ACCESS.NO_SUCH_PROVIDER",
    pl="Nie można logować się przez „{provider}”.",
    en="There is no logging in through “{provider}”.",
)
ADDRESS_NOT_ALLOWED = Reason(
    "ACCESS.ADDRESS_NOT_ALLOWED",
    pl="Na ten adres powrotny nie wolno odsyłać.",
    en="That is no address to come back to.",
)
EXTERNAL_LOGIN_FAILED = Reason(
    "ACCESS.EXTERNAL_LOGIN_FAILED",
    pl="Logowanie zewnętrzne się nie powiodło. Zacznij od nowa.",
    en="The external login failed. Start again.",
)
EXTERNAL_UNKNOWN = Reason(
    "ACCESS.EXTERNAL_UNKNOWN",
    pl="Ta tożsamość nie jest połączona z żadnym kontem. Zaloguj się hasłem i połącz ją.",
    en="This identity belongs to no account. Log in with your password and link it.",
)
EXTERNAL_TAKEN = Reason(
    "ACCESS.EXTERNAL_TAKEN",
    pl="Ta tożsamość należy już do innego konta, albo konto ma już inną od tego dostawcy.",
    en="This identity belongs to another account, or the account has another of that provider.",
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
