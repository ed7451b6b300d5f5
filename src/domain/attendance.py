"""The rules for attendance at a lesson: the roll call, and how a mark is put right."""

from __future__ import annotations

from collections.abc import Mapping

from dziennik.contracts import attendance as said
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.lessons import NOT_YOUR_LESSON, REASON_MISSING, LessonHeld
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.called_lessons import EXCUSED
from dziennik.domain.classes import unit_and_year
from dziennik.domain.lessons import held_lesson, is_theirs
from dziennik.domain.prefilling import Proposal, excused, homes_of, proposals
from dziennik.domain.roll_call import Roll, decide_roll, fault_in_minutes, in_class
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World


@decides(said.CallRoll, by=TEACHING)
def _call_roll(world: World, command: said.CallRoll, asked: Asked) -> Decision:
    return decide_roll(world, command, asked, proposed)


def proposed(_: World, roll: Roll) -> Mapping[str, Proposal]:
    return proposals(roll.homes, roll.year, roll.held)


@decides(said.CorrectAttendance, by=TEACHING)
def _correct(world: World, command: said.CorrectAttendance, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    lesson, held = found
    place = unit_and_year(world, command.unit_id)
    if isinstance(place, Refusal):
        return place
    if not is_theirs(lesson, held, asked) and not _is_homeroom(
        world, place[0], command.pupil_id, held, asked
    ):
        return NOT_YOUR_LESSON(field="lesson_id")
    if lesson.asked is None:
        return said.ROLL_NOT_CALLED(field="lesson_id")
    if command.pupil_id not in lesson.asked:
        return said.NOT_ASKED(pupil=command.pupil_id, field="pupil_id")
    types = {kind.type_id: kind for kind in place[1].attendance.types}
    kind = types.get(command.type_id)
    if kind is None:
        return said.NO_SUCH_TYPE(type=command.type_id, field="type_id")
    fault = fault_in_minutes(command.minutes, kind, "minutes")
    if fault:
        return fault
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    present = next(t.type_id for t in types.values() if t.kind is AttendanceKind.PRESENT)
    was = lesson.marks.get(command.pupil_id, (present, AttendanceKind.PRESENT, None))
    if command.seen_type_id not in (None, was[0]):
        changed = CHANGED_SINCE(seen=command.seen_type_id, now=was[0], field="seen_type_id")
        stream = streams.lesson(command.unit_id, command.lesson_id)
        return beside(changed, stream, "pupil_id", command.pupil_id)
    if was == (kind.type_id, kind.kind, command.minutes):
        return said.NOTHING_TO_CORRECT(field="type_id")
    corrected = said.AttendanceCorrected(
        lesson_id=command.lesson_id,
        pupil_id=command.pupil_id,
        was_type_id=was[0],
        was_kind=was[1],
        type_id=kind.type_id,
        kind=kind.kind,
        reason=command.reason,
        minutes=command.minutes,
    )
    facts = [corrected, *_excused_at_once(world, place, held, corrected)]
    return [Entry(streams.lesson(command.unit_id, command.lesson_id), fact) for fact in facts]


def _excused_at_once(
    world: World, place: tuple[Unit, Year], held: LessonHeld, corrected: said.AttendanceCorrected
) -> list[said.AttendanceCorrected]:
    """An absence entered late is excused if an accepted excuse covers it; what was excused is not again."""
    if corrected.was_kind in EXCUSED.values():
        return []
    pupil_id = corrected.pupil_id
    homes = homes_of(world, place[0], held, (pupil_id,))
    mark = (corrected.type_id, corrected.kind, corrected.minutes)
    again = excused(homes, place[1], held, pupil_id, mark)
    return [again] if again else []


def _is_homeroom(world: World, state: Unit, pupil_id: str, held: LessonHeld, asked: Asked) -> bool:
    """The homeroom teacher of the pupil's class may put marks right at any teacher's lesson."""
    homes = [state]
    if state.class_ids:
        homes = in_class(world.many([unit(class_id) for class_id in state.class_ids]), pupil_id, held)
    return any(home.homeroom_teacher(asked.today) == asked.actor.person for home in homes)
