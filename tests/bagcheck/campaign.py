"""Ten thousand random changes of a signed bag, none of which may be accepted: `make bag-changes`.

Longer than the suite may take; the suite makes some hundred of them. Writes bench/BAG_CHANGES.md.
"""

from __future__ import annotations

import random
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
        " of the golden archive, signed: half of its zip, half of a file in its folder;"
        f" {seconds:.0f} s, {datetime.now(UTC).date().isoformat()}. Accepted: {codes['accepted']}.\n\n"
        f"| refused as | times |\n|---|---:|\n{rows}"
    )


def _tell(path: Path, told: str, codes: Counter[str], accepted: list[str]) -> None:
    wrong = checked(path).wrong
    codes[wrong.code if wrong else "accepted"] += 1
    if wrong is None:
        accepted.append(told)


def main() -> None:
    """Count, and tell each change that was accepted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    accepted: list[str] = []
    codes, begun = Counter[str](), perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder, path = signed_bag(Path(name) / "bag"), Path(name) / "bag.zip"
        zip_bag(folder, path)
        data = path.read_bytes()
        # A zip has sums of its own, which find most; so half of the changes are of files in the folder.
        for told, changed in byte_changes(data, 1, count // 2):
            path.write_bytes(changed)
            _tell(path, f"zip, {told}", codes, accepted)
        chance = random.Random(2)
        files = sorted(one for one in folder.rglob("*") if one.is_file())
        for number in range(count - count // 2):
            file = chance.choice(files)
            was = file.read_bytes()
            ((told, changed),) = byte_changes(was, number, 1)
            file.write_bytes(changed)
            _tell(folder, f"{file.relative_to(folder)}, {told}", codes, accepted)
            file.write_bytes(was)
    REPORT.write_text(report(count, codes, perf_counter() - begun), encoding="utf-8")
    print(f"{count} changes, {len(accepted)} accepted: {accepted}")  # noqa: T201
    raise SystemExit(bool(accepted))


if __name__ == "__main__":
    main()
