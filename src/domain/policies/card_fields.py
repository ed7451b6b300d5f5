"""What can a field of a card say? The same for all layouts, whatever a person decides about a mark."""

from __future__ import annotations

from typing import Final

# By the field's name without the number of its lesson; a test holds it against the printed layouts.
_MARKS: Final[dict[str, tuple[str, ...]]] = {
    "control": ("confirmed",),
    "lesson": ("confirmed",),
    "mark": ("1", "2", "3", "4", "5", "6", "np", "bz", "nb"),
    "presence": ("absent", "late", "released"),
    "sign": ("+", "-"),
    "topic": ("topic-1", "topic-2"),
    "void": ("void",),
}


def marks_of(field: str) -> tuple[str, ...]:
    """The values that cells of a field may have ("presence-3" as "presence"); none: no such field."""
    return _MARKS.get(field.partition("-")[0], ())
