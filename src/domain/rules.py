"""All rules, loaded: import this before deciding.

A new context is one more line here.
"""

from __future__ import annotations

from dziennik.domain import (
    attendance,
    classes,
    classification,
    closed_years,
    grade_columns,
    grade_corrections,
    grades,
    imports,
    lessons,
    people,
    promoting,
    school,
)

LOADED = (
    school,
    people,
    classes,
    lessons,
    attendance,
    grade_columns,
    grades,
    grade_corrections,
    classification,
    promoting,
    closed_years,
    imports,
)
