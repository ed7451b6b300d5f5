"""What may be decided about orders: placed, paid, in effect, withdrawn from, refunded?"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import bundles, streams
from dziennik.contracts import purchase_commands as orders
from dziennik.contracts import purchases as said
from dziennik.contracts.agreement import NO_CONTRACT
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.facts import Fact
from dziennik.contracts.offers import ProductKind
from dziennik.contracts.purchases import BuyerKind, CoverageKind
from dziennik.domain.world import Entry
from tests.domain.commerce_story import (
    ACTIVE,
    CREDITED,
    FAMILY,
    FOR_CMA,
    JUNE_30,
    LINE,
    MOTHER,
    OPERATOR,
    ORDER,
    ORDERED,
    PAID,
    PAST,
    PLACED,
    SPONSOR,
    TODAY,
    on_order,
)
from tests.domain.register import NOWAK, OFFICE, PUPIL, REGISTER
from tests.domain.sentence import DIRECTOR, at, given

CREDIT = orders.CreditPayment(order_id="z1", payment_id="w1", amount=3900, on=TODAY)
CLASS_4A = said.Coverage(kind=CoverageKind.CLASS, since=TODAY, until=JUNE_30, class_id="4a")
ALL = said.Coverage(kind=CoverageKind.SCHOOL, since=TODAY, until=JUNE_30)
BY_SPONSOR = replace(ORDER, buyer=BuyerKind.SPONSOR, payer_id="sponsor")
LATER, MUCH_LATER = date(2026, 10, 29), date(2026, 10, 30)


def test_a_parent_orders_for_a_child() -> None:
    given(PAST).when(ORDER, by=MOTHER).then(*on_order(PLACED))
    given(ORDERED).when(ORDER, by=MOTHER).nothing()
    given(ORDERED).when(replace(ORDER, reference="x"), by=MOTHER).refused(orders.ORDER_EXISTS, "order_id")
    given(REGISTER, FAMILY).when(ORDER, by=MOTHER).refused(NO_CONTRACT, "order_id", on=TODAY)
    given(PAST).when(ORDER, by=PUPIL).refused(NOT_YOURS_TO_DO)
    given(PAST).when(ORDER, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_nobody_orders_for_others_children_or_for_pupils_of_another_school() -> None:
    bobr = replace(ORDER, covers=replace(FOR_CMA, pupil_ids=("bobr",)))
    given(PAST).when(bobr, by=MOTHER).refused(orders.NOT_YOUR_CHILD, "covers.pupil_ids[0]")
    stranger = replace(
        ORDER, covers=replace(FOR_CMA, pupil_ids=("cma", "stranger")), lines=(replace(LINE, count=2),)
    )
    given(PAST).when(stranger, by=OFFICE).refused(
        orders.NOT_A_PUPIL_HERE, "covers.pupil_ids[1]", pupil="stranger", on=TODAY
    )
    whole = replace(ORDER, covers=CLASS_4A, lines=(replace(LINE, count=2),))
    given(PAST).when(whole, by=MOTHER).refused(orders.NOT_YOUR_CHILD, "covers.kind")
    given(PAST).when(replace(ORDER, payer_id="sponsor"), by=MOTHER).refused(orders.PAYER_UNFIT, "payer_id")
    given(PAST).when(BY_SPONSOR, by=MOTHER).refused(orders.PAYER_UNFIT, "payer_id")
    given(PAST).when(replace(ORDER, payer_id="sponsor")).refused(
        orders.PAYER_UNFIT, "payer_id", buyer="parent"
    )


def test_the_provider_knows_no_pupils_and_sponsors_order_through_the_school() -> None:
    given(PAST).when(BY_SPONSOR, by=OPERATOR).refused(orders.NO_PUPIL_DATA, "covers.kind")
    given(PAST).when(BY_SPONSOR, by=SPONSOR).refused(NOT_YOURS_TO_DO)
    for covers, count in ((CLASS_4A, 2), (ALL, 600)):
        order = replace(BY_SPONSOR, covers=covers, lines=(replace(LINE, count=count),))
        told = {"buyer": order.buyer, "payer_id": "sponsor", "lines": order.lines, "covers": covers}
        given(PAST).when(order, by=OPERATOR).then(*on_order(replace(PLACED, **told)))
    wrong = replace(BY_SPONSOR, covers=CLASS_4A, lines=(replace(LINE, count=3),))
    given(PAST).when(wrong).refused(orders.COUNT_DIFFERS, "lines", count=3, covered=2)


def test_an_order_says_for_whom_and_comes_to_something() -> None:
    for covers in (
        None,
        replace(FOR_CMA, pupil_ids=()),
        replace(FOR_CMA, pupil_ids=("cma", "cma")),
        replace(FOR_CMA, until=date(2026, 10, 1)),
        replace(FOR_CMA, until=date(2030, 6, 30)),
        replace(CLASS_4A, class_id=None),
        replace(ALL, class_id="4a"),
    ):
        given(PAST).when(replace(ORDER, covers=covers)).refused(orders.COVERAGE_UNSOUND, "covers")
    over = replace(FOR_CMA, since=date(2026, 9, 1), until=date(2026, 10, 14))
    given(PAST).when(replace(ORDER, covers=over)).refused(orders.COVERAGE_UNSOUND, "covers.until")
    last = TODAY + timedelta(days=366)
    for since, until in ((last + timedelta(days=1), date(2028, 6, 30)), (date.max, date.max)):
        far = replace(FOR_CMA, since=since, until=until)
        given(PAST).when(replace(ORDER, covers=far)).refused(
            orders.BEGINS_TOO_LATE, "covers.since", days=366, last=last
        )
    nobody = replace(ORDER, covers=replace(FOR_CMA, pupil_ids=()), lines=(replace(LINE, count=0),))
    given(PAST).when(nobody).refused(orders.COVERAGE_UNSOUND, "covers")
    for lines in (
        (),
        (replace(LINE, unit_gross=0),),
        (replace(LINE, count=0),),
        (LINE, replace(LINE, count=-1)),
    ):
        given(PAST).when(replace(ORDER, lines=lines)).refused(orders.SUM_UNSOUND, "lines")


def test_paid_in_full_it_takes_effect_and_not_before() -> None:
    given(ORDERED).when(CREDIT, by=OPERATOR).then(*on_order(CREDITED, ACTIVE))
    half = replace(CREDIT, amount=1900)
    part = replace(CREDITED, amount=1900)
    given(ORDERED).when(half, by=OPERATOR).then(*on_order(part))
    rest = replace(CREDIT, payment_id="w2", amount=2000)
    given(ORDERED, on_order(part)).when(rest, by=OPERATOR).then(
        *on_order(replace(CREDITED, payment_id="w2", amount=2000), ACTIVE)
    )
    activate = orders.ActivateOrder(order_id="z1")
    given(ORDERED, on_order(part)).when(activate).refused(orders.NOT_PAID, "order_id", paid=1900, total=3900)
    given(ORDERED).when(CREDIT, by=MOTHER).refused(NOT_YOURS_TO_DO)
    given(PAST).when(CREDIT, by=OPERATOR).refused(orders.NO_SUCH_ORDER, "order_id")


def test_nobody_pays_twice() -> None:
    given(PAID).when(CREDIT, by=OPERATOR).nothing()
    given(PAID).when(replace(CREDIT, amount=1), by=OPERATOR).refused(orders.PAYMENT_DIFFERS, "payment_id")
    again = replace(CREDIT, payment_id="w2")
    given(PAID).when(again, by=OPERATOR).refused(orders.PAID_ALREADY, "amount", open=0, amount=3900)
    given(ORDERED).when(replace(CREDIT, amount=3901), by=OPERATOR).refused(orders.PAID_ALREADY, "amount")
    given(ORDERED).when(replace(CREDIT, amount=0), by=OPERATOR).refused(orders.SUM_UNSOUND, "amount")
    tomorrow = replace(CREDIT, on=date(2026, 10, 16))
    given(ORDERED).when(tomorrow, by=OPERATOR).refused(orders.DAY_IN_FUTURE, "on")


def test_an_extension_begins_on_the_day_it_is_paid_and_never_after_its_end() -> None:
    paid_late = given(ORDERED).when(CREDIT, by=OPERATOR, today=date(2027, 3, 1))
    paid_late.then(*on_order(CREDITED, replace(ACTIVE, since=date(2027, 3, 1))))
    given(ORDERED).when(CREDIT, by=OPERATOR, today=date(2027, 7, 1)).then(*on_order(CREDITED))
    activate = orders.ActivateOrder(order_id="z1")
    too_late = given(ORDERED, on_order(CREDITED)).when(activate, today=date(2027, 7, 1))
    too_late.refused(orders.NOT_ACTIVE, "order_id")


CANCEL = orders.CancelOrder(order_id="z1", reason="pomyłka")
CANCELLED = said.OrderCancelled(order_id="z1", on=TODAY, reason="pomyłka")


def test_what_is_not_paid_is_cancelled_by_whom_it_concerns() -> None:
    given(ORDERED).when(CANCEL, by=MOTHER).then(*on_order(CANCELLED))
    given(ORDERED, on_order(CANCELLED)).when(CANCEL, by=MOTHER).nothing()
    given(ORDERED).when(CANCEL, by=SPONSOR).refused(orders.NOT_YOUR_ORDER, "order_id")
    given(ORDERED).when(replace(CANCEL, reason=" ")).refused(TEXT_MISSING, "reason")
    given(PAID).when(CANCEL, by=MOTHER).refused(orders.ALREADY_PAID_FOR, "order_id", paid=3900)
    over = given(ORDERED, on_order(CANCELLED)).when(CREDIT, by=OPERATOR)
    over.refused(orders.ORDER_IS_OVER, "order_id", how="cancelled")


WITHDRAW = orders.WithdrawFromPurchase(order_id="z1")
WITHDRAWN = said.PurchaseWithdrawn(order_id="z1", on=TODAY)
REFUND = orders.RefundPurchase(order_id="z1", refund_id="s1", amount=3900, reason="odstąpienie")
REFUNDED = said.RefundMade(order_id="z1", refund_id="s1", amount=3900, on=TODAY, reason="odstąpienie")


def test_a_consumer_withdraws_within_fourteen_days() -> None:
    given(PAID).when(WITHDRAW, by=MOTHER).then(*on_order(WITHDRAWN))
    given(PAID).when(WITHDRAW, by=MOTHER, today=LATER).then(*on_order(replace(WITHDRAWN, on=LATER)))
    late = given(PAID).when(WITHDRAW, by=MOTHER, today=MUCH_LATER)
    late.refused(orders.TOO_LATE_TO_WITHDRAW, "order_id", until=LATER)
    given(PAID, on_order(WITHDRAWN)).when(WITHDRAW, by=MOTHER).nothing()
    business = on_order(replace(PLACED, buyer=BuyerKind.SPONSOR, payer_id="sponsor"))
    given(PAST, business).when(WITHDRAW, by=OPERATOR).refused(orders.NO_RIGHT_TO_WITHDRAW, "order_id")
    given(PAST, business).when(WITHDRAW, by=MOTHER).refused(orders.NOT_YOUR_ORDER, "order_id")


def test_at_most_what_was_paid_goes_back_and_only_when_the_order_is_over() -> None:
    over = (*PAID, *on_order(WITHDRAWN))
    given(over).when(REFUND, by=OPERATOR).then(*on_order(REFUNDED))
    given(over, on_order(REFUNDED)).when(REFUND, by=OPERATOR).nothing()
    given(PAID).when(REFUND, by=OPERATOR).refused(orders.ORDER_GOES_ON, "order_id")
    beyond = replace(REFUND, refund_id="s2", amount=1)
    given(over, on_order(REFUNDED)).when(beyond, by=OPERATOR).refused(
        orders.REFUND_TOO_HIGH, "amount", most=0, amount=1
    )
    given(over).when(replace(REFUND, amount=3901), by=OPERATOR).refused(orders.REFUND_TOO_HIGH, "amount")
    given(over).when(replace(REFUND, amount=-5), by=OPERATOR).refused(orders.REFUND_TOO_HIGH, "amount")
    same = replace(REFUND, amount=5)
    given(over, on_order(REFUNDED)).when(same, by=OPERATOR).refused(orders.REFUND_EXISTS, "refund_id")
    given(over).when(REFUND, by=MOTHER).refused(NOT_YOURS_TO_DO)


END = orders.EndPurchase(order_id="z1", reason="reklamacja")
ENDED = said.PurchaseEnded(order_id="z1", on=TODAY, reason="reklamacja")


def test_a_purchase_ends_before_its_time_or_expires() -> None:
    given(PAID).when(END, by=OPERATOR).then(*on_order(ENDED))
    given(PAID, on_order(ENDED)).when(END, by=OPERATOR).nothing()
    given(ORDERED).when(END, by=OPERATOR).refused(orders.NOTHING_PAID, "order_id")
    expire = orders.ExpireExtension(order_id="z1")
    given(PAID).when(expire, by=OPERATOR).refused(orders.STILL_ACTIVE, "order_id", until=JUNE_30)
    expired = said.ExtensionExpired(order_id="z1", until=JUNE_30)
    july = date(2027, 7, 1)
    given(PAID).when(expire, by=OPERATOR, today=july).then(*on_order(expired))
    given(PAID, on_order(expired)).when(expire, by=OPERATOR, today=july).nothing()
    given(ORDERED).when(expire, by=OPERATOR).refused(orders.NOT_ACTIVE, "order_id")


REVERSE = orders.ReverseCredit(order_id="z1", payment_id="w1", reason="zwrot banku")
REVERSED = said.CreditReversed(order_id="z1", payment_id="w1", amount=3900, reason="zwrot banku")


def test_a_payment_that_was_anothers_is_reversed_and_the_effect_with_it() -> None:
    undone = said.ActivationReversed(order_id="z1", on=TODAY, reason="zwrot banku")
    given(PAID).when(REVERSE, by=OPERATOR).then(*on_order(REVERSED, undone))
    given(PAID).when(REVERSE, by=OPERATOR, today=date(2027, 7, 1)).then(*on_order(REVERSED))
    given(ORDERED).when(REVERSE, by=OPERATOR).refused(orders.NO_SUCH_CREDIT, "payment_id", payment="w1")
    given(PAID).when(replace(REVERSE, reason=""), by=OPERATOR).refused(TEXT_MISSING, "reason")
    back = (*PAID, *on_order(WITHDRAWN, REFUNDED))
    given(back).when(REVERSE, by=OPERATOR).refused(orders.REFUND_TOO_HIGH, "payment_id")
    again = given(PAID, on_order(REVERSED, undone)).when(replace(CREDIT, payment_id="w2"), by=OPERATOR)
    again.then(*on_order(replace(CREDITED, payment_id="w2"), ACTIVE))


def test_a_renewal_is_told_in_the_order_that_it_goes_on_from() -> None:
    again = replace(ORDER, order_id="z2", renews="z1")
    placed = at(streams.purchase("z2"), replace(PLACED, order_id="z2", renews="z1"))
    renewed = said.PurchaseRenewed(order_id="z1", with_order="z2")
    given(PAID).when(again, by=MOTHER).then(placed, *on_order(renewed))
    given(ORDERED).when(again, by=MOTHER).refused(orders.NO_SUCH_ORDER, "renews", order="z1")


def bundled(*facts: Fact) -> list[Entry]:
    return [at(streams.bundle("nnw"), fact) for fact in facts]


PROPOSED = bundles.BundleProposed(
    bundle_id="nnw",
    product_id="konto-nnw",
    name="Konto z NNW",
    with_what="NNW uczniów",
    since=date(2026, 9, 1),
    until=date(2026, 12, 31),
)
COUNCIL = bundles.BundleApproved(
    bundle_id="nnw", by=bundles.Approver.PARENTS_COUNCIL, document="uchwała 3", on=TODAY
)
HEAD = bundles.BundleApproved(bundle_id="nnw", by=bundles.Approver.DIRECTOR, document="decyzja 7", on=TODAY)
NNW = replace(LINE, product_id="konto-nnw", kind=ProductKind.BUNDLE)
WITH_NNW = replace(ORDER, lines=(NNW,), bundle_id="nnw")
NNW_PLACED = replace(PLACED, lines=(NNW,), bundle_id="nnw")


def test_a_bundle_takes_effect_only_with_both_approvals() -> None:
    given(PAST, bundled(PROPOSED)).when(WITH_NNW, by=MOTHER).then(*on_order(NNW_PLACED))
    for approvals in ((), (COUNCIL,), (HEAD,)):
        past = (*PAST, *bundled(PROPOSED, *approvals), *on_order(NNW_PLACED))
        given(past).when(CREDIT, by=OPERATOR).then(*on_order(CREDITED))
        given(past, on_order(CREDITED)).when(orders.ActivateOrder(order_id="z1")).refused(
            bundles.NOT_APPROVED, "bundle_id"
        )
    both = (*PAST, *bundled(PROPOSED, COUNCIL, HEAD), *on_order(NNW_PLACED))
    given(both).when(CREDIT, by=OPERATOR).then(*on_order(CREDITED, ACTIVE))
    given(both, on_order(CREDITED)).when(orders.ActivateOrder(order_id="z1")).then(*on_order(ACTIVE))
    withdrawn = bundles.ApprovalWithdrawn(bundle_id="nnw", by=bundles.Approver.DIRECTOR, reason="inna polisa")
    given(both, bundled(withdrawn), on_order(CREDITED)).when(orders.ActivateOrder(order_id="z1")).refused(
        bundles.NOT_APPROVED, "bundle_id", bundle="Konto z NNW", missing="director"
    )


def test_a_bundle_is_ordered_as_it_is_offered() -> None:
    given(PAST).when(WITH_NNW, by=MOTHER).refused(bundles.NO_SUCH_BUNDLE, "bundle_id")
    past = (*PAST, *bundled(PROPOSED))
    given(past).when(replace(WITH_NNW, bundle_id=None), by=MOTHER).refused(
        bundles.BUNDLE_NOT_NAMED, "bundle_id"
    )
    given(past).when(replace(ORDER, bundle_id="nnw"), by=MOTHER).refused(bundles.OTHER_PRODUCT, "lines")
    january = replace(WITH_NNW, covers=replace(FOR_CMA, since=date(2027, 1, 2)))
    late = given(past).when(january, by=MOTHER, today=date(2027, 1, 2))
    late.refused(bundles.NOT_OFFERED_THEN, "bundle_id")


APPROVE = bundles.ApproveBundle(bundle_id="nnw", by=bundles.Approver.DIRECTOR, document="decyzja 7", on=TODAY)


def test_approvals_are_recorded_by_whom_they_are() -> None:
    past = bundled(PROPOSED)
    given(past).when(APPROVE, by=DIRECTOR).then(*bundled(HEAD))
    given(past).when(APPROVE, by=OFFICE).refused(bundles.NOT_YOUR_APPROVAL, "by")
    given(past).when(APPROVE, by=OPERATOR).refused(NOT_YOURS_TO_DO)
    council = replace(APPROVE, by=bundles.Approver.PARENTS_COUNCIL, document="uchwała 3")
    given(past).when(council, by=OFFICE).then(*bundled(COUNCIL))
    given(past, bundled(COUNCIL)).when(council, by=OFFICE).nothing()
    given(past).when(replace(council, document=" "), by=OFFICE).refused(TEXT_MISSING, "document")
    tomorrow = replace(APPROVE, on=date(2026, 10, 16))
    given(past).when(tomorrow).refused(bundles.APPROVED_IN_FUTURE, "on")
    given().when(APPROVE).refused(bundles.NO_SUCH_BUNDLE, "bundle_id")
    withdraw = bundles.WithdrawApproval(bundle_id="nnw", by=bundles.Approver.DIRECTOR, reason="inna polisa")
    gone = bundles.ApprovalWithdrawn(bundle_id="nnw", by=bundles.Approver.DIRECTOR, reason="inna polisa")
    given(past, bundled(HEAD)).when(withdraw).then(*bundled(gone))
    given(past).when(withdraw).refused(bundles.NO_APPROVAL, "by")
    given(past, bundled(HEAD)).when(withdraw, by=OFFICE).refused(bundles.NOT_YOUR_APPROVAL, "by")


def test_a_bundle_is_proposed_once() -> None:
    propose = bundles.ProposeBundle(
        bundle_id="nnw",
        product_id="konto-nnw",
        name="Konto z NNW",
        with_what="NNW uczniów",
        since=date(2026, 9, 1),
        until=date(2026, 12, 31),
    )
    given().when(propose, by=OPERATOR).then(*bundled(PROPOSED))
    given(bundled(PROPOSED)).when(propose, by=OPERATOR).nothing()
    given(bundled(PROPOSED)).when(replace(propose, name="Inny")).refused(bundles.BUNDLE_EXISTS, "bundle_id")
    backwards = replace(propose, until=date(2026, 8, 31))
    given().when(backwards).refused(bundles.BUNDLE_ENDS_BEFORE_START, "until")
    given().when(replace(propose, with_what="")).refused(TEXT_MISSING, "with_what")
