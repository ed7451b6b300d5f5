"""The committed archive of each format version, and the facts that it was made from.

`python -m tests.archive.golden_bag` writes that of the current version, which must not be there yet: a format
that was released never changes (ADR 0037).
"""

from __future__ import annotations

from pathlib import Path

from dziennik.archive.editions import edition, find_year
from dziennik.archive.year_archive import Written, write_year
from dziennik.archive.year_formats import LATEST, format_of
from tests.archive.memory import MemoryFacts, MemoryLog
from tests.archive.sample import GOLDEN, from_lines, to_lines
from tests.archive.year_sample import file_of, tell_year

VERSIONS = sorted(int(path.name.partition("-")[2]) for path in GOLDEN.glob("archive-*") if path.is_dir())


def bag(version: int) -> Path:
    return GOLDEN / f"archive-{version}"


def facts(version: int) -> Path:
    return GOLDEN / f"archive-{version}.facts.jsonl"


def regenerated(version: int, target: Path) -> Written:
    """The first edition of the year, from the committed facts."""
    source = MemoryFacts(from_lines(facts(version).read_bytes()))
    year = find_year(source, "2025")
    made = edition(source, year, 1, source.position(), version)
    # Format 1 was committed without a log.
    vouched = MemoryLog(source, made.cut_off) if format_of(version).proven else None
    return write_year(source, made, target, vouched=vouched, read=file_of)


def main() -> None:
    """Write the golden archive of the current version."""
    facts(LATEST).write_bytes(to_lines(tell_year(further=True)))
    print(regenerated(LATEST, bag(LATEST)).path)  # noqa: T201


if __name__ == "__main__":
    main()
