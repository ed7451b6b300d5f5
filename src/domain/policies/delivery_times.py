"""When does an e-mail about a notice go out? School-local times of day; pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from dziennik.contracts.notifications import SilentHours

# How long to wait after the first, second ... attempt that failed for now; then it is given up.
BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)


def next_daily(after: datetime, daily_at: str) -> datetime:
    """The first moment later than `after` (school-local, aware) at which the day's e-mail goes out."""
    due = _at(after, daily_at)
    return due if due > after else _at(after + timedelta(days=1), daily_at)


def when_loud(at: datetime, quiet: SilentHours | None) -> datetime:
    """The first moment not before `at` (school-local, aware) that is not in the quiet hours."""
    if quiet is None:
        return at
    starts, ends, clock = (
        time.fromisoformat(quiet.starts),
        time.fromisoformat(quiet.ends),
        at.time().replace(second=0, microsecond=0),
    )
    over_midnight = ends <= starts
    inside = (clock >= starts or clock < ends) if over_midnight else starts <= clock < ends
    if not inside:
        return at
    tomorrow = over_midnight and clock >= starts
    return _at(at + timedelta(days=1) if tomorrow else at, quiet.ends)


def next_attempt(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None: it is given up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def _at(day: datetime, clock: str) -> datetime:
    """That time of day; one that the clock skips in spring is an hour later, as clocks show it."""
    return datetime.combine(day.date(), time.fromisoformat(clock), day.tzinfo)
