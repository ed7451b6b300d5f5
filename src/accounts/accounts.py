"""Who may log in, and how long does that last?

Passwords are kept as argon2id hashes (RFC 9106). A login yields a short-lived access token (JWT, HS256)
and a refresh token that works once; one that comes a second time was copied, and ends its session.
After five wrong passwords in a row each further try has to wait twice as long. Logins that nobody has are
answered alike and take as long, so that tries do not tell which there are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from unicodedata import normalize
from uuid import uuid4

import jwt
import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import Connection
from psycopg_pool import ConnectionPool

from dziennik.accounts import store
from dziennik.contracts import access as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Draft, Journal, VersionConflict

ACCESS_LASTS = timedelta(minutes=15)
REFRESH_LASTS = timedelta(days=30)
FREE_FAILURES, FIRST_WAIT, LONGEST_WAIT = 5, 15, 900  # tries; seconds
RECORDING_ATTEMPTS = 5
STRANGERS_KEPT = timedelta(days=1)  # tries with logins that nobody has
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1000

_LOGIN = re.compile(r"[a-z0-9._@+-]{3,100}\Z", re.ASCII)
_ALGORITHM = "HS256"
# What else is ever signed with the same key must not open the register.
_AUDIENCE = "dziennik"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What a login yields. `expires_in` seconds until the access token does."""

    account_id: str
    access_token: str
    refresh_token: str
    expires_in: int = int(ACCESS_LASTS.total_seconds())


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Accounts:
    """The accounts of one installation. Thread-safe. Close it."""

    def __init__(
        self,
        conninfo: str,
        journal: Journal,
        token_key: bytes,
        *,
        now: Callable[[], datetime] = _utc_now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """`journal` is the provider's; `token_key` (32 bytes) signs access tokens."""
        self._journal = journal
        self._key = token_key
        self._now = now
        self._hasher = hasher or PasswordHasher()
        self._dummy = self._hasher.hash(secrets.token_urlsafe(16))
        self._pool: ConnectionPool[Connection[tuple[object, ...]]] = ConnectionPool(
            conninfo, kwargs={"application_name": "dziennik accounts"}, min_size=1, max_size=4, open=True
        )
        with self._pool.connection() as connection:
            store.ensure(connection)

    def open_account(self, login: str, password: str, *, by: Actor) -> str | Refusal:
        """A new account; its id.

        An existing login with the same password is that account's id, but only to the installation
        itself: to anybody else that would be a way to try passwords without back-off, and to take over
        a stranger's account (ADR 0050).
        """
        name = _normalised(login)
        if not _LOGIN.match(name):
            return said.LOGIN_UNSOUND(field="login")
        short = _fault_in_password(password)
        if short:
            return short
        account_id = str(uuid4())
        with self._pool.connection() as connection:
            if not store.insert_login(connection, account_id, name, self._hasher.hash(_prepared(password))):
                found = self._found_again(connection, name, password) if by.role is Role.SYSTEM else None
                return found or said.LOGIN_TAKEN(login=name, field="login")
            self._record(account_id, by, said.AccountOpened(account_id=account_id))
        return account_id

    def set_password(self, account_id: str, password: str, *, by: Actor) -> Refusal | None:
        """A new password; ends all sessions."""
        short = _fault_in_password(password)
        if short:
            return short
        with self._pool.connection() as connection:
            store.set_password(connection, account_id, self._hasher.hash(_prepared(password)))
            self._record(account_id, by, said.PasswordSet(account_id=account_id))
        return None

    def close_account(self, account_id: str, reason: str, *, by: Actor) -> None:
        """No more logins; ends all sessions."""
        with self._pool.connection() as connection:
            store.close(connection, account_id)
            self._record(account_id, by, said.AccountClosed(account_id=account_id, reason=reason))

    def forget_account(self, account_id: str, reason: str, *, by: Actor) -> None:
        """Nobody logs in any more, and the login itself is forgotten; nothing to do the second time."""
        with self._pool.connection() as connection:
            if not store.forget(connection, account_id):
                return
            self._record(account_id, by, said.AccountClosed(account_id=account_id, reason=reason))
        with self._pool.connection() as connection:
            store.scrub(connection)

    def looked(self, look: said.EntriesLookedAt, *, by: Actor) -> None:
        """Put on record what somebody asks for, before it is shown."""
        now = self._now()
        moment = f"{int(now.timestamp() * 1e6):016d}-{secrets.token_hex(4)}"  # in the order of time
        draft = Draft(stream=f"{streams.looks(look.school_id)}{moment}", expected_version=0, facts=(look,))
        self._journal.append([draft], Origin(command_id=str(uuid4()), actor=by, recorded_at=now))

    def looks(self, school_id: str) -> list[Recorded]:
        """What was put on record of a school, in time."""
        return list(self._journal.scan(streams.looks(school_id)))

    def login(self, login: str, password: str) -> Session | Refusal:
        """A session, or why not; the reason never tells whether the login exists."""
        name, tried = _normalised(login), password[:LONGEST_PASSWORD]
        with self._pool.connection() as connection:
            known = store.login_named(connection, name) if _LOGIN.match(name) else None
            if known is None:
                return self._stranger(connection, _hash(name), tried)
            now = self._now()
            if known.locked_until and now < known.locked_until:
                return _locked(known.locked_until, now)
            matches = self._matches(known.password_hash, tried)
            if not matches or known.closed:
                failures = known.failures + 1
                locked = _locked_until(failures, now)
                store.count_failure(connection, known.account_id, failures, locked)
                return said.LOGIN_FAILED()
            store.count_failure(connection, known.account_id, 0, None)
            return self._session(connection, known.account_id, family=str(uuid4()))

    def _stranger(
        self, connection: Connection[tuple[object, ...]], login_hash: bytes, password: str
    ) -> Refusal:
        """The same answers after the same time as for somebody's login and a wrong password."""
        now = self._now()
        tries = store.stranger(connection, login_hash, now, now - STRANGERS_KEPT)
        if tries.locked_until and now < tries.locked_until:
            return _locked(tries.locked_until, now)
        self._matches(self._dummy, password)
        failures = tries.failures + 1
        store.count_stranger(connection, login_hash, failures, _locked_until(failures, now))
        return said.LOGIN_FAILED()

    def refresh(self, refresh_token: str) -> Session | Refusal:
        """The next session of the family. A token used twice ends the family and is recorded."""
        with self._pool.connection() as connection:
            token = store.refresh_of(connection, _hash(refresh_token))
            if token is None or token.expires_at < self._now():
                return said.SESSION_ENDED()
            if not token.used:
                store.use_refresh(connection, token.token_hash)
                return self._session(connection, token.account_id, family=token.family)
            store.end_family(connection, token.family)
        # The family has ended, whatever becomes of recording it.
        by = Actor(account=token.account_id, role=Role.SYSTEM)
        self._record(token.account_id, by, said.SessionFamilyRevoked(account_id=token.account_id))
        return said.SESSION_ENDED()

    def logout(self, refresh_token: str) -> None:
        """End the session; its access token runs out by itself. An unknown token is no matter."""
        with self._pool.connection() as connection:
            token = store.refresh_of(connection, _hash(refresh_token))
            if token:
                store.end_family(connection, token.family)

    def account_of(self, access_token: str) -> str | None:
        """The account an access token stands for; None when it is forged, foreign or expired."""
        try:
            claims = jwt.decode(
                access_token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "sub", "iat", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, UnicodeError):
            return None
        subject = claims["sub"]
        return subject if claims["exp"] > self._now().timestamp() else None

    def login_of(self, account_id: str) -> str | None:
        """The name somebody logs in with."""
        with self._pool.connection() as connection:
            known = store.login_of(connection, account_id)
        return known.login if known and not known.closed else None

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def _found_again(
        self, connection: Connection[tuple[object, ...]], login: str, password: str
    ) -> str | None:
        known = store.login_named(connection, login)
        matches = known and not known.closed and self._matches(known.password_hash, password)
        return known.account_id if known and matches else None

    def _session(
        self, connection: Connection[tuple[object, ...]], account_id: str, *, family: str
    ) -> Session:
        now = self._now()
        refresh = secrets.token_urlsafe(32)
        stored = store.Refresh(_hash(refresh), family, account_id, now + REFRESH_LASTS, False)
        store.insert_refresh(connection, stored, now)
        claims = {
            "sub": account_id,
            "aud": _AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_LASTS).timestamp()),
        }
        return Session(
            account_id=account_id,
            access_token=jwt.encode(claims, self._key, algorithm=_ALGORITHM),
            refresh_token=refresh,
        )

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False

    def _record(self, account_id: str, by: Actor, fact: Fact) -> None:
        """Facts of one account do not contradict each other: whoever comes second writes after the first."""
        stream = f"account/{account_id}"
        origin = Origin(command_id=str(uuid4()), actor=by, recorded_at=self._now())
        for left in reversed(range(RECORDING_ATTEMPTS)):
            draft = Draft(stream=stream, expected_version=self._journal.version(stream), facts=(fact,))
            try:
                self._journal.append([draft], origin)
            except VersionConflict:
                if not left:
                    raise
            else:
                return


def _normalised(login: str) -> str:
    return normalize("NFKC", login).strip().casefold()


def _prepared(password: str) -> str:
    return normalize("NFKC", password)


def _fault_in_password(password: str) -> Refusal | None:
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return None
    return said.PASSWORD_TOO_SHORT(least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD, field="password")


def _locked(until: datetime, now: datetime) -> Refusal:
    return said.TOO_MANY_ATTEMPTS(seconds=int((until - now).total_seconds()) + 1)


def _locked_until(failures: int, now: datetime) -> datetime | None:
    over = failures - FREE_FAILURES
    if over < 0:
        return None
    return now + timedelta(seconds=min(FIRST_WAIT * 2**over, LONGEST_WAIT))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
