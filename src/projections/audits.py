"""Which auditor may look at what, and until when?"""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from dziennik.contracts import audits as said
from dziennik.contracts.envelope import Recorded
from dziennik.projections.dated import in_force, there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

AUDITS = ReadModel("audits", version=1)
on = AUDITS.on


@AUDITS.table(key=("auditor_id", "mandate_id"))
class Mandate(Row, frozen=True):
    """A mandate; of `year_id`, `class_id`, `pupil_id` one is set, or none: the whole school."""

    auditor_id: str
    mandate_id: str
    since: date
    until: date
    reason: str
    year_id: str | None
    class_id: str | None
    pupil_id: str | None
    issued_by: str | None
    issued_at: datetime
    position: int
    revoked_at: datetime | None = None
    revoked_for: str | None = None


@on(said.MandateIssued)
def mandate_issued(rows: Rows, fact: said.MandateIssued, recorded: Recorded) -> None:
    origin = recorded.origin
    rows.put(
        Mandate(
            fact.auditor_id,
            fact.mandate_id,
            fact.since,
            fact.until,
            fact.reason,
            fact.year_id,
            fact.class_id,
            fact.pupil_id,
            origin.actor.person,
            origin.recorded_at,
            recorded.position,
        )
    )


@on(said.MandateRevoked)
def mandate_revoked(rows: Rows, fact: said.MandateRevoked, recorded: Recorded) -> None:
    row = there(rows.get(Mandate, fact.auditor_id, fact.mandate_id), fact.mandate_id)
    rows.put(replace(row, revoked_at=recorded.origin.recorded_at, revoked_for=fact.reason))


# What is asked


def of_auditor(view: View, auditor_id: str) -> list[Mandate]:
    """All mandates of an auditor, also those that are over or were taken back."""
    return view.find(Mandate, auditor_id=auditor_id)


def of_school(view: View) -> list[Mandate]:
    """All mandates that were ever issued, in order."""
    return sorted(view.find(Mandate), key=lambda row: row.position)


def holds(row: Mandate, day: date) -> bool:
    """Whether the mandate opens anything on that day."""
    return row.revoked_at is None and in_force(row, day)
