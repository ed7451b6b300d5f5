"""How do days, instants, numbers and enumerations look in GraphQL?

Results arrive here as they go out: days and instants as ISO texts, numbers as texts ("4.50"),
enumerations as their names. So a read model's JSON is spliced as it is (ADR 0030).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLError

# No underscores and no digits of other scripts, as Python's own numbers may have.
_NUMBER = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})(e[+-]?\d{1,4})?\Z", re.ASCII | re.IGNORECASE)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _given(value: object) -> str:
    """A text as it was given. Not `str(value)`: of a list in a list that is endless."""
    if not isinstance(value, str):
        raise GraphQLError("this is no text")
    return value


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "...")


def _day(value: object) -> date:
    text = _given(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GraphQLError(f"{_shown(text)} is not a day like 2026-09-01") from None


def _instant(value: object) -> datetime:
    text = _given(value)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise GraphQLError(f"{_shown(text)} is not an instant like 2026-09-01T08:00:00Z") from None
    if found.tzinfo is None:
        raise GraphQLError(f"{_shown(text)} lacks its offset from UTC")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise GraphQLError(f"{_shown(text)} is before or after all time") from None


def _number(value: object) -> Decimal:
    text = str(value) if type(value) in (int, float) else _given(value)
    if not _NUMBER.match(text):
        raise GraphQLError(f"{_shown(text)} is not a number")
    found = Decimal(text)
    if abs(found.adjusted()) > 12 or len(found.as_tuple().digits) > 12:
        raise GraphQLError(f"{_shown(text)} is not a number of reasonable size")
    return found


SCALARS: dict[object, Any] = {
    date: strawberry.scalar(
        name="Date", description="A school-local day, ISO 8601.", serialize=_text, parse_value=_day
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 with offset.",
        serialize=_text,
        parse_value=_instant,
    ),
    Decimal: strawberry.scalar(
        name="Decimal", description='An exact number as text: "4.50".', serialize=_text, parse_value=_number
    ),
}


@cache
def enum_named(values: type[StrEnum]) -> Any:  # noqa: ANN401
    """The GraphQL enumeration of one of the contracts': members are called and valued by their names."""
    names = Enum(values.__name__, {member.name: member.name for member in values})  # type: ignore[misc]
    return strawberry.enum(names, name=values.__name__, description=(values.__doc__ or "").split("\n")[0])
