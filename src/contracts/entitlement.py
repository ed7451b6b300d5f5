"""Entitlement: what an account may use for nothing, and what only with a paid extension.

Stream ``commerce/entitlement`` holds what was agreed for one school; without it the usual table holds
(`domain.policies.entitlement`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
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


# What a feature is called, in Polish and English.
FEATURE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    Feature.GRADES: ("oceny", "grades"),
    Feature.ATTENDANCE: ("frekwencja", "attendance"),
    Feature.LESSONS: ("lekcje i ich tematy", "lessons and their topics"),
    Feature.MESSAGES: ("wiadomości", "messages"),
    Feature.BOARD: ("tablica ogłoszeń", "the notice board"),
    Feature.CALENDAR: ("kalendarz", "the calendar"),
    Feature.TIMETABLE: ("plan lekcji", "the timetable"),
    Feature.INSTANT_NOTIFICATIONS: ("natychmiastowe powiadomienia", "instant notifications"),
    Feature.DAY_DIGEST: ("podsumowanie dnia", "the day's digest"),
    Feature.QUIET_HOURS: ("godziny ciszy w powiadomieniach", "quiet hours of notifications"),
    Feature.CALENDAR_FEEDS: ("subskrypcja kalendarza ucznia", "feeds of a pupil's calendar"),
    Feature.FAMILY_EXPORT: ("eksport danych rodziny", "the family's export"),
}


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


@fact("entitlement.entitlement_agreed.1")
class EntitlementAgreed(Fact, frozen=True, kw_only=True):
    """These rules hold in this school, in the place of all agreed before; where they are silent the usual
    table does.
    """

    rules: tuple[EntitlementRule, ...]


@command("entitlement.agree_entitlement")
class AgreeEntitlement(Command, frozen=True, kw_only=True):
    """Agree what this school's accounts have; for days that are over nothing can be changed."""

    rules: tuple[EntitlementRule, ...]


FREE_BY_LAW = Reason(
    "ENTITLEMENT.FREE_BY_LAW",
    pl="Od {since} nie wolno pobierać opłat za: {feature} (art. 5g ustawy o systemie oświaty). "
    "Zostaw ten dostęp w koncie podstawowym albo zakończ regułę wcześniej.",
    en="From {since} on no fee may be taken for: {feature} (art. 5g of the education system act). "
    "Leave it in the basic account, or end the rule earlier.",
    words={"feature": FEATURE_NAMES},
)
RULES_OVERLAP = Reason(
    "ENTITLEMENT.RULES_OVERLAP",
    pl="Dwie reguły mówią o tym samym dniu ({on}): {feature}. Zostaw jedną.",
    en="Two rules speak of the same day ({on}): {feature}. Keep one.",
    words={"feature": FEATURE_NAMES},
)
RULE_ENDS_BEFORE_START = Reason(
    "ENTITLEMENT.ENDS_BEFORE_START",
    pl="Reguła kończy się {until}, zanim się zacznie ({since}).",
    en="The rule ends on {until}, before it begins ({since}).",
)
PAST_IS_OVER = Reason(
    "ENTITLEMENT.PAST_IS_OVER",
    pl="W dniu {on} było inaczej ({feature}); tego już nie można zmienić. "
    "Niech nowa reguła zacznie się dzisiaj albo później.",
    en="On {on} it was otherwise ({feature}), which cannot be changed any more. "
    "Begin the new rule today or later.",
    words={"feature": FEATURE_NAMES},
)
TOO_MANY_RULES = Reason(
    "ENTITLEMENT.TOO_MANY_RULES",
    pl="Reguł może być najwyżej {most}.",
    en="There can be at most {most} rules.",
)
NEEDS_EXTENSION = Reason(
    "ENTITLEMENT.NEEDS_EXTENSION",
    pl="Do tego ({feature}) potrzebne jest w dniu {on} konto rozszerzone.",
    en="On {on} this ({feature}) takes an extended account.",
    words={"feature": FEATURE_NAMES},
)
