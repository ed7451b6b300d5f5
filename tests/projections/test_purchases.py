"""Whom does an extension reach, from when to when, and as it was known at which moment?"""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import agreement, classes, entitlement, people, streams
from dziennik.contracts import purchases as said
from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.facts import Fact
from dziennik.domain.policies.entitlement import Why
from dziennik.projections import entitlements, loyalty, purchases
from dziennik.projections.as_of import as_of
from dziennik.projections.loyalty import LOYALTY
from dziennik.projections.people import PEOPLE
from dziennik.projections.purchases import PURCHASES
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.commerce_histories import FIRST, FOR, JUNE, placed, trade
from tests.projections.histories import History, a_school
from tests.projections.listed import Listed

MARCH = date(2027, 3, 1)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [PURCHASES, PEOPLE, STRUCTURE, LOYALTY], journal.position())


def bought(history: History, order_id: str, covers: said.Coverage, *more: Fact, since: date = FIRST) -> int:
    """An order paid in full, and what became of it; the position of the activation."""
    stream = streams.purchase(order_id)
    history.tell(stream, placed(order_id, covers))
    history.tell(stream, said.PaymentCredited(order_id=order_id, payment_id="w", amount=3900, on=FIRST))
    history.tell(stream, said.ExtensionActivated(order_id=order_id, since=since, until=JUNE))
    position = len(history.recorded)
    history.tell(stream, *more)
    return position


def who(history: History, on: date) -> set[str]:
    return {person for person, extended in entitlements.everybody(view_of(history), on).items() if extended}


def test_an_extension_reaches_pupils_and_their_parents_and_nobody_else(common: str) -> None:
    for number, (covers, reached) in enumerate(
        ((FOR[0], {"ada", "cy", "parent"}), (FOR[1], {"ada", "bo", "parent"}), (FOR[2], None))
    ):
        history = a_school()
        everybody = set(entitlements.everybody(view_of(history), MARCH))
        assert {"ada", "bo", "cy", "di", "parent"} <= everybody
        assert who(history, MARCH) == set()
        bought(history, f"o{number}", covers)
        assert who(history, MARCH) == (reached or everybody)
        assert who(history, JUNE) == (reached or everybody)
        assert who(history, JUNE + timedelta(days=1)) == set()
        assert who(history, FIRST - timedelta(days=1)) == set()
        view = view_of(history)
        for person, extended in entitlements.everybody(view, MARCH).items():
            one = entitlements.of_pupils(view, [person], MARCH).extended
            assert (one or entitlements.of_parent(view, person, MARCH).extended) is extended, person
        agree(common, PURCHASES, history, (2, 5))


def test_a_class_is_left_with_its_extension() -> None:
    history = a_school()
    bought(history, "o", FOR[1])
    left = classes.PupilLeft(class_id="A", pupil_id="ada", until=date(2027, 1, 31), reason="przeprowadzka")
    history.tell(streams.unit("A"), left)
    assert who(history, date(2027, 1, 31)) >= {"ada", "parent"}
    assert who(history, MARCH) == {"bo"}


def test_rights_that_ended_end_the_parents_extension() -> None:
    history = a_school()
    bought(history, "o", FOR[0])
    ended = people.ParentalRightsEnded(pupil_id="ada", parent_id="parent", until=FIRST, basis="wyrok")
    history.tell(streams.person("ada"), ended)
    assert who(history, MARCH) == {"ada", "cy"}


def test_what_was_known_then_is_answered_then() -> None:
    history = a_school()
    before = len(history.recorded)
    withdrawn = said.PurchaseWithdrawn(order_id="o", on=FIRST + timedelta(days=3))
    active = bought(history, "o", FOR[0], withdrawn)
    view, day = view_of(history), FIRST + timedelta(days=3)

    def extended(on: date, position: int | None) -> bool:
        return entitlements.of_pupils(view, ["ada"], on, position=position).extended

    assert not extended(day, before)
    assert extended(MARCH, active)
    assert not extended(MARCH, active + 1)
    assert not extended(MARCH, None)
    assert extended(day, None)


def test_a_reversed_activation_ends_at_once_and_may_come_again() -> None:
    history = a_school()
    reversed_ = said.CreditReversed(order_id="o", payment_id="w", amount=3900, reason="bank")
    undone = said.ActivationReversed(order_id="o", on=MARCH, reason="bank")
    bought(history, "o", FOR[0], reversed_, undone)
    assert who(history, MARCH) == set()
    assert who(history, MARCH - timedelta(days=1)) == {"ada", "cy", "parent"}
    row = purchases.with_reference(view_of(history), "DZ-o")
    assert row is not None
    assert (row.credited, row.open, row.since) == (0, 3900, None)
    again = said.ExtensionActivated(order_id="o", since=MARCH, until=JUNE)
    history.tell(streams.purchase("o"), again)
    assert who(history, MARCH) == {"ada", "cy", "parent"}


def test_before_september_2015_grades_are_for_extended_accounts_and_since_for_all() -> None:
    history = a_school()
    contract = agreement.ContractSigned(
        contract_id="u",
        number="1",
        on=FIRST,
        since=date(2014, 9, 1),
        until=date(2028, 8, 31),
        pupils=4,
        lines=(),
        cards=0,
        reminder_days=60,
    )
    nothing_sold = entitlements.use(view_of(history), Feature.GRADES, AccountKind.PARENT, ["bo"], FIRST)
    assert nothing_sold.why is Why.NOT_SOLD
    history.tell(streams.AGREEMENT, contract)
    past = said.Coverage(
        kind=said.CoverageKind.PUPILS, since=date(2014, 9, 1), until=date(2015, 6, 30), pupil_ids=("ada",)
    )
    bought(history, "o", past, since=date(2014, 9, 1))
    row = view_of(history).find(purchases.Extension)[0]
    assert row.until == JUNE  # what the activation says counts
    view = view_of(history)

    def why(pupil_id: str, on: date, feature: Feature = Feature.GRADES) -> Why:
        return entitlements.use(view, feature, AccountKind.PARENT, [pupil_id], on).why

    assert why("ada", date(2014, 10, 1)) is Why.EXTENDED
    assert why("bo", date(2014, 10, 1)) is Why.NEEDS_EXTENSION
    assert why("bo", date(2016, 1, 1)) is Why.FREE_BY_LAW
    assert why("bo", date(2016, 1, 1), Feature.DAY_DIGEST) is Why.NEEDS_EXTENSION
    rule = entitlement.EntitlementRule(
        feature=Feature.DAY_DIGEST, kind=AccountKind.PARENT, level=entitlement.Level.BASIC, since=FIRST
    )
    history.tell(streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(rule,)))
    use = entitlements.use(view_of(history), Feature.DAY_DIGEST, AccountKind.PARENT, ["bo"], MARCH)
    assert use.why is Why.FREE
    then = entitlements.use(
        view_of(history),
        Feature.DAY_DIGEST,
        AccountKind.PARENT,
        ["bo"],
        MARCH,
        position=len(history.recorded) - 1,
    )
    assert then.why is Why.NEEDS_EXTENSION


def test_orders_and_points_agree_however_they_are_delivered(common: str) -> None:
    history = a_school()
    for chance in range(160):
        trade(history, chance)
    agree(common, PURCHASES, history, (7, 1, 30))
    agree(common, LOYALTY, history, (7, 1, 30))
    view = view_of(history)
    for order in purchases.orders(view):
        assert order.credited == sum(paid.amount for paid in order.payments)
        assert order.refunded == sum(paid.amount for paid in order.refunds)
    assert sum(loyalty.books(view).values()) == 0
    assert purchases.of_payer(view, "somebody") == []
