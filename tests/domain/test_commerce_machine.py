"""Whatever is commanded in whatever order: money, points and cards are conserved, and nothing has effect
unpaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from dziennik.contracts import bank, bundles, cards, loyalty, streams
from dziennik.contracts import purchase_commands as orders
from dziennik.contracts import purchases as said
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor
from dziennik.contracts.facts import Fact
from dziennik.contracts.loyalty import Book
from dziennik.contracts.offers import CatalogueItem, PointsKind, ProductKind
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bank import payments
from dziennik.domain.card_stock import stock
from dziennik.domain.loyalty import LOYALTY
from dziennik.domain.purchase_state import order
from dziennik.domain.rulebook import decide
from dziennik.domain.rules import LOADED
from dziennik.domain.world import Asked, Entry, Past
from tests.domain.commerce_story import FAMILY, MOTHER, OPERATOR, ORDER, SIGN
from tests.domain.gradebook import COLUMN, DAY
from tests.domain.register import NOWAK, OFFICE
from tests.domain.sentence import DIRECTOR, TODAY
from tests.domain.test_cards import NEW
from tests.domain.test_loyalty import CAMERA, GRANT, YEAR
from tests.domain.test_purchases import APPROVE, NNW, PROPOSED

assert LOADED
ORDERS = st.sampled_from(["z1", "z2", "nnw1"])
AMOUNTS = st.sampled_from([3900, 1900, 2000, 3900, 5000, 3900])
IDS = st.sampled_from(["a", "b", "c"])
KINDS = st.sampled_from(
    [CAMERA, replace(CAMERA, kind=ProductKind.CARDS, points_kind=PointsKind.PLUS, points=4, cards=7)]
)


class Commerce(RuleBasedStateMachine):
    """A school with one family, its provider's bank account, and a calendar that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        self.today = TODAY

    def given(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.facts[entry.stream].append(entry.fact)

    def do(self, command: Command, by: Actor = OPERATOR) -> Refusal | None:
        asked = Asked(actor=by, at=datetime.combine(self.today, time(9), UTC), today=self.today)
        decision = decide(Past(self.facts), command, asked)
        if isinstance(decision, Refusal):
            return decision
        self.given(decision)
        return None

    def credits(self) -> list[tuple[str, str]]:
        """Orders with payments that count for them."""
        return [(o, p) for o in ("z1", "z2", "nnw1") for p in Past(self.facts)[order(o)].credits]

    def all(self, kind: type[Fact]) -> list[Fact]:
        return [fact for facts in self.facts.values() for fact in facts if isinstance(fact, kind)]

    @initialize()
    def begin(self) -> None:
        self.given((*DAY, COLUMN, *FAMILY))
        self.given([Entry(streams.bundle("nnw"), PROPOSED)])
        lines = [
            bank.StatementLine(payment_id=f"s.{name}", on=TODAY, amount=3900, title="–", payer="–")
            for name in "abc"
        ]
        read = bank.ImportStatement(
            statement_id="s", account="PL", number="1", since=TODAY, until=TODAY, opening=0,
            closing=11700, lines=tuple(lines),
        )  # fmt: skip
        assert self.do(read) is None
        self.do(replace(SIGN, on=self.today, since=self.today, until=self.today + timedelta(700)))
        for order_id in ("z1", "z2", "nnw1"):
            self.order(order_id)
        for name, year in (("r1", "2024/2025"), ("r2", "2025/2026")):
            self.do(loyalty.ChooseReward(school_year=year, choice=loyalty.RewardChoice.POINTS), OFFICE)
            self.do(replace(GRANT, grant_id=name, school_year=year))

    def order(self, order_id: str) -> None:
        bundled = order_id.startswith("nnw")
        until = self.today + timedelta(30)
        covers = said.Coverage(
            kind=said.CoverageKind.PUPILS, since=self.today, until=until, pupil_ids=("cma",)
        )
        wanted = replace(ORDER, order_id=order_id, covers=covers)
        self.do(replace(wanted, lines=(NNW,), bundle_id="nnw") if bundled else wanted, MOTHER)

    @rule(days=st.sampled_from([1, 1, 15, 40, 800]))
    def time_goes_on(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(order_id=ORDERS, payment=IDS, amount=AMOUNTS)
    def a_payment_is_directed_and_credited(self, order_id: str, payment: str, amount: int) -> None:
        direct = bank.DirectPayment(
            payment_id=f"s.{payment}", statement_id="s", school_id="sp7", order_id=order_id, amount=amount
        )
        back = bank.ReverseDirection(
            payment_id=direct.payment_id,
            statement_id="s",
            school_id="sp7",
            order_id=order_id,
            reason="odmowa",
        )
        before = Past(self.facts)[payments("s")].by_id[f"s.{payment}"].directed
        if self.do(direct) is not None:
            return
        credit = orders.CreditPayment(
            order_id=order_id, payment_id=f"s.{payment}", amount=amount, on=min(TODAY, self.today)
        )
        if self.do(credit) is not None and ("sp7", order_id) not in before:
            assert self.do(back) is None

    @precondition(lambda self: bool(self.credits()))
    @rule(place=st.integers(0, 5))
    def a_credit_is_reversed(self, place: int) -> None:
        order_id, payment_id = self.credits()[place % len(self.credits())]
        if self.do(orders.ReverseCredit(order_id=order_id, payment_id=payment_id, reason="bank")) is None:
            direction = bank.ReverseDirection(
                payment_id=payment_id, statement_id="s", school_id="sp7", order_id=order_id, reason="bank"
            )
            assert self.do(direction) is None

    @precondition(lambda self: bool(self.credits()))
    @rule(payment=IDS, name=IDS, amount=AMOUNTS)
    def a_payment_is_returned(self, payment: str, name: str, amount: int) -> None:
        self.do(
            bank.ReturnPayment(
                payment_id=f"s.{payment}", statement_id="s", return_id=name, amount=amount, reason="nadpłata"
            )
        )

    @rule(order_id=ORDERS, what=st.integers(0, 4))
    def something_becomes_of_an_order(self, order_id: str, what: int) -> None:
        self.do(
            (
                orders.CancelOrder(order_id=order_id, reason="pomyłka"),
                orders.WithdrawFromPurchase(order_id=order_id),
                orders.EndPurchase(order_id=order_id, reason="reklamacja"),
                orders.ExpireExtension(order_id=order_id),
                orders.ActivateOrder(order_id=order_id),
            )[what]
        )

    @precondition(lambda self: bool(self.credits()))
    @rule(order_id=ORDERS, name=IDS, amount=AMOUNTS)
    def a_refund_is_made(self, order_id: str, name: str, amount: int) -> None:
        self.do(orders.RefundPurchase(order_id=order_id, refund_id=name, amount=amount, reason="zwrot"))

    @rule(by=st.sampled_from(bundles.Approver), withdrawn=st.booleans())
    def a_bundle_is_approved_or_not(self, by: bundles.Approver, withdrawn: bool) -> None:
        taken = bundles.WithdrawApproval(bundle_id="nnw", by=by, reason="inna polisa")
        self.do(taken if withdrawn else replace(APPROVE, by=by, on=self.today), DIRECTOR)

    @rule(
        choice=st.sampled_from([*loyalty.RewardChoice, loyalty.RewardChoice.POINTS]),
        name=IDS,
        year=st.sampled_from([YEAR, "2027/2028"]),
    )
    def rewards_are_granted(self, choice: loyalty.RewardChoice, name: str, year: str) -> None:
        self.do(loyalty.ChooseReward(school_year=year, choice=choice), OFFICE)
        self.do(replace(GRANT, grant_id=name, school_year=year))

    @rule(name=IDS, item=KINDS, count=st.integers(1, 3))
    def points_are_spent(self, name: str, item: CatalogueItem, count: int) -> None:
        self.do(loyalty.SpendPoints(spend_id=name, item=item, count=count), OFFICE)

    @precondition(lambda self: bool(Past(self.facts)[LOYALTY].spent))
    @rule(name=IDS, expire=st.booleans())
    def points_come_back_or_expire(self, name: str, expire: bool) -> None:
        back = loyalty.ReverseSpending(spend_id=name, reason="nie dostarczono")
        self.do(loyalty.ExpirePoints() if expire else back)

    @rule(count=st.integers(1, 40))
    def cards_are_printed(self, count: int) -> None:
        first = len(Past(self.facts)[stock()].printed)
        new = tuple(replace(NEW, card_id=f"k-{first + n}") for n in range(count))
        self.do(cards.IssueCards(cards=new), NOWAK)

    @invariant()
    def money_is_conserved(self) -> None:
        world = Past(self.facts)
        found = world[payments("s")].by_id
        for payment in found.values():
            assert payment.left >= 0
            there = payment.left + sum(payment.directed.values()) + sum(payment.returned.values())
            assert there == payment.received.amount == 3900
        for order_id in ("z1", "z2", "nnw1"):
            state = world[order(order_id)]
            assert 0 <= state.refunded <= state.credited <= state.total
            directed = sum(payment.directed.get(("sp7", order_id), 0) for payment in found.values())
            assert directed == state.credited

    @invariant()
    def nothing_has_effect_without_a_cause(self) -> None:
        world = Past(self.facts)
        for order_id in ("z1", "z2", "nnw1"):
            state = world[order(order_id)]
            if state.in_effect(self.today):
                assert state.credited - state.refunded == state.total > 0
        for fact in self.facts[streams.purchase("nnw1")]:
            if isinstance(fact, said.ExtensionActivated):
                approved = {
                    a.by for a in self.all(bundles.BundleApproved) if isinstance(a, bundles.BundleApproved)
                }
                assert approved == set(bundles.Approver)

    @invariant()
    def points_are_conserved(self) -> None:
        books: dict[tuple[Book, PointsKind], int] = defaultdict(int)
        for fact in self.facts[streams.LOYALTY]:
            if isinstance(fact, loyalty.PointsPosted):
                for kind in PointsKind:
                    assert sum(side.points for side in fact.postings if side.kind is kind) == 0
                for side in fact.postings:
                    books[side.book, side.kind] += side.points
        lots = Past(self.facts)[LOYALTY].lots
        for kind in PointsKind:
            assert sum(lot.points for lot in lots if lot.kind is kind) == books[Book.BALANCE, kind] >= 0
            assert sum(books[book, kind] for book in Book) == 0

    @invariant()
    def the_stock_is_what_was_granted_less_what_was_printed(self) -> None:
        given = [
            (fact.school_year, account)
            for fact in self.all(loyalty.RewardGranted)
            if isinstance(fact, loyalty.RewardGranted)
            for account in fact.account_ids
        ]
        assert len(given) == len(set(given))
        state = Past(self.facts)[stock()]
        due = 5000 * len(self.facts[streams.AGREEMENT])
        for fact in self.facts[streams.LOYALTY]:
            if isinstance(fact, loyalty.RewardGranted):
                due += 90 * len(fact.account_ids) if fact.choice is loyalty.RewardChoice.CARDS else 0
            if isinstance(fact, loyalty.RewardSpent):
                due += fact.item.cards * fact.count
        assert state.granted == due
        assert state.left == due - len(state.printed) >= 0


TestCommerce = Commerce.TestCase
TestCommerce.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
