"""The small words that facts and commands of several contexts share.

Ids are opaque texts (UUIDs in canonical form, never personal data), so that they may stand in
stream names. Dates are school-local calendar days; numbers that are reckoned with are Decimal.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

import msgspec

PersonId: TypeAlias = str
YearId: TypeAlias = str
TermId: TypeAlias = str
SubjectId: TypeAlias = str
# A class unit (oddział) of one school year, or a group drawn from several of them: whatever
# owns a ``year/{unit}/...`` family of streams.
UnitId: TypeAlias = str
GroupId: TypeAlias = str
AssignmentId: TypeAlias = str
LessonId: TypeAlias = str
ColumnId: TypeAlias = str
GradeId: TypeAlias = str
CategoryId: TypeAlias = str


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Base of value objects inside facts and commands: equal by value, strict to decode."""


class Term(Value, frozen=True, kw_only=True):
    """A term (okres) of a school year; both days belong to it."""

    term_id: TermId
    name: str
    starts: date
    ends: date


class LessonPeriod(Value, frozen=True, kw_only=True):
    """A numbered lesson hour (godzina lekcyjna); times are school-local "HH:MM"."""

    number: int
    starts: str
    ends: str


class AttendanceKind(StrEnum):
    """The base kinds of attendance (DOMAIN section 3); schools name their own types on them."""

    PRESENT = "present"
    ABSENT = "absent"
    ABSENT_EXCUSED = "absent_excused"
    LATE = "late"
    LATE_EXCUSED = "late_excused"
    SCHOOL_REASON = "school_reason"
    RELEASED = "released"


class AttendanceType(Value, frozen=True, kw_only=True):
    """A school's own attendance type: what is written in the register, on a base kind."""

    type_id: str
    symbol: str
    name: str
    kind: AttendanceKind


class AttendanceRules(Value, frozen=True, kw_only=True):
    """How a school reckons attendance in one year.

    percentage = lessons counted present / lessons counted at all x 100, rounded half up to
    `places`. Kinds in `left_out` count in neither; a zero denominator gives no value.
    """

    types: tuple[AttendanceType, ...]
    counted_present: tuple[AttendanceKind, ...]
    left_out: tuple[AttendanceKind, ...]
    places: int = 1


class GradeKind(StrEnum):
    """What a grade stands for (DOMAIN section 3)."""

    CURRENT = "current"
    TERM_PROPOSED = "term_proposed"
    TERM_FINAL = "term_final"
    ANNUAL_PROPOSED = "annual_proposed"
    ANNUAL_FINAL = "annual_final"


class RetakeRule(StrEnum):
    """What counts when a grade improves an earlier one (poprawa)."""

    BETTER = "better"
    LATEST = "latest"
    BOTH = "both"
    AVERAGE = "average"


class GradeCategory(Value, frozen=True, kw_only=True):
    """What a grade is given for: a test, an answer, homework. `colour` is "#rrggbb"."""

    category_id: CategoryId
    name: str
    symbol: str
    weight: Decimal
    counted: bool = True
    colour: str = "#000000"


class ScaleMark(Value, frozen=True, kw_only=True):
    """One full mark of the scale with the number it is reckoned as."""

    mark: str
    value: Decimal


class PointThreshold(Value, frozen=True, kw_only=True):
    """From this percentage of the points on, a points grade is reckoned as `mark`."""

    percent: Decimal
    mark: str


class GradingRules(Value, frozen=True, kw_only=True):
    """How a school grades in one year.

    A mark is a mark of `scale`, optionally followed by "+" or "-" (worth `plus` and `minus`),
    or one of `remarks` ("np", "bz", ...), which do not count, unless `counted_remarks` says
    as which number. Points count through `thresholds` (highest percentage first); with none
    they do not count.
    Averages are weighted and rounded half up to `places`.
    """

    scale: tuple[ScaleMark, ...]
    plus: Decimal
    minus: Decimal
    remarks: tuple[str, ...]
    categories: tuple[GradeCategory, ...]
    thresholds: tuple[PointThreshold, ...] = ()
    retakes: RetakeRule = RetakeRule.BETTER
    places: int = 2
    counted_remarks: tuple[ScaleMark, ...] = ()


class TimetableSlot(Value, frozen=True, kw_only=True):
    """One weekly hour: `weekday` 1 (Monday) to 7, `period` a lesson period's number."""

    weekday: int
    period: int
    assignment_id: AssignmentId
    room: str | None = None


class NoteSeen(Value, frozen=True, kw_only=True):
    """A note as whoever changes it saw it."""

    category_id: CategoryId
    on: date
    text: str
    points: int | None = None
