"""What does it cost each request that ended sessions are refused at once?

The check of an access token: its signature alone, with what the process remembers of ended sessions, and with
a question to the database, as one would do it by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, sleep
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from dziennik.accounts import tokens
from dziennik.accounts.accounts import Accounts
from dziennik.accounts.sessions import Session
from dziennik.accounts.vault import utc_now
from dziennik.contracts.envelope import Actor, Role
from dziennik.journal.journals import PROVIDER, Journals
from dziennik.journal.keyring import Keyring

KEY = bytes(32)
PASSWORD = "a password of the bench"
REMEMBERED, ROUNDS, EACH = 5_000, 41, 200


def run(dsn: str) -> dict[str, Any]:
    """The figures."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        accounts = Accounts(dsn, journals.create_school(PROVIDER), KEY)
        try:
            return _figures(dsn, accounts)
        finally:
            accounts.close()


def _figures(dsn: str, accounts: Accounts) -> dict[str, Any]:
    accounts.open_account("bench", PASSWORD, by=Actor(account="bench", role=Role.SYSTEM))
    session = accounts.login("bench", PASSWORD)
    if not isinstance(session, Session):
        raise TypeError(f"no session: {session}")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO credentials.ended_sessions SELECT 'ended-' || n FROM generate_series(1, %s) AS n",
            [REMEMBERED],
        )
    token, family = session.access_token, session.session_id
    accounts.account_of(token)  # from now on it listens
    sleep(2)
    remembered = _microseconds(lambda: accounts.sessions.bearer(token))
    signature = _microseconds(lambda: tokens.read(KEY, token, utc_now()))
    with ConnectionPool(dsn, min_size=1, kwargs={"autocommit": True, "prepare_threshold": 1}) as pool:

        def asked() -> None:
            tokens.read(KEY, token, utc_now())
            with pool.connection() as line:
                line.execute("SELECT FROM credentials.sessions WHERE family = %s", [family]).fetchone()

        by_hand = _microseconds(asked)
    return {
        "token_check_us": {
            "value": remembered,
            "unit": "us",
            "baseline": f"{signature:.0f} us for the signature alone, {by_hand:.0f} us with a database",
            "limit": "the signature (HMAC, JSON)",
        },
        "token_check_ratio": {
            "value": by_hand / remembered,
            "unit": "times as fast",
            "baseline": "the same with a question to the database for each request",
        },
    }


def _microseconds(check: Callable[[], object]) -> float:
    """The median of means: one check is shorter than the clock is good for."""
    means = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for _ in range(EACH):
            check()
        means.append((perf_counter() - begun) / EACH)
    return median(means) * 1e6
