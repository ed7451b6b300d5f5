"""Which additional hours did teachers enter, what became of them, and which lessons did they substitute?

Sums are reckoned when asked (domain.policies.staff_hours): a month of a school is some hundred rows.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts import lessons
from dziennik.contracts import staff as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.domain.policies.staff_hours import (
    HoursInput,
    HoursState,
    LessonInput,
    MonthlyHours,
    explain_hours,
)
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import Row

STAFF_HOURS = ReadModel("staff_hours", version=1)
on = STAFF_HOURS.on
table = STAFF_HOURS.table


class Act(msgspec.Struct, frozen=True):
    """What was done to entered hours, by whom (a person's id, or an account's) and when."""

    state: HoursState
    by: str
    role: str
    at: datetime
    reason: str | None = None
    was: str | None = None


@table(
    key=("year_id", "teacher_id", "hours_id"),
    indexes=(("year_id", "on"), ("year_id", "teacher_id", "on")),
)
class Hours(Row, frozen=True):
    """Entered hours as they stand, with all that was done to them; the first act is their entry."""

    year_id: str
    teacher_id: str
    hours_id: str
    kind_id: str
    on: date
    hours: Decimal
    what: str
    state: HoursState
    acts: tuple[Act, ...]


@table(key=("unit_id", "lesson_id"), indexes=(("on",), ("teacher_id", "on")))
class SubstitutedLesson(Row, frozen=True):
    """A lesson that `teacher_id` held instead of another teacher."""

    unit_id: str
    lesson_id: str
    teacher_id: str
    instead_of: str
    subject_id: str
    on: date
    period: int
    signed: bool = False
    cancelled: bool = False


@table(key=("year_id",))
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set, 0: the usual ones hold."""

    year_id: str
    version: int
    rules: said.StaffRules


@on(said.StaffRulesSet)
def rules_set(rows: Rows, fact: said.StaffRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(said.HoursEntered)
def hours_entered(rows: Rows, fact: said.HoursEntered, recorded: Recorded) -> None:
    entry = _act(HoursState.ENTERED, recorded)
    rows.put(Hours(*_key(fact), fact.kind_id, fact.on, fact.hours, fact.what, entry.state, (entry,)))


@on(said.HoursCorrected)
def hours_corrected(rows: Rows, fact: said.HoursCorrected, recorded: Recorded) -> None:
    row = _row(rows, fact)
    was = f"{fact.was_hours} {fact.was_kind_id} {fact.was_on}: {fact.was_what}"
    act = _act(HoursState.ENTERED, recorded, fact.reason, was)
    rows.put(
        replace(
            row,
            kind_id=fact.kind_id,
            on=fact.on,
            hours=fact.hours,
            what=fact.what,
            state=act.state,
            acts=(*row.acts, act),
        )
    )


@on(said.HoursStruckOut)
def hours_struck_out(rows: Rows, fact: said.HoursStruckOut, recorded: Recorded) -> None:
    _became(rows, fact, _act(HoursState.STRUCK_OUT, recorded, fact.reason))


@on(said.HoursConfirmed)
def hours_confirmed(rows: Rows, fact: said.HoursConfirmed, recorded: Recorded) -> None:
    _became(rows, fact, _act(HoursState.CONFIRMED, recorded))


@on(said.HoursRefused)
def hours_refused(rows: Rows, fact: said.HoursRefused, recorded: Recorded) -> None:
    _became(rows, fact, _act(HoursState.REFUSED, recorded, fact.reason))


@on(lessons.LessonHeld)
def lesson_held(rows: Rows, fact: lessons.LessonHeld, _: Recorded) -> None:
    if fact.instead_of is not None:
        rows.put(
            SubstitutedLesson(
                unit_id=fact.unit_id,
                lesson_id=fact.lesson_id,
                teacher_id=fact.teacher_id,
                instead_of=fact.instead_of,
                subject_id=fact.subject_id,
                on=fact.on,
                period=fact.period,
            )
        )


@on(lessons.LessonSigned)
def lesson_signed(rows: Rows, fact: lessons.LessonSigned, recorded: Recorded) -> None:
    lesson = rows.get(SubstitutedLesson, unit_of(recorded.stream) or "", fact.lesson_id)
    if lesson is not None:  # most lessons are nobody's substitution
        rows.put(replace(lesson, signed=True))


@on(lessons.LessonCancelled)
def lesson_cancelled(rows: Rows, fact: lessons.LessonCancelled, _: Recorded) -> None:
    lesson = rows.get(SubstitutedLesson, fact.unit_id, fact.lesson_id)
    if lesson is not None:
        rows.put(replace(lesson, cancelled=True))


# What is asked


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force; the usual ones, as version 0, where the director has set none."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_STAFF)


def hours_of(view: View, year_id: str, days: Span, teacher_id: str | None = None) -> list[Hours]:
    """Entered hours of a year on these days, of one teacher or of all, by day; also those struck out."""
    whose = {} if teacher_id is None else {"teacher_id": teacher_id}
    found = view.find(Hours, year_id=year_id, on=days, **whose)
    return sorted(found, key=lambda row: (row.on, row.teacher_id, row.hours_id))


class Closed(msgspec.Struct, frozen=True):
    """Registers that the asker may not open; of lessons there only the hour is told, save the asker's own."""

    unit_ids: frozenset[str] = frozenset()
    asker: str | None = None

    def shown(self, lesson: SubstitutedLesson) -> SubstitutedLesson:
        if lesson.unit_id not in self.unit_ids or lesson.teacher_id == self.asker:
            return lesson
        return replace(lesson, unit_id="", lesson_id="", subject_id="", instead_of="")


ALL_OPEN = Closed()


def substituted(
    view: View, days: Span, teacher_id: str | None = None, closed: Closed = ALL_OPEN
) -> list[SubstitutedLesson]:
    """Lessons held in substitution on these days, by one teacher or by all, by day and hour."""
    whose = {} if teacher_id is None else {"teacher_id": teacher_id}
    found = [closed.shown(row) for row in view.find(SubstitutedLesson, on=days, **whose)]
    return sorted(found, key=lambda row: (row.on, row.period, row.unit_id, row.lesson_id))


def sums(
    view: View, year_id: str, days: Span, teacher_id: str | None = None, closed: Closed = ALL_OPEN
) -> list[MonthlyHours]:
    """Hours by teacher, month and kind, explained. `days` must lie within the year."""
    rules = rules_of(view, year_id)
    entered = [
        HoursInput(
            hours_id=row.hours_id,
            teacher_id=row.teacher_id,
            kind_id=row.kind_id,
            on=row.on,
            hours=row.hours,
            state=row.state,
        )
        for row in hours_of(view, year_id, days, teacher_id)
    ]
    held = [
        LessonInput(
            lesson_id=row.lesson_id,
            unit_id=row.unit_id,
            teacher_id=row.teacher_id,
            on=row.on,
            period=row.period,
            signed=row.signed,
            cancelled=row.cancelled,
        )
        for row in substituted(view, days, teacher_id, closed)
    ]
    return explain_hours(entered, held, rules.rules, rules.version)


_Judged = said.HoursStruckOut | said.HoursConfirmed | said.HoursRefused
_Told = said.HoursEntered | said.HoursCorrected | _Judged


def _key(fact: _Told) -> tuple[str, str, str]:
    return fact.year_id, fact.teacher_id, fact.hours_id


def _row(rows: Rows, fact: _Told) -> Hours:
    return there(rows.get(Hours, *_key(fact)), fact.hours_id)


def _became(rows: Rows, fact: _Judged, act: Act) -> None:
    row = _row(rows, fact)
    rows.put(replace(row, state=act.state, acts=(*row.acts, act)))


def _act(state: HoursState, recorded: Recorded, reason: str | None = None, was: str | None = None) -> Act:
    actor = recorded.origin.actor
    by = actor.person or actor.account
    return Act(state, by, actor.role.name, recorded.origin.recorded_at, reason, was)
