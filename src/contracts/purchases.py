"""Purchases: who ordered what for whom, what was paid, what took effect and what became of it.

Stream ``purchase/{order}``, in the journal of the school whose pupils or contract it is about. Amounts are
whole grosze, VAT included. Nothing is ever changed: whatever was wrong is reversed by a fact of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.offers import ProductKind, Vat
from dziennik.contracts.refusals import Reason
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


@command("purchases.place_order")
class PlaceOrder(Command, frozen=True, kw_only=True):
    """Order at the prices of the day; without a day the extension holds to the next 30 June."""

    order_id: str
    reference: str
    buyer: BuyerKind
    lines: tuple[OrderLine, ...]
    covers: Coverage | None = None
    payer_id: PersonId | None = None
    bundle_id: str | None = None
    renews: str | None = None


@command("purchases.cancel_order")
class CancelOrder(Command, frozen=True, kw_only=True):
    """Call off an order of which nothing is paid."""

    order_id: str
    reason: str


@command("purchases.credit_payment")
class CreditPayment(Command, frozen=True, kw_only=True):
    """Count a payment for an order; paid in full, it takes effect."""

    order_id: str
    payment_id: str
    amount: int
    on: date


@command("purchases.reverse_credit")
class ReverseCredit(Command, frozen=True, kw_only=True):
    """Take back that a payment counts for an order; what took effect by it is reversed too."""

    order_id: str
    payment_id: str
    reason: str


@command("purchases.activate_order")
class ActivateOrder(Command, frozen=True, kw_only=True):
    """Let a paid order take effect, once its bundle is approved by both."""

    order_id: str


@command("purchases.withdraw_from_purchase")
class WithdrawFromPurchase(Command, frozen=True, kw_only=True):
    """Withdraw within 14 days; what was paid goes back."""

    order_id: str


@command("purchases.end_purchase")
class EndPurchase(Command, frozen=True, kw_only=True):
    """End a purchase before its time; what was paid may then go back, whole or in part."""

    order_id: str
    reason: str


@command("purchases.expire_extension")
class ExpireExtension(Command, frozen=True, kw_only=True):
    """Put on record that an extension's last day is over."""

    order_id: str


@command("purchases.refund_purchase")
class RefundPurchase(Command, frozen=True, kw_only=True):
    """Pay back what was paid for an order that is over, or a part of it."""

    order_id: str
    refund_id: str
    amount: int
    reason: str


NO_SUCH_ORDER = Reason(
    "PURCHASES.NO_SUCH_ORDER",
    pl="Nie ma zamówienia {order}.",
    en="There is no order {order}.",
)
ORDER_EXISTS = Reason(
    "PURCHASES.ORDER_EXISTS",
    pl="Zamówienie {order} już jest i mówi co innego.",
    en="The order {order} is there already, and differs.",
)
NOT_A_PUPIL_HERE = Reason(
    "PURCHASES.NOT_A_PUPIL_HERE",
    pl="Osoba {pupil} nie jest w dniu {on} uczniem tej szkoły. Zamów w szkole, do której chodzi.",
    en="On {on} {pupil} is no pupil of this school. Order in the school that they attend.",
)
NOT_YOUR_CHILD = Reason(
    "PURCHASES.NOT_YOUR_CHILD",
    pl="Rodzic zamawia dla własnych dzieci.",
    en="Parents order for their own children.",
)
NOT_YOUR_ORDER = Reason(
    "PURCHASES.NOT_YOUR_ORDER",
    pl="To nie jest Twoje zamówienie.",
    en="This order is not yours.",
)
PAYER_UNFIT = Reason(
    "PURCHASES.PAYER_UNFIT",
    pl="Ta osoba nie może płacić jako {buyer}. Wskaż rodzica albo osobę w roli płatnika.",
    en="This person cannot pay as {buyer}. Name a parent, or somebody with the role of a sponsor.",
    words={"buyer": BUYER_NAMES},
)
NO_PUPIL_DATA = Reason(
    "PURCHASES.NO_PUPIL_DATA",
    pl="Dostawca nie zamawia dla uczniów z imienia: robi to szkoła albo rodzic.",
    en="The provider does not order for pupils by name: the school or a parent does.",
)
COVERAGE_UNSOUND = Reason(
    "PURCHASES.COVERAGE_UNSOUND",
    pl="Podaj, dla kogo jest konto rozszerzone (uczniowie, oddział, szkoła), najwyżej na {months} miesięcy.",
    en="Say whom the extension is for: pupils, a class or the school, for {months} months at most.",
)
BEGINS_TOO_LATE = Reason(
    "PURCHASES.BEGINS_TOO_LATE",
    pl="Konto rozszerzone można zamówić najwyżej {days} dni naprzód, od {last} najpóźniej.",
    en="An extension can be ordered {days} days ahead at most, from {last} on at the latest.",
)
COUNT_DIFFERS = Reason(
    "PURCHASES.COUNT_DIFFERS",
    pl="Zamówiono {count} szt., a objętych jest {covered}.",
    en="{count} pieces are ordered, while {covered} are covered.",
)
SUM_UNSOUND = Reason(
    "PURCHASES.SUM_UNSOUND",
    pl="Kwota {amount} gr nie jest kwotą, którą można zapłacić.",
    en="{amount} grosze is no sum that can be paid.",
)
NOT_PAID = Reason(
    "PURCHASES.NOT_PAID",
    pl="Zapłacono {paid} z {total} gr. Konto rozszerzone działa po wpłacie całości.",
    en="{paid} of {total} grosze are paid. The extension takes effect when all is paid.",
)
PAID_ALREADY = Reason(
    "PURCHASES.PAID_ALREADY",
    pl="Do zapłaty zostało {open} gr, wpłata ma {amount} gr. Nadwyżkę zwróć.",
    en="{open} grosze are left to pay, the payment is of {amount}. Return what is too much.",
)
PAYMENT_DIFFERS = Reason(
    "PURCHASES.PAYMENT_DIFFERS",
    pl="Wpłatę {payment} zaliczono już na to zamówienie, w innej kwocie.",
    en="The payment {payment} counts for this order already, with another amount.",
)
NO_SUCH_CREDIT = Reason(
    "PURCHASES.NO_SUCH_CREDIT",
    pl="Wpłaty {payment} nie zaliczono na to zamówienie.",
    en="The payment {payment} does not count for this order.",
)
ORDER_IS_OVER = Reason(
    "PURCHASES.ORDER_IS_OVER",
    pl="Zamówienie jest zakończone ({how}). Złóż nowe.",
    en="The order is over ({how}). Place a new one.",
    words={"how": END_NAMES},
)
ALREADY_PAID_FOR = Reason(
    "PURCHASES.ALREADY_PAID_FOR",
    pl="Na to zamówienie wpłacono już {paid} gr. Odstąp od niego albo zakończ je i zwróć wpłatę.",
    en="{paid} grosze are paid for this order already. Withdraw from it, or end it, and refund.",
)
NOT_ACTIVE = Reason(
    "PURCHASES.NOT_ACTIVE",
    pl="Konto rozszerzone z tego zamówienia nie działa.",
    en="The extension of this order is not in effect.",
)
STILL_ACTIVE = Reason(
    "PURCHASES.STILL_ACTIVE",
    pl="Konto rozszerzone działa do {until}.",
    en="The extension is in effect until {until}.",
)
ORDER_GOES_ON = Reason(
    "PURCHASES.ORDER_GOES_ON",
    pl="Zamówienie trwa. Zakończ je albo od niego odstąp, potem zwróć wpłatę.",
    en="The order goes on. End it or withdraw from it, then refund.",
)
NOTHING_PAID = Reason(
    "PURCHASES.NOTHING_PAID",
    pl="Na to zamówienie nic nie wpłacono. Anuluj je.",
    en="Nothing is paid for this order. Cancel it.",
)
TOO_LATE_TO_WITHDRAW = Reason(
    "PURCHASES.TOO_LATE_TO_WITHDRAW",
    pl="Odstąpić można było do {until}.",
    en="One could withdraw until {until}.",
)
NO_RIGHT_TO_WITHDRAW = Reason(
    "PURCHASES.NO_RIGHT_TO_WITHDRAW",
    pl="Prawo odstąpienia w 14 dni ma konsument (rodzic), nie {buyer}.",
    en="A consumer (a parent) may withdraw within 14 days, not: {buyer}.",
    words={"buyer": BUYER_NAMES},
)
REFUND_TOO_HIGH = Reason(
    "PURCHASES.REFUND_TOO_HIGH",
    pl="Zwrócić można najwyżej {most} gr, nie {amount}.",
    en="At most {most} grosze can be refunded, not {amount}.",
)
REFUND_EXISTS = Reason(
    "PURCHASES.REFUND_EXISTS",
    pl="Zwrot {refund} już jest, w innej kwocie.",
    en="The refund {refund} is there already, with another amount.",
)
DAY_IN_FUTURE = Reason(
    "PURCHASES.DAY_IN_FUTURE",
    pl="Dzień wpłaty, {on}, jeszcze nie nadszedł.",
    en="The day of the payment, {on}, has not come yet.",
)
