"""Is a scan kept so that it reads as it came in, until its key is destroyed, and never otherwise?"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from dziennik.attachments.scans import Scans
from dziennik.attachments.store import File
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

SCAN = "a" * 64
CONTENT = b"%PDF-1.7 karta " * 50


@pytest.fixture
def journals(dsn: str) -> Iterator[Journals]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as made:
        for school in ("sp1", "sp2"):
            made.create_school(school)
        yield made


@pytest.fixture
def scans(dsn: str, journals: Journals) -> Iterator[Scans]:
    made = Scans(dsn, journals)
    yield made
    made.close()


def test_a_scan_reads_as_it_came_in_and_in_its_school_only(scans: Scans) -> None:
    scans.keep("sp1", SCAN, "application/pdf", CONTENT)
    scans.keep("sp1", SCAN, "application/pdf", CONTENT)  # again: nothing
    assert scans.read("sp1", SCAN) == File("application/pdf", CONTENT)
    assert scans.read("sp1", "b" * 64) is None
    assert scans.read("sp2", SCAN) is None


def test_it_is_sealed_and_bound_to_its_place(scans: Scans, dsn: str) -> None:
    scans.keep("sp1", SCAN, "application/pdf", CONTENT)
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT sealed FROM files_sp1.scans").fetchone()
        assert row is not None
        assert b"karta" not in bytes(row[0])
        connection.execute("UPDATE files_sp1.scans SET scan_id = %s", ["b" * 64])
    with pytest.raises(ValueError, match="changed"):
        scans.read("sp1", "b" * 64)


def test_without_its_key_nobody_reads_it(scans: Scans, journals: Journals) -> None:
    scans.keep("sp1", SCAN, "application/pdf", CONTENT)
    journals.school("sp1").keys.destroy(f"scan/{SCAN}")
    assert scans.read("sp1", SCAN) is None
