"""The rules for behaviour grades: given by the homeroom teacher, bound by the council's resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from dziennik.contracts import behaviour as said
from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.envelope import Role
from dziennik.contracts.grades import PUPIL_TWICE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, Standing, together
from dziennik.contracts.values import GradeKind
from dziennik.domain.behaviour_state import Behaviour, BehaviourGrade, behaviour
from dziennik.domain.classes import fault_in_day
from dziennik.domain.classification import theirs
from dziennik.domain.councils import councils
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Unit
from dziennik.domain.world import Asked, Decision, Entry, World

OF_A_TERM = (GradeKind.TERM_PROPOSED, GradeKind.TERM_FINAL)
FINAL = (GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL)


def _place(
    world: World, class_id: str, kind: GradeKind, term_id: str | None, asked: Asked
) -> tuple[Unit, Year] | Refusal:
    """The asker's class and its year, where such a grade can be given or changed today."""
    found = theirs(world, class_id, asked)
    if isinstance(found, Refusal):
        return found
    year = found[1]
    if kind is GradeKind.CURRENT:
        return orders.NOT_A_BEHAVIOUR_KIND(field="kind")
    terms = {term.term_id for term in year.terms}
    if (term_id in terms) if kind in OF_A_TERM else (term_id is None):
        return _bound(world, class_id, kind, term_id, year, asked) or found
    return orders.TERM_DOES_NOT_FIT(field="term_id")


def _bound(
    world: World, class_id: str, kind: GradeKind, term_id: str | None, year: Year, asked: Asked
) -> Refusal | None:
    """Final grades that the council's resolution covers are the director's to change."""
    if kind not in FINAL or asked.actor.role is not Role.TEACHER:
        return None
    resolution = world[councils(year.year_id)].classifying(class_id, term_id)
    if resolution is None:
        return None
    return orders.COUNCIL_HAS_DECIDED(number=resolution.number, on=resolution.on, field="kind")


def _fault_in_mark(year: Year, mark: str, description: str | None) -> Refusal | None:
    if mark:
        known = {step.mark for step in year.behaviour.scale}
        return None if mark in known else orders.MARK_OFF_SCALE(mark=mark, field="mark")
    return None if description else orders.MARK_MISSING(field="mark")


def _tidy(text: str | None) -> str | None:
    return (text or "").strip() or None


@decides(orders.GiveBehaviourGrades, by=TEACHING)
def _give(world: World, command: orders.GiveBehaviourGrades, asked: Asked) -> Decision:
    found = _place(world, command.class_id, command.kind, command.term_id, asked)
    if isinstance(found, Refusal):
        return found
    state, year = found
    fault = _fault_in_day(year, command.on, asked)
    if fault:
        return fault
    books = _books(world, command.class_id, [entry.pupil_id for entry in command.grades])
    seen: set[str] = set()
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, entry in enumerate(command.grades):
        decision: Decision
        if entry.pupil_id in seen:
            decision = PUPIL_TWICE(pupil=entry.pupil_id, field="pupil_id")
        else:
            decision = _given(command, entry, state, year, books[entry.pupil_id], asked)
        seen.add(entry.pupil_id)
        if isinstance(decision, Refusal):
            refusals.append(replace(decision, field=f"grades[{place}].{decision.field}"))
        else:
            entries += decision
    return together(refusals) or entries


def _fault_in_day(year: Year, day: date, asked: Asked) -> Refusal | None:
    if day > asked.today:
        return orders.NOTE_IN_FUTURE(on=day, field="on")
    return fault_in_day(year, day, "on")


def _books(world: World, class_id: str, pupils: Sequence[str]) -> Mapping[str, Behaviour]:
    found = world.many([behaviour(class_id, pupil_id) for pupil_id in pupils])
    return dict(zip(pupils, found, strict=True))


def _given(
    command: orders.GiveBehaviourGrades,
    entry: orders.BehaviourGradeEntry,
    state: Unit,
    year: Year,
    book: Behaviour,
    asked: Asked,
) -> Decision:
    if state.enrolment(entry.pupil_id, command.on) is None:
        return NOT_ENROLLED(pupil=entry.pupil_id, on=command.on, field="pupil_id")
    description = _tidy(entry.description)
    fault = _fault_in_mark(year, entry.mark, description)
    if fault:
        return fault
    stands = book.grades.get((command.kind, command.term_id))
    if stands:
        if stands == BehaviourGrade(mark=entry.mark, description=description):
            return []
        there = orders.BEHAVIOUR_GRADE_STANDS(
            pupil=entry.pupil_id, mark=stands.mark or "opis", field="pupil_id"
        )
        return _beside(there, command, entry.pupil_id)
    given = said.BehaviourGradeGiven(
        class_id=command.class_id,
        pupil_id=entry.pupil_id,
        kind=command.kind,
        term_id=command.term_id,
        mark=entry.mark,
        on=command.on,
        author_id=asked.actor.person,
        description=description,
    )
    return [Entry(streams.behaviour(command.class_id, entry.pupil_id), given)]


def _standing(
    world: World, command: orders.CorrectBehaviourGrade | orders.StrikeOutBehaviourGrade, asked: Asked
) -> tuple[Year, BehaviourGrade] | Refusal:
    """The grade that stands and that the asker may change, with a reason given."""
    found = _place(world, command.class_id, command.kind, command.term_id, asked)
    if isinstance(found, Refusal):
        return found
    stands = world[behaviour(command.class_id, command.pupil_id)].grades.get((command.kind, command.term_id))
    if stands is None:
        return orders.NO_SUCH_BEHAVIOUR_GRADE(pupil=command.pupil_id, field="pupil_id")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    now = stands.mark or stands.description or ""
    if command.seen not in (None, now):
        changed = CHANGED_SINCE(seen=command.seen, now=now, field="seen")
        return _beside(changed, command, command.pupil_id)
    return found[1], stands


def _beside(
    refusal: Refusal,
    command: orders.GiveBehaviourGrades | orders.CorrectBehaviourGrade | orders.StrikeOutBehaviourGrade,
    pupil_id: str,
) -> Refusal:
    """The refusal with the grade that is in the way: the kind alone does not tell of which term it is."""
    stream = streams.behaviour(command.class_id, pupil_id)
    there = Standing(stream=stream, field="kind", value=command.kind, also=("term_id", command.term_id))
    return replace(refusal, standing=there)


@decides(orders.CorrectBehaviourGrade, by=TEACHING)
def _correct(world: World, command: orders.CorrectBehaviourGrade, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    year, was = found
    now = BehaviourGrade(mark=command.mark, description=_tidy(command.description))
    if now == was:
        return orders.BEHAVIOUR_GRADE_NOT_CHANGED(field="mark")
    corrected = said.BehaviourGradeCorrected(
        pupil_id=command.pupil_id,
        kind=command.kind,
        term_id=command.term_id,
        was=was.mark,
        mark=now.mark,
        reason=command.reason.strip(),
        was_description=was.description,
        description=now.description,
    )
    fault = _fault_in_mark(year, now.mark, now.description)
    return fault or [Entry(streams.behaviour(command.class_id, command.pupil_id), corrected)]


@decides(orders.StrikeOutBehaviourGrade, by=TEACHING)
def _strike_out(world: World, command: orders.StrikeOutBehaviourGrade, asked: Asked) -> Decision:
    found = _standing(world, command, asked)
    if isinstance(found, Refusal):
        return found
    struck = said.BehaviourGradeStruckOut(
        pupil_id=command.pupil_id,
        kind=command.kind,
        term_id=command.term_id,
        was=found[1].mark,
        reason=command.reason.strip(),
    )
    return [Entry(streams.behaviour(command.class_id, command.pupil_id), struck)]
