"""Ten thousand random changes of a signed bag, none of which may be accepted: `python -m
tests.bagcheck.campaign`.

Longer than the suite may take; the suite makes some hundred of them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from dziennik.archive.bagging import zip_bag
from tests.bagcheck.bags import byte_changes, checked, signed_bag


def main() -> None:
    """Count, and tell each change that was accepted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    accepted = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bag.zip"
        zip_bag(signed_bag(Path(folder) / "bag"), path)
        data = path.read_bytes()
        for told, changed in byte_changes(data, 1, count):
            path.write_bytes(changed)
            if checked(path).wrong is None:
                accepted.append(told)
    print(f"{count} changes, {len(accepted)} accepted: {accepted}")  # noqa: T201
    raise SystemExit(bool(accepted))


if __name__ == "__main__":
    main()
