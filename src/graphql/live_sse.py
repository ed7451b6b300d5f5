"""Server-Sent Events: GraphQL over SSE in distinct connections mode, one operation a request.

POST /graphql with `Accept: text/event-stream`. Answers come as events `next`, the end as `complete`; a
comment is the heartbeat. The id of an event is the position to go on from, which Last-Event-ID brings back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Final

from fastapi import Request as HttpRequest
from fastapi.responses import Response, StreamingResponse

from dziennik.graphql.executing import Executor
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.live_limits import TOO_MANY_STREAMS, Places
from dziennik.graphql.refusing import Refused
from dziennik.graphql.requests import JSON, asker_of, language_of, token_of
from dziennik.graphql.subscribing import Live, Request

MEDIA_TYPE: Final = "text/event-stream"
HEADERS: Final = {
    **PRIVATE,
    "X-Accel-Buffering": "no",  # or a proxy keeps events to itself
}
HEARTBEAT: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"


def wants_events(request: HttpRequest) -> bool:
    """Whether the answer is to come as events."""
    accepted = request.headers.get("accept", "").lower()
    return any(each.partition(";")[0].strip() == MEDIA_TYPE for each in accepted.split(","))


async def answer(
    live: Live,
    executor: Executor,
    places: Places,
    request: HttpRequest,
    asked: tuple[str, dict[str, object] | None, str | None],
) -> Response:
    """The stream of answers."""
    language, (query, variables, operation) = language_of(request), asked
    asker = await asker_of(live.system, request)
    seen = request.headers.get("last-event-id", "")
    wanted = Request(
        query=query,
        variables=variables,
        operation=operation,
        asker=asker,
        token=token_of(request),
        language=language,
        after=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None,
    )
    stack = ExitStack()
    if not stack.enter_context(places.all.entered()) or not stack.enter_context(
        places.of_account.entered(asker.account_id or "")
    ):
        stack.close()
        refused = executor.refused(Refused(TOO_MANY_STREAMS(), language))
        return Response(refused, 429, HEADERS, JSON)
    return StreamingResponse(_written(live, wanted, stack), 200, HEADERS, f"{MEDIA_TYPE}; charset=utf-8")


async def _written(live: Live, wanted: Request, stack: ExitStack) -> AsyncIterator[bytes]:
    """Events as bytes; the JSON of an answer has no line breaks."""
    with stack:
        yield HEARTBEAT  # headers go out at once
        async for event in live.events(wanted):
            if event.body is None:
                yield HEARTBEAT
                continue
            place = f"id: {event.position}\n".encode() if event.position is not None else b""
            yield b"event: next\n" + place + b"data: " + event.body + b"\n\n"
        yield COMPLETE
