"""How far has a curriculum plan been carried out: planned, due, held, covered, ahead or behind?

A lesson about k items of the plan gives each 1/k hour; one about none is free and covers nothing. An item is
covered by what lessons gave it, at most by its planned hours; the plan by the sum of that. Due is what the
timetable has had until the day, cancelled lessons included: they are what puts a plan behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from dziennik.contracts.curriculum import PlanItem

_HUNDREDTH = Decimal("0.01")


class ItemState(StrEnum):
    """How far an item is."""

    NOT_TAUGHT = "not_taught"
    BEGUN = "begun"
    DONE = "done"


class TaughtLesson(msgspec.Struct, frozen=True):
    """A lesson that was held, and which items of the plan it was about."""

    lesson_id: str
    items: tuple[str, ...] = ()


class ItemProgress(msgspec.Struct, frozen=True, kw_only=True):
    """An item with the hours that lessons gave it, and which lessons those were."""

    item: PlanItem
    state: ItemState
    hours: Decimal
    lessons: tuple[str, ...]


class Realisation(msgspec.Struct, frozen=True, kw_only=True):
    """A plan's realisation, explained. Hours are lessons; `covered` and what follows from it are hundredths.

    `held` = `from_plan` + `free`. `difference` = `covered` - `due`: behind when negative. `left` are lessons
    that the timetable still has; `short` is what will be missing even if all of them go by the plan.
    """

    planned: int
    due: int
    held: int
    from_plan: int
    free: int
    covered: Decimal
    difference: Decimal
    left: int
    short: Decimal
    items: tuple[ItemProgress, ...]
    dropped: tuple[ItemProgress, ...]

    @property
    def next_items(self) -> tuple[ItemProgress, ...]:
        """What is still to be taught, in the plan's order."""
        return tuple([each for each in self.items if each.state is not ItemState.DONE])


def explain_realisation(
    items: Sequence[PlanItem],
    dropped: Sequence[PlanItem],
    lessons: Sequence[TaughtLesson],
    *,
    due: int,
    left: int,
) -> Realisation:
    """The realisation of a plan by the lessons held; `dropped` are items it had once.

    `due` and `left` count lessons by the timetable until the day and after it.
    """
    known = {item.item_id for item in (*items, *dropped)}
    given: dict[str, Fraction] = {}
    named: dict[str, list[str]] = {}
    from_plan = 0
    for lesson in lessons:
        about = [item_id for item_id in lesson.items if item_id in known]
        from_plan += bool(about)
        for item_id in about:
            given[item_id] = given.get(item_id, Fraction(0)) + Fraction(1, len(about))
            named.setdefault(item_id, []).append(lesson.lesson_id)
    exact = sum(
        (min(Fraction(item.hours), given.get(item.item_id, Fraction(0))) for item in items), Fraction(0)
    )
    planned = sum(item.hours for item in items)
    short = max(Fraction(0), planned - exact - left)
    return Realisation(
        planned=planned,
        due=due,
        held=len(lessons),
        from_plan=from_plan,
        free=len(lessons) - from_plan,
        covered=_rounded(exact),
        difference=_rounded(exact - due),
        left=left,
        short=_rounded(short),
        items=tuple([_progress(item, given, named) for item in items]),
        dropped=tuple([_progress(item, given, named) for item in dropped if item.item_id in given]),
    )


def _progress(item: PlanItem, given: dict[str, Fraction], named: dict[str, list[str]]) -> ItemProgress:
    hours = given.get(item.item_id, Fraction(0))
    state = ItemState.DONE if hours >= item.hours else ItemState.BEGUN if hours else ItemState.NOT_TAUGHT
    lessons = tuple(named.get(item.item_id, ()))
    return ItemProgress(item=item, state=state, hours=_rounded(hours), lessons=lessons)


def _rounded(exact: Fraction) -> Decimal:
    """Half up to hundredths, away from zero: 2/3 is 0.67, -1/8 is -0.13."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)
