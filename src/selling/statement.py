"""Does it all come out even? The school's statement: money, points, cards, messages, each sum told twice.

Each part is added up from single entries and held against what the rules keep; `agrees` says whether both are
the same. What does not agree is told, not hidden.
"""

from __future__ import annotations

from datetime import date

import msgspec

from dziennik.application.register import Register
from dziennik.contracts.loyalty import Book
from dziennik.contracts.offers import PointsKind
from dziennik.domain import purchase_state
from dziennik.domain.card_stock import stock
from dziennik.domain.loyalty import LOYALTY
from dziennik.domain.policies.rewards import valid
from dziennik.projections import cards, loyalty, purchases
from dziennik.projections.loyalty import Contract, Reward, Spending, StockGrant
from dziennik.projections.messages import Conversation, Mailbox, Message, TimesRead
from dziennik.projections.purchases import Order
from dziennik.projections.rows import View
from dziennik.projections.tables import Row


class Money(msgspec.Struct, frozen=True):
    """Sums of all orders, in grosze: ordered (less cancelled) = open + credited + given up; credited = kept +
    refunded.
    """

    ordered: int
    credited: int
    refunded: int
    kept: int
    open: int
    given_up: int
    refund_due: int
    agrees: bool


class Points(msgspec.Struct, frozen=True):
    """Points of a kind: issued = balance + spent + expired. `usable`: of the balance what has not expired
    yet.
    """

    kind: PointsKind
    issued: int
    balance: int
    spent: int
    expired: int
    usable: int
    agrees: bool


class Cards(msgspec.Struct, frozen=True):
    """Cards: granted = printed + left; granted is the sum of the grants."""

    granted: int
    printed: int
    spoilt: int
    left: int
    agrees: bool


class Messages(msgspec.Struct, frozen=True):
    """Numbers of messages, never whose: delivered = read + unread; in mailboxes lie delivered + sent.

    `delivered` counts a message once for each recipient, `withdrawn` is among the sent ones.
    """

    sent: int
    delivered: int
    read: int
    unread: int
    in_mailboxes: int
    withdrawn: int
    agrees: bool


class Statement(msgspec.Struct, frozen=True):
    """The whole statement, as of a day."""

    school_id: str
    on: date
    contracts: tuple[Contract, ...]
    orders: tuple[Order, ...]
    money: Money
    points: tuple[Points, ...]
    rewards: tuple[Reward, ...]
    spendings: tuple[Spending, ...]
    grants: tuple[StockGrant, ...]
    cards: Cards
    messages: Messages

    @property
    def agrees(self) -> bool:
        """Whether everything comes out even."""
        points = all(one.agrees for one in self.points)
        return self.money.agrees and points and self.cards.agrees and self.messages.agrees


def statement(school: Register, view: View) -> Statement:
    """The statement as of today. The read models must be at the journal's head."""
    today = school.today()
    orders = tuple(purchases.orders(view))
    return Statement(
        school_id=school.journal.school_id,
        on=today,
        contracts=tuple(loyalty.contracts(view)),
        orders=orders,
        money=_money(school, orders),
        points=tuple(_points(school, view, kind, today) for kind in PointsKind),
        rewards=tuple(sorted(view.find(Reward), key=lambda row: (row.on, row.grant_id))),
        spendings=tuple(sorted(view.find(Spending), key=lambda row: (row.on, row.spend_id))),
        grants=tuple(sorted(view.find(StockGrant), key=lambda row: (row.granted_at, row.grant_id))),
        cards=_cards(school, view),
        messages=_messages(view),
    )


def _money(school: Register, orders: tuple[Order, ...]) -> Money:
    ordered = sum(row.total for row in orders if row.how != "cancelled")
    credited = sum(row.credited for row in orders)
    refunded = sum(row.refunded for row in orders)
    # Of orders that ended half paid the rest is owed by nobody.
    given_up = sum(row.total - row.credited for row in orders if row.how in ("withdrawn", "ended"))
    states = [school.state(purchase_state.order(row.order_id)) for row in orders]
    same = all(
        (state.total, state.credited, state.refunded) == (row.total, row.credited, row.refunded)
        for state, row in zip(states, orders, strict=True)
    )
    due = sum(row.kept for row in orders if row.how == "withdrawn")
    left = sum(row.open for row in orders)
    agrees = same and ordered == left + credited + given_up and refunded <= credited
    return Money(ordered, credited, refunded, credited - refunded, left, given_up, due, agrees)


def _points(school: Register, view: View, kind: PointsKind, today: date) -> Points:
    books = loyalty.books(view)
    issued, balance = -books[Book.ISSUED, kind], books[Book.BALANCE, kind]
    spent, expired = books[Book.SPENT, kind], books[Book.EXPIRED, kind]
    lots = school.state(LOYALTY).lots
    kept = sum(lot.points for lot in lots if lot.kind is kind)
    agrees = issued == balance + spent + expired and balance == kept >= 0
    return Points(kind, issued, balance, spent, expired, valid(lots, kind, today), agrees)


def _cards(school: Register, view: View) -> Cards:
    now, kept = cards.stock(view), school.state(stock())
    granted = sum(row.count for row in view.find(StockGrant))
    same = (kept.granted, len(kept.printed), kept.left) == (now.granted, now.printed, now.left)
    agrees = same and granted == now.granted == now.printed + now.left and now.left >= 0
    return Cards(now.granted, now.printed, now.spoilt, now.left, agrees)


def _messages(view: View) -> Messages:
    """What was sent, as messages tell it, against what lies in mailboxes, as these count it themselves."""
    rows = view.raw(Message, ("recipients", "withdrawn"))
    sent, delivered = len(rows), _sum(view, Message, "recipients")
    read, unread = _sum(view, TimesRead, "read"), _sum(view, Mailbox, "unread")
    lie = _sum(view, Conversation, "letters")
    same = unread == _sum(view, Conversation, "unread") and lie == delivered + sent
    withdrawn = sum(row[1] is not None for row in rows)
    return Messages(sent, delivered, read, unread, lie, withdrawn, same and delivered == read + unread)


def _sum(view: View, table: type[Row], column: str) -> int:
    return sum(int(str(row[0])) for row in view.raw(table, (column,)))
