"""What may be recorded about a year's archives?"""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace

from dziennik.contracts import archives as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearClosed
from tests.domain.register import NOWAK, OFFICE, SCHOOL
from tests.domain.sentence import at, given

CLOSED = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=date(2027, 6, 30), class_ids=("4a", "4b")))
AUDITOR = Actor(account="account-auditor", role=Role.AUDITOR, person="auditor")
STREAM = streams.archives("y2026")
FILES = (
    said.ArchivedFile(path="data/index.xml", sha256="0b" * 32, size=7),
    said.ArchivedFile(path="data/classes/4a.xml", sha256="0a" * 32, size=9),
)
# sha256 of "0a…0a  data/classes/4a.xml\n0b…0b  data/index.xml\n": sorted by path
DIGEST = "6c9ec4fc01161d609a459bbeee807d35cfd1d4ed5c07cc6cb4f8e560c1ad80ba"
RECORD = said.RecordArchive(
    year_id="y2026", edition=1, cut_off=900, format=1, manifest_sha256=DIGEST, files=FILES
)
WRITTEN = at(
    STREAM,
    said.ArchiveWritten(
        year_id="y2026", edition=1, cut_off=900, format=1, manifest_sha256=DIGEST, files=FILES
    ),
)
SECOND = replace(RECORD, edition=2, cut_off=950, reason="sprostowanie")
SIGN = said.RecordSignature(
    year_id="y2026",
    edition=1,
    manifest_sha256=DIGEST,
    signature="eA==",
    signer="Wanda Dyrektorska",
    certificate_sha256="7f" * 32,
    claimed_at=datetime(2027, 9, 8, tzinfo=UTC),
)
SIGNED = at(
    STREAM,
    said.ArchiveSigned(
        year_id="y2026",
        edition=1,
        manifest_sha256=DIGEST,
        signature="eA==",
        signer="Wanda Dyrektorska",
        certificate_sha256="7f" * 32,
        claimed_at=datetime(2027, 9, 8, tzinfo=UTC),
    ),
)


def test_a_closed_year_gets_an_archive() -> None:
    given(SCHOOL, CLOSED).when(RECORD, by=OFFICE).then(WRITTEN)
    given(SCHOOL, CLOSED, WRITTEN).when(RECORD, by=OFFICE).nothing()
    given(SCHOOL, CLOSED).when(RECORD, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_an_open_year_gets_none() -> None:
    given(SCHOOL).when(RECORD).refused(said.YEAR_STILL_OPEN, "year_id", year="2026/2027")
    given(SCHOOL, CLOSED).when(replace(RECORD, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


def test_the_files_make_the_manifest() -> None:
    given(SCHOOL, CLOSED).when(replace(RECORD, files=FILES[:1])).refused(said.FILES_DIFFER, "files")
    given(SCHOOL, CLOSED).when(replace(RECORD, files=FILES[::-1])).then(
        at(STREAM, replace(WRITTEN.fact, files=FILES[::-1]))
    )


def test_an_edition_is_written_once() -> None:
    past = given(SCHOOL, CLOSED, WRITTEN)
    past.when(replace(RECORD, cut_off=901)).refused(said.EDITION_DIFFERS, "edition", edition=1)


def test_editions_follow_each_other_and_say_why() -> None:
    past = given(SCHOOL, CLOSED, WRITTEN)
    second = replace(WRITTEN.fact, edition=2, cut_off=950, reason="sprostowanie")
    past.when(SECOND).then(at(STREAM, second))
    past.when(replace(SECOND, reason=" ")).refused(REASON_MISSING, "reason")
    past.when(replace(SECOND, cut_off=900)).refused(said.NOT_THE_NEXT_EDITION, "edition", expected=2)
    past.when(replace(SECOND, edition=3)).refused(said.NOT_THE_NEXT_EDITION, "edition", expected=2)
    given(SCHOOL, CLOSED).when(SECOND).refused(said.NOT_THE_NEXT_EDITION, "edition", expected=1)


def test_an_edition_is_signed_once_by_the_director() -> None:
    past = given(SCHOOL, CLOSED, WRITTEN)
    past.when(SIGN).then(SIGNED)
    past.when(SIGN, by=OFFICE).refused(NOT_YOURS_TO_DO)
    past.when(replace(SIGN, manifest_sha256="0" * 64)).refused(
        said.SIGNED_SOMETHING_ELSE, "signature", edition=1
    )
    given(SCHOOL, CLOSED).when(SIGN).refused(said.NO_SUCH_EDITION, "edition", year="2026/2027", edition=1)
    signed = given(SCHOOL, CLOSED, WRITTEN, SIGNED)
    signed.when(SIGN).nothing()
    signed.when(replace(SIGN, signature="eQ==")).refused(
        said.SIGNED_ALREADY, "signature", edition=1, signer="Wanda Dyrektorska"
    )


def test_who_fetches_an_edition_is_on_record_each_time() -> None:
    fetch = said.RecordFetch(year_id="y2026", edition=1, seconds=600)
    fetched = at(STREAM, said.ArchiveFetched(year_id="y2026", edition=1, seconds=600))
    given(SCHOOL, CLOSED, WRITTEN).when(fetch, by=AUDITOR).then(fetched)
    given(SCHOOL, CLOSED, WRITTEN, fetched).when(fetch, by=AUDITOR).then(fetched)
    given(SCHOOL, CLOSED, WRITTEN).when(fetch, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(SCHOOL, CLOSED).when(fetch).refused(said.NO_SUCH_EDITION, "edition")
