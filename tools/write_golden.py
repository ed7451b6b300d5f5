"""Write the golden file of a new fact, on purpose: `python -m tools.write_golden grades.grade_given.1`.

The sample comes from `tests/contracts/samples.py`. A file that is there already is never written again: a
stored shape is for ever. A fact that got an optional field keeps its file, and its new shape gets one beside
it: `grades.grade_given.1+2.json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from tests.contracts.samples import SAMPLES

GOLDEN = Path(__file__).parents[1] / "tests" / "contracts" / "golden"


def shapes(name: str, folder: Path = GOLDEN) -> list[Path]:
    """The golden files of a fact, the shape that was stored first before those with more optional fields."""
    later = folder.glob(f"{name}+*.json")
    by_number = sorted(later, key=lambda path: int(path.stem.rpartition("+")[2]))
    return [path for path in (folder / f"{name}.json", *by_number) if path.exists()]


def write(name: str, folder: Path = GOLDEN) -> Path:
    """Write one golden file. KeyError without a sample, FileExistsError if the shape is there."""
    shape, there = msgspec.json.encode(SAMPLES[name]), shapes(name, folder)
    if shape in [path.read_bytes() for path in there]:
        raise FileExistsError(there[-1])
    path = folder / (f"{name}+{len(there) + 1}.json" if there else f"{name}.json")
    with path.open("xb") as file:
        file.write(shape)
    return path


def main() -> None:
    """Write the files of the names given."""
    if len(sys.argv) < 2:
        raise SystemExit("Which fact? Give its stored name, such as grades.grade_given.1")
    for name in sys.argv[1:]:
        write(name)


if __name__ == "__main__":
    main()
