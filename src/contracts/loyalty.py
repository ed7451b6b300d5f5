"""Loyalty: cards and points that a school gets for its parents' active accounts, and what it spends them on.

Stream ``commerce/loyalty``. Points are kept by double entry: each `PointsPosted` moves points between
accounts of the book and sums to nought for each kind, so none appears and none gets lost.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.offers import POINTS_NAMES, CatalogueItem, PointsKind
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value


class RewardChoice(StrEnum):
    """What the school takes for its active accounts of a school year."""

    CARDS = "cards"
    POINTS = "points"


class Book(StrEnum):
    """Accounts of the book: what the provider gave out (below nought), what the school has, spent, lost."""

    ISSUED = "issued"
    BALANCE = "balance"
    SPENT = "spent"
    EXPIRED = "expired"


class EntryKind(StrEnum):
    """Why points moved."""

    GRANT = "grant"
    SPEND = "spend"
    EXPIRE = "expire"
    REVERSE = "reverse"


class ActiveRule(Value, frozen=True, kw_only=True):
    """When a parent's account is active: used on so many days since the school year began, the last time at
    most `within_days` ago (None: whenever)."""

    least_days: int
    within_days: int | None = None


class RewardRules(Value, frozen=True, kw_only=True):
    """What an active account gives, from `since` on. Points expire so many months after they were granted."""

    since: date
    cards: int
    hardware_points: int
    plus_points: int
    active: ActiveRule
    expire_after_months: int


class Posting(Value, frozen=True, kw_only=True):
    """Points onto (above nought) or off (below) an account of the book."""

    book: Book
    kind: PointsKind
    points: int


class SeenAccount(Value, frozen=True, kw_only=True):
    """A parent's account, on how many days of the school year it was used, and when last."""

    account_id: str
    parent_id: PersonId
    days: int
    last: date


@fact("loyalty.reward_rules_set.1")
class RewardRulesSet(Fact, frozen=True, kw_only=True):
    """These rules hold from `rules.since` on."""

    rules: RewardRules


@fact("loyalty.reward_chosen.1")
class RewardChosen(Fact, frozen=True, kw_only=True):
    """For accounts rewarded from now on in this school year ("2026/2027") the school takes cards, or
    points.
    """

    school_year: str
    choice: RewardChoice


@fact("loyalty.reward_granted.1")
class RewardGranted(Fact, frozen=True, kw_only=True):
    """These accounts were active and count for the school year, once. What they gave follows from the
    rules.
    """

    grant_id: str
    school_year: str
    account_ids: tuple[str, ...]
    choice: RewardChoice
    rule_since: date
    cards: int
    on: date


@fact("loyalty.points_posted.1")
class PointsPosted(Fact, frozen=True, kw_only=True):
    """Points moved in the book. `entry_id` is the grant's, the spending's, or the day's on which some
    expired.
    """

    entry_id: str
    entry: EntryKind
    postings: tuple[Posting, ...]
    on: date
    expires: date | None = None


@fact("loyalty.reward_spent.1")
class RewardSpent(Fact, frozen=True, kw_only=True):
    """The school spent points on so many pieces of this item of the catalogue."""

    spend_id: str
    item: CatalogueItem
    count: int
    on: date


@fact("loyalty.spending_reversed.1")
class SpendingReversed(Fact, frozen=True, kw_only=True):
    """The pieces were not delivered or came back: the points are the school's again."""

    spend_id: str
    reason: str
    on: date


@command("loyalty.set_reward_rules")
class SetRewardRules(Command, frozen=True, kw_only=True):
    """Other rules from a day on; what was granted stays as it is."""

    rules: RewardRules


@command("loyalty.choose_reward")
class ChooseReward(Command, frozen=True, kw_only=True):
    """Cards or points, for accounts of this school year that are rewarded from now on."""

    school_year: str
    choice: RewardChoice


@command("loyalty.grant_rewards")
class GrantRewards(Command, frozen=True, kw_only=True):
    """Reward the accounts that are active by the rule of the day and were not rewarded in this school
    year.
    """

    grant_id: str
    school_year: str
    accounts: tuple[SeenAccount, ...]


@command("loyalty.spend_points")
class SpendPoints(Command, frozen=True, kw_only=True):
    """Spend points on an item of the catalogue."""

    spend_id: str
    item: CatalogueItem
    count: int


@command("loyalty.reverse_spending")
class ReverseSpending(Command, frozen=True, kw_only=True):
    """Give points back for something that was not delivered; cards that are in stock stay."""

    spend_id: str
    reason: str


@command("loyalty.expire_points")
class ExpirePoints(Command, frozen=True, kw_only=True):
    """Take away the points whose last day is over."""


NOT_ENOUGH_POINTS = Reason(
    "LOYALTY.NOT_ENOUGH_POINTS",
    pl="Szkoła ma {balance} ważnych punktów ({kind}), potrzeba {needed}.",
    en="The school has {balance} valid points ({kind}), {needed} are needed.",
    words={"kind": POINTS_NAMES},
)
REWARD_RULES_UNSOUND = Reason(
    "LOYALTY.RULES_UNSOUND",
    pl="Reguły nagród nie mogą być takie: {what}.",
    en="Rules of rewards cannot be so: {what}.",
)
RULES_FOR_THE_PAST = Reason(
    "LOYALTY.RULES_FOR_THE_PAST",
    pl="Reguły zaczynają się {since}, a wcześniejsze już obowiązują. Podaj dzień od dzisiaj, po {after}.",
    en="The rules begin on {since}, where others hold already. Give a day from today on, after {after}.",
)
NOT_A_PARENT = Reason(
    "LOYALTY.NOT_A_PARENT",
    pl="Konto {account} nie należy w dniu {on} do rodzica w tej szkole.",
    en="On {on} the account {account} is no parent's of this school.",
)
NO_SUCH_SPENDING = Reason(
    "LOYALTY.NO_SUCH_SPENDING",
    pl="Nie ma wydatku {spending}.",
    en="There is no spending {spending}.",
)
SPENDING_EXISTS = Reason(
    "LOYALTY.SPENDING_EXISTS",
    pl="Pod numerem {spending} wydano już punkty na co innego.",
    en="Under {spending} points were spent on something else already.",
)
CARDS_STAY = Reason(
    "LOYALTY.CARDS_STAY",
    pl="Karty są już w zapasie szkoły, więc tego wydatku nie można cofnąć.",
    en="The cards are in the school's stock already, so this spending cannot be reversed.",
)
COUNT_UNSOUND = Reason(
    "LOYALTY.COUNT_UNSOUND",
    pl="Podaj od 1 do {most} sztuk.",
    en="Give from 1 to {most} pieces.",
)
NO_SUCH_ITEM = Reason(
    "LOYALTY.NO_SUCH_ITEM",
    pl="W katalogu z dnia {on} nie ma pozycji {item}.",
    en="The catalogue of {on} has no item {item}.",
)
