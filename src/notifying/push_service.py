"""How does a push message get to the push service of a browser's maker (RFC 8030)?

The address comes from a browser, so from a stranger: it is spoken to over TLS, without redirects or proxies,
and only where its name leads to the open internet. The name is looked up once and that address connected to,
so that a second answer of the name server changes nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from threading import Timer
from typing import Final, Protocol
from urllib.parse import urlsplit

from dziennik.domain.policies.push_addresses import in_the_open
from dziennik.notifying.web_push import Keys, Vapid, b64url, sealed

TIMEOUT: Final = 10.0  # seconds that one word of the service may take
WHOLE: Final = 25.0  # seconds that all of it may take
KEPT: Final = timedelta(days=1)  # so long the service keeps a message for a browser that is away
LONGEST_WAIT: Final = timedelta(hours=6)  # a service that asks for more patience is asked again then

Connect = Callable[[str], socket.socket]


class PushFault(Exception):
    """A message was not taken. `gone`: the browser does not take any again; `again`: it may work later, not
    before `wait`. The text names no address.
    """

    def __init__(
        self, why: str, *, gone: bool = False, again: bool = False, wait: timedelta = timedelta()
    ) -> None:
        super().__init__(why)
        self.gone, self.again, self.wait = gone, again, wait


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one browser; the same `key` again is the same message."""

    endpoint: str
    keys: Keys
    text: bytes
    key: str


class PushService(Protocol):
    """Something that sends push messages. Thread-safe."""

    def send(self, push: Push) -> None:
        """Send one. Raises PushFault."""
        ...


class HttpPushService:
    """The services at the addresses themselves. Thread-safe."""

    def __init__(
        self, vapid: Vapid, *, connect: Connect | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        """`connect` and `tls` are for whoever plays a push service."""
        self._vapid = vapid
        self._connect = connect or to_the_open
        self._tls = tls or ssl.create_default_context()

    def send(self, push: Push) -> None:
        """Send one. Raises PushFault."""
        parts = urlsplit(push.endpoint)
        try:
            body = sealed(push.text, push.keys)
        except ValueError as fault:
            raise PushFault(f"sealing: {fault}") from None
        headers = {
            "Authorization": self._vapid.authorization(push.endpoint),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(int(KEPT.total_seconds())),
            # What is sent twice and not yet fetched is kept once (RFC 8030 s. 5.4: 32 characters).
            "Topic": b64url(sha256(push.key.encode()).digest()[:24]),
        }
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        try:
            status, wait = self._posted(parts.hostname or "", target, body, headers)
        except (OSError, http.client.HTTPException) as fault:
            raise PushFault(f"HTTPS: {type(fault).__name__}", again=True) from None
        _judge(status, wait)

    def _posted(self, host: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        with self._connect(host) as plain, self._tls.wrap_socket(plain, server_hostname=host) as secure:
            # Whoever sends a letter every nine seconds must not hold up the others.
            timer = Timer(WHOLE, _end, [secure])
            timer.daemon = True
            timer.start()
            try:
                connection = http.client.HTTPConnection(host)
                connection.sock = secure
                connection.request("POST", target, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.headers.get("Retry-After", "")
            finally:
                timer.cancel()


def to_the_open(host: str) -> socket.socket:
    """A connection to port 443 of that name. Raises OSError; PushFault: it leads to no public address."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(in_the_open(ip_address(each.partition("%")[0])) for each in addresses):
        raise PushFault("the name leads to no public address")
    return socket.create_connection((addresses[0], 443), timeout=TIMEOUT)


def _judge(status: int, wait: str) -> None:
    """RFC 8030 s. 5, 7.3, 8.4. Raises PushFault unless the message was taken."""
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise PushFault(f"HTTP {status}", gone=True)
    if status in (408, 425, 429) or status >= 500:
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0
        raise PushFault(f"HTTP {status}", again=True, wait=min(timedelta(seconds=seconds), LONGEST_WAIT))
    raise PushFault(f"HTTP {status}")


def _end(secure: ssl.SSLSocket) -> None:
    with suppress(OSError):
        secure.shutdown(socket.SHUT_RDWR)
