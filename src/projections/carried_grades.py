"""Which grades does a pupil bring into a class: of a former class of this year, or of another school?

Nothing is copied: grades of a former class are read where they stand, so that a later correction there holds
here; those of another school stand apart. Grades given before the pupil's first day in the class are carried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

import msgspec

from dziennik.domain.policies.grading import GradeInput
from dziennik.projections import earlier_grades, grade_cells, gradebook, structure
from dziennik.projections.rows import View


class Carried(msgspec.Struct, frozen=True):
    """A grade that is carried; either `from_class_id` or `school` says where from."""

    subject_id: str
    pupil_id: str
    on: date
    from_class_id: str | None
    school: str | None
    grade: GradeInput
    column_id: str | None = None
    was: tuple[str, ...] = ()  # of a grade of another school: what it said before it was corrected

    @property
    def of_this_school(self) -> bool:
        """Whether it was given in another class of the school."""
        return self.from_class_id is not None


def into_class(
    view: View, class_id: str, *, pupil_id: str | None = None, hidden: Collection[str] = ()
) -> list[Carried]:
    """What the pupils of a class (or one of them) brought into it, in time.

    `hidden` are columns whose grades the asker must not see yet.
    """
    unit = view.get(structure.Unit, class_id)
    year = view.get(structure.Year, unit.year_id) if unit else None
    if unit is None or year is None:
        return []
    # Whoever is there since the first day brought nothing of this year.
    came = {
        row.pupil_id: row.since
        for row in structure.pupils(view, class_id)
        if row.since > year.starts and pupil_id in (None, row.pupil_id)
    }
    found = [each for who, since in came.items() for each in _of_pupil(view, unit, who, since)]
    shown = [each for each in found if each.column_id is None or each.column_id not in hidden]
    return sorted(shown, key=lambda each: (each.on, each.grade.grade_id))


def _of_pupil(view: View, unit: structure.Unit, pupil_id: str, since: date) -> Iterable[Carried]:
    """Of every class of that year that the pupil was in before; `since` is the last coming to this one."""
    others = {row.class_id for row in structure.enrolments(view, pupil_id) if row.since < since}
    others.discard(unit.unit_id)
    for class_id in sorted(others):
        other = view.get(structure.Unit, class_id)
        if other is None or other.year_id != unit.year_id:
            continue
        for cell in gradebook.pupil_cells(view, pupil_id, class_id):
            yield from (_of_class(cell, grade) for grade in cell.grades if grade.on < since)
    rule = earlier_grades.rule_of(view, unit.year_id)
    for row in earlier_grades.of_pupil(view, pupil_id):
        if row.class_id == unit.unit_id or row.class_id in others:
            yield _of_school(row, counted=rule.counted)


def _of_class(cell: gradebook.Cell, grade: grade_cells.Grade) -> Carried:
    return Carried(
        subject_id=cell.subject_id,
        pupil_id=cell.pupil_id,
        on=grade.on,
        from_class_id=cell.class_id,
        school=None,
        grade=grade_cells.input_of(grade),
        column_id=grade.column_id,
    )


def _of_school(row: earlier_grades.EarlierGrade, *, counted: bool) -> Carried:
    return Carried(
        subject_id=row.subject_id,
        pupil_id=row.pupil_id,
        on=row.on,
        from_class_id=None,
        school=row.school,
        grade=GradeInput(
            grade_id=row.grade_id,
            value=row.value,
            weight=Decimal(row.weight),
            struck_out=row.struck_out is not None,
            kind=row.kind,
            ruled_out=not counted,
        ),
        was=row.was,
    )
