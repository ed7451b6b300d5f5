"""Write the schema's text to src/contracts/schema.graphql: `python -m dziennik.graphql.publish`."""

from __future__ import annotations

from pathlib import Path

import dziennik.contracts
from dziennik.graphql.schema import SCHEMA


def main() -> None:
    """Publish the schema. The diff is to be looked at: changes are compatible, or a new ADR."""
    target = Path(dziennik.contracts.__file__).parent / "schema.graphql"
    target.write_text(SCHEMA.as_str() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
