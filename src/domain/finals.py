"""The rules for final grades of subjects that end before the last year of school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from dziennik.contracts import finals as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.grades import FINAL_GRADE_IS_A_FULL_MARK
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.school import NO_SUCH_SUBJECT
from dziennik.contracts.values import GradeKind
from dziennik.domain.classes import unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.grade_checks import is_full_mark
from dziennik.domain.gradebook import of_pupil
from dziennik.domain.rulebook import DIRECTOR, TEACHING, decides
from dziennik.domain.school import SCHOOL, Year
from dziennik.domain.units import Unit, not_a_unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Finals(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects that end in the class; final grades of earlier years by pupil and subject."""

    completed: frozenset[str] = frozenset()
    carried: Mapping[tuple[str, str], said.FinalGradeCarried] = {}

    def of(self, pupil_id: str) -> dict[str, str]:
        """A pupil's final grades of earlier years by subject."""
        return {subject: one.value for (pupil, subject), one in self.carried.items() if pupil == pupil_id}


_evolve: Evolution[Finals] = Evolution()


def finals(class_id: str) -> Stream[Finals]:
    """The stream of a class's final grades."""
    return Stream(streams.finals(class_id), Finals(), _evolve)


@_evolve.on(said.SubjectCompleted)
def _completed(state: Finals, fact: said.SubjectCompleted) -> Finals:
    return replace(state, completed=state.completed | {fact.subject_id})


@_evolve.on(said.CompletionWithdrawn)
def _withdrawn(state: Finals, fact: said.CompletionWithdrawn) -> Finals:
    return replace(state, completed=state.completed - {fact.subject_id})


@_evolve.on(said.FinalGradeCarried)
def _carried(state: Finals, fact: said.FinalGradeCarried) -> Finals:
    return replace(state, carried=put(state.carried, (fact.pupil_id, fact.subject_id), fact))


def _class(world: World, class_id: str) -> tuple[Unit, Year] | Refusal:
    found = unit_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal) or found[0].is_class:
        return found
    return not_a_unit(class_id, "class_id")


@decides(said.CompleteSubject, by=DIRECTOR)
def _complete(world: World, command: said.CompleteSubject, _: Asked) -> Decision:
    found = _class(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    if command.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=command.subject_id, field="subject_id")
    if command.subject_id in world[finals(command.class_id)].completed:
        return []
    fact = said.SubjectCompleted(class_id=command.class_id, subject_id=command.subject_id)
    return [Entry(streams.finals(command.class_id), fact)]


@decides(said.WithdrawCompletion, by=DIRECTOR)
def _withdraw(world: World, command: said.WithdrawCompletion, _: Asked) -> Decision:
    found = _class(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    if command.subject_id not in world[finals(command.class_id)].completed:
        return said.NOT_COMPLETED(subject=command.subject_id, field="subject_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fact = said.CompletionWithdrawn(**msgspec.structs.asdict(command))
    return [Entry(streams.finals(command.class_id), fact)]


@decides(said.CarryFinalGrades, by=TEACHING)
def _carry(world: World, command: said.CarryFinalGrades, asked: Asked) -> Decision:
    found = _class(world, command.class_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if asked.actor.role is Role.TEACHER and asked.actor.person != state.homeroom_teacher(asked.today):
        return NOT_HOMEROOM_TEACHER(field="class_id")
    known = world[finals(command.class_id)]
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, grade in enumerate(command.grades):
        decision = _one(world, state, year, grade, known, asked)
        if isinstance(decision, Refusal):
            refusals.append(replace(decision, field=f"grades[{place}].{decision.field}"))
        else:
            entries += decision
    return together(refusals) or entries


def _one(
    world: World, state: Unit, year: Year, grade: said.CarriedGrade, known: Finals, asked: Asked
) -> Decision:
    fault = _fault(world, state, year, grade, asked)
    if fault:
        return fault
    stream = streams.finals(state.unit_id)
    fact = said.FinalGradeCarried(class_id=state.unit_id, **msgspec.structs.asdict(grade))
    stands = known.carried.get((grade.pupil_id, grade.subject_id))
    if stands and (stands.value, stands.year) == (grade.value, grade.year):
        return []
    if stands and not (grade.reason or "").strip():
        return beside(REASON_MISSING(field="reason", now=stands.value), stream, "pupil_id", grade.pupil_id)
    return [Entry(stream, fact)]


def _fault(world: World, state: Unit, year: Year, grade: said.CarriedGrade, asked: Asked) -> Refusal | None:
    if not any(one.pupil_id == grade.pupil_id for one in state.enrolments):
        return NOT_ENROLLED(pupil=grade.pupil_id, on=asked.today, field="pupil_id")
    if grade.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=grade.subject_id, field="subject_id")
    if not is_full_mark(year, grade.value):
        remarks = ", ".join(year.classification.final_remarks)
        return FINAL_GRADE_IS_A_FULL_MARK(remarks=remarks, field="value")
    for field in ("year", "source"):
        if not getattr(grade, field).strip():
            return TEXT_MISSING(at=field, field=field)
    if world[of_pupil(state.unit_id, grade.subject_id, grade.pupil_id)].grades:
        return said.TAUGHT_HERE(pupil=grade.pupil_id, field="subject_id")
    return None


def goes_along(world: World, from_class_id: str, class_id: str, pupil_id: str) -> list[Entry]:
    """What a pupil who changes class, or repeats a year, brought to the former class: it is there as well."""
    known, there = world[finals(from_class_id)], world[finals(class_id)]
    return [
        Entry(streams.finals(class_id), replace(one, class_id=class_id))
        for (pupil, subject), one in known.carried.items()
        if pupil == pupil_id and subject not in there.of(pupil_id)
    ]


def carried_on(
    world: World, from_class: Unit, year: Year, class_id: str, pupils: Sequence[str]
) -> list[Entry]:
    """What the pupils of a class that goes on bring along: what ended in it, and what they brought to it."""
    known = world[finals(from_class.unit_id)]
    ended = sorted(known.completed)
    keys = [(pupil, subject) for pupil in pupils for subject in ended]
    books = world.many([of_pupil(from_class.unit_id, subject, pupil) for pupil, subject in keys])
    facts = [
        replace(one, class_id=class_id) for (pupil, _), one in known.carried.items() if pupil in set(pupils)
    ]
    for (pupil, subject), book in zip(keys, books, strict=True):
        facts += [
            said.FinalGradeCarried(
                class_id=class_id,
                pupil_id=pupil,
                subject_id=subject,
                value=grade.value,
                year=year.name,
                from_class_id=from_class.unit_id,
            )
            for grade in book.standing(GradeKind.ANNUAL_FINAL)[-1:]
        ]
    return [Entry(streams.finals(class_id), fact) for fact in facts]
