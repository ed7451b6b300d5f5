"""Queries: the archives of a school's years: what is due, which editions there are, how a job goes on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

import strawberry
from strawberry.types import Info

from dziennik.archive.editions import NoSuchEdition, kept
from dziennik.archive.job_notes import ArchiveJobState as JobState
from dziennik.archive.job_notes import Job
from dziennik.archive.planning import ArchiveState as State
from dziennik.archive.planning import plans
from dziennik.archive.signatures import manifest_on_record
from dziennik.graphql.context import context_of
from dziennik.graphql.mutations import Refusal, refusal
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import archives

ID = strawberry.ID
ArchiveState = enum_named(State)
ArchiveJobState = enum_named(JobState)
SEEN = (archives.ARCHIVES.name,)


@strawberry.type(description="A year's archive: due within ten days of the year's end (s. 22).")
class ArchivePlan:
    year_id: ID
    year: str
    state: ArchiveState  # type: ignore[valid-type]
    due: date
    days_left: int = strawberry.field(description="Until it is due; negative: late.")
    editions: int
    open_registers: list[str] = strawberry.field(description="Names of classes whose register is open.")


@strawberry.type(description="A signature as it was checked when it was recorded.")
class ArchiveSignature:
    signer: str
    certificate_sha256: str
    claimed_at: datetime
    stamped_at: datetime | None
    recorded_at: datetime
    trusted: bool | None = strawberry.field(
        description="Whether an authority that is trusted here vouched for the signer; null: not told."
    )
    not_revoked: bool | None = strawberry.field(
        description="Whether a list of the issuer told that the certificate was not revoked."
    )


@strawberry.type(description="Somebody got a link to an edition.")
class ArchiveFetching:
    by: ID | None
    role: str
    at: datetime


@strawberry.type(description="An edition of a year's archive.")
class ArchiveEdition:
    edition: int
    cut_off: int = strawberry.field(description="It is made of the facts up to this position, included.")
    manifest_sha256: str = strawberry.field(description="The digest that names the edition.")
    files: int
    bytes: float
    reason: str | None
    written_at: datetime
    written_by: ID | None
    signature: ArchiveSignature | None
    fetched: list[ArchiveFetching]


@strawberry.type(description="A making of an archive that was started; ask again for how far it is.")
class ArchiveJob:
    id: ID
    year_id: ID
    state: ArchiveJobState  # type: ignore[valid-type]
    done: int
    steps: int
    edition: int | None
    refusal: Refusal | None


@strawberry.type(description="The one file that is to be signed: XAdES, detached, SHA-256, under this name.")
class ArchiveToSign:
    name: str
    sha256: str
    content: str


@strawberry.type
class ArchiveQueries:
    @guarded(description="What is due, what it waits for, and how many days are left, of each school year.")
    def archive_plan(self, info: Info, school: SchoolId) -> list[ArchivePlan]:
        context = context_of(info)
        found = plans(context.register(school).journal, context.today(school))
        return [_plan(one) for one in found]  # type: ignore[misc]

    @guarded(description="The editions of a year's archive, with who signed and who fetched them.")
    def archive_editions(
        self, info: Info, school: SchoolId, year_id: ID, after_position: Position = None
    ) -> list[ArchiveEdition]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_edition(row) for row in archives.of_year(context.view(school), year_id)]  # type: ignore[misc]

    @guarded(
        description="How far a job is; without `jobId` the latest. `waitSeconds`: answer when it moved on, "
        "or after so many (most 20). INTERRUPTED: its process died, nothing of it is left, start another."
    )
    def archive_job(
        self, info: Info, school: SchoolId, job_id: ID | None = None, wait_seconds: int = 0
    ) -> ArchiveJob | None:
        context = context_of(info)
        found = context.system.archive_jobs.find(school, job_id)
        if found and found.state is JobState.RUNNING and wait_seconds > 0:
            with context.gates.waiting.entered() as inside:
                if inside:
                    found = context.system.archive_jobs.wait(school, found, min(wait_seconds, 20))
        return job_json(found, context.language) if found else None  # type: ignore[return-value]

    @guarded(description="What the director signs outside; the signature comes back with signArchive.")
    def archive_to_sign(
        self, info: Info, school: SchoolId, year_id: ID, edition: int
    ) -> ArchiveToSign | None:
        try:
            written = kept(context_of(info).register(school).journal, year_id).edition(edition)
        except NoSuchEdition:
            return None
        content = manifest_on_record(written).decode("ascii")
        # Queries are completed from plain rows under the schema's names; mutations from objects.
        told = {"name": "manifest-sha256.txt", "sha256": written.manifest_sha256, "content": content}
        return cast("ArchiveToSign", told)


def job_told(job: Job, language: str) -> ArchiveJob:
    """A job in the schema's words."""
    return ArchiveJob(
        id=ID(job.job_id),
        year_id=ID(job.year_id),
        state=ArchiveJobState[job.state.name],
        done=job.done,
        steps=job.steps,
        edition=job.edition,
        refusal=refusal(job.refusal, language) if job.refusal else None,
    )


def job_json(job: Job, language: str) -> dict[str, Any]:
    """A job as queries and subscriptions tell it."""
    no = job.refusal
    told: dict[str, Any] | None = None
    if no is not None:
        details = [{"name": name, "value": value} for name, value in sorted(no.details.items())]
        words = {"code": no.code, "message": no.text(language), "field": no.field}
        told = {**words, "details": details, "others": []}
    return {
        "id": job.job_id,
        "yearId": job.year_id,
        "state": job.state.name,
        "done": job.done,
        "steps": job.steps,
        "edition": job.edition,
        "refusal": told,
    }


def _plan(one: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "yearId": one.year.year_id,
        "year": one.year.name,
        "state": one.state.name,
        "due": one.due.isoformat(),
        "daysLeft": one.days_left,
        "editions": one.editions,
        "openRegisters": list(one.open),
    }


def _edition(row: archives.ArchiveEdition) -> dict[str, Any]:
    signed = row.signed and {
        "signer": row.signed.signer,
        "certificateSha256": row.signed.certificate_sha256,
        "claimedAt": instant(row.signed.claimed_at),
        "stampedAt": instant(row.signed.stamped_at),
        "recordedAt": instant(row.signed.recorded_at),
        "trusted": row.signed.trusted,
        "notRevoked": row.signed.not_revoked,
    }
    return {
        "edition": row.edition,
        "cutOff": row.cut_off,
        "manifestSha256": row.manifest_sha256,
        "files": row.files,
        "bytes": float(row.size),
        "reason": row.reason,
        "writtenAt": instant(row.written_at),
        "writtenBy": row.written_by,
        "signature": signed,
        "fetched": [{"by": one.by, "role": one.role, "at": instant(one.at)} for one in row.fetched],
    }
