"""What do decisions about the calendar need to know? A year's calendar, a unit's, and a feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import calendar as said
from dziennik.contracts import streams
from dziennik.contracts.calendar import CalendarRules, EntryDetails
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.calendar_limits import USUAL_CALENDAR, Burden
from dziennik.domain.policies.day_plan import (
    ChangedDay,
    ChangeKind,
    FreeDays,
    LessonChange,
    SchoolDays,
    Taught,
    UnitHours,
)
from dziennik.domain.school import Year
from dziennik.domain.units import Unit
from dziennik.domain.world import Stream, World


class PlannedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands: what was planned, what it says now, why it was cancelled."""

    planned: said.EntryPlanned
    details: EntryDetails
    cancelled: str | None = None


class YearCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """The whole school's calendar of one year; `withdrawn` free days can be declared no more."""

    rules: CalendarRules = USUAL_CALENDAR
    rules_version: int = 0
    entries: Mapping[str, PlannedEntry] = {}
    free: Mapping[str, FreeDays] = {}
    withdrawn: frozenset[str] = frozenset()
    changed: Mapping[date, ChangedDay] = {}


class UnitCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """A class's or interclass group's calendar; `counted` are entries of interclass groups that burden it."""

    entries: Mapping[str, PlannedEntry] = {}
    counted: Mapping[str, Burden] = {}
    changes: Mapping[str, LessonChange] = {}
    withdrawn: Mapping[str, LessonChange] = {}

    def burdens(self) -> list[Burden]:
        """All that the class bears."""
        own = [
            Burden(entry_id=e.planned.entry_id, kind=e.planned.kind, title=e.details.title, on=e.details.on)
            for e in self.entries.values()
            if e.cancelled is None
        ]
        return [*own, *self.counted.values()]


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar feed; `issued` is None until it is."""

    issued: said.FeedIssued | None = None
    revoked: bool = False


_of_year: Evolution[YearCalendar] = Evolution()
_of_unit: Evolution[UnitCalendar] = Evolution()
_of_feed: Evolution[Feed] = Evolution()


def year_calendar(year_id: str) -> Stream[YearCalendar]:
    """The stream of the whole school's calendar of a year."""
    return Stream(streams.school_calendar(year_id), YearCalendar(), _of_year)


def unit_calendar(unit_id: str) -> Stream[UnitCalendar]:
    """The stream of a unit's calendar."""
    return Stream(streams.unit_calendar(unit_id), UnitCalendar(), _of_unit)


def feed(feed_id: str) -> Stream[Feed]:
    """The stream of a feed."""
    return Stream(streams.calendar_feed(feed_id), Feed(), _of_feed)


def school_days(world: World, year: Year) -> SchoolDays:
    """The year's days as `plan_of_day` takes them."""
    state = world[year_calendar(year.year_id)]
    return SchoolDays(
        starts=year.starts,
        ends=year.ends,
        terms=year.terms,
        periods=year.periods,
        free=tuple(state.free.values()),
        changed=state.changed,
    )


def unit_hours(world: World, state: Unit) -> UnitHours:
    """The unit's hours as `plan_of_day` takes them; substitutions and cancellations are not consulted."""
    taught = {
        known.assignment_id: Taught(
            assignment_id=known.assignment_id,
            subject_id=known.subject_id,
            teacher_id=known.teacher_id,
            since=known.since,
            until=known.until,
            group_id=known.group_id,
        )
        for known in state.assignments.values()
    }
    changes = tuple(world[unit_calendar(state.unit_id)].changes.values())
    return UnitHours(unit_id=state.unit_id, timetables=state.timetables, taught=taught, changes=changes)


@_of_year.on(said.CalendarRulesSet)
def _rules_set(state: YearCalendar, fact: said.CalendarRulesSet) -> YearCalendar:
    return replace(state, rules=fact.rules, rules_version=state.rules_version + 1)


@_of_year.on(said.EntryPlanned)
def _planned(state: YearCalendar, fact: said.EntryPlanned) -> YearCalendar:
    return replace(state, entries=_with_planned(state.entries, fact))


@_of_year.on(said.EntryChanged)
def _changed(state: YearCalendar, fact: said.EntryChanged) -> YearCalendar:
    return replace(state, entries=_with_changed(state.entries, fact))


@_of_year.on(said.EntryCancelled)
def _cancelled(state: YearCalendar, fact: said.EntryCancelled) -> YearCalendar:
    return replace(state, entries=_with_cancelled(state.entries, fact))


@_of_year.on(said.FreeDaysDeclared)
def _free(state: YearCalendar, fact: said.FreeDaysDeclared) -> YearCalendar:
    span = FreeDays(free_id=fact.free_id, name=fact.name, starts=fact.starts, ends=fact.ends)
    return replace(state, free=put(state.free, fact.free_id, span))


@_of_year.on(said.FreeDaysWithdrawn)
def _free_withdrawn(state: YearCalendar, fact: said.FreeDaysWithdrawn) -> YearCalendar:
    free = {key: span for key, span in state.free.items() if key != fact.free_id}
    return replace(state, free=free, withdrawn=state.withdrawn | {fact.free_id})


@_of_year.on(said.DayChanged)
def _day_changed(state: YearCalendar, fact: said.DayChanged) -> YearCalendar:
    day = ChangedDay(on=fact.on, reason=fact.reason, runs_as=fact.runs_as, periods=fact.periods)
    return replace(state, changed=put(state.changed, fact.on, day))


@_of_year.on(said.DayRestored)
def _day_restored(state: YearCalendar, fact: said.DayRestored) -> YearCalendar:
    return replace(state, changed={on: day for on, day in state.changed.items() if on != fact.on})


@_of_unit.on(said.EntryPlanned)
def _unit_planned(state: UnitCalendar, fact: said.EntryPlanned) -> UnitCalendar:
    return replace(state, entries=_with_planned(state.entries, fact))


@_of_unit.on(said.EntryChanged)
def _unit_changed(state: UnitCalendar, fact: said.EntryChanged) -> UnitCalendar:
    return replace(state, entries=_with_changed(state.entries, fact))


@_of_unit.on(said.EntryCancelled)
def _unit_cancelled(state: UnitCalendar, fact: said.EntryCancelled) -> UnitCalendar:
    return replace(state, entries=_with_cancelled(state.entries, fact))


@_of_unit.on(said.GroupEntryCounted)
def _counted(state: UnitCalendar, fact: said.GroupEntryCounted) -> UnitCalendar:
    burden = Burden(entry_id=fact.entry_id, kind=fact.kind, title=fact.title, on=fact.on)
    return replace(state, counted=put(state.counted, fact.entry_id, burden))


@_of_unit.on(said.GroupEntryDropped)
def _dropped(state: UnitCalendar, fact: said.GroupEntryDropped) -> UnitCalendar:
    return replace(state, counted={k: burden for k, burden in state.counted.items() if k != fact.entry_id})


@_of_unit.on(said.LessonCalledOff)
def _called_off(state: UnitCalendar, fact: said.LessonCalledOff) -> UnitCalendar:
    return _with_change(state, fact, ChangeKind.CALLED_OFF)


@_of_unit.on(said.LessonMoved)
def _moved(state: UnitCalendar, fact: said.LessonMoved) -> UnitCalendar:
    return _with_change(state, fact, ChangeKind.MOVED)


@_of_unit.on(said.LessonAdded)
def _added(state: UnitCalendar, fact: said.LessonAdded) -> UnitCalendar:
    return _with_change(state, fact, ChangeKind.ADDED)


@_of_unit.on(said.RoomChanged)
def _room_changed(state: UnitCalendar, fact: said.RoomChanged) -> UnitCalendar:
    return _with_change(state, fact, ChangeKind.ROOM)


@_of_unit.on(said.LessonChangeWithdrawn)
def _change_withdrawn(state: UnitCalendar, fact: said.LessonChangeWithdrawn) -> UnitCalendar:
    left = {key: change for key, change in state.changes.items() if key != fact.change_id}
    gone = put(state.withdrawn, fact.change_id, state.changes[fact.change_id])
    return replace(state, changes=left, withdrawn=gone)


@_of_feed.on(said.FeedIssued)
def _issued(state: Feed, fact: said.FeedIssued) -> Feed:
    return replace(state, issued=fact)


@_of_feed.on(said.FeedRevoked)
def _revoked(state: Feed, _: said.FeedRevoked) -> Feed:
    return replace(state, revoked=True)


def _with_planned(entries: Mapping[str, PlannedEntry], fact: said.EntryPlanned) -> Mapping[str, PlannedEntry]:
    return put(entries, fact.entry_id, PlannedEntry(planned=fact, details=fact.details))


def _with_changed(entries: Mapping[str, PlannedEntry], fact: said.EntryChanged) -> Mapping[str, PlannedEntry]:
    return put(entries, fact.entry_id, replace(entries[fact.entry_id], details=fact.now))


def _with_cancelled(
    entries: Mapping[str, PlannedEntry], fact: said.EntryCancelled
) -> Mapping[str, PlannedEntry]:
    return put(entries, fact.entry_id, replace(entries[fact.entry_id], cancelled=fact.reason))


def _with_change(
    state: UnitCalendar,
    fact: said.LessonCalledOff | said.LessonMoved | said.LessonAdded | said.RoomChanged,
    kind: ChangeKind,
) -> UnitCalendar:
    told = {name: value for name, value in asdict(fact).items() if name != "unit_id"}
    return replace(state, changes=put(state.changes, fact.change_id, LessonChange(kind=kind, **told)))
