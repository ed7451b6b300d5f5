"""Who may log in, and how long does that last?

Passwords are kept as argon2id hashes (RFC 9106). A login yields a short-lived access token and a refresh
token that works once (sessions.py). After five failures in a row each further try has to wait twice as long;
logins that nobody has are answered alike and take as long, so that tries do not tell which there are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec
from argon2 import PasswordHasher
from psycopg import Connection

from dziennik.accounts import passwords, slowing, store, usage
from dziennik.accounts.codes import Codes
from dziennik.accounts.external import External
from dziennik.accounts.naming import normalised, owner
from dziennik.accounts.passwords import Passwords
from dziennik.accounts.provider import Provider
from dziennik.accounts.recovery import Post, Recovery
from dziennik.accounts.second_factor import SecondFactors
from dziennik.accounts.sessions import NOWHERE, Client, Session, Sessions
from dziennik.accounts.vault import Vault, utc_now
from dziennik.contracts import access as said
from dziennik.contracts import streams
from dziennik.contracts.accounts import PasswordRules
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Draft, Journal

STRANGERS_KEPT = timedelta(days=1)  # tries with logins that nobody has
USUAL = PasswordRules()

_LOGIN = re.compile(r"[a-z0-9._@+-]{3,100}\Z", re.ASCII)
# What counts as a failure of an address.
_FAILURES = frozenset({said.LOGIN_FAILED.code, said.SECOND_FACTOR_WRONG.code})

RulesOf = Callable[[str], PasswordRules]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody shows to log in. `new_password` takes the place of one that is too old."""

    login: str
    password: str
    second_factor: str = ""
    new_password: str = ""
    client: Client = NOWHERE


class Accounts:
    """The accounts of one installation. Thread-safe. Close it."""

    def __init__(
        self,
        conninfo: str,
        journal: Journal,
        token_key: bytes,
        *,
        secret: bytes | None = None,
        post: Post | None = None,
        base_url: str = "",
        providers: Sequence[Provider] = (),
        now: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """`journal` is the provider's; `token_key` (32 bytes) signs access tokens, `secret` protects what is
        stored (left out: the token key does, and what it protects is lost with it). `post` sends mails,
        `base_url` is where people find the register, `providers` those through which they may log in.
        """
        self.vault = Vault(conninfo, journal, secret or token_key, now)
        self.sessions = Sessions(self.vault, token_key)
        self.second_factors = SecondFactors(self.vault)
        self.addresses = slowing.Addresses(self.vault)
        self.base_url = base_url
        self.codes = Codes(self.vault)
        self.recovery = Recovery(self.vault, self.addresses, post, base_url)
        self.external = External(self.vault, providers)
        self._passwords = Passwords(hasher)
        self.days_used = usage.DaysUsed(self.vault.open)

    def open_account(
        self, login: str, password: str, *, by: Actor, rules: PasswordRules = USUAL
    ) -> str | Refusal:
        """A new account; its id.

        An existing login with the same password is that account's id, but only to the installation
        itself: to anybody else that would be a way to try passwords without back-off, and to take over
        a stranger's account (ADR 0050).
        """
        name = normalised(login)
        if not _LOGIN.match(name):
            return said.LOGIN_UNSOUND(field="login")
        weak = passwords.fault_in(password, rules, [name, *name.split("@")])
        if weak:
            return weak
        account_id, hashed = str(uuid4()), self._passwords.hash(password)
        with self.vault.open() as connection:
            if not store.insert_login(connection, account_id, name, hashed, self.vault.now()):
                found = self._found_again(connection, name, password) if by.role is Role.SYSTEM else None
                return found or said.LOGIN_TAKEN(login=name, field="login")
            self.vault.record(account_id, by, said.AccountOpened(account_id=account_id))
        return account_id

    def set_password(
        self, account_id: str, password: str, *, by: Actor, rules: PasswordRules = USUAL
    ) -> Refusal | None:
        """A new password; ends all sessions."""
        weak = passwords.fault_in(password, rules, [self.login_of(account_id) or ""])
        if weak:
            return weak
        with self.vault.open() as connection:
            store.set_password(connection, account_id, self._passwords.hash(password), self.vault.now())
            self.vault.record(account_id, by, said.PasswordSet(account_id=account_id))
        return None

    def change_password(
        self,
        account_id: str,
        old: str,
        new: str,
        *,
        client: Client,
        second_factor: bool,
        rules: PasswordRules,
    ) -> Session | Refusal:
        """The owner's new password, and a session in place of all others."""
        refusal = self.prove(account_id, old)
        if refusal is None and passwords.prepared(old) == passwords.prepared(new):
            refusal = said.PASSWORD_UNCHANGED(field="new_password")
        refusal = refusal or self.set_password(account_id, new, by=owner(account_id), rules=rules)
        return refusal or self.enter_as(account_id, client, second_factor=second_factor)

    def fault_in_password(self, password: str, rules: PasswordRules) -> Refusal | None:
        """Why a password could not be chosen."""
        return passwords.fault_in(password, rules)

    def close_account(self, account_id: str, reason: str, *, by: Actor) -> None:
        """No more logins; ends all sessions."""
        with self.vault.open() as connection:
            store.close(connection, account_id)
            self.vault.record(account_id, by, said.AccountClosed(account_id=account_id, reason=reason))

    def forget_account(self, account_id: str, reason: str, *, by: Actor, scrub: bool = True) -> None:
        """Nobody logs in any more, and the login itself is forgotten; nothing to do the second time.

        `scrub`: nothing of it is left in the tables' files either; this locks them for a moment.
        """
        with self.vault.open() as connection:
            if not store.forget(connection, account_id):
                return
            self.vault.record(account_id, by, said.AccountClosed(account_id=account_id, reason=reason))
        if scrub:
            with self.vault.open() as connection:
                store.scrub(connection)

    def looked(self, look: said.EntriesLookedAt, *, by: Actor) -> None:
        """Put on record what somebody asks for, before it is shown."""
        now = self.vault.now()
        moment = f"{int(now.timestamp() * 1e6):016d}-{secrets.token_hex(4)}"  # in the order of time
        draft = Draft(stream=f"{streams.looks(look.school_id)}{moment}", expected_version=0, facts=(look,))
        self.vault.journal.append([draft], Origin(command_id=str(uuid4()), actor=by, recorded_at=now))

    def looks(self, school_id: str) -> list[Recorded]:
        """What was put on record of a school, in time."""
        return list(self.vault.journal.scan(streams.looks(school_id)))

    def login(self, login: str, password: str) -> Session | Refusal:
        """A session for a login and a password, from nowhere in particular."""
        return self.enter(Attempt(login=login, password=password))

    def enter(self, attempt: Attempt, rules_of: RulesOf = lambda _: USUAL) -> Session | Refusal:
        """A session, or why not; the reason never tells whether the login exists.

        `rules_of` tells by which rules the account's password is judged; it is asked once the login is right.
        """
        name, address = normalised(attempt.login), attempt.client.address
        facts: list[Fact] = []
        with self.vault.open() as connection:
            refusal = self.addresses.refused(connection, address)
            if refusal:
                return refusal
            known = store.login_named(connection, name) if _LOGIN.match(name) else None
            if known is None:
                outcome: Session | Refusal = self._stranger(connection, _hash(name), attempt.password)
            else:
                outcome = self._entered(connection, known, attempt, rules_of, facts)
            if isinstance(outcome, Refusal) and outcome.code in _FAILURES:
                self.addresses.count(connection, address)
        if known and facts:
            self.vault.record(known.account_id, owner(known.account_id), *facts)
        return outcome

    def _entered(
        self,
        connection: Connection[Any],
        known: store.Login,
        attempt: Attempt,
        rules_of: RulesOf,
        facts: list[Fact],
    ) -> Session | Refusal:
        refusal = self._wrong_password(connection, known, attempt.password)
        if refusal:
            return refusal
        asked = self.second_factors.is_enrolled(connection, known.account_id)
        if asked:
            shown = self._second_factor(connection, known, attempt.second_factor)
            if isinstance(shown, Refusal):
                return shown
            facts += shown
        renewed = self._renewed(connection, known, attempt, rules_of(known.account_id))
        if isinstance(renewed, Refusal):
            return renewed
        facts += renewed
        if known.failures >= slowing.FREE_FAILURES:
            facts.append(said.GuessingNoticed(account_id=known.account_id, failures=known.failures))
        store.count_failure(connection, known.account_id, 0, None)
        return self.sessions.begin(connection, known.account_id, attempt.client, second_factor=asked)

    def _renewed(
        self, connection: Connection[Any], known: store.Login, attempt: Attempt, rules: PasswordRules
    ) -> list[Fact] | Refusal:
        """A password that is too old is replaced by the new one."""
        days = rules.change_after_days
        if days is None or self.vault.now() < known.password_set_at + timedelta(days=days):
            return []
        if not attempt.new_password:
            return said.PASSWORD_EXPIRED(days=days, field="new_password")
        weak = passwords.fault_in(attempt.new_password, rules, [known.login])
        if weak:
            return msgspec.structs.replace(weak, field="new_password")
        if passwords.prepared(attempt.new_password) == passwords.prepared(attempt.password):
            return said.PASSWORD_UNCHANGED(field="new_password")
        hashed = self._passwords.hash(attempt.new_password)
        store.set_password(connection, known.account_id, hashed, self.vault.now())
        return [said.PasswordSet(account_id=known.account_id)]

    def _wrong_password(
        self, connection: Connection[Any], known: store.Login, password: str
    ) -> Refusal | None:
        now = self.vault.now()
        if known.locked_until and now < known.locked_until:
            return slowing.locked(known.locked_until, now)
        if self._passwords.match(known.password_hash, password) and not known.closed:
            return None
        self._count_failure(connection, known)
        return said.LOGIN_FAILED()

    def _second_factor(
        self, connection: Connection[Any], known: store.Login, code: str
    ) -> tuple[Fact, ...] | Refusal:
        """A password alone forgives no failures: codes would be tried without end between two of them."""
        if not code:
            return said.SECOND_FACTOR_WANTED(field="second_factor")
        shown = self.second_factors.shown(connection, known.account_id, code)
        if shown is None:
            self._count_failure(connection, known)
            return said.SECOND_FACTOR_WRONG(field="second_factor")
        return shown.facts

    def _count_failure(self, connection: Connection[Any], known: store.Login) -> None:
        failures = known.failures + 1
        until = slowing.locked_until(failures, self.vault.now())
        store.count_failure(connection, known.account_id, failures, until)

    def _stranger(self, connection: Connection[Any], login_hash: bytes, password: str) -> Refusal:
        """The same answers after the same time as for somebody's login and a wrong password."""
        now = self.vault.now()
        tries = store.stranger(connection, login_hash, now, now - STRANGERS_KEPT)
        if tries.locked_until and now < tries.locked_until:
            return slowing.locked(tries.locked_until, now)
        self._passwords.match(None, password)
        failures = tries.failures + 1
        store.count_stranger(connection, login_hash, failures, slowing.locked_until(failures, now))
        return said.LOGIN_FAILED()

    def prove(self, account_id: str, password: str, second_factor: str | None = None) -> Refusal | None:
        """Whether whoever is logged in knows the password, for what a stolen session must not do;
        unless None, the second factor as well, if there is one. Failures count as those of logins.
        """
        with self.vault.open() as connection:
            known = store.login_of(connection, account_id, lock=True)
            if known is None:
                return said.LOGIN_FAILED()
            refusal = self._wrong_password(connection, known, password)
            if refusal is None and second_factor is not None:
                return self._proved(connection, known, second_factor)
        return refusal and msgspec.structs.replace(refusal, field="password")

    def _proved(self, connection: Connection[Any], known: store.Login, code: str) -> Refusal | None:
        if not self.second_factors.is_enrolled(connection, known.account_id):
            return None
        shown = self._second_factor(connection, known, code)
        if isinstance(shown, Refusal):
            return shown
        if shown:
            self.vault.record(known.account_id, owner(known.account_id), *shown)
        return None

    def enter_recognised(
        self, account_id: str, client: Client, *, vouched: bool, code: str = ""
    ) -> Session | Refusal:
        """A session for somebody whom a provider knows as the owner. The account's own second factor is asked
        for, unless the provider vouches for one (`vouched`).
        """
        with self.vault.open() as connection:
            known = store.login_of(connection, account_id, lock=True)
            if known is None or known.closed:
                return said.EXTERNAL_UNKNOWN()
            now = self.vault.now()
            if known.locked_until and now < known.locked_until:
                return slowing.locked(known.locked_until, now)
            asked = self.second_factors.is_enrolled(connection, account_id)
            if asked and not vouched:
                wrong = self._proved(connection, known, code)
                if wrong:
                    return wrong
            return self.sessions.begin(connection, account_id, client, second_factor=asked or vouched)

    def enter_as(self, account_id: str, client: Client, *, second_factor: bool) -> Session | Refusal:
        """A session for an account whose owner was recognised otherwise (by a code)."""
        with self.vault.open() as connection:
            known = store.login_of(connection, account_id, lock=True)
            if known is None or known.closed:
                return said.LOGIN_FAILED()
            return self.sessions.begin(connection, account_id, client, second_factor=second_factor)

    def refresh(self, refresh_token: str) -> Session | Refusal:
        """The next tokens of a session."""
        return self.sessions.refresh(refresh_token)

    def logout(self, refresh_token: str) -> None:
        """End a session."""
        self.sessions.logout(refresh_token)

    def account_of(self, access_token: str) -> str | None:
        """The account an access token stands for; None when it is good for nothing."""
        bearer = self.sessions.bearer(access_token)
        return bearer.account_id if bearer else None

    def login_of(self, account_id: str) -> str | None:
        """The name somebody logs in with."""
        with self.vault.open() as connection:
            known = store.login_of(connection, account_id)
        return known.login if known and not known.closed else None

    def close(self) -> None:
        """Give the connections back."""
        self.recovery.close()
        self.external.close()
        self.vault.close()

    def _found_again(self, connection: Connection[Any], login: str, password: str) -> str | None:
        known = store.login_named(connection, login)
        matches = known and not known.closed and self._passwords.match(known.password_hash, password)
        return known.account_id if known and matches else None


def _hash(login: str) -> bytes:
    return sha256(login.encode()).digest()
