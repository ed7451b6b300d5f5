"""What may be decided about grades: columns, grades, corrections, strike-outs, retakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classes, streams
from dziennik.contracts import grades as said
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import GradeCategory, GradeKind
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.lessons import assigned
from dziennik.domain.policies.grading import is_on_scale, points_of
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Assignment, Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

HEAVIEST = Decimal(100)


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column's heading; `opened` is None until there is one."""

    opened: said.ColumnOpened | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A grade as it stands."""

    fact: said.GradeGiven
    value: str
    description: str | None
    struck_out: bool = False
    improved: bool = False


class PupilGrades(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's grades in one subject."""

    grades: Mapping[str, Given] = {}


_columns: Evolution[Column] = Evolution()
_grades: Evolution[PupilGrades] = Evolution()


def column(unit_id: str, column_id: str) -> Stream[Column]:
    """The stream of a column."""
    return Stream(streams.column(unit_id, column_id), Column(), _columns)


def of_pupil(class_id: str, subject_id: str, pupil_id: str) -> Stream[PupilGrades]:
    """The stream of a pupil's grades in a subject."""
    return Stream(streams.grades(class_id, subject_id, pupil_id), PupilGrades(), _grades)


@_columns.on(said.ColumnOpened)
def _opened(_: Column, fact: said.ColumnOpened) -> Column:
    return Column(opened=fact)


@_columns.on(said.ColumnChanged)
def _changed(state: Column, fact: said.ColumnChanged) -> Column:
    if state.opened is None:
        return state
    return Column(opened=replace(state.opened, **msgspec.structs.asdict(fact)))


@_grades.on(said.GradeGiven)
def _given(state: PupilGrades, fact: said.GradeGiven) -> PupilGrades:
    grades = put(
        state.grades,
        fact.grade_id,
        Given(fact=fact, value=fact.value, description=fact.description),
    )
    earlier = grades.get(fact.improves) if fact.improves else None
    if earlier:
        grades[earlier.fact.grade_id] = replace(earlier, improved=True)
    return replace(state, grades=grades)


@_grades.on(said.GradeCorrected)
def _corrected(state: PupilGrades, fact: said.GradeCorrected) -> PupilGrades:
    grade = replace(state.grades[fact.grade_id], value=fact.value, description=fact.description)
    return replace(state, grades=put(state.grades, fact.grade_id, grade))


@_grades.on(said.GradeStruckOut)
def _struck_out(state: PupilGrades, fact: said.GradeStruckOut) -> PupilGrades:
    grades = put(state.grades, fact.grade_id, replace(state.grades[fact.grade_id], struck_out=True))
    improves = grades[fact.grade_id].fact.improves
    if improves in grades:  # the struck-out retake leaves room for another
        grades[improves] = replace(grades[improves], improved=False)
    return replace(state, grades=grades)


def _theirs(
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


def _heading(
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


@decides(said.OpenColumn, by=TEACHING)
def _open(world: World, command: said.OpenColumn, asked: Asked) -> Decision:
    found = _theirs(world, command.unit_id, command.assignment_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    _, year, assignment = found
    heading = _heading(year, command.category_id, command.weight, command.out_of)
    if isinstance(heading, Refusal):
        return heading
    fact = said.ColumnOpened(
        **{**msgspec.structs.asdict(command), "weight": heading[1]}, subject_id=assignment.subject_id
    )
    known = world[column(command.unit_id, command.column_id)].opened
    if known:
        return [] if known == fact else said.COLUMN_EXISTS(title=known.title, field="column_id")
    return [Entry(streams.column(command.unit_id, command.column_id), fact)]


@decides(said.ChangeColumn, by=TEACHING)
def _change(world: World, command: said.ChangeColumn, asked: Asked) -> Decision:
    known = world[column(command.unit_id, command.column_id)].opened
    if known is None:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    found = _theirs(world, command.unit_id, known.assignment_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    heading = _heading(found[1], command.category_id, command.weight, command.out_of)
    if isinstance(heading, Refusal):
        return heading
    fact = said.ColumnChanged(
        column_id=command.column_id,
        title=command.title,
        category_id=command.category_id,
        weight=heading[1],
        on=command.on,
        out_of=command.out_of,
    )
    if replace(known, **msgspec.structs.asdict(fact)) == known:
        return []
    return [Entry(streams.column(command.unit_id, command.column_id), fact)]


@decides(said.GiveGrade, by=TEACHING)
def _give(world: World, command: said.GiveGrade, asked: Asked) -> Decision:
    heading = _column_of(world, command)
    if isinstance(heading, Refusal):
        return heading
    category_id = heading.category_id if heading else command.category_id
    day = heading.on if heading else command.on
    if day is None or (category_id is None and command.kind is GradeKind.CURRENT):
        return said.DAY_OR_CATEGORY_MISSING(field="category_id" if day else "on")
    if command.on is not None:
        day = command.on
    found = _theirs(world, command.unit_id, command.assignment_id, day, asked)
    if isinstance(found, Refusal):
        return found
    state, year, assignment = found
    weight = command.weight if heading is None or command.weight is not None else heading.weight
    if category_id is not None:
        sound = _heading(year, category_id, weight, None)
        if isinstance(sound, Refusal):
            return sound
        weight = sound[1]
    fault = (
        _fault_in_day(day, asked)
        or _fault_in_place(world, state, assignment, command.class_id, command.pupil_id, day)
        or _fault_in_value(year, command.value, command.description, heading)
    )
    if fault:
        return fault
    fact = said.GradeGiven(
        grade_id=command.grade_id,
        class_id=command.class_id,
        subject_id=assignment.subject_id,
        pupil_id=command.pupil_id,
        assignment_id=command.assignment_id,
        teacher_id=assignment.teacher_id,
        kind=command.kind,
        value=command.value,
        category_id=category_id,
        weight=weight or Decimal(0),
        on=day,
        column_id=command.column_id,
        description=command.description,
        comment=command.comment,
        improves=command.improves,
    )
    return _enter(world, fact)


def _column_of(world: World, command: said.GiveGrade) -> said.ColumnOpened | Refusal | None:
    if command.column_id is None:
        return None
    opened = world[column(command.unit_id, command.column_id)].opened
    if opened is None or opened.assignment_id != command.assignment_id:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    return opened


def _enter(world: World, fact: said.GradeGiven) -> Decision:
    """The grade as an entry, unless its id or its link to an earlier grade forbids it."""
    stream = of_pupil(fact.class_id, fact.subject_id, fact.pupil_id)
    grades = world[stream].grades
    known = grades.get(fact.grade_id)
    if known:
        return [] if known.fact == fact else said.GRADE_EXISTS(field="grade_id")
    if fact.improves is not None:
        earlier = grades.get(fact.improves)
        if earlier is None:
            return said.NO_SUCH_GRADE(grade=fact.improves, field="improves")
        if earlier.struck_out:
            return said.GRADE_IS_STRUCK_OUT(grade=fact.improves, field="improves")
        if earlier.improved:
            return said.ALREADY_IMPROVED(grade=fact.improves, field="improves")
    return [Entry(stream.name, fact)]


def _fault_in_day(day: date, asked: Asked) -> Refusal | None:
    return said.GRADE_IN_FUTURE(on=day, field="on") if day > asked.today else None


def _fault_in_place(
    world: World, state: Unit, assignment: Assignment, class_id: str, pupil_id: str, day: date
) -> Refusal | None:
    """The pupil is in the class on that day, and in the group that is taught."""
    if class_id != state.unit_id and class_id not in state.class_ids:
        return not_a_unit(class_id, "class_id")
    home = state if class_id == state.unit_id else world[unit(class_id)]
    if home.class_ids:
        return not_a_unit(class_id, "class_id")
    if home.enrolment(pupil_id, day) is None:
        return classes.NOT_ENROLLED(pupil=pupil_id, on=day, field="pupil_id")
    if assignment.group_id is None or pupil_id in state.groups[assignment.group_id].on(day):
        return None
    return classes.NOT_IN_GROUP(pupil=pupil_id, on=day, field="pupil_id")


def _fault_in_value(
    year: Year, value: str, description: str | None, heading: said.ColumnOpened | None
) -> Refusal | None:
    """A mark of the scale, points within the column's, or a description; not two of them."""
    if description is not None and description.strip():
        return said.VALUE_AND_DESCRIPTION(field="description") if value else None
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


@decides(said.FillColumn, by=TEACHING)
def _fill(world: World, command: said.FillColumn, asked: Asked) -> Decision:
    opened = world[column(command.unit_id, command.column_id)].opened
    if opened is None:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    world.many([of_pupil(g.class_id, opened.subject_id, g.pupil_id) for g in command.grades])
    seen: set[str] = set()
    entries: list[Entry] = []
    for place, entry in enumerate(command.grades):
        at = f"grades[{place}]"
        if entry.pupil_id in seen:
            return said.PUPIL_TWICE(pupil=entry.pupil_id, field=f"{at}.pupil_id")
        seen.add(entry.pupil_id)
        given = said.GiveGrade(
            **msgspec.structs.asdict(entry),
            unit_id=command.unit_id,
            assignment_id=opened.assignment_id,
            column_id=command.column_id,
        )
        decision = _give(world, given, asked)
        if isinstance(decision, Refusal):
            return replace(decision, field=f"{at}.{decision.field}")
        entries.extend(decision)
    return entries


def _standing(
    world: World, class_id: str, subject_id: str, pupil_id: str, grade_id: str, asked: Asked
) -> tuple[Year, Given] | Refusal:
    """A grade that is not struck out and that the asker may change."""
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    grade = world[of_pupil(class_id, subject_id, pupil_id)].grades.get(grade_id)
    if grade is None:
        return said.NO_SUCH_GRADE(grade=grade_id, field="grade_id")
    if grade.struck_out:
        return said.GRADE_IS_STRUCK_OUT(grade=grade_id, field="grade_id")
    if asked.actor.role is Role.TEACHER and asked.actor.person != grade.fact.teacher_id:
        # A successor in the assignment answers for the grades that were given before.
        taught = found[0].assignments
        given_in = taught.get(grade.fact.assignment_id)
        group_id = given_in.group_id if given_in else None
        theirs = [a for a in taught.values() if a.teacher_id == asked.actor.person]
        if not any(
            (a.subject_id, a.group_id) == (subject_id, group_id) and a.covers(asked.today) for a in theirs
        ):
            return said.NOT_YOUR_ASSIGNMENT(field="grade_id")
    return found[1], grade


@decides(said.CorrectGrade, by=TEACHING)
def _correct(world: World, command: said.CorrectGrade, asked: Asked) -> Decision:
    found = _standing(world, command.class_id, command.subject_id, command.pupil_id, command.grade_id, asked)
    if isinstance(found, Refusal):
        return found
    year, grade = found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if (command.value, command.description) == (grade.value, grade.description):
        return said.NOT_A_CHANGE(field="value")
    # A column of an interclass group stands under the group, which the grade does not name.
    column_id = grade.fact.column_id
    heading = world[column(command.class_id, column_id)].opened if column_id else None
    fault = _fault_in_value(year, command.value, command.description, heading)
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
    found = _standing(world, command.class_id, command.subject_id, command.pupil_id, command.grade_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    struck = said.GradeStruckOut(grade_id=command.grade_id, pupil_id=command.pupil_id, reason=command.reason)
    stream = streams.grades(command.class_id, command.subject_id, command.pupil_id)
    return [Entry(stream, struck)]
