"""When was a lesson held? One hour or two, of one assignment or of several that were one lesson.

All hours of one command are entered together or not at all. An hour that stands just so already is left
alone; one that stands otherwise refuses the command and shows what stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dziennik.contracts import lessons as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_PERIOD
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.curriculum import named_items, wording_of
from dziennik.domain.lessons import Lesson, exists, fault_in_co_teachers, fault_in_term, place
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.units import Assignment
from dziennik.domain.world import Asked, Decision, Entry, World


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the assignments whose lesson is held; `prefix` names it in a refusal's field."""

    unit_id: str
    assignment_id: str
    plan: FromPlan | None
    topic: str | None
    prefix: str


class _Hour(msgspec.Struct, frozen=True, kw_only=True):
    """One hour of one part, with who is to hold it."""

    part: _Part
    assignment: Assignment
    lesson_id: str
    period: int
    state: Lesson
    continues: str | None

    @property
    def teacher_id(self) -> str:
        """The substitute, where one was arranged."""
        return self.state.substitute or self.assignment.teacher_id


@decides(said.HoldLesson, by=TEACHING)
def _hold(world: World, command: said.HoldLesson, asked: Asked) -> Decision:
    parts = _parts(world, command)
    if isinstance(parts, Refusal):
        return parts
    hours = _hours(world, command, parts)
    if isinstance(hours, Refusal):
        return hours
    first = hours[0]
    for hour in hours:
        fault = _fault_in_hour(hour, first, command, asked)
        if fault:
            return _at(hour.part.prefix, fault)
    fault = fault_in_co_teachers(world, command.co_teacher_ids, first.teacher_id, command.on)
    if fault:
        return fault
    entries: list[Entry] = []
    for hour in hours:
        held = _held(command, hour, hours)
        if hour.state.held is None:
            signed = [said.LessonSigned(lesson_id=hour.lesson_id, teacher_id=hour.teacher_id)]
            stream = streams.lesson(hour.part.unit_id, hour.lesson_id)
            entries += [Entry(stream, fact) for fact in (held, *(signed if command.sign else []))]
        elif not _stands(hour.state, held, sign=command.sign):
            return _at(hour.part.prefix, exists(hour.state, hour.state.held))
    return entries


def _parts(world: World, command: said.HoldLesson) -> list[_Part] | Refusal:
    """The assignments whose lesson it is, with what each was about."""
    main = said.LessonPart(
        unit_id=command.unit_id, assignment_id=command.assignment_id, item_ids=command.item_ids
    )
    topic = (command.topic or "").strip()
    parts: list[_Part] = []
    for at, part in enumerate((main, *command.together), -1):
        prefix = "" if at < 0 else f"together[{at}]."
        if any((part.unit_id, part.assignment_id) == (p.unit_id, p.assignment_id) for p in parts):
            told = part.assignment_id
            return said.HELD_TOGETHER_TWICE(assignment=told, field=f"{prefix}assignment_id")
        plan, wording = None, topic or (parts[0].topic if parts else None)
        if part.item_ids:
            field = f"{prefix}item_ids"
            found = named_items(world, part.unit_id, part.assignment_id, part.item_ids, field)
            if isinstance(found, Refusal):
                return found
            plan, wording = found[0], topic or wording_of(found[1])
        parts.append(
            _Part(
                unit_id=part.unit_id,
                assignment_id=part.assignment_id,
                plan=plan,
                topic=wording or None,
                prefix=prefix,
            )
        )
    return parts


def _hours(world: World, command: said.HoldLesson, parts: Sequence[_Part]) -> list[_Hour] | Refusal:
    hours: list[_Hour] = []
    for part in parts:
        fault = fault_in_term(world, part.unit_id, command.on)
        begun: str | None = None
        for period in (command.period, command.period + 1)[: 1 + command.double]:
            found = place(world, part.unit_id, part.assignment_id, command.on, period)
            if isinstance(found, Refusal):
                missing = begun is not None and found.code == NO_SUCH_PERIOD.code
                return msgspec.structs.replace(found, field="double") if missing else _at(part.prefix, found)
            if fault:
                return _at(part.prefix, fault)
            assignment, lesson_id, state = found
            hours.append(
                _Hour(
                    part=part,
                    assignment=assignment,
                    lesson_id=lesson_id,
                    period=period,
                    state=state,
                    continues=begun,
                )
            )
            begun = lesson_id
    return hours


def _fault_in_hour(hour: _Hour, first: _Hour, command: said.HoldLesson, asked: Asked) -> Refusal | None:
    if asked.actor.role is Role.TEACHER and asked.actor.person != hour.teacher_id:
        return said.NOT_YOUR_LESSON(field="assignment_id")
    if hour.teacher_id != first.teacher_id:
        return said.OTHER_TEACHER(teacher=hour.teacher_id, field="assignment_id")
    if command.on > asked.today:
        return said.LESSON_IN_FUTURE(on=command.on, field="on")
    if hour.state.cancelled is not None:
        return said.LESSON_WAS_CANCELLED(reason=hour.state.cancelled, field="on")
    if hour.state.held is None and command.sign and hour.part.topic is None:
        return said.TOPIC_MISSING(field="topic")
    return None


def _held(command: said.HoldLesson, hour: _Hour, hours: Sequence[_Hour]) -> said.LessonHeld:
    others = [each for each in hours if each.period == hour.period and each is not hour]
    return said.LessonHeld(
        unit_id=hour.part.unit_id,
        lesson_id=hour.lesson_id,
        on=command.on,
        period=hour.period,
        assignment_id=hour.assignment.assignment_id,
        subject_id=hour.assignment.subject_id,
        teacher_id=hour.teacher_id,
        group_id=hour.assignment.group_id,
        instead_of=hour.assignment.teacher_id if hour.state.substitute else None,
        topic=hour.part.topic,
        plan=hour.part.plan,
        room=(command.room or "").strip() or None,
        co_teachers=command.co_teacher_ids,
        continues=hour.continues,
        together=tuple(
            [said.LessonRef(unit_id=each.part.unit_id, lesson_id=each.lesson_id) for each in others]
        ),
    )


def _stands(state: Lesson, held: said.LessonHeld, *, sign: bool) -> bool:
    """Whether the lesson stands just as the command would enter it."""
    now = (state.topic, state.plan, state.signed_by is not None, state.co_teachers)
    if state.held is None or now != (held.topic, held.plan, sign, held.co_teachers):
        return False
    first = state.held
    return (first.room, first.continues, first.together) == (held.room, held.continues, held.together)


def _at(prefix: str, refusal: Refusal) -> Refusal:
    """The refusal at the part that it is about."""
    return msgspec.structs.replace(refusal, field=f"{prefix}{refusal.field}") if prefix else refusal
