"""Accounts over a journal of their own, with a clock to turn and a quick hash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.sessions import Session
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Journal
from dziennik.journal.journals import PROVIDER, Journals
from dziennik.journal.keyring import Keyring

BY = Actor(account="office", role=Role.ADMINISTRATOR)
PASSWORD = "zażółć gęślą jaźń"
KEY = bytes(range(32))


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class CountedHasher(PasswordHasher):
    """Quick, and tells how often it was asked: what takes the time of a login."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.verified += 1
        return super().verify(hash, password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hasher() -> CountedHasher:
    return CountedHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def journal(dsn: str) -> Iterator[Journal]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        yield journals.create_school(PROVIDER)


@pytest.fixture
def accounts(dsn: str, journal: Journal, clock: Clock, hasher: CountedHasher) -> Iterator[Accounts]:
    made = Accounts(dsn, journal, KEY, now=clock, hasher=hasher)
    yield made
    made.close()


def opened(accounts: Accounts, login: str = "Anna.Nowak") -> str:
    account_id = accounts.open_account(login, PASSWORD, by=BY)
    assert isinstance(account_id, str)
    return account_id


def session(outcome: Session | Refusal) -> Session:
    assert isinstance(outcome, Session), outcome
    return outcome


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code
