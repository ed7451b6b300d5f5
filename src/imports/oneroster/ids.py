"""Under which id does the register keep what a file calls by its sourcedId?

A sourcedId that is a UUID is kept. Anything else may be a PESEL or a user name, and ids stand
in stream names and facts that outlive erasure, so it becomes a name-based UUID (RFC 9562, 5.5)
of school, kind and sourcedId: the same at every import (ADR 0041).
"""

from __future__ import annotations

import re
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0b1f6e-2f0c-5d83-9a53-0d2c5c1b7c10")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")

_FOLDED = str.maketrans("ąćęłńóśżź", "acelnoszz")


def canonical(sourced_id: str) -> str:
    """A UUID in lower case; anything else as it is."""
    return sourced_id.lower() if _UUID.match(sourced_id) else sourced_id


class Ids:
    """The ids of one school."""

    def __init__(self, school_id: str) -> None:
        self._school_id = school_id
        self._known: dict[tuple[str, str], str] = {}

    def of(self, table: str, sourced_id: str) -> str:
        """The id of a row."""
        if _UUID.match(sourced_id):
            return sourced_id.lower()
        return self.derived(table, sourced_id)

    def derived(self, kind: str, name: str) -> str:
        """The id of something the file has no row for (a class unit known by its code only)."""
        key = (kind, name)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = str(uuid5(NAMESPACE, f"{self._school_id}/{kind}/{name}"))
        return known

    def group(self, class_id: str) -> str:
        """The group that a class of the file makes, if it makes one; never a class unit's id."""
        return self.derived("group", class_id)


def after(earlier_id: str, why: str) -> str:
    """The id that follows when the earlier one is used up (a grade struck out comes back)."""
    return str(uuid5(NAMESPACE, f"{earlier_id}/{why}"))


def school_id_of(identifier: str | None, name: str) -> str:
    """A short lower-case id: from the school's identifier, else from its name.

    Letters a-z, digits and "_", beginning with a letter, at most 40 characters, because it
    names a database schema.
    """
    text = (identifier or name).lower().translate(_FOLDED)
    slug = re.sub(r"[^a-z0-9]+", "_", text).strip("_")[:40].strip("_")
    return slug if slug[:1].isalpha() else f"s_{slug}".rstrip("_")
