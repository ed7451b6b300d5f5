"""POST /family-export gives a parent all about one child, as a zip: pages, tables and JSON.

The body is JSON: `school`, `pupilId`. It is an extra that may be sold (entitlement `family_export`); what the
register says about a person is always free (`dziennik privacy report`). That it was taken out is on record.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Final

import msgspec
import orjson
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from graphql import GraphQLError

from dziennik.archive.html import html
from dziennik.contracts.attachments import ENDINGS
from dziennik.contracts.entitlement import NEEDS_EXTENSION, AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.graphql import looking
from dziennik.graphql.answers import as_json, refused
from dziennik.graphql.asker import Asker
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.executing import Executor
from dziennik.graphql.family_questions import Answers, Ask, NotTold, all_about
from dziennik.graphql.family_tables import page, tables
from dziennik.graphql.gates import Gate, Shares
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.refusing import NOT_A_REQUEST, TOO_BUSY, denied
from dziennik.graphql.requests import asker_of, language_of, ordered_in
from dziennik.graphql.scopes import children
from dziennik.projections.entitlements import use
from dziennik.statistics.csv_text import BOM, safe, table

AT_ONCE: Final = 2  # each asks some fifty questions
MOST_BYTES: Final = 100_000_000  # of files that came with messages; the others are named only
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same answers make the same file
_NOTES: Final = (
    "Wszystko, co rodzic może zobaczyć w dzienniku o dziecku. Dla programów: pliki .json i .csv.",
    "Wiadomości są ze skrzynki tego, kto pobrał te dane; ich załączniki leżą w folderze zalaczniki.",
)


class Ordered(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the body says."""

    school: str
    pupil_id: str


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""
    executor, places, shares = Executor(system), Gate(AT_ONCE), Shares(1)

    @app.post("/family-export", include_in_schema=False)
    async def export(request: Request) -> Response:
        asker, language = await asker_of(system, request), language_of(request)
        ordered = await ordered_in(request, Ordered)
        if ordered is None:
            return refused(NOT_A_REQUEST(what="JSON"), language, 400)

        def made() -> bytes | Refusal:
            with shares.entered(asker.account_id or "") as alone, places.entered() as inside:
                if not alone or not inside:
                    return TOO_BUSY()
                return _made(executor, system, asker, language, ordered)

        try:
            done = await run_in_threadpool(made)
        except (GraphQLError, NotTold) as fault:
            told = fault.code if isinstance(fault, NotTold) else (fault.extensions or {}).get("code")
            return as_json({"code": told, "message": str(fault)}, 401 if asker.account_id is None else 403)
        if isinstance(done, Refusal):
            return refused(done, language, 503 if done.code == TOO_BUSY.code else 403)
        headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="dziennik.zip"'}
        return Response(done, 200, headers, "application/zip")


def _made(
    executor: Executor, system: Serving, asker: Asker, language: str, ordered: Ordered
) -> bytes | Refusal:
    with ExitStack() as stack:
        context = executor.context(asker, language, stack)
        refusal = _judged(context, ordered)
        if refusal:
            return refusal
        looking.taken_out(context, ordered.school, ordered.pupil_id)

    def ask(query: str, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
        said = orjson.loads(
            executor.answer(query, dict(variables), None, asker=asker, language=language, reading_only=True)
        )
        for fault in said.get("errors", ()):
            raise NotTold(fault.get("extensions", {}).get("code", "FAULT"), fault["message"])
        return said["data"]

    answers = all_about(ask, ordered.school, ordered.pupil_id)
    return zipped(answers, _files(ask, system, ordered.school, answers))


def _judged(context: Context, ordered: Ordered) -> Refusal | None:
    """Raises a denial for whoever is not the pupil's parent with a right to know."""
    context.account()
    school, day = ordered.school, context.today(ordered.school)
    if Role.PARENT not in context.roles(school) or ordered.pupil_id not in children(context, school):
        raise denied(context.language)
    view = context.view_of_all(school)
    used = use(view, Feature.FAMILY_EXPORT, AccountKind.PARENT, [ordered.pupil_id], day)
    if used.allowed:
        return None
    return NEEDS_EXTENSION(on=day, feature=Feature.FAMILY_EXPORT.value, field="pupil_id")


def _files(ask: Ask, system: Serving, school: str, answers: Answers) -> Iterator[tuple[str, bytes]]:
    """What came with messages, each fetched by the link that the asker would get."""
    left = MOST_BYTES
    threads = answers["messages"] if isinstance(answers["messages"], list) else []
    for message in (one for thread in threads if thread for one in thread.get("messages", ())):
        for file in message["attachments"]:
            left -= file["size"]
            if left < 0:
                return
            where = {"school": school, "threadId": message["threadId"], "messageId": message["id"]}
            link = ask(_LINK, {**where, "attachmentId": file["id"]})["messageAttachmentLink"]
            token = system.attachment_links.read(link["address"].rpartition("/")[2]) if link else None
            content = system.attachments.read(*token) if token else None
            if content:
                yield f"{file['id']}.{ENDINGS[content.media_type]}", content.content


_LINK: Final = """query ($school: ID!, $threadId: ID!, $messageId: ID!, $attachmentId: ID!) {
  messageAttachmentLink(school: $school, threadId: $threadId, messageId: $messageId, attachmentId:
  $attachmentId) { address } }"""


def zipped(answers: Answers, files: Iterator[tuple[str, bytes]]) -> bytes:
    """The file: a page of all tables, each table as CSV, each answer as JSON, and what came with messages."""
    made = tables(answers)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes) -> None:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)

        put("index.html", html(page(answers, made, _NOTES)))
        for name, one in made.items():
            rows = [[safe(cell) for cell in row] for row in (one.head, *one.rows)]
            put(f"{name}.csv", (BOM + table(rows)).encode())
        for name, answer in answers.items():
            put(f"json/{name}.json", orjson.dumps(answer, option=orjson.OPT_INDENT_2))
        for name, content in files:
            put(f"zalaczniki/{name}", content)
    return out.getvalue()
