"""A line to the database that can be cut at a chosen moment."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Proxy:
    """Passes bytes between clients and the server until told to cut.

    `swallow`: pass the next appends on, but close the line instead of passing the server's answer: the
    transaction is committed and the client does not know. `refuse`: close the line on the next request,
    and on new lines, as a server that is down.
    """

    def __init__(self, dsn: str) -> None:
        self._upstream = conninfo_to_dict(dsn)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.dsn = make_conninfo(
            dsn,
            host="127.0.0.1",
            port=self._listener.getsockname()[1],
            sslmode="disable",
            gssencmode="disable",
        )
        self.swallow = 0
        self.refuse = False
        self.swallowed = 0
        self.requests = 0  # pieces that went through on the lines that append
        self.answers = 0
        self._lock = Lock()
        self._appending: set[socket.socket] = set()
        self._sockets: list[socket.socket] = []
        self._threads = [Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in list(self._sockets):
            _cut(line)
        for thread in self._threads:
            thread.join(10)
        for line in self._sockets:
            line.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = self._connect()
            except OSError:  # the server is down: so is the line
                client.close()
                continue
            self._sockets += [client, server]
            for work in (self._requests, self._answers):
                self._threads.append(Thread(target=work, args=(client, server), daemon=True))
                self._threads[-1].start()

    def _connect(self) -> socket.socket:
        host, port = str(self._upstream["host"]), int(str(self._upstream.get("port") or 5432))
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(Path(host) / f".s.PGSQL.{port}"))
        except OSError:
            line.close()
            raise
        return line

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        self._pass(client, server, lambda data: self._note(data, server))

    def _note(self, data: bytes, server: socket.socket) -> bool:
        if b".append(" in data:
            self._appending.add(server)
        self.requests += server in self._appending
        return self.refuse

    def _answers(self, client: socket.socket, server: socket.socket) -> None:
        self._pass(server, client, lambda _: self._swallow_this(server))

    def _swallow_this(self, server: socket.socket) -> bool:
        with self._lock:
            self.answers += server in self._appending
            if self.swallow == 0 or server not in self._appending:
                return False
            self.swallow -= 1
            self.swallowed += 1
            return True

    def _pass(self, source: socket.socket, sink: socket.socket, cut: Callable[[bytes], bool]) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if cut(data):
                    break
                sink.sendall(data)
        _cut(source)
        _cut(sink)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(dsn: str) -> Iterator[Proxy]:
    line = Proxy(dsn)
    try:
        yield line
    finally:
        line.close()
