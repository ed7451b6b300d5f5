"""Is a class burdened beyond what its calendar's rules allow, and with what?

A week is Monday to Sunday. What was cancelled burdens nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from dziennik.contracts.calendar import CalendarRules, EntryKind, EntryLimit, LimitKind
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import RULES_UNSOUND

# What holds in a year whose director has set nothing (version 0). Entries name the version they were measured
# by, so another usual rule needs another name and never changes this one.
USUAL_CALENDAR = CalendarRules(
    limits=(EntryLimit(kind=EntryKind.TEST, per_day=1, per_week=3, notice_days=7),)
)


MOST = 100  # entries, or days of notice: more is a slip of the pen


class Burden(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that a class bears on a day."""

    entry_id: str
    kind: EntryKind
    title: str
    on: date


class Beyond(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that would be passed. `found`: entries there already, or days left until the day."""

    what: LimitKind
    limit: int
    found: int
    entries: tuple[Burden, ...] = ()


def limit_for(rules: CalendarRules, kind: EntryKind) -> EntryLimit | None:
    """The limit for entries of the kind, if there is one."""
    return next((limit for limit in rules.limits if limit.kind is kind), None)


def fault_in_limits(rules: CalendarRules, at: str) -> Refusal | None:
    """One limit a kind, numbers from 0 to MOST."""
    seen: set[EntryKind] = set()
    for place, limit in enumerate(rules.limits):
        numbers = (limit.per_day, limit.per_week, limit.notice_days)
        sound = limit.kind not in seen and all(number is None or 0 <= number <= MOST for number in numbers)
        if not sound:
            return RULES_UNSOUND(what=limit.kind.value, field=f"{at}.limits[{place}]")
        seen.add(limit.kind)
    return None


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def beyond_counts(limit: EntryLimit, on: date, others: Iterable[Burden]) -> list[Beyond]:
    """The limits of the day and the week that one more entry on `on` would pass, given the class's others."""
    same = sorted((b for b in others if b.kind is limit.kind), key=lambda b: (b.on, b.entry_id))
    day = tuple([b for b in same if b.on == on])
    week = tuple([b for b in same if monday_of(b.on) == monday_of(on)])
    found = []
    for what, most, filled in (
        (LimitKind.PER_DAY, limit.per_day, day),
        (LimitKind.PER_WEEK, limit.per_week, week),
    ):
        if most is not None and len(filled) >= most:
            found.append(Beyond(what=what, limit=most, found=len(filled), entries=filled))
    return found


def beyond_notice(limit: EntryLimit, on: date, today: date) -> list[Beyond]:
    """Whether an entry announced today comes too late for `on`."""
    days = (on - today).days
    if limit.notice_days is None or days >= limit.notice_days:
        return []
    return [Beyond(what=LimitKind.NOTICE, limit=limit.notice_days, found=days)]
