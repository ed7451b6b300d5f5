"""The rules for calendar entries: who may announce what to whom, and how much a class bears.

Tests, quizzes and homework belong to an assignment and to its teacher; other entries of a class to its
teachers and the office; entries of the whole school to the office.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import calendar as said
from dziennik.contracts import calendar_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.calendar import EntryDetails, EntryKind
from dziennik.contracts.classes import NO_SUCH_GROUP
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside
from dziennik.domain.calendar_checks import Weighed, fault_in_details, weigh
from dziennik.domain.calendar_state import (
    PlannedEntry,
    UnitCalendar,
    YearCalendar,
    unit_calendar,
    year_calendar,
)
from dziennik.domain.classes import unit_and_year
from dziennik.domain.lessons import assigned
from dziennik.domain.policies.calendar_limits import fault_in_limits
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import Assignment, Unit
from dziennik.domain.world import Asked, Decision, Entry, World

ANNOUNCING = frozenset({Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.SYSTEM})
_OFFICE = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.SYSTEM})
_DIRECTING = frozenset({Role.DIRECTOR, Role.SYSTEM})

# What belongs to one teacher's assignment.
LESSON_BOUND = frozenset({EntryKind.TEST, EntryKind.QUIZ, EntryKind.HOMEWORK})


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Whose calendar: of a unit, or (`unit` None) of the whole school in a year."""

    year: Year
    calendar: UnitCalendar | YearCalendar
    unit: Unit | None = None

    @property
    def unit_id(self) -> str | None:
        return self.unit.unit_id if self.unit else None

    @property
    def stream(self) -> str:
        return (
            streams.unit_calendar(self.unit.unit_id)
            if self.unit
            else streams.school_calendar(self.year.year_id)
        )


def _place(world: World, unit_id: str | None, year_id: str | None) -> Place | Refusal:
    if (unit_id is None) == (year_id is None):
        return orders.SCOPE_UNCLEAR(field="unit_id")
    if unit_id is None:
        year = year_of(world, year_id or "")
        if isinstance(year, Refusal):
            return year
        return Place(year=year, calendar=world[year_calendar(year.year_id)])
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    return Place(unit=found[0], year=found[1], calendar=world[unit_calendar(unit_id)])


@decides(orders.SetCalendarRules, by=DIRECTOR)
def _set_rules(world: World, command: orders.SetCalendarRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    state = world[year_calendar(command.year_id)]
    if state.rules_version and state.rules == command.rules:
        return []
    fault = fault_in_limits(command.rules, "rules")
    fact = said.CalendarRulesSet(year_id=command.year_id, rules=command.rules)
    return fault or [Entry(streams.school_calendar(command.year_id), fact)]


@decides(orders.PlanEntry, by=ANNOUNCING)
def _plan(world: World, command: orders.PlanEntry, asked: Asked) -> Decision:
    place = _place(world, command.unit_id, command.year_id)
    if isinstance(place, Refusal):
        return place
    assignment = _announced_by(place, command, asked)
    if isinstance(assignment, Refusal):
        return assignment
    if assignment and command.staff_only:
        return orders.NOT_FOR_STAFF_ALONE(field="staff_only")
    details = _details(command)
    planned = said.EntryPlanned(
        entry_id=command.entry_id,
        year_id=place.year.year_id,
        kind=command.kind,
        details=details,
        unit_id=place.unit_id,
        group_id=assignment.group_id if assignment else command.group_id,
        assignment_id=assignment.assignment_id if assignment else None,
        subject_id=assignment.subject_id if assignment else None,
        staff_only=command.staff_only,
    )
    known = place.calendar.entries.get(command.entry_id)
    if known:
        same = _bare(known.planned) == planned and known.cancelled is None
        return [] if same else orders.ENTRY_EXISTS(title=known.details.title, field="entry_id")
    fault = fault_in_details(world, place.year, command.kind, details)
    if fault:
        return fault
    weighed = weigh(world, place.unit, place.year, planned, asked, command.override)
    if isinstance(weighed, Refusal):
        return weighed
    planned = replace(
        planned, rule_version=weighed.version, override=weighed.override, exceeded=weighed.exceeded
    )
    return [Entry(place.stream, planned), *_counted(place.unit, planned, details)]


def _bare(planned: said.EntryPlanned) -> said.EntryPlanned:
    """What was planned, without how it was measured."""
    return replace(planned, rule_version=0, override=None, exceeded=())


def _details(command: orders.PlanEntry | orders.ChangeEntry) -> EntryDetails:
    return EntryDetails(
        title=command.title.strip(),
        text=command.text,
        on=command.on,
        until=None if command.until == command.on else command.until,
        period=command.period,
        starts=command.starts,
        ends=command.ends,
    )


def _announced_by(place: Place, command: orders.PlanEntry, asked: Asked) -> Assignment | Refusal | None:
    """The assignment of what needs one, None for what needs none, or why this actor may not announce it."""
    if command.kind in LESSON_BOUND:
        return _own_assignment(place.unit, command, asked)
    if place.unit is None:
        return None if asked.actor.role in _OFFICE else orders.NOT_YOUR_CLASS(field="year_id")
    if command.assignment_id is not None:
        return _own_assignment(place.unit, command, asked)
    if command.group_id is not None and command.group_id not in place.unit.groups:
        return NO_SUCH_GROUP(group=command.group_id, field="group_id")
    return None if _concerns(place.unit, asked) else orders.NOT_YOUR_CLASS(field="unit_id")


def _own_assignment(state: Unit | None, command: orders.PlanEntry, asked: Asked) -> Assignment | Refusal:
    if state is None:
        return orders.NOT_FOR_THE_SCHOOL(field="kind")
    if command.assignment_id is None:
        return orders.ASSIGNMENT_MISSING(field="assignment_id")
    assignment = assigned(state, command.assignment_id, command.on)
    if isinstance(assignment, Refusal):
        return assignment
    own = asked.actor.role is Role.TEACHER and asked.actor.person == assignment.teacher_id
    if not own and asked.actor.role is not Role.SYSTEM:
        return orders.NOT_YOUR_ASSIGNMENT(field="assignment_id")
    if command.group_id not in (None, assignment.group_id):
        return NO_SUCH_GROUP(group=command.group_id or "", field="group_id")
    return assignment


def _concerns(state: Unit, asked: Asked) -> bool:
    """The office, the homeroom teacher, and whoever teaches the unit today."""
    if asked.actor.role in _OFFICE:
        return True
    person = asked.actor.person
    teaches = any(a.teacher_id == person and a.covers(asked.today) for a in state.assignments.values())
    return teaches or state.homeroom_teacher(asked.today) == person


def _counted(state: Unit | None, planned: said.EntryPlanned, details: EntryDetails) -> list[Entry]:
    """An interclass group's entry burdens each of its classes: it is told in their calendars too."""
    if state is None or planned.kind not in LESSON_BOUND:
        return []
    return [
        Entry(
            streams.unit_calendar(class_id),
            said.GroupEntryCounted(
                class_id=class_id,
                group_id=state.unit_id,
                entry_id=planned.entry_id,
                kind=planned.kind,
                title=details.title,
                on=details.on,
            ),
        )
        for class_id in state.class_ids
    ]


def _standing(
    world: World, command: orders.ChangeEntry | orders.CancelEntry, asked: Asked
) -> tuple[Place, PlannedEntry] | Refusal:
    """The entry in its calendar, if there is one that this actor may change."""
    place = _place(world, command.unit_id, command.year_id)
    if isinstance(place, Refusal):
        return place
    entry = place.calendar.entries.get(command.entry_id)
    if entry is None:
        return orders.NO_SUCH_ENTRY(entry=command.entry_id, field="entry_id")
    if not _may_change(place, entry, asked):
        return orders.NOT_YOUR_ENTRY(field="entry_id")
    changed = _changed_since(entry, command)
    return beside(changed, place.stream, "entry_id", command.entry_id) if changed else (place, entry)


def _changed_since(entry: PlannedEntry, command: orders.ChangeEntry | orders.CancelEntry) -> Refusal | None:
    """What somebody else did to the entry meanwhile."""
    if entry.cancelled is not None:
        same = isinstance(command, orders.CancelEntry) and command.reason == entry.cancelled
        return None if same else orders.ENTRY_WAS_CANCELLED(reason=entry.cancelled, field="entry_id")
    if command.seen in (None, entry.details):
        return None
    return CHANGED_SINCE(seen=_told(command.seen), now=_told(entry.details), field="seen")


def _told(details: EntryDetails | None) -> str:
    parts = () if details is None else msgspec.structs.astuple(details)
    return ", ".join([str(part) for part in parts if part is not None])


def _may_change(place: Place, entry: PlannedEntry, asked: Asked) -> bool:
    if asked.actor.role in _DIRECTING:
        return True
    if entry.planned.assignment_id is not None:
        taught = place.unit.assignments.get(entry.planned.assignment_id) if place.unit else None
        own = taught is not None and taught.teacher_id == asked.actor.person
        return own and asked.actor.role is Role.TEACHER
    return asked.actor.role in _OFFICE or (place.unit is not None and _concerns(place.unit, asked))


@decides(orders.ChangeEntry, by=ANNOUNCING)
def _change(world: World, command: orders.ChangeEntry, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    place, entry = found
    now = _details(command)
    if now == entry.details:
        return []
    fault = fault_in_details(world, place.year, entry.planned.kind, now)
    if fault:
        return fault
    weighed = _weighed_anew(world, place, entry, now, asked, command.override)
    if isinstance(weighed, Refusal):
        return weighed
    changed = said.EntryChanged(
        entry_id=command.entry_id,
        year_id=place.year.year_id,
        unit_id=place.unit_id,
        was=entry.details,
        now=now,
        reason=command.reason,
        rule_version=weighed.version,
        override=weighed.override,
        exceeded=weighed.exceeded,
    )
    told: Sequence[Entry] = ()
    if (now.title, now.on) != (entry.details.title, entry.details.on):
        told = _counted(place.unit, entry.planned, now)
    return [Entry(place.stream, changed), *told]


def _weighed_anew(
    world: World, place: Place, entry: PlannedEntry, now: EntryDetails, asked: Asked, override: str | None
) -> Weighed | Refusal:
    """A new day is measured like a new entry; notice only when it comes earlier than was announced."""
    moved = replace(entry.planned, details=now)
    was: date = entry.details.on
    return weigh(world, place.unit, place.year, moved, asked, override, was=was)


@decides(orders.CancelEntry, by=ANNOUNCING)
def _cancel(world: World, command: orders.CancelEntry, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    place, entry = found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if entry.cancelled is not None:
        return []
    cancelled: Fact = said.EntryCancelled(
        entry_id=command.entry_id, year_id=place.year.year_id, unit_id=place.unit_id, reason=command.reason
    )
    dropped = [
        Entry(
            streams.unit_calendar(class_id),
            said.GroupEntryDropped(class_id=class_id, entry_id=command.entry_id),
        )
        for class_id in (place.unit.class_ids if place.unit else ())
        if entry.planned.kind in LESSON_BOUND
    ]
    return [Entry(place.stream, cancelled), *dropped]
