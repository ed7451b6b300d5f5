"""`make lived-year`: the demo school lives its years over HTTP, with the result in bench/LIVED_YEAR.md.

Every class, pupil and teacher of the demo of that size: opened, run, classified, closed, the next year opened
from it. Then the same school is built through commands, and both are compared fact by fact and row by row;
a director asks every report.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic

import psycopg
from psycopg.conninfo import make_conninfo
from rich.console import Console

from dziennik.demo.days import Step
from dziennik.demo.sizes import SIZES, Size
from dziennik.postgres.embedded import embedded
from tests.lived.comparing import compared
from tests.lived.looking import Midyear, empty, reports
from tests.lived.reports import NOTHING, REPORTS
from tests.lived.serving import served

RESULT = Path(__file__).parents[2] / "bench" / "LIVED_YEAR.md"


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found, and how long each part took, in seconds."""

    requests: int
    commands: int
    people: int
    facts: int
    rows: int
    empty: set[str]
    lived: float
    compared: float
    asked: float


def lived(size: Size, folder: Path, console: Console) -> Result:
    """Live, compare, ask. Raises AssertionError when something differs."""
    with embedded(folder / "server", durable=False) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE DATABASE commands")
        with served(dsn, folder, size) as living:
            midyear, days = Midyear(living), Counter[str]()

            def after(step: Step) -> None:
                midyear(step)
                day = f"{step.at:%Y-%m}"
                if not days[day]:
                    console.print(day, f"{living.commands:,} commands", highlight=False)
                days[day] += 1

            times = [monotonic()]
            living.lived(after)
            times.append(monotonic())
            requests, commands = living.client.requests, living.commands
            facts, rows = compared(living, make_conninfo(dsn, dbname="commands"))
            times.append(monotonic())
            nothing = empty(reports(living, midyear))
            times.append(monotonic())
            spent = [late - early for early, late in pairwise(times)]
            return Result(requests, commands, len(living.people), facts, rows, nothing, *spent)


def main() -> None:
    """Live the year and write down how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    asked = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        result = lived(SIZES[asked.size], Path(folder), console)
    text = told(SIZES[asked.size], result)
    console.print(text, highlight=False)
    if result.empty != set(NOTHING):
        console.print(f"Reports that say nothing, or say more than was known: {result.empty ^ set(NOTHING)}")
        raise SystemExit(1)
    RESULT.write_text(text, encoding="utf-8")


def told(size: Size, result: Result) -> str:
    """The result as a page."""
    classes = len(size.classes)
    return "\n".join(
        [
            "# The demo school lives its years over HTTP",
            "",
            "Written by `make lived-year`. The school of `make demo`, all of its classes, pupils and registers, is",
            "founded on the command line, where its provider signs and supplies, too, and lives through GraphQL",
            "documents alone (`tests/lived/client.py` is an example of a client): opened, run, classified, decided,",
            "closed, corrected by permission, the next year opened from it and begun. Whoever acts is logged in:",
            "director, office, teachers, parents. The same plan carried out through commands gives the same facts in",
            "every stream and the same rows in every read model. Then the director asks every report of",
            "docs/director.md.",
            "",
            f"* date: {datetime.now(UTC):%Y-%m-%d}",
            f"* machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            f"* school: {size.name}, {classes} classes of {size.pupils} pupils, {size.teachers} teachers;",
            f"  from {size.first_until.year - 1}-08-18 to {size.second_until or size.first_until}",
            f"* requests: {result.requests:,}, with {result.commands:,} commands by {result.people} people",
            f"* facts: {result.facts:,}, **the same through commands**",
            f"* rows of read models: {result.rows:,}, **the same through commands**",
            f"* reports asked: {len(REPORTS)}; with an answer: {len(REPORTS) - len(result.empty)}",
            f"* time: lived {result.lived:.0f} s, built and compared {result.compared:.0f} s,"
            f" asked {result.asked:.0f} s",
            "",
            "| report without an answer | because |",
            "|---|---|",
            *[f"| `{name}` | {NOTHING.get(name, '?')} |" for name in sorted(result.empty)],
            "",
        ]
    )


if __name__ == "__main__":
    main()
