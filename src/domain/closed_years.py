"""What may still be written after a year was closed? Only what the director permits (DOMAIN section 6).

Looked at after every rule, so that no rule can forget it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dziennik.contracts import archives, disputes, streams
from dziennik.contracts import classification as said
from dziennik.contracts.classification import YearBook
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import SchoolYearClosed, SchoolYearOpened
from dziennik.domain.classification_state import classification, year_permits
from dziennik.domain.rulebook import guards
from dziennik.domain.school import SCHOOL, Year
from dziennik.domain.units import unit
from dziennik.domain.world import Asked, Entry, World

_EXEMPT = (
    said.CorrectionPermitted,
    said.YearCorrectionPermitted,
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
NOWHERE = ("", "", "")

# Streams of a year that belong to no unit, by the first part of their names.
_BOOKS = {"staff": YearBook.HOURS, "councils": YearBook.RESOLUTIONS, "curriculum": YearBook.PLANS}


@guards
def fault_in_closed_year(world: World, entries: Sequence[Entry], asked: Asked) -> Refusal | None:
    """YEAR_CLOSED when one of the facts belongs to a closed year and nobody permitted it."""
    for unit_id, year_id, book in sorted({_place(entry) for entry in entries} - {NOWHERE}):
        year = _year(world, unit_id, year_id)
        if year is None or year.closed_on is None or _permitted(world, unit_id, year_id, book, asked):
            continue
        return said.YEAR_CLOSED(year=year.name, field="unit_id" if unit_id else "year_id")
    return None


def _place(entry: Entry) -> tuple[str, str, str]:
    """(unit, year, book of the year) that the fact belongs to, each "" when it names none."""
    if isinstance(entry.fact, _EXEMPT):
        return NOWHERE
    unit_id = streams.unit_of(entry.stream) or ""
    book = "" if unit_id else _BOOKS.get(entry.stream.partition("/")[0], "")
    return unit_id, getattr(entry.fact, "year_id", ""), book


def _year(world: World, unit_id: str, year_id: str) -> Year | None:
    named = (world[unit(unit_id)].year_id if unit_id else "") or year_id
    return world[SCHOOL].years.get(named)


def _permitted(world: World, unit_id: str, year_id: str, book: str, asked: Asked) -> bool:
    """Rules of a year belong to no book: nobody can permit to change them."""
    permits: Iterable[said.CorrectionPermitted | said.YearCorrectionPermitted] = ()
    if unit_id:
        permits = world[classification(unit_id)].permits.values()
    elif book:
        permits = [one for one in world[year_permits(year_id)].by_id.values() if one.book == book]
    return any(one.person_id == asked.actor.person and asked.today <= one.until for one in permits)
