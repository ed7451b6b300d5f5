"""GET /board/{token}.atom: the notice board for feed readers, behind a secret address (ADR 0062).

Atom, RFC 4287. The bytes depend on what hangs there alone, so an unchanged board has the same ETag. Ids are
UUIDs made of the school's and the announcement's ids, so that a reader knows an entry again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from lxml.etree import Element, SubElement, tostring

from dziennik.contracts.calendar import FeedKind
from dziennik.contracts.facts import ERASED
from dziennik.domain.policies.audiences import reached
from dziennik.graphql import feeds
from dziennik.graphql.context import Serving
from dziennik.projections import board, standings, structure

ATOM = "http://www.w3.org/2005/Atom"
# A feed that a reader polls holds no more; older ones are on the board itself.
MOST_ENTRIES = 100
_IDS = UUID("0c0f5b5e-5a57-4b0e-8a0f-5f1f7f0a3b52")


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""

    @app.api_route("/board/{token}.atom", methods=["GET", "HEAD"], include_in_schema=False)
    async def board_feed(token: str, request: Request) -> Response:
        body = await run_in_threadpool(lambda: feed_bytes(system, token))
        return feeds.answer(body, request, "application/atom+xml; charset=utf-8")


def feed_bytes(system: Serving, token: str) -> bytes | None:
    """What hangs today for the holder of a secret; None when there is none, or none any more."""
    found = feeds.held(system, token)
    if found is None or found.issued.kind is not FeedKind.BOARD:
        return None
    with system.read_models.view(found.school_id) as view:
        where = standings.standing(view, found.issued.holder_id, found.today)
        rows = [row for row in board.hanging(view, found.today) if reached(row.audience, where)]
        school = structure.the_school(view)
    name = school.name if school else found.school_id
    return atom(name, found.school_id, found.issued.feed_id, rows[:MOST_ENTRIES])


def atom(name: str, school_id: str, feed_id: str, rows: Sequence[board.Announcement]) -> bytes:
    """The feed, the latest first. A feed must say when it changed (4.2.15): an empty one never did."""
    feed = Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "pl")
    changed = max((row.spoken_of for row in rows), default=datetime(1970, 1, 1, tzinfo=UTC))
    _add(feed, "id", f"urn:uuid:{uuid5(_IDS, f'{school_id}/feed/{feed_id}')}")
    _add(feed, "title", f"Tablica ogłoszeń – {name}")
    _add(feed, "updated", _instant(changed))
    _add(SubElement(feed, f"{{{ATOM}}}author"), "name", name)
    for row in rows:
        entry = SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", f"urn:uuid:{uuid5(_IDS, f'{school_id}/announcement/{row.announcement_id}')}")
        _add(entry, "title", _readable(row.title))
        _add(entry, "published", _instant(row.posted_at))
        _add(entry, "updated", _instant(row.spoken_of))
        if row.important:
            SubElement(entry, f"{{{ATOM}}}category", term="important", label="Ważne")
        SubElement(entry, f"{{{ATOM}}}content", type="text").text = _readable(row.text)
    body: bytes = tostring(feed, xml_declaration=True, encoding="utf-8")
    return body


def _add(parent: Element, name: str, text: str) -> None:  # type: ignore[valid-type]
    SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _instant(moment: datetime) -> str:
    """RFC 3339, as section 3.3 asks."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _readable(text: str) -> str:
    """An erased text says so: its sign means nothing to a feed reader."""
    return "(usunięto)" if text == ERASED else text
