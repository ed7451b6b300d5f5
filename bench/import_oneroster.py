"""How long does it take to bring the reference school in from its OneRoster file?

Into an empty database: read and check the file, decide all commands of both schools, write each
school in one append. The file is not part of the project; without it there is no figure.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from dziennik.application.register import Register
from dziennik.imports.oneroster.run import run_import
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "oneroster-uci-2013.zip"


class Here:
    """The schools of one database."""

    def __init__(self, journals: Journals) -> None:
        self._journals = journals

    def schools(self) -> list[str]:
        return self._journals.schools()

    def found(self, school_id: str) -> Register:
        self._journals.create_school(school_id)
        return self.register(school_id)

    def register(self, school_id: str) -> Register:
        return Register(self._journals.school(school_id))


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Seconds of the first import, and of the same file again (nothing to write)."""
    if not FILE.exists():
        print(f"no {FILE.name}: skipped")
        return {}
    journals = Journals(dsn, keyring=Keyring(bytes(32)))
    try:
        here = Here(journals)
        first, facts = _timed(here)
        again, nothing = _timed(here)
    finally:
        journals.close()
    if nothing:
        raise RuntimeError(f"the same file again wrote {nothing} facts")
    return {
        "import.oneroster_uci.seconds": {
            "value": round(first, 2),
            "unit": "seconds",
            "baseline": f"none; {facts} facts of 2 schools in 2 appends",
            "limit": "deciding (pure Python), then encrypting names and the append itself",
        },
        "import.oneroster_uci_again.seconds": {
            "value": round(again, 2),
            "unit": "seconds",
            "baseline": "the same file when nothing is to be written",
            "limit": "reading what the register holds",
        },
    }


def _timed(here: Here) -> tuple[float, int]:
    started = time.perf_counter()
    report = run_import(here, FILE)
    if not report.accepted:
        raise RuntimeError(report.as_text("en"))
    return time.perf_counter() - started, report.facts
