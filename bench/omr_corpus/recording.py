"""Figures of a campaign, put beside those of `make bench`."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from typing import Any

from bench.run import REPORT, RESULTS, report


def record(figures: dict[str, dict[str, Any]]) -> None:
    """Put figures into bench/results.json and bench/RESULTS.md, with the day and the machine."""
    known = json.loads(RESULTS.read_text(encoding="utf-8"))
    here = f"{platform.system()} {platform.machine()}, {len(os.sched_getaffinity(0))} cores"
    day = datetime.now(UTC).date().isoformat()
    for name, row in figures.items():
        known[name] = {**row, "value": float(row["value"]), "date": day, "machine": here}
    RESULTS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    REPORT.write_text(report(known), encoding="utf-8")
