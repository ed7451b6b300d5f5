"""What did the teachers' council resolve in a school year?"""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from dziennik.contracts.councils import ResolutionAdopted, ResolutionKind, ResolutionRepealed
from dziennik.contracts.envelope import Recorded
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

COUNCILS = ReadModel("councils", version=1)
on = COUNCILS.on


@COUNCILS.table(key=("resolution_id",), indexes=(("year_id", "on"),))
class Resolution(Row, frozen=True):
    """A resolution. It covers `class_ids`, or all classes of the year if none is named.

    `repealed_at` and `repealed_for` tell when and why it ceased to hold.
    """

    resolution_id: str
    year_id: str
    term_id: str | None
    kind: ResolutionKind
    number: str
    on: date
    text: str
    class_ids: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime
    position: int
    repealed_at: datetime | None = None
    repealed_for: str | None = None


@on(ResolutionAdopted)
def resolution_adopted(rows: Rows, fact: ResolutionAdopted, recorded: Recorded) -> None:
    actor = recorded.origin.actor
    rows.put(
        Resolution(
            resolution_id=fact.resolution_id,
            year_id=fact.year_id,
            term_id=fact.term_id,
            kind=fact.kind,
            number=fact.number,
            on=fact.on,
            text=fact.text,
            class_ids=fact.class_ids,
            recorded_by=actor.person or actor.account,
            recorded_at=recorded.origin.recorded_at,
            position=recorded.position,
        )
    )


@on(ResolutionRepealed)
def resolution_repealed(rows: Rows, fact: ResolutionRepealed, recorded: Recorded) -> None:
    row = there(rows.get(Resolution, fact.resolution_id), fact.resolution_id)
    rows.put(replace(row, repealed_at=recorded.origin.recorded_at, repealed_for=fact.reason))


def of_year(view: View, year_id: str) -> list[Resolution]:
    """A year's resolutions by day and then as recorded, also those repealed."""
    return sorted(view.find(Resolution, year_id=year_id), key=lambda row: (row.on, row.position))
