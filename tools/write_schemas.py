"""Write the JSON Schemas of stored facts and of card templates: `python -m tools.write_schemas`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from dziennik.contracts.registry import FACTS
from dziennik.omr import template

PLACE = Path(__file__).parents[1] / "src" / "contracts" / "schemas" / "events.json"
TEMPLATE = PLACE.with_name("card-template-1.json")


def schemas() -> bytes:
    """One document: `facts` by stored name, what they are made of in `$defs`; keys in order."""
    names = sorted(FACTS)
    roots, definitions = msgspec.json.schema_components([FACTS[name] for name in names])
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts of the class register, as stored",
        "facts": dict(zip(names, roots, strict=True)),
        "$defs": {name: _marked(name, part) for name, part in definitions.items()},
    }
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1) + b"\n"


def _marked(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """The definition with personal texts marked, which the library leaves out."""
    personal = next((fact.personal_fields for fact in FACTS.values() if fact.__name__ == name), ())
    for field in personal:
        part["properties"][field]["personal"] = True
    return part


def main() -> None:
    """Write the files."""
    PLACE.write_bytes(schemas())
    TEMPLATE.write_bytes(template.schema())


if __name__ == "__main__":
    main()
