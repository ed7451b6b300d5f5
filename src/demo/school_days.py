"""On which days is there school?

Public holidays by the act of 18 January 1951 on days off work (with 24 December since 2025), movable ones
reckoned from Easter; breaks by the MEN regulation on the organisation of the school year (winter holidays
here: the province of Łódź); no lessons on the Day of National Education (art. 74 of the Teachers' Charter).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

Spans = tuple[tuple[date, date], ...]  # first and last days

FIXED: Final = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26))
EDUCATION_DAY: Final = (10, 14)
# First and last days of breaks that follow no formula.
BREAKS: Final = (
    (date(2025, 12, 22), date(2025, 12, 31)),
    (date(2026, 2, 2), date(2026, 2, 15)),
    (date(2026, 12, 23), date(2026, 12, 31)),
)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def last_day_of_lessons(begins: int) -> date:
    """The Friday after 20 June (s. 2(1) of the MEN regulation) of the year that began then."""
    day = date(begins + 1, 6, 21)
    return day + timedelta(days=(4 - day.weekday()) % 7)


def is_school_day(day: date, closed: Spans = ()) -> bool:
    """Monday to Friday, no holiday, no break; `closed`: when this school has none besides."""
    sunday = easter(day.year)
    if day.weekday() >= 5 or (day.month, day.day) in (*FIXED, EDUCATION_DAY):
        return False
    if any(first <= day <= last for first, last in (*BREAKS, *closed)):
        return False
    # Spring break from Maundy Thursday to the Tuesday after Easter; Corpus Christi and the Friday after it.
    from_easter = (day - sunday).days
    return not (-3 <= from_easter <= 2 or from_easter in (60, 61))


def breaks(first: date, last: date, closed: Spans = ()) -> list[tuple[date, date]]:
    """(first, last) of the weekdays without school; what only a weekend parts is one break."""
    runs: list[tuple[date, date]] = []
    day = first
    while day <= last:
        if day.weekday() < 5 and not is_school_day(day, closed):
            weekend = 3 if day.weekday() == 0 else 1
            if runs and (day - runs[-1][1]).days <= weekend:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        day += timedelta(days=1)
    return runs


def school_days(first: date, last: date, closed: Spans = ()) -> Iterator[date]:
    """The school days from `first` to `last`, both included."""
    day = first
    while day <= last:
        if is_school_day(day, closed):
            yield day
        day += timedelta(days=1)
