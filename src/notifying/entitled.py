"""Which comforts may somebody use? Families as purchases and dated rules say, the staff all of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.projections import entitlements
from dziennik.projections.rows import View

_FAMILY: Final = {Role.PARENT: AccountKind.PARENT, Role.PUPIL: AccountKind.PUPIL}


def may_use(
    feature: Feature, view: View, roles: Collection[Role], pupils: Collection[str], day: date
) -> bool:
    """Whether somebody in these roles may use the feature for these pupils on that day."""
    if any(role not in _FAMILY for role in roles):
        return True
    return any(entitlements.use(view, feature, _FAMILY[role], pupils, day).allowed for role in roles)
