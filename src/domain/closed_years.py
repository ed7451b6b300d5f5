"""What may still be written after a year was closed? Only what the director permits (DOMAIN section 6).

Looked at after every rule, so that no rule can forget it.
"""

from __future__ import annotations

from collections.abc import Sequence

from dziennik.contracts import archives, disputes, streams
from dziennik.contracts import classification as said
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import SchoolYearClosed, SchoolYearOpened
from dziennik.domain.classification_state import classification
from dziennik.domain.rulebook import guards
from dziennik.domain.school import SCHOOL, Year
from dziennik.domain.units import unit
from dziennik.domain.world import Asked, Entry, World

_EXEMPT = (
    said.CorrectionPermitted,
    SchoolYearClosed,
    SchoolYearOpened,
    disputes.QuestionAsked,
    disputes.QuestionAnswered,
    disputes.QuestionWithdrawn,
    disputes.DisputeDecided,
    archives.ArchiveWritten,
    archives.ArchiveSigned,
    archives.ArchiveFetched,
)


@guards
def fault_in_closed_year(world: World, entries: Sequence[Entry], asked: Asked) -> Refusal | None:
    """YEAR_CLOSED when one of the facts belongs to a closed year and nobody permitted it."""
    for unit_id, year_id in sorted({_place(entry) for entry in entries} - {("", "")}):
        year = _year(world, unit_id, year_id)
        if year is None or year.closed_on is None:
            continue
        if unit_id and _permitted(world, unit_id, asked):
            continue
        return said.YEAR_CLOSED(year=year.name, field="unit_id" if unit_id else "year_id")
    return None


def _place(entry: Entry) -> tuple[str, str]:
    """(unit, year) that the fact belongs to, each "" when it names none."""
    if isinstance(entry.fact, _EXEMPT):
        return "", ""
    return streams.unit_of(entry.stream) or "", getattr(entry.fact, "year_id", "")


def _year(world: World, unit_id: str, year_id: str) -> Year | None:
    named = (world[unit(unit_id)].year_id if unit_id else "") or year_id
    return world[SCHOOL].years.get(named)


def _permitted(world: World, unit_id: str, asked: Asked) -> bool:
    permits = world[classification(unit_id)].permits.values()
    return any(p.person_id == asked.actor.person and asked.today <= p.until for p in permits)
