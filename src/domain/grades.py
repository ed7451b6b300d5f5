"""The rules for giving grades: one, a whole column, or the grades of a term or year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts import grades as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.values import GradeKind
from dziennik.domain.grade_checks import (
    fault_in_future,
    fault_in_period,
    fault_in_place,
    fault_in_term,
    fault_in_value,
    heading_of,
    theirs,
)
from dziennik.domain.gradebook import PupilGrades, column, of_pupil
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Assignment, Unit
from dziennik.domain.world import Asked, Decision, Entry, World


@decides(said.GiveGrade, by=TEACHING)
def _give(world: World, command: said.GiveGrade, asked: Asked) -> Decision:
    heading = _column_of(world, command)
    if isinstance(heading, Refusal):
        return heading
    category_id = heading.category_id if heading else command.category_id
    day = command.on or (heading.on if heading else None)
    if day is None or (category_id is None and command.kind is GradeKind.CURRENT):
        return said.DAY_OR_CATEGORY_MISSING(field="category_id" if day else "on")
    found = theirs(world, command.unit_id, command.assignment_id, day, asked)
    if isinstance(found, Refusal):
        return found
    weight = _weight(found[1], command, heading, category_id)
    if isinstance(weight, Refusal):
        return weight
    fault = fault_in_future(day, asked) or fault_in_term(found[1], command.kind, day, asked)
    fault = fault or _fault(world, found, command, day, heading)
    return fault or _enter(world, found[1], _given(command, found[2], category_id, weight, day), asked)


def _fault(
    world: World,
    found: tuple[Unit, Year, Assignment],
    command: said.GiveGrade,
    day: date,
    heading: said.ColumnOpened | None,
) -> Refusal | None:
    state, year, assignment = found
    return fault_in_place(
        world, state, assignment, command.class_id, command.pupil_id, day
    ) or fault_in_value(year, command.kind, command.value, command.description, heading)


def _weight(
    year: Year, command: said.GiveGrade, heading: said.ColumnOpened | None, category_id: str | None
) -> Decimal | Refusal:
    """The command's own weight, else the column's, else the category's."""
    weight = command.weight if heading is None or command.weight is not None else heading.weight
    if category_id is None:
        return weight or Decimal(0)
    sound = heading_of(year, category_id, weight, None)
    return sound if isinstance(sound, Refusal) else sound[1]


def _given(
    command: said.GiveGrade, assignment: Assignment, category_id: str | None, weight: Decimal, day: date
) -> said.GradeGiven:
    return said.GradeGiven(
        grade_id=command.grade_id,
        class_id=command.class_id,
        subject_id=assignment.subject_id,
        pupil_id=command.pupil_id,
        assignment_id=command.assignment_id,
        teacher_id=assignment.teacher_id,
        kind=command.kind,
        value=command.value,
        category_id=category_id,
        weight=weight,
        on=day,
        column_id=command.column_id,
        description=command.description,
        comment=command.comment,
        improves=command.improves,
    )


def _column_of(world: World, command: said.GiveGrade) -> said.ColumnOpened | Refusal | None:
    if command.column_id is None:
        return None
    opened = world[column(command.unit_id, command.column_id)].opened
    if opened is None or opened.assignment_id != command.assignment_id:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    return opened


def _enter(world: World, year: Year, fact: said.GradeGiven, asked: Asked) -> Decision:
    """The grade as an entry, unless its id or its link to an earlier grade forbids it."""
    stream = of_pupil(fact.class_id, fact.subject_id, fact.pupil_id)
    book = world[stream]
    known = book.grades.get(fact.grade_id)
    if known:
        stands = said.GRADE_EXISTS(field="grade_id")
        return [] if known.fact == fact else beside(stands, stream.name, "grade_id", fact.grade_id)
    if fact.improves is not None:
        earlier = book.grades.get(fact.improves)
        if earlier is None:
            return said.NO_SUCH_GRADE(grade=fact.improves, field="improves")
        if earlier.struck_out:
            return said.GRADE_IS_STRUCK_OUT(grade=fact.improves, field="improves")
        if earlier.improved:
            return said.ALREADY_IMPROVED(grade=fact.improves, field="improves")
    fault = fault_in_period(year, fact, book) or _fault_in_column(fact, book, asked)
    return fault or [Entry(stream.name, fact)]


def _fault_in_column(fact: said.GradeGiven, book: PupilGrades, asked: Asked) -> Refusal | None:
    """A pupil has one grade in a column, besides retakes of it; an import may bring more from elsewhere."""
    if fact.column_id is None or fact.improves is not None or asked.actor.role is Role.SYSTEM:
        return None
    for stands in book.standing(fact.kind):
        if stands.fact.column_id == fact.column_id:
            filled = said.COLUMN_IS_FILLED(
                pupil=fact.pupil_id, value=stands.value or stands.description or "", field="pupil_id"
            )
            stream = streams.grades(fact.class_id, fact.subject_id, fact.pupil_id)
            return beside(filled, stream, "grade_id", stands.fact.grade_id)
    return None


@decides(said.FillColumn, by=TEACHING)
def _fill(world: World, command: said.FillColumn, asked: Asked) -> Decision:
    opened = world[column(command.unit_id, command.column_id)].opened
    if opened is None:
        return said.NO_SUCH_COLUMN(column=command.column_id, field="column_id")
    world.many([of_pupil(g.class_id, opened.subject_id, g.pupil_id) for g in command.grades])
    each = (
        said.GiveGrade(
            **msgspec.structs.asdict(entry),
            unit_id=command.unit_id,
            assignment_id=opened.assignment_id,
            column_id=command.column_id,
        )
        for entry in command.grades
    )
    return _give_all(world, each, asked)


@decides(said.GivePeriodGrades, by=TEACHING)
def _give_period(world: World, command: said.GivePeriodGrades, asked: Asked) -> Decision:
    if command.kind is GradeKind.CURRENT:
        return said.NOT_A_PERIOD_GRADE(field="kind")
    found = theirs(world, command.unit_id, command.assignment_id, command.on, asked)
    if isinstance(found, Refusal):
        return found
    world.many([of_pupil(g.class_id, found[2].subject_id, g.pupil_id) for g in command.grades])
    each = (
        said.GiveGrade(
            **msgspec.structs.asdict(entry),
            unit_id=command.unit_id,
            assignment_id=command.assignment_id,
            kind=command.kind,
            on=command.on,
        )
        for entry in command.grades
    )
    return _give_all(world, each, asked)


def _give_all(world: World, commands: Iterable[said.GiveGrade], asked: Asked) -> Decision:
    """All grades, or everything that is wrong with any of them."""
    seen: set[str] = set()
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, each in enumerate(commands):
        decision: Decision
        if each.pupil_id in seen:
            decision = said.PUPIL_TWICE(pupil=each.pupil_id, field="pupil_id")
        else:
            decision = _give(world, each, asked)
        seen.add(each.pupil_id)
        if isinstance(decision, Refusal):
            refusals.append(replace(decision, field=f"grades[{place}].{decision.field}"))
        else:
            entries.extend(decision)
    return together(refusals) or entries
