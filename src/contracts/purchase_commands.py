"""What can be asked for about purchases, and how it is refused. The facts: contracts.purchases."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.purchases import BUYER_NAMES, END_NAMES, BuyerKind, Coverage, OrderLine
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId


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
