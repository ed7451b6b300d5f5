"""The rules for curriculum plans: who draws them up and changes them, and which assignment follows which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import curriculum as said
from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_ASSIGNMENT
from dziennik.contracts.commands import CHANGED_SINCE, TEXT_MISSING
from dziennik.contracts.curriculum import ItemEntry, PlanItem
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal, beside, together
from dziennik.contracts.school import NO_SUCH_SUBJECT
from dziennik.domain.classes import unit_and_year
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.rulebook import OFFICE, TEACHING, decides
from dziennik.domain.school import SCHOOL, year_of
from dziennik.domain.units import Assignment
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

PLANNING = OFFICE | TEACHING


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan; `drawn` is None until there is one. `known`: all items it ever had, as last worded."""

    drawn: said.PlanDrawnUp | None = None
    name: str = ""
    level: int | None = None
    items: tuple[PlanItem, ...] = ()
    known: Mapping[str, PlanItem] = {}
    withdrawn: str | None = None


class UnitPlans(msgspec.Struct, frozen=True, kw_only=True):
    """The plan that each assignment of a unit follows."""

    plans: Mapping[str, str] = {}


_of_plan: Evolution[Plan] = Evolution()
_of_unit: Evolution[UnitPlans] = Evolution()


def plan(plan_id: str) -> Stream[Plan]:
    """The stream of a plan."""
    return Stream(streams.curriculum_plan(plan_id), Plan(), _of_plan)


def unit_plans(unit_id: str) -> Stream[UnitPlans]:
    """The stream that tells which plans a unit's assignments follow."""
    return Stream(streams.unit_curriculum(unit_id), UnitPlans(), _of_unit)


@_of_plan.on(said.PlanDrawnUp)
def _drawn_up(_: Plan, fact: said.PlanDrawnUp) -> Plan:
    known = {item.item_id: item for item in fact.items}
    return Plan(drawn=fact, name=fact.name, level=fact.level, items=fact.items, known=known)


@_of_plan.on(said.PlanRenamed)
def _renamed(state: Plan, fact: said.PlanRenamed) -> Plan:
    return replace(state, name=fact.name, level=fact.level)


@_of_plan.on(said.PlanRevised)
def _revised(state: Plan, fact: said.PlanRevised) -> Plan:
    known = {**state.known, **{item.item_id: item for item in fact.items}}
    return replace(state, items=fact.items, known=known)


@_of_plan.on(said.PlanWithdrawn)
def _withdrawn(state: Plan, fact: said.PlanWithdrawn) -> Plan:
    return replace(state, withdrawn=fact.reason)


@_of_unit.on(said.PlanAssigned)
def _assigned(state: UnitPlans, fact: said.PlanAssigned) -> UnitPlans:
    return replace(state, plans=put(state.plans, fact.assignment_id, fact.plan_id))


@_of_unit.on(said.PlanTakenAway)
def _taken_away(state: UnitPlans, fact: said.PlanTakenAway) -> UnitPlans:
    left = {key: value for key, value in state.plans.items() if key != fact.assignment_id}
    return replace(state, plans=left)


def _on(plan_id: str, fact: Fact) -> list[Entry]:
    return [Entry(streams.curriculum_plan(plan_id), fact)]


def _items(
    entries: Sequence[ItemEntry], known: Mapping[str, PlanItem]
) -> tuple[tuple[PlanItem, ...] | None, Refusal | None]:
    """The items with their ids, new ones numbered after all that the plan ever had; or all that is wrong."""
    if not entries:
        return None, said.PLAN_IS_EMPTY(field="items")
    if len(entries) > said.MOST_ITEMS:
        return None, said.TOO_MANY_ITEMS(count=len(entries), limit=said.MOST_ITEMS, field="items")
    items: list[PlanItem] = []
    faults: list[Refusal] = []
    used: set[str] = set()
    latest = len(known)
    for place, entry in enumerate(entries):
        fault = _fault_in_item(entry, known, used, f"items[{place}]")
        if fault:
            faults.append(fault)
            continue
        latest += entry.item_id is None
        item_id = entry.item_id or str(latest)
        used.add(item_id)
        core = (entry.core or "").strip() or None
        items.append(PlanItem(item_id=item_id, topic=entry.topic.strip(), hours=entry.hours, core=core))
    return tuple(items), together(faults)


def _fault_in_item(
    entry: ItemEntry, known: Mapping[str, PlanItem], used: set[str], at: str
) -> Refusal | None:
    if not entry.topic.strip():
        return TEXT_MISSING(at="topic", field=f"{at}.topic")
    if not 1 <= entry.hours <= said.MOST_HOURS:
        return said.HOURS_OUT_OF_RANGE(hours=entry.hours, limit=said.MOST_HOURS, field=f"{at}.hours")
    if entry.item_id is not None and entry.item_id not in known:
        return said.NO_SUCH_ITEM(item=entry.item_id, field=f"{at}.item_id")
    if entry.item_id in used:
        return said.ITEM_TWICE(item=entry.item_id, field=f"{at}.item_id")
    return None


def _author(asked: Asked) -> str | None:
    return asked.actor.person if asked.actor.role is Role.TEACHER else None


def _standing(world: World, plan_id: str, field: str = "plan_id") -> tuple[Plan, said.PlanDrawnUp] | Refusal:
    """The plan, if it is there and not withdrawn."""
    state = world[plan(plan_id)]
    if state.drawn is None:
        return said.NO_SUCH_PLAN(plan=plan_id, field=field)
    if state.withdrawn is not None:
        return said.PLAN_WAS_WITHDRAWN(name=state.name, reason=state.withdrawn, field=field)
    return state, state.drawn


def _own(world: World, plan_id: str, asked: Asked) -> tuple[Plan, said.PlanDrawnUp] | Refusal:
    """The plan, if the asker may change it: teachers their own, the office all."""
    found = _standing(world, plan_id)
    if isinstance(found, Refusal):
        return found
    if asked.actor.role is Role.TEACHER and asked.actor.person != found[1].author_id:
        return said.NOT_YOUR_PLAN(field="plan_id")
    return found


def _begun(world: World, fact: said.PlanDrawnUp) -> Decision:
    """The new plan; nothing when it is there just so."""
    if not fact.name.strip():
        return TEXT_MISSING(at="name", field="name")
    known = world[plan(fact.plan_id)]
    if known.drawn is None:
        return _on(fact.plan_id, fact)
    same = known.drawn == fact and known.withdrawn is None
    return [] if same else said.PLAN_EXISTS(name=known.name, field="plan_id")


@decides(said.DrawUpPlan, by=PLANNING)
def _draw_up(world: World, command: said.DrawUpPlan, asked: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if command.subject_id not in world[SCHOOL].subjects:
        return NO_SUCH_SUBJECT(subject=command.subject_id, field="subject_id")
    items, fault = _items(command.items, {})
    fact = said.PlanDrawnUp(**{**asdict(command), "items": items or ()}, author_id=_author(asked))
    return fault or _begun(world, fact)


@decides(said.CopyPlan, by=PLANNING)
def _copy(world: World, command: said.CopyPlan, asked: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    found = world[plan(command.from_plan_id)]
    if found.drawn is None:
        return said.NO_SUCH_PLAN(plan=command.from_plan_id, field="from_plan_id")
    fact = said.PlanDrawnUp(
        plan_id=command.plan_id,
        year_id=command.year_id,
        subject_id=found.drawn.subject_id,
        name=found.name if command.name is None else command.name,
        items=tuple([replace(item, item_id=str(at)) for at, item in enumerate(found.items, 1)]),
        level=found.level if command.level is None else command.level,
        author_id=_author(asked),
        copied_from=command.from_plan_id,
    )
    return _begun(world, fact)


@decides(said.RenamePlan, by=PLANNING)
def _rename(world: World, command: said.RenamePlan, asked: Asked) -> Decision:
    found = _own(world, command.plan_id, asked)
    if isinstance(found, Refusal):
        return found
    state, drawn = found
    if (state.name, state.level) == (command.name, command.level):
        return []
    if command.seen not in (None, state.name):
        changed = CHANGED_SINCE(seen=command.seen, now=state.name, field="seen")
        return beside(changed, streams.curriculum_plan(command.plan_id), "name")
    renamed = said.PlanRenamed(
        plan_id=command.plan_id, name=command.name, level=command.level, year_id=drawn.year_id
    )
    return _on(command.plan_id, renamed)


@decides(said.RevisePlan, by=PLANNING)
def _revise(world: World, command: said.RevisePlan, asked: Asked) -> Decision:
    found = _own(world, command.plan_id, asked)
    if isinstance(found, Refusal):
        return found
    state, drawn = found
    items, fault = _items(command.items, state.known)
    if fault is None and items != state.items:
        fault = _revised_since(state, command)
    if fault or items is None or items == state.items:
        return fault or []
    return _on(command.plan_id, said.PlanRevised(plan_id=command.plan_id, year_id=drawn.year_id, items=items))


def _revised_since(state: Plan, command: said.RevisePlan) -> Refusal | None:
    """What somebody else did to the items meanwhile: the first that differs is told."""
    if command.seen is None:
        return None
    now = [ItemEntry(**asdict(item)) for item in state.items]
    pairs = zip_longest(command.seen, now)
    differs = next(((seen, stands) for seen, stands in pairs if seen != stands), None)
    if differs is None:
        return None
    seen, stands = differs
    changed = CHANGED_SINCE(seen=_told(seen), now=_told(stands), field="seen")
    return beside(changed, streams.curriculum_plan(command.plan_id), "items")


def _told(item: ItemEntry | None) -> str:
    parts = () if item is None else (item.topic, item.hours, item.core)
    return ", ".join([str(part) for part in parts if part is not None])


@decides(said.WithdrawPlan, by=PLANNING)
def _withdraw(world: World, command: said.WithdrawPlan, asked: Asked) -> Decision:
    if world[plan(command.plan_id)].withdrawn == command.reason:
        return []
    found = _own(world, command.plan_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    return _on(command.plan_id, said.PlanWithdrawn(**asdict(command), year_id=found[1].year_id))


def _assignment(world: World, unit_id: str, assignment_id: str, asked: Asked) -> Assignment | Refusal:
    """The assignment, if the asker may choose its plan."""
    found = unit_and_year(world, unit_id)
    if isinstance(found, Refusal):
        return found
    known = found[0].assignments.get(assignment_id)
    if known is None:
        return NO_SUCH_ASSIGNMENT(assignment=assignment_id, field="assignment_id")
    if asked.actor.role is Role.TEACHER and asked.actor.person != known.teacher_id:
        return said.NOT_YOUR_ASSIGNMENT(field="assignment_id")
    return known


@decides(said.AssignPlan, by=PLANNING)
def _assign(world: World, command: said.AssignPlan, asked: Asked) -> Decision:
    assignment = _assignment(world, command.unit_id, command.assignment_id, asked)
    if isinstance(assignment, Refusal):
        return assignment
    found = _standing(world, command.plan_id)
    if isinstance(found, Refusal):
        return found
    drawn = found[1]
    if drawn.subject_id != assignment.subject_id:
        return said.OTHER_SUBJECT(subject=drawn.subject_id, field="plan_id")
    year = unit_and_year(world, command.unit_id)
    if isinstance(year, Refusal) or drawn.year_id != year[1].year_id:
        return said.OTHER_YEAR(field="plan_id")
    if world[unit_plans(command.unit_id)].plans.get(command.assignment_id) == command.plan_id:
        return []
    return [Entry(streams.unit_curriculum(command.unit_id), said.PlanAssigned(**asdict(command)))]


@decides(said.TakePlanAway, by=PLANNING)
def _take_away(world: World, command: said.TakePlanAway, asked: Asked) -> Decision:
    assignment = _assignment(world, command.unit_id, command.assignment_id, asked)
    if isinstance(assignment, Refusal):
        return assignment
    plan_id = world[unit_plans(command.unit_id)].plans.get(command.assignment_id)
    if plan_id is None:
        return []
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fact = said.PlanTakenAway(**asdict(command), plan_id=plan_id)
    return [Entry(streams.unit_curriculum(command.unit_id), fact)]


def named_items(
    world: World, unit_id: str, assignment_id: str, item_ids: Sequence[str], field: str
) -> tuple[said.FromPlan, tuple[PlanItem, ...]] | Refusal:
    """The items of the assignment's plan that a lesson names, or why it cannot."""
    plan_id = world[unit_plans(unit_id)].plans.get(assignment_id)
    if plan_id is None:
        return said.NO_PLAN_ASSIGNED(field=field)
    state = world[plan(plan_id)]
    there = {item.item_id: item for item in state.items}
    for place, item_id in enumerate(item_ids):
        at = f"{field}[{place}]"
        if item_id in item_ids[:place]:
            return said.ITEM_TWICE(item=item_id, field=at)
        if item_id not in state.known:
            return said.NO_SUCH_ITEM(item=item_id, field=at)
        if item_id not in there:
            return said.ITEM_DROPPED(topic=state.known[item_id].topic, field=at)
    named = said.FromPlan(plan_id=plan_id, items=tuple(item_ids))
    return named, tuple([there[item_id] for item_id in item_ids])


def wording_of(items: Sequence[PlanItem]) -> str:
    """The topic of a lesson about these items."""
    return "; ".join(item.topic for item in items)
