"""A push service of this machine over TLS that opens what it gets, as the browser would (RFC 8291)."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from dziennik.contracts.notifications import AddPushDevice
from dziennik.notifying.push_service import HttpPushService
from dziennik.notifying.web_push import Vapid, b64url, from_b64url

HOST = "push.example.org"


class Browser:
    """Who subscribed: its keys, and how it opens what comes."""

    def __init__(self, name: str) -> None:
        self.path = f"/p/{name}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = name.encode().ljust(16, b"-")
        self._point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self) -> dict[str, str]:
        """What its PushSubscription says."""
        return {
            "endpoint": f"https://{HOST}{self.path}",
            "p256dh": b64url(self._point),
            "auth": b64url(self._auth),
        }

    def command(self) -> AddPushDevice:
        """Be told here."""
        return AddPushDevice(device_id=self.path[3:], **self.subscription())

    def opened(self, body: bytes) -> dict[str, Any]:
        """What a message says. Raises InvalidTag: it is for another."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert (size, length) == (4096, 65)
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        info = b"WebPush: info\x00" + self._point + theirs
        ikm = HKDF(SHA256(), 32, self._auth, info).derive(self._key.exchange(ec.ECDH(), point))
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
        text = AESGCM(key).decrypt(nonce, record, None)
        assert text.endswith(b"\x02")
        found: dict[str, Any] = json.loads(text[:-1])
        return found


@dataclass
class PushServer:
    """What came to which path; `answers` are the status and headers of the next ones, by path."""

    port: int = 0
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def service(self, vapid: Vapid) -> HttpPushService:
        """Speaks to this server whatever the name."""
        return HttpPushService(vapid, connect=self._connect, tls=self.trusted)

    def _connect(self, host: str) -> socket.socket:
        self.names.append(host)
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Judge one as RFC 8030 and RFC 8292 want it, and keep what is taken."""
        scheme, _, words = headers["authorization"].partition(" ")
        said = dict(word.split("=", 1) for word in words.split(", "))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_b64url(said["k"]))
        jwt.decode(said["t"], key, algorithms=["ES256"], audience=f"https://{HOST}")
        assert (scheme, headers["content-encoding"], headers["ttl"]) == ("vapid", "aes128gcm", "86400")
        assert len(headers["topic"]) == 32
        answer = self.answers.get(path, (201, {}))
        if answer[0] == 201:
            self.got.append((path, body, headers))
        return answer


@contextmanager
def push_server(folder: Path) -> Iterator[PushServer]:
    """A running one."""
    kept = PushServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            status, more = kept.take(self.path, body, headers)
            self.send_response(status)
            for key, value in {**more, "Content-Length": "0"}.items():
                self.send_header(key, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    file = _certificate(folder)
    kept.trusted = ssl.create_default_context(cafile=file)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        kept.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "push.pem"
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file
