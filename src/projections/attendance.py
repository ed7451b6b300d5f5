"""Who was there? Sheets of a class and of a pupil, and percentages by the rules in force.

The roll call names who was asked; presence is what it leaves. How often a pupil was what is counted per
subject and month as facts come in, so that a percentage never scans a year. A cancelled lesson counts
nowhere; its marks stay, flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import attendance as facts
from dziennik.contracts.classes import ClassOpened, InterclassGroupFormed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.lessons import LessonCancelled, LessonHeld
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.contracts.school import AttendanceRulesSet
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import AttendanceKind, AttendanceRules
from dziennik.domain.policies.attendance import Percentage, explain_percentage
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Lists, Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

ATTENDANCE = ReadModel("attendance", version=2)
on = ATTENDANCE.on
table = ATTENDANCE.table

PRESENT = AttendanceKind.PRESENT
# The year of a unit that is not known (its opening was parked): counts need one in their key.
UNKNOWN_YEAR = ""


@table(key=("unit_id", "lesson_id"), indexes=(("unit_id", "on"),), families=ALL_ROWS)
class Roll(Row, frozen=True):
    """A lesson and whom its roll call asked; `asked` None: not called yet."""

    unit_id: str
    lesson_id: str
    on: date
    period: int
    subject_id: str
    group_id: str | None
    year_id: str
    asked: tuple[str, ...] | None = None
    cancelled: bool = False


@table(key=("pupil_id", "lesson_id"), indexes=(("pupil_id", "on"), ("unit_id", "on"), ("lesson_id",)))
class Mark(Row, frozen=True):
    """What a pupil was at a lesson, if not simply present. `was`: the kinds that corrections replaced."""

    pupil_id: str
    lesson_id: str
    unit_id: str
    on: date
    period: int
    subject_id: str
    type_id: str
    kind: AttendanceKind
    minutes: int | None
    was: tuple[AttendanceKind, ...] = ()
    cancelled: bool = False


@table(key=("pupil_id", "year_id", "subject_id", "month"))
class Count(Row, frozen=True):
    """How often a pupil was what, in a subject and month (its first day)."""

    pupil_id: str
    year_id: str
    subject_id: str
    month: date
    present: int = 0
    absent: int = 0
    absent_excused: int = 0
    late: int = 0
    late_excused: int = 0
    school_reason: int = 0
    released: int = 0


@table(key=("unit_id",), families=ALL_ROWS)
class UnitYear(Row, frozen=True):
    """The school year of a class or interclass group.

    Only individual teaching is school attendance: other registers count for themselves, under their own id.
    """

    unit_id: str
    year_id: str


@table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The attendance rules in force in a year; `version` counts how often they were set."""

    year_id: str
    version: int
    rules: AttendanceRules


@on(AttendanceRulesSet)
def attendance_rules_set(rows: Rows, fact: AttendanceRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(ClassOpened)
def class_opened(rows: Rows, fact: ClassOpened, _: Recorded) -> None:
    _unit(rows, fact.class_id, fact.year_id)


@on(InterclassGroupFormed)
def interclass_group_formed(rows: Rows, fact: InterclassGroupFormed, _: Recorded) -> None:
    _unit(rows, fact.group_id, fact.year_id)


@on(RegisterOpened)
def register_opened(rows: Rows, fact: RegisterOpened, _: Recorded) -> None:
    counts = fact.kind is RegisterKind.INDIVIDUAL_TEACHING
    _unit(rows, fact.unit_id, fact.year_id if counts else fact.unit_id)


def _unit(rows: Rows, unit_id: str, year_id: str) -> None:
    rows.put(UnitYear(unit_id, year_id))
    # Usually none; there are some when this fact was parked and is replayed late.
    for roll in rows.find(Roll, unit_id=unit_id):
        kinds = {} if roll.cancelled else _kinds(rows, roll)
        _count(rows, roll, kinds, -1)
        rows.put(moved := replace(roll, year_id=year_id))
        _count(rows, moved, kinds, +1)


@on(LessonHeld)
def lesson_held(rows: Rows, fact: LessonHeld, _: Recorded) -> None:
    unit = rows.get(UnitYear, fact.unit_id)
    for mark in rows.find(Mark, lesson_id=fact.lesson_id):
        rows.delete(Mark, mark.pupil_id, mark.lesson_id)  # of a cancelled lesson that took place after all
    year_id = unit.year_id if unit else UNKNOWN_YEAR
    rows.put(
        Roll(fact.unit_id, fact.lesson_id, fact.on, fact.period, fact.subject_id, fact.group_id, year_id)
    )


@on(LessonCancelled)
def lesson_cancelled(rows: Rows, fact: LessonCancelled, _: Recorded) -> None:
    roll = rows.get(Roll, fact.unit_id, fact.lesson_id)
    if roll is None or roll.cancelled:
        return
    _count(rows, roll, _kinds(rows, roll), -1)
    rows.put(replace(roll, cancelled=True))
    for mark in rows.find(Mark, lesson_id=fact.lesson_id):
        rows.put(replace(mark, cancelled=True))


@on(facts.RollCalled)
def roll_called(rows: Rows, fact: facts.RollCalled, recorded: Recorded) -> None:
    roll = _roll(rows, recorded, fact.lesson_id)
    rows.put(replace(roll, asked=fact.pupils))
    _count(rows, roll, dict.fromkeys(fact.pupils, PRESENT), +1)


@on(facts.AbsenceRecorded, facts.ReleaseRecorded)
def absence_recorded(
    rows: Rows, fact: facts.AbsenceRecorded | facts.ReleaseRecorded, recorded: Recorded
) -> None:
    _mark(rows, recorded, fact, None)


@on(facts.LatenessRecorded)
def lateness_recorded(rows: Rows, fact: facts.LatenessRecorded, recorded: Recorded) -> None:
    _mark(rows, recorded, fact, fact.minutes)


@on(facts.AttendanceCorrected)
def attendance_corrected(rows: Rows, fact: facts.AttendanceCorrected, recorded: Recorded) -> None:
    _mark(rows, recorded, fact, fact.minutes, was=fact.was_kind)


def _mark(
    rows: Rows,
    recorded: Recorded,
    fact: facts.AbsenceRecorded | facts.ReleaseRecorded | facts.LatenessRecorded | facts.AttendanceCorrected,
    minutes: int | None,
    was: AttendanceKind | None = None,
) -> None:
    """Set the pupil's mark, and count the new kind instead of the one that stood there."""
    roll = _roll(rows, recorded, fact.lesson_id)
    old = rows.get(Mark, fact.pupil_id, fact.lesson_id)
    before = old.kind if old else PRESENT if fact.pupil_id in (roll.asked or ()) else None
    if not roll.cancelled:
        if before is not None:
            _count(rows, roll, {fact.pupil_id: before}, -1)
        _count(rows, roll, {fact.pupil_id: fact.kind}, +1)
    rows.put(
        Mark(
            fact.pupil_id,
            fact.lesson_id,
            roll.unit_id,
            roll.on,
            roll.period,
            roll.subject_id,
            fact.type_id,
            fact.kind,
            minutes,
            (*(old.was if old else ()), *([was] if was else [])),
            roll.cancelled,
        )
    )


def _roll(rows: Rows, recorded: Recorded, lesson_id: str) -> Roll:
    roll = rows.get(Roll, unit_of(recorded.stream) or "", lesson_id)
    if roll is None:
        raise LookupError(f"no lesson {lesson_id}")
    return roll


def _kinds(rows: Rows, roll: Roll) -> dict[str, AttendanceKind]:
    """What each pupil of a lesson was."""
    kinds = dict.fromkeys(roll.asked or (), PRESENT)
    return kinds | {mark.pupil_id: mark.kind for mark in rows.find(Mark, lesson_id=roll.lesson_id)}


def _count(rows: Rows, roll: Roll, kinds: Mapping[str, AttendanceKind], by: int) -> None:
    month = roll.on.replace(day=1)
    keys = [(pupil_id, roll.year_id, roll.subject_id, month) for pupil_id in kinds]
    for key, kind, count in zip(keys, kinds.values(), rows.many(Count, keys), strict=True):
        changed = _added(count or Count(*key), kind, by)
        if any(getattr(changed, name) for name in _COLUMNS):
            rows.put(changed)
        else:
            rows.delete(Count, *key)


_COLUMNS = tuple([kind.value for kind in AttendanceKind])


def _added(count: Count, kind: AttendanceKind, by: int) -> Count:
    return replace(count, **{kind.value: getattr(count, kind.value) + by})


def _counts(count: Count) -> dict[AttendanceKind, int]:
    return {kind: getattr(count, kind.value) for kind in AttendanceKind}


# What is asked


class Sheet(msgspec.Struct, frozen=True):
    """Lessons by day and hour, and marks by pupil; whoever was asked and has no mark was present."""

    rolls: tuple[Roll, ...]
    marks: tuple[Mark, ...]


def sheet_of_unit(view: View, unit_id: str, first: date, last: date) -> Sheet:
    """The attendance sheet of a class or interclass group from `first` to `last`."""
    rolls = view.find(Roll, unit_id=unit_id, on=Span(first, last))
    marks = view.find(Mark, unit_id=unit_id, on=Span(first, last))
    return Sheet(tuple(sorted(rolls, key=_in_time)), tuple(marks))


def marks_of_pupil(view: View, pupil_id: str, first: date, last: date) -> list[Mark]:
    """A pupil's marks from `first` to `last`, by day and hour."""
    return sorted(view.find(Mark, pupil_id=pupil_id, on=Span(first, last)), key=_in_time)


def counts_of_pupil(view: View, pupil_id: str, year_id: str) -> list[Count]:
    """How often a pupil was what in a year, by subject and month."""
    return view.find(Count, pupil_id=pupil_id, year_id=year_id)


def counts_of_pupils(view: Lists, pupils: Iterable[str], year_id: str) -> list[Count]:
    """How often these pupils together were what in a year, by subject and month: nobody is named."""
    of = ("pupil_id", pupils)
    found = view.sums(Count, ("subject_id", "month"), _COLUMNS, each=of, year_id=year_id)
    return [Count("", year_id, *row) for row in found]


def counts_by_pupil(view: Lists, pupils: Iterable[str], year_id: str) -> list[Count]:
    """How often each of these pupils was what in a year, by subject; `month` is date.min: all of them."""
    of = ("pupil_id", pupils)
    found = view.sums(Count, ("pupil_id", "subject_id"), _COLUMNS, each=of, year_id=year_id)
    return [Count(pupil_id, year_id, subject_id, date.min, *rest) for pupil_id, subject_id, *rest in found]


def total(counts: Iterable[Count]) -> dict[AttendanceKind, int]:
    """Counts added up."""
    sums = dict.fromkeys(AttendanceKind, 0)
    for count in counts:
        for kind, number in _counts(count).items():
            sums[kind] += number
    return sums


def percentage(
    view: View, pupil_id: str, year_id: str, *, subject_id: str | None = None, months: Span | None = None
) -> Percentage | None:
    """A pupil's attendance in a year, explained; None while the year has no rules.

    `months`: a Span of months' first days.
    """
    rules = view.get(YearRules, year_id)
    if rules is None:
        return None
    counts = [
        count
        for count in counts_of_pupil(view, pupil_id, year_id)
        if subject_id in {None, count.subject_id} and (months is None or count.month in months)
    ]
    return explain_percentage(total(counts), rules.rules, rules.version)


def _in_time(row: Roll | Mark) -> tuple[date, int, str]:
    return row.on, row.period, row.lesson_id
