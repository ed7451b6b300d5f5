"""Random but possible buying: a contract, orders that are paid, extended, ended, refunded, points, bundles.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from dziennik.contracts import agreement, bundles, cards, entitlement, loyalty, streams
from dziennik.contracts import purchases as said
from dziennik.contracts.loyalty import Book, EntryKind, Posting
from dziennik.contracts.offers import CatalogueItem, PointsKind, ProductKind, Vat
from dziennik.domain.policies.prices import total_of

if TYPE_CHECKING:
    from tests.projections.histories import History

F = TypeVar("F")
FIRST, JUNE = date(2026, 9, 1), date(2027, 6, 30)
LINE = said.OrderLine(
    product_id="konto", name="Konto", kind=ProductKind.EXTENSION, count=1, unit_gross=3900, vat=Vat.V23
)
ITEM = CatalogueItem(
    item_id="k", name="Karty", kind=ProductKind.CARDS, points_kind=PointsKind.PLUS, points=8, cards=90
)
FOR = (
    said.Coverage(kind=said.CoverageKind.PUPILS, since=FIRST, until=JUNE, pupil_ids=("ada", "cy")),
    said.Coverage(kind=said.CoverageKind.CLASS, since=FIRST, until=JUNE, class_id="A"),
    said.Coverage(kind=said.CoverageKind.SCHOOL, since=FIRST, until=JUNE),
)


def placed(
    order_id: str, covers: said.Coverage | None = FOR[0], contract: str | None = None
) -> said.OrderPlaced:
    return said.OrderPlaced(
        order_id=order_id,
        reference=f"DZ-{order_id}",
        buyer=said.BuyerKind.PARENT,
        payer_id="parent",
        lines=(LINE,),
        covers=covers,
        on=FIRST,
        pay_by=FIRST + timedelta(days=14),
        contract_id=contract,
    )


def trade(history: History, chance: int) -> None:
    """One thing about buying that is possible now; others do nothing."""
    (_order, _pay, _end, _bundle, _contract, _points, _pay, _back)[chance % 8](history, chance // 8)


def _order(history: History, chance: int) -> None:
    order_id = f"o{len(history.recorded)}"
    history.tell(streams.purchase(order_id), placed(order_id, FOR[chance % 3]))


def _pay(history: History, chance: int) -> None:
    for order in _open(history)[chance % 3 :][:1]:
        paid = said.PaymentCredited(
            order_id=order.order_id,
            payment_id=f"p{len(history.recorded)}",
            amount=total_of(order.lines),
            on=FIRST,
        )
        since = FIRST + timedelta(days=chance % 5)
        active = said.ExtensionActivated(order_id=order.order_id, since=since, until=JUNE)
        history.tell(streams.purchase(order.order_id), paid, active)


def _end(history: History, chance: int) -> None:
    for active in _active(history)[chance % 2 :][:1]:
        order_id, on = active.order_id, active.since + timedelta(days=chance % 7)
        fact = (
            said.PurchaseWithdrawn(order_id=order_id, on=on),
            said.PurchaseEnded(order_id=order_id, on=on, reason="reklamacja"),
            said.ExtensionExpired(order_id=order_id, until=JUNE),
        )[chance % 3]
        history.tell(streams.purchase(order_id), fact)


def _back(history: History, chance: int) -> None:
    for paid in _of(history, said.PaymentCredited)[chance % 3 :][:1]:
        stream = streams.purchase(paid.order_id)
        gone = {one.payment_id for one in _of(history, said.CreditReversed)}
        if any(one.order_id == paid.order_id for one in _active(history)) and paid.payment_id not in gone:
            reversed_ = said.CreditReversed(
                order_id=paid.order_id, payment_id=paid.payment_id, amount=paid.amount, reason="bank"
            )
            undone = said.ActivationReversed(order_id=paid.order_id, on=FIRST, reason="bank")
            history.tell(stream, reversed_, undone)
        elif paid.payment_id not in gone:
            refund_id = f"r{len(history.recorded)}"
            history.tell(
                stream,
                said.RefundMade(
                    order_id=paid.order_id, refund_id=refund_id, amount=chance + 1, on=FIRST, reason="zwrot"
                ),
                said.PurchaseRenewed(order_id=paid.order_id, with_order="next"),
            )


def _bundle(history: History, chance: int) -> None:
    known = _of(history, bundles.BundleProposed)
    if not known:
        proposed = bundles.BundleProposed(
            bundle_id="nnw", product_id="konto", name="NNW", with_what="NNW", since=FIRST, until=JUNE
        )
        history.tell(streams.bundle("nnw"), proposed)
        return
    by = tuple(bundles.Approver)[chance % 2]
    fact = (
        bundles.BundleApproved(bundle_id="nnw", by=by, document="uchwała", on=FIRST),
        bundles.ApprovalWithdrawn(bundle_id="nnw", by=by, reason="inna polisa"),
    )[chance // 2 % 2]
    history.tell(streams.bundle("nnw"), fact)


def _contract(history: History, chance: int) -> None:
    signed = _of(history, agreement.ContractSigned)
    if not signed or chance % 5 == 4:
        contract_id = f"u{len(history.recorded)}"
        history.tell(
            streams.AGREEMENT,
            agreement.ContractSigned(
                contract_id=contract_id, number="7", on=FIRST, since=FIRST, until=JUNE, pupils=4,
                lines=(LINE,), cards=5000, reminder_days=60,
            ),
        )  # fmt: skip
        history.tell(streams.purchase(contract_id), placed(contract_id, None, contract_id))
        grant = cards.StockGranted(grant_id=contract_id, count=5000, basis="umowa")
        history.tell(streams.CARD_STOCK, grant)
        history.tell(
            streams.purchase(contract_id), said.OrderCancelled(order_id=contract_id, on=FIRST, reason="x")
        )
        rule = entitlement.EntitlementRule(
            feature=entitlement.Feature.DAY_DIGEST,
            kind=entitlement.AccountKind.PARENT,
            level=entitlement.Level.BASIC,
            since=FIRST,
        )
        history.tell(streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(rule,) * (chance % 2)))
        return
    contract_id = signed[-1].contract_id
    fact = (
        agreement.ContractRenewed(
            contract_id=contract_id, year=2, since=JUNE, until=JUNE, pupils=5, lines=(LINE,)
        ),
        agreement.RenewalReminded(contract_id=contract_id, until=JUNE, on=FIRST),
        agreement.ContractEnded(contract_id=contract_id, on=JUNE, reason="koniec"),
        agreement.DataHandedOver(contract_id=contract_id, on=JUNE, position=7, root="ab", archives=()),
    )[chance % 4]
    history.tell(streams.AGREEMENT, fact)


def _points(history: History, chance: int) -> None:
    number, kind = f"n{len(history.recorded)}", tuple(PointsKind)[chance % 2]
    chosen = loyalty.RewardChosen(school_year="2026/2027", choice=tuple(loyalty.RewardChoice)[chance % 2])
    granted = loyalty.RewardGranted(
        grant_id=number, school_year="2026/2027", account_ids=("a", "b"), choice=chosen.choice,
        rule_since=FIRST, cards=0, on=FIRST,
    )  # fmt: skip
    posted = _entry(number, EntryKind.GRANT, kind, Book.ISSUED, Book.BALANCE, chance + 1)
    spent = loyalty.RewardSpent(spend_id=number, item=ITEM, count=chance + 1, on=FIRST)
    used = _entry(number, EntryKind.SPEND, kind, Book.BALANCE, Book.SPENT, 1)
    back = loyalty.SpendingReversed(spend_id=number, reason="brak", on=FIRST)
    facts = (chosen, granted, posted, spent, used, back)
    history.tell(streams.LOYALTY, *facts[: 6 - chance % 2])


def _entry(
    entry_id: str, entry: EntryKind, kind: PointsKind, off: Book, onto: Book, points: int
) -> loyalty.PointsPosted:
    sides = (Posting(book=off, kind=kind, points=-points), Posting(book=onto, kind=kind, points=points))
    return loyalty.PointsPosted(entry_id=entry_id, entry=entry, postings=sides, on=FIRST, expires=JUNE)


def _open(history: History) -> list[said.OrderPlaced]:
    paid = {one.order_id for one in _of(history, said.PaymentCredited)}
    over = {one.order_id for one in _of(history, said.OrderCancelled)}
    return [one for one in _of(history, said.OrderPlaced) if one.order_id not in paid | over]


def _active(history: History) -> list[said.ExtensionActivated]:
    over = {one.order_id for one in _of(history, said.PurchaseWithdrawn)}
    over |= {one.order_id for one in _of(history, said.PurchaseEnded)}
    over |= {one.order_id for one in _of(history, said.ExtensionExpired)}
    over |= {one.order_id for one in _of(history, said.ActivationReversed)}
    return [one for one in _of(history, said.ExtensionActivated) if one.order_id not in over]


def _of(history: History, kind: type[F]) -> list[F]:
    return [one.fact for one in history.recorded if isinstance(one.fact, kind)]
