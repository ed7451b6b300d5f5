"""How do days, instants, numbers and enumerations look in GraphQL?

Results arrive here as they go out: days and instants as ISO texts, numbers as texts ("4.50"),
enumerations as their names. So a read model's JSON is spliced as it is (ADR 0030).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLError


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError(f"{value!r} is not a day like 2026-09-01") from None


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError(f"{value!r} is not an instant like 2026-09-01T08:00:00Z") from None
    if found.tzinfo is None:
        raise GraphQLError(f"{value!r} lacks its offset from UTC")
    return found


def _number(value: object) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise GraphQLError(f"{value!r} is not a number") from None
    if not found.is_finite() or abs(found.adjusted()) > 12 or len(found.as_tuple().digits) > 12:
        raise GraphQLError(f"{value!r} is not a number of reasonable size")
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
