"""Entitlement: what an account may use for nothing, and what only with a paid extension.

Stream ``commerce/entitlement`` holds what was agreed for one school; without it the usual table holds
(`domain.policies.entitlement`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import Value


class Feature(StrEnum):
    """What families may use from afar."""

    GRADES = "grades"
    ATTENDANCE = "attendance"
    LESSONS = "lessons"
    MESSAGES = "messages"
    BOARD = "board"
    CALENDAR = "calendar"
    TIMETABLE = "timetable"
    INSTANT_NOTIFICATIONS = "instant_notifications"
    DAY_DIGEST = "day_digest"
    QUIET_HOURS = "quiet_hours"
    CALENDAR_FEEDS = "calendar_feeds"
    FAMILY_EXPORT = "family_export"


class AccountKind(StrEnum):
    """Whose account it is. Only families buy: everybody else sees what the role says."""

    PUPIL = "pupil"
    PARENT = "parent"


class Level(StrEnum):
    """Who has a feature: every account (BASIC), those with a valid extension, or nobody."""

    BASIC = "basic"
    EXTENDED = "extended"
    NOBODY = "nobody"


class EntitlementRule(Value, frozen=True, kw_only=True):
    """A feature, for a kind of account, from `since` to `until` (both included; None: open)."""

    feature: Feature
    kind: AccountKind
    level: Level
    since: date
    until: date | None = None


FREE_BY_LAW = Reason(
    "ENTITLEMENT.FREE_BY_LAW",
    pl="Od {since} nie wolno pobierać opłat za: {feature} (art. 5g ustawy o systemie oświaty). "
    "Zostaw ten dostęp w koncie podstawowym albo zakończ regułę wcześniej.",
    en="From {since} on no fee may be taken for: {feature} (art. 5g of the education system act). "
    "Leave it in the basic account, or end the rule earlier.",
)
RULES_OVERLAP = Reason(
    "ENTITLEMENT.RULES_OVERLAP",
    pl="Dwie reguły mówią o tym samym dniu ({on}): {feature}. Zostaw jedną.",
    en="Two rules speak of the same day ({on}): {feature}. Keep one.",
)
RULE_ENDS_BEFORE_START = Reason(
    "ENTITLEMENT.ENDS_BEFORE_START",
    pl="Reguła kończy się {until}, zanim się zacznie ({since}).",
    en="The rule ends on {until}, before it begins ({since}).",
)
NEEDS_EXTENSION = Reason(
    "ENTITLEMENT.NEEDS_EXTENSION",
    pl="W dniu {on} do tego ({feature}) potrzebne było konto rozszerzone.",
    en="On {on} this ({feature}) needed an extended account.",
)
