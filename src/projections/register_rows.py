"""What is kept of lesson hours, by plan and by entry, and what plans follow from (see register_hours)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from dziennik.contracts.values import LessonPeriod, Term, TimetableSlot
from dziennik.domain.policies.day_plan import (
    ChangedDay,
    FreeDays,
    LessonChange,
    SchoolDays,
    Taught,
    UnitHours,
)
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows
from dziennik.projections.tables import Row

REGISTER_HOURS = ReadModel("register_hours", version=2)
table = REGISTER_HOURS.table

# The year of a unit that is not known (yet), or is no class's.
NO_YEAR = ""


class HourGap(StrEnum):
    """What an hour lacks."""

    NO_ENTRY = "no_entry"
    NO_TOPIC = "no_topic"
    NO_ROLL = "no_roll"
    NO_SIGNATURE = "no_signature"


@table(
    key=("unit_id", "lesson_id"),
    indexes=(("year_id", "open", "on"), ("unit_id", "on"), ("assignment_id", "on")),
)
class Hour(Row, frozen=True):
    """An hour of an assignment.

    `expected`: the plan has it, with `planned_teacher` and `room`. `held_by` is whoever held it, `teacher_id`
    who held it or is to. `open`: it lacks something.
    """

    unit_id: str
    lesson_id: str
    year_id: str
    on: date
    period: int
    assignment_id: str
    subject_id: str | None = None
    expected: bool = False
    planned_teacher: str | None = None
    room: str | None = None
    substitute: str | None = None
    held_by: str | None = None
    cancelled: bool = False
    topic: bool = False
    roll: bool = False
    signed: bool = False
    co_teachers: tuple[str, ...] = ()
    co_signed: tuple[str, ...] = ()
    open: bool = False

    @property
    def teacher_id(self) -> str | None:
        """Who held it or is to hold it."""
        return self.held_by or self.substitute or self.planned_teacher

    @property
    def entered(self) -> bool:
        """Whether anything was said of it besides the plan."""
        return self.held_by is not None or self.cancelled or self.substitute is not None

    def gaps(self) -> list[tuple[HourGap, str | None]]:
        """(what it lacks, the teacher who is to see to it)."""
        if self.cancelled or (self.held_by is None and not self.expected):
            return []
        if self.held_by is None:
            return [(HourGap.NO_ENTRY, self.teacher_id)]
        found = [
            (HourGap.NO_TOPIC, self.topic),
            (HourGap.NO_ROLL, self.roll),
            (HourGap.NO_SIGNATURE, self.signed),
        ]
        gaps: list[tuple[HourGap, str | None]] = [
            (gap, self.held_by) for gap, there_is in found if not there_is
        ]
        unsigned = [who for who in self.co_teachers if who not in self.co_signed]
        return [*gaps, *[(HourGap.NO_SIGNATURE, who) for who in unsigned]]


@table(key=("year_id",))
class YearDays(Row, frozen=True):
    """What holds for the whole school in a year; `starts` None: the year itself is not known yet."""

    year_id: str
    starts: date | None = None
    ends: date | None = None
    terms: tuple[Term, ...] = ()
    periods: tuple[LessonPeriod, ...] = ()
    free: tuple[FreeDays, ...] = ()
    changed: tuple[ChangedDay, ...] = ()

    def days(self) -> SchoolDays | None:
        """The same as the policy takes it."""
        if self.starts is None or self.ends is None:
            return None
        return SchoolDays(
            starts=self.starts,
            ends=self.ends,
            terms=self.terms,
            periods=self.periods,
            free=self.free,
            changed={day.on: day for day in self.changed},
        )


class Weekly(msgspec.Struct, frozen=True, gc=False):
    """The weekly hours from a day on."""

    valid_from: date
    slots: tuple[TimetableSlot, ...]


@table(key=("unit_id",), indexes=(("year_id",),))
class UnitDays(Row, frozen=True):
    """What holds for a class or interclass group: timetables, assignments, changes in the order made."""

    unit_id: str
    year_id: str = NO_YEAR
    timetables: tuple[Weekly, ...] = ()
    taught: tuple[Taught, ...] = ()
    changes: tuple[LessonChange, ...] = ()

    def hours(self) -> UnitHours:
        """The same as the policy takes it; substitutions and cancellations are in the hours' own rows."""
        return UnitHours(
            unit_id=self.unit_id,
            timetables={weekly.valid_from: weekly.slots for weekly in self.timetables},
            taught={taught.assignment_id: taught for taught in self.taught},
            changes=self.changes,
        )


def unit_of_days(rows: Rows, unit_id: str) -> UnitDays:
    """What is known of a unit; nothing yet, if so."""
    return rows.get(UnitDays, unit_id) or UnitDays(unit_id)


def settled(hour: Hour) -> Hour:
    """The hour, open if it lacks something."""
    return replace(hour, open=bool(hour.gaps()))


def put(rows: Rows, hour: Hour) -> None:
    """Keep the hour, settled."""
    rows.put(settled(hour))
