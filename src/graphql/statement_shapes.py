"""What the school's statement looks like in GraphQL. Amounts are whole grosze, VAT included."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import strawberry

from dziennik.graphql.commerce_shapes import ID, Choice, Points, day
from dziennik.selling.statement import Statement


@strawberry.type(description="Sums of all orders: ordered = open + credited + given up.")
class MoneySums:
    ordered: int
    credited: int
    refunded: int
    kept: int
    open: int
    given_up: int
    refund_due: int
    agrees: bool


@strawberry.type(description="Points by double entry: issued = balance + spent + expired.")
class PointsSums:
    kind: Points
    issued: int
    balance: int
    spent: int
    expired: int
    usable: int
    agrees: bool


@strawberry.type(description="Cards: granted = printed + left.")
class CardSums:
    granted: int
    printed: int
    spoilt: int
    left: int
    agrees: bool


@strawberry.type(description="Cards or points for so many active accounts.")
class RewardRow:
    id: ID
    school_year: str
    accounts: int
    choice: Choice
    cards: int
    on: date


@strawberry.type(
    description="Messages by number: delivered (once for each recipient) = read + unread; in mailboxes lie"
    " delivered + sent."
)
class MessageSums:
    sent: int
    delivered: int
    read: int
    unread: int
    in_mailboxes: int
    withdrawn: int = strawberry.field(description="Among the sent ones.")
    agrees: bool


@strawberry.type(description="What points were spent on.")
class SpendingRow:
    id: ID
    name: str
    count: int
    points_kind: Points
    points: int
    on: date
    reversed_on: date | None


@strawberry.type(description="Cards that came into stock, and why.")
class StockRow:
    id: ID
    count: int
    basis: str


@strawberry.type(
    description="The school's statement: `agrees` when money, points, cards and messages all come out even."
)
class CommerceStatement:
    on: date
    agrees: bool
    money: MoneySums
    points: list[PointsSums]
    cards: CardSums
    messages: MessageSums
    rewards: list[RewardRow]
    spendings: list[SpendingRow]
    stock: list[StockRow]


def statement(found: Statement) -> dict[str, Any]:
    money = found.money
    return {
        "on": found.on.isoformat(),
        "agrees": found.agrees,
        "money": {
            "ordered": money.ordered,
            "credited": money.credited,
            "refunded": money.refunded,
            "kept": money.kept,
            "open": money.open,
            "givenUp": money.given_up,
            "refundDue": money.refund_due,
            "agrees": money.agrees,
        },
        "points": [msgspec.structs.asdict(one) | {"kind": one.kind.name} for one in found.points],
        "cards": msgspec.structs.asdict(found.cards),
        "messages": msgspec.structs.asdict(found.messages) | {"inMailboxes": found.messages.in_mailboxes},
        "rewards": [
            {
                "id": one.grant_id,
                "schoolYear": one.school_year,
                "accounts": one.accounts,
                "choice": one.choice.name,
                "cards": one.cards,
                "on": one.on.isoformat(),
            }
            for one in found.rewards
        ],
        "spendings": [
            {
                "id": one.spend_id,
                "name": one.item.name,
                "count": one.count,
                "pointsKind": one.item.points_kind.name,
                "points": one.item.points * one.count,
                "on": one.on.isoformat(),
                "reversedOn": day(one.reversed_on),
            }
            for one in found.spendings
        ],
        "stock": [{"id": one.grant_id, "count": one.count, "basis": one.basis} for one in found.grants],
    }
