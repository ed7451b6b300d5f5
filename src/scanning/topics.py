"""Which topics are printed for which lesson of a class? Lessons printed before, and not entered yet, count.

A lesson that stands on a card and is not in the register will have been held, by its plan, when a later one
comes. Void cards and cancelled lessons do not count, nor what was printed so long ago that it is not coming.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.lessons import lesson_id
from dziennik.domain.policies.card_topics import offered
from dziennik.domain.policies.realisation import ItemProgress, TaughtLesson, explain_realisation
from dziennik.projections import cards, curriculum, lesson_journal, structure
from dziennik.projections.lesson_journal import LessonState
from dziennik.projections.rows import View

AWAITED = timedelta(days=14)  # a card that was not entered within two weeks is taken for lost


@dataclass(frozen=True, slots=True)
class _Known:
    """Of an assignment: what is left to teach, and ids of lessons that the register knows or awaits."""

    plan_id: str | None
    left: tuple[ItemProgress, ...]
    settled: frozenset[str]
    awaited: set[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """The topics to choose from, and which items of a plan they are."""

    topics: tuple[str, ...] = ()
    plan: FromPlan | None = None


class Topics:
    """The topics of a class or interclass group, for lessons that are asked about in their order in time."""

    def __init__(self, view: View, unit_id: str, last: date) -> None:
        """`last`: the last day on which there is one of these lessons."""
        self._view, self._unit_id, self._last = view, unit_id, last
        self._plans = curriculum.followed(view, unit_id)
        self._known: dict[str, _Known] = {}

    def of(self, assignment: structure.Assignment, day: date, period: int) -> Offer:
        """What is offered for this lesson; nothing without a plan. It counts for those after it."""
        known = self._known.get(assignment.assignment_id)
        if known is None:
            known = self._known[assignment.assignment_id] = self._known_of(assignment)
        own, first = lesson_id(day, period, assignment.assignment_id), (day - AWAITED).isoformat()
        before = [one for one in known.awaited if first <= one < own]  # ids begin with the day and the hour
        if own not in known.settled:
            known.awaited.add(own)
        items = offered(known.left, len(before))
        if known.plan_id is None or not items:
            return Offer()
        named = FromPlan(plan_id=known.plan_id, items=tuple(item.item_id for item in items))
        return Offer(tuple(item.topic for item in items), named)

    def _known_of(self, assignment: structure.Assignment) -> _Known:
        view, plan_id = self._view, self._plans.get(assignment.assignment_id)
        plan = curriculum.plan(view, plan_id) if plan_id else None
        lessons = [
            lesson
            for lesson in lesson_journal.of_unit(
                view, self._unit_id, assignment.since, self._last, assignment.subject_id
            )
            if lesson.assignment_id == assignment.assignment_id
        ]
        taught = [
            TaughtLesson(lesson.lesson_id, lesson.items if lesson.plan_id == plan_id else ())
            for lesson in lessons
            if lesson.state is LessonState.HELD
        ]
        settled = frozenset(one.lesson_id for one in lessons if one.state is not LessonState.PLANNED)
        found = explain_realisation(
            plan.items if plan else (), plan.dropped if plan else (), taught, due=0, left=0
        )
        return _Known(plan_id, found.next_items, settled, self._printed(assignment) - settled)

    def _printed(self, assignment: structure.Assignment) -> set[str]:
        """Lessons on cards that count."""
        view = self._view
        rows = view.find(cards.LessonOnCard, unit_id=self._unit_id, assignment_id=assignment.assignment_id)
        known = view.many(cards.Card, [(row.card_id,) for row in rows])
        return {row.lesson_id for row, card in zip(rows, known, strict=True) if card and card.voided is None}
