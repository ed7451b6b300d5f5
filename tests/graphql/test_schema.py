"""The schema's text is a published contract: changed only on purpose, and only compatibly."""

from __future__ import annotations

from pathlib import Path

import dziennik.contracts
from dziennik.graphql.schema import SCHEMA

PUBLISHED = Path(dziennik.contracts.__file__).parent / "schema.graphql"


def test_the_schema_is_the_published_one() -> None:
    """After a compatible change: `python -m dziennik.graphql.publish`."""
    assert SCHEMA.as_str() + "\n" == PUBLISHED.read_text(encoding="utf-8")
