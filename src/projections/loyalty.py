"""The school's contract, its points by double entry, and on what ground cards came into its stock."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import agreement, cards
from dziennik.contracts import loyalty as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.loyalty import Book, EntryKind, Posting, RewardChoice
from dziennik.contracts.offers import CatalogueItem, PointsKind
from dziennik.contracts.purchases import OrderLine
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

LOYALTY = ReadModel("loyalty", version=2)
on = LOYALTY.on


class ContractYear(msgspec.Struct, frozen=True):
    """A year of the contract and what the school pays for it."""

    year: int
    since: date
    until: date
    pupils: int
    lines: tuple[OrderLine, ...]


@LOYALTY.table(key=("contract_id",), families=ALL_ROWS)
class Contract(Row, frozen=True):
    """A contract, signed at the position `known_from`.

    `handed_over` is the day on which the school got its data, up to `position`.
    """

    contract_id: str
    number: str
    signed_on: date
    since: date
    reminder_days: int
    terms: str | None
    years: tuple[ContractYear, ...]
    known_from: int
    reminded_on: date | None = None
    ended_on: date | None = None
    ended_for: str | None = None
    handed_over: date | None = None
    position: int | None = None
    root: str | None = None

    @property
    def until(self) -> date:
        """The last day agreed."""
        return self.ended_on or self.years[-1].until


@LOYALTY.table(key=("number",))
class PointsEntry(Row, frozen=True):
    """An entry of the book of points, in the order posted (`number` is its position in the journal)."""

    number: int
    entry_id: str
    entry: EntryKind
    postings: tuple[Posting, ...]
    on: date
    expires: date | None


@LOYALTY.table(key=("grant_id",))
class StockGrant(Row, frozen=True):
    """Cards that came into the stock, and why."""

    grant_id: str
    count: int
    basis: str
    granted_at: datetime


@LOYALTY.table(key=("school_year",))
class Choice(Row, frozen=True):
    """What the school takes for active accounts."""

    school_year: str
    choice: RewardChoice


@LOYALTY.table(key=("grant_id",))
class Reward(Row, frozen=True):
    """Accounts that were rewarded; who they are stays in the journal."""

    grant_id: str
    school_year: str
    accounts: int
    choice: RewardChoice
    rule_since: date
    cards: int
    on: date


@LOYALTY.table(key=("spend_id",))
class Spending(Row, frozen=True):
    """What points were spent on."""

    spend_id: str
    item: CatalogueItem
    count: int
    on: date
    reversed_on: date | None = None


@on(agreement.ContractSigned)
def contract_signed(rows: Rows, fact: agreement.ContractSigned, recorded: Recorded) -> None:
    first = ContractYear(1, fact.since, fact.until, fact.pupils, fact.lines)
    rows.put(
        Contract(
            contract_id=fact.contract_id,
            number=fact.number,
            signed_on=fact.on,
            since=fact.since,
            reminder_days=fact.reminder_days,
            terms=fact.terms,
            years=(first,),
            known_from=recorded.position,
        )
    )


@on(agreement.ContractRenewed)
def contract_renewed(rows: Rows, fact: agreement.ContractRenewed, _: Recorded) -> None:
    row = _contract(rows, fact.contract_id)
    year = ContractYear(fact.year, fact.since, fact.until, fact.pupils, fact.lines)
    rows.put(replace(row, years=(*row.years, year)))


@on(agreement.RenewalReminded)
def renewal_reminded(rows: Rows, fact: agreement.RenewalReminded, _: Recorded) -> None:
    rows.put(replace(_contract(rows, fact.contract_id), reminded_on=fact.on))


@on(agreement.ContractEnded)
def contract_ended(rows: Rows, fact: agreement.ContractEnded, _: Recorded) -> None:
    rows.put(replace(_contract(rows, fact.contract_id), ended_on=fact.on, ended_for=fact.reason))


@on(agreement.DataHandedOver)
def data_handed_over(rows: Rows, fact: agreement.DataHandedOver, _: Recorded) -> None:
    row = _contract(rows, fact.contract_id)
    rows.put(replace(row, handed_over=fact.on, position=fact.position, root=fact.root))


@on(cards.StockGranted)
def stock_granted(rows: Rows, fact: cards.StockGranted, recorded: Recorded) -> None:
    rows.put(StockGrant(**msgspec.structs.asdict(fact), granted_at=recorded.origin.recorded_at))


@on(said.RewardChosen)
def reward_chosen(rows: Rows, fact: said.RewardChosen, _: Recorded) -> None:
    rows.put(Choice(fact.school_year, fact.choice))


@on(said.RewardGranted)
def reward_granted(rows: Rows, fact: said.RewardGranted, _: Recorded) -> None:
    told = msgspec.structs.asdict(fact)
    rows.put(Reward(**told | {"accounts": len(told.pop("account_ids"))}))


@on(said.PointsPosted)
def points_posted(rows: Rows, fact: said.PointsPosted, recorded: Recorded) -> None:
    rows.put(PointsEntry(number=recorded.position, **msgspec.structs.asdict(fact)))


@on(said.RewardSpent)
def reward_spent(rows: Rows, fact: said.RewardSpent, _: Recorded) -> None:
    rows.put(Spending(**msgspec.structs.asdict(fact)))


@on(said.SpendingReversed)
def spending_reversed(rows: Rows, fact: said.SpendingReversed, _: Recorded) -> None:
    row = there(rows.get(Spending, fact.spend_id), fact.spend_id)
    rows.put(replace(row, reversed_on=fact.on))


def _contract(rows: Rows, contract_id: str) -> Contract:
    return there(rows.get(Contract, contract_id), contract_id)


# What is asked


def contracts(view: View) -> list[Contract]:
    """All contracts, in time."""
    return sorted(view.find(Contract), key=lambda row: (row.since, row.contract_id))


def contract_on(view: View, on: date, position: int | None = None) -> Contract | None:
    """The contract that holds on that day, of those known at that position (None: now)."""
    for row in contracts(view):
        if row.since <= on <= row.until and (position is None or row.known_from <= position):
            return row
    return None


def books(view: View) -> dict[tuple[Book, PointsKind], int]:
    """How many points stand on each account of the book, added up from all entries."""
    sums = {(book, kind): 0 for book in Book for kind in PointsKind}
    for entry in view.find(PointsEntry):
        for posting in entry.postings:
            sums[posting.book, posting.kind] += posting.points
    return sums
