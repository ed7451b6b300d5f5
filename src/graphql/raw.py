"""Stored JSON on its way out: spliced as it is, or opened when only parts of it are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson


class RawList:
    """A list of JSON objects as bytes, each with all fields of its type in the schema's order."""

    __slots__ = ("items",)

    def __init__(self, items: list[bytes]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.opened())

    def opened(self) -> list[Any]:
        """The objects themselves."""
        return [orjson.loads(item) for item in self.items]

    def spliced(self) -> list[orjson.Fragment]:
        """The bytes, for orjson to put in place."""
        return [orjson.Fragment(item) for item in self.items]


def settled(value: Any) -> Any:  # noqa: ANN401
    """A field's value: a thunk is asked now (it costs a question that not everybody has)."""
    return value() if callable(value) else value


def resolve_default(source: Any, name: str) -> Any:  # noqa: ANN401
    """How fields without a resolver find their value: in a JSON-ready mapping, else as an attribute."""
    if isinstance(source, dict):
        value = settled(source[_camel(name)])
        return value.opened() if isinstance(value, RawList) else value
    return getattr(source, name)


def _camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)
