"""Which commands put columns and grades right?"""

from __future__ import annotations

from collections import defaultdict

from dziennik.contracts import grades
from dziennik.imports.oneroster.picture import ColumnSeen, GradeSeen, Heading, Picture
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.steps import REASON, Plan, Step
from dziennik.imports.oneroster.wanted import Column, Grade, Wanted


def plan_grades(part: Slice, wanted: Wanted, picture: Picture, made: Plan) -> None:
    """Columns, then whole columns of new grades, then corrections, then what is struck out."""
    for column in wanted.columns.values():
        _column(column, picture.columns.get(column.column_id), made)
    fresh: defaultdict[str, list[Grade]] = defaultdict(list)
    for grade in wanted.grades.values():
        seen = picture.grades.get(grade.grade_id)
        if seen is None and grade.on == wanted.columns[grade.column_id].on:
            fresh[grade.column_id].append(grade)
        elif seen is None:
            _give(grade, wanted.columns[grade.column_id], made)
        elif seen.value.now is not None and seen.value.news(grade.value):
            _correct(grade, seen, made)
        else:
            made.same("grades")
    for column_id, entries in fresh.items():
        made.steps.append(_fill(wanted.columns[column_id], entries))
    _strike_out(part, wanted, picture, made)


def _column(column: Column, seen: ColumnSeen | None, made: Plan) -> None:
    heading = Heading(column.title, column.category_id, column.on, column.out_of)
    if seen is None:
        opened = grades.OpenColumn(
            column_id=column.column_id,
            unit_id=column.unit_id,
            assignment_id=column.assignment_id,
            title=column.title,
            category_id=column.category_id,
            on=column.on,
            out_of=column.out_of,
        )
        needs = (f"assignments:{column.assignment_id}",)
        made.add("columns", column.column_id, "created", opened, place=column.place, needs=needs)
    elif seen.heading.news(heading):
        changed = grades.ChangeColumn(
            unit_id=column.unit_id,
            column_id=column.column_id,
            title=column.title,
            category_id=column.category_id,
            on=column.on,
            out_of=column.out_of,
        )
        made.add("columns", column.column_id, "changed", changed, place=column.place)
    else:
        made.same("columns")


def fill(unit_id: str, entries: list[Grade]) -> grades.FillColumn:
    """Grades of one column in one command."""
    return grades.FillColumn(
        unit_id=unit_id,
        column_id=entries[0].column_id,
        grades=tuple(
            grades.GradeEntry(
                grade_id=grade.grade_id,
                class_id=grade.class_id,
                pupil_id=grade.pupil_id,
                value=grade.value,
                comment=grade.comment,
            )
            for grade in entries
        ),
    )


def _fill(column: Column, entries: list[Grade]) -> Step:
    return Step(
        key=f"grades:{column.column_id}",
        effect="created",
        commands=(fill(column.unit_id, entries),),
        counts={"grades": len(entries)},
        place=column.place,
        needs=(f"columns:{column.column_id}",),
        grades=tuple(entries),
    )


def _give(grade: Grade, column: Column, made: Plan) -> None:
    """A grade of another day than its column's (somebody wrote the test later)."""
    command = grades.GiveGrade(
        grade_id=grade.grade_id,
        unit_id=column.unit_id,
        class_id=grade.class_id,
        assignment_id=column.assignment_id,
        pupil_id=grade.pupil_id,
        value=grade.value,
        column_id=column.column_id,
        on=grade.on,
        comment=grade.comment,
    )
    needs = (f"columns:{column.column_id}",)
    made.add("grades", grade.grade_id, "created", command, place=grade.place, needs=needs)


def _correct(grade: Grade, seen: GradeSeen, made: Plan) -> None:
    command = grades.CorrectGrade(
        class_id=seen.class_id,
        subject_id=seen.subject_id,
        pupil_id=seen.pupil_id,
        grade_id=grade.grade_id,
        reason=REASON,
        value=grade.value,
    )
    made.add("grades", grade.grade_id, "changed", command, place=grade.place)


def _strike_out(part: Slice, wanted: Wanted, picture: Picture, made: Plan) -> None:
    """Grades that an import gave and whose result, or line item, is deleted or no longer listed."""
    deleted = {picture.latest_grade(result_id) for result_id in part.deleted.get("results", {})}
    bad = part.bad.get("results", set()) | part.bad.get("lineItems", set())
    results = {picture.latest_grade(result_id) for result_id in part.results}
    for grade_id, seen in sorted(picture.grades.items()):
        if seen.value.now is None or seen.value.imported is None or seen.column_id is None:
            continue
        column = picture.columns.get(seen.column_id)
        unit = picture.units.get(column.unit_id) if column else None
        if unit is None or unit.year_id not in wanted.years or {grade_id, seen.column_id} & bad:
            continue
        listed = grade_id in wanted.grades or grade_id in results
        gone = not listed and "results" in part.whole
        if grade_id in deleted or gone or _column_gone(seen.column_id, part, wanted):
            command = grades.StrikeOutGrade(
                class_id=seen.class_id,
                subject_id=seen.subject_id,
                pupil_id=seen.pupil_id,
                grade_id=grade_id,
                reason=REASON,
            )
            place = part.place("results", grade_id)
            made.add("grades", grade_id, "ended", command, place=place)


def _column_gone(column_id: str, part: Slice, wanted: Wanted) -> bool:
    """Whether the line item is deleted, or not among all there are."""
    if column_id in part.deleted.get("lineItems", {}):
        return True
    listed = column_id in part.tables["lineItems"] or column_id in wanted.columns
    return "lineItems" in part.whole and not listed
