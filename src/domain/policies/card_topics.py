"""Which topics does a card offer for a lesson to come? What is due then, or if a lesson before fell out.

Cards are printed days before: when a lesson comes, those before it have been held. If all goes by the plan
the topic is the next each time; a plan is rather behind than ahead, so the other choice is the one before
(ADR 0134).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING

from dziennik.contracts.curriculum import PlanItem
from dziennik.domain.policies.realisation import ItemProgress

CHOICES = 2  # cells that a card has for topics


def offered(left: Sequence[ItemProgress], before: int) -> tuple[PlanItem, ...]:
    """At most two items of those that are `left` to teach, for a lesson with so many others before it.

    The first is the one by the plan; the other the one before it, or after it where nothing comes before.
    Beyond the end of the plan the last ones stay.
    """
    if not left:
        return ()
    due, hours = 0, before
    while due < len(left) - 1 and hours >= _hours(left[due]):
        hours -= _hours(left[due])
        due += 1
    other = due - 1 if due else 1
    return tuple(left[at].item for at in (due, other) if at < len(left))[:CHOICES]


def _hours(progress: ItemProgress) -> int:
    """Whole lessons that an item still takes."""
    return max(1, int((progress.item.hours - progress.hours).to_integral_value(ROUND_CEILING)))
