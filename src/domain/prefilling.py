"""What does the register propose for a roll call before anybody is asked, and why?

Whoever is taught individually is not asked at the class's lessons. Of what else is known about a pupil the
narrowest counts: an exemption from the subject, then an absence for the school, then one that was announced
(ADR 0071). What a class knows of its pupils holds in the day-care room and at extra classes too (ADR 0093).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dziennik.contracts.absences import ExemptionMode
from dziennik.contracts.attendance import AttendanceCorrected, PrefilledFrom
from dziennik.contracts.lessons import LessonHeld, LessonRef
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.absence_state import Absences, absences
from dziennik.domain.called_lessons import EXCUSED, put_right
from dziennik.domain.excuses import REASON
from dziennik.domain.lessons import Mark
from dziennik.domain.placing import place_of
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import World


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed for a pupil: a kind, or (None) not to be asked; and what it follows from.

    `type_id` names the school's type where it is known; otherwise it is the first of the kind.
    """

    pupil_id: str
    kind: AttendanceKind | None
    source: PrefilledFrom
    source_id: str
    type_id: str | None = None


class Homes(msgspec.Struct, frozen=True, kw_only=True):
    """The classes of the pupils of a lesson on its day, with their absences.

    `former`: what the classes know in which a pupil was earlier in the year; an exemption goes along.
    """

    by_pupil: Mapping[str, str]
    absences: Mapping[str, Absences]
    former: Mapping[str, Sequence[Absences]] = {}
    apart: Mapping[str, str] = {}  # who is taught individually: the register

    def of(self, pupil_id: str) -> Sequence[Absences]:
        """What is known of a pupil: in the class of the day, then in those before."""
        class_id = self.by_pupil.get(pupil_id)
        return [self.absences[class_id], *self.former.get(pupil_id, ())] if class_id else []


def homes_of(world: World, state: Unit, held: LessonHeld, pupils: Iterable[str]) -> Homes:
    """Where the pupils of a lesson belong that day: to the unit itself, or to a class it draws from."""
    homes = _homes(world, state, held, list(pupils))
    used = sorted({home.unit_id for home in homes.values()})
    known = world.many([absences(class_id) for class_id in used])
    former = {
        pupil_id: world.many([absences(class_id) for class_id in _former(world, home, pupil_id)])
        for pupil_id, home in homes.items()
        if pupil_id in home.came_from
    }
    by_pupil = {pupil_id: home.unit_id for pupil_id, home in homes.items()}
    told = dict(zip(used, known, strict=True))
    apart = {} if state.kind is not None else _apart(homes, held)
    return Homes(by_pupil=by_pupil, absences=told, former=former, apart=apart)


def _homes(world: World, state: Unit, held: LessonHeld, pupils: Sequence[str]) -> dict[str, Unit]:
    """The class of each pupil on that day. Participants of another register may have changed class."""
    class_ids = state.class_ids if state.kind is None else _of_participants(state, held)
    classes = world.many([unit(class_id) for class_id in class_ids]) if class_ids else [state]
    homes = {
        pupil_id: home
        for pupil_id in pupils
        for home in classes
        if home.enrolment(pupil_id, held.on) is not None
    }
    if state.kind is not None:
        for pupil_id in pupils:
            place = None if pupil_id in homes else place_of(world, state.year_id, pupil_id, held.on)
            if place:
                homes[pupil_id] = place[0]
    return homes


def _of_participants(state: Unit, held: LessonHeld) -> list[str]:
    members = state.groups[state.unit_id].members
    there = {member.class_id for member in members if member.covers(held.on)}
    return sorted(there - {state.unit_id})


def _apart(homes: Mapping[str, Unit], held: LessonHeld) -> dict[str, str]:
    found = {pupil_id: home.taught_apart(pupil_id, held.on) for pupil_id, home in homes.items()}
    return {pupil_id: each.unit_id for pupil_id, each in found.items() if each}


def _former(world: World, home: Unit, pupil_id: str) -> list[str]:
    """The classes that the pupil was in before, however often the class was changed."""
    seen, waiting = [home.unit_id], list(home.came_from.get(pupil_id, ()))
    while waiting:
        class_id = waiting.pop()
        if class_id not in seen:
            seen.append(class_id)
            waiting += world[unit(class_id)].came_from.get(pupil_id, ())
    return seen[1:]


def proposals(homes: Homes, year: Year, held: LessonHeld) -> dict[str, Proposal]:
    """What is proposed for the pupils of a lesson, for whom there is anything to propose."""
    found = (_proposal(homes.of(pupil_id), pupil_id, year, held) for pupil_id in homes.by_pupil)
    known = {each.pupil_id: each for each in found if each is not None}
    alone = PrefilledFrom.INDIVIDUAL_TEACHING
    return known | {
        pupil_id: Proposal(pupil_id=pupil_id, kind=None, source=alone, source_id=unit_id)
        for pupil_id, unit_id in homes.apart.items()
    }


def staying(homes: Homes, held: LessonHeld) -> list[str]:
    """Who is exempt and stays in the lesson: asked like everybody, and not to take part."""
    return [
        pupil_id
        for pupil_id in homes.by_pupil
        for state in homes.of(pupil_id)
        for exemption in state.exemptions.values()
        if exemption.holds(pupil_id, held.subject_id, held.on)
        and exemption.granted.mode is ExemptionMode.STAYS
    ]


def _proposal(states: Sequence[Absences], pupil_id: str, year: Year, held: LessonHeld) -> Proposal | None:
    narrowest_first = (
        *(_exempt(state, pupil_id, held) for state in states),
        *(_away(state, pupil_id, held) for state in states),
        *(_announced(state, pupil_id, year, held) for state in states),
    )
    return next((each for each in narrowest_first if each is not None), None)


def _exempt(state: Absences, pupil_id: str, held: LessonHeld) -> Proposal | None:
    for key, exemption in state.exemptions.items():
        mode = exemption.granted.mode
        if exemption.holds(pupil_id, held.subject_id, held.on) and mode is not ExemptionMode.STAYS:
            kind = AttendanceKind.RELEASED if mode is ExemptionMode.RELEASED else None
            return Proposal(pupil_id=pupil_id, kind=kind, source=PrefilledFrom.EXEMPTION, source_id=key)
    return None


def _away(state: Absences, pupil_id: str, held: LessonHeld) -> Proposal | None:
    kind, source = AttendanceKind.SCHOOL_REASON, PrefilledFrom.SCHOOL_ABSENCE
    for key, away in state.away.items():
        if away.takes(pupil_id, held.on, held.period):
            return Proposal(pupil_id=pupil_id, kind=kind, source=source, source_id=key)
    return None


def _announced(state: Absences, pupil_id: str, year: Year, held: LessonHeld) -> Proposal | None:
    kind, source = year.absences.announced_as, PrefilledFrom.ANNOUNCEMENT
    for key, announced in state.announced.items():
        standing = key not in state.not_announced and announced.pupil_id == pupil_id
        if standing and announced.scope.covers(held.on, held.period):
            return Proposal(pupil_id=pupil_id, kind=kind, source=source, source_id=key)
    return None


def excused(
    homes: Homes, year: Year, held: LessonHeld, pupil_id: str, mark: Mark
) -> AttendanceCorrected | None:
    """The correction of a mark that an accepted excuse covers already."""
    ref = LessonRef(unit_id=held.unit_id, lesson_id=held.lesson_id)
    excuses = (each for state in homes.of(pupil_id) for each in state.excuses.values())
    if not any(each.excuses(pupil_id, held.on, held.period, ref) for each in excuses):
        return None
    return put_right(held.lesson_id, pupil_id, mark, year, EXCUSED, REASON)
