"""Which sessions does an account have, and how do they go on and end?

A session begins with a login and lives as long as its refresh tokens are used: each works once, within thirty
days; one that comes a second time was copied, and ends the session (ADR 0033). The owner sees the sessions
and ends them.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection

from dziennik.accounts import store, tokens, usage
from dziennik.accounts.vault import Vault
from dziennik.contracts import access as said
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.refusals import Refusal

REFRESH_LASTS = timedelta(days=30)
MOST_SESSIONS = 50  # of one account; the longest unused goes when there would be more
_AGENT = 200  # characters of what a browser says of itself


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request comes from, as far as its owner recognises it."""

    address: str = ""
    agent: str = ""


NOWHERE = Client()


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What a login yields. `expires_in` seconds until the access token does."""

    account_id: str
    access_token: str
    refresh_token: str
    session_id: str
    expires_in: int = int(tokens.ACCESS_LASTS.total_seconds())


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it."""

    session_id: str
    begun_at: datetime
    seen_at: datetime
    address: str
    agent: str
    second_factor: bool


class Sessions:
    """The sessions of all accounts. Thread-safe."""

    def __init__(self, vault: Vault, token_key: bytes) -> None:
        self._vault = vault
        self._key = token_key

    def begin(
        self, connection: Connection[Any], account_id: str, client: Client, *, second_factor: bool
    ) -> Session:
        """A new session."""
        now, family = self._vault.now(), str(uuid4())
        store.drop_oldest_sessions(connection, account_id, keep=MOST_SESSIONS - 1)
        connection.execute(
            "INSERT INTO credentials.sessions"
            " (family, account_id, begun_at, seen_at, address, agent, second_factor)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [family, account_id, now, now, client.address, _told(client.agent), second_factor],
        )
        bearer = tokens.Bearer(account_id=account_id, session_id=family, second_factor=second_factor)
        return self._next(connection, bearer, now)

    def refresh(self, refresh_token: str) -> Session | Refusal:
        """The session's next tokens. One used twice ends the session and is recorded."""
        with self._vault.open() as connection:
            token = store.refresh_of(connection, _hash(refresh_token))
            now = self._vault.now()
            if token is None or token.expires_at < now:
                return said.SESSION_ENDED()
            if not token.used:
                store.use_refresh(connection, token.token_hash)
                second_factor = store.session_seen(connection, token.family, now)
                bearer = tokens.Bearer(
                    account_id=token.account_id, session_id=token.family, second_factor=second_factor
                )
                return self._next(connection, bearer, now)
            store.end_family(connection, token.family)
        # The session has ended, whatever becomes of recording it.
        by = Actor(account=token.account_id, role=Role.SYSTEM)
        self._vault.record(token.account_id, by, said.SessionFamilyRevoked(account_id=token.account_id))
        return said.SESSION_ENDED()

    def logout(self, refresh_token: str) -> None:
        """End the session. An unknown token is no matter."""
        with self._vault.open() as connection:
            token = store.refresh_of(connection, _hash(refresh_token))
            if token:
                store.end_family(connection, token.family)

    def bearer(self, access_token: str) -> tokens.Bearer | None:
        """Whom an access token stands for; None when it is forged, foreign, expired, or its session ended."""
        bearer = tokens.read(self._key, access_token, self._vault.now())
        return None if bearer is None or self._vault.ended.has(bearer.session_id) else bearer

    def of(self, account_id: str) -> list[Known]:
        """The sessions that can go on, the last used first."""
        with self._vault.open() as connection:
            rows = connection.execute(
                "SELECT family, begun_at, seen_at, address, agent, second_factor FROM credentials.sessions s"
                " WHERE account_id = %s AND EXISTS (SELECT FROM credentials.refresh_tokens r"
                " WHERE r.family = s.family AND NOT used AND expires_at >= %s)"
                " ORDER BY seen_at DESC, family",
                [account_id, self._vault.now()],
            ).fetchall()
        names = Known.__struct_fields__
        return [Known(**dict(zip(names, row, strict=True))) for row in rows]

    def end(self, account_id: str, session_id: str, *, by: Actor) -> Refusal | None:
        """End one of the account's sessions."""
        if session_id not in {known.session_id for known in self.of(account_id)}:
            return said.NO_SUCH_SESSION(field="session_id")
        with self._vault.open() as connection:
            store.end_family(connection, session_id)
        self._vault.record(account_id, by, said.SessionEnded(account_id=account_id, session_id=session_id))
        return None

    def end_others(self, account_id: str, kept: str | None, *, by: Actor) -> int:
        """End all sessions but the one that asks; how many."""
        ended = [known.session_id for known in self.of(account_id) if known.session_id != kept]
        with self._vault.open() as connection:
            for session_id in ended:
                store.end_family(connection, session_id)
        if ended:
            facts = [said.SessionEnded(account_id=account_id, session_id=one) for one in ended]
            self._vault.record(account_id, by, *facts)
        return len(ended)

    def _next(self, connection: Connection[Any], bearer: tokens.Bearer, now: datetime) -> Session:
        refresh, family = secrets.token_urlsafe(32), bearer.session_id
        stored = store.Refresh(_hash(refresh), family, bearer.account_id, now + REFRESH_LASTS, False)
        store.insert_refresh(connection, stored, now)
        usage.note(connection, bearer.account_id, now)
        return Session(
            account_id=bearer.account_id,
            access_token=tokens.made(self._key, bearer, now),
            refresh_token=refresh,
            session_id=family,
        )


def _told(agent: str) -> str:
    return "".join(sign for sign in agent if sign.isprintable())[:_AGENT]


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
