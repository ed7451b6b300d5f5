"""Curriculum plans (rozkład materiału): what is to be taught, in which order, in how many hours.

A plan is a stream of its own, ``curriculum/{plan}``, of one subject in one school year; which teaching
assignment follows which plan stands in ``year/{unit}/curriculum``. An item keeps its id for ever: one that a
later version of the plan drops, or words otherwise, is still what the lessons of before were about.
"""

from __future__ import annotations

from typing import TypeAlias

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import AssignmentId, PersonId, SubjectId, UnitId, Value, YearId

PlanId: TypeAlias = str
# Unique within its plan: "1", "2", ... in the order in which the plan came to know them.
ItemId: TypeAlias = str

MOST_ITEMS, MOST_HOURS = 500, 99


class PlanItem(Value, frozen=True, kw_only=True):
    """One topic of a plan; its number is its place. `core`: of the core curriculum (podstawa programowa)."""

    item_id: ItemId
    topic: str
    hours: int
    core: str | None = None


class ItemEntry(Value, frozen=True, kw_only=True):
    """An item as it is entered; without `item_id` a new one."""

    topic: str
    hours: int = 1
    core: str | None = None
    item_id: ItemId | None = None


class FromPlan(Value, frozen=True, kw_only=True):
    """Which items of a plan a lesson was about."""

    plan_id: PlanId
    items: tuple[ItemId, ...]


@fact("curriculum.plan_drawn_up.1")
class PlanDrawnUp(Fact, frozen=True, kw_only=True):
    """There is a plan for a subject; `author_id` is the teacher whose it is, None: the school's."""

    plan_id: PlanId
    year_id: YearId
    subject_id: SubjectId
    name: str
    items: tuple[PlanItem, ...]
    level: int | None = None
    author_id: PersonId | None = None
    copied_from: PlanId | None = None


@fact("curriculum.plan_renamed.1")
class PlanRenamed(Fact, frozen=True, kw_only=True):
    """The plan bears another name, or is meant for another level, from now on."""

    plan_id: PlanId
    year_id: YearId
    name: str
    level: int | None = None


@fact("curriculum.plan_revised.1")
class PlanRevised(Fact, frozen=True, kw_only=True):
    """These are the plan's items from now on; what was taught stays as it was taught."""

    plan_id: PlanId
    year_id: YearId
    items: tuple[PlanItem, ...]


@fact("curriculum.plan_withdrawn.1")
class PlanWithdrawn(Fact, frozen=True, kw_only=True):
    """Nobody is to follow the plan any more."""

    plan_id: PlanId
    year_id: YearId
    reason: str


@fact("curriculum.plan_assigned.1")
class PlanAssigned(Fact, frozen=True, kw_only=True):
    """The teaching assignment follows this plan from now on, instead of the one before."""

    unit_id: UnitId
    assignment_id: AssignmentId
    plan_id: PlanId


@fact("curriculum.plan_taken_away.1")
class PlanTakenAway(Fact, frozen=True, kw_only=True):
    """The teaching assignment follows no plan any more."""

    unit_id: UnitId
    assignment_id: AssignmentId
    plan_id: PlanId
    reason: str


@command("curriculum.draw_up_plan")
class DrawUpPlan(Command, frozen=True, kw_only=True):
    """A teacher's own plan, or the school's when the office draws it up. Items get their ids here."""

    plan_id: PlanId
    year_id: YearId
    subject_id: SubjectId
    name: str
    items: tuple[ItemEntry, ...]
    level: int | None = None


@command("curriculum.copy_plan")
class CopyPlan(Command, frozen=True, kw_only=True):
    """The items of a plan of this or an earlier year; without `name` and `level` those of that plan."""

    plan_id: PlanId
    from_plan_id: PlanId
    year_id: YearId
    name: str | None = None
    level: int | None = None


@command("curriculum.rename_plan")
class RenamePlan(Command, frozen=True, kw_only=True):
    """Refused when the plan's name is no longer as it was `seen`."""

    plan_id: PlanId
    name: str
    level: int | None = None
    seen: str | None = None


@command("curriculum.revise_plan")
class RevisePlan(Command, frozen=True, kw_only=True):
    """All items from now on: those with an id are kept (or worded anew), those without are new.

    Refused when the plan's items are no longer those that were `seen`.
    """

    plan_id: PlanId
    items: tuple[ItemEntry, ...]
    seen: tuple[ItemEntry, ...] | None = None


@command("curriculum.withdraw_plan")
class WithdrawPlan(Command, frozen=True, kw_only=True):
    plan_id: PlanId
    reason: str


@command("curriculum.assign_plan")
class AssignPlan(Command, frozen=True, kw_only=True):
    """By the teacher of the assignment, or the office."""

    unit_id: UnitId
    assignment_id: AssignmentId
    plan_id: PlanId


@command("curriculum.take_plan_away")
class TakePlanAway(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    assignment_id: AssignmentId
    reason: str


NO_SUCH_PLAN = Reason(
    "CURRICULUM.NO_SUCH_PLAN",
    pl="Nie ma rozkładu materiału {plan}.",
    en="There is no curriculum plan {plan}.",
)
PLAN_EXISTS = Reason(
    "CURRICULUM.PLAN_EXISTS",
    pl="Rozkład o tym identyfikatorze już jest: „{name}”. Zmień jego pozycje albo użyj innego.",
    en="There is a plan with this id already: “{name}”. Revise it, or use another id.",
)
PLAN_WAS_WITHDRAWN = Reason(
    "CURRICULUM.PLAN_WAS_WITHDRAWN",
    pl="Rozkład „{name}” wycofano: {reason}.",
    en="The plan “{name}” was withdrawn: {reason}.",
)
NOT_YOUR_PLAN = Reason(
    "CURRICULUM.NOT_YOUR_PLAN",
    pl="To rozkład innej osoby. Skopiuj go, a kopię zmienisz.",
    en="This is somebody else's plan. Copy it, and change the copy.",
)
NOT_YOUR_ASSIGNMENT = Reason(
    "CURRICULUM.NOT_YOUR_ASSIGNMENT",
    pl="Rozkład przypisuje nauczyciel, który ma ten przydział, albo dyrekcja.",
    en="The teacher of this assignment chooses its plan, or the school's office.",
)
PLAN_IS_EMPTY = Reason(
    "CURRICULUM.PLAN_IS_EMPTY",
    pl="Rozkład nie ma żadnej pozycji.",
    en="The plan has no item.",
)
TOO_MANY_ITEMS = Reason(
    "CURRICULUM.TOO_MANY_ITEMS",
    pl="Rozkład ma {count} pozycji; najwyżej {limit}.",
    en="The plan has {count} items; at most {limit}.",
)
HOURS_OUT_OF_RANGE = Reason(
    "CURRICULUM.HOURS_OUT_OF_RANGE",
    pl="Liczba godzin {hours} nie mieści się w zakresie 1–{limit}.",
    en="{hours} hours are not between 1 and {limit}.",
)
NO_SUCH_ITEM = Reason(
    "CURRICULUM.NO_SUCH_ITEM",
    pl="Rozkład nie zna pozycji {item}.",
    en="The plan knows no item {item}.",
)
ITEM_DROPPED = Reason(
    "CURRICULUM.ITEM_DROPPED",
    pl="Pozycji „{topic}” nie ma już w rozkładzie.",
    en="The item “{topic}” is no longer in the plan.",
)
ITEM_TWICE = Reason(
    "CURRICULUM.ITEM_TWICE",
    pl="Pozycja {item} stoi dwa razy.",
    en="The item {item} stands twice.",
)
OTHER_SUBJECT = Reason(
    "CURRICULUM.OTHER_SUBJECT",
    pl="To rozkład innego przedmiotu ({subject}).",
    en="This is a plan of another subject ({subject}).",
)
OTHER_YEAR = Reason(
    "CURRICULUM.OTHER_YEAR",
    pl="To rozkład innego roku szkolnego. Skopiuj go na ten rok.",
    en="This is a plan of another school year. Copy it to this one.",
)
NO_PLAN_ASSIGNED = Reason(
    "CURRICULUM.NO_PLAN_ASSIGNED",
    pl="Ten przydział nie ma rozkładu materiału. Przypisz go albo podaj własny temat.",
    en="This assignment follows no plan. Assign one, or enter a topic of your own.",
)
