"""Importing bundles in tests."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from dziennik.imports.oneroster.report import Report
from dziennik.imports.oneroster.run import run_import
from dziennik.imports.oneroster.schools import Schools
from tests.imports.bundles import Bundle

# A Tuesday in the first term of the small school.
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def bring(
    here: Schools,
    bundle: Bundle,
    *,
    school: str | None = None,
    dry_run: bool = False,
    skip: bool = False,
    now: datetime = NOW,
) -> Report:
    """Import the bundle as a zip, or as a folder when it has no manifest."""
    with tempfile.TemporaryDirectory() as folder:
        if bundle.manifest:
            path = bundle.write_zip(Path(folder) / "b.zip")
        else:
            path = bundle.write_folder(Path(folder) / "b")
        return run_import(here, path, only_school=school, dry_run=dry_run, skip_bad_rows=skip, now=now)


def told(report: Report) -> list[str]:
    """Faults as "file:line:column CODE"."""
    return [
        ":".join(str(part) for part in (f.place.file, f.place.line, f.column) if part) + f" {f.code}"
        for f in report.faults
    ]


def nonzero(report: Report, heading: str) -> dict[str, int]:
    """One heading of the report without its zeros."""
    return {kind: count for kind, count in report.as_json()[heading].items() if count}
