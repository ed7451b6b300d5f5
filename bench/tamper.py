"""Ten thousand random cases of tampering straight in SQL: is each found, and does the verdict point to it?

`make tamper` runs them and writes bench/TAMPER.md. The kinds are those of tests/proof/tampering.py, of which
the test suite runs some hundred cases.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.run import machine
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.postgres.embedded import embedded
from tests.proof.tampering import KINDS, case, scene_of

REPORT = Path(__file__).with_name("TAMPER.md")
PER_SCENE = 200  # cases before a new school is made


def campaign(dsn: str, cases: int, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Cases tried by kind, and those that were not found or not placed."""
    kinds = list(KINDS)
    tried: Counter[str] = Counter()
    missed: list[str] = []
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        for start in range(0, cases, PER_SCENE):
            scene = scene_of(
                dsn, journals.create_school(f"tamper{start}"), folder / str(start), seed=seed + start
            )
            for number in range(start, min(start + PER_SCENE, cases)):
                kind = kinds[number % len(kinds)]
                fault = case(scene, kind)
                tried[kind] += 1
                if fault:
                    missed.append(f"{kind}, case {number}, seed {seed + start}: {fault}")
            scene.close()
            print(f"{min(start + PER_SCENE, cases)} / {cases}, {len(missed)} missed", flush=True)
    return tried, missed


def report(tried: Counter[str], missed: list[str], seed: int, seconds: float, where: str) -> str:
    """The campaign as a table."""
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# Tampering",
        "",
        f"Made by `make tamper`: {tried.total():,} cases (seed {seed}), {seconds:.0f} s, {day}, {where}.",
        "Each changes a school's tables as superuser; the verdict comes from an export, one checkpoint kept",
        "elsewhere and the public key. Found: it does not hold; placed: it points to the right position.",
        "",
        "| kind | cases | found and placed |",
        "|---|---:|---:|",
    ]
    wrong = Counter(text.split(",")[0] for text in missed)
    lines += [f"| {kind} | {count:,} | {count - wrong[kind]:,} |" for kind, count in tried.items()]
    lines += [f"| **all** | **{tried.total():,}** | **{tried.total() - len(missed):,}** |", ""]
    lines += [f"* {text}" for text in missed]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dziennik tamper ") as name:
        folder = Path(name)
        with embedded(folder / "server", durable=False) as server:
            started, where = perf_counter(), machine(server)
            tried, missed = campaign(server, given.cases, given.seed, folder / "logs")
    REPORT.write_text(report(tried, missed, given.seed, perf_counter() - started, where), encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
