"""A payment operator of our own: Przelewy24's REST API as its documentation tells it, over HTTP.

It checks the shop's key and the sums of what it is told, keeps sessions, and tells the shop what was paid.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

MERCHANT, KEY, CRC = 65840, "0123456789abcdef", "a1b2c3d4e5f60718"


def summed(**fields: object) -> str:
    """SHA-384 over the fields as JSON without spaces, the secret last."""
    whole = "{" + ",".join(f"{json.dumps(k)}:{json.dumps(v, ensure_ascii=False)}" for k, v in fields.items())
    return hashlib.sha384(f'{whole},"crc":"{CRC}"}}'.encode()).hexdigest()


class Operator:
    """What the operator knows; a test sets `away`, and pays."""

    def __init__(self) -> None:
        self.url = ""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.verified: list[str] = []
        self.away = False
        self.forgets = False  # takes the payment, and dies before it says so

    def asked(self, method: str, path: str, key: str, word: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        expected = base64.b64encode(f"{MERCHANT}:{KEY}".encode()).decode()
        if key != f"Basic {expected}":
            return 401, {"error": "Incorrect authentication", "code": 401}
        if self.away:
            return 500, {"error": "Internal", "code": 500}
        if (method, path) == ("POST", "/api/v1/transaction/register"):
            return self._registered(word)
        if (method, path) == ("PUT", "/api/v1/transaction/verify"):
            return self._verify(word)
        session = self.sessions.get(path.removeprefix("/api/v1/transaction/by/sessionId/"))
        if method == "GET" and session:
            status = 2 if session["sessionId"] in self.verified else 1 if "orderId" in session else 0
            data = {"status": status, "amount": session["amount"], "currency": session["currency"]}
            return 200, {"data": data, "responseCode": 0}
        return 404, {"error": "Not found", "code": 404}

    def _registered(self, word: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        fields = {name: word[name] for name in ("sessionId", "merchantId", "amount", "currency")}
        known = word["sessionId"] in self.sessions
        if word["sign"] != summed(**fields) or known or not word["email"]:
            return 400, {"error": "Wrong input data", "code": 400}
        self.sessions[word["sessionId"]] = word
        return 200, {"data": {"token": f"T-{len(self.sessions)}"}, "responseCode": 0}

    def _verify(self, word: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        fields = {name: word[name] for name in ("sessionId", "orderId", "amount", "currency")}
        session = self.sessions.get(word["sessionId"], {})
        same = all(session.get(name) == value for name, value in fields.items())
        if word["sign"] != summed(**fields) or not same or word["sessionId"] in self.verified:
            return 400, {"error": "Wrong input data", "code": 400}
        self.verified.append(word["sessionId"])
        if self.forgets:
            return 500, {"error": "Internal", "code": 500}
        return 200, {"data": {"status": "success"}, "responseCode": 0}

    def paid(self, session_id: str, order_id: int = 3_162_088_710, **differs: object) -> bytes:
        """Somebody paid: what the shop is told. `differs`: told otherwise, and signed all the same."""
        session = self.sessions[session_id]
        session["orderId"] = order_id
        fields: dict[str, object] = {
            "merchantId": MERCHANT,
            "posId": MERCHANT,
            "sessionId": session_id,
            "amount": session["amount"],
            "originAmount": session["amount"],
            "currency": session["currency"],
            "orderId": order_id,
            "methodId": 154,
            "statement": "p24-Ź/1",
        } | differs
        return json.dumps({**fields, "sign": summed(**fields)}).encode()


@contextmanager
def serving() -> Iterator[Operator]:
    """The operator, at an address of this machine."""
    operator = Operator()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            word = json.loads(self.rfile.read(size)) if size else {}
            status, told = operator.asked(self.command, self.path, self.headers["Authorization"], word)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    operator.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield operator
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
