"""Whose entries and lessons are these? The calendar of a class, of a teacher, of pupils.

Pupils (and their parents) see what concerns the classes and groups they are in on that very day. For queries
and feeds alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dziennik.contracts.registers import RESTRICTED
from dziennik.domain.policies.day_plan import DayPlan, ExpectedLesson
from dziennik.projections import lesson_journal, structure
from dziennik.projections.calendar import WHOLE_SCHOOL, Entry, entries
from dziennik.projections.dated import in_force
from dziennik.projections.day_plans import plans_of_unit, units_of_class
from dziennik.projections.rows import View


class Seats:
    """Where some pupils sit: their enrolments and memberships, dated."""

    def __init__(self, view: View, pupil_ids: Iterable[str]) -> None:
        ids = sorted(set(pupil_ids))
        self._enrolled = [row for each in ids for row in structure.enrolments(view, each)]
        self._members = [row for each in ids for row in view.find(structure.Membership, pupil_id=each)]
        units = {row.group_id: view.get(structure.Unit, row.group_id) for row in self._members}
        # That a pupil takes part in a restricted register is nothing for a calendar.
        self._registers = {key for key, unit in units.items() if unit and _is_open_register(unit)}
        self._interclass = {key for key, unit in units.items() if unit and unit.interclass} | self._registers

    def units(self, first: date, last: date) -> list[str]:
        """Classes, interclass groups and other registers in which one of the pupils is in that time."""
        here = [row.class_id for row in self._enrolled if _overlaps(row, first, last)]
        groups = [
            row.group_id
            for row in self._members
            if row.group_id in self._interclass and _overlaps(row, first, last)
        ]
        return sorted({*here, *groups})

    def concern(self, unit_id: str, group_id: str | None, day: date) -> bool:
        """Whether what a class or group does that day concerns one of the pupils.

        Who left the class is no longer in its groups, even if the group was not left.
        """
        if unit_id in self._interclass:
            return any(self._is_member(row, unit_id, day) for row in self._members)
        enrolled = {row.pupil_id for row in self._enrolled if row.class_id == unit_id and in_force(row, day)}
        if group_id is None:
            return bool(enrolled)
        here = (row for row in self._members if self._is_member(row, group_id, day))
        return any(row.pupil_id in enrolled for row in here)

    def _is_member(self, row: structure.Membership, group_id: str, day: date) -> bool:
        return (
            row.group_id == group_id
            and in_force(row, day)
            and (
                group_id in self._registers
                or any(
                    (place.pupil_id, place.class_id) == (row.pupil_id, row.class_id) and in_force(place, day)
                    for place in self._enrolled
                )
            )
        )

    def see(self, entry: Entry) -> bool:
        """Whether an entry concerns one of the pupils, on its first or last day."""
        if entry.staff_only:
            return False
        if entry.unit_id == WHOLE_SCHOOL:
            return True
        group_id = None if entry.unit_id in self._interclass else entry.group_id
        return any(self.concern(entry.unit_id, group_id, day) for day in {entry.on, entry.until})


def entries_of_units(view: View, unit_ids: Iterable[str], first: date, last: date) -> list[Entry]:
    """Entries of these units and of the whole school, in time."""
    found = [e for unit_id in (WHOLE_SCHOOL, *unit_ids) for e in entries(view, unit_id, first, last)]
    return sorted(found, key=lambda e: (e.on, e.period or 0, e.starts or "", e.unit_id, e.entry_id))


def entries_of_class(
    view: View, class_id: str, first: date, last: date, seats: Seats | None = None
) -> list[Entry]:
    """Entries of a class, of groups that draw from it and of the school; with `seats` what concerns them."""
    found = entries_of_units(view, units_of_class(view, class_id), first, last)
    return [entry for entry in found if seats is None or seats.see(entry)]


def entries_of_pupils(view: View, seats: Seats, first: date, last: date) -> list[Entry]:
    """Entries that concern the pupils."""
    return [e for e in entries_of_units(view, seats.units(first, last), first, last) if seats.see(e)]


def entries_of_teacher(view: View, teacher_id: str, first: date, last: date) -> list[Entry]:
    """Entries of the units that the teacher teaches or is homeroom teacher of in that time."""
    return entries_of_units(view, _units_of_teacher(view, teacher_id, first, last), first, last)


def plans_of_class(
    view: View, class_id: str, first: date, last: date, seats: Seats | None = None
) -> list[DayPlan]:
    """The days of a class with the lessons of groups that draw from it; with `seats` what concerns them."""
    units = units_of_class(view, class_id)
    days = [plans_of_unit(view, unit_id, first, last) for unit_id in units]
    return [_joined(of_day, seats) for of_day in zip(*[each for each in days if each], strict=True)]


def lessons_of_pupils(view: View, seats: Seats, first: date, last: date) -> list[ExpectedLesson]:
    """Lessons that the pupils are expected at."""
    found = _lessons(view, seats.units(first, last), first, last)
    return [each for each in found if seats.concern(each.unit_id, each.group_id, each.on)]


def lessons_of_class(view: View, class_id: str, first: date, last: date) -> list[ExpectedLesson]:
    """Lessons of a class and of groups that draw from it."""
    return _lessons(view, units_of_class(view, class_id), first, last)


def lessons_of_teacher(view: View, teacher_id: str, first: date, last: date) -> list[ExpectedLesson]:
    """Lessons that the teacher is expected to hold, own ones and substitutions."""
    found = _lessons(view, units_with_substitutions(view, teacher_id, first, last), first, last)
    return [lesson for lesson in found if lesson.teacher_id == teacher_id]


def units_with_substitutions(view: View, teacher_id: str, first: date, last: date) -> list[str]:
    """These units, and those in which the teacher substitutes in that time."""
    substituted = {row.unit_id for row in lesson_journal.of_teacher(view, teacher_id, first, last)}
    return sorted(substituted | set(_units_of_teacher(view, teacher_id, first, last)))


def _units_of_teacher(view: View, teacher_id: str, first: date, last: date) -> list[str]:
    assigned = structure.assignments(view, teacher_id=teacher_id)
    homes = structure.homerooms(view, teacher_id)
    taught = {row.unit_id for row in assigned if _overlaps(row, first, last)}
    return sorted(taught | {row.class_id for row in homes if _overlaps(row, first, last)})


def _lessons(view: View, unit_ids: Iterable[str], first: date, last: date) -> list[ExpectedLesson]:
    found = [
        lesson
        for unit_id in unit_ids
        for plan in plans_of_unit(view, unit_id, first, last)
        for lesson in plan.expected
    ]
    return sorted(found, key=lambda lesson: (lesson.on, lesson.starts, lesson.unit_id, lesson.assignment_id))


def _joined(of_day: tuple[DayPlan, ...], seats: Seats | None) -> DayPlan:
    """The first plan with the lessons of all."""
    first = of_day[0]
    expected = [e for plan in of_day for e in plan.expected]
    left_out = [out for plan in of_day for out in plan.left_out]
    if seats is not None:
        expected = [e for e in expected if seats.concern(e.unit_id, e.group_id, e.on)]
        left_out = [out for out in left_out if seats.concern(out.unit_id, out.group_id, out.on)]
    return DayPlan(
        on=first.on,
        kept=first.kept,
        weekday=first.weekday,
        timetable_from=first.timetable_from,
        free=first.free,
        changed=first.changed,
        expected=tuple(sorted(expected, key=lambda e: (e.period, e.unit_id, e.assignment_id))),
        left_out=tuple(sorted(left_out, key=lambda out: (out.period, out.unit_id, out.assignment_id))),
    )


def _is_open_register(unit: structure.Unit) -> bool:
    return unit.register is not None and unit.register not in RESTRICTED


def _overlaps(
    row: structure.Enrolment | structure.Membership | structure.Assignment | structure.Homeroom,
    first: date,
    last: date,
) -> bool:
    return row.since <= last and (row.until is None or first <= row.until)
