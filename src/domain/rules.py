"""All rules, loaded: import this before deciding.

A new context is one more line here.
"""

from __future__ import annotations

from dziennik.domain import (
    attendance,
    behaviour_grades,
    behaviour_notes,
    behaviour_rules,
    calendar_days,
    calendar_entries,
    calendar_feeds,
    classes,
    classification,
    closed_years,
    councils,
    counselling,
    curriculum,
    disputes,
    grade_columns,
    grade_corrections,
    grades,
    imports,
    lessons,
    people,
    promoting,
    registers,
    school,
    staff,
)

LOADED = (
    behaviour_grades,
    behaviour_notes,
    behaviour_rules,
    councils,
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
    disputes,
    calendar_entries,
    calendar_days,
    calendar_feeds,
    curriculum,
    imports,
    staff,
    registers,
    counselling,
)
