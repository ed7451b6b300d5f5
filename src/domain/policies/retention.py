"""How long must the register keep what it says of a person?

MEN regulation of 25 Aug 2017 and the archives' rules: class registers are kept for five full calendar years,
counted from the 1 January after the school year.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.privacy import RetentionRules

USUAL_RETENTION = RetentionRules(register_years=5)
LEAST, MOST = 5, 50


def erasable_from(year_ends: date, rules: RetentionRules) -> date:
    """The first day on which texts of somebody last there in the school year with that end may go.

    >>> erasable_from(date(2026, 8, 31), USUAL_RETENTION)
    datetime.date(2032, 1, 1)
    """
    return date(year_ends.year + 1 + rules.register_years, 1, 1)
