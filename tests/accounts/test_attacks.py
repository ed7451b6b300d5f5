"""Attacks on logins and sessions: which logins are there, tokens of all kinds, two at once."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import jwt
import psycopg
import pytest
from psycopg import errors

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.sessions import Session
from dziennik.accounts.vault import RECORDING_ATTEMPTS
from dziennik.contracts.access import PasswordSet, SessionFamilyRevoked
from dziennik.contracts.envelope import Origin
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Appended, Draft, Journal, VersionConflict
from tests.accounts.conftest import BY, KEY, PASSWORD, Clock, CountedHasher, code, opened, session

ODD = ["nobody", "anna nowak", "żółw", "", "a\x00b", "x" * 100_000, "'; DROP TABLE credentials.logins; --"]


@pytest.mark.parametrize("login", ODD)
def test_a_login_that_nobody_has_is_answered_like_one_that_somebody_has(
    accounts: Accounts, clock: Clock, hasher: CountedHasher, login: str
) -> None:
    """The same answers, waits and hashes (time) for ten guesses and after each wait."""
    opened(accounts)

    def told(name: str) -> list[tuple[Session | Refusal, int]]:
        found, began = [], clock.at
        for _ in range(10):
            before = hasher.verified
            found.append((accounts.login(name, "guess"), hasher.verified - before))
            clock.at += timedelta(seconds=16)
        clock.at = began
        return found

    strangers, known = told(login), told("anna.nowak")
    assert strangers == known
    assert {code(outcome) for outcome, _ in known} == {"ACCESS.LOGIN_FAILED", "ACCESS.TOO_MANY_ATTEMPTS"}


def test_tries_with_unknown_logins_are_forgotten_after_a_day(
    accounts: Accounts, clock: Clock, dsn: str
) -> None:
    for name in ("one", "two", "three"):
        accounts.login(name, "guess")
    clock.at += timedelta(days=2)
    accounts.login("four", "guess")
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM credentials.strangers").fetchone() == (1,)


def test_tries_before_an_account_was_opened_do_not_lock_it(accounts: Accounts) -> None:
    for _ in range(8):
        accounts.login("anna.nowak", "guess")
    opened(accounts)
    session(accounts.login("anna.nowak", PASSWORD))


def test_of_two_uses_at_once_one_renews_and_the_session_ends(accounts: Accounts, journal: Journal) -> None:
    account_id = opened(accounts)
    token = session(accounts.login("anna.nowak", PASSWORD)).refresh_token
    together = Barrier(2)

    def use(_: int) -> Session | Refusal:
        together.wait()
        return accounts.refresh(token)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(use, range(2)))
    renewed = [outcome for outcome in outcomes if isinstance(outcome, Session)]
    assert len(renewed) == 1
    assert code(accounts.refresh(renewed[0].refresh_token)) == "ACCESS.SESSION_ENDED"
    assert journal.read(0)[-1].fact == SessionFamilyRevoked(account_id=account_id)


def test_a_session_ends_even_when_that_cannot_be_recorded(
    accounts: Accounts, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(accounts)
    first = session(accounts.login("anna.nowak", PASSWORD))
    second = session(accounts.refresh(first.refresh_token))

    def broken(*_: object, **__: object) -> Appended:
        raise errors.OperationalError("no journal")

    monkeypatch.setattr(journal, "append", broken)
    with pytest.raises(errors.OperationalError):
        accounts.refresh(first.refresh_token)
    assert code(accounts.refresh(second.refresh_token)) == "ACCESS.SESSION_ENDED"


@pytest.mark.parametrize("conflicts", [1, RECORDING_ATTEMPTS - 1])
def test_facts_of_one_account_at_once_are_all_recorded(
    accounts: Accounts, journal: Journal, monkeypatch: pytest.MonkeyPatch, conflicts: int
) -> None:
    account_id = opened(accounts)
    append, left = journal.append, [conflicts]

    def overtaken(drafts: list[Draft], origin: Origin) -> Appended:
        if left[0]:
            left[0] -= 1
            raise VersionConflict(drafts[0].stream, 1, 2)
        return append(drafts, origin)

    monkeypatch.setattr(journal, "append", overtaken)
    accounts.set_password(account_id, "nowe, dłuższe hasło", by=BY)
    assert journal.read(0)[-1].fact == PasswordSet(account_id=account_id)


def part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("header", [{}, {"kid": "../../etc/passwd"}, {"jku": "http://127.0.0.1/keys"}])
def test_only_tokens_for_the_register_open_it(
    accounts: Accounts, clock: Clock, header: dict[str, str]
) -> None:
    account_id = opened(accounts)
    now = int(clock.at.timestamp())
    session_id = session(accounts.login("anna.nowak", PASSWORD)).session_id
    good = {"sub": account_id, "aud": "dziennik", "iat": now, "exp": now + 60, "sid": session_id}

    def of(key: bytes | str = KEY, algorithm: str = "HS256", **claims: object) -> str | None:
        left_out = {name for name, value in claims.items() if value is None}
        payload = {name: value for name, value in (good | claims).items() if name not in left_out}
        return accounts.account_of(jwt.encode(payload, key, algorithm=algorithm, headers=header))

    assert of() == account_id
    assert of(key=bytes(32)) is None
    assert of(key="", algorithm="none") is None
    assert of(key=KEY * 2, algorithm="HS512") is None
    assert of(exp=now) is None
    for claims in ({"aud": "elsewhere"}, {"aud": None}, {"exp": None}, {"sub": None}, {"sid": None}):
        assert of(**claims) is None, claims


@pytest.mark.parametrize(
    "token",
    [
        part("[" * 40_000) + "." + part("{}") + ".AAAA",
        part('{"alg":' + "[" * 40_000 + "]" * 40_000 + "}") + "." + part("{}") + ".AAAA",
        part('{"alg":' + "1" * 9_000 + "}") + "." + part("{}") + ".AAAA",
        part('{"alg":"HS256","b64":false,"crit":["b64"]}') + ".e30.AAAA",
        "żżż.ąą.ćć",
        "\udc80.a.b",
        "." * 10_000,
    ],
)
def test_monstrous_tokens_are_nobody(accounts: Accounts, token: str) -> None:
    assert accounts.account_of(token) is None


def test_an_outsider_of_the_database_cannot_read_credentials(accounts: Accounts, dsn: str) -> None:
    """The roles for reading facts and read models (grants.sql) may not look at passwords and tokens."""
    opened(accounts)
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "SELECT format('credentials.%I', relname) FROM pg_class"
            " WHERE relnamespace = 'credentials'::regnamespace AND relkind = 'r'"
        ).fetchall()
        assert len(tables) == 13
        for role in ("dziennik_reader", "dziennik_projector", "dziennik_writer", "public"):
            for (table,) in tables:
                found = connection.execute(
                    "SELECT has_table_privilege(%(r)s, %(t)s, 'SELECT, INSERT, UPDATE, DELETE')"
                    if role != "public"
                    else "SELECT EXISTS (SELECT FROM pg_class, aclexplode(relacl) AS a"
                    " WHERE oid = %(t)s::regclass AND a.grantee = 0)",
                    {"r": role, "t": table},
                ).fetchone()
                assert found == (False,), (role, table)
