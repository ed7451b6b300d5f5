"""Queries: grades that a pupil brought into a class, shown apart, and what they make of the average."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.domain.policies.grading import GradeInput, explain_average
from dziennik.graphql import classification_shapes, moments, shapes
from dziennik.graphql.context import context_of
from dziennik.graphql.entry_queries import hidden_columns
from dziennik.graphql.moments import Moment
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import earlier_grades, grade_cells, gradebook, year_results
from dziennik.projections.carried_grades import Carried, into_class
from dziennik.projections.rows import View

ID = strawberry.ID
BROUGHT = (gradebook.GRADEBOOK, earlier_grades.EARLIER_GRADES)
CARRIED = (*SEEN, *(model.name for model in BROUGHT))


@strawberry.type(description="A grade of a former class, or (`school`) of another school.")
class CarriedGrade:
    id: ID
    from_class_id: ID | None
    school: str | None
    kind: shapes.GradeKind
    value: str
    category_id: ID | None
    weight: Decimal
    on: date
    struck_out: bool
    was: list[str] = strawberry.field(
        description="What a grade of another school said before it was corrected, oldest first."
    )


@strawberry.type(description="What a pupil brought in a subject, and the average with the class's own.")
class CarriedSubject:
    subject_id: ID
    grades: list[CarriedGrade]
    average: shapes.Average | None = strawberry.field(
        description="All current grades together; those that do not count are named with the reason."
    )


@strawberry.type(description="What one pupil of a class brought in a subject: see CarriedSubject.")
class ClassCarried:
    pupil_id: ID
    subject_id: ID
    grades: list[CarriedGrade]
    average: shapes.Average | None


@strawberry.type(description="Whether grades of another school count in averages of a year.")
class EarlierGradesRule:
    year_id: ID
    version: int
    counted: bool


@strawberry.type
class CarriedQueries:
    @guarded(description="Grades that a pupil brought into a class, by subject.")
    def carried_grades(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[CarriedSubject]:
        context = context_of(info)
        context.wait(school, CARRIED, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, *BROUGHT)
        view, granted = context.view(school), context.granted
        hidden = hidden_columns(context, school)
        found = into_class(view, class_id, pupil_id=pupil_id, hidden=hidden)
        shown = [each for each in found if granted.covers(each.subject_id, class_id)]
        return [_subject(view, class_id, carried, hidden) for carried in _by_pupil(shown)]  # type: ignore[misc]

    @guarded(
        description="Grades that pupils brought into a class, to be read beside the cells of its gradebook: "
        "those of a former class, by subject and pupil, with the average of all together."
    )
    def class_carried_grades(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[ClassCarried]:
        context = context_of(info)
        context.wait(school, CARRIED, after_position)
        context = moments.of_class(context, school, class_id, as_of, *BROUGHT, former=True)
        view, granted = context.view(school), context.granted
        shown = [each for each in into_class(view, class_id) if granted.covers(each.subject_id)]
        return [
            {**_subject(view, class_id, carried, frozenset()), "pupilId": carried[0].pupil_id}  # type: ignore[misc]
            for carried in _by_pupil(shown)
        ]

    @guarded(description="Whether grades of another school count in averages of a year.")
    def earlier_grades_rule(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> EarlierGradesRule:
        context = context_of(info)
        context.wait(school, CARRIED, after_position)
        row = earlier_grades.rule_of(context.view(school), year_id)
        return {"yearId": row.year_id, "version": row.version, "counted": row.counted}  # type: ignore[return-value]


def _by_pupil(found: list[Carried]) -> list[list[Carried]]:
    """Those of one subject and pupil together."""
    cells: dict[tuple[str, str], list[Carried]] = {}
    for each in found:
        cells.setdefault((each.subject_id, each.pupil_id), []).append(each)
    return [cells[key] for key in sorted(cells)]


def _subject(view: View, class_id: str, carried: list[Carried], hidden: frozenset[str]) -> dict[str, Any]:
    return {
        "subjectId": carried[0].subject_id,
        "grades": [_told(each) for each in carried],
        "average": _average(view, class_id, carried[0].pupil_id, carried, hidden),
    }


def _told(each: Carried) -> dict[str, Any]:
    grade = each.grade
    return {
        "id": grade.grade_id,
        "fromClassId": each.from_class_id,
        "school": each.school,
        "kind": grade.kind.name,
        "value": grade.value,
        "categoryId": grade.category_id,
        "weight": str(grade.weight),
        "on": str(each.on),
        "struckOut": grade.struck_out,
        "was": list(each.was),
    }


def _average(
    view: View, class_id: str, pupil_id: str, carried: list[Carried], hidden: frozenset[str]
) -> dict[str, Any] | None:
    """The average of what was brought and of the class's own grades; None while the year has no rules."""
    rules = year_results.rules_of_class(view, class_id)
    if rules is None:
        return None
    cell = gradebook.cell_of(view, class_id, carried[0].subject_id, pupil_id)
    own: list[GradeInput] = []
    if cell is not None:
        own = [grade_cells.input_of(grade) for grade in gradebook.published(view, cell, hidden).grades]
    together = [*(each.grade for each in carried), *own]
    return classification_shapes.average(explain_average(together, rules.grading, rules.grading_version))
