"""Which child was in day care or preschool when, and into whose hands was it given?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import stays as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.stays import DepartureKind
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import Row

STAYS = ReadModel("stays", version=1)
on = STAYS.on


class StayChange(msgspec.Struct, frozen=True):
    """The times that stood before a correction, why, by whom and when."""

    arrived: str
    departed: str | None
    reason: str
    by: str
    at: datetime


@STAYS.table(key=("unit_id", "on", "pupil_id", "number"), indexes=(("pupil_id", "on"),))
class Stay(Row, frozen=True):
    """One stay; `departed` is None while the child is there. `struck_out`: why."""

    unit_id: str
    on: date
    pupil_id: str
    number: int
    arrived: str
    received_by: str
    departed: str | None = None
    kind: DepartureKind | None = None
    collector_id: str | None = None
    given_by: str | None = None
    changes: tuple[StayChange, ...] = ()
    struck_out: str | None = None


@STAYS.table(key=("unit_id", "pupil_id", "collector_id"), indexes=(("pupil_id",),))
class Collector(Row, frozen=True):
    """Somebody may collect a child; `name` None: it may go alone. `authorised_by` a parent or the school."""

    unit_id: str
    pupil_id: str
    collector_id: str
    since: date
    until: date | None
    name: str | None
    authorised_by: str


@on(said.PupilArrived)
def pupil_arrived(rows: Rows, fact: said.PupilArrived, recorded: Recorded) -> None:
    rows.put(Stay(fact.unit_id, fact.on, fact.pupil_id, fact.number, fact.at, _by(recorded)))


@on(said.PupilDeparted)
def pupil_departed(rows: Rows, fact: said.PupilDeparted, recorded: Recorded) -> None:
    rows.put(
        replace(
            _stay(rows, fact),
            departed=fact.at,
            kind=fact.kind,
            collector_id=fact.collector_id,
            given_by=_by(recorded),
        )
    )


@on(said.StayCorrected)
def stay_corrected(rows: Rows, fact: said.StayCorrected, recorded: Recorded) -> None:
    stay = _stay(rows, fact)
    when = recorded.origin.recorded_at
    change = StayChange(fact.was_arrived, fact.was_departed, fact.reason, _by(recorded), when)
    changes = (*stay.changes, change)
    rows.put(replace(stay, arrived=fact.arrived, departed=fact.departed, changes=changes))


@on(said.StayStruckOut)
def stay_struck_out(rows: Rows, fact: said.StayStruckOut, _: Recorded) -> None:
    rows.put(replace(_stay(rows, fact), struck_out=fact.reason))


@on(said.CollectorAuthorised)
def collector_authorised(rows: Rows, fact: said.CollectorAuthorised, recorded: Recorded) -> None:
    _authorise(rows, fact, fact.name, recorded)


@on(said.LeavingAloneAllowed)
def leaving_alone_allowed(rows: Rows, fact: said.LeavingAloneAllowed, recorded: Recorded) -> None:
    _authorise(rows, fact, None, recorded)


def _authorise(
    rows: Rows,
    fact: said.CollectorAuthorised | said.LeavingAloneAllowed,
    name: str | None,
    recorded: Recorded,
) -> None:
    place = (fact.unit_id, fact.pupil_id, fact.collector_id)
    rows.put(Collector(*place, fact.since, fact.until, name, _by(recorded)))


@on(said.AuthorisationWithdrawn)
def authorisation_withdrawn(rows: Rows, fact: said.AuthorisationWithdrawn, _: Recorded) -> None:
    given = rows.get(Collector, fact.unit_id, fact.pupil_id, fact.collector_id)
    if given is None:
        raise LookupError(f"no authorisation {fact.collector_id}")
    rows.put(replace(given, until=fact.until))


# What is asked


def of_register(view: View, unit_id: str, first: date, last: date) -> list[Stay]:
    """Stays in a register from `first` to `last`, by day, arrival and child."""
    return sorted(view.find(Stay, unit_id=unit_id, on=Span(first, last)), key=in_time)


def of_pupil(view: View, pupil_id: str, first: date, last: date) -> list[Stay]:
    """A child's stays from `first` to `last`, in time."""
    return sorted(view.find(Stay, pupil_id=pupil_id, on=Span(first, last)), key=in_time)


def collectors(view: View, unit_id: str, pupil_id: str) -> list[Collector]:
    """Who may or might collect a child from a register."""
    return view.find(Collector, unit_id=unit_id, pupil_id=pupil_id)


def collectors_of_pupil(view: View, pupil_id: str) -> list[Collector]:
    """Who may or might collect a child, from anywhere."""
    return view.find(Collector, pupil_id=pupil_id)


def in_time(stay: Stay) -> tuple[date, str, str, int]:
    """By day and arrival."""
    return stay.on, stay.arrived, stay.pupil_id, stay.number


def _stay(rows: Rows, fact: said.PupilDeparted | said.StayCorrected | said.StayStruckOut) -> Stay:
    stay = rows.get(Stay, fact.unit_id, fact.on, fact.pupil_id, fact.number)
    if stay is None:
        raise LookupError(f"no stay {fact.number} of {fact.pupil_id} on {fact.on}")
    return stay


def _by(recorded: Recorded) -> str:
    return recorded.origin.actor.person or recorded.origin.actor.account
