"""The rules for putting grades right: with a reason, and both stay legible (regulation of 2014, s. 26)."""

from __future__ import annotations

from dziennik.contracts import grades as said
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside
from dziennik.domain.classes import unit_and_year
from dziennik.domain.grade_checks import fault_in_value
from dziennik.domain.gradebook import Given, column, of_pupil
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import unit
from dziennik.domain.world import Asked, Decision, Entry, World


def _standing(
    world: World, command: said.CorrectGrade | said.StrikeOutGrade, asked: Asked
) -> tuple[Year, Given] | Refusal:
    """A grade that is not struck out and that the asker may change."""
    found = unit_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    grades = world[of_pupil(command.class_id, command.subject_id, command.pupil_id)].grades
    grade = grades.get(command.grade_id)
    if grade is None:
        return said.NO_SUCH_GRADE(grade=command.grade_id, field="grade_id")
    if asked.actor.role is Role.TEACHER and not _answers_for(world, grade.fact, command, asked):
        return said.NOT_YOUR_ASSIGNMENT(field="grade_id")
    changed = _changed_since(grade, command)
    if changed is None:
        return found[1], grade
    stream = streams.grades(command.class_id, command.subject_id, command.pupil_id)
    return beside(changed, stream, "grade_id", command.grade_id)


def _changed_since(grade: Given, command: said.CorrectGrade | said.StrikeOutGrade) -> Refusal | None:
    """What somebody else did to the grade meanwhile."""
    if grade.struck_out:
        return said.GRADE_IS_STRUCK_OUT(grade=command.grade_id, field="grade_id")
    now = grade.value or grade.description or ""
    if command.seen is None or command.seen == now:
        return None
    return CHANGED_SINCE(seen=command.seen, now=now, field="seen")


def _answers_for(
    world: World, given: said.GradeGiven, command: said.CorrectGrade | said.StrikeOutGrade, asked: Asked
) -> bool:
    """Whoever gave the grade does, and a successor in the assignment for what was given before."""
    if asked.actor.person == given.teacher_id:
        return True
    taught = world[unit(command.unit_id or command.class_id)].assignments
    given_in = taught.get(given.assignment_id)
    return given_in is not None and any(
        (one.subject_id, one.group_id) == (given.subject_id, given_in.group_id) and one.covers(asked.today)
        for one in taught.values()
        if one.teacher_id == asked.actor.person
    )


@decides(said.CorrectGrade, by=TEACHING)
def _correct(world: World, command: said.CorrectGrade, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    year, grade = found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if (command.value, command.description) == (grade.value, grade.description):
        return said.NOT_A_CHANGE(field="value")
    column_id = grade.fact.column_id
    heading = world[column(command.unit_id or command.class_id, column_id)].opened if column_id else None
    fault = fault_in_value(year, grade.fact.kind, command.value, command.description, heading)
    if fault:
        return fault
    corrected = said.GradeCorrected(
        grade_id=command.grade_id,
        pupil_id=command.pupil_id,
        was=grade.value,
        value=command.value,
        reason=command.reason,
        was_description=grade.description,
        description=command.description,
    )
    stream = streams.grades(command.class_id, command.subject_id, command.pupil_id)
    return [Entry(stream, corrected)]


@decides(said.StrikeOutGrade, by=TEACHING)
def _strike_out(world: World, command: said.StrikeOutGrade, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    struck = said.GradeStruckOut(grade_id=command.grade_id, pupil_id=command.pupil_id, reason=command.reason)
    stream = streams.grades(command.class_id, command.subject_id, command.pupil_id)
    return [Entry(stream, struck)]
