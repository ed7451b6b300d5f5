"""How is a roll called? Who is asked, what was given by hand, what was prefilled, what is excused already.

Shared by the roll call and by carrying over; both decide what is proposed (domain.prefilling).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from dziennik.contracts import attendance as said
from dziennik.contracts import streams
from dziennik.contracts.absences import GroupRollCalled
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import NOT_YOUR_LESSON, LessonHeld
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.registers import NO_ROLL_HERE, RESTRICTED
from dziennik.contracts.values import AttendanceKind, AttendanceType
from dziennik.domain.absence_checks import type_of_kind
from dziennik.domain.classes import unit_and_year
from dziennik.domain.lessons import Lesson, Mark, held_lesson, is_theirs
from dziennik.domain.prefilling import Homes, Proposal, excused, homes_of
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World

LONGEST_LATENESS = 90  # minutes: two lesson hours; later is an absence

LATE = (AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED)

Marked = tuple[said.RollMark, AttendanceType]


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson whose roll is being called: `everyone` may be asked."""

    state: Unit
    year: Year
    lesson: Lesson
    held: LessonHeld
    everyone: list[str]
    homes: Homes


Propose = Callable[[World, Roll], Mapping[str, Proposal] | Refusal]


def roll_of(
    world: World, unit_id: str, lesson_id: str, pupils: Sequence[str] | None = None
) -> Roll | Refusal:
    """The lesson with all whom its roll may ask; `pupils` narrows them."""
    found = held_lesson(world, unit_id, lesson_id)
    if isinstance(found, Refusal):
        return found
    lesson, held = found
    place = unit_and_year(world, unit_id)
    if isinstance(place, Refusal):
        return place
    everyone = _everyone(world, place[0], held, pupils)
    if isinstance(everyone, Refusal):
        return everyone
    homes = homes_of(world, place[0], held, everyone)
    return Roll(state=place[0], year=place[1], lesson=lesson, held=held, everyone=everyone, homes=homes)


def decide_roll(
    world: World, command: said.CallRoll | said.CarryOverRoll, asked: Asked, propose: Propose
) -> Decision:
    """The roll call with its marks: those given by hand, then those proposed for all others."""
    found = held_lesson(world, command.unit_id, command.lesson_id)
    if isinstance(found, Refusal):
        return found
    if not is_theirs(*found, asked):
        return NOT_YOUR_LESSON(field="lesson_id")
    roll = roll_of(world, command.unit_id, command.lesson_id, command.pupils)
    if isinstance(roll, Refusal):
        return roll
    given = _marks(roll.year, roll.everyone, command.marks)
    if isinstance(given, Refusal):
        return given
    proposed = propose(world, roll)
    if isinstance(proposed, Refusal):
        return proposed
    by_hand = {mark.pupil_id for mark in command.marks}
    left = {pupil_id: each for pupil_id, each in proposed.items() if pupil_id not in by_hand}
    not_asked = {pupil_id for pupil_id, each in left.items() if each.kind is None}
    pupils = roll.everyone if command.pupils is not None else _without(roll.everyone, not_asked)
    prefilled = _prefilled(roll, pupils, left)
    return _written(roll, pupils, [*given, *(marked for marked, _ in prefilled)], [by for _, by in prefilled])


def _without(everyone: Sequence[str], others: set[str]) -> list[str]:
    return [pupil_id for pupil_id in everyone if pupil_id not in others]


def _prefilled(
    roll: Roll, pupils: Sequence[str], proposed: Mapping[str, Proposal]
) -> list[tuple[Marked, said.PrefilledMark]]:
    """The marks that follow from proposals, in register order."""
    types = {each.type_id: each for each in roll.year.attendance.types}
    found = []
    for pupil_id in pupils:
        each = proposed.get(pupil_id)
        if each is None or each.kind in (None, AttendanceKind.PRESENT):
            continue
        kind = types.get(each.type_id or "") or (type_of_kind(roll.year, each.kind) if each.kind else None)
        if kind is not None:
            mark = said.RollMark(pupil_id=pupil_id, type_id=kind.type_id)
            source = said.PrefilledMark(pupil_id=pupil_id, source=each.source, source_id=each.source_id)
            found.append(((mark, kind), source))
    return found


def _written(
    roll: Roll, pupils: list[str], marks: Sequence[Marked], prefilled: Sequence[said.PrefilledMark]
) -> Decision:
    """The facts; none when they stand already, a refusal when others do."""
    lesson_id = roll.held.lesson_id
    final: dict[str, Mark] = {mark.pupil_id: (mark.type_id, kind.kind, mark.minutes) for mark, kind in marks}
    put_right = [
        fact
        for pupil_id, mark in final.items()
        if (fact := excused(roll.homes, roll.year, roll.held, pupil_id, mark))
    ]
    final |= {fact.pupil_id: (fact.type_id, fact.kind, fact.minutes) for fact in put_right}
    if roll.lesson.asked is not None:
        same = list(roll.lesson.asked) == pupils and roll.lesson.marks == final
        stands = said.ROLL_ALREADY_CALLED(field="lesson_id", marks=_told(roll.lesson))
        return [] if same else beside(stands, streams.lesson(roll.held.unit_id, lesson_id), "pupils")
    facts: list[Fact] = [said.RollCalled(lesson_id=lesson_id, pupils=tuple(pupils))]
    if prefilled:
        facts.append(said.RollPrefilled(lesson_id=lesson_id, marks=tuple(prefilled)))
    facts += [_recorded(lesson_id, mark, kind) for mark, kind in marks]
    facts += put_right
    stream = streams.lesson(roll.held.unit_id, lesson_id)
    return [*[Entry(stream, fact) for fact in facts], *_noted(roll)]


def _told(lesson: Lesson) -> str:
    return ", ".join(f"{pupil_id}: {mark[0]}" for pupil_id, mark in lesson.marks.items())


def _noted(roll: Roll) -> list[Entry]:
    """The first roll of an interclass group or another register is noted in the classes of its pupils."""
    group_id = roll.state.unit_id
    return [
        Entry(streams.absences(class_id), GroupRollCalled(class_id=class_id, group_id=group_id))
        for class_id, state in roll.homes.absences.items()
        if not roll.state.is_class and group_id not in state.groups
    ]


def _everyone(world: World, state: Unit, held: LessonHeld, only: Sequence[str] | None) -> list[str] | Refusal:
    if state.kind in RESTRICTED:
        return NO_ROLL_HERE(field="unit_id")
    everyone = state.roll(held.group_id, held.on)
    if state.class_ids:  # who left the class is no longer asked, even if the group was not left
        homes = world.many([unit(class_id) for class_id in state.class_ids])
        everyone = [pupil_id for pupil_id in everyone if in_class(homes, pupil_id, held)]
    if only is None:
        return everyone
    for place, pupil_id in enumerate(only):
        if pupil_id not in everyone:
            return said.NOT_ASKED(pupil=pupil_id, field=f"pupils[{place}]")
    chosen = set(only)
    return [pupil_id for pupil_id in everyone if pupil_id in chosen]


def _marks(year: Year, roll: Sequence[str], marks: Sequence[said.RollMark]) -> list[Marked] | Refusal:
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
        fault = fault_in_minutes(mark.minutes, kind, f"{at}.minutes")
        if fault:
            return fault
        seen.add(mark.pupil_id)
        if kind.kind is not AttendanceKind.PRESENT:
            kept.append((mark, kind))
    return kept


def fault_in_minutes(minutes: int | None, kind: AttendanceType, at: str) -> Refusal | None:
    if minutes is None or (kind.kind in LATE and 1 <= minutes <= LONGEST_LATENESS):
        return None
    return said.MINUTES_OUT_OF_RANGE(minutes=minutes, limit=LONGEST_LATENESS, field=at)


def _recorded(lesson_id: str, mark: said.RollMark, kind: AttendanceType) -> Fact:
    if kind.kind in LATE:
        return said.LatenessRecorded(
            lesson_id=lesson_id,
            pupil_id=mark.pupil_id,
            type_id=kind.type_id,
            kind=kind.kind,
            minutes=mark.minutes,
        )
    fact = said.ReleaseRecorded if kind.kind is AttendanceKind.RELEASED else said.AbsenceRecorded
    return fact(lesson_id=lesson_id, pupil_id=mark.pupil_id, type_id=kind.type_id, kind=kind.kind)


def in_class(classes: Sequence[Unit], pupil_id: str, held: LessonHeld) -> list[Unit]:
    """Those of the classes that the pupil was in on the day of the lesson."""
    return [home for home in classes if home.enrolment(pupil_id, held.on)]
