"""The whole published language, loaded: import this for complete FACTS and COMMANDS.

A new context is one more line here.
"""

from __future__ import annotations

from dziennik.contracts import (
    absence_commands,
    absences,
    access,
    accounts,
    archives,
    attachments,
    attendance,
    behaviour,
    board,
    calendar,
    calendar_commands,
    cards,
    classes,
    classification,
    councils,
    counselling,
    curriculum,
    descriptive,
    disputes,
    earlier_grades,
    entitlement,
    finals,
    grades,
    imports,
    lessons,
    messages,
    movement,
    notifications,
    people,
    privacy,
    registers,
    school,
    staff,
    stays,
    studies,
)
from dziennik.contracts.commands import COMMANDS
from dziennik.contracts.facts import FACTS, UPCASTS
from dziennik.contracts.refusals import TEXTS

CONTEXTS = (
    archives,
    school,
    people,
    privacy,
    classes,
    lessons,
    attendance,
    grades,
    imports,
    access,
    accounts,
    classification,
    disputes,
    behaviour,
    councils,
    calendar,
    calendar_commands,
    attachments,
    curriculum,
    staff,
    registers,
    counselling,
    absences,
    absence_commands,
    movement,
    descriptive,
    finals,
    cards,
    earlier_grades,
    stays,
    studies,
    entitlement,
    messages,
    board,
    notifications,
)

__all__ = ["COMMANDS", "CONTEXTS", "FACTS", "TEXTS", "UPCASTS"]
