"""Which rolls were not called? Planned lessons of some days, and lessons held, without a roll.

Nothing is stored: the plan is reckoned when asked (day_plans).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from dziennik.contracts.registers import RESTRICTED
from dziennik.domain.policies.day_plan import DayPlan
from dziennik.projections import calendar, lesson_journal, structure
from dziennik.projections.day_plans import plans_of_unit
from dziennik.projections.lesson_journal import LessonState
from dziennik.projections.rows import View

# The models an answer depends on.
MODELS = (
    calendar.CALENDAR.name,
    lesson_journal.LESSON_JOURNAL.name,
    structure.STRUCTURE.name,
)


class RollDue(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson whose roll was not called; `held`: it is entered all the same."""

    unit_id: str
    lesson_id: str
    on: date
    period: int
    subject_id: str
    teacher_id: str
    group_id: str | None
    held: bool


def rolls_due(view: View, unit_ids: Iterable[str], first: date, last: date, now: datetime) -> list[RollDue]:
    """Lessons that are over by `now` (school-local) without a roll call, by day, hour and unit.

    In a register without roll calls none is due.
    """
    found = []
    units = view.many(structure.Unit, [(unit_id,) for unit_id in dict.fromkeys(unit_ids)])
    for unit in units:
        if unit is not None and unit.register not in RESTRICTED:
            found += _of_unit(view, unit, first, min(last, now.date()), now)
    return sorted(found, key=lambda due: (due.on, due.period, due.unit_id, due.lesson_id))


def units_of_day(view: View, first: date, last: date) -> list[str]:
    """All classes, interclass groups and other registers of the years that these days lie in."""
    years = [year for year in structure.years(view) if year.starts <= last and first <= year.ends]
    return [unit.unit_id for year in years for unit in view.find(structure.Unit, year_id=year.year_id)]


def _of_unit(view: View, unit: structure.Unit, first: date, last: date, now: datetime) -> list[RollDue]:
    if last < first:
        return []
    due = {
        lesson.lesson_id: lesson
        for plan in plans_of_unit(view, unit.unit_id, first, last)
        for lesson in _planned(plan, now)
    }
    for held in lesson_journal.of_unit(view, unit.unit_id, first, last):
        if held.asked is not None:
            due.pop(held.lesson_id, None)
        elif held.state is LessonState.HELD:
            due[held.lesson_id] = RollDue(
                unit_id=held.unit_id,
                lesson_id=held.lesson_id,
                on=held.on,
                period=held.period,
                subject_id=held.subject_id,
                teacher_id=held.teacher_id,
                group_id=held.group_id,
                held=True,
            )
    return list(due.values())


def _planned(plan: DayPlan, now: datetime) -> list[RollDue]:
    """The day's lessons that are over by now."""
    clock = f"{now:%H:%M}"
    return [
        RollDue(
            unit_id=lesson.unit_id,
            lesson_id=lesson.lesson_id,
            on=lesson.on,
            period=lesson.period,
            subject_id=lesson.subject_id,
            teacher_id=lesson.teacher_id,
            group_id=lesson.group_id,
            held=False,
        )
        for lesson in plan.expected
        if plan.on < now.date() or lesson.ends <= clock
    ]
