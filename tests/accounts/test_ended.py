"""An access token is worth nothing as soon as its session has ended, in all processes, whatever ended it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep

import psycopg
import pytest
from argon2 import PasswordHasher

from dziennik.accounts import ended
from dziennik.accounts.accounts import Accounts
from dziennik.accounts.naming import owner
from dziennik.accounts.sessions import MOST_SESSIONS, NOWHERE
from dziennik.contracts.accounts import PasswordRules
from dziennik.journal.journal import Journal
from tests.accounts.conftest import BY, KEY, PASSWORD, Clock, code, opened, session

PATIENCE = 10.0  # seconds for what takes milliseconds
NEW = "nowe, dłuższe hasło"


@pytest.fixture
def elsewhere(dsn: str, journal: Journal, clock: Clock) -> Iterator[Accounts]:
    """Another process on the same database."""
    made = Accounts(dsn, journal, KEY, now=clock, hasher=PasswordHasher(1, 8, 1))
    yield made
    made.close()


def soon(done: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    until = monotonic() + PATIENCE
    while not done() and monotonic() < until:
        sleep(0.002)
    return done()


def hears(accounts: Accounts, token: str) -> bool:
    """Whether the process knows by itself, without asking the database: it asked at least once."""
    accounts.account_of(token)
    return soon(lambda: monotonic() < accounts.vault.ended._good_until)


WAYS: dict[str, Callable[[Accounts, str, str, str], object]] = {
    "logged out": lambda all_, _, __, refresh: all_.logout(refresh),
    "ended by the owner": lambda all_, who, one, __: all_.sessions.end(who, one, by=owner(who)),
    "ended with all others": lambda all_, who, _, __: all_.sessions.end_others(who, None, by=owner(who)),
    "refresh token used twice": lambda all_, _, __, refresh: [all_.refresh(refresh) for _ in range(2)],
    "password set": lambda all_, who, _, __: all_.set_password(who, NEW, by=BY),
    "password changed": lambda all_, who, _, __: all_.change_password(
        who, PASSWORD, NEW, client=NOWHERE, second_factor=False, rules=PasswordRules()
    ),
    "account closed": lambda all_, who, _, __: all_.close_account(who, "left", by=BY),
    "account forgotten": lambda all_, who, _, __: all_.forget_account(who, "left", by=BY, scrub=False),
    "too many others": lambda all_, who, _, __: [
        all_.enter_as(who, NOWHERE, second_factor=False) for _ in range(MOST_SESSIONS)
    ],
}


@pytest.mark.parametrize("how", WAYS)
def test_tokens_end_with_their_session(
    accounts: Accounts, elsewhere: Accounts, how: str, clock: Clock
) -> None:
    account_id = opened(accounts)
    bystander = opened(accounts, "inny.ktos")
    theirs = session(accounts.login("inny.ktos", PASSWORD))
    made = session(accounts.login("anna.nowak", PASSWORD))
    for each in (accounts, elsewhere):
        assert each.account_of(made.access_token) == account_id
        assert hears(each, made.access_token)
        assert each.account_of(made.access_token) == account_id
    clock.at += timedelta(seconds=1)  # what comes now is newer
    WAYS[how](accounts, account_id, made.session_id, made.refresh_token)
    for each in (accounts, elsewhere):
        assert soon(lambda each=each: each.account_of(made.access_token) is None)  # type: ignore[misc]
        assert each.account_of(theirs.access_token) == bystander


def test_a_process_that_has_just_begun_knows_what_ended_before(
    accounts: Accounts, elsewhere: Accounts
) -> None:
    opened(accounts)
    made = session(accounts.login("anna.nowak", PASSWORD))
    accounts.logout(made.refresh_token)
    assert elsewhere.account_of(made.access_token) is None  # asked of the database
    assert hears(elsewhere, made.access_token)
    assert elsewhere.account_of(made.access_token) is None  # remembered


def test_a_process_that_hears_nothing_asks(
    dsn: str, accounts: Accounts, elsewhere: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line is cut, and cannot be made again: what ended meanwhile has ended all the same."""
    account_id = opened(accounts)
    made, other = (session(accounts.login("anna.nowak", PASSWORD)) for _ in range(2))
    assert hears(elsewhere, made.access_token)
    monkeypatch.setattr(elsewhere.vault.ended._line, "_conninfo", "host=/nowhere")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%ended_sessions%'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert soon(lambda: elsewhere.vault.ended._good_until == 0.0)
    accounts.logout(made.refresh_token)
    assert elsewhere.account_of(made.access_token) is None
    assert elsewhere.account_of(other.access_token) == account_id


def test_what_was_not_heard_is_found_by_looking(
    dsn: str, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts.vault.ended._line, "_again", 0.02)
    opened(accounts)
    made = session(accounts.login("anna.nowak", PASSWORD))
    assert hears(accounts, made.access_token)
    with psycopg.connect(dsn, autocommit=True) as connection:  # nobody is told of this one
        connection.execute("INSERT INTO credentials.ended_sessions (family) VALUES (%s)", [made.session_id])
    assert soon(lambda: accounts.account_of(made.access_token) is None)


def test_after_an_hour_nobody_remembers(dsn: str, accounts: Accounts) -> None:
    """By then the token has run out by itself."""
    opened(accounts)
    first, second = (session(accounts.login("anna.nowak", PASSWORD)) for _ in range(2))
    accounts.logout(first.refresh_token)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE credentials.ended_sessions SET ended_at = ended_at - interval '2 hours'")
        accounts.logout(second.refresh_token)
        found = connection.execute("SELECT family FROM credentials.ended_sessions").fetchall()
    assert found == [(second.session_id,)]
    assert code(accounts.refresh(second.refresh_token)) == "ACCESS.SESSION_ENDED"


def test_the_line_is_given_back(accounts: Accounts) -> None:
    opened(accounts)
    made = session(accounts.login("anna.nowak", PASSWORD))
    assert hears(accounts, made.access_token)
    accounts.close()
    thread = accounts.vault.ended._line._thread
    assert thread is not None
    assert not thread.is_alive()


def test_memory_is_believed_longer_than_the_time_between_two_looks() -> None:
    assert ended.STALE >= 2 * ended.LOOK
