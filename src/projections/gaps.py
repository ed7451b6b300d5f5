"""What does the register lack (braki)? Hours without entry, topic, roll, signature; missing final grades.

Put together from rows of several read models when asked. An hour is missed once its day is over; a final
grade of a term from the term's last day on, one of the year from the last term's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.day_plan import Taught
from dziennik.projections import finals_given, register_hours, register_rows, structure
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View


class GapKind(StrEnum):
    """What is missing in the register."""

    NO_ENTRY = "no_entry"
    NO_TOPIC = "no_topic"
    NO_ROLL = "no_roll"
    NO_SIGNATURE = "no_signature"
    NO_TERM_GRADE = "no_term_grade"
    NO_ANNUAL_GRADE = "no_annual_grade"
    NO_TERM_BEHAVIOUR = "no_term_behaviour"
    NO_ANNUAL_BEHAVIOUR = "no_annual_behaviour"


_OF_HOUR = {gap: GapKind(gap.value) for gap in register_rows.HourGap}


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is missing: of an hour, or a pupil's final grade. `on`: the day from which it is missed.

    `teacher_id` is who is to see to it: of behaviour grades the homeroom teacher.
    """

    kind: GapKind
    unit_id: str
    on: date
    period: int | None = None
    lesson_id: str | None = None
    subject_id: str | None = None
    teacher_id: str | None = None
    pupil_id: str | None = None
    term_id: str | None = None

    @property
    def key(self) -> str:
        """Its place among all gaps: by day, unit and hour."""
        parts = (self.lesson_id, self.kind, self.subject_id, self.pupil_id, self.teacher_id)
        place = f"{self.on}\x1f{self.unit_id}\x1f{self.period or 0:02d}"
        return "\x1f".join([place, *[part or "" for part in parts]])


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which gaps are asked for; None does not narrow. Hours are looked at until `hours_until`."""

    year_id: str
    first: date
    last: date
    hours_until: date
    units: frozenset[str] | None = None
    teacher_id: str | None = None
    kinds: frozenset[GapKind] | None = None

    def takes(self, gap: Gap) -> bool:
        """Whether the gap was asked for."""
        return (self.kinds is None or gap.kind in self.kinds) and (
            self.teacher_id is None or gap.teacher_id == self.teacher_id
        )


class Count(msgspec.Struct, frozen=True):
    """How many gaps of a kind a teacher has in a unit and month (its first day)."""

    unit_id: str
    teacher_id: str | None
    month: date
    kind: GapKind
    count: int


def gaps(view: View, asked: Asked) -> list[Gap]:
    """All gaps asked for, in their order."""
    found = [gap for gap in (*_hours(view, asked), *_finals(view, asked)) if asked.takes(gap)]
    return sorted(found, key=lambda gap: gap.key)


def counted(found: Sequence[Gap]) -> list[Count]:
    """The gaps by unit, teacher, month and kind."""
    counts = Counter((gap.unit_id, gap.teacher_id, gap.on.replace(day=1), gap.kind) for gap in found)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or "", *item[0][2:]))
    return [Count(*key, number) for key, number in ordered]


def _hours(view: View, asked: Asked) -> Iterator[Gap]:
    if asked.kinds is not None and not asked.kinds & set(_OF_HOUR.values()):
        return
    last = min(asked.last, asked.hours_until)
    for lacking in register_hours.lacking(view, asked.year_id, asked.first, last, asked.units):
        hour = lacking.hour
        yield Gap(
            kind=_OF_HOUR[lacking.gap],
            unit_id=hour.unit_id,
            on=hour.on,
            period=hour.period,
            lesson_id=hour.lesson_id,
            subject_id=hour.subject_id,
            teacher_id=lacking.teacher_id,
        )


# Final grades


class _Period(msgspec.Struct, frozen=True):
    """A term, or the year (`term` None), whose final grades are due."""

    term: Term | None
    due: date

    @property
    def kind(self) -> GradeKind:
        return GradeKind.TERM_FINAL if self.term else GradeKind.ANNUAL_FINAL

    @property
    def term_id(self) -> str | None:
        return self.term.term_id if self.term else None

    def has(self, row: finals_given.Finals) -> set[str]:
        """Who has a grade of this period in the subject."""
        if self.term is None:
            return {given.pupil_id for given in row.annual}
        return {given.pupil_id for given in row.terms if self.term.starts <= given.on <= self.term.ends}


class _Class(msgspec.Struct, frozen=True):
    """Who is in a class, and who teaches them what: all there ever was, dated."""

    class_id: str
    pupils: list[structure.Enrolment]
    assignments: list[Taught]
    members: list[structure.Membership]

    def taught(self, day: date) -> dict[str, dict[str, str]]:
        """Who teaches each pupil that day: teacher by subject, by pupil."""
        here = [row.pupil_id for row in self.pupils if in_force(row, day)]
        taught: dict[str, dict[str, str]] = {pupil_id: {} for pupil_id in here}
        groups: dict[str, list[str]] = {}
        for member in self.members:
            if in_force(member, day):
                groups.setdefault(member.group_id, []).append(member.pupil_id)
        for assignment in self.assignments:
            if not in_force(assignment, day):
                continue
            chosen = here if assignment.group_id is None else groups.get(assignment.group_id, [])
            for pupil_id in chosen:
                if pupil_id in taught:
                    taught[pupil_id][assignment.subject_id] = assignment.teacher_id
        return taught


class _Year(msgspec.Struct, frozen=True):
    """What was asked once for all classes: final grades given, and homeroom teachers."""

    finals: dict[str, dict[str, finals_given.Finals]]
    behaviour: dict[tuple[str, GradeKind, str], frozenset[str]]
    homerooms: list[structure.Homeroom]

    def homeroom(self, class_id: str, day: date) -> str | None:
        """The homeroom teacher of a class that day."""
        found = (row.teacher_id for row in self.homerooms if row.class_id == class_id and in_force(row, day))
        return next(found, None)


def _finals(view: View, asked: Asked) -> Iterator[Gap]:
    year = view.get(structure.Year, asked.year_id)
    periods = [period for period in _periods(year) if asked.first <= period.due <= asked.last]
    if not periods or (asked.kinds is not None and not asked.kinds - set(_OF_HOUR.values())):
        return
    classes = [
        each for each in _classes(view, asked.year_id) if asked.units is None or each.class_id in asked.units
    ]
    subjects = {(each.class_id, row.subject_id) for each in classes for row in each.assignments}
    behaviour = [(each.class_id, period.kind, period.term_id or "") for each in classes for period in periods]
    known = _Year(
        finals_given.of_subjects(view, sorted(subjects)),
        finals_given.behaviour_given(view, behaviour),
        view.find(structure.Homeroom),
    )
    for each in classes:
        yield from _finals_of_class(each, periods, known)


def _classes(view: View, year_id: str) -> list[_Class]:
    """The year's classes with what concerns their pupils, also in interclass groups."""
    taught = {row.unit_id: list(row.taught) for row in view.find(register_rows.UnitDays, year_id=year_id)}
    interclass = structure.units(view, year_id, interclass=True)
    found = []
    for unit in structure.units(view, year_id):
        groups = [group.unit_id for group in interclass if unit.unit_id in group.class_ids]
        every = [row for unit_id in (unit.unit_id, *groups) for row in taught.get(unit_id, ())]
        members = view.find(structure.Membership, class_id=unit.unit_id) if _has_groups(every) else []
        found.append(_Class(unit.unit_id, structure.pupils(view, unit.unit_id), every, members))
    return found


def _has_groups(assignments: Sequence[Taught]) -> bool:
    return any(row.group_id is not None for row in assignments)


def _periods(year: structure.Year | None) -> list[_Period]:
    if year is None or not year.terms:
        return []
    terms = [_Period(term, term.ends) for term in year.terms]
    return [*terms, _Period(None, max(term.ends for term in year.terms))]


def _finals_of_class(unit: _Class, periods: Sequence[_Period], known: _Year) -> Iterator[Gap]:
    graded = known.finals.get(unit.class_id, {})
    for period in periods:
        taught = unit.taught(period.due)
        given = {subject_id: period.has(row) for subject_id, row in graded.items()}
        for pupil_id, teachers in taught.items():
            for subject_id in sorted(teachers.keys() & given.keys()):
                if pupil_id not in given[subject_id]:
                    yield Gap(
                        kind=GapKind.NO_TERM_GRADE if period.term else GapKind.NO_ANNUAL_GRADE,
                        unit_id=unit.class_id,
                        on=period.due,
                        subject_id=subject_id,
                        teacher_id=teachers[subject_id],
                        pupil_id=pupil_id,
                        term_id=period.term_id,
                    )
        yield from _behaviour(unit.class_id, period, taught, known)


def _behaviour(class_id: str, period: _Period, pupils: Collection[str], known: _Year) -> Iterator[Gap]:
    given = known.behaviour.get((class_id, period.kind, period.term_id or ""), frozenset())
    for pupil_id in pupils:
        if pupil_id not in given:
            yield Gap(
                kind=GapKind.NO_TERM_BEHAVIOUR if period.term else GapKind.NO_ANNUAL_BEHAVIOUR,
                unit_id=class_id,
                on=period.due,
                teacher_id=known.homeroom(class_id, period.due),
                pupil_id=pupil_id,
                term_id=period.term_id,
            )
