"""What does an active account give, which points are still valid, and which are spent first?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from dziennik.contracts.loyalty import (
    REWARD_RULES_UNSOUND,
    ActiveRule,
    Book,
    Posting,
    RewardRules,
    SeenAccount,
)
from dziennik.contracts.offers import PointsKind
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.prices import MOST

# The vendor's terms that this began with: 90 cards, or 90 hardware points and 8 plus points, for every
# parent's
# active account, and 5,000 cards at signing. Active: used on a day of the school year.
SIGNING_CARDS: Final = 5_000
USUAL_REWARDS: Final = RewardRules(
    since=date(2009, 9, 1),
    cards=90,
    hardware_points=90,
    plus_points=8,
    active=ActiveRule(least_days=1),
    expire_after_months=24,
)
_MOST_MONTHS: Final = 240


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one grant that are left, and their last day."""

    kind: PointsKind
    points: int
    expires: date


def rules_on(rules: Sequence[RewardRules], on: date) -> RewardRules:
    """The rules of the day: the last ones that have begun, or the usual ones."""
    begun = [one for one in rules if one.since <= on]
    return max(begun, key=lambda one: one.since) if begun else USUAL_REWARDS


def is_active(rule: ActiveRule, account: SeenAccount, on: date) -> bool:
    """Whether an account is active by the rule, on that day."""
    recent = rule.within_days is None or account.last >= on - timedelta(days=rule.within_days)
    return account.days >= rule.least_days and account.last <= on and recent


def expiry(granted: date, rules: RewardRules) -> date:
    """The last day of points granted on that day: the same day of a later month, or that month's last."""
    months = granted.month - 1 + rules.expire_after_months
    year, month = granted.year + months // 12, months % 12 + 1
    for day in (granted.day, 30, 29, 28):
        try:
            return date(year, month, min(day, granted.day))
        except ValueError:
            continue
    raise ValueError(granted)


def valid(lots: Sequence[Lot], kind: PointsKind, on: date) -> int:
    """Points of a kind that may be spent on that day."""
    return sum(lot.points for lot in lots if lot.kind is kind and lot.expires >= on)


def without(lots: Sequence[Lot], kind: PointsKind, points: int, on: date) -> tuple[Lot, ...]:
    """What is left when so many are spent: of those that are valid, the first to expire go first."""
    left: list[Lot] = []
    for lot in sorted(lots, key=lambda one: one.expires):
        if lot.kind is kind and lot.expires >= on and points:
            taken = min(points, lot.points)
            points -= taken
            lot = replace(lot, points=lot.points - taken)
        if lot.points:
            left.append(lot)
    return tuple(left)


def over(lots: Sequence[Lot], on: date) -> dict[PointsKind, int]:
    """Points whose last day is over, by kind; kinds without any are left out."""
    lost: dict[PointsKind, int] = {}
    for lot in lots:
        if lot.expires < on:
            lost[lot.kind] = lost.get(lot.kind, 0) + lot.points
    return {kind: lost[kind] for kind in PointsKind if kind in lost}


def moved(kind: PointsKind, points: int, *, off: Book, onto: Book) -> tuple[Posting, Posting]:
    """The two sides of an entry: nothing appears and nothing gets lost."""
    return Posting(book=off, kind=kind, points=-points), Posting(book=onto, kind=kind, points=points)


def fault_in_rewards(rules: RewardRules) -> Refusal | None:
    """Why these cannot be rules of rewards."""
    numbers = (
        ("cards", rules.cards, 0, MOST),
        ("hardware_points", rules.hardware_points, 0, MOST),
        ("plus_points", rules.plus_points, 0, MOST),
        ("active.least_days", rules.active.least_days, 0, 366),
        ("active.within_days", rules.active.within_days or 0, 0, 366),
        ("expire_after_months", rules.expire_after_months, 1, _MOST_MONTHS),
    )
    for what, number, least, most in numbers:
        if not least <= number <= most:
            return REWARD_RULES_UNSOUND(what=f"{what} = {number}", field=f"rules.{what}")
    return None
