"""An OpenID Connect provider of this machine: honest, unless a test tells it what to say instead."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from dziennik.accounts.provider import Provider

CALLBACK = "https://dziennik.example.pl/account"
SECRET = "sekret klienta"


class Idp:
    """What the provider knows. `claims` and `header` override those of the ID token; `key` signs it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.issuer = ""
        self.key: Any = ECKey.generate_key("P-256", {"kid": "k1"})
        self.published: list[Any] = [self.key]
        self.algorithm = "ES256"
        self.claims: dict[str, Any] = {}
        self.discovered: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def provider(self, **more: Any) -> Provider:  # noqa: ANN401
        return Provider(
            name="gmina",
            label="Logowanie gminne",
            issuer=self.issuer,
            client_id="dziennik",
            client_secret=SECRET,
            redirect_uris=(CALLBACK,),
            **more,
        )

    def visit(self, url: str, sub: str) -> tuple[str, str]:
        """Somebody logs in at the address where they were sent; (code, state) of the way back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert (asked["scope"], asked["client_id"], asked["redirect_uri"]) == ("openid", "dziennik", CALLBACK)
        code = secrets.token_urlsafe(12)
        self.codes[code] = {**asked, "sub": sub}
        return code, asked["state"]

    def discovery(self) -> dict[str, Any]:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?from=test",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return honest | self.discovered

    def keys(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.published]}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once; None when something does not fit."""
        known = self.codes.pop(form.get("code", ""), None)
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if known is None or [unquote(part) for part in given.split(":")] != ["dziennik", SECRET]:
            return None
        challenge = (
            base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if challenge != known["code_challenge"] or form["redirect_uri"] != known["redirect_uri"]:
            return None
        now = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": "dziennik", "sub": known["sub"], "nonce": known["nonce"]}
        claims |= {"iat": now, "exp": now + 300} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running(now: Callable[[], datetime]) -> Iterator[Idp]:
    """The provider with a server."""
    idp = Idp(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            idp.asked.append(self.path)
            known = {"/.well-known/openid-configuration": idp.discovery, "/keys": idp.keys}
            answer = known.get(self.path)
            self.say(answer() if answer else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(idp.token(form, self.headers.get("authorization", "")))

        def say(self, what: dict[str, Any] | None) -> None:
            body = json.dumps(what or {"error": "invalid_grant"}).encode()
            self.send_response(200 if what else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    idp.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield idp
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
