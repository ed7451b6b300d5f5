"""A journal with its log beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dziennik.journal.journal import Journal
from dziennik.proof.log import SchoolLog
from dziennik.proof.notes import Signer
from tests.journal.conftest import dsn, journal, journal_database, journals, open_journals  # noqa: F401

SEED = bytes(range(32))


def log_of(folder: Path, journal: Journal, seed: bytes = SEED) -> SchoolLog:  # noqa: F811
    return SchoolLog(folder, journal, Signer(f"dziennik/{journal.school_id}", seed))


@pytest.fixture
def log(tmp_path: Path, journal: Journal) -> SchoolLog:  # noqa: F811
    return log_of(tmp_path, journal)
