"""Logins: slow to guess, sessions that end, and facts without secrets."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from dziennik.accounts.accounts import Accounts
from dziennik.contracts.access import AccountOpened, PasswordSet, SessionFamilyRevoked
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Journal
from tests.accounts.conftest import BY, KEY, PASSWORD, Clock, code, opened, session


def test_an_account_logs_in_under_any_spelling_of_its_login(accounts: Accounts, journal: Journal) -> None:
    account_id = opened(accounts)
    made = session(accounts.login(" anna.NOWAK ", PASSWORD))
    assert accounts.account_of(made.access_token) == account_id
    assert [r.fact for r in journal.read(0)] == [AccountOpened(account_id=account_id)]


def test_no_secret_is_in_the_journal(accounts: Accounts, journal: Journal) -> None:
    account_id = opened(accounts)
    accounts.set_password(account_id, "nowe, dłuższe hasło", by=BY)
    assert [r.fact for r in journal.read(0)][1:] == [PasswordSet(account_id=account_id)]
    stored = b"".join(bytes(raw.state) for raw in journal.read_raw(0))
    assert b"argon2" not in stored
    assert b"nowak" not in stored


def test_wrong_password_and_unknown_login_look_the_same(accounts: Accounts) -> None:
    opened(accounts)
    assert accounts.login("anna.nowak", "not this password") == accounts.login("nobody", PASSWORD)


@pytest.mark.parametrize("login", ["", "ab", "anna nowak", "żółw", "a" * 101, "anna\u202e"])
def test_unsound_logins_are_refused(accounts: Accounts, login: str) -> None:
    assert code(accounts.open_account(login, PASSWORD, by=BY)) == "ACCESS.LOGIN_UNSOUND"


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1001])
def test_short_and_endless_passwords_are_refused(accounts: Accounts, password: str) -> None:
    assert code(accounts.open_account("anna", password, by=BY)) == "ACCESS.PASSWORD_TOO_SHORT"


def test_a_login_belongs_to_one_account(accounts: Accounts) -> None:
    opened(accounts)
    assert code(accounts.open_account("anna.nowak", "another password", by=BY)) == "ACCESS.LOGIN_TAKEN"


def test_guessing_gets_slower_and_a_good_login_forgives(accounts: Accounts, clock: Clock) -> None:
    opened(accounts)
    for _ in range(5):
        assert code(accounts.login("anna.nowak", "guess")) == "ACCESS.LOGIN_FAILED"
    locked = accounts.login("anna.nowak", PASSWORD)
    assert isinstance(locked, Refusal)
    assert (locked.code, locked.details) == ("ACCESS.TOO_MANY_ATTEMPTS", {"seconds": "16"})
    clock.at += timedelta(seconds=16)
    assert code(accounts.login("anna.nowak", "guess")) == "ACCESS.LOGIN_FAILED"
    clock.at += timedelta(seconds=29)
    assert code(accounts.login("anna.nowak", PASSWORD)) == "ACCESS.TOO_MANY_ATTEMPTS"
    clock.at += timedelta(seconds=2)
    session(accounts.login("anna.nowak", PASSWORD))
    assert code(accounts.login("anna.nowak", "guess")) == "ACCESS.LOGIN_FAILED"
    session(accounts.login("anna.nowak", PASSWORD))


def test_access_ends_after_fifteen_minutes_and_is_renewed(accounts: Accounts, clock: Clock) -> None:
    account_id = opened(accounts)
    first = session(accounts.login("anna.nowak", PASSWORD))
    clock.at += timedelta(minutes=15)
    assert accounts.account_of(first.access_token) is None
    second = session(accounts.refresh(first.refresh_token))
    assert accounts.account_of(second.access_token) == account_id
    assert second.refresh_token != first.refresh_token


def test_a_refresh_token_used_twice_ends_the_session(accounts: Accounts, journal: Journal) -> None:
    account_id = opened(accounts)
    first = session(accounts.login("anna.nowak", PASSWORD))
    other = session(accounts.login("anna.nowak", PASSWORD))
    second = session(accounts.refresh(first.refresh_token))
    assert code(accounts.refresh(first.refresh_token)) == "ACCESS.SESSION_ENDED"
    assert code(accounts.refresh(second.refresh_token)) == "ACCESS.SESSION_ENDED"
    session(accounts.refresh(other.refresh_token))
    assert journal.read(0)[-1].fact == SessionFamilyRevoked(account_id=account_id)


def test_logout_password_change_and_closing_end_sessions(accounts: Accounts, clock: Clock) -> None:
    account_id = opened(accounts)
    one, two, three = (session(accounts.login("anna.nowak", PASSWORD)) for _ in range(3))
    accounts.logout(one.refresh_token)
    assert code(accounts.refresh(one.refresh_token)) == "ACCESS.SESSION_ENDED"
    session(accounts.refresh(two.refresh_token))
    accounts.set_password(account_id, "nowe, dłuższe hasło", by=BY)
    assert code(accounts.refresh(three.refresh_token)) == "ACCESS.SESSION_ENDED"
    accounts.close_account(account_id, "left", by=BY)
    assert code(accounts.login("anna.nowak", "nowe, dłuższe hasło")) == "ACCESS.LOGIN_FAILED"


def test_forged_tokens_are_nobody(accounts: Accounts, clock: Clock) -> None:
    account_id = opened(accounts)
    later = int((clock.at + timedelta(hours=1)).timestamp())
    claims = {"sub": account_id, "aud": "dziennik", "iat": later, "exp": later}
    unsigned = jwt.encode(claims, "", algorithm="none")
    other_key = jwt.encode(claims, bytes(32), algorithm="HS256")
    no_expiry = jwt.encode({"sub": account_id, "aud": "dziennik", "iat": 1}, KEY, algorithm="HS256")
    real = session(accounts.login("anna.nowak", PASSWORD))
    good = jwt.encode({**claims, "sid": real.session_id}, KEY, algorithm="HS256")
    sessionless = jwt.encode(claims, KEY, algorithm="HS256")
    never = jwt.encode({**claims, "sid": "never-begun"}, KEY, algorithm="HS256")
    bad = (unsigned, other_key, no_expiry, sessionless, never, "", "a.b.c")
    assert [accounts.account_of(token) for token in (*bad, good)] == [*[None] * len(bad), account_id]


def test_only_the_installation_finds_an_account_again(accounts: Accounts) -> None:
    """To anybody else a login that exists is taken: the right password must not be told from a wrong one."""
    account_id = opened(accounts)
    system = Actor(account="cli", role=Role.SYSTEM, channel=Channel.SYSTEM)
    assert accounts.open_account("anna.nowak", PASSWORD, by=system) == account_id
    assert code(accounts.open_account("anna.nowak", "another password", by=system)) == "ACCESS.LOGIN_TAKEN"
    for role in set(Role) - {Role.SYSTEM}:
        by = Actor(account="x", role=role)
        assert accounts.open_account("anna.nowak", PASSWORD, by=by) == accounts.open_account(
            "anna.nowak", "another password", by=by
        )
