"""The rule for a school's own rules of behaviour: set by the director, and sound."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from dziennik.contracts import behaviour as said
from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import streams
from dziennik.contracts.behaviour import BehaviourRules, NoteCategory, NoteKind
from dziennik.contracts.refusals import Refusal
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import year_of
from dziennik.domain.world import Asked, Decision, Entry, World

MOST = 10_000  # points: more is a slip of the finger


@decides(orders.SetBehaviourRules, by=DIRECTOR)
def _set_rules(world: World, command: orders.SetBehaviourRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.behaviour_version and year.behaviour == command.rules:
        return []
    fault = fault_in_rules(command.rules)
    fact = said.BehaviourRulesSet(year_id=year.year_id, rules=command.rules)
    return fault or [Entry(streams.SCHOOL, fact)]


def fault_in_rules(rules: BehaviourRules) -> Refusal | None:
    """Names are unique and not empty, points small, thresholds lead down the scale."""
    marks = [step.mark for step in rules.scale]
    faults: list[tuple[str, object | None]] = [
        ("scale", None if marks else "scale"),
        ("scale", _twice_or_empty(marks)),
        ("scale", _empty(step.name for step in rules.scale)),
        ("categories", None if rules.categories else "categories"),
        ("categories", _twice_or_empty(one.category_id for one in rules.categories)),
        ("start", rules.start if abs(rules.start) > MOST else None),
        ("thresholds", _fault_in_thresholds(rules, marks)),
    ]
    faults += [(f"categories[{n}]", _fault_in_category(one)) for n, one in enumerate(rules.categories)]
    found = next(((at, what) for at, what in faults if what is not None), None)
    if found is None:
        return None
    return orders.BEHAVIOUR_RULES_UNSOUND(what=found[1], field=f"rules.{found[0]}")


def _fault_in_thresholds(rules: BehaviourRules, marks: list[str]) -> object | None:
    """From the best mark to the worst, each with fewer points."""
    for step in rules.thresholds:
        if step.mark not in marks or abs(step.points) > MOST:
            return f"{step.points} {step.mark}"
    for above, below in pairwise(rules.thresholds):
        if below.points >= above.points or marks.index(below.mark) <= marks.index(above.mark):
            return f"{below.points} {below.mark}"
    return None


def _fault_in_category(category: NoteCategory) -> object | None:
    if not category.name.strip() or not category.symbol.strip():
        return category.category_id
    given = (category.points, category.least, category.most)
    for points in given:
        if points is not None and (abs(points) > MOST or not fits_kind(category.kind, points)):
            return points
    return None if within(category, category.points) else category.points


def fits_kind(kind: NoteKind, points: int) -> bool:
    """Praise takes no points away, blame gives none, information does neither."""
    if kind is NoteKind.POSITIVE:
        return points >= 0
    return points <= 0 if kind is NoteKind.NEGATIVE else points == 0


def within(category: NoteCategory, points: int) -> bool:
    """Whether an author may say so many points in the category."""
    low = -MOST if category.least is None else category.least
    high = MOST if category.most is None else category.most
    return low <= points <= high and fits_kind(category.kind, points)


def _twice_or_empty(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if not name.strip() or name in seen:
            return name or "—"
        seen.add(name)
    return None


def _empty(names: Iterable[str]) -> str | None:
    return next(("—" for name in names if not name.strip()), None)
