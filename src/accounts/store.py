"""Where do logins, password hashes and refresh tokens lie? In a schema of their own: no facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection, errors

from dziennik.accounts import ended, usage

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS credentials;
CREATE TABLE IF NOT EXISTS credentials.logins (
    account_id    text COLLATE "C" PRIMARY KEY,
    login         text COLLATE "C" UNIQUE NOT NULL,
    password_hash text NOT NULL,
    failures      integer NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    closed        boolean NOT NULL DEFAULT false
);
ALTER TABLE credentials.logins ADD COLUMN IF NOT EXISTS password_set_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE credentials.logins ADD COLUMN IF NOT EXISTS recovery_address bytea;
CREATE TABLE IF NOT EXISTS credentials.sessions (
    family        text COLLATE "C" PRIMARY KEY,
    account_id    text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE,
    begun_at      timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL,
    address       text NOT NULL DEFAULT '',
    agent         text NOT NULL DEFAULT '',
    second_factor boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS sessions_account ON credentials.sessions (account_id);
CREATE TABLE IF NOT EXISTS credentials.second_factors (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES credentials.logins ON DELETE CASCADE,
    secret     bytea NOT NULL,
    confirmed  boolean NOT NULL DEFAULT false,
    last_step  bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS credentials.recovery_codes (
    code_hash  bytea PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS recovery_codes_account ON credentials.recovery_codes (account_id);
CREATE TABLE IF NOT EXISTS credentials.school_codes (
    code_hash bytea PRIMARY KEY,
    school_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    code_id   text COLLATE "C" NOT NULL
);
CREATE TABLE IF NOT EXISTS credentials.mailed_codes (
    code_hash  bytea PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE,
    address    bytea,
    sent_at    timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS mailed_codes_account ON credentials.mailed_codes (account_id);
CREATE TABLE IF NOT EXISTS credentials.external_identities (
    provider     text COLLATE "C" NOT NULL,
    subject_hash bytea NOT NULL,
    account_id   text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE,
    PRIMARY KEY (provider, subject_hash),
    UNIQUE (account_id, provider)
);
CREATE TABLE IF NOT EXISTS credentials.spent_attempts (
    attempt_hash bytea PRIMARY KEY,
    spent_at     timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS credentials.addresses (
    address_hash bytea PRIMARY KEY,
    level        double precision NOT NULL,
    seen         timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS addresses_seen ON credentials.addresses (seen);
CREATE TABLE IF NOT EXISTS credentials.refresh_tokens (
    token_hash bytea PRIMARY KEY,
    family     text NOT NULL,
    account_id text COLLATE "C" NOT NULL REFERENCES credentials.logins ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used       boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS credentials.strangers (
    login_hash   bytea PRIMARY KEY,
    failures     integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    seen         timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS strangers_seen ON credentials.strangers (seen);
CREATE INDEX IF NOT EXISTS refresh_tokens_family ON credentials.refresh_tokens (family);
REVOKE ALL ON SCHEMA credentials FROM PUBLIC;
"""


_LOGIN_OF = (
    "SELECT account_id, login, password_hash, failures, locked_until, closed, password_set_at"
    " FROM credentials.logins WHERE account_id = %s"
)
# Tables with rows of an account; they go with its login.
_OF_ACCOUNTS = tuple(
    f"credentials.{table}"
    for table in (
        "logins",
        "refresh_tokens",
        "sessions",
        "second_factors",
        "recovery_codes",
        "mailed_codes",
        "external_identities",
    )
)


class Login(msgspec.Struct, frozen=True):
    """A row of credentials.logins."""

    account_id: str
    login: str
    password_hash: str
    failures: int
    locked_until: datetime | None
    closed: bool
    password_set_at: datetime


class Stranger(msgspec.Struct, frozen=True):
    """Tries with a login that nobody has: they slow down like those with one that somebody has."""

    login_hash: bytes
    failures: int
    locked_until: datetime | None


class Refresh(msgspec.Struct, frozen=True):
    """A row of credentials.refresh_tokens; only the token's SHA-256 is stored."""

    token_hash: bytes
    family: str
    account_id: str
    expires_at: datetime
    used: bool


def ensure(connection: Connection[Any]) -> None:
    """Make the schema when missing; safe to race."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('dziennik.credentials', 0))")
        connection.execute(SCHEMA)
        connection.execute(usage.SCHEMA)
        connection.execute(ended.SCHEMA)


def login_named(connection: Connection[Any], login: str) -> Login | None:
    """The login, locked until the transaction ends so that failures are counted one by one."""
    row = connection.execute(
        "SELECT account_id, login, password_hash, failures, locked_until, closed, password_set_at"
        " FROM credentials.logins WHERE login = %s FOR UPDATE",
        [login],
    ).fetchone()
    return Login(*row) if row else None


def login_of(connection: Connection[Any], account_id: str, *, lock: bool = False) -> Login | None:
    """The login of an account; with `lock` as in `login_named`."""
    row = connection.execute(
        _LOGIN_OF + " FOR UPDATE" if lock else _LOGIN_OF,
        [account_id],
    ).fetchone()
    return Login(*row) if row else None


def insert_login(
    connection: Connection[Any], account_id: str, login: str, password_hash: str, now: datetime
) -> bool:
    """False when the login is taken."""
    try:
        with connection.transaction():
            connection.execute(
                "INSERT INTO credentials.logins (account_id, login, password_hash, password_set_at)"
                " VALUES (%s, %s, %s, %s)",
                [account_id, login, password_hash, now],
            )
    except errors.UniqueViolation:
        return False
    return True


def set_password(connection: Connection[Any], account_id: str, password_hash: str, now: datetime) -> None:
    """A new hash; failures are forgiven, all sessions end and codes that were mailed open nothing."""
    connection.execute(
        "UPDATE credentials.logins SET password_hash = %s, password_set_at = %s, failures = 0,"
        " locked_until = NULL WHERE account_id = %s",
        [password_hash, now, account_id],
    )
    end_sessions(connection, account_id)
    connection.execute(
        "DELETE FROM credentials.mailed_codes WHERE account_id = %s AND address IS NULL", [account_id]
    )


def end_sessions(connection: Connection[Any], account_id: str) -> None:
    """All sessions of the account."""
    connection.execute("DELETE FROM credentials.refresh_tokens WHERE account_id = %s", [account_id])
    connection.execute("DELETE FROM credentials.sessions WHERE account_id = %s", [account_id])


def close(connection: Connection[Any], account_id: str) -> None:
    """No more logins; all sessions end."""
    connection.execute("UPDATE credentials.logins SET closed = true WHERE account_id = %s", [account_id])
    end_sessions(connection, account_id)


def forget(connection: Connection[Any], account_id: str) -> bool:
    """Remove the login with its password hash and sessions; whether there was one."""
    done = connection.execute("DELETE FROM credentials.logins WHERE account_id = %s", [account_id])
    return done.rowcount > 0


def scrub(connection: Connection[Any]) -> None:
    """Leave nothing of removed logins in the tables' files; on a connection outside of a transaction."""
    connection.autocommit = True
    try:
        connection.execute(f"VACUUM (FULL) {', '.join(_OF_ACCOUNTS)}")
    finally:
        connection.autocommit = False


def count_failure(
    connection: Connection[Any], account_id: str, failures: int, locked_until: datetime | None
) -> None:
    """How often in a row the password was wrong, and until when none is tried."""
    connection.execute(
        "UPDATE credentials.logins SET failures = %s, locked_until = %s WHERE account_id = %s",
        [failures, locked_until, account_id],
    )


def stranger(connection: Connection[Any], login_hash: bytes, now: datetime, forget: datetime) -> Stranger:
    """The tries with a login that nobody has, locked until the transaction ends.

    Those last seen before `forget` go on this occasion, except where somebody is at them.
    """
    connection.execute(
        "DELETE FROM credentials.strangers WHERE login_hash IN (SELECT login_hash"
        " FROM credentials.strangers WHERE seen < %s LIMIT 100 FOR UPDATE SKIP LOCKED)",
        [forget],
    )
    row = connection.execute(
        "INSERT INTO credentials.strangers (login_hash, seen) VALUES (%s, %s)"
        " ON CONFLICT (login_hash) DO UPDATE SET seen = excluded.seen"
        " RETURNING login_hash, failures, locked_until",
        [login_hash, now],
    ).fetchone()
    if row is None:
        raise LookupError("an upsert returned no row")
    return Stranger(*row)


def count_stranger(
    connection: Connection[Any], login_hash: bytes, failures: int, locked_until: datetime | None
) -> None:
    """How often in a row a login was tried that nobody has."""
    connection.execute(
        "UPDATE credentials.strangers SET failures = %s, locked_until = %s WHERE login_hash = %s",
        [failures, locked_until, login_hash],
    )


def insert_refresh(connection: Connection[Any], token: Refresh, now: datetime) -> None:
    """A new refresh token; tokens long expired go on this occasion."""
    connection.execute(
        "DELETE FROM credentials.refresh_tokens WHERE account_id = %s AND expires_at < %s",
        [token.account_id, now],
    )
    connection.execute(
        "INSERT INTO credentials.refresh_tokens (token_hash, family, account_id, expires_at)"
        " VALUES (%s, %s, %s, %s)",
        [token.token_hash, token.family, token.account_id, token.expires_at],
    )


def refresh_of(connection: Connection[Any], token_hash: bytes) -> Refresh | None:
    """The token, locked until the transaction ends: of two uses at once one is the second."""
    row = connection.execute(
        "SELECT token_hash, family, account_id, expires_at, used"
        " FROM credentials.refresh_tokens WHERE token_hash = %s FOR UPDATE",
        [token_hash],
    ).fetchone()
    return Refresh(*row) if row else None


def use_refresh(connection: Connection[Any], token_hash: bytes) -> None:
    """The token was used; it stays, so that a second use is noticed."""
    connection.execute(
        "UPDATE credentials.refresh_tokens SET used = true WHERE token_hash = %s", [token_hash]
    )


def end_family(connection: Connection[Any], family: str) -> None:
    """The session's tokens are worth nothing any more."""
    connection.execute("DELETE FROM credentials.refresh_tokens WHERE family = %s", [family])
    connection.execute("DELETE FROM credentials.sessions WHERE family = %s", [family])


def session_seen(connection: Connection[Any], family: str, now: datetime) -> bool:
    """The session goes on; whether a second factor was shown in it."""
    row = connection.execute(
        "UPDATE credentials.sessions SET seen_at = %s WHERE family = %s RETURNING second_factor",
        [now, family],
    ).fetchone()
    return bool(row and row[0])


def drop_oldest_sessions(connection: Connection[Any], account_id: str, *, keep: int) -> None:
    """All but the last used ones end."""
    rows = connection.execute(
        "SELECT family FROM credentials.sessions WHERE account_id = %s"
        " ORDER BY seen_at DESC, family OFFSET %s",
        [account_id, keep],
    ).fetchall()
    for (family,) in rows:
        end_family(connection, family)
