"""The rules for the roll call: who is asked, what may be marked, how a mark is put right."""

from __future__ import annotations

from collections.abc import Sequence

from dziennik.contracts import attendance as said
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import NOT_YOUR_LESSON, REASON_MISSING, LessonHeld
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.registers import NO_ROLL_HERE, RESTRICTED
from dziennik.contracts.values import AttendanceKind, AttendanceType
from dziennik.domain.classes import unit_and_year
from dziennik.domain.lessons import Lesson, held_lesson, is_theirs
from dziennik.domain.rulebook import TEACHING, decides
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World

LONGEST_LATENESS = 90  # minutes: two lesson hours; later is an absence

_LATE = (AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED)


@decides(said.CallRoll, by=TEACHING)
def _call_roll(world: World, command: said.CallRoll, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    lesson, held = found
    if not is_theirs(held, asked):
        return NOT_YOUR_LESSON(field="lesson_id")
    place = unit_and_year(world, command.unit_id)
    if isinstance(place, Refusal):
        return place
    roll = _roll(world, place[0], held, command.pupils)
    marks = _marks(place[1], roll if isinstance(roll, list) else [], command.marks)
    if isinstance(roll, Refusal):
        return roll
    if isinstance(marks, Refusal):
        return marks
    facts = [_recorded(command.lesson_id, mark, kind) for mark, kind in marks]
    if lesson.asked is not None:
        same = list(lesson.asked) == roll and lesson.marks == {
            mark.pupil_id: (mark.type_id, kind.kind, mark.minutes) for mark, kind in marks
        }
        stream = streams.lesson(command.unit_id, command.lesson_id)
        stands = said.ROLL_ALREADY_CALLED(field="lesson_id", marks=_told(lesson))
        return [] if same else beside(stands, stream, "pupils")
    called = said.RollCalled(lesson_id=command.lesson_id, pupils=tuple(roll))
    stream = streams.lesson(command.unit_id, command.lesson_id)
    return [Entry(stream, fact) for fact in (called, *facts)]


def _told(lesson: Lesson) -> str:
    return ", ".join(f"{pupil_id}: {mark[0]}" for pupil_id, mark in lesson.marks.items())


def _roll(world: World, state: Unit, held: LessonHeld, only: Sequence[str] | None) -> list[str] | Refusal:
    if state.kind in RESTRICTED:
        return NO_ROLL_HERE(field="unit_id")
    everyone = state.roll(held.group_id, held.on)
    if state.class_ids:  # who left the class is no longer asked, even if the group was not left
        homes = world.many([unit(class_id) for class_id in state.class_ids])
        everyone = [pupil_id for pupil_id in everyone if _home(homes, pupil_id, held)]
    if only is None:
        return everyone
    for place, pupil_id in enumerate(only):
        if pupil_id not in everyone:
            return said.NOT_ASKED(pupil=pupil_id, field=f"pupils[{place}]")
    chosen = set(only)
    return [pupil_id for pupil_id in everyone if pupil_id in chosen]


def _marks(
    year: Year, roll: Sequence[str], marks: Sequence[said.RollMark]
) -> list[tuple[said.RollMark, AttendanceType]] | Refusal:
    """The marks that are not plain presence, each with the school's type, in the order given."""
    types = {kind.type_id: kind for kind in year.attendance.types}
    seen: set[str] = set()
    kept = []
    for place, mark in enumerate(marks):
        at = f"marks[{place}]"
        kind = types.get(mark.type_id)
        if mark.pupil_id not in roll:
            return said.NOT_ASKED(pupil=mark.pupil_id, field=f"{at}.pupil_id")
        if mark.pupil_id in seen:
            return said.MARKED_TWICE(pupil=mark.pupil_id, field=f"{at}.pupil_id")
        if kind is None:
            return said.NO_SUCH_TYPE(type=mark.type_id, field=f"{at}.type_id")
        fault = _fault_in_minutes(mark.minutes, kind, f"{at}.minutes")
        if fault:
            return fault
        seen.add(mark.pupil_id)
        if kind.kind is not AttendanceKind.PRESENT:
            kept.append((mark, kind))
    return kept


def _fault_in_minutes(minutes: int | None, kind: AttendanceType, at: str) -> Refusal | None:
    if minutes is None or (kind.kind in _LATE and 1 <= minutes <= LONGEST_LATENESS):
        return None
    return said.MINUTES_OUT_OF_RANGE(minutes=minutes, limit=LONGEST_LATENESS, field=at)


def _recorded(lesson_id: str, mark: said.RollMark, kind: AttendanceType) -> Fact:
    if kind.kind in _LATE:
        return said.LatenessRecorded(
            lesson_id=lesson_id,
            pupil_id=mark.pupil_id,
            type_id=kind.type_id,
            kind=kind.kind,
            minutes=mark.minutes,
        )
    fact = said.ReleaseRecorded if kind.kind is AttendanceKind.RELEASED else said.AbsenceRecorded
    return fact(lesson_id=lesson_id, pupil_id=mark.pupil_id, type_id=kind.type_id, kind=kind.kind)


@decides(said.CorrectAttendance, by=TEACHING)
def _correct(world: World, command: said.CorrectAttendance, asked: Asked) -> Decision:
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    lesson, held = found
    place = unit_and_year(world, command.unit_id)
    if isinstance(place, Refusal):
        return place
    if not is_theirs(held, asked) and not _is_homeroom(world, place[0], command.pupil_id, held, asked):
        return NOT_YOUR_LESSON(field="lesson_id")
    if lesson.asked is None:
        return said.ROLL_NOT_CALLED(field="lesson_id")
    if command.pupil_id not in lesson.asked:
        return said.NOT_ASKED(pupil=command.pupil_id, field="pupil_id")
    types = {kind.type_id: kind for kind in place[1].attendance.types}
    kind = types.get(command.type_id)
    if kind is None:
        return said.NO_SUCH_TYPE(type=command.type_id, field="type_id")
    fault = _fault_in_minutes(command.minutes, kind, "minutes")
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
    return [Entry(streams.lesson(command.unit_id, command.lesson_id), corrected)]


def _is_homeroom(world: World, state: Unit, pupil_id: str, held: LessonHeld, asked: Asked) -> bool:
    """The homeroom teacher of the pupil's class may put marks right at any teacher's lesson."""
    homes = [state]
    if state.class_ids:
        homes = _home(world.many([unit(class_id) for class_id in state.class_ids]), pupil_id, held)
    return any(home.homeroom_teacher(asked.today) == asked.actor.person for home in homes)


def _home(classes: Sequence[Unit], pupil_id: str, held: LessonHeld) -> list[Unit]:
    """Those of the classes that the pupil was in on the day of the lesson."""
    return [home for home in classes if home.enrolment(pupil_id, held.on)]
