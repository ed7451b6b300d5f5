"""The HTTP side: POST /graphql, the explorer at GET /graphql, /healthz, files and calendars."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import to_builtins

from dziennik.contracts.refusals import Refusal
from dziennik.graphql import (
    accounts_page,
    archive_files,
    attachment_files,
    board_feed,
    calendar_feed,
    card_files,
    card_page,
    family_files,
    letter_files,
    live_sse,
    live_ws,
    paying_online,
    proof_files,
    scan_files,
)
from dziennik.graphql.context import Serving
from dziennik.graphql.executing import Executor
from dziennik.graphql.explorer import HEADERS, page
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.limits import LIMITS
from dziennik.graphql.live_limits import Places
from dziennik.graphql.live_sse import wants_events
from dziennik.graphql.refusing import NOT_A_REQUEST, TOO_LARGE, Refused
from dziennik.graphql.requests import JSON, asker_with, body_of, client_of, kind_of, language_of, token_of
from dziennik.graphql.sending_later import LetterSender
from dziennik.graphql.subscribing import Live

# Files, calendars, feeds and pages beside the schema.
ROUTES = (
    calendar_feed,
    board_feed,
    attachment_files,
    archive_files,
    proof_files,
    scan_files,
    letter_files,
    family_files,
    card_files,
    card_page,
    accounts_page,
    paying_online,
)


def create_app(system: Serving, *, explore: bool = True) -> FastAPI:
    """The web application over a running system. `explore`: the explorer page and helpful errors."""
    executor = Executor(system, explore=explore)
    live, places = Live(system, executor), Places()
    letters = LetterSender(system, executor)

    app = FastAPI(
        title="Dziennik",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life(system, live, letters),
    )

    @app.get("/", include_in_schema=False)
    async def home() -> Response:
        return RedirectResponse("/graphql")

    @app.get("/healthz", include_in_schema=False)
    async def health() -> Response:
        well, body = await run_in_threadpool(_health, system)
        return Response(body, 200 if well else 503, PRIVATE, JSON)

    @app.get("/graphql", include_in_schema=False)
    async def explorer(request: Request) -> Response:
        if not explore:
            return _answer(executor.refused(Refused(NOT_A_REQUEST(what="GET"), language_of(request))), 405)
        return HTMLResponse(page(language_of(request)), headers=HEADERS)

    for route in ROUTES:
        route.mount(app, system)
    live_ws.mount(app, live, places)
    app.state.leave = live.hub.close

    @app.post("/graphql", include_in_schema=False)
    async def graphql(request: Request) -> Response:
        language = language_of(request)
        body = await body_of(request)
        asked = (
            TOO_LARGE(what="bytes", found=f"> {LIMITS.body}", limit=LIMITS.body)
            if body is None
            else _parsed(request, body)
        )
        if isinstance(asked, Refusal):
            return _answer(executor.refused(Refused(asked, language)), 413 if body is None else 400)
        if wants_events(request):
            return await live_sse.answer(live, executor, places, request, asked)
        query, variables, operation = asked
        token, client = token_of(request), client_of(request)

        def answered() -> bytes:
            asker = asker_with(system, token, client)
            return executor.answer(query, variables, operation, asker=asker, language=language)

        return _answer(await run_in_threadpool(answered))

    return app


def _life(
    system: Serving, live: Live, letters: LetterSender
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        system.follower.start()
        system.notifier.start()
        if system.postman:
            system.postman.start()
        system.push_post.start()
        letters.start()
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not look at it again
        yield
        live.hub.close()
        await run_in_threadpool(letters.stop)
        await run_in_threadpool(_stop, system)

    return life


def _health(system: Serving) -> tuple[bool, bytes]:
    """Whether the read models are well, and all there is to tell. An e-mail that some address does not take
    is told of, and no reason to take the server for ill.
    """
    states = system.follower.health()
    well = all(state.well for state in states)
    schools = [_counted(to_builtins(state)) for state in states]
    sending = asdict(system.outbox.health(datetime.now(UTC)))
    status = "ok" if well else "unwell"
    return well, orjson.dumps({"status": status, "schools": schools, "notifications": sending})


def _stop(system: Serving) -> None:
    system.push_post.stop()
    if system.postman:
        system.postman.stop()
    system.notifier.stop()
    system.follower.stop()


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, PRIVATE, JSON)


def _counted(state: dict[str, Any]) -> dict[str, Any]:
    """Health without names of schools' faults in full: outsiders may ask."""
    return {**state, "fault": None if state["fault"] is None else "fault"}


def _parsed(request: Request, body: bytes) -> tuple[str, dict[str, Any] | None, str | None] | Refusal:
    """(query, variables, operation name) of a request; a browser form cannot make one (CSRF)."""
    if kind_of(request) != JSON:
        return NOT_A_REQUEST(what="Content-Type")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return NOT_A_REQUEST(what="JSON")
    if not isinstance(said, dict) or not isinstance(said.get("query"), str):
        return NOT_A_REQUEST(what="query")
    variables, operation = said.get("variables"), said.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
        return NOT_A_REQUEST(what="variables")
    return said["query"], variables, operation
