"""Which comforts may somebody use? Families by the dated table of entitlement, the staff all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Final, TypeAlias

from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.entitlement import use_of
from dziennik.projections.rows import View

# Whether a person has a valid extension of their account on a day.
Extended: TypeAlias = Callable[[View, str, date], bool]

_FAMILY: Final = {Role.PARENT: AccountKind.PARENT, Role.PUPIL: AccountKind.PUPIL}


def nobody(_: View, __: str, ___: date) -> bool:
    """Where nothing is sold nobody has an extension."""
    return False


def may_use(
    feature: Feature, view: View, person_id: str, roles: Collection[Role], day: date, extended: Extended
) -> bool:
    """Whether the person may use the feature on that day, in any of their roles."""
    kinds = {_FAMILY[role] for role in roles if role in _FAMILY}
    if len(kinds) < len(set(roles)):
        return True
    if not kinds:
        return False
    has = extended(view, person_id, day)
    return any(use_of(feature, kind, day, extended=has).allowed for kind in kinds)
