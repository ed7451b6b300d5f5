"""Queries: which auditors may look at what, until when, and who let them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.envelope import Role
from dziennik.graphql import rendering
from dziennik.graphql.context import context_of
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import audits

ID = strawberry.ID
SEEN = (audits.AUDITS.name,)


@strawberry.type(description="What the director let an auditor look at; both days belong to it.")
class AuditMandate:
    id: ID
    auditor_id: ID
    since: date
    until: date
    reason: str
    year_id: ID | None
    class_id: ID | None
    pupil_id: ID | None
    issued_by: ID | None
    issued_at: datetime
    revoked_at: datetime | None
    revoked_for: str | None
    holds: bool = strawberry.field(description="Whether it opens anything today.")


@strawberry.type
class MandateQueries:
    @guarded(description="All mandates of the school's auditors, in time; an auditor sees the own ones.")
    def audit_mandates(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[AuditMandate]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        rows, day = audits.of_school(context.view(school)), context.today(school)
        if not context.roles(school) & {Role.DIRECTOR, Role.ADMINISTRATOR}:
            me = context.access(school).person.person_id
            rows = [row for row in rows if row.auditor_id == me]
        return [_told(row, day) for row in rows]  # type: ignore[misc]


def _told(row: audits.Mandate, day: date) -> dict[str, Any]:
    return {
        "id": row.mandate_id,
        "auditorId": row.auditor_id,
        "since": str(row.since),
        "until": str(row.until),
        "reason": row.reason,
        "yearId": row.year_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "issuedBy": row.issued_by,
        "issuedAt": rendering.instant(row.issued_at),
        "revokedAt": rendering.instant(row.revoked_at) if row.revoked_at else None,
        "revokedFor": row.revoked_for,
        "holds": audits.holds(row, day),
    }
