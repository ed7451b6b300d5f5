"""Can the arguments of a root field be asked of a database at all?

What a command says is looked at by the domain (`domain/texts.py`), what only finds things is looked at here:
texts that PostgreSQL cannot take, keys that do not fit into an index, and how many rows one request wants
in all of its fields together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dziennik.contracts.commands import TEXT_TOO_LONG, UNWRITABLE_TEXT
from dziennik.contracts.refusals import Refusal

LONGEST_TEXT = 10_000
# An idempotency key is kept for ever, in an index; a UUID has 36 characters.
LONGEST_KEY = 200


def fault_in_arguments(arguments: Mapping[str, Any]) -> Refusal | None:
    """The first argument that cannot be asked, or None."""
    for name, value in arguments.items():
        if not isinstance(value, str):
            continue
        if "\0" in value:
            return UNWRITABLE_TEXT(field=_camel(name), at=_camel(name), character="U+0000")
        limit = LONGEST_KEY if name == "idempotency_key" else LONGEST_TEXT
        if len(value) > limit:
            return TEXT_TOO_LONG(field=_camel(name), at=_camel(name), length=len(value), limit=limit)
    return None


def _camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)
