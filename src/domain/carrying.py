"""What of a class or interclass group goes on in the next year, besides its pupils?

Groups with those of their pupils who go on, teaching of those who stay, and its hours of the week.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import classes
from dziennik.contracts.classification import carried_id
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.domain.people import person
from dziennik.domain.units import Assignment, Unit
from dziennik.domain.world import World


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """Into which unit, from when, what is wanted. `day`: the last one of lessons in the year before.

    `names`: the old and the new name; groups that are called after their class follow its name.
    """

    unit_id: str
    names: tuple[str, str]
    since: date
    day: date
    groups: bool
    teaching: bool
    timetable: bool


def carried(world: World, state: Unit, wanted: Carried, pupils: Collection[str]) -> list[Fact]:
    """The facts, in the order in which they build on each other. `pupils`: who is in the new class."""
    groups = {} if state.class_ids else _groups(state, wanted)
    facts: list[Fact] = []
    for old, new in groups.items():
        name = _called(state.groups[old].name, wanted.names)
        facts.append(classes.GroupFormed(class_id=wanted.unit_id, group_id=new, name=name))
        facts += [
            classes.PupilJoinedGroup(
                group_id=new, class_id=wanted.unit_id, pupil_id=pupil, since=wanted.since
            )
            for pupil in state.groups[old].on(wanted.day)
            if pupil in pupils
        ]
    if state.class_ids:
        groups = {state.unit_id: wanted.unit_id}
    teaching = _teaching(world, state, wanted, groups)
    facts += [_assigned(known, new, wanted, groups) for known, new in teaching]
    return [*facts, *_timetable(state, wanted, {known.assignment_id: new for known, new in teaching})]


def _groups(state: Unit, wanted: Carried) -> dict[str, str]:
    """New ids of the class's groups by old ones."""
    if not wanted.groups:
        return {}
    return {old: carried_id(wanted.unit_id, "group", place) for place, old in enumerate(state.groups, 1)}


def _called(name: str, names: tuple[str, str]) -> str:
    old, new = names
    return new + name.removeprefix(old) if old and name.startswith(old) else name


def _teaching(
    world: World, state: Unit, wanted: Carried, groups: Collection[str]
) -> list[tuple[Assignment, str]]:
    """What was taught on the last day by somebody who stays, with new ids."""
    if not wanted.teaching:
        return []
    kept = [
        known
        for known in state.assignments.values()
        if known.covers(wanted.day)
        and (known.group_id is None or known.group_id in groups)
        and world[person(known.teacher_id)].is_a(Role.TEACHER, wanted.since)
    ]
    return [(known, carried_id(wanted.unit_id, "teaching", place)) for place, known in enumerate(kept, 1)]


def _assigned(known: Assignment, new: str, wanted: Carried, groups: dict[str, str]) -> Fact:
    return classes.TeachingAssigned(
        assignment_id=new,
        unit_id=wanted.unit_id,
        subject_id=known.subject_id,
        teacher_id=known.teacher_id,
        since=wanted.since,
        group_id=groups[known.group_id] if known.group_id else None,
    )


def _timetable(state: Unit, wanted: Carried, teaching: dict[str, str]) -> list[Fact]:
    """The hours of the timetable in force on the last day, as far as they are taught on."""
    begun = [since for since in state.timetables if since <= wanted.day]
    if not wanted.timetable or not begun:
        return []
    slots = tuple(
        [
            replace(slot, assignment_id=teaching[slot.assignment_id])
            for slot in state.timetables[max(begun)]
            if slot.assignment_id in teaching
        ]
    )
    if not slots:
        return []
    return [classes.TimetableSet(unit_id=wanted.unit_id, valid_from=wanted.since, slots=slots)]
