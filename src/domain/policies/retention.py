"""How long must what is said of a person be kept?

MEN regulation of 25 Aug 2017 and the archives' rules: class registers (B5) are kept for five full calendar
years, grade sheets (B50) for fifty, counted from the 1 January after the school year. How to reach somebody,
and what was written to and fro, only while the person belongs to the school.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, date, timedelta
from typing import Final

from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import CONTACTS, GRADE_SHEETS, MESSAGES, REGISTER
from dziennik.contracts.privacy import RetentionRules

USUAL_RETENTION = RetentionRules(register_years=5)
LEAST, MOST = 5, 50
LEAST_SHEETS, MOST_SHEETS = 50, 100

# A grade sheet names the pupil and the parents.
ON_SHEETS = frozenset({Role.PUPIL, Role.PARENT})


def erasable_from(year_ends: date, rules: RetentionRules) -> date:
    """The first day on which texts of somebody last there in the school year with that end may go.

    >>> erasable_from(date(2026, 8, 31), USUAL_RETENTION)
    datetime.date(2032, 1, 1)
    """
    return date(year_ends.year + 1 + rules.register_years, 1, 1)


def sheets_erasable_from(year_ends: date, rules: RetentionRules) -> date:
    """The same of what stands on the grade sheet.

    >>> sheets_erasable_from(date(2026, 8, 31), USUAL_RETENTION)
    datetime.date(2077, 1, 1)
    """
    return date(year_ends.year + 1 + rules.grade_sheet_years, 1, 1)


def terms(last: date, year_ends: date, roles: frozenset[Role], rules: RetentionRules) -> Mapping[str, date]:
    """From when on texts under each class of keys may go, of somebody whose last day was `last`.

    Whoever never stood on a grade sheet has none: what is sealed for it goes with the register.
    """
    register = erasable_from(year_ends, rules)
    sheets = sheets_erasable_from(year_ends, rules) if roles & ON_SHEETS else register
    left = last + timedelta(days=1)
    return {CONTACTS: left, MESSAGES: left, REGISTER: register, GRADE_SHEETS: max(register, sheets)}


# Books of tax are kept until the tax lapses: five years after the end of the calendar year in which it was
# due # (art. 86(1) and 70(1) of the tax ordinance, art. 112 of the VAT act). Tax on a year's income is due
# in the # next.
TAX_YEARS: Final = 5


def forgettable_from(paid: date) -> date:
    """The first day on which it may be forgotten who paid that day.

    >>> forgettable_from(date(2026, 9, 14))
    datetime.date(2033, 1, 1)
    """
    return date(min(paid.year + 1 + TAX_YEARS + 1, MAXYEAR), 1, 1)
