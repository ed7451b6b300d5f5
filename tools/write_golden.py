"""Write the golden file of a new fact, on purpose: `python -m tools.write_golden grades.grade_given.1`.

The sample comes from `tests/contracts/samples.py`. A file that is there already is never written again: a
stored shape is for ever.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from tests.contracts.samples import SAMPLES

GOLDEN = Path(__file__).parents[1] / "tests" / "contracts" / "golden"


def write(name: str, folder: Path = GOLDEN) -> Path:
    """Write one golden file. KeyError without a sample, FileExistsError if it is there."""
    path = folder / f"{name}.json"
    with path.open("xb") as file:
        file.write(msgspec.json.encode(SAMPLES[name]))
    return path


def main() -> None:
    """Write the files of the names given."""
    if len(sys.argv) < 2:
        raise SystemExit("Which fact? Give its stored name, such as grades.grade_given.1")
    for name in sys.argv[1:]:
        write(name)


if __name__ == "__main__":
    main()
