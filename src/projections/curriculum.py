"""Which curriculum plans are there, and which assignment follows which?

A plan keeps its dropped items: lessons of before name them. What was taught of a plan is in `realisations`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import curriculum as said
from dziennik.contracts.curriculum import PlanItem
from dziennik.contracts.envelope import Recorded
from dziennik.domain.policies.names import polish_sort_key
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

CURRICULUM = ReadModel("curriculum", version=1)
on = CURRICULUM.on
table = CURRICULUM.table


class Revision(msgspec.Struct, frozen=True, gc=False):
    """What the items were until they were revised, by whom and when that was."""

    was: tuple[PlanItem, ...]
    by: str
    at: datetime


@table(key=("plan_id",), indexes=(("year_id", "subject_id"),))
class Plan(Row, frozen=True):
    """A plan as it stands. `dropped` are items it had, as last worded; `withdrawn` gives the reason."""

    plan_id: str
    year_id: str
    subject_id: str
    name: str
    sort_key: str
    level: int | None
    author_id: str | None
    copied_from: str | None
    items: tuple[PlanItem, ...]
    drawn_up_at: datetime
    dropped: tuple[PlanItem, ...] = ()
    revisions: tuple[Revision, ...] = ()
    withdrawn: str | None = None

    @property
    def hours(self) -> int:
        """Planned hours of all items."""
        return sum(item.hours for item in self.items)


@table(key=("assignment_id",), indexes=(("unit_id",), ("plan_id",)), families=ALL_ROWS)
class Followed(Row, frozen=True):
    """The plan that an assignment follows."""

    assignment_id: str
    unit_id: str
    plan_id: str
    at: datetime


# How facts change it


@on(said.PlanDrawnUp)
def plan_drawn_up(rows: Rows, fact: said.PlanDrawnUp, recorded: Recorded) -> None:
    rows.put(
        Plan(
            plan_id=fact.plan_id,
            year_id=fact.year_id,
            subject_id=fact.subject_id,
            name=fact.name,
            sort_key=polish_sort_key(fact.name),
            level=fact.level,
            author_id=fact.author_id,
            copied_from=fact.copied_from,
            items=fact.items,
            drawn_up_at=recorded.origin.recorded_at,
        )
    )


@on(said.PlanRenamed)
def plan_renamed(rows: Rows, fact: said.PlanRenamed, _: Recorded) -> None:
    row = there(rows.get(Plan, fact.plan_id), fact.plan_id)
    rows.put(replace(row, name=fact.name, sort_key=polish_sort_key(fact.name), level=fact.level))


@on(said.PlanRevised)
def plan_revised(rows: Rows, fact: said.PlanRevised, recorded: Recorded) -> None:
    row = there(rows.get(Plan, fact.plan_id), fact.plan_id)
    kept = {item.item_id for item in fact.items}
    known = {item.item_id: item for item in (*row.dropped, *row.items)}
    actor = recorded.origin.actor
    revision = Revision(row.items, actor.person or actor.account, recorded.origin.recorded_at)
    rows.put(
        replace(
            row,
            items=fact.items,
            dropped=tuple([item for item_id, item in known.items() if item_id not in kept]),
            revisions=(*row.revisions, revision),
        )
    )


@on(said.PlanWithdrawn)
def plan_withdrawn(rows: Rows, fact: said.PlanWithdrawn, _: Recorded) -> None:
    row = there(rows.get(Plan, fact.plan_id), fact.plan_id)
    rows.put(replace(row, withdrawn=fact.reason))


@on(said.PlanAssigned)
def plan_assigned(rows: Rows, fact: said.PlanAssigned, recorded: Recorded) -> None:
    rows.put(Followed(fact.assignment_id, fact.unit_id, fact.plan_id, recorded.origin.recorded_at))


@on(said.PlanTakenAway)
def plan_taken_away(rows: Rows, fact: said.PlanTakenAway, _: Recorded) -> None:
    rows.delete(Followed, fact.assignment_id)


# What is asked


def plans(view: View, year_id: str, subject_id: str | None = None) -> list[Plan]:
    """The year's plans (of a subject), by level and name; withdrawn ones too."""
    found = (
        view.find(Plan, year_id=year_id)
        if subject_id is None
        else view.find(Plan, year_id=year_id, subject_id=subject_id)
    )
    return sorted(found, key=lambda plan: (plan.level or 0, plan.sort_key, plan.plan_id))


def plan(view: View, plan_id: str) -> Plan | None:
    """One plan."""
    return view.get(Plan, plan_id)


def followed(view: View, unit_id: str) -> dict[str, str]:
    """The plans that a unit's assignments follow, by assignment."""
    return {row.assignment_id: row.plan_id for row in view.find(Followed, unit_id=unit_id)}


def followers(view: View, plan_id: str) -> list[Followed]:
    """The assignments that follow a plan."""
    return view.find(Followed, plan_id=plan_id)
