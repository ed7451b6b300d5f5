"""What do decisions about additional hours need to know? A teacher's hours of one school year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts import staff as said
from dziennik.contracts import streams
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.staff_hours import HoursState
from dziennik.domain.world import Stream

DEAD = (HoursState.REFUSED, HoursState.STRUCK_OUT)


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours as they stand; `entered` keeps them as they were entered first."""

    entered: said.HoursEntered
    kind_id: str
    on: date
    hours: Decimal
    what: str
    state: HoursState = HoursState.ENTERED


class TeacherHours(msgspec.Struct, frozen=True, kw_only=True):
    """All hours of a teacher in a year, by id."""

    by_id: Mapping[str, Hours] = {}

    def on(self, day: date, kind_id: str | None = None, *, without: str = "") -> Decimal:
        """Hours of that day that are neither refused nor struck out, of one kind or all."""
        there = [one for key, one in self.by_id.items() if one.on == day and key != without]
        of_kind = [one for one in there if kind_id in (None, one.kind_id)]
        standing = [one.hours for one in of_kind if one.state not in DEAD]
        return sum(standing, Decimal(0))


_evolve: Evolution[TeacherHours] = Evolution()


def teacher_hours(year_id: str, teacher_id: str) -> Stream[TeacherHours]:
    """The stream of a teacher's hours in a year."""
    return Stream(streams.staff(year_id, teacher_id), TeacherHours(), _evolve)


@_evolve.on(said.HoursEntered)
def _entered(state: TeacherHours, fact: said.HoursEntered) -> TeacherHours:
    one = Hours(entered=fact, kind_id=fact.kind_id, on=fact.on, hours=fact.hours, what=fact.what)
    return replace(state, by_id=put(state.by_id, fact.hours_id, one))


@_evolve.on(said.HoursCorrected)
def _corrected(state: TeacherHours, fact: said.HoursCorrected) -> TeacherHours:
    one = replace(
        state.by_id[fact.hours_id],
        kind_id=fact.kind_id,
        on=fact.on,
        hours=fact.hours,
        what=fact.what,
        state=HoursState.ENTERED,
    )
    return replace(state, by_id=put(state.by_id, fact.hours_id, one))


def _became(state: TeacherHours, hours_id: str, now: HoursState) -> TeacherHours:
    return replace(state, by_id=put(state.by_id, hours_id, replace(state.by_id[hours_id], state=now)))


@_evolve.on(said.HoursStruckOut)
def _struck_out(state: TeacherHours, fact: said.HoursStruckOut) -> TeacherHours:
    return _became(state, fact.hours_id, HoursState.STRUCK_OUT)


@_evolve.on(said.HoursConfirmed)
def _confirmed(state: TeacherHours, fact: said.HoursConfirmed) -> TeacherHours:
    return _became(state, fact.hours_id, HoursState.CONFIRMED)


@_evolve.on(said.HoursRefused)
def _refused(state: TeacherHours, fact: said.HoursRefused) -> TeacherHours:
    return _became(state, fact.hours_id, HoursState.REFUSED)
