"""What does an OpenID Connect provider say, and may it be believed?

Its addresses come from its discovery document (OpenID Connect Discovery 1.0 s. 4), which must name the very
issuer that the operator named. ID tokens are believed when signed by one of its keys with an asymmetric
algorithm, issued by it for us, with our nonce, and not over (OpenID Connect Core 1.0 s. 3.1.3.7).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

_log = logging.getLogger(__name__)
ALGORITHMS = ("RS256", "PS256", "ES256")
TIMEOUT, LARGEST = 10.0, 1_000_000  # seconds of a word; bytes of an answer
KNOWN_FOR, KEYS_AGAIN = timedelta(hours=1), timedelta(minutes=1)
LEEWAY = 60  # seconds that clocks may differ by
K = TypeVar("K")
_WELL_KNOWN = "/.well-known/openid-configuration"


class ProviderFault(Exception):
    """The provider is away, or what it says cannot be believed. The text holds no tokens."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the operator names it. `name` stands in facts: it stays the same."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    # Addresses of ours that the provider may send people back to.
    redirect_uris: tuple[str, ...]
    # Whether its word for a second factor (`amr` "mfa", RFC 8176) is taken.
    second_factor: bool = False


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What an ID token says of somebody, as far as it matters here."""

    sub: str
    amr: tuple[str, ...] = ()


class _Discovered(msgspec.Struct, frozen=True, kw_only=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    id_token: str


class Remote:
    """One provider over HTTPS. Thread-safe. Close it."""

    def __init__(self, provider: Provider, now: Callable[[], datetime]) -> None:
        self.provider = provider
        self._now = now
        self._http = httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._lock = Lock()
        self._known: tuple[_Discovered, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    def address(self, **asked: str) -> str:
        """Where to send a browser. Raises ProviderFault."""
        query = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.provider.client_id,
            "code_challenge_method": "S256",
            **asked,
        }
        endpoint = self._discovered().authorization_endpoint
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def token(self, **shown: str) -> str:
        """The ID token for a code. Raises ProviderFault."""
        form = {"grant_type": "authorization_code", **shown}
        known = self.provider
        body = self._asked(
            "POST", self._discovered().token_endpoint, data=form, auth=(known.client_id, known.client_secret)
        )
        return self._decoded(body, _Tokens).id_token

    def claims(self, token: str, *, nonce: str) -> Claims:
        """What the token says. Raises ProviderFault when it cannot be believed."""
        try:
            claims = self._believed(token)
            self._rules(nonce).validate(claims)
        except (JoseError, ValueError) as fault:
            raise self._fault(f"ID token: {type(fault).__name__}") from None
        audience = claims.get("aud")
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.provider.client_id:
            raise self._fault("ID token: for several, and not for us")
        if claims.get("azp", self.provider.client_id) != self.provider.client_id:
            raise self._fault("ID token: for somebody else")
        try:
            return msgspec.convert(claims, Claims)
        except msgspec.ValidationError:
            raise self._fault("ID token: malformed") from None

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _rules(self, nonce: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _believed(self, token: str) -> dict[str, Any]:
        """The claims of a token with a good signature; keys that are not known yet are asked for again."""
        try:
            return dict(jwt.decode(token, self._key_set(fresh=False), algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError):
            keys = self._key_set(fresh=True)
            return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)

    def _key_set(self, *, fresh: bool) -> KeySet:
        with self._lock:
            known, now = self._keys, self._now()
        if known and now - known[1] < (KEYS_AGAIN if fresh else KNOWN_FOR):
            return known[0]
        found = self._decoded(self._asked("GET", self._discovered().jwks_uri), dict[str, Any])
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise self._fault("keys: malformed") from None
        with self._lock:
            self._keys = keys, now
        return keys

    def _discovered(self) -> _Discovered:
        with self._lock:
            known, now = self._known, self._now()
        if known and now - known[1] < KNOWN_FOR:
            return known[0]
        body = self._asked("GET", self.provider.issuer.rstrip("/") + _WELL_KNOWN)
        found = self._decoded(body, _Discovered)
        if found.issuer != self.provider.issuer:
            raise self._fault("discovery: another issuer")
        for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not is_safe(address):
                raise self._fault("discovery: an address without TLS")
        with self._lock:
            self._known = found, now
        return found

    def _asked(self, method: str, url: str, **more: Any) -> bytes:  # noqa: ANN401
        try:
            with self._http.stream(method, url, headers={"Accept": "application/json"}, **more) as answer:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise self._fault("an answer without end")
                if answer.status_code != 200:
                    raise self._fault(f"HTTP {answer.status_code}")
                return bytes(body)
        except httpx2.HTTPError as fault:
            raise self._fault(type(fault).__name__) from None

    def _decoded(self, body: bytes, kind: type[K]) -> K:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            raise self._fault("an answer that is malformed") from None

    def _fault(self, why: str) -> ProviderFault:
        _log.warning("provider %s: %s", self.provider.name, why)
        return ProviderFault(why)


def is_safe(address: str) -> bool:
    """Whether nobody reads along: TLS, or this machine."""
    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


def providers_of(found: Mapping[str, Any]) -> tuple[Provider, ...]:
    """Providers as a settings file names them: `[[provider]]` tables. Raises ValueError."""
    wanted = msgspec.convert(found, _File).provider
    if len({one.name for one in wanted}) != len(wanted):
        raise ValueError("two providers have one name")
    for one in wanted:
        for address in (one.issuer, *one.redirect_uris):
            if not is_safe(address):
                raise ValueError(f"{one.name}: {address} must begin with https://")
    return tuple(
        Provider(
            name=one.name,
            label=one.label or one.name,
            issuer=one.issuer,
            client_id=one.client_id,
            client_secret=one.client_secret,
            redirect_uris=one.redirect_uris,
            second_factor=one.second_factor,
        )
        for one in wanted
    )


class _Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    issuer: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    label: str = ""
    second_factor: bool = False


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    provider: tuple[_Wanted, ...] = ()
