"""Is a feed's secret unguessable, kept as a hash alone, and gone when it is forgotten?"""

from __future__ import annotations

import psycopg

from dziennik.accounts.calendar_tokens import CalendarTokens


def test_a_secret_stands_for_one_feed_until_it_is_forgotten(dsn: str) -> None:
    tokens = CalendarTokens(dsn)
    try:
        one, other = tokens.issue("sp1", "f1"), tokens.issue("sp2", "f1")
        assert len(one) == len(other) == 43  # 256 bits as base64url (RFC 4648, section 5)
        assert tokens.feed_of(one) == ("sp1", "f1")
        assert tokens.feed_of(other) == ("sp2", "f1")
        assert tokens.feed_of(one[:-1]) is None
        tokens.forget(one)
        assert tokens.feed_of(one) is None
        assert tokens.feed_of(other) == ("sp2", "f1")
    finally:
        tokens.close()


def test_the_database_does_not_know_the_secret(dsn: str) -> None:
    tokens = CalendarTokens(dsn)
    try:
        token = tokens.issue("sp1", "f1")
    finally:
        tokens.close()
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT * FROM credentials.calendar_tokens").fetchall()
    assert token not in repr(rows)
    assert [len(token_hash) for token_hash, _, _ in rows] == [32]
