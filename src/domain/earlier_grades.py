"""The rules for grades of another school: who records them, of which days, and how they are struck out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import earlier_grades as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.grades import NOT_A_CHANGE, WEIGHT_OUT_OF_RANGE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.school import NO_SUCH_SUBJECT
from dziennik.domain.classes import fault_in_day
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.grade_checks import HEAVIEST
from dziennik.domain.movement import class_and_year
from dziennik.domain.policies.defaults import USUAL_EARLIER_GRADES
from dziennik.domain.rulebook import DIRECTOR, TEACHING, decides
from dziennik.domain.school import SCHOOL, Year, year_of
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a pupil brought to a class."""

    grades: Mapping[str, said.EarlierGradeRecorded] = {}
    struck_out: frozenset[str] = frozenset()


_evolve: Evolution[Brought] = Evolution()
_rules: Evolution[said.EarlierGradesRule] = Evolution()


def rule_of(year_id: str) -> Stream[said.EarlierGradesRule]:
    """The rule in force in a year."""
    return Stream(streams.earlier_grades_rule(year_id), USUAL_EARLIER_GRADES, _rules)


def brought(class_id: str, pupil_id: str) -> Stream[Brought]:
    """The stream of a pupil's grades of other schools."""
    return Stream(streams.earlier_grades(class_id, pupil_id), Brought(), _evolve)


@_evolve.on(said.EarlierGradeRecorded)
def _recorded(state: Brought, fact: said.EarlierGradeRecorded) -> Brought:
    return replace(state, grades=put(state.grades, fact.grade_id, fact))


@_evolve.on(said.EarlierGradeCorrected)
def _corrected(state: Brought, fact: said.EarlierGradeCorrected) -> Brought:
    grade = replace(
        state.grades[fact.grade_id], value=fact.value, kind=fact.kind, weight=fact.weight, on=fact.on
    )
    return replace(state, grades=put(state.grades, fact.grade_id, grade))


@_evolve.on(said.EarlierGradeStruckOut)
def _struck_out(state: Brought, fact: said.EarlierGradeStruckOut) -> Brought:
    return replace(state, struck_out=state.struck_out | {fact.grade_id})


@_rules.on(said.RuleSet)
def _rule_set(_: said.EarlierGradesRule, fact: said.RuleSet) -> said.EarlierGradesRule:
    return fact.rule


@decides(said.SetEarlierGradesRule, by=DIRECTOR)
def _set_rule(world: World, command: said.SetEarlierGradesRule, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    stream = rule_of(command.year_id)
    if world[stream] == command.rule:
        return []
    return [Entry(stream.name, said.RuleSet(year_id=command.year_id, rule=command.rule))]


def _theirs(world: World, class_id: str, asked: Asked) -> tuple[Unit, Year] | Refusal:
    found = class_and_year(world, class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    if asked.actor.role is Role.TEACHER and asked.actor.person != found[0].homeroom_teacher(asked.today):
        return NOT_HOMEROOM_TEACHER(field="class_id")
    return found


@decides(said.RecordEarlierGrades, by=TEACHING)
def _record(world: World, command: said.RecordEarlierGrades, asked: Asked) -> Decision:
    found = _theirs(world, command.class_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.school.strip():
        return TEXT_MISSING(at="school", field="school")
    stream = brought(command.class_id, command.pupil_id)
    known = world[stream].grades
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    seen: set[str] = set()
    for place, grade in enumerate(command.grades):
        fact = said.EarlierGradeRecorded(
            **msgspec.structs.asdict(grade),
            class_id=command.class_id,
            pupil_id=command.pupil_id,
            school=command.school.strip(),
        )
        if known.get(grade.grade_id) == fact:
            continue
        taken = known.get(grade.grade_id) or (fact if grade.grade_id in seen else None)
        fault = _fault(world, found, fact, taken)
        seen.add(grade.grade_id)
        if fault:
            refusals.append(replace(fault, field=f"grades[{place}].{fault.field}"))
        else:
            entries.append(Entry(stream.name, fact))
    return together(refusals) or entries


def _fault(
    world: World,
    found: tuple[Unit, Year],
    fact: said.EarlierGradeRecorded,
    taken: said.EarlierGradeRecorded | None,
) -> Refusal | None:
    """Each grade is of a subject of the school, of this year, and of before the pupil came to the class."""
    if taken:
        there = said.EARLIER_GRADE_EXISTS(value=taken.value, field="grade_id")
        stream = streams.earlier_grades(fact.class_id, fact.pupil_id)
        return beside(there, stream, "grade_id", fact.grade_id)
    return _fault_in_grade(world, found, fact)


def _fault_in_grade(
    world: World, found: tuple[Unit, Year], fact: said.EarlierGradeRecorded
) -> Refusal | None:
    state, year = found
    if fact.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=fact.subject_id, field="subject_id")
    if not fact.value.strip():
        return TEXT_MISSING(at="value", field="value")
    if not 0 <= fact.weight <= HEAVIEST:
        return WEIGHT_OUT_OF_RANGE(weight=fact.weight, limit=HEAVIEST, field="weight")
    places = [place for place in state.enrolments if place.pupil_id == fact.pupil_id]
    if not places:
        return NOT_ENROLLED(pupil=fact.pupil_id, on=fact.on, field="pupil_id")
    since = places[-1].since
    if fact.on >= since:
        return said.NOT_BEFORE_COMING(on=fact.on, since=since, field="on")
    return fault_in_day(year, fact.on, "on")


def _standing(
    world: World, command: said.CorrectEarlierGrade | said.StrikeOutEarlierGrade
) -> said.EarlierGradeRecorded | Refusal:
    """The grade as it stands, if it was not struck out and there is a reason to change it."""
    stream = brought(command.class_id, command.pupil_id)
    state = world[stream]
    if command.grade_id not in state.grades:
        return said.NO_SUCH_EARLIER_GRADE(grade=command.grade_id, field="grade_id")
    if command.grade_id in state.struck_out:
        struck = said.ALREADY_STRUCK_OUT(grade=command.grade_id, field="grade_id")
        return beside(struck, stream.name, "grade_id", command.grade_id)
    return state.grades[command.grade_id] if command.reason.strip() else REASON_MISSING(field="reason")


@decides(said.CorrectEarlierGrade, by=TEACHING)
def _correct(world: World, command: said.CorrectEarlierGrade, asked: Asked) -> Decision:
    found = _theirs(world, command.class_id, asked)
    if isinstance(found, Refusal):
        return found
    was = _standing(world, command)
    if isinstance(was, Refusal):
        return was
    stream = streams.earlier_grades(command.class_id, command.pupil_id)
    if command.seen not in (None, was.value):
        changed = CHANGED_SINCE(seen=command.seen, now=was.value, field="seen")
        return beside(changed, stream, "grade_id", command.grade_id)
    told = {name: getattr(command, name) for name in ("value", "kind", "weight", "on")}
    grade = replace(was, **{name: one for name, one in told.items() if one is not None})
    if grade == was:
        return NOT_A_CHANGE(field="value")
    fact = said.EarlierGradeCorrected(
        grade_id=command.grade_id,
        pupil_id=command.pupil_id,
        was_value=was.value,
        value=grade.value,
        was_kind=was.kind,
        kind=grade.kind,
        was_weight=was.weight,
        weight=grade.weight,
        was_on=was.on,
        on=grade.on,
        reason=command.reason.strip(),
    )
    return _fault_in_grade(world, found, grade) or [Entry(stream, fact)]


@decides(said.StrikeOutEarlierGrade, by=TEACHING)
def _strike_out(world: World, command: said.StrikeOutEarlierGrade, asked: Asked) -> Decision:
    found = _theirs(world, command.class_id, asked)
    if isinstance(found, Refusal):
        return found
    stands = _standing(world, command)
    if isinstance(stands, Refusal):
        return stands
    fact = said.EarlierGradeStruckOut(
        grade_id=command.grade_id, pupil_id=command.pupil_id, reason=command.reason.strip()
    )
    return [Entry(streams.earlier_grades(command.class_id, command.pupil_id), fact)]
