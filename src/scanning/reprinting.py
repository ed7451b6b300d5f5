"""How is the paper of issued cards fetched, in a browser, and once more if the printer was out of paper?

By an address that is signed and soon over. The same cards give the same bytes as long as names and titles are
the same. What was scanned, spoilt or voided is printed no more: two papers of a card are one too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from dziennik.addresses import Addresses, utc_now
from dziennik.contracts.cards import NewCard
from dziennik.omr.layouts import HEIGHTS, Paper, known
from dziennik.omr.printed import Printed
from dziennik.projections import card_questions
from dziennik.projections.cards import Card, CardSheet, SpoiltCard
from dziennik.projections.rows import Lists, View
from dziennik.scanning.paper import Part, paper_of

LASTS = timedelta(minutes=10)


class Papers(msgspec.Struct, frozen=True):
    """Which cards an address leads to, and from which position on the read models know them."""

    school: str
    card_ids: tuple[str, ...]
    position: int


class PaperLinks:
    """Makes and reads the addresses of one installation."""

    def __init__(self, token_key: bytes, *, now: Callable[[], datetime] = utc_now) -> None:
        self._addresses = Addresses(token_key, "dziennik card paper", Papers, LASTS, now)

    def make(self, school_id: str, card_ids: Iterable[str], position: int) -> str:
        """A token that is good for LASTS."""
        return self._addresses.make(Papers(school_id, tuple(card_ids), position))

    def read(self, token: str) -> Papers | None:
        """None when the token is none of ours, or over."""
        return self._addresses.read(token)


def to_print(view: Lists, cards: Sequence[Card]) -> list[Card]:
    """Those of them of which nothing came yet, in the order in which they were issued."""
    ids = [card.card_id for card in cards]
    over = {row.card_id for row in view.many(SpoiltCard, [(one,) for one in ids]) if row}
    over |= {row.card_id for row in view.find_each(CardSheet, "card_id", ids)} if ids else set()
    left = [card for card in cards if card.card_id not in over and card.voided is None]
    return sorted(left, key=lambda card: card.position)


def draw_again(view: Lists, key: bytes, card_ids: Iterable[str]) -> bytes | None:
    """The paper of issued cards as PDF; None when there is nothing left to print."""
    from dziennik.omr.printing import print_cards  # the PDF library: only when asked for

    cards = to_print(view, [card for card in view.many(Card, [(one,) for one in card_ids]) if card])
    papers = [_paper(view, key, card) for card in cards]
    if not papers:
        return None
    small = all(known()[card.layout].height == HEIGHTS[Paper.A5] for card in cards)
    return print_cards(papers, two_on_a_sheet=small)


def _paper(view: View, key: bytes, card: Card) -> Printed:
    new = NewCard(**{name: getattr(card, name) for name in NewCard.__struct_fields__})
    return paper_of(view, key, new, _part(view, card))


def _part(view: View, card: Card) -> Part:
    """Which of the cards it is that were issued at once for the same lessons or column."""
    what = (card.issued_at, card.lessons, card.column_id)
    same = [
        one.position
        for one in card_questions.of_unit(view, card.unit_id)
        if (one.issued_at, one.lessons, one.column_id) == what
    ]
    return Part(sorted(same).index(card.position) + 1, len(same))
