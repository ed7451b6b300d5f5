"""What may be decided about rewards: once per account and year, points that never go below nought?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import loyalty as said
from dziennik.contracts import streams
from dziennik.contracts.agreement import NO_CONTRACT
from dziennik.contracts.cards import StockGranted
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.loyalty import Book, EntryKind, Posting, RewardChoice
from dziennik.contracts.offers import CatalogueItem, PointsKind, ProductKind
from dziennik.domain.policies.rewards import USUAL_REWARDS, expiry
from dziennik.domain.world import Entry
from tests.domain.commerce_story import FAMILY, MOTHER, OPERATOR, PAST, TODAY
from tests.domain.register import OFFICE, REGISTER
from tests.domain.sentence import at, given

YEAR = "2026/2027"
SEEN = said.SeenAccount(account_id="account-mother", parent_id="mother", days=4, last=TODAY)
GRANT = said.GrantRewards(grant_id="n1", school_year=YEAR, accounts=(SEEN,))
CARDS = said.RewardGranted(
    grant_id="n1",
    school_year=YEAR,
    account_ids=("account-mother",),
    choice=RewardChoice.CARDS,
    rule_since=USUAL_REWARDS.since,
    cards=90,
    on=TODAY,
)
THERE = PAST
EXPIRES = date(2028, 10, 15)


def loyal(*facts: Fact) -> list[Entry]:
    return [at(streams.LOYALTY, fact) for fact in facts]


def stock(grant_id: str, count: int, basis: str) -> Entry:
    return at(streams.CARD_STOCK, StockGranted(grant_id=grant_id, count=count, basis=basis))


def posted(
    entry_id: str, entry: EntryKind, on: date, *sides: tuple[Book, PointsKind, int]
) -> said.PointsPosted:
    return said.PointsPosted(
        entry_id=entry_id,
        entry=entry,
        postings=tuple(Posting(book=book, kind=kind, points=points) for book, kind, points in sides),
        on=on,
        expires=EXPIRES if entry is EntryKind.GRANT else None,
    )


POINTS = posted(
    "n1",
    EntryKind.GRANT,
    TODAY,
    (Book.ISSUED, PointsKind.HARDWARE, -90),
    (Book.BALANCE, PointsKind.HARDWARE, 90),
    (Book.ISSUED, PointsKind.PLUS, -8),
    (Book.BALANCE, PointsKind.PLUS, 8),
)
CHOSEN = said.RewardChosen(school_year=YEAR, choice=RewardChoice.POINTS)
IN_POINTS = replace(CARDS, choice=RewardChoice.POINTS, cards=0)


def test_an_active_account_gives_cards_or_points_once_in_a_school_year() -> None:
    basis = f"aktywne konta rodziców {YEAR}: 1 × 90"
    given(THERE).when(GRANT, by=OPERATOR).then(*loyal(CARDS), stock("n1", 90, basis))
    given(THERE, loyal(CHOSEN)).when(GRANT, by=OPERATOR).then(*loyal(IN_POINTS, POINTS))
    given(THERE, loyal(CARDS)).when(GRANT, by=OPERATOR).nothing()
    given(THERE, loyal(CARDS)).when(replace(GRANT, grant_id="n2"), by=OPERATOR).nothing()
    twice = replace(GRANT, accounts=(SEEN, SEEN))
    given(THERE).when(twice, by=OPERATOR).then(*loyal(CARDS), stock("n1", 90, basis))
    next_year = replace(GRANT, grant_id="n2", school_year="2027/2028")
    assert len(given(THERE, loyal(CARDS)).when(next_year, by=OPERATOR).decision) == 2  # type: ignore[arg-type]


def test_what_is_active_is_a_rule_with_a_date() -> None:
    strict = replace(USUAL_REWARDS, since=TODAY, active=said.ActiveRule(least_days=5, within_days=30))
    rules = loyal(said.RewardRulesSet(rules=strict))
    given(THERE, rules).when(GRANT, by=OPERATOR).nothing()
    used = replace(SEEN, days=5, last=date(2026, 9, 15))
    given(THERE, rules).when(replace(GRANT, accounts=(used,)), by=OPERATOR).then(
        *loyal(replace(CARDS, rule_since=TODAY)), stock("n1", 90, f"aktywne konta rodziców {YEAR}: 1 × 90")
    )
    long_ago = replace(used, last=date(2026, 9, 14))
    given(THERE, rules).when(replace(GRANT, accounts=(long_ago,)), by=OPERATOR).nothing()
    never = replace(GRANT, accounts=(replace(SEEN, days=0),))
    given(THERE).when(never, by=OPERATOR).nothing()


def test_only_parents_of_a_school_with_a_contract_count() -> None:
    given(REGISTER, FAMILY).when(GRANT, by=OPERATOR).refused(NO_CONTRACT, "school_year", on=TODAY)
    for wrong in (replace(SEEN, parent_id="nowak"), replace(SEEN, account_id="another")):
        refused = given(THERE).when(replace(GRANT, accounts=(wrong,)), by=OPERATOR)
        refused.refused(said.NOT_A_PARENT, "accounts[0].account_id")
    given(THERE).when(GRANT, by=MOTHER).refused(NOT_YOURS_TO_DO)
    given(THERE).when(GRANT, by=OFFICE).refused(NOT_YOURS_TO_DO)


CAMERA = CatalogueItem(
    item_id="skaner", name="Skaner", kind=ProductKind.HARDWARE, points_kind=PointsKind.HARDWARE, points=60
)
SPEND = said.SpendPoints(spend_id="s1", item=CAMERA, count=1)
SPENT = said.RewardSpent(spend_id="s1", item=CAMERA, count=1, on=TODAY)
OFF = posted(
    "s1",
    EntryKind.SPEND,
    TODAY,
    (Book.BALANCE, PointsKind.HARDWARE, -60),
    (Book.SPENT, PointsKind.HARDWARE, 60),
)
RICH = (*THERE, *loyal(CHOSEN, IN_POINTS, POINTS))


def test_points_are_spent_while_there_are_some() -> None:
    given(RICH).when(SPEND, by=OFFICE).then(*loyal(SPENT, OFF))
    given(RICH, loyal(SPENT, OFF)).when(SPEND, by=OFFICE).nothing()
    given(RICH, loyal(SPENT, OFF)).when(replace(SPEND, spend_id="s2"), by=OFFICE).refused(
        said.NOT_ENOUGH_POINTS, "count", balance=30, kind="hardware", needed=60
    )
    other = replace(SPEND, count=2)
    given(RICH, loyal(SPENT, OFF)).when(other, by=OFFICE).refused(said.SPENDING_EXISTS, "spend_id")
    given(RICH).when(replace(SPEND, count=0), by=OFFICE).refused(said.COUNT_UNSOUND, "count")
    given(RICH).when(SPEND, by=MOTHER).refused(NOT_YOURS_TO_DO)


def test_cards_bought_with_points_go_into_stock_and_stay() -> None:
    item = CatalogueItem(
        item_id="k", name="500 kart", kind=ProductKind.CARDS, points_kind=PointsKind.PLUS, points=8, cards=500
    )
    spent = replace(SPENT, item=item)
    off = posted(
        "s1", EntryKind.SPEND, TODAY, (Book.BALANCE, PointsKind.PLUS, -8), (Book.SPENT, PointsKind.PLUS, 8)
    )
    given(RICH).when(replace(SPEND, item=item), by=OFFICE).then(
        *loyal(spent, off), stock("s1", 500, "punkty: 500 kart")
    )
    reverse = said.ReverseSpending(spend_id="s1", reason="pomyłka")
    given(RICH, loyal(spent, off)).when(reverse, by=OPERATOR).refused(said.CARDS_STAY, "spend_id")


def test_what_was_not_delivered_gives_the_points_back() -> None:
    reverse = said.ReverseSpending(spend_id="s1", reason="nie dostarczono")
    gone = said.SpendingReversed(spend_id="s1", reason="nie dostarczono", on=TODAY)
    back = replace(
        posted(
            "s1",
            EntryKind.REVERSE,
            TODAY,
            (Book.SPENT, PointsKind.HARDWARE, -60),
            (Book.BALANCE, PointsKind.HARDWARE, 60),
        ),
        expires=EXPIRES,
    )
    given(RICH, loyal(SPENT, OFF)).when(reverse, by=OPERATOR).then(*loyal(gone, back))
    given(RICH, loyal(SPENT, OFF, gone, back)).when(reverse, by=OPERATOR).nothing()
    given(RICH).when(reverse, by=OPERATOR).refused(said.NO_SUCH_SPENDING, "spend_id")


def test_points_expire_and_cannot_be_spent_afterwards() -> None:
    late = date(2028, 10, 16)
    expired = posted(
        f"expired-{late}",
        EntryKind.EXPIRE,
        late,
        (Book.BALANCE, PointsKind.HARDWARE, -90),
        (Book.EXPIRED, PointsKind.HARDWARE, 90),
        (Book.BALANCE, PointsKind.PLUS, -8),
        (Book.EXPIRED, PointsKind.PLUS, 8),
    )
    given(RICH).when(said.ExpirePoints(), by=OPERATOR, today=EXPIRES).nothing()
    given(RICH).when(said.ExpirePoints(), by=OPERATOR, today=late).then(*loyal(expired))
    given(RICH, loyal(expired)).when(said.ExpirePoints(), by=OPERATOR, today=late).nothing()
    given(RICH).when(SPEND, by=OFFICE, today=late).refused(
        said.NOT_ENOUGH_POINTS, "count", balance=0, kind="hardware", needed=60
    )
    assert expiry(date(2026, 8, 31), replace(USUAL_REWARDS, expire_after_months=6)) == date(2027, 2, 28)


def test_rules_begin_after_those_before_and_not_in_the_past() -> None:
    other = replace(USUAL_REWARDS, since=date(2026, 11, 1), cards=100)
    given().when(said.SetRewardRules(rules=other), by=OPERATOR).then(*loyal(said.RewardRulesSet(rules=other)))
    past = replace(other, since=date(2026, 10, 1))
    given().when(said.SetRewardRules(rules=past), by=OPERATOR).refused(said.RULES_FOR_THE_PAST, "rules.since")
    earlier = loyal(said.RewardRulesSet(rules=other))
    again = replace(other, cards=120)
    given(earlier).when(said.SetRewardRules(rules=again), by=OPERATOR).refused(
        said.RULES_FOR_THE_PAST, "rules.since"
    )
    odd = replace(other, expire_after_months=0)
    given().when(said.SetRewardRules(rules=odd), by=OPERATOR).refused(
        said.REWARD_RULES_UNSOUND, "rules.expire_after_months"
    )
    machine = Actor(account="cli", role=Role.SYSTEM)
    given().when(said.SetRewardRules(rules=past), by=machine).then(*loyal(said.RewardRulesSet(rules=past)))
    choose = said.ChooseReward(school_year=YEAR, choice=RewardChoice.POINTS)
    given().when(choose, by=OFFICE).then(*loyal(CHOSEN))
    given(loyal(CHOSEN)).when(choose, by=OFFICE).nothing()
    given().when(choose, by=OPERATOR).refused(NOT_YOURS_TO_DO)
