"""Does a school get every archive of its years, as it was stored, with digests that hold?"""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dziennik.archive.making import key_of
from dziennik.archive.storing import FolderStore, NotStored
from dziennik.projections.archives import ArchiveEdition
from dziennik.selling.handing_over import copy_archives, missing, write_facts, write_sums

YEARS = {"y25": "2025/2026", "y26": "2026/2027"}


def edition(year_id: str, number: int) -> ArchiveEdition:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return ArchiveEdition(year_id, number, 1, 2, "0" * 64, 1, 1, None, at, None)


EDITIONS = [edition("y25", 1), edition("y25", 2), edition("y26", 1)]


def test_all_archives_are_copied_with_their_digests(tmp_path: Path) -> None:
    store, out = FolderStore(tmp_path / "store"), tmp_path / "out"
    for row in EDITIONS[:2]:
        bag = tmp_path / "bag.zip"
        bag.write_bytes(b"archive %d" % row.edition)
        store.put(key_of("sp1", YEARS[row.year_id], row.edition), bag)
    assert missing(store, "sp1", YEARS, EDITIONS) == [EDITIONS[2]]
    with pytest.raises(NotStored):
        copy_archives(store, "sp1", YEARS, EDITIONS, out, lambda *_: None)
    told: list[tuple[int, int]] = []
    copied = copy_archives(store, "sp1", YEARS, EDITIONS[:2], out, lambda *seen: told.append(seen))
    assert told == [(1, 2), (2, 2)]
    names = [file.name for _, file in copied]
    assert names == ["archiwa/2025-2026-edition-1.zip", "archiwa/2025-2026-edition-2.zip"]
    assert (out / names[1]).read_bytes() == b"archive 2"
    facts = write_facts(out, "sp1.facts", [b"a\n", b"b\n"])
    write_sums(out, [facts, *(file for _, file in copied)])
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=out, capture_output=True, check=False).returncode == 0
    (out / names[0]).write_bytes(b"other")
    assert subprocess.run(check, cwd=out, capture_output=True, check=False).returncode == 1
