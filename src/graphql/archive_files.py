"""GET /archives/{token} gives an edition's bag back, in pieces (ADR 0124)."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from dziennik.graphql.context import Serving
from dziennik.graphql.headers import UNLISTED

_HEADERS = UNLISTED


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""

    @app.get("/archives/{token}", include_in_schema=False)
    async def download(token: str) -> Response:
        key = system.archive_links.read(token)
        if key is None or not await run_in_threadpool(system.archives.has, key):
            return Response("", 404, _HEADERS, "text/plain; charset=utf-8")
        name = key.replace("/", "_")
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(system.archives.chunks(key), 200, headers, "application/zip")
