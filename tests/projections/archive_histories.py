"""Random but possible archives of the year Y: editions one after the other, some signed, some fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dziennik.contracts import archives, streams

if TYPE_CHECKING:
    from tests.projections.histories import History

SIGNED_AT = datetime(2027, 9, 8, 10, 0, tzinfo=UTC)


def written(edition: int, year_id: str = "Y", reason: str | None = None) -> archives.ArchiveWritten:
    """An edition of two files."""
    files = tuple(
        archives.ArchivedFile(path=f"data/{name}.xml", sha256="0a" * 32, size=size)
        for name, size in (("index", 100), ("4a", 2000))
    )
    return archives.ArchiveWritten(
        year_id=year_id,
        edition=edition,
        cut_off=100 * edition,
        format=1,
        manifest_sha256=f"{edition:064x}",
        files=files,
        reason=reason,
    )


def signed(edition: int, year_id: str = "Y") -> archives.ArchiveSigned:
    """Its signature."""
    return archives.ArchiveSigned(
        year_id=year_id,
        edition=edition,
        manifest_sha256=f"{edition:064x}",
        signature="eA==",
        signer="Wanda Dyrektorska",
        certificate_sha256="7f" * 32,
        claimed_at=SIGNED_AT,
    )


def archive(history: History, chance: int) -> None:
    """One thing about the year's archives that is possible now; others do nothing."""
    told = [one.fact for one in history.recorded]
    editions = sum(isinstance(fact, archives.ArchiveWritten) for fact in told)
    done = {fact.edition for fact in told if isinstance(fact, archives.ArchiveSigned)}
    stream = streams.archives("Y")
    if chance % 3 == 0 or not editions:
        history.tell(stream, written(editions + 1, reason="sprostowanie" if editions else None))
    elif chance % 3 == 1 and editions not in done:
        history.tell(stream, signed(editions))
    else:
        history.tell(stream, archives.ArchiveFetched(year_id="Y", edition=editions, seconds=600))
