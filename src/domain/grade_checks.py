"""May this be written as a grade, here, today, by the one who asks?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import classes, streams
from dziennik.contracts import grades as said
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.values import GradeCategory, GradeKind
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.gradebook import PupilGrades
from dziennik.domain.lessons import assigned
from dziennik.domain.policies.grading import is_on_scale, points_of
from dziennik.domain.school import Year
from dziennik.domain.units import Assignment, Unit, not_a_unit, unit
from dziennik.domain.world import Asked, World

HEAVIEST = Decimal(100)
OF_A_TERM = (GradeKind.TERM_PROPOSED, GradeKind.TERM_FINAL)
FINAL = (GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL)


def theirs(
    world: World, unit_id: str, assignment_id: str, day: date, asked: Asked
) -> tuple[Unit, Year, Assignment] | Refusal:
    """The assignment that the asker may grade in on that day, or why not."""
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    fault = fault_in_day(year, day, "on")
    if fault:
        return fault
    assignment = assigned(state, assignment_id, day)
    if isinstance(assignment, Refusal):
        return assignment
    if asked.actor.role is Role.TEACHER and asked.actor.person != assignment.teacher_id:
        return said.NOT_YOUR_ASSIGNMENT(field="assignment_id")
    return state, year, assignment


def heading_of(
    year: Year, category_id: str, weight: Decimal | None, out_of: Decimal | None
) -> tuple[GradeCategory, Decimal] | Refusal:
    """The category and the weight that holds, or what is wrong with them."""
    category = next((c for c in year.grading.categories if c.category_id == category_id), None)
    if category is None:
        return said.NO_SUCH_CATEGORY(category=category_id, field="category_id")
    holds = category.weight if weight is None else weight
    if not 0 <= holds <= HEAVIEST:
        return said.WEIGHT_OUT_OF_RANGE(weight=holds, limit=HEAVIEST, field="weight")
    if out_of is not None and out_of <= 0:
        return said.POINTS_OUT_OF_RANGE(value=out_of, out_of="∞", field="out_of")
    return category, holds


def fault_in_period(year: Year, fact: said.GradeGiven, grades: PupilGrades) -> Refusal | None:
    """A grade of a term or year belongs to no column, and there is one of each kind and time."""
    if fact.kind is GradeKind.CURRENT:
        return None
    if fact.column_id is not None:
        return said.PERIOD_GRADE_IN_COLUMN(field="column_id")
    term = year.term_on(fact.on)
    if fact.kind in OF_A_TERM and term is None:
        return said.DAY_IN_NO_TERM(on=fact.on, field="on")
    for stands in grades.standing(fact.kind):
        if fact.kind not in OF_A_TERM or year.term_on(stands.fact.on) == term:
            found = said.PERIOD_GRADE_STANDS(value=stands.value, on=stands.fact.on, field="kind")
            stream = streams.grades(fact.class_id, fact.subject_id, fact.pupil_id)
            return beside(found, stream, "grade_id", stands.fact.grade_id)
    return None


def fault_in_term(year: Year, kind: GradeKind, day: date, asked: Asked) -> Refusal | None:
    """A current grade is of a day of some term; an import may bring others from elsewhere."""
    if kind is not GradeKind.CURRENT or not year.terms or asked.actor.role is Role.SYSTEM:
        return None
    return None if year.term_on(day) else said.DAY_IN_NO_TERM(on=day, field="on")


def fault_in_future(day: date, asked: Asked) -> Refusal | None:
    """Nothing was assessed on a day to come."""
    return said.GRADE_IN_FUTURE(on=day, field="on") if day > asked.today else None


def fault_in_place(
    world: World, state: Unit, assignment: Assignment, class_id: str, pupil_id: str, day: date
) -> Refusal | None:
    """The pupil is in the class on that day, and in the group that is taught."""
    taught_alone = state.kind is RegisterKind.INDIVIDUAL_TEACHING
    if class_id != state.unit_id and class_id not in state.class_ids and not taught_alone:
        return not_a_unit(class_id, "class_id")
    home = state if class_id == state.unit_id else world[unit(class_id)]
    if not home.is_class:
        return not_a_unit(class_id, "class_id")
    if home.enrolment(pupil_id, day) is None:
        return classes.NOT_ENROLLED(pupil=pupil_id, on=day, field="pupil_id")
    if assignment.group_id is None or pupil_id in state.groups[assignment.group_id].on(day):
        return None
    return classes.NOT_IN_GROUP(pupil=pupil_id, on=day, field="pupil_id")


def is_full_mark(year: Year, value: str) -> bool:
    """Whether it may be a final grade: a mark without plus or minus, or a remark that may stand for one."""
    return value in {step.mark for step in year.grading.scale} or value in year.classification.final_remarks


def fault_in_value(
    year: Year, kind: GradeKind, value: str, description: str | None, heading: said.ColumnOpened | None
) -> Refusal | None:
    """A mark of the scale, points within the column's, or a description; not two of them.

    A final grade is a full mark, or a remark that may stand for one ("nkl").
    """
    if description is not None and description.strip():
        return said.VALUE_AND_DESCRIPTION(field="description") if value else None
    if kind in FINAL:
        if is_full_mark(year, value):
            return None
        remarks = ", ".join(year.classification.final_remarks)
        return said.FINAL_GRADE_IS_A_FULL_MARK(remarks=remarks, field="value")
    points = points_of(value)
    if points is not None:
        earned, out_of = points
        most = heading.out_of if heading and heading.out_of is not None else out_of
        if out_of == most and 0 <= earned <= out_of and out_of > 0:
            return None
        return said.POINTS_OUT_OF_RANGE(value=value, out_of=most, field="value")
    if is_on_scale(value, year.grading):
        return None
    return said.VALUE_OFF_SCALE(value=value, field="value")
