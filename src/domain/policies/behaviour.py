"""How many behaviour points does a pupil have, which grade do they propose, and why?

points = start + the points of the notes that count, by the school's dated rules (DOMAIN section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from dziennik.contracts.behaviour import BehaviourRules, PointsRun
from dziennik.contracts.values import Term


class NoteLeftOut(StrEnum):
    """Why a note does not count."""

    STRUCK_OUT = "struck_out"
    NO_POINTS = "no_points"
    OUTSIDE_PERIOD = "outside_period"
    POINTS_NOT_USED = "points_not_used"


class NoteInput(msgspec.Struct, frozen=True, kw_only=True):
    """What reckoning needs of a note."""

    note_id: str
    on: date
    points: int | None
    struck_out: bool = False


class PartialSum(msgspec.Struct, frozen=True):
    """The points of one term (None: of the year as one), from the start value on."""

    term_id: str | None
    start: int
    points: int


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """The points of a term, or of the year (`term_id` None), explained.

    `points` is None when the school uses none, or no term has begun yet. `proposed` is the mark that
    `threshold` gives; below all thresholds it is the worst of the scale and `threshold` is None.
    """

    term_id: str | None
    points: int | None
    proposed: str | None
    threshold: int | None
    rule_version: int
    sums: tuple[PartialSum, ...]
    included: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, NoteLeftOut], ...]


# From-to of what is summed up for itself, and the term it is the sum of.
_Part = tuple[str | None, date, date]


def explain_points(
    notes: Sequence[NoteInput],
    rules: BehaviourRules,
    version: int,
    *,
    terms: Sequence[Term],
    term: Term | None = None,
    today: date,
) -> Points:
    """Reckon the points of a `term` of the year, or of the year up to `today`; `version` names the rules."""
    parts = list(_parts(rules.run, terms, term, today)) if rules.with_points else []
    counted: list[tuple[str, int, int]] = []  # note, points, which part
    left_out: list[tuple[str, NoteLeftOut]] = []
    for note in notes:
        place = next((n for n, (_, first, last) in enumerate(parts) if first <= note.on <= last), None)
        reason = _left_out(note, place, rules)
        if reason is not None:
            left_out.append((note.note_id, reason))
        elif note.points is not None and place is not None:
            counted.append((note.note_id, note.points, place))
    sums = tuple(
        PartialSum(key, rules.start, rules.start + sum(worth for _, worth, part in counted if part == number))
        for number, (key, _, _) in enumerate(parts)
    )
    points = _mean([one.points for one in sums])
    threshold, proposed = _proposed(points, rules)
    return Points(
        term_id=term.term_id if term else None,
        points=points,
        proposed=proposed,
        threshold=threshold,
        rule_version=version,
        sums=sums,
        included=tuple((note_id, worth) for note_id, worth, _ in counted),
        left_out=tuple(left_out),
    )


def _parts(run: PointsRun, terms: Sequence[Term], term: Term | None, today: date) -> Iterable[_Part]:
    if run is PointsRun.CONTINUOUS or not terms:
        yield term.term_id if term else None, date.min, term.ends if term else date.max
        return
    for one in [term] if term else terms:
        if term or one.starts <= today:  # a term that has not begun would pull the year's mean to the start
            yield one.term_id, one.starts, one.ends


def _left_out(note: NoteInput, place: int | None, rules: BehaviourRules) -> NoteLeftOut | None:
    if note.struck_out:
        return NoteLeftOut.STRUCK_OUT
    if not rules.with_points:
        return NoteLeftOut.POINTS_NOT_USED
    if place is None:
        return NoteLeftOut.OUTSIDE_PERIOD
    return NoteLeftOut.NO_POINTS if note.points is None else None


def _mean(sums: Sequence[int]) -> int | None:
    """Rounded half up, away from zero below it."""
    if not sums:
        return None
    return int((Decimal(sum(sums)) / len(sums)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _proposed(points: int | None, rules: BehaviourRules) -> tuple[int | None, str | None]:
    if points is None or not rules.thresholds:
        return None, None
    reached = [step for step in rules.thresholds if step.points <= points]
    if not reached:
        return None, rules.scale[-1].mark
    best = max(reached, key=lambda step: step.points)
    return best.points, best.mark
