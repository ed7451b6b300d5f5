"""How do the file's categories get into a year's grading rules?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from dziennik.contracts.values import GradeCategory, GradingRules
from dziennik.imports.oneroster.picture import Seen
from dziennik.imports.oneroster.rows import CategoryRow

# A category without a weight counts once.
WEIGHT = Decimal(1)

Known = Mapping[str, Seen[tuple[str, Decimal]]]


def with_categories(
    rules: GradingRules, wanted: Mapping[str, CategoryRow], known: Known, *, replace: bool
) -> tuple[GradingRules, int, int]:
    """The rules with these categories, how many are new and how many changed.

    `replace`: a new year takes the file's categories instead of the usual ones, if it has any.
    """
    categories = {} if replace and wanted else {one.category_id: one for one in rules.categories}
    added = changed = 0
    for category_id, row in wanted.items():
        weight = WEIGHT if row.weight is None else row.weight
        seen = known.get(category_id)
        if category_id in categories and (seen is None or not seen.news((row.title, weight))):
            continue
        before = categories.get(category_id)
        added += before is None
        changed += before is not None
        categories[category_id] = (
            msgspec.structs.replace(before, name=row.title, weight=weight)
            if before
            else GradeCategory(
                category_id=category_id,
                name=row.title,
                symbol=_symbol(row.title, {one.symbol for one in categories.values()}),
                weight=weight,
            )
        )
    return msgspec.structs.replace(rules, categories=tuple(categories.values())), added, changed


def _symbol(title: str, taken: set[str]) -> str:
    """Initials, with a number where another category bears them."""
    initials = "".join(word[0] for word in title.split() if word[0].isalnum())[:3].upper() or "K"
    symbol, number = initials, 2
    while symbol in taken:
        symbol, number = f"{initials}{number}", number + 1
    return symbol
