"""What does an account of a family have on a day, and by which purchase?

Asked of the read models `purchases`, `loyalty` (the contract), `people` and `structure`. An extension is
bought for a pupil, a class or the school; with a pupil's come the parents'. Of a past moment: what the
journal knew then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.entitlement import Use, Why, use_of
from dziennik.projections import loyalty, purchases, structure
from dziennik.projections.dated import in_force
from dziennik.projections.people import ParentalRight, RoleHeld
from dziennik.projections.purchases import SCHOOL, Extension
from dziennik.projections.rows import Span, View


class Entitled(msgspec.Struct, frozen=True):
    """Whether an account is extended on a day, by these purchases, until when (the latest)."""

    on: date
    orders: tuple[str, ...]
    until: date | None

    @property
    def extended(self) -> bool:
        """Whether there is a valid extension."""
        return bool(self.orders)


def of_pupils(
    view: View,
    pupil_ids: Iterable[str],
    on: date,
    *,
    position: int | None = None,
    then: View | None = None,
) -> Entitled:
    """What extends any of the pupils on that day. `then`: the register as it stood, for a past moment."""
    targets = [SCHOOL]
    for pupil_id in dict.fromkeys(pupil_ids):
        enrolments = (then or view).find(structure.Enrolment, pupil_id=pupil_id)
        targets += [
            f"pupil/{pupil_id}",
            *(f"class/{row.class_id}" for row in enrolments if in_force(row, on)),
        ]
    found = [
        row
        for target in dict.fromkeys(targets if len(targets) > 1 else ())
        for row in view.find(Extension, target=target)
        if row.holds(on, position)
    ]
    orders = tuple(dict.fromkeys(row.order_id for row in found))
    return Entitled(on, orders, max((row.until for row in found), default=None))


def of_parent(view: View, parent_id: str, on: date) -> Entitled:
    """What extends any of the parent's children on that day."""
    rights = view.find(ParentalRight, parent_id=parent_id)
    return of_pupils(view, [right.pupil_id for right in rights if in_force(right, on)], on)


def use(
    view: View,
    feature: Feature,
    kind: AccountKind,
    pupil_ids: Iterable[str],
    on: date,
    *,
    position: int | None = None,
    then: View | None = None,
) -> Use:
    """Whether an account of that kind may use a feature for these pupils, by the rule of that day.

    In a school without a contract on that day nothing is sold, and nothing is kept from anybody.
    """
    if loyalty.contract_on(view, on, position) is None:
        return Use(feature=feature, allowed=True, why=Why.NOT_SOLD)
    rules = purchases.agreed(view, position)
    free = use_of(feature, kind, on, extended=False, agreed=rules)
    if free.allowed:
        return free
    extended = of_pupils(view, pupil_ids, on, position=position, then=then).extended
    return use_of(feature, kind, on, extended=extended, agreed=rules)


def pupil_feed_allowed(view: View, pupil_id: str, on: date) -> bool:
    """Whether the pupil's family may subscribe to the pupil's calendar on that day."""
    return use(view, Feature.CALENDAR_FEEDS, AccountKind.PARENT, [pupil_id], on).allowed


def everybody(view: View, on: date) -> dict[str, bool]:
    """Every pupil and parent of the school on that day, by person: whether the account is extended."""
    held = [row for row in view.find(RoleHeld, role=Role.PUPIL) if in_force(row, on)]
    pupils = {row.person_id for row in held}
    covered = _covered(view, pupils, on)
    found = {pupil_id: pupil_id in covered for pupil_id in sorted(pupils)}
    for right in view.find(ParentalRight):
        if right.pupil_id in pupils and in_force(right, on):
            found[right.parent_id] = found.get(right.parent_id, False) or right.pupil_id in covered
    return found


def _covered(view: View, pupils: set[str], on: date) -> set[str]:
    """Those of the pupils who are extended, with few questions however many they are."""
    rows = [row for row in view.find(Extension, until=Span(on, None)) if row.holds(on)]
    targets = {row.target for row in rows}
    if SCHOOL in targets:
        return pupils
    covered = {target.removeprefix("pupil/") for target in targets if target.startswith("pupil/")} & pupils
    for target in sorted(targets):
        if target.startswith("class/"):
            enrolled = view.find(structure.Enrolment, class_id=target.removeprefix("class/"))
            covered |= {row.pupil_id for row in enrolled if in_force(row, on)}
    return covered
