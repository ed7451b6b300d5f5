"""POST /scans takes a scan of cards in; GET /scans/pictures/{token} shows a line or cell of a kept one.

The body goes to a file of its own while it comes in, no further than the limit; a worker reads it.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from graphql import GraphQLError

from dziennik.attachments.scans import LARGEST
from dziennik.contracts import attachments as said
from dziennik.contracts import envelope
from dziennik.contracts.refusals import Refusal
from dziennik.graphql.answers import as_json, not_let, refused
from dziennik.graphql.card_fields import PICTURES
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.gates import Gate, Gates
from dziennik.graphql.headers import SANDBOXED
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.mutations import actor_among
from dziennik.graphql.refusing import TOO_BUSY, denied
from dziennik.graphql.requests import asker_of, language_of
from dziennik.graphql.who_may import SCANNING
from dziennik.journal.journal import UnknownSchool
from dziennik.omr.sheet import Sheet, SheetState
from dziennik.scanning.intake import TakenIn, take_in
from dziennik.scanning.pictures import Part

AT_ONCE, SECONDS = 2, 300.0
_HEADERS = SANDBOXED


def mount(app: FastAPI, system: Serving) -> None:
    """Add the routes."""
    known, gates, reading = KnownAccess(system.read_models), Gates(), Gate(AT_ONCE)

    @app.post("/scans", include_in_schema=False)
    async def upload(request: Request) -> Response:
        language, asker = language_of(request), await asker_of(system, request)
        account_id = asker.account_id
        school = request.query_params.get("school", "")

        def admitted() -> envelope.Actor | Refusal:
            with ExitStack() as stack:
                context = Context(system, known, asker, language, stack, gates)
                if not context.roles(school) & SCANNING:
                    raise denied(language)
                return actor_among(context, school, SCANNING, None)

        try:
            actor = await run_in_threadpool(admitted)
        except GraphQLError as fault:
            return not_let(fault, account_id, _HEADERS)
        if isinstance(actor, Refusal):
            return refused(actor, language, 403, _HEADERS)
        with reading.entered() as inside, tempfile.NamedTemporaryFile(prefix="dziennik-scan-") as lying:
            halted = await _received(request, lying) if inside else TOO_BUSY()
            if halted:
                return refused(halted, language, 413 if halted.code == said.TOO_LARGE.code else 503, _HEADERS)
            taken = await run_in_threadpool(
                lambda: take_in(system, school, Path(lying.name), actor=actor, workers=1)
            )
        if isinstance(taken.outcome, Refusal):
            return refused(taken.outcome, language, 400, _HEADERS)
        return as_json(_answer(system, school, taken, language), 201, _HEADERS)

    @app.get("/scans/pictures/{token}", include_in_schema=False)
    async def picture(token: str) -> Response:
        try:
            shown = await run_in_threadpool(lambda: system.pictures.show(token))
        except UnknownSchool:
            shown = None
        if shown is None:
            return Response("", 404, _HEADERS, "text/plain; charset=utf-8")
        return Response(shown, 200, _HEADERS, "image/png")


async def _received(request: Request, lying: IO[bytes]) -> Refusal | None:
    """Write the body to the file, no further than the limit."""
    length = request.headers.get("content-length", "0")
    size = 0
    if not (length.isascii() and length.isdigit()) or int(length) > LARGEST:
        return said.TOO_LARGE(limit=LARGEST, field="content")
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > LARGEST:
                    return said.TOO_LARGE(limit=LARGEST, field="content")
                lying.write(part)
    except TimeoutError:
        return said.NOT_AN_UPLOAD(what="timeout", field="content")
    lying.flush()
    return None


def _answer(system: Serving, school: str, taken: TakenIn, language: str) -> dict[str, object]:
    position = 0 if isinstance(taken.outcome, Refusal) else taken.outcome.position
    sheets = [
        {**_sheet(taken, sheet, language), "picture": _picture(system, school, taken, sheet)}
        for sheet in taken.sheets
    ]
    return {"scan": taken.scan_id, "position": position, "sheets": sheets}


def _picture(system: Serving, school: str, taken: TakenIn, sheet: Sheet) -> str | None:
    """The address of the page, small, where it gave no card that counts."""
    judgement = taken.judgement
    without = sheet.state is SheetState.REFUSED or judgement.why_aside(sheet)
    if not (without and taken.kept) or judgement.named_as(sheet):
        return None
    part = Part(scan_id=taken.scan_id, page=sheet.page)
    return PICTURES + system.pictures.address(school, part)


def _sheet(taken: TakenIn, sheet: Sheet, language: str) -> dict[str, object]:
    """What the reader says of it, or a person, or that the register did not take it."""
    named, (reason, words) = taken.judgement.named_as(sheet), taken.judgement.reason(sheet)
    state = SheetState.READ if named else sheet.state
    if taken.judgement.why_aside(sheet):
        state = SheetState.REFUSED
    return {
        "page": sheet.page,
        "card": named or sheet.card_id,
        "state": state.value,
        "reason": reason,
        "message": words[language != "pl"] if words else None,
        "unsure": sheet.unsure,
    }
