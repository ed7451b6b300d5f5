"""Mutations: an archive is made, signed, and handed out. Who did so is on record."""

from __future__ import annotations

import base64
import binascii
import os
from typing import Annotated

import strawberry
from strawberry.types import Info

from dziennik.application.ids import new_id
from dziennik.archive.editions import NoSuchEdition, kept
from dziennik.archive.job_notes import Job
from dziennik.archive.links import LASTS
from dziennik.archive.making import Machine, Made, Refused, key_of, make_edition, record_signature
from dziennik.archive.signatures import checked_signature, directors_of
from dziennik.archive.year_archive import Progress
from dziennik.bagcheck.findings import Wrong
from dziennik.contracts import archives as said
from dziennik.contracts import refusals, streams
from dziennik.contracts.school import NO_SUCH_YEAR, SchoolYearOpened
from dziennik.graphql.archive_queries import ID, ArchiveJob, job_told
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.mutations import (
    Accepted,
    As,
    CommandResult,
    Refusal,
    actor_of,
    execute,
    refusal,
)
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.proof.log import CannotVouch


@strawberry.type(description="`address` is below this server's, and good for `lasts` seconds.")
class ArchiveLink:
    address: str
    lasts: int
    position: int


ArchiveJobResult = Annotated[ArchiveJob | Refusal, strawberry.union("ArchiveJobResult")]
ArchiveLinkResult = Annotated[ArchiveLink | Refusal, strawberry.union("ArchiveLinkResult")]
# Leave a core to whoever is being served.
WORKERS = max((os.cpu_count() or 2) - 1, 1)


@strawberry.type
class ArchiveMutations:
    @guarded(description="Start making the next edition of a year's archive; a further one needs a reason.")
    def make_archive(
        self, info: Info, school: SchoolId, year_id: ID, reason: str | None = None, acting_as: As = None
    ) -> ArchiveJobResult:
        context = context_of(info)
        actor = actor_of(context, school, "makeArchive", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        year = _year(context, school, year_id)
        if isinstance(year, Refusal):
            return year
        system, register = context.system, context.register(school)
        machine_of, vouch = system.archive_access(school), system.vouching(school)
        read = system.reading(school)
        today = register.today()

        def make(tell: Progress) -> Made:
            try:
                return make_edition(
                    register.journal,
                    year,
                    system.archives,
                    lambda command: register.execute(command, actor=actor),
                    today=today,
                    reason=reason,
                    machine=Machine(machine_of, WORKERS, tell, vouch, read),
                )
            except CannotVouch as fault:
                raise Refused(said.JOURNAL_CHANGED(position=fault.position, what=fault.code)) from fault

        job = system.archive_jobs.start(Job(new_id(), school, year_id), make)
        return job_told(job, context.language)

    @guarded(
        description="Record the director's signature (the XAdES file in base64) over an edition's manifest."
    )
    def sign_archive(
        self, info: Info, school: SchoolId, year_id: ID, edition: int, signature: str, acting_as: As = None
    ) -> CommandResult:
        context = context_of(info)
        journal, language = context.register(school).journal, context.language
        actor = actor_of(context, school, "signArchive", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, language)
        year = _year(context, school, year_id)
        if isinstance(year, Refusal):
            return year
        revocations = context.system.archive_revocations()
        try:
            written = kept(journal, year_id).edition(edition)
            data = base64.b64decode(signature, validate=True)
            command = checked_signature(
                data,
                written,
                directors_of(journal),
                context.system.archive_authorities,
                revocations=revocations,
                ask=context.system.archive_ask,
            )
        except NoSuchEdition:
            return refusal(said.NO_SUCH_EDITION(year=year.name, edition=edition, field="edition"), language)
        except (binascii.Error, ValueError):
            return refusal(said.NOT_ENCODED(field="signature"), language)
        except Wrong as wrong:
            told = said.SIGNATURE_REFUSED(
                what=wrong.text(language), code=wrong.code, place=wrong.place, field="signature"
            )
            return refusal(told, language)
        register = context.register(school)
        try:
            record_signature(
                command, year, school, context.system.archives, lambda one: register.execute(one, actor=actor)
            )
        except Refused as fault:
            return refusal(fault.refusal, language)
        return Accepted(position=journal.position(), facts=1, repeated=False, id=None)

    @guarded(description="A short-lived address of an edition's bag. That it was given out is on record.")
    def fetch_archive(
        self, info: Info, school: SchoolId, year_id: ID, edition: int, acting_as: As = None
    ) -> ArchiveLinkResult:
        context = context_of(info)
        year = _year(context, school, year_id)
        if isinstance(year, Refusal):
            return year
        seconds = int(LASTS.total_seconds())
        command = said.RecordFetch(year_id=year_id, edition=edition, seconds=seconds)
        outcome = execute(context, school, command, "fetchArchive", None, acting_as)
        if isinstance(outcome, Refusal):
            return outcome
        token = context.system.archive_links.make(key_of(school, year.name, edition))
        return ArchiveLink(address=f"/archives/{token}", lasts=seconds, position=outcome.position)


def _year(context: Context, school: str, year_id: str) -> SchoolYearOpened | Refusal:
    for each in context.register(school).journal.load(streams.SCHOOL):
        if isinstance(each.fact, SchoolYearOpened) and each.fact.year_id == year_id:
            return each.fact
    return refusal(NO_SUCH_YEAR(year=year_id, field="year_id"), context.language)
