"""Is the published JSON Schema of the facts current? `python -m tools.write_schemas` writes it anew."""

from __future__ import annotations

import msgspec
from tools.write_schemas import PLACE, schemas

from dziennik.contracts.registry import FACTS


def test_the_published_schema_is_current() -> None:
    assert PLACE.read_bytes() == schemas()


def test_it_has_every_fact_under_its_stored_name() -> None:
    published = msgspec.json.decode(PLACE.read_bytes())
    assert {name: part["$ref"] for name, part in published["facts"].items()} == {
        name: f"#/$defs/{kind.__name__}" for name, kind in FACTS.items()
    }
    assert {kind.__name__ for kind in FACTS.values()} <= published["$defs"].keys()


def test_personal_texts_are_marked() -> None:
    published = msgspec.json.decode(PLACE.read_bytes())
    given = published["$defs"]["GradeGiven"]["properties"]
    assert given["comment"]["personal"] is True
    assert "personal" not in given["value"]
