"""What stands behind a secret address, and how is it answered (ADR 0062)?

Every look asks anew whether the feed stands and its holder may still see what it shows. Whatever is wrong,
the answer is the same: there is nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response

from dziennik.application.register import Register
from dziennik.contracts.calendar import FeedIssued
from dziennik.domain.calendar_feeds import may_hold
from dziennik.domain.calendar_state import feed
from dziennik.domain.world import Stream
from dziennik.graphql.context import Serving
from dziennik.graphql.headers import UNLISTED

S = TypeVar("S")

_HEADERS = {**UNLISTED, "Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class Held:
    """A feed whose holder is entitled to it on that day."""

    school_id: str
    issued: FeedIssued
    today: date


class _Standing:
    """The register as it stands, for a rule that only looks."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def __getitem__(self, stream: Stream[S], /) -> S:
        return self._register.state(stream)

    def many(self, streams: Sequence[Stream[S]], /) -> list[S]:
        return [self[stream] for stream in streams]


def held(system: Serving, token: str) -> Held | None:
    """The feed behind a secret; None when there is none, or none any more."""
    found = system.calendar_tokens.feed_of(token)
    if found is None:
        return None
    school_id, feed_id = found
    register = system.register(school_id)
    state = register.state(feed(feed_id))
    if state.revoked:
        system.calendar_tokens.forget(token)
    if state.issued is None or state.revoked:
        return None
    issued, today = state.issued, register.today()
    if not may_hold(_Standing(register), issued.kind, issued.target_id, issued.holder_id, today):
        return None
    return Held(school_id, issued, today)


def answer(body: bytes | None, request: Request, media_type: str) -> Response:
    """The body under its hash as ETag, or that it is as the asker knows it; None: there is nothing here."""
    if body is None:
        return Response("", 404, {**_HEADERS, "Cache-Control": "no-store"}, "text/plain; charset=utf-8")
    headers = {**_HEADERS, "ETag": f'"{sha256(body).hexdigest()[:32]}"'}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)
