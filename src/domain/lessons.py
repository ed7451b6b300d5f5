"""What may be decided about a lesson: topic, signatures, substitution, cancellation.

That it was held is decided in `holding`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import attendance as roll
from dziennik.contracts import classes, streams
from dziennik.contracts import lessons as said
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.classes import fault_in_day, unit_and_year
from dziennik.domain.curriculum import named_items, wording_of
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import fault_in_role
from dziennik.domain.rulebook import OFFICE, TEACHING, decides
from dziennik.domain.units import Assignment, Unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

# A mark as it stands: (type_id, kind, minutes).
Mark = tuple[str, AttendanceKind, int | None]


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """One hour of one assignment; `held` is None until it was held. `co_signed`: co-teachers who signed."""

    held: said.LessonHeld | None = None
    substitute: str | None = None
    topic: str | None = None
    plan: FromPlan | None = None
    co_teachers: tuple[str, ...] = ()
    signed_by: str | None = None
    co_signed: frozenset[str] = frozenset()
    cancelled: str | None = None
    asked: tuple[str, ...] | None = None
    marks: Mapping[str, Mark] = {}
    exempted: frozenset[str] = frozenset()  # whose mark came of an exemption from this subject


evolve: Evolution[Lesson] = Evolution()


def lesson(unit_id: str, lesson_id: str) -> Stream[Lesson]:
    """The stream of a lesson."""
    return Stream(streams.lesson(unit_id, lesson_id), Lesson(), evolve)


@evolve.on(said.SubstitutionArranged)
def _arranged(state: Lesson, fact: said.SubstitutionArranged) -> Lesson:
    return replace(state, substitute=fact.teacher_id)


@evolve.on(said.LessonHeld)
def _held(state: Lesson, fact: said.LessonHeld) -> Lesson:
    return replace(state, held=fact, topic=fact.topic, plan=fact.plan, co_teachers=fact.co_teachers)


@evolve.on(said.CoTeacherRecorded)
def _co_teacher(state: Lesson, fact: said.CoTeacherRecorded) -> Lesson:
    return replace(state, co_teachers=(*state.co_teachers, fact.teacher_id))


@evolve.on(said.TopicRecorded)
def _topic(state: Lesson, fact: said.TopicRecorded) -> Lesson:
    return replace(state, topic=fact.topic, plan=fact.plan)


@evolve.on(said.TopicCorrected)
def _topic_corrected(state: Lesson, fact: said.TopicCorrected) -> Lesson:
    return replace(state, topic=fact.topic, plan=fact.plan)


@evolve.on(said.LessonSigned)
def _signed(state: Lesson, fact: said.LessonSigned) -> Lesson:
    if fact.teacher_id in state.co_teachers:
        return replace(state, co_signed=state.co_signed | {fact.teacher_id})
    return replace(state, signed_by=fact.teacher_id)


@evolve.on(said.LessonCancelled)
def _cancelled(state: Lesson, fact: said.LessonCancelled) -> Lesson:
    return replace(state, cancelled=fact.reason)


@evolve.on(roll.RollCalled)
def _roll_called(state: Lesson, fact: roll.RollCalled) -> Lesson:
    return replace(state, asked=fact.pupils)


@evolve.on(roll.RollPrefilled)
def _prefilled(state: Lesson, fact: roll.RollPrefilled) -> Lesson:
    exempted = [mark.pupil_id for mark in fact.marks if mark.source is roll.PrefilledFrom.EXEMPTION]
    return replace(state, exempted=frozenset(exempted))


@evolve.on(roll.AbsenceRecorded)
def _absent(state: Lesson, fact: roll.AbsenceRecorded) -> Lesson:
    return replace(state, marks=put(state.marks, fact.pupil_id, (fact.type_id, fact.kind, None)))


@evolve.on(roll.LatenessRecorded)
def _late(state: Lesson, fact: roll.LatenessRecorded) -> Lesson:
    mark = (fact.type_id, fact.kind, fact.minutes)
    return replace(state, marks=put(state.marks, fact.pupil_id, mark))


@evolve.on(roll.ReleaseRecorded)
def _released(state: Lesson, fact: roll.ReleaseRecorded) -> Lesson:
    return replace(state, marks=put(state.marks, fact.pupil_id, (fact.type_id, fact.kind, None)))


@evolve.on(roll.AttendanceCorrected)
def _corrected(state: Lesson, fact: roll.AttendanceCorrected) -> Lesson:
    mark = (fact.type_id, fact.kind, fact.minutes)
    return replace(state, marks=put(state.marks, fact.pupil_id, mark))


def assigned(state: Unit, assignment_id: str, day: date) -> Assignment | Refusal:
    """The assignment in force on that day, or why not."""
    known = state.assignments.get(assignment_id)
    if known is None:
        return classes.NO_SUCH_ASSIGNMENT(assignment=assignment_id, field="assignment_id")
    if not known.covers(day):
        return classes.ASSIGNMENT_NOT_IN_FORCE(on=day, field="on")
    return known


def held_lesson(world: World, unit_id: str, lesson_id: str) -> tuple[Lesson, said.LessonHeld] | Refusal:
    """The lesson, if it was held and stands."""
    state = world[lesson(unit_id, lesson_id)]
    if state.cancelled is not None:
        return said.LESSON_WAS_CANCELLED(reason=state.cancelled, field="lesson_id")
    if state.held is None:
        return said.NO_SUCH_LESSON(lesson=lesson_id, field="lesson_id")
    return state, state.held


def exists(state: Lesson, held: said.LessonHeld) -> Refusal:
    """The lesson is entered already: the refusal shows what stands."""
    stands = said.LESSON_EXISTS(topic=state.topic or "", field="on")
    return beside(stands, streams.lesson(held.unit_id, held.lesson_id))


def is_theirs(state: Lesson, held: said.LessonHeld, asked: Asked) -> bool:
    """Teachers act on lessons that they held, alone or with others; director and office on all."""
    if asked.actor.role is not Role.TEACHER:
        return True
    return asked.actor.person in (held.teacher_id, *state.co_teachers)


def place(
    world: World, unit_id: str, assignment_id: str, on: date, period: int
) -> tuple[Assignment, str, Lesson] | Refusal:
    """The assignment, the lesson's id and its state for an hour of the unit's year."""
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    fault = fault_in_day(year, on, "on")
    if fault:
        return fault
    if period not in {known.number for known in year.periods}:
        return classes.NO_SUCH_PERIOD(period=period, field="period")
    assignment = assigned(state, assignment_id, on)
    if isinstance(assignment, Refusal):
        return assignment
    lesson_id = said.lesson_id(on, period, assignment_id)
    return assignment, lesson_id, world[lesson(unit_id, lesson_id)]


def fault_in_term(world: World, unit_id: str, on: date) -> Refusal | None:
    """Classes have lessons within terms; other registers (the day-care room) also between them."""
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    state, year = found
    if state.kind is not None or not year.terms or year.term_on(on):
        return None
    return said.OUTSIDE_TERM(on=on, field="on")


def _on(unit_id: str, lesson_id: str, *facts: Fact) -> list[Entry]:
    return [Entry(streams.lesson(unit_id, lesson_id), fact) for fact in facts]


@decides(said.ArrangeSubstitution, by=OFFICE)
def _arrange(world: World, command: said.ArrangeSubstitution, _: Asked) -> Decision:
    found = place(world, command.unit_id, command.assignment_id, command.on, command.period)
    if isinstance(found, Refusal):
        return found
    assignment, lesson_id, state = found
    if state.cancelled is not None:
        return said.LESSON_WAS_CANCELLED(reason=state.cancelled, field="on")
    if state.held is not None:
        return exists(state, state.held)
    if state.substitute == command.teacher_id:
        return []
    if assignment.teacher_id == command.teacher_id:
        return said.SUBSTITUTE_IS_THE_TEACHER(field="teacher_id")
    fault = fault_in_term(world, command.unit_id, command.on) or fault_in_role(
        world, command.teacher_id, Role.TEACHER, command.on, "teacher_id"
    )
    arranged = said.SubstitutionArranged(
        **msgspec.structs.asdict(command), lesson_id=lesson_id, instead_of=assignment.teacher_id
    )
    return fault or _on(command.unit_id, lesson_id, arranged)


@decides(said.RecordTopic, by=TEACHING)
def _record_topic(world: World, command: said.RecordTopic, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    state, held = found
    if not is_theirs(state, held, asked):
        return said.NOT_YOUR_LESSON(field="lesson_id")
    named = _named(world, command, state, held)
    if isinstance(named, Refusal):
        return named
    plan, wording = named
    topic = command.topic.strip() or wording
    if not topic:
        return TEXT_MISSING(at="topic", field="topic")
    if (state.topic, state.plan) == (topic, plan):
        return []
    if command.seen is not None and command.seen != (state.topic or ""):
        changed = CHANGED_SINCE(seen=command.seen, now=state.topic or "", field="seen")
        return beside(changed, streams.lesson(command.unit_id, command.lesson_id), "topic")
    if state.topic is None:
        recorded = said.TopicRecorded(lesson_id=command.lesson_id, topic=topic, plan=plan)
        return _on(command.unit_id, command.lesson_id, recorded)
    if not (command.reason or "").strip():
        return said.REASON_MISSING(field="reason")
    corrected = said.TopicCorrected(
        lesson_id=command.lesson_id,
        was=state.topic,
        topic=topic,
        reason=command.reason or "",
        was_plan=state.plan,
        plan=plan,
    )
    return _on(command.unit_id, command.lesson_id, corrected)


def _named(
    world: World, command: said.RecordTopic, state: Lesson, held: said.LessonHeld
) -> tuple[FromPlan | None, str] | Refusal:
    """The items that the lesson is about from now on, and their topics."""
    if command.item_ids is None:
        return state.plan, ""
    if not command.item_ids:
        return None, ""
    found = named_items(world, command.unit_id, held.assignment_id, command.item_ids, "item_ids")
    return found if isinstance(found, Refusal) else (found[0], wording_of(found[1]))


@decides(said.RecordCoTeacher, by=TEACHING)
def _record_co_teacher(world: World, command: said.RecordCoTeacher, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    state, held = found
    if asked.actor.role is Role.TEACHER and asked.actor.person != held.teacher_id:
        return said.NOT_YOUR_LESSON(field="lesson_id")
    if command.teacher_id in state.co_teachers:
        return []
    fault = fault_in_co_teachers(world, (command.teacher_id,), held.teacher_id, held.on)
    if fault:
        return replace(fault, field="teacher_id")
    recorded = said.CoTeacherRecorded(lesson_id=command.lesson_id, teacher_id=command.teacher_id)
    return _on(command.unit_id, command.lesson_id, recorded)


def fault_in_co_teachers(
    world: World, teacher_ids: Sequence[str], teacher_id: str, on: date
) -> Refusal | None:
    """Co-teachers are teachers that day, each once, and not the teacher."""
    for at, who in enumerate(teacher_ids):
        field = f"co_teacher_ids[{at}]"
        if who == teacher_id:
            return said.CO_TEACHER_IS_THE_TEACHER(field=field)
        if who in teacher_ids[:at]:
            return said.CO_TEACHER_TWICE(teacher=who, field=field)
        fault = fault_in_role(world, who, Role.TEACHER, on, field)
        if fault:
            return fault
    return None


@decides(said.SignLesson, by=TEACHING)
def _sign(world: World, command: said.SignLesson, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    state, held = found
    if not is_theirs(state, held, asked):
        return said.NOT_YOUR_LESSON(field="lesson_id")
    signer = asked.actor.person or held.teacher_id
    signed = signer in state.co_signed if signer in state.co_teachers else state.signed_by is not None
    if signed:
        return said.ALREADY_SIGNED(field="lesson_id")
    if state.topic is None:
        return said.TOPIC_MISSING(field="lesson_id")
    fact = said.LessonSigned(lesson_id=command.lesson_id, teacher_id=signer)
    return _on(command.unit_id, command.lesson_id, fact)


@decides(said.CancelLesson, by=TEACHING)
def _cancel(world: World, command: said.CancelLesson, asked: Asked) -> Decision:
    found = place(world, command.unit_id, command.assignment_id, command.on, command.period)
    if isinstance(found, Refusal):
        return found
    assignment, lesson_id, state = found
    teacher = state.held.teacher_id if state.held else state.substitute or assignment.teacher_id
    if asked.actor.role is Role.TEACHER and asked.actor.person != teacher:
        return said.NOT_YOUR_LESSON(field="assignment_id")
    if not command.reason.strip():
        return said.REASON_MISSING(field="reason")
    if state.cancelled is not None:
        same = state.cancelled == command.reason
        return [] if same else said.LESSON_WAS_CANCELLED(reason=state.cancelled, field="on")
    cancelled = said.LessonCancelled(
        unit_id=command.unit_id,
        lesson_id=lesson_id,
        on=command.on,
        period=command.period,
        assignment_id=assignment.assignment_id,
        subject_id=assignment.subject_id,
        group_id=assignment.group_id,
        reason=command.reason,
    )
    return _on(command.unit_id, lesson_id, cancelled)
