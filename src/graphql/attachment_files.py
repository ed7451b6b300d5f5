"""POST /attachments takes a file in; GET /attachments/{token} gives one back (ADR 0070).

Whoever is to be let in is asked before a byte of the file is read, and it is read no further than the limit.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from graphql import GraphQLError

from dziennik.application.ids import new_id
from dziennik.attachments.store import LARGEST
from dziennik.contracts import attachments as said
from dziennik.contracts.attachments import ENDINGS
from dziennik.contracts.facts import MESSAGES, REGISTER
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.usual_messages import WRITING
from dziennik.graphql.answers import as_json, not_let, refused
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.gates import Gate, Gates, Shares
from dziennik.graphql.headers import SANDBOXED
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.refusing import TOO_BUSY, denied
from dziennik.graphql.requests import asker_of, language_of
from dziennik.graphql.who_may import ENCLOSURES, MUTATIONS, UPLOADS, grant
from dziennik.journal.journal import UnknownSchool

# Uploads that are read at once, each in memory, how many of them of one account, and how long one may take.
AT_ONCE, OF_ONE, SECONDS = 6, 2, 120.0
_HEADERS = SANDBOXED
_STATUS = {
    said.TOO_LARGE.code: 413,
    said.WRONG_TYPE.code: 415,
    said.INFECTED.code: 422,
    said.NOT_SCANNED.code: 503,
    said.TOO_MANY_UPLOADS.code: 429,
    said.TOO_MANY_A_DAY.code: 429,
    TOO_BUSY.code: 503,
}


def mount(app: FastAPI, system: Serving) -> None:
    """Add the routes."""
    known, gates = KnownAccess(system.read_models), Gates()
    reading, shares = Gate(AT_ONCE), Shares(OF_ONE)

    @app.post("/attachments", include_in_schema=False)
    async def upload(request: Request) -> Response:
        language, asker = language_of(request), await asker_of(system, request)
        account_id = asker.account_id
        school, person = request.query_params.get("school", ""), request.query_params.get("person", "")
        purpose = request.query_params.get("for")
        key_class = MESSAGES if purpose == "message" else REGISTER

        def admitted() -> bool:
            with ExitStack() as stack:
                context = Context(system, known, asker, language, stack, gates)
                if key_class == MESSAGES:
                    return _may_enclose(context, school, person)
                if purpose == "announcement":  # it lies under its author's key
                    own = person == context.access(school).person.person_id
                    return own and bool(context.roles(school) & MUTATIONS["postAnnouncement"])
                return grant(context, UPLOADS, school, {"pupil_id": person}) is not None

        try:
            if not await run_in_threadpool(admitted):
                raise denied(language)
        except GraphQLError as fault:
            return not_let(fault, account_id, _HEADERS)
        with shares.entered(account_id or "") as allowed, reading.entered() as inside:
            content = await _content(request) if allowed and inside else TOO_BUSY()
            if isinstance(content, Refusal) or account_id is None:
                return _refused(content, language)
            kept = await run_in_threadpool(
                lambda: system.attachments.keep(
                    school, person, account_id, new_id(), bytes(content), key_class=key_class
                )
            )
        if isinstance(kept, Refusal):
            return _refused(kept, language)
        told = {"attachmentId": kept.attachment_id, "mediaType": kept.media_type}
        return as_json({**told, "size": kept.size, "sha256": kept.sha256}, 201, _HEADERS)

    @app.get("/attachments/{token}", include_in_schema=False)
    async def download(token: str) -> Response:
        found = system.attachment_links.read(token)
        try:
            file = await run_in_threadpool(lambda: system.attachments.read(*found)) if found else None
        except UnknownSchool:
            file = None
        if found is None or file is None:
            return Response("", 404, _HEADERS, "text/plain; charset=utf-8")
        name = f"zalacznik-{found[1].attachment_id}.{ENDINGS[file.media_type]}"
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(file.content, 200, headers, file.media_type)


def _may_enclose(context: Context, school: str, person: str) -> bool:
    """With a message: about a pupil about whom one may write, or of one's own."""
    if context.roles(school).isdisjoint(WRITING):
        return False
    if person == context.access(school).person.person_id:
        return True
    return grant(context, ENCLOSURES, school, {"pupil_id": person}) is not None


async def _content(request: Request) -> bytearray | Refusal:
    """The body, read no further than the limit; what says beforehand that it is longer is not read."""
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()) or int(told) > LARGEST:
        return said.TOO_LARGE(limit=LARGEST, field="content")
    content = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                if len(content) + len(part) > LARGEST:
                    return said.TOO_LARGE(limit=LARGEST, field="content")
                content += part
    except TimeoutError:
        return said.NOT_AN_UPLOAD(what="timeout", field="content")
    return content


def _refused(refusal: Refusal | bytearray, language: str) -> Response:
    if not isinstance(refusal, Refusal):
        refusal = said.NOT_AN_UPLOAD(what="account")
    return refused(refusal, language, _STATUS.get(refusal.code, 400), _HEADERS)
