"""A forgotten password is reset through an address that its owner confirmed, by mails that really arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import current_thread
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest

from dziennik.accounts import store
from dziennik.accounts.accounts import Accounts
from dziennik.contracts import access as said
from dziennik.journal.journal import Journal
from dziennik.mail.posting import Posting
from dziennik.mail.smtp import SmtpMailer, smtp_server
from tests.accounts.conftest import BY, KEY, PASSWORD, Clock, CountedHasher, code, opened, session
from tests.mail.server import Kept, serving

NEW = "cztery zielone parasole"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
PHONE = "192.0.2.7"


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def accounts(
    dsn: str, journal: Journal, clock: Clock, hasher: CountedHasher, kept: Kept
) -> Iterator[Accounts]:
    with serving(kept) as port:
        mailer = SmtpMailer(smtp_server(f"smtp://127.0.0.1:{port}", "Dziennik <dziennik@sp7.example>"))
        made = Accounts(
            dsn,
            journal,
            KEY,
            now=clock,
            hasher=hasher,
            post=Posting(mailer),
            base_url="https://dziennik.example.pl",
        )
        yield made
        made.close()


def mailed(kept: Kept, count: int) -> str:
    """The text of the last of so many mails, once it is there."""
    deadline = monotonic() + 20
    while len(kept.mails) < count and monotonic() < deadline:
        sleep(0.01)
    assert len(kept.mails) == count
    text: str = kept.mails[-1].get_content()
    return text


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found, text
    return found.group()


def confirmed(accounts: Accounts, kept: Kept, clock: Clock, account_id: str) -> None:
    assert accounts.recovery.propose(account_id, "anna@example.org", "pl") is None
    assert accounts.recovery.confirm(account_id, code_in(mailed(kept, 1))) is None
    clock.at += timedelta(minutes=5)


def test_a_forgotten_password_is_reset_by_mail(
    accounts: Accounts, kept: Kept, clock: Clock, journal: Journal, dsn: str
) -> None:
    account_id = opened(accounts)
    opened(accounts, "somebody.else")
    confirmed(accounts, kept, clock, account_id)
    assert (kept.mails[0]["To"], kept.mails[0]["Subject"]) == (
        "anna@example.org",
        "Dziennik: potwierdź adres e-mail",
    )
    assert accounts.recovery.address_of(account_id) == "anna@example.org"
    # Nobody learns which logins there are: no answer differs, and no more than one mail is sent.
    for login in ("nobody", "somebody.else", "Anna.NOWAK ", "anna.nowak"):
        assert accounts.recovery.ask(login, PHONE, "pl") is None
    text = mailed(kept, 2)
    written = code_in(text)
    assert f"https://dziennik.example.pl/account#reset={written}" in text
    assert accounts.recovery.shown("0" * 16) is None
    assert accounts.recovery.shown(written.lower()) == account_id
    before = session(accounts.login("anna.nowak", PASSWORD))
    assert accounts.set_password(account_id, NEW, by=BY) is None
    assert accounts.recovery.shown(written) is None
    assert code(accounts.refresh(before.refresh_token)) == "ACCESS.SESSION_ENDED"
    session(accounts.login("anna.nowak", NEW))
    facts = [r.fact for r in journal.read(0)]
    assert said.RecoveryAddressConfirmed(account_id=account_id) in facts
    assert facts.count(said.PasswordResetSent(account_id=account_id)) == 1
    stored = b"".join(bytes(raw.state) for raw in journal.read_raw(0))
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT recovery_address FROM credentials.logins").fetchone()
        assert row
    assert b"example.org" not in stored + bytes(row[0] or b"")


def test_a_code_is_over_after_half_an_hour_and_for_one_thing(
    accounts: Accounts, kept: Kept, clock: Clock
) -> None:
    account_id, other_id = opened(accounts), opened(accounts, "somebody.else")
    for wrong in ("", "anna", "anna@example.org\nBcc: all@example.org"):
        assert code(accounts.recovery.propose(account_id, wrong, "pl")) == "ACCESS.ADDRESS_UNSOUND"
    assert accounts.recovery.propose(account_id, "anna@example.org", "en") is None
    text = mailed(kept, 1)
    assert "good for 30 minutes" in text
    written = code_in(text)
    assert accounts.recovery.shown(written) is None  # it confirms an address, and resets nothing
    assert code(accounts.recovery.confirm(other_id, written)) == "ACCESS.RESET_UNKNOWN"
    assert code(accounts.recovery.propose(account_id, "b@example.org", "pl")) == "ACCESS.TOO_MANY_ATTEMPTS"
    clock.at += timedelta(minutes=30)
    assert code(accounts.recovery.confirm(account_id, written)) == "ACCESS.RESET_UNKNOWN"
    assert accounts.recovery.address_of(account_id) is None


def test_an_address_is_forgotten_with_its_account_or_before(
    accounts: Accounts, kept: Kept, clock: Clock, journal: Journal
) -> None:
    account_id = opened(accounts)
    confirmed(accounts, kept, clock, account_id)
    accounts.recovery.forget(account_id)
    accounts.recovery.forget(account_id)
    assert journal.read(0)[-1].fact == said.RecoveryAddressRemoved(account_id=account_id)
    assert accounts.recovery.ask("anna.nowak", PHONE, "pl") is None
    assert len(kept.mails) == 1


def test_questions_without_end_have_to_wait(accounts: Accounts) -> None:
    answers = [accounts.recovery.ask(f"login{n}", PHONE, "pl") for n in range(103)]
    assert [answer and answer.code for answer in answers] == [None] * 101 + ["ACCESS.TOO_MANY_ATTEMPTS"] * 2


def test_nothing_that_depends_on_the_login_is_done_while_one_waits(
    accounts: Accounts, kept: Kept, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the time of an answer would tell which logins there are."""
    account_id = opened(accounts)
    confirmed(accounts, kept, clock, account_id)
    looked: list[str] = []
    known = store.login_named

    def named(connection: Any, login: str) -> Any:  # noqa: ANN401
        looked.append(current_thread().name)
        return known(connection, login)

    monkeypatch.setattr(store, "login_named", named)
    for login in ("nobody", "anna.nowak", "żółw", "x" * 100_000):
        assert accounts.recovery.ask(login, PHONE, "pl") is None
    mailed(kept, 2)
    accounts.recovery.close()
    assert [name.rpartition("_")[0] for name in looked] == ["dziennik-resets"] * 4
