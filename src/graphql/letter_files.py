"""POST /letters issues one-time codes and gives back their letters, a PDF to print.

The body is JSON: `school`, and either `personIds` or `classId` (with `parents`: true or false), `purpose`
("activation", "password"), `actingAs` ("director"). Codes are in the file alone.
"""

from __future__ import annotations

from contextlib import ExitStack

import msgspec
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from graphql import GraphQLError

from dziennik.contracts.accounts import CodePurpose
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.graphql import issuing
from dziennik.graphql.account_queries import issue
from dziennik.graphql.answers import not_let, refused
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.gates import Gates
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.refusing import NOT_A_REQUEST, TOO_BUSY, denied
from dziennik.graphql.requests import asker_of, language_of, ordered_in
from dziennik.graphql.who_may import MUTATIONS

_PDF = "application/pdf"


class Ordered(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the body says."""

    school: str
    person_ids: tuple[str, ...] = ()
    class_id: str | None = None
    parents: bool = True
    purpose: CodePurpose = CodePurpose.ACTIVATION
    acting_as: Role | None = None


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""
    known, gates = KnownAccess(system.read_models), Gates(hashing=2)

    @app.post("/letters", include_in_schema=False)
    async def letters(request: Request) -> Response:
        asker, language = await asker_of(system, request), language_of(request)
        ordered = await ordered_in(request, Ordered)
        if ordered is None:
            return refused(NOT_A_REQUEST(what="JSON"), language, 400)

        def made() -> bytes | Refusal:
            with ExitStack() as stack, gates.hashing.entered() as inside:
                if not inside:
                    return TOO_BUSY()
                return _made(Context(system, known, asker, language, stack, gates), ordered)

        try:
            done = await run_in_threadpool(made)
        except GraphQLError as fault:
            return not_let(fault, asker.account_id)
        if isinstance(done, Refusal):
            return refused(done, language, 503 if done.code == TOO_BUSY.code else 422)
        headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="kody.pdf"'}
        return Response(done, 200, headers, _PDF)


def _made(context: Context, ordered: Ordered) -> bytes | Refusal:
    from dziennik.accounts.printing import print_letters  # the PDF library: only when asked for

    context.account()
    if not context.roles(ordered.school) & MUTATIONS["issueCodes"]:
        raise denied(context.language)
    wanted = issuing.Wanted(
        person_ids=ordered.person_ids,
        class_id=ordered.class_id,
        parents=ordered.parents,
        purpose=ordered.purpose,
    )
    issued = issue(context, ordered.school, wanted, ordered.acting_as)
    if isinstance(issued, Refusal):
        return issued
    told, _ = issued
    if not told:
        return issuing.NOBODY_WANTS_ONE()
    return print_letters([one.letter for one in told], context.today(ordered.school))
