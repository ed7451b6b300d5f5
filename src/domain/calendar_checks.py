"""Does an entry make sense, and does the class it is for bear it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from dziennik.contracts import calendar_commands as orders
from dziennik.contracts.calendar import (
    EntryDetails,
    EntryKind,
    EntryLimit,
    EntryPlanned,
    LimitExceeded,
    LimitKind,
)
from dziennik.contracts.classes import NO_SUCH_PERIOD
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.refusals import Refusal, together
from dziennik.domain.calendar_state import school_days, unit_calendar, year_calendar
from dziennik.domain.classes import fault_in_day
from dziennik.domain.policies.calendar_limits import (
    Beyond,
    Burden,
    beyond_counts,
    beyond_notice,
    limit_for,
    monday_of,
)
from dziennik.domain.school import Year
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Asked, World

LONGEST = timedelta(days=31)  # the longest trip; what lasts longer is no entry but free days or a term

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)
_ONE_DAY = frozenset({EntryKind.TEST, EntryKind.QUIZ, EntryKind.HOMEWORK})
_AT_SCHOOL = frozenset({EntryKind.TEST, EntryKind.QUIZ})


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """By which rules an entry was measured, and what was passed for which reason."""

    version: int = 0
    override: str | None = None
    exceeded: tuple[LimitExceeded, ...] = ()


def fault_in_details(world: World, year: Year, kind: EntryKind, details: EntryDetails) -> Refusal | None:
    """What is wrong with what an entry says."""
    if not details.title:
        return TEXT_MISSING(at="title", field="title")
    last = details.until or details.on
    fault = fault_in_day(year, details.on, "on") or fault_in_day(year, last, "until")
    if fault:
        return fault
    longest = details.on if kind in _ONE_DAY else details.on + LONGEST
    if not details.on <= last <= longest:
        return orders.ONE_DAY_ONLY(on=details.on, last=longest, field="until")
    days = school_days(world, year)
    if details.period is not None and details.period not in days.bells(details.on):
        return NO_SUCH_PERIOD(period=details.period, field="period")
    free = days.free_on(details.on)
    if free and kind in _AT_SCHOOL:
        return orders.DAY_IS_FREE(on=details.on, name=free.name, field="on")
    return _fault_in_times(details)


def _fault_in_times(details: EntryDetails) -> Refusal | None:
    starts, ends = details.starts, details.ends
    sound = all(time is None or _CLOCK.match(time) for time in (starts, ends))
    one_day = details.until is None
    if ends is not None and (starts is None or (one_day and ends <= starts)):
        sound = False
    return None if sound else orders.TIMES_UNSOUND(starts=starts or "", ends=ends or "", field="starts")


def weigh(
    world: World,
    state: Unit | None,
    year: Year,
    entry: EntryPlanned,
    asked: Asked,
    override: str | None,
    *,
    was: date | None = None,
) -> Weighed | Refusal:
    """Measure an entry by the year's rules in every class it burdens. `was`: the day it stood on before.

    Every limit it would pass is refused at once with the entries that fill it, or recorded with the override.
    """
    rules = world[year_calendar(year.year_id)]
    limit = limit_for(rules.rules, entry.kind)
    on = entry.details.on
    if state is None or limit is None or on == was:
        return Weighed(version=rules.rules_version)
    late = beyond_notice(limit, on, asked.today) if was is None or on < was else []
    passed = [(state, beyond) for beyond in late]
    passed += [(each, beyond) for each, beyond in _burdened(world, state, limit, entry)]
    if not passed:
        return Weighed(version=rules.rules_version)
    reason = (override or "").strip()
    if not reason:
        refused = together([_refused(each, on, beyond) for each, beyond in passed])
        return refused or Weighed(version=rules.rules_version)
    exceeded = tuple([_exceeded(each, beyond) for each, beyond in passed])
    return Weighed(version=rules.rules_version, override=reason, exceeded=exceeded)


def _burdened(
    world: World, state: Unit, limit: EntryLimit, entry: EntryPlanned
) -> Sequence[tuple[Unit, Beyond]]:
    """What the entry would be too much for, in the class, or in each class of an interclass group."""
    classes = world.many([unit(class_id) for class_id in state.class_ids]) if state.class_ids else [state]
    calendars = world.many([unit_calendar(each.unit_id) for each in classes])
    found = []
    for each, calendar in zip(classes, calendars, strict=True):
        others: list[Burden] = [b for b in calendar.burdens() if b.entry_id != entry.entry_id]
        found += [(each, beyond) for beyond in beyond_counts(limit, entry.details.on, others)]
    return found


def _refused(state: Unit, on: date, beyond: Beyond) -> Refusal:
    if beyond.what is LimitKind.NOTICE:
        return orders.TOO_SHORT_NOTICE(on=on, days=beyond.found, limit=beyond.limit, field="on")
    named = ", ".join(f"„{burden.title}” ({burden.on})" for burden in beyond.entries) or "—"
    told: dict[str, object] = {"found": beyond.found, "limit": beyond.limit, "entries": named}
    if beyond.what is LimitKind.PER_DAY:
        return orders.DAY_FULL(field="on", unit=state.name, on=on, **told)
    return orders.WEEK_FULL(field="on", unit=state.name, monday=monday_of(on), **told)


def _exceeded(state: Unit, beyond: Beyond) -> LimitExceeded:
    entries = tuple([burden.entry_id for burden in beyond.entries])
    return LimitExceeded(unit_id=state.unit_id, what=beyond.what, limit=beyond.limit, entries=entries)
