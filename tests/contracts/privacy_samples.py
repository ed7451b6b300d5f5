"""One sample of every fact of privacy, with every field filled."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import privacy
from dziennik.contracts.facts import Fact

PRIVACY: tuple[Fact, ...] = (
    privacy.RetentionRulesSet(
        since=date(2026, 9, 1), rules=privacy.RetentionRules(register_years=6, grade_sheet_years=60)
    ),
    privacy.PersonErased(
        person_id="p1",
        key_classes=("contacts", "register"),
        basis="wniosek z 2.01.2032",
        allowed_from=date(2032, 1, 1),
    ),
)
