"""Relay connections over sorted lists: cursors name a place by its key, so pages hold when rows are added."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dziennik.graphql import rendering
from dziennik.graphql.refusing import CURSOR_UNKNOWN, PAGE_SIZE, Refused

LARGEST_PAGE = 200
R = TypeVar("R")


def page_of(
    rows: Sequence[R],
    key: Callable[[R], str],
    render: Callable[[R], dict[str, Any]],
    *,
    first: int,
    after: str | None,
    language: str,
) -> dict[str, Any]:
    """The connection of the `first` rows after the cursor; `rows` are sorted by `key`."""
    if not 1 <= first <= LARGEST_PAGE:
        raise Refused(PAGE_SIZE(limit=LARGEST_PAGE, field="first"), language)
    keys = [key(row) for row in rows]
    start = bisect_right(keys, _opened(after, language)) if after is not None else 0
    page = slice(start, min(start + first, len(rows)))
    chosen = rows[page]
    cursors = [_cursor(each) for each in keys[page]]
    return rendering.connection([render(row) for row in chosen], cursors, page, len(rows))


def page_newest(
    fetch: Callable[[int, int | None], list[R]],
    position: Callable[[R], int],
    render: Callable[[Sequence[R]], list[dict[str, Any]]],
    *,
    first: int,
    after: str | None,
    total: int,
    language: str,
) -> dict[str, Any]:
    """The connection of rows by position, the latest first, of which only a page is fetched.

    `fetch` gives at most so many rows below a position; `total`: how many there are on all pages.
    """
    if not 1 <= first <= LARGEST_PAGE:
        raise Refused(PAGE_SIZE(limit=LARGEST_PAGE, field="first"), language)
    told = _opened(after, language) if after is not None else None
    if told is not None and not (told.isascii() and told.isdigit() and len(told) < 19):
        raise Refused(CURSOR_UNKNOWN(field="after"), language)
    rows = fetch(first + 1, int(told) if told else None)
    chosen = rows[:first]
    cursors = [_cursor(str(position(row))) for row in chosen]
    start = 0 if told is None else 1  # all that is known of what lies before: something does
    page = slice(start, start + len(chosen))
    there = page.stop + (len(rows) > first)
    return {**rendering.connection(render(chosen), cursors, page, there), "totalCount": total}


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _opened(cursor: str, language: str) -> str:
    try:
        return base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused(CURSOR_UNKNOWN(field="after"), language) from None
