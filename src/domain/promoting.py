"""The rules for next year's classes and interclass groups, opened from those of the year before."""

from __future__ import annotations

from dziennik.contracts import classes, streams
from dziennik.contracts import classification as said
from dziennik.contracts.classification import Outcome
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.domain.carrying import Carried, carried
from dziennik.domain.classes import unit_and_year
from dziennik.domain.classification import last_day
from dziennik.domain.classification_state import classification
from dziennik.domain.finals import carried_on
from dziennik.domain.people import fault_in_role, person
from dziennik.domain.placing import fault_in_place
from dziennik.domain.policies.names import polish_sort_key
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.school import Year, year_of
from dziennik.domain.units import Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, World

GO_ON = (Outcome.PROMOTED, Outcome.PROMOTED_WITH_HONOURS, Outcome.PROMOTED_CONDITIONALLY)


@decides(said.PromoteClass, by=OFFICE)
def _promote(world: World, command: said.PromoteClass, _: Asked) -> Decision:
    found = unit_and_year(world, command.from_class_id, "from_class_id")
    if isinstance(found, Refusal):
        return found
    state, old = found
    if not state.is_class:
        return not_a_unit(command.from_class_id, "from_class_id")
    year = _next_year(world, old, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[unit(command.class_id)]
    if known.name is not None:
        return classes.CLASS_EXISTS(name=known.name, field="class_id")
    pupils = _pupils(world, state, old)
    if isinstance(pupils, Refusal):
        return pupils
    fault = _fault_in_pupils(world, pupils, command.class_id, year)
    if fault:
        return fault
    if command.by_name:
        pupils = _by_name(world, pupils)
    kept = Carried(
        unit_id=command.class_id,
        names=(state.name or "", command.name),
        since=year.starts,
        day=last_day(old),
        groups=command.groups,
        teaching=command.teaching,
        timetable=command.timetable,
    )
    facts = [*_opened(world, command, state, pupils, year), *carried(world, state, kept, pupils)]
    opened = [Entry(streams.unit(command.class_id), fact) for fact in facts]
    return [*opened, *carried_on(world, state, old, command.class_id, pupils)]


def _next_year(world: World, old: Year, year_id: str) -> Year | Refusal:
    year = year_of(world, year_id)
    if isinstance(year, Refusal) or year.starts > old.ends:
        return year
    return said.NOT_THE_NEXT_YEAR(year=year.name, field="year_id")


def _by_name(world: World, pupils: list[str]) -> list[str]:
    """By family name, then given names, in the Polish alphabet; of the same name as they were."""
    named = {pupil: world[person(pupil)].names or ("", "") for pupil in pupils}
    return sorted(pupils, key=lambda p: (polish_sort_key(named[p][1]), polish_sort_key(named[p][0])))


@decides(said.CarryOverGroup, by=OFFICE)
def _carry_over(world: World, command: said.CarryOverGroup, _: Asked) -> Decision:
    found = unit_and_year(world, command.from_group_id, "from_group_id")
    if isinstance(found, Refusal):
        return found
    state, old = found
    if not state.class_ids:
        return not_a_unit(command.from_group_id, "from_group_id")
    year = _next_year(world, old, command.year_id)
    if isinstance(year, Refusal):
        return year
    known = world[unit(command.group_id)]
    if known.name is not None:
        return classes.GROUP_EXISTS(name=known.name, field="group_id")
    homes = world.many([unit(class_id) for class_id in command.class_ids])
    for place, (class_id, home) in enumerate(zip(command.class_ids, homes, strict=True)):
        if not home.is_class or home.year_id != year.year_id:
            return not_a_unit(class_id, f"class_ids[{place}]")
    if not homes:
        return not_a_unit("—", "class_ids")
    kept = Carried(
        unit_id=command.group_id,
        names=(state.name or "", command.name),
        since=year.starts,
        day=last_day(old),
        groups=True,
        teaching=command.teaching,
        timetable=command.timetable,
    )
    members = _joined(state, homes, command.group_id, kept)
    facts = [_formed(command), *members, *carried(world, state, kept, [])]
    return [Entry(streams.unit(command.group_id), fact) for fact in facts]


def _formed(command: said.CarryOverGroup) -> Fact:
    return classes.InterclassGroupFormed(
        group_id=command.group_id, year_id=command.year_id, name=command.name, class_ids=command.class_ids
    )


def _joined(state: Unit, homes: list[Unit], group_id: str, kept: Carried) -> list[Fact]:
    """Who was in the group on the last day and is in one of the classes now, in the order they joined."""
    return [
        classes.PupilJoinedGroup(group_id=group_id, class_id=home.unit_id, pupil_id=pupil, since=kept.since)
        for pupil in state.groups[state.unit_id].on(kept.day)
        for home in homes
        if home.enrolment(pupil, kept.since)
    ]


def _pupils(world: World, state: Unit, year: Year) -> list[str] | Refusal:
    decided = world[classification(state.unit_id)].decided
    pupils = state.roll(None, last_day(year))
    undecided = next((pupil for pupil in pupils if pupil not in decided), None)
    if undecided:
        return said.NOT_DECIDED(pupil=undecided, field="from_class_id")
    return [pupil for pupil in pupils if decided[pupil].outcome in GO_ON]


def _fault_in_pupils(world: World, pupils: list[str], class_id: str, year: Year) -> Refusal | None:
    """Each is still a pupil, and in no other class of the new year."""
    new = Unit(unit_id=class_id, year_id=year.year_id)
    for pupil in pupils:
        fault = fault_in_role(world, pupil, Role.PUPIL, year.starts, "from_class_id") or fault_in_place(
            world, new, pupil, year.starts, "from_class_id"
        )
        if fault:
            return fault
    return None


def _opened(
    world: World, command: said.PromoteClass, state: Unit, pupils: list[str], year: Year
) -> list[Fact]:
    level = command.level if command.level is not None or state.level is None else state.level + 1
    facts: list[Fact] = [
        classes.ClassOpened(class_id=command.class_id, year_id=year.year_id, name=command.name, level=level)
    ]
    homeroom = state.homeroom_teacher(year.starts)
    if homeroom and fault_in_role(world, homeroom, Role.TEACHER, year.starts, "") is None:
        facts.append(
            classes.HomeroomTeacherAppointed(
                class_id=command.class_id, teacher_id=homeroom, since=year.starts
            )
        )
    facts += [
        classes.PupilEnrolled(class_id=command.class_id, pupil_id=pupil, since=year.starts, number=number)
        for number, pupil in enumerate(pupils, 1)
    ]
    return facts
