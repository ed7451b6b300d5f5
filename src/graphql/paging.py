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


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _opened(cursor: str, language: str) -> str:
    try:
        return base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused(CURSOR_UNKNOWN(field="after"), language) from None
