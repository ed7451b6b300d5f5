"""Samples of the facts about archives, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import UTC, datetime

from dziennik.contracts import archives
from dziennik.contracts.facts import Fact

MANIFEST = "b9" * 32

ARCHIVES: tuple[Fact, ...] = (
    archives.ArchiveWritten(
        year_id="y2026",
        edition=2,
        cut_off=41230,
        format=1,
        manifest_sha256=MANIFEST,
        files=(archives.ArchivedFile(path="data/index.xml", sha256="0a" * 32, size=1234),),
        reason="sprostowanie oceny rocznej",
    ),
    archives.ArchiveSigned(
        year_id="y2026",
        edition=2,
        manifest_sha256=MANIFEST,
        signature="PHg+PC94Pg==",
        signer="Wanda Dyrektorska",
        certificate_sha256="7f" * 32,
        claimed_at=datetime(2027, 9, 8, 10, 15, tzinfo=UTC),
        stamped_at=datetime(2027, 9, 8, 10, 15, 3, tzinfo=UTC),
        trusted=True,
        not_revoked=True,
    ),
    archives.ArchiveFetched(year_id="y2026", edition=2, seconds=600),
)
