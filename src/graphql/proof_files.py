"""GET /proofs/{token} gives the proof of one entry as a file (docs/proof.md).

The address was made for somebody who sees the entry (`gradeProof`), and says which it is; the proof itself is
made when it is fetched, against the newest checkpoint.
"""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dziennik.graphql.context import Serving
from dziennik.graphql.gates import Gate
from dziennik.graphql.headers import UNLISTED
from dziennik.journal.journal import Journal, UnknownSchool
from dziennik.proof.links import Proven
from dziennik.proof.log import CannotVouch, SchoolLog
from dziennik.proof.proving import NoSuchEntry, entry_proof

PLACES = 2  # proofs that are made at a time: each reads the tree's files


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""
    proving = Gate(PLACES)

    def answered(found: Proven) -> Response:
        with proving.entered() as inside:
            if not inside:
                return _nothing(503)
            try:
                log, journal = system.log(found.school), system.register(found.school).journal
                content = proof_of(log, journal, found.position)
            except (UnknownSchool, NoSuchEntry):
                return _nothing(404)
            except CannotVouch:
                return _nothing(409)
        headers = {
            **UNLISTED,
            "Content-Disposition": f'attachment; filename="{name_of(found.school, found.position)}"',
        }
        return Response(content, 200, headers, "application/octet-stream")

    @app.get("/proofs/{token}", include_in_schema=False)
    async def download(token: str) -> Response:
        found = system.proof_links.read(token)
        return await run_in_threadpool(answered, found) if found else _nothing(404)


def proof_of(log: SchoolLog, journal: Journal, position: int) -> str:
    """Against the newest checkpoint, or a new one if that does not cover all that was said of the entry.

    Raises CannotVouch, NoSuchEntry.
    """
    newest, found = log.latest(), journal.evidence.read(position - 1, 1)
    if found and (newest is None or newest.size < journal.load(found[0].stream)[-1].position):
        log.publish()
    return entry_proof(log, journal, position)


def name_of(school_id: str, position: int) -> str:
    """What the file is called."""
    return f"{school_id}-{position}.tlog-proof"


def _nothing(status: int) -> Response:
    return Response("", status, UNLISTED, "text/plain; charset=utf-8")
