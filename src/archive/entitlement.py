"""What could the accounts of a school do in a year, by which rules and purchases; and which cards did it get?

The rules that were agreed until then, orders whose extension held in the year, without what was paid, and
grants of cards of that year. What was bought is no school record; who could see and do what is one.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from dziennik.archive.editions import WARSAW, Edition
from dziennik.archive.source import Facts
from dziennik.contracts import purchases, streams
from dziennik.contracts.cards import StockGranted
from dziennik.contracts.entitlement import EntitlementAgreed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact

_OF_ORDERS: Final = (
    purchases.OrderPlaced,
    purchases.ExtensionActivated,
    purchases.ActivationReversed,
    purchases.PurchaseWithdrawn,
    purchases.PurchaseEnded,
    purchases.ExtensionExpired,
)
# Facts of contexts that are in no book otherwise.
ENTITLING: Final[tuple[type[Fact], ...]] = (EntitlementAgreed, *_OF_ORDERS)


def year_entitlement(journal: Facts, edition: Edition) -> list[Recorded]:
    """The facts, by position."""
    until = edition.cut_off
    found = [
        each
        for each in journal.load(streams.ENTITLEMENT, until_position=until)
        if isinstance(each.fact, EntitlementAgreed)
    ]
    found += [
        each
        for each in journal.load(streams.CARD_STOCK, until_position=until)
        if isinstance(each.fact, StockGranted) and _in_year(edition, each)
    ]
    orders = journal.scan("purchase/", until_position=until)
    for _, history in groupby(orders, key=lambda each: each.stream):
        order = [each for each in history if isinstance(each.fact, _OF_ORDERS)]
        if any(_holds_in(edition, each.fact) for each in order):
            found += order
    return sorted(found, key=lambda each: each.position)


def covered(each: Recorded) -> tuple[str, ...]:
    """The pupils for whom an extension was ordered by name."""
    covers = getattr(each.fact, "covers", None)
    return covers.pupil_ids if isinstance(covers, purchases.Coverage) else ()


def _holds_in(edition: Edition, fact: Fact) -> bool:
    year = edition.year
    if not isinstance(fact, purchases.ExtensionActivated):
        return False
    return fact.since <= year.ends and fact.until >= year.starts


def _in_year(edition: Edition, each: Recorded) -> bool:
    day = each.origin.recorded_at.astimezone(WARSAW).date()
    return edition.year.starts <= day <= edition.year.ends
