"""How does somebody log in through another provider? By OpenID Connect, into an account linked before.

Authorization code flow with PKCE (RFC 7636, S256), state and nonce (OpenID Connect Core 1.0 s. 3.1). What an
attempt must remember is sealed in a text that stays with whoever began it: nothing is kept here until it
comes back, it is good for ten minutes, and once. Who somebody is at the provider (`sub`) is stored as a keyed
hash.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

import msgspec
from psycopg import errors

from dziennik.accounts.naming import owner
from dziennik.accounts.provider import Provider, ProviderFault, Remote
from dziennik.accounts.vault import Vault
from dziennik.contracts import access as said
from dziennik.contracts.refusals import Refusal

ATTEMPT_LASTS = timedelta(minutes=10)
S = TypeVar("S", bound=msgspec.Struct)
_ATTEMPT, _CONTINUATION = "external attempt", "external continuation"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send the browser, and what to keep until it comes back."""

    url: str
    attempt: str


class Recognised(msgspec.Struct, frozen=True, kw_only=True):
    """Who came back; `second_factor`: the provider vouches for one, and may."""

    provider: str
    subject: str
    second_factor: bool


class _Attempt(msgspec.Struct, frozen=True, kw_only=True):
    provider: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    until: datetime


class _Continuation(msgspec.Struct, frozen=True, kw_only=True):
    account_id: str
    until: datetime


class External:
    """Logins through the providers of this installation. Thread-safe. Close it."""

    def __init__(self, vault: Vault, providers: Sequence[Provider] = ()) -> None:
        self._vault = vault
        self._remotes = {one.name: Remote(one, vault.now) for one in providers}

    def providers(self) -> list[Provider]:
        """Those that one can log in through."""
        return [remote.provider for remote in self._remotes.values()]

    def begin(self, provider: str, redirect_uri: str) -> Begun | Refusal:
        """Send somebody to the provider."""
        remote = self._remotes.get(provider)
        if remote is None:
            return said.NO_SUCH_PROVIDER(provider=provider, field="provider")
        if redirect_uri not in remote.provider.redirect_uris:
            return said.ADDRESS_NOT_ALLOWED(field="redirect_uri")
        attempt = _Attempt(
            provider=provider,
            redirect_uri=redirect_uri,
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            until=self._vault.now() + ATTEMPT_LASTS,
        )
        try:
            url = remote.address(
                redirect_uri=redirect_uri,
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=_challenge(attempt.verifier),
            )
        except ProviderFault:
            return said.EXTERNAL_LOGIN_FAILED()
        return Begun(url=url, attempt=self._sealed(attempt, _ATTEMPT))

    def recognise(self, attempt: str, code: str, state: str) -> Recognised | Refusal:
        """Who came back with this code. An attempt works once, whatever becomes of it."""
        known = self._opened(attempt, _ATTEMPT, _Attempt)
        remote = self._remotes.get(known.provider) if known else None
        if known is None or remote is None or not secrets.compare_digest(known.state, state):
            return said.EXTERNAL_LOGIN_FAILED()
        if known.until < self._vault.now() or not self._spend(attempt):
            return said.EXTERNAL_LOGIN_FAILED()
        try:
            token = remote.token(code=code, redirect_uri=known.redirect_uri, code_verifier=known.verifier)
            claims = remote.claims(token, nonce=known.nonce)
        except ProviderFault:
            return said.EXTERNAL_LOGIN_FAILED()
        vouched = "mfa" in claims.amr and remote.provider.second_factor
        return Recognised(provider=known.provider, subject=claims.sub, second_factor=vouched)

    def account_of(self, who: Recognised) -> str | None:
        """The account that was linked to them."""
        with self._vault.open() as connection:
            row = connection.execute(
                "SELECT account_id FROM credentials.external_identities"
                " WHERE provider = %s AND subject_hash = %s",
                [who.provider, self._hash(who)],
            ).fetchone()
        return str(row[0]) if row else None

    def link(self, account_id: str, who: Recognised) -> Refusal | None:
        """From now on they enter this account; nothing to do when they do already."""
        if self.account_of(who) == account_id:
            return None
        try:
            with self._vault.open() as connection:
                connection.execute(
                    "INSERT INTO credentials.external_identities (provider, subject_hash, account_id)"
                    " VALUES (%s, %s, %s)",
                    [who.provider, self._hash(who), account_id],
                )
        except errors.UniqueViolation:
            return said.EXTERNAL_TAKEN()
        fact = said.ExternalIdentityLinked(account_id=account_id, provider=who.provider)
        self._vault.record(account_id, owner(account_id), fact)
        return None

    def unlink(self, account_id: str, provider: str) -> None:
        """The account is not entered through that provider any more; nothing to do when it was not."""
        with self._vault.open() as connection:
            done = connection.execute(
                "DELETE FROM credentials.external_identities WHERE account_id = %s AND provider = %s",
                [account_id, provider],
            )
        if done.rowcount:
            fact = said.ExternalIdentityUnlinked(account_id=account_id, provider=provider)
            self._vault.record(account_id, owner(account_id), fact)

    def of(self, account_id: str) -> list[str]:
        """Through which providers the account can be entered."""
        with self._vault.open() as connection:
            rows = connection.execute(
                "SELECT provider FROM credentials.external_identities WHERE account_id = %s"
                " ORDER BY provider",
                [account_id],
            ).fetchall()
        return [str(provider) for (provider,) in rows]

    def continuation(self, account_id: str) -> str:
        """A text for somebody who was recognised and has yet to show the account's second factor."""
        until = self._vault.now() + ATTEMPT_LASTS
        return self._sealed(_Continuation(account_id=account_id, until=until), _CONTINUATION)

    def continued(self, text: str) -> str | None:
        """The account that a continuation is of."""
        known = self._opened(text, _CONTINUATION, _Continuation)
        return known.account_id if known and known.until >= self._vault.now() else None

    def close(self) -> None:
        """Give the connections to providers back."""
        for remote in self._remotes.values():
            remote.close()

    def _spend(self, attempt: str) -> bool:
        now = self._vault.now()
        with self._vault.open() as connection:
            connection.execute(
                "DELETE FROM credentials.spent_attempts WHERE spent_at < %s", [now - 2 * ATTEMPT_LASTS]
            )
            done = connection.execute(
                "INSERT INTO credentials.spent_attempts (attempt_hash, spent_at) VALUES (%s, %s)"
                " ON CONFLICT DO NOTHING",
                [self._vault.hashed("attempt", attempt), now],
            )
        return done.rowcount == 1

    def _hash(self, who: Recognised) -> bytes:
        return self._vault.hashed(f"external {who.provider}", who.subject)

    def _sealed(self, said_: msgspec.Struct, about: str) -> str:
        sealed = self._vault.seal(msgspec.json.encode(said_).decode(), about)
        return base64.urlsafe_b64encode(sealed).decode()

    def _opened(self, text: str, about: str, kind: type[S]) -> S | None:
        try:
            plain = self._vault.unseal(base64.b64decode(text, altchars=b"-_", validate=True), about)
        except ValueError:
            return None
        return None if plain is None else msgspec.json.decode(plain, type=kind)


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636 s. 4.2."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
