"""What may be decided about class units and groups: enrolment, teaching, timetable.

One state serves both: a class unit, and a group drawn from several classes that owns streams itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classes as said
from dziennik.contracts import streams
from dziennik.contracts.movement import (
    ClassChanged,
    PupilsRenumbered,
    PupilTaughtApart,
    TeachingApartEnded,
)
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import RegisterKind, RegisterOpened
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import Span
from dziennik.domain.world import Stream


class Enrolment(Span, frozen=True, kw_only=True):
    """A pupil's time in a class under a number of its register."""

    pupil_id: str
    number: int


class Membership(Span, frozen=True, kw_only=True):
    """A pupil's time in a group; `class_id` is the pupil's class."""

    pupil_id: str
    class_id: str


class Apart(Span, frozen=True, kw_only=True):
    """A pupil's time of being taught individually, in the register `unit_id`."""

    pupil_id: str
    unit_id: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of the class, or the interclass group itself."""

    name: str
    members: tuple[Membership, ...] = ()

    def on(self, day: date) -> list[str]:
        """Ids of the pupils in the group on that day, in the order they joined."""
        return [member.pupil_id for member in self.members if member.covers(day)]


class Assignment(Span, frozen=True, kw_only=True):
    """A teacher's subject in the unit, or in one group of it."""

    assignment_id: str
    subject_id: str
    teacher_id: str
    group_id: str | None = None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A class, interclass group or other register as decisions need it; `name` is None until it is opened.

    `class_ids` is set for interclass groups only, `kind` for other registers only; the one group of either
    bears the unit's id.
    """

    name: str | None = None
    unit_id: str = ""
    year_id: str = ""
    level: int | None = None
    class_ids: tuple[str, ...] = ()
    kind: RegisterKind | None = None
    homeroom: tuple[tuple[date, str], ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    groups: Mapping[str, Group] = {}
    assignments: Mapping[str, Assignment] = {}
    timetables: Mapping[date, tuple[TimetableSlot, ...]] = {}
    came_from: Mapping[str, tuple[str, ...]] = {}  # the former classes of pupils who came during the year
    apart: tuple[Apart, ...] = ()  # who of the class is taught individually, and when
    # From which day on which pupils bear which numbers, where the class was numbered anew.
    numberings: tuple[tuple[date, Mapping[str, int]], ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether pupils are enrolled in it: no interclass group and no other register."""
        return self.name is not None and not self.class_ids and self.kind is None

    def is_kept_by(self, person_id: str | None, day: date) -> bool:
        """Whether the person teaches there on that day."""
        return any(a.teacher_id == person_id and a.covers(day) for a in self.assignments.values())

    def enrolment(self, pupil_id: str, day: date) -> Enrolment | None:
        """The pupil's place in this class on that day."""
        return next((e for e in self.enrolments if e.pupil_id == pupil_id and e.covers(day)), None)

    def number_of(self, pupil_id: str, day: date) -> int | None:
        """The pupil's number in the register on that day."""
        place = self.enrolment(pupil_id, day)
        return self._number(place, day) if place else None

    def _number(self, place: Enrolment, day: date) -> int:
        anew = [
            numbers[place.pupil_id]
            for since, numbers in self.numberings
            if place.since <= since <= day and place.pupil_id in numbers
        ]
        return anew[-1] if anew else place.number

    def taught_apart(self, pupil_id: str, day: date) -> Apart | None:
        """The individual teaching that this pupil of the class has on that day."""
        return next((each for each in self.apart if each.pupil_id == pupil_id and each.covers(day)), None)

    def numbers_given(self) -> set[int]:
        """Numbers that somebody bears or bore."""
        return {e.number for e in self.enrolments} | {
            number for _, numbers in self.numberings for number in numbers.values()
        }

    def homeroom_teacher(self, day: date) -> str | None:
        """Who is homeroom teacher on that day: what was said last ends what was said before."""
        return next((who for since, who in reversed(self.homeroom) if since <= day), None)

    def roll(self, group_id: str | None, day: date) -> list[str]:
        """Who is to be asked on that day, in register order (a group's in the order they joined).

        Of a class's group only those who are enrolled in the class that day.
        """
        enrolled = sorted((self._number(e, day), e.pupil_id) for e in self.enrolments if e.covers(day))
        if group_id is None:
            return [pupil_id for _, pupil_id in enrolled]
        members = self.groups[group_id].on(day)
        if not self.is_class:
            return members
        chosen = set(members)
        return [pupil_id for _, pupil_id in enrolled if pupil_id in chosen]


evolve: Evolution[Unit] = Evolution()


def unit(unit_id: str) -> Stream[Unit]:
    """The register stream of a class unit or interclass group."""
    return Stream(streams.unit(unit_id), Unit(), evolve)


def not_a_unit(unit_id: str, field: str = "unit_id") -> Refusal:
    """There is no such class or group."""
    return said.NO_SUCH_CLASS(unit=unit_id, field=field)


@evolve.on(said.ClassOpened)
def _opened(state: Unit, fact: said.ClassOpened) -> Unit:
    return replace(state, name=fact.name, unit_id=fact.class_id, year_id=fact.year_id, level=fact.level)


@evolve.on(said.ClassRenamed)
def _renamed(state: Unit, fact: said.ClassRenamed) -> Unit:
    return replace(state, name=fact.name, level=fact.level)


@evolve.on(said.InterclassGroupFormed)
def _interclass(state: Unit, fact: said.InterclassGroupFormed) -> Unit:
    return replace(
        state,
        name=fact.name,
        unit_id=fact.group_id,
        year_id=fact.year_id,
        class_ids=fact.class_ids,
        groups=put(state.groups, fact.group_id, Group(name=fact.name)),
    )


@evolve.on(RegisterOpened)
def _register(state: Unit, fact: RegisterOpened) -> Unit:
    return replace(
        state,
        name=fact.name,
        unit_id=fact.unit_id,
        year_id=fact.year_id,
        kind=fact.kind,
        groups=put(state.groups, fact.unit_id, Group(name=fact.name)),
    )


@evolve.on(said.HomeroomTeacherAppointed)
def _appointed(state: Unit, fact: said.HomeroomTeacherAppointed) -> Unit:
    return replace(state, homeroom=(*state.homeroom, (fact.since, fact.teacher_id)))


@evolve.on(said.PupilEnrolled)
def _enrolled(state: Unit, fact: said.PupilEnrolled) -> Unit:
    place = Enrolment(pupil_id=fact.pupil_id, since=fact.since, number=fact.number)
    return replace(state, enrolments=(*state.enrolments, place))


@evolve.on(ClassChanged)
def _came(state: Unit, fact: ClassChanged) -> Unit:
    former = (fact.from_class_id, *state.came_from.get(fact.pupil_id, ()))
    return replace(state, came_from=put(state.came_from, fact.pupil_id, former))


@evolve.on(said.PupilLeft)
def _left(state: Unit, fact: said.PupilLeft) -> Unit:
    return replace(
        state,
        enrolments=tuple(
            replace(e, until=fact.until) if e.pupil_id == fact.pupil_id and e.until is None else e
            for e in state.enrolments
        ),
    )


@evolve.on(PupilTaughtApart)
def _taught_apart(state: Unit, fact: PupilTaughtApart) -> Unit:
    begun = Apart(pupil_id=fact.pupil_id, unit_id=fact.unit_id, since=fact.since)
    return replace(state, apart=(*state.apart, begun))


@evolve.on(TeachingApartEnded)
def _apart_ended(state: Unit, fact: TeachingApartEnded) -> Unit:
    its = (fact.pupil_id, fact.unit_id)
    apart = [
        replace(each, until=fact.until)
        if (each.pupil_id, each.unit_id) == its and each.until is None
        else each
        for each in state.apart
    ]
    return replace(state, apart=tuple(apart))


@evolve.on(PupilsRenumbered)
def _renumbered(state: Unit, fact: PupilsRenumbered) -> Unit:
    numbers = {each.pupil_id: each.number for each in fact.numbers}
    return replace(state, numberings=(*state.numberings, (fact.since, numbers)))


@evolve.on(said.GroupFormed)
def _grouped(state: Unit, fact: said.GroupFormed) -> Unit:
    return replace(state, groups=put(state.groups, fact.group_id, Group(name=fact.name)))


@evolve.on(said.PupilJoinedGroup)
def _joined(state: Unit, fact: said.PupilJoinedGroup) -> Unit:
    group = state.groups[fact.group_id]
    member = Membership(pupil_id=fact.pupil_id, class_id=fact.class_id, since=fact.since)
    changed = replace(group, members=(*group.members, member))
    return replace(state, groups=put(state.groups, fact.group_id, changed))


@evolve.on(said.PupilLeftGroup)
def _left_group(state: Unit, fact: said.PupilLeftGroup) -> Unit:
    group = state.groups[fact.group_id]
    members = tuple(
        replace(m, until=fact.until) if m.pupil_id == fact.pupil_id and m.until is None else m
        for m in group.members
    )
    return replace(state, groups=put(state.groups, fact.group_id, replace(group, members=members)))


@evolve.on(said.TeachingAssigned)
def _assigned(state: Unit, fact: said.TeachingAssigned) -> Unit:
    assignment = Assignment(
        assignment_id=fact.assignment_id,
        subject_id=fact.subject_id,
        teacher_id=fact.teacher_id,
        group_id=fact.group_id,
        since=fact.since,
    )
    return replace(state, assignments=put(state.assignments, fact.assignment_id, assignment))


@evolve.on(said.TeachingEnded)
def _teaching_ended(state: Unit, fact: said.TeachingEnded) -> Unit:
    ended = replace(state.assignments[fact.assignment_id], until=fact.until)
    return replace(state, assignments=put(state.assignments, fact.assignment_id, ended))


@evolve.on(said.TimetableSet)
def _timetable(state: Unit, fact: said.TimetableSet) -> Unit:
    return replace(state, timetables=put(state.timetables, fact.valid_from, fact.slots))
