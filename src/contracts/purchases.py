"""Purchases: who ordered what for whom, what was paid, what took effect and what became of it.

Stream ``purchase/{order}``, in the journal of the school whose pupils or contract it is about. Amounts are
whole grosze, VAT included. Nothing is ever changed: whatever was wrong is reversed by a fact of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.offers import ProductKind, Vat
from dziennik.contracts.values import PersonId, UnitId, Value


class BuyerKind(StrEnum):
    """Who pays (the terms name them: schools, local authorities, parents' councils with parents,
    sponsors).
    """

    PARENT = "parent"
    PARENTS_COUNCIL = "parents_council"
    SCHOOL = "school"
    AUTHORITY = "authority"
    SPONSOR = "sponsor"


BUYER_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    BuyerKind.PARENT: ("rodzic", "a parent"),
    BuyerKind.PARENTS_COUNCIL: ("rada rodziców", "the parents' council"),
    BuyerKind.SCHOOL: ("szkoła", "the school"),
    BuyerKind.AUTHORITY: ("samorząd", "the local authority"),
    BuyerKind.SPONSOR: ("sponsor", "a sponsor"),
}
# How an order ended.
END_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "cancelled": ("anulowane", "cancelled"),
    "withdrawn": ("odstąpiono", "withdrawn from"),
    "ended": ("zakończone", "ended"),
}


class CoverageKind(StrEnum):
    """Whom an extension is for, each with the parents: pupils by name, a class, the whole school."""

    PUPILS = "pupils"
    CLASS = "class"
    SCHOOL = "school"


class Coverage(Value, frozen=True, kw_only=True):
    """For whom, from `since` to `until`, both included."""

    kind: CoverageKind
    since: date
    until: date
    pupil_ids: tuple[PersonId, ...] = ()
    class_id: UnitId | None = None


class OrderLine(Value, frozen=True, kw_only=True):
    """So many pieces at this price, by that list (None: individually agreed)."""

    product_id: str
    name: str
    kind: ProductKind
    count: int
    unit_gross: int
    vat: Vat
    list_id: str | None = None


@fact("purchases.order_placed.1")
class OrderPlaced(Fact, frozen=True, kw_only=True):
    """Somebody ordered. `reference` is the title of the transfer; `payer_id` the payer among the school's
    people.

    `renews` names the order that this one goes on from; `contract_id` the school's contract whose fee it is.
    """

    order_id: str
    reference: str
    buyer: BuyerKind
    payer_id: PersonId | None
    lines: tuple[OrderLine, ...]
    covers: Coverage | None
    on: date
    pay_by: date
    bundle_id: str | None = None
    renews: str | None = None
    contract_id: str | None = None
    currency: str = "PLN"


@fact("purchases.order_cancelled.1")
class OrderCancelled(Fact, frozen=True, kw_only=True):
    """Nothing had been paid; nothing is owed any more."""

    order_id: str
    on: date
    reason: str


@fact("purchases.payment_credited.1")
class PaymentCredited(Fact, frozen=True, kw_only=True):
    """A payment, or part of one, counts for the order. `payment_id` names it in the provider's journal."""

    order_id: str
    payment_id: str
    amount: int
    on: date


@fact("purchases.credit_reversed.1")
class CreditReversed(Fact, frozen=True, kw_only=True):
    """The payment does not count for the order any more: it was another's, or the bank took it back."""

    order_id: str
    payment_id: str
    amount: int
    reason: str


@fact("purchases.extension_activated.1")
class ExtensionActivated(Fact, frozen=True, kw_only=True):
    """Paid in full (a bundle: approved by both as well), the extension holds from `since` to `until`."""

    order_id: str
    since: date
    until: date


@fact("purchases.activation_reversed.1")
class ActivationReversed(Fact, frozen=True, kw_only=True):
    """The extension should not have been: from now on nobody has it of this order."""

    order_id: str
    on: date
    reason: str


@fact("purchases.purchase_withdrawn.1")
class PurchaseWithdrawn(Fact, frozen=True, kw_only=True):
    """A consumer withdrew within 14 days (art. 27 of the consumer rights act); the extension's last day is
    `on`.
    """

    order_id: str
    on: date


@fact("purchases.purchase_ended.1")
class PurchaseEnded(Fact, frozen=True, kw_only=True):
    """It ended before its time (a complaint, an agreement); the extension's last day is `on`."""

    order_id: str
    on: date
    reason: str


@fact("purchases.extension_expired.1")
class ExtensionExpired(Fact, frozen=True, kw_only=True):
    """Its last day, `until`, is over."""

    order_id: str
    until: date


@fact("purchases.purchase_renewed.1")
class PurchaseRenewed(Fact, frozen=True, kw_only=True):
    """It goes on with another order."""

    order_id: str
    with_order: str


@fact("purchases.refund_made.1")
class RefundMade(Fact, frozen=True, kw_only=True):
    """Money went back to whom had paid."""

    order_id: str
    refund_id: str
    amount: int
    on: date
    reason: str
