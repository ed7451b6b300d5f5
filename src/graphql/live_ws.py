"""WebSockets: the protocol graphql-transport-ws, many operations a connection.

The access token comes in `connection_init` ({"authorization": "Bearer ..."}), so that nobody else's page can
use a login it cannot read. Close codes are the protocol's; whatever breaks it ends the connection.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from typing import Any, Final

import orjson
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from dziennik.graphql.asker import Asker
from dziennik.graphql.limits import LIMITS
from dziennik.graphql.live_limits import TOO_MANY_STREAMS, Places
from dziennik.graphql.refusing import Refused
from dziennik.graphql.requests import asker_with, client_of, language_of
from dziennik.graphql.subscribing import Live, Request

PROTOCOL: Final = "graphql-transport-ws"
INIT_WITHIN: Final = 10.0  # seconds
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_ACCEPTABLE = 4400, 4401, 4403, 4406
INIT_TIMEOUT, ALREADY_SUBSCRIBED, TOO_MANY = 4408, 4409, 4429
LONGEST_ID: Final = 100


class _Broken(Exception):
    """The other side broke the protocol: the connection is closed with this code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


def mount(app: FastAPI, live: Live, places: Places) -> None:
    """Add the route."""

    @app.websocket("/graphql")
    async def graphql(socket: WebSocket) -> None:
        if PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.close(NOT_ACCEPTABLE, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        with ExitStack() as stack:
            if not stack.enter_context(places.all.entered()):
                await socket.close(TOO_MANY, "Too many connections")
                return
            await _Connection(socket, live, places, stack).run()


class _Connection:
    """One connection: who it is of, and the operations that are under way, by id."""

    def __init__(self, socket: WebSocket, live: Live, places: Places, stack: ExitStack) -> None:
        self._socket = socket
        self._live = live
        self._places = places
        self._stack = stack
        self._language = language_of(socket)
        self._asker: Asker | None = None
        self._token = ""
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until the other side goes, or breaks the protocol."""
        try:
            await self._begin()
            while True:
                await self._take(await self._heard())
        except _Broken as broken:
            with suppress(RuntimeError):
                await self._socket.close(broken.code, broken.why)
        except WebSocketDisconnect:
            pass
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin(self) -> None:
        try:
            said = await asyncio.wait_for(self._heard(), INIT_WITHIN)
        except TimeoutError:
            raise _Broken(INIT_TIMEOUT, "Connection initialisation timeout") from None
        if said["type"] == "ping":
            raise _Broken(BAD_REQUEST, "Ping before connection_init")
        if said["type"] != "connection_init":
            raise _Broken(UNAUTHORIZED, "Unauthorized")
        self._token = _token(said.get("payload"))
        asker = await run_in_threadpool(asker_with, self._live.system, self._token, client_of(self._socket))
        if asker.account_id is None:
            raise _Broken(FORBIDDEN, "Forbidden")
        if not self._stack.enter_context(self._places.of_account.entered(asker.account_id)):
            raise _Broken(TOO_MANY, "Too many connections")
        self._asker = asker
        await self._say({"type": "connection_ack"})

    async def _take(self, said: dict[str, Any]) -> None:
        kind = said["type"]
        if kind == "ping":
            await self._say({"type": "pong"})
        elif kind == "subscribe":
            await self._subscribe(said)
        elif kind == "complete":
            task = self._running.pop(_id(said), None)
            if task:
                task.cancel()
        elif kind == "connection_init":
            raise _Broken(TOO_MANY, "Too many initialisation requests")
        elif kind != "pong":
            raise _Broken(BAD_REQUEST, "Unknown message")

    async def _subscribe(self, said: dict[str, Any]) -> None:
        name, payload = _id(said), said.get("payload")
        if self._asker is None or not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            raise _Broken(BAD_REQUEST, "Invalid subscribe message")
        variables, operation = payload.get("variables"), payload.get("operationName")
        if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
            raise _Broken(BAD_REQUEST, "Invalid subscribe message")
        if name in self._running:
            raise _Broken(ALREADY_SUBSCRIBED, f"Subscriber for {name} already exists")
        if len(self._running) >= self._places.limits.subscriptions:
            await self._say(_failed(name, [Refused(TOO_MANY_STREAMS(), self._language).formatted]))
            return
        wanted = Request(
            query=payload["query"],
            variables=variables,
            operation=operation,
            asker=self._asker,
            token=self._token,
            language=self._language,
        )
        self._running[name] = asyncio.create_task(self._stream(name, wanted))

    async def _stream(self, name: str, wanted: Request) -> None:
        try:
            failed = False
            async for event in self._live.events(wanted):
                if event.body is None:
                    await self._say({"type": "ping"})
                    continue
                answer = orjson.loads(event.body)
                # What cannot begin is an error; so is why a stream ends. An answer with errors is an answer.
                failed = event.failed or "data" not in answer
                message = {"type": "next", "id": name, "payload": answer}
                await self._say(_failed(name, answer["errors"]) if failed else message)
            if not failed:
                await self._say({"type": "complete", "id": name})
        except (WebSocketDisconnect, RuntimeError):
            return  # the other side has gone
        finally:
            if self._running.get(name) is asyncio.current_task():
                del self._running[name]

    async def _heard(self) -> dict[str, Any]:
        """The next message. Raises _Broken on what is none."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if text is None or len(text.encode()) > LIMITS.body:
            raise _Broken(BAD_REQUEST, "Invalid message")
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _Broken(BAD_REQUEST, "Invalid message") from None
        if not isinstance(said, dict) or not isinstance(said.get("type"), str):
            raise _Broken(BAD_REQUEST, "Invalid message")
        return said

    async def _say(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(orjson.dumps(message).decode())


def _failed(name: str, errors: list[Any]) -> dict[str, Any]:
    return {"type": "error", "id": name, "payload": errors}


def _id(said: dict[str, Any]) -> str:
    found = said.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
        raise _Broken(BAD_REQUEST, "Invalid id")
    return found


def _token(payload: Any) -> str:  # noqa: ANN401
    """The access token out of connection_init's payload."""
    if not isinstance(payload, dict):
        return ""
    named = {str(key).lower(): value for key, value in payload.items()}
    scheme, _, token = str(named.get("authorization", "")).partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
