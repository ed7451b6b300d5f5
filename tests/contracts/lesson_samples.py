"""Samples of the facts of curriculum plans, with every field filled (see samples.py)."""

from __future__ import annotations

from dziennik.contracts import curriculum
from dziennik.contracts.facts import Fact

ITEM = curriculum.PlanItem(item_id="1", topic="Baśnie i legendy", hours=2, core="II.1.1")

CURRICULUM: tuple[Fact, ...] = (
    curriculum.PlanDrawnUp(
        plan_id="rm-pol-4",
        year_id="y2026",
        subject_id="pol",
        name="Język polski, klasa 4",
        items=(ITEM, curriculum.PlanItem(item_id="2", topic="Części mowy", hours=1)),
        level=4,
        author_id="t1",
        copied_from="rm-pol-4-2025",
    ),
    curriculum.PlanRenamed(plan_id="rm-pol-4", year_id="y2026", name="Język polski 4", level=4),
    curriculum.PlanRevised(plan_id="rm-pol-4", year_id="y2026", items=(ITEM,)),
    curriculum.PlanWithdrawn(plan_id="rm-pol-4", year_id="y2026", reason="nowa podstawa programowa"),
    curriculum.PlanAssigned(unit_id="4a", assignment_id="a-pol-4a", plan_id="rm-pol-4"),
    curriculum.PlanTakenAway(unit_id="4a", assignment_id="a-pol-4a", plan_id="rm-pol-4", reason="zły poziom"),
)
