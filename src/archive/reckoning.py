"""What follows from the entries by the rules in force at the cut-off: averages and percentages?

The very calculations of dziennik.domain.policies that the read models use, on the archive's own fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from dziennik.archive.register import ClassRegister, Grade, told
from dziennik.contracts.grades import ColumnChanged, ColumnOpened, GradeGiven
from dziennik.contracts.school import AttendanceRulesSet, GradingRulesSet
from dziennik.contracts.values import AttendanceKind, Term
from dziennik.domain.policies.attendance import Percentage, explain_percentage
from dziennik.domain.policies.grading import Average, GradeInput, explain_average

# (term id or None for the whole year, lessons by kind, percentage)
Span: TypeAlias = tuple[str | None, Mapping[AttendanceKind, int], Percentage]


def averages_of(register: ClassRegister, book: Mapping[str, Grade]) -> list[tuple[str | None, Average]]:
    """A pupil's averages in one subject: of the year (None), then of each term that has grades.

    Without grading rules there are none.
    """
    if not register.school.grading:
        return []
    rules = told(register.school.grading[-1], GradingRulesSet)
    version = len(register.school.grading)
    given = [(grade, told(grade.given, GradeGiven)) for grade in book.values()]
    inputs = [(fact.on, _input(register, grade, fact)) for grade, fact in given]
    spans: list[tuple[str | None, list[GradeInput]]] = [(None, [one for _, one in inputs])]
    spans += [(t.term_id, [one for on, one in inputs if t.starts <= on <= t.ends]) for t in register.terms()]
    return [(term, explain_average(some, rules.rules, version)) for term, some in spans if some]


def _input(register: ClassRegister, grade: Grade, given: GradeGiven) -> GradeInput:
    return GradeInput(
        grade_id=given.grade_id,
        value=grade.value,
        weight=given.weight,
        category_id=given.category_id,
        struck_out=grade.struck_out,
        improves=given.improves,
        kind=given.kind,
        counted=_counted(register, given.column_id),
    )


def _counted(register: ClassRegister, column_id: str | None) -> bool | None:
    """What the grade's column says last of whether it counts."""
    headings = register.columns.get(column_id) if column_id else None
    return told(headings[-1], ColumnOpened, ColumnChanged).counted if headings else None


def attendance_of(register: ClassRegister) -> dict[str, list[Span]]:
    """Each pupil's attendance: of the year (None), then of each term with lessons.

    Pupils who were never asked, and a class without attendance rules, have none.
    """
    if not register.school.attendance:
        return {}
    rules = told(register.school.attendance[-1], AttendanceRulesSet)
    version = len(register.school.attendance)
    terms = register.terms()
    counted = _count(register, terms)
    found: dict[str, list[Span]] = {}
    for pupil in register.enrolments:
        for term in (None, *(t.term_id for t in terms)):
            tally = counted.get((pupil, term))
            if tally:
                kinds = {kind: tally[kind] for kind in AttendanceKind if tally[kind]}
                percentage = explain_percentage(kinds, rules.rules, version)
                found.setdefault(pupil, []).append((term, kinds, percentage))
    return found


def _count(
    register: ClassRegister, terms: tuple[Term, ...]
) -> dict[tuple[str, str | None], Counter[AttendanceKind]]:
    """Lessons by kind, per pupil and span. Cancelled lessons and those without a roll do not count."""
    rolls: Counter[tuple[tuple[str, ...], str | None]] = Counter()  # few rolls differ within a year
    marked: Counter[tuple[str, str | None, AttendanceKind]] = Counter()
    for lesson in register.lessons.values():
        if lesson.roll is None or lesson.state == "cancelled":
            continue
        term = next((t.term_id for t in terms if t.starts <= lesson.on <= t.ends), None)
        rolls[lesson.roll.pupils, term] += 1
        marked.update([(pupil, term, kind) for pupil, kind in lesson.marks.items()])
    counted: dict[tuple[str, str | None], Counter[AttendanceKind]] = {}
    for (roll, term), lessons in rolls.items():
        for pupil in roll:
            _add(counted, pupil, term, AttendanceKind.PRESENT, lessons)
    for (pupil, term, kind), lessons in marked.items():
        _add(counted, pupil, term, kind, lessons)
        _add(counted, pupil, term, AttendanceKind.PRESENT, -lessons)
    return counted


def _add(
    counted: dict[tuple[str, str | None], Counter[AttendanceKind]],
    pupil: str,
    term: str | None,
    kind: AttendanceKind,
    lessons: int,
) -> None:
    for span in {term, None}:
        counted.setdefault((pupil, span), Counter())[kind] += lessons
