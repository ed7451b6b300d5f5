"""Which editions of a year's archive are there, who signed them, and who fetched them?"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import archives as said
from dziennik.contracts.envelope import Recorded
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

ARCHIVES = ReadModel("archives", version=2)
on = ARCHIVES.on


class Signing(msgspec.Struct, frozen=True):
    """A signature as it was checked when it was recorded; None: of a release that did not tell."""

    signer: str
    certificate_sha256: str
    claimed_at: datetime
    stamped_at: datetime | None
    recorded_at: datetime
    trusted: bool | None = None
    not_revoked: bool | None = None


class Fetching(msgspec.Struct, frozen=True):
    """Somebody got a link."""

    by: str | None
    role: str
    at: datetime


@ARCHIVES.table(key=("year_id", "edition"))
class ArchiveEdition(Row, frozen=True):
    """An edition: as of which position, how large, signed or not, fetched by whom."""

    year_id: str
    edition: int
    cut_off: int
    format: int
    manifest_sha256: str
    files: int
    size: int
    reason: str | None
    written_at: datetime
    written_by: str | None
    signed: Signing | None = None
    fetched: tuple[Fetching, ...] = ()


@on(said.ArchiveWritten)
def archive_written(rows: Rows, fact: said.ArchiveWritten, recorded: Recorded) -> None:
    rows.put(
        ArchiveEdition(
            year_id=fact.year_id,
            edition=fact.edition,
            cut_off=fact.cut_off,
            format=fact.format,
            manifest_sha256=fact.manifest_sha256,
            files=len(fact.files),
            size=sum(one.size for one in fact.files),
            reason=fact.reason,
            written_at=recorded.origin.recorded_at,
            written_by=recorded.origin.actor.person,
        )
    )


@on(said.ArchiveSigned)
def archive_signed(rows: Rows, fact: said.ArchiveSigned, recorded: Recorded) -> None:
    signing = Signing(
        fact.signer,
        fact.certificate_sha256,
        fact.claimed_at,
        fact.stamped_at,
        recorded.origin.recorded_at,
        fact.trusted,
        fact.not_revoked,
    )
    rows.put(replace(_row(rows, fact.year_id, fact.edition), signed=signing))


@on(said.ArchiveFetched)
def archive_fetched(rows: Rows, fact: said.ArchiveFetched, recorded: Recorded) -> None:
    row, actor = _row(rows, fact.year_id, fact.edition), recorded.origin.actor
    fetching = Fetching(actor.person, actor.role.value, recorded.origin.recorded_at)
    rows.put(replace(row, fetched=(*row.fetched, fetching)))


def _row(rows: Rows, year_id: str, edition: int) -> ArchiveEdition:
    row = rows.get(ArchiveEdition, year_id, edition)
    if row is None:
        raise LookupError(f"no edition {edition} of {year_id}")
    return row


def of_year(view: View, year_id: str) -> list[ArchiveEdition]:
    """The editions of a year in order."""
    return sorted(view.find(ArchiveEdition, year_id=year_id), key=lambda row: row.edition)
