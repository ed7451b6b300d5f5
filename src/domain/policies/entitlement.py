"""What does an account see on a day, with and without a paid extension?

Before 1 September 2015 vendors sold parents remote access to grades, attendance and lessons. Since that day
no fee may be taken from parents for what a school gathers about teaching, upbringing and care of their
children, in whatever form it is passed (art. 5g of the act on the education system of 7 September 1991, added
by the act of 20 February 2015). So what can be sold at all is a list, `SALEABLE`, and everything else is free
from that day on: a feature that nobody thought of here cannot be sold by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from dziennik.contracts.entitlement import (
    FREE_BY_LAW,
    RULE_ENDS_BEFORE_START,
    RULES_OVERLAP,
    AccountKind,
    EntitlementRule,
    Feature,
    Level,
)
from dziennik.contracts.refusals import Refusal

# Registers are kept electronically since the regulation of 16 July 2009 (Dz.U. 2009 no. 116 item 977).
BEGINNING: Final = date(2009, 9, 1)
# Art. 5g is in force.
FREE_SINCE: Final = date(2015, 9, 1)
_SOLD_UNTIL: Final = FREE_SINCE - timedelta(days=1)

# Comforts beside the information itself: these may be sold today.
SALEABLE: Final = frozenset(
    {
        Feature.INSTANT_NOTIFICATIONS,
        Feature.DAY_DIGEST,
        Feature.QUIET_HOURS,
        Feature.CALENDAR_FEEDS,
        Feature.FAMILY_EXPORT,
    }
)
# What the register says of a child: sold until art. 5g.
REGISTER: Final = frozenset({Feature.GRADES, Feature.ATTENDANCE, Feature.LESSONS})


def _usual(kind: AccountKind) -> list[EntitlementRule]:
    rules = []
    for feature in Feature:
        if feature in REGISTER:
            sold = EntitlementRule(
                feature=feature, kind=kind, level=Level.EXTENDED, since=BEGINNING, until=_SOLD_UNTIL
            )
            free = EntitlementRule(feature=feature, kind=kind, level=Level.BASIC, since=FREE_SINCE)
            rules += [sold, free]
        else:
            level = Level.EXTENDED if feature in SALEABLE else Level.BASIC
            rules.append(EntitlementRule(feature=feature, kind=kind, level=level, since=BEGINNING))
    return rules


# What holds in a school for which nothing else was agreed (version 0).
USUAL_ENTITLEMENT: Final[tuple[EntitlementRule, ...]] = tuple(
    rule for kind in AccountKind for rule in _usual(kind)
)


class Why(StrEnum):
    """On what ground a feature may be used, or not."""

    FREE = "free"
    FREE_BY_LAW = "free_by_law"
    EXTENDED = "extended"
    NEEDS_EXTENSION = "needs_extension"
    NOT_OFFERED = "not_offered"
    # The school has no contract with a provider: nothing is sold there, all is its own.
    NOT_SOLD = "not_sold"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an account may use a feature on a day, why, and the rule that says so (None: law, or none)."""

    feature: Feature
    allowed: bool
    why: Why
    rule: EntitlementRule | None = None


def is_protected(feature: Feature, on: date) -> bool:
    """Whether the feature can be neither sold nor taken away on that day (art. 5g)."""
    return on >= FREE_SINCE and feature not in SALEABLE


def use_of(
    feature: Feature,
    kind: AccountKind,
    on: date,
    *,
    extended: bool,
    agreed: Sequence[EntitlementRule] = (),
) -> Use:
    """What an account of this kind may do on that day; `extended`: it has a valid extension then.

    `agreed` are rules of the school; where they say nothing the usual table holds. Whatever was agreed, what
    is protected on that day is free.
    """
    if is_protected(feature, on):
        return Use(feature=feature, allowed=True, why=Why.FREE_BY_LAW)
    rule = _rule(agreed, feature, kind, on) or _rule(USUAL_ENTITLEMENT, feature, kind, on)
    if rule is None or rule.level is Level.NOBODY:
        return Use(feature=feature, allowed=False, why=Why.NOT_OFFERED, rule=rule)
    if rule.level is Level.BASIC:
        return Use(feature=feature, allowed=True, why=Why.FREE, rule=rule)
    why = Why.EXTENDED if extended else Why.NEEDS_EXTENSION
    return Use(feature=feature, allowed=extended, why=why, rule=rule)


def uses_of(
    kind: AccountKind, on: date, *, extended: bool, agreed: Sequence[EntitlementRule] = ()
) -> tuple[Use, ...]:
    """All features in the order of `Feature`: what `use_of` says of each."""
    return tuple(use_of(feature, kind, on, extended=extended, agreed=agreed) for feature in Feature)


def fault_in_entitlement(rules: Sequence[EntitlementRule], at: str = "rules") -> Refusal | None:
    """Why these cannot become rules: one reversed, two for a day, or one that sells what art. 5g frees."""
    for place, rule in enumerate(rules):
        field = f"{at}[{place}]"
        if rule.until is not None and rule.until < rule.since:
            return RULE_ENDS_BEFORE_START(since=rule.since, until=rule.until, field=f"{field}.until")
        last = rule.until or date.max
        if rule.level is not Level.BASIC and is_protected(rule.feature, last):
            return FREE_BY_LAW(feature=rule.feature.value, since=FREE_SINCE, field=f"{field}.level")
        for other in rules[:place]:
            both = max(rule.since, other.since)
            same = (rule.feature, rule.kind) == (other.feature, other.kind)
            if same and _covers(rule, both) and _covers(other, both):
                return RULES_OVERLAP(feature=rule.feature.value, on=both, field=field)
    return None


def _rule(
    rules: Sequence[EntitlementRule], feature: Feature, kind: AccountKind, on: date
) -> EntitlementRule | None:
    for rule in rules:
        if rule.feature is feature and rule.kind is kind and _covers(rule, on):
            return rule
    return None


def _covers(rule: EntitlementRule, on: date) -> bool:
    return rule.since <= on and (rule.until is None or on <= rule.until)
