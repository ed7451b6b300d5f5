"""Who ordered what, what was paid for it, whom does it extend from when to when, and which bundles are
approved?

Amounts are whole grosze, VAT included.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from dziennik.contracts import bundles
from dziennik.contracts import purchases as said
from dziennik.contracts.bundles import Approver, BundleApproved
from dziennik.contracts.entitlement import EntitlementAgreed, EntitlementRule
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.purchases import BuyerKind, Coverage, CoverageKind, OrderLine
from dziennik.domain.policies.prices import total_of
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

PURCHASES = ReadModel("purchases", version=1)
on = PURCHASES.on
SCHOOL = "school"  # the target of an extension for everybody


class Paid(msgspec.Struct, frozen=True):
    """A payment that counts for the order, or a refund."""

    id: str
    amount: int
    on: date


# Families see what they pay for themselves, and what is extended for the school, a class, their children.
OF_THE_PAYER = "payer_id = ANY ({pupils})"
NOT_OTHERS = "NOT starts_with(target, 'pupil/') OR substr(target, 7) = ANY ({pupils})"


@PURCHASES.table(
    key=("order_id",),
    indexes=(("reference",), ("payer_id",), ("contract_id",), ("bundle_id",)),
    families=OF_THE_PAYER,
)
class Order(Row, frozen=True):
    """An order. `how` tells how it ended (cancelled, withdrawn, ended), None while it goes on."""

    order_id: str
    reference: str
    buyer: BuyerKind
    payer_id: str | None
    lines: tuple[OrderLine, ...]
    covers: Coverage | None
    on: date
    pay_by: date
    bundle_id: str | None
    renews: str | None
    contract_id: str | None
    placed_at: datetime
    total: int
    credited: int = 0
    refunded: int = 0
    payments: tuple[Paid, ...] = ()
    refunds: tuple[Paid, ...] = ()
    since: date | None = None
    until: date | None = None
    how: str | None = None
    ended_on: date | None = None
    expired: bool = False
    renewed_with: str | None = None

    @property
    def open(self) -> int:
        """What is left to pay; nothing of an order that is over."""
        return 0 if self.how else self.total - self.credited

    @property
    def kept(self) -> int:
        """What was paid and did not go back."""
        return self.credited - self.refunded


@PURCHASES.table(
    key=("target", "order_id", "position"), indexes=(("order_id",), ("until",)), families=NOT_OTHERS
)
class Extension(Row, frozen=True):
    """Accounts extended from `since` to `until`: of a pupil, a class, or the school (`target`), with the
    parents.

    `position` is the activation's; `ended_at` that of the fact by which the last day became `last`.
    """

    target: str
    order_id: str
    position: int
    since: date
    until: date
    ended_at: int | None = None
    last: date | None = None

    def holds(self, day: date, position: int | None = None) -> bool:
        """Whether it holds on that day, as the journal knew at that position (None: as it knows now)."""
        if not self.since <= day <= self.until or (position is not None and self.position > position):
            return False
        known = self.ended_at is not None and (position is None or self.ended_at <= position)
        return not known or (self.last is not None and day <= self.last)


@PURCHASES.table(key=("bundle_id",), families=ALL_ROWS)
class Bundle(Row, frozen=True):
    """A bundle with the approvals that hold."""

    bundle_id: str
    product_id: str
    name: str
    with_what: str
    since: date
    until: date
    approvals: tuple[BundleApproved, ...] = ()

    @property
    def approved(self) -> bool:
        """Whether both approve."""
        return {one.by for one in self.approvals} == set(Approver)


@PURCHASES.table(key=("position",), families=ALL_ROWS)
class Agreed(Row, frozen=True):
    """What was agreed about the school's accounts, in the place of everything agreed before."""

    position: int
    rules: tuple[EntitlementRule, ...]


# How facts change it


@on(said.OrderPlaced)
def order_placed(rows: Rows, fact: said.OrderPlaced, recorded: Recorded) -> None:
    told = msgspec.structs.asdict(fact)
    del told["currency"]
    rows.put(Order(**told, placed_at=recorded.origin.recorded_at, total=total_of(fact.lines)))


@on(said.PaymentCredited)
def payment_credited(rows: Rows, fact: said.PaymentCredited, _: Recorded) -> None:
    row = _order(rows, fact.order_id)
    payments = (*row.payments, Paid(fact.payment_id, fact.amount, fact.on))
    rows.put(replace(row, payments=payments, credited=row.credited + fact.amount))


@on(said.CreditReversed)
def credit_reversed(rows: Rows, fact: said.CreditReversed, _: Recorded) -> None:
    row = _order(rows, fact.order_id)
    left = tuple([paid for paid in row.payments if paid.id != fact.payment_id])
    rows.put(replace(row, payments=left, credited=row.credited - fact.amount))


@on(said.RefundMade)
def refund_made(rows: Rows, fact: said.RefundMade, _: Recorded) -> None:
    row = _order(rows, fact.order_id)
    refunds = (*row.refunds, Paid(fact.refund_id, fact.amount, fact.on))
    rows.put(replace(row, refunds=refunds, refunded=row.refunded + fact.amount))


@on(said.ExtensionActivated)
def extension_activated(rows: Rows, fact: said.ExtensionActivated, recorded: Recorded) -> None:
    row = _order(rows, fact.order_id)
    rows.put(replace(row, since=fact.since, until=fact.until))
    for target in targets_of(row.covers) if row.covers else ():
        rows.put(Extension(target, fact.order_id, recorded.position, fact.since, fact.until))


@on(said.ActivationReversed)
def activation_reversed(rows: Rows, fact: said.ActivationReversed, recorded: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), since=None, until=None))
    _end(rows, fact.order_id, fact.on - timedelta(days=1), recorded)


@on(said.OrderCancelled)
def order_cancelled(rows: Rows, fact: said.OrderCancelled, _: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), how="cancelled", ended_on=fact.on))


@on(said.PurchaseWithdrawn)
def purchase_withdrawn(rows: Rows, fact: said.PurchaseWithdrawn, recorded: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), how="withdrawn", ended_on=fact.on))
    _end(rows, fact.order_id, fact.on, recorded)


@on(said.PurchaseEnded)
def purchase_ended(rows: Rows, fact: said.PurchaseEnded, recorded: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), how="ended", ended_on=fact.on))
    _end(rows, fact.order_id, fact.on, recorded)


@on(said.ExtensionExpired)
def extension_expired(rows: Rows, fact: said.ExtensionExpired, _: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), expired=True))


@on(said.PurchaseRenewed)
def purchase_renewed(rows: Rows, fact: said.PurchaseRenewed, _: Recorded) -> None:
    rows.put(replace(_order(rows, fact.order_id), renewed_with=fact.with_order))


@on(bundles.BundleProposed)
def bundle_proposed(rows: Rows, fact: bundles.BundleProposed, _: Recorded) -> None:
    rows.put(Bundle(**msgspec.structs.asdict(fact)))


@on(bundles.BundleApproved)
def bundle_approved(rows: Rows, fact: bundles.BundleApproved, _: Recorded) -> None:
    row = there(rows.get(Bundle, fact.bundle_id), fact.bundle_id)
    rows.put(replace(row, approvals=(*row.approvals, fact)))


@on(bundles.ApprovalWithdrawn)
def approval_withdrawn(rows: Rows, fact: bundles.ApprovalWithdrawn, _: Recorded) -> None:
    row = there(rows.get(Bundle, fact.bundle_id), fact.bundle_id)
    rows.put(replace(row, approvals=tuple([one for one in row.approvals if one.by is not fact.by])))


@on(EntitlementAgreed)
def entitlement_agreed(rows: Rows, fact: EntitlementAgreed, recorded: Recorded) -> None:
    rows.put(Agreed(recorded.position, fact.rules))


def _order(rows: Rows, order_id: str) -> Order:
    return there(rows.get(Order, order_id), order_id)


def _end(rows: Rows, order_id: str, last: date, recorded: Recorded) -> None:
    for row in rows.find(Extension, order_id=order_id):
        if row.ended_at is None:
            rows.put(replace(row, ended_at=recorded.position, last=last))


# What is asked


def targets_of(covers: Coverage) -> tuple[str, ...]:
    """Under which names an extension is looked for."""
    if covers.kind is CoverageKind.PUPILS:
        return tuple(f"pupil/{pupil_id}" for pupil_id in covers.pupil_ids)
    return (f"class/{covers.class_id}",) if covers.kind is CoverageKind.CLASS else (SCHOOL,)


def orders(view: View) -> list[Order]:
    """All orders in the order placed."""
    return sorted(view.find(Order), key=lambda row: (row.placed_at, row.order_id))


def of_payer(view: View, payer_id: str) -> list[Order]:
    """What a person ordered or pays for, the latest first."""
    found = view.find(Order, payer_id=payer_id)
    return sorted(found, key=lambda row: (row.placed_at, row.order_id), reverse=True)


def with_reference(view: View, reference: str) -> Order | None:
    """The order that a transfer's title names."""
    found = view.find(Order, reference=reference)
    return found[0] if found else None


def bundles_of(view: View) -> list[Bundle]:
    """All bundles, by their first day."""
    return sorted(view.find(Bundle), key=lambda row: (row.since, row.bundle_id))


def agreed(view: View, position: int | None = None) -> tuple[EntitlementRule, ...]:
    """What is agreed about accounts, as the journal knew at that position (None: as it knows now)."""
    found = [row for row in view.find(Agreed) if position is None or row.position <= position]
    return found[-1].rules if found else ()
