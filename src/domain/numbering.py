"""The rules for register numbers: alphabetical at the beginning of a year, never shifted afterwards."""

from __future__ import annotations

from datetime import timedelta

from dziennik.contracts import movement as said
from dziennik.contracts import streams
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.classes import fault_in_day
from dziennik.domain.movement import class_and_year
from dziennik.domain.people import person
from dziennik.domain.policies.names import polish_sort_key
from dziennik.domain.rulebook import DIRECTOR, OFFICE, TEACHING, decides
from dziennik.domain.school import year_of
from dziennik.domain.world import Asked, Decision, Entry, World

MOST_DAYS = 366  # a year


@decides(said.SetMovementRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetMovementRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.movement_version and year.movement == command.rules:
        return []
    days = command.rules.renumber_days
    if not 0 <= days <= MOST_DAYS:
        return said.MOVEMENT_RULES_UNSOUND(days=days, most=MOST_DAYS, field="rules.renumber_days")
    fact = said.MovementRulesSet(year_id=year.year_id, rules=command.rules)
    return [Entry(streams.SCHOOL, fact)]


@decides(said.RenumberPupils, by=OFFICE | TEACHING)
def _renumber(world: World, command: said.RenumberPupils, asked: Asked) -> Decision:
    found = class_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    state, year = found
    if asked.actor.role is Role.TEACHER and asked.actor.person != state.homeroom_teacher(asked.today):
        return NOT_HOMEROOM_TEACHER(field="class_id")
    fault = fault_in_day(year, command.since, "since")
    if fault:
        return fault
    last = year.starts + timedelta(days=year.movement.renumber_days)
    if (
        not year.movement.renumber_days
        or max(command.since, asked.today) > last
        or any(since > command.since for since, _ in state.numberings)
    ):
        return said.NUMBERS_STAND(until=last, field="since")
    pupils = state.roll(None, command.since)
    people = world.many([person(pupil_id) for pupil_id in pupils])
    names = [polish_sort_key(" ".join(reversed(who.names or ("", "")))) for who in people]
    ordered = [pupil_id for _, pupil_id in sorted(zip(names, pupils, strict=True))]
    numbers = {pupil_id: number for number, pupil_id in enumerate(ordered, 1)}
    if all(state.number_of(pupil_id, command.since) == number for pupil_id, number in numbers.items()):
        return []
    told = tuple([said.RegisterNumber(pupil_id=pupil, number=number) for pupil, number in numbers.items()])
    fact = said.PupilsRenumbered(class_id=command.class_id, since=command.since, numbers=told)
    return [Entry(streams.unit(command.class_id), fact)]
