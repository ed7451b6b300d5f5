"""GET /cards/papers/{token} gives the paper of issued cards, a PDF to print (ADR 0141)."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dziennik.contracts.refusals import Refusal
from dziennik.graphql.answers import refused
from dziennik.graphql.context import VISIBLE_WITHIN, Serving
from dziennik.graphql.gates import Gate
from dziennik.graphql.headers import UNLISTED
from dziennik.graphql.refusing import NOT_YET_VISIBLE, TOO_BUSY
from dziennik.journal.journal import UnknownSchool
from dziennik.projections.cards import CARDS
from dziennik.projections.walls import Wall
from dziennik.scanning.reprinting import Papers, draw_again

AT_ONCE = 2
_HEADERS = {**UNLISTED, "Content-Disposition": 'inline; filename="karty.pdf"'}


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""
    drawing = Gate(AT_ONCE)

    @app.get("/cards/papers/{token}", include_in_schema=False)
    async def papers(token: str) -> Response:
        said = system.card_papers.read(token)
        found = await run_in_threadpool(_drawn, system, drawing, said) if said else None
        if isinstance(found, Refusal):
            return refused(found, "pl", 503)
        if found is None:
            return Response("", 404, UNLISTED, "text/plain; charset=utf-8")
        return Response(found, 200, _HEADERS, "application/pdf")


def _drawn(system: Serving, drawing: Gate, said: Papers) -> bytes | Refusal | None:
    with drawing.entered() as inside:
        if not inside:
            return TOO_BUSY()
        try:
            if not system.read_models.wait_until(said.school, CARDS.name, said.position, VISIBLE_WITHIN):
                return NOT_YET_VISIBLE(position=said.position)
            with system.read_models.views() as view_of:
                return draw_again(view_of(Wall(said.school)), system.card_key_of(said.school), said.card_ids)
        except UnknownSchool:
            return None
