"""The rule for next year's class: opened with the pupils who were promoted, in register order."""

from __future__ import annotations

from dziennik.contracts import classes, streams
from dziennik.contracts import classification as said
from dziennik.contracts.classification import Outcome
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.refusals import Refusal
from dziennik.domain.classes import unit_and_year
from dziennik.domain.classification import last_day
from dziennik.domain.classification_state import classification
from dziennik.domain.people import fault_in_role
from dziennik.domain.placing import fault_in_place
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
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.starts <= old.ends:
        return said.NOT_THE_NEXT_YEAR(year=year.name, field="year_id")
    known = world[unit(command.class_id)]
    if known.name is not None:
        return classes.CLASS_EXISTS(name=known.name, field="class_id")
    pupils = _pupils(world, state, old)
    if isinstance(pupils, Refusal):
        return pupils
    fault = _fault_in_pupils(world, pupils, command.class_id, year)
    return fault or [
        Entry(streams.unit(command.class_id), f) for f in _opened(world, command, state, pupils, year)
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
