"""Until when is somebody not to be told of what came for them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dziennik.contracts.messages import QuietHours

MOST: Final = 14  # spans of one person
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)


def quiet_until(hours: Sequence[QuietHours], now: datetime) -> datetime | None:
    """When the quiet in which `now` lies is over; None: it is not quiet. School-local times without zone.

    Quiet hours that follow each other without a gap are one quiet.

    >>> evenings = QuietHours(starts="20:00", ends="06:30", weekdays=(1, 2, 3, 4, 7))
    >>> quiet_until([evenings], datetime(2026, 10, 5, 21, 15))
    datetime.datetime(2026, 10, 6, 6, 30)
    """
    until = now
    for _ in range(2 * 7 + 1):  # a week that is all quiet ends somewhere nevertheless
        later = max((end for one in hours if (end := _end(one, until))), default=until)
        if later <= until:
            break
        until = later
    return until if until > now else None


def is_sound(hours: Sequence[QuietHours]) -> bool:
    """Whether all are clock times that differ, on weekdays told once."""
    return len(hours) <= MOST and all(
        _CLOCK.match(one.starts)
        and _CLOCK.match(one.ends)
        and one.starts != one.ends
        and one.weekdays
        and len(set(one.weekdays)) == len(one.weekdays)
        and set(one.weekdays) <= set(range(1, 8))
        for one in hours
    )


def _end(hours: QuietHours, now: datetime) -> datetime | None:
    """The end of the span that `now` lies in, if it began yesterday or today."""
    for days in (1, 0):
        day = now - timedelta(days=days)
        if day.isoweekday() not in hours.weekdays:
            continue
        starts, ends = _at(day, hours.starts), _at(day, hours.ends)
        if ends <= starts:
            ends += timedelta(days=1)
        if starts <= now < ends:
            return ends
    return None


def _at(day: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
