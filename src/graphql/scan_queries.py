"""Queries: which scans came in, what of each one waits, and which of its pages gave no card?

Whoever sent a scan and whoever sees the whole school are told of its pages; others of own cards alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql.card_fields import PICTURES
from dziennik.graphql.card_queries import SEEN, queued, told
from dziennik.graphql.card_shapes import CardSheet
from dziennik.graphql.card_sight import WHOLE_SCHOOL
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.rendering import instant
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.omr.sheet import Why
from dziennik.projections import card_questions, cards
from dziennik.scanning.intake import told_aside
from dziennik.scanning.pictures import Part

ID = strawberry.ID
# Scans of which nothing waits are listed for so long: then their paper is wherever papers go.
LISTED = timedelta(days=30)
EMPTY = "blank"  # backs of sheets
STOPPED = frozenset({Why.TOO_LONG.value, Why.UNREADABLE_FILE.value})  # the next time it may be read


@strawberry.type(
    description="A page that gave no card. On one that says `no_identity` the card can be named (`namePage`)."
)
class PageAside:
    page: int
    why: str = strawberry.field(description="The reader's code, or why the register did not take the card.")
    message: str
    card_id: ID | None
    picture: str | None = strawberry.field(
        description="All of it, small, for ten minutes; null: there was no card in all the file."
    )


@strawberry.type(description="A scan that came in.")
class CardScan:
    id: ID
    received_at: datetime
    received_by: ID
    waiting: int = strawberry.field(description="How many of its cards wait in the asker's queue.")
    aside: list[PageAside] = strawberry.field(
        description="Pages that gave no card, without empty ones; to whoever sent the scan or sees the whole"
        " school."
    )


@strawberry.type
class ScanQueries:
    @guarded(
        description="Scans of which something waits, and those of the last 30 days with pages that gave no"
        " card, the latest first."
    )
    def card_scans(self, info: Info, school: SchoolId, after_position: Position = None) -> list[CardScan]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view = context.view(school)
        waiting = Counter(sheet.scan_id for _, sheet in queued(context, school, card_questions.waiting(view)))
        recent = card_questions.received_since(view, context.register(school).now() - LISTED)
        known = {scan.scan_id for scan in recent}
        older = [(scan_id,) for scan_id in waiting if scan_id not in known]
        scans = [*recent, *(scan for scan in view.many(cards.Scan, older) if scan)]
        found = [_scan(context, school, scan, waiting[scan.scan_id]) for scan in scans]
        return [one for one in found if one["waiting"] or one["aside"]]  # type: ignore[misc]

    @guarded(description="Cards that wait as one scan shows them, by page; of whichever classes they are.")
    def scan_queue(
        self, info: Info, school: SchoolId, scan_id: ID, after_position: Position = None
    ) -> list[CardSheet]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return told(context, school, card_questions.queue_of_scan(context.view(school), scan_id))


def _scan(context: Context, school: str, scan: cards.Scan, waiting: int) -> dict[str, Any]:
    who = (context.access(school).person.person_id, context.account())
    knows = scan.received_by in who or bool(context.roles(school) & WHOLE_SCHOOL)
    return {
        "id": scan.scan_id,
        "receivedAt": instant(scan.received_at),
        "receivedBy": scan.received_by,
        "waiting": waiting,
        "aside": _aside(context, school, scan) if knows else [],
    }


def _aside(context: Context, school: str, scan: cards.Scan) -> list[dict[str, Any]]:
    pages = [page for page in scan.aside if page.why != EMPTY]
    if not pages:
        return []
    read = {row.page for row in context.view_of_all(school).find(cards.CardSheet, scan_id=scan.scan_id)}
    kept = context.system.scans.has(school, scan.scan_id)
    return list(_told_pages(context, school, scan.scan_id, pages, read, kept=kept))


def _told_pages(
    context: Context,
    school: str,
    scan_id: str,
    pages: Iterable[cards.AsidePage],
    read: set[int],
    *,
    kept: bool,
) -> Iterable[dict[str, Any]]:
    for one in pages:
        if one.named or (one.why in STOPPED and one.page in read):
            continue
        picture = context.system.pictures.address(school, Part(scan_id=scan_id, page=one.page))
        yield {
            "page": one.page,
            "why": one.why,
            "message": told_aside(one.why, context.language),
            "cardId": one.card_id,
            "picture": PICTURES + picture if kept else None,
        }
