"""What does an HTTP request say, whatever it asks for: who asks, in which language, and its body?"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request

from dziennik.accounts.sessions import Client
from dziennik.graphql.asker import Asker
from dziennik.graphql.context import Serving
from dziennik.graphql.limits import LIMITS

JSON = "application/json"
Ordered = TypeVar("Ordered")


def token_of(request: HTTPConnection) -> str:
    """The access token that the request carries; "": none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def client_of(request: HTTPConnection) -> Client:
    """Where the request comes from."""
    address = request.client.host if request.client else ""
    return Client(address=address, agent=request.headers.get("user-agent", ""))


async def asker_of(system: Serving, request: HTTPConnection) -> Asker:
    """Who sends the request, by the access token that it carries."""
    return await run_in_threadpool(asker_with, system, token_of(request), client_of(request))


def asker_with(system: Serving, token: str, client: Client) -> Asker:
    """Whom an access token stands for. It may ask the database whether the session has ended."""
    bearer = system.accounts.sessions.bearer(token) if token else None
    if bearer is None:
        return Asker(client=client)
    return Asker(
        account_id=bearer.account_id,
        session_id=bearer.session_id,
        second_factor=bearer.second_factor,
        client=client,
    )


def language_of(request: HTTPConnection) -> str:
    """ "pl" unless the browser prefers English."""
    first = request.headers.get("accept-language", "pl").partition(",")[0].strip().lower()
    return "en" if first.startswith("en") else "pl"


def kind_of(request: Request) -> str:
    """What the body says it is ("application/json"), without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body_of(request: Request) -> bytes | None:
    """The body, read no further than the limit; None when it is longer."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LIMITS.body:
            return None
        parts.append(part)
    return b"".join(parts)


async def ordered_in(request: Request, kind: type[Ordered]) -> Ordered | None:
    """What a body of JSON asks for; None when it is something else, or longer than the limit."""
    body = await body_of(request) if kind_of(request) == JSON else None
    try:
        return msgspec.json.decode(body, type=kind) if body else None
    except msgspec.DecodeError:
        return None
