"""Which figures does this build reach, and against what?

`make bench` runs every module of this folder that has a `run(dsn)`, each in a process and a
database of its own on a durable embedded server, and writes `bench/results.json` and
`bench/RESULTS.md`. `make bench ONLY=journal_append` runs one and keeps the others' figures.

A module's `run(dsn)` gives `{name: {value, unit, baseline[, limit]}}`: `baseline` names what the
value was measured against in the same run, `limit` what holds it back.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from dziennik.postgres.embedded import embedded

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
REPORT = HERE / "RESULTS.md"
NOT_BENCHES = {"run", "__init__"}
PACKAGES = ("eventsourcing", "psycopg", "msgspec", "orjson", "lxml", "strawberry-graphql", "graphql-core")

Figures = dict[str, dict[str, Any]]


def modules() -> list[str]:
    return sorted(p.stem for p in HERE.glob("*.py") if p.stem not in NOT_BENCHES and _has_run(p))


def _has_run(path: Path) -> bool:
    return "\ndef run(" in path.read_text(encoding="utf-8")


def measure(module: str, server: str) -> Figures:
    """Run one module in a process of its own, so that none inherits another's caches."""
    database = f"bench_{module}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}"')
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        program = (
            "import importlib, json, sys; from pathlib import Path;"
            "figures = importlib.import_module('bench.' + sys.argv[1]).run(sys.argv[2]);"
            "Path(sys.argv[3]).write_text(json.dumps(figures))"
        )
        dsn = psycopg.conninfo.make_conninfo(server, dbname=database)
        subprocess.run([sys.executable, "-c", program, module, dsn, answer.name], cwd=HERE.parent, check=True)
        figures: Figures = json.loads(Path(answer.name).read_text())
    return figures


def machine(server: str) -> str:
    with psycopg.connect(server) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    cores = len(sys_cores())
    return f"{platform.system()} {platform.machine()}, {cores} cores, PostgreSQL {row[0] if row else '?'}"


def sys_cores() -> set[int]:
    import os

    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


def report(figures: Figures) -> str:
    """The figures as a table; every row carries its own date and machine."""
    python = platform.python_version()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        "# Measured",
        "",
        f"Made by `make bench`; the same figures are in `results.json`. Python {python}, {versions}.",
        "Ratios compare with the named baseline in the same run; bigger is better unless the unit is a time.",
        "",
        "| figure | value | unit | against | what limits it | date | machine |",
        "|---|---:|---|---|---|---|---|",
    ]
    for name, row in sorted(figures.items()):
        cells = (row["baseline"], row.get("limit", ""), row["date"], row["machine"])
        lines.append(f"| `{name}` | {row['value']:,.4g} | {row['unit']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="modules to run (default: all)")
    chosen = parser.parse_args().only or modules()
    figures: Figures = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="dziennik bench ") as folder, embedded(Path(folder)) as server:
        here, day = machine(server), datetime.now(UTC).date().isoformat()
        for number, module in enumerate(chosen, 1):
            print(f"[{number}/{len(chosen)}] {module} ...", flush=True)
            for name, row in measure(module, server).items():
                figures[name] = {**row, "value": float(row["value"]), "date": day, "machine": here}
                print(
                    f"    {name} = {row['value']:.4g} {row['unit']} (against {row['baseline']})", flush=True
                )
    RESULTS.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    REPORT.write_text(report(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
