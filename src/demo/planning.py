"""Which plan does each teacher follow? One an assignment, drawn up before lessons begin, an hour a topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from dziennik.contracts.curriculum import AssignPlan, DrawUpPlan, ItemEntry
from dziennik.contracts.envelope import Role
from dziennik.demo.chance import Chance
from dziennik.demo.days import Step, actor_of, moment
from dziennik.demo.hours import topics_of
from dziennik.demo.office import subject_id
from dziennik.demo.structure import Assignment, Year

FROM, APART = time(8, 0), timedelta(minutes=1)


def plans(year: Year, chance: Chance) -> Iterator[Step]:
    """On the last day but one of August, each by its teacher."""
    first, days = moment(date(year.starts.year, 8, 30), FROM), len(year.days())
    names = {unit.class_id: unit.name for unit in year.classes}
    names |= {group.unit_id: group.name for group in year.shared}
    for number, assignment in enumerate(year.assignments()):
        key = chance.id("plan", assignment.assignment_id)
        name = f"{assignment.subject.name}, {names[assignment.unit_id]}"
        if assignment.group:
            name += f", {assignment.group.name}"
        drawn = DrawUpPlan(
            plan_id=key,
            year_id=year.year_id,
            subject_id=subject_id(chance, assignment.subject.key),
            name=name,
            items=_items(assignment, days),
            level=assignment.level,
        )
        followed = AssignPlan(unit_id=assignment.unit_id, assignment_id=assignment.assignment_id, plan_id=key)
        actor = actor_of(assignment.teacher.person, Role.TEACHER)
        yield Step(f"{year.name}/plan/{number}", actor, first + number * APART, (drawn, followed))


def _items(assignment: Assignment, days: int) -> tuple[ItemEntry, ...]:
    return tuple(ItemEntry(topic=topic, hours=1) for topic, _ in topics_of(assignment, days))
