"""Ten thousand random changes of a signed bag, none of which may be accepted: `make bag-changes`.

Longer than the suite may take; the suite makes some hundred of them. Writes bench/BAG_CHANGES.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from dziennik.archive.bagging import zip_bag
from tests.bagcheck.bags import byte_changes, checked, signed_bag

REPORT = Path(__file__).parents[2] / "bench" / "BAG_CHANGES.md"


def report(count: int, codes: Counter[str], seconds: float) -> str:
    """The campaign as a table."""
    rows = "".join(f"| {code} | {times:,} |\n" for code, times in codes.most_common())
    return (
        "# Changes of a signed archive\n\n"
        f"By `make bag-changes`: {count:,} single random changes (a byte altered, dropped, doubled, put in)"
        f" of the golden archive, signed and zipped; {seconds:.0f} s, {datetime.now(UTC).date().isoformat()}."
        f" Accepted: {codes['accepted']}.\n\n| refused as | times |\n|---|---:|\n{rows}"
    )


def main() -> None:
    """Count, and tell each change that was accepted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    accepted, codes, begun = [], Counter[str](), perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bag.zip"
        zip_bag(signed_bag(Path(folder) / "bag"), path)
        data = path.read_bytes()
        for told, changed in byte_changes(data, 1, count):
            path.write_bytes(changed)
            wrong = checked(path).wrong
            codes[wrong.code if wrong else "accepted"] += 1
            if wrong is None:
                accepted.append(told)
    REPORT.write_text(report(count, codes, perf_counter() - begun), encoding="utf-8")
    print(f"{count} changes, {len(accepted)} accepted: {accepted}")  # noqa: T201
    raise SystemExit(bool(accepted))


if __name__ == "__main__":
    main()
