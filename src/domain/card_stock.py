"""The rules for a school's stock of cards: granted, printed, spoilt, and what is left. Spoiling: `cards`."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec
from msgspec.structs import replace

from dziennik.contracts import cards as said
from dziennik.contracts import streams
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.domain.evolving import Evolution
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

# Who grants: the provider's side, by contract; the school's own hand does not fill its stock.
GRANTING = frozenset({Role.OPERATOR, Role.SYSTEM})


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """What was granted and what was taken."""

    grants: AbstractSet[str] = frozenset()
    granted: int = 0
    printed: AbstractSet[str] = frozenset()
    spoilt: AbstractSet[str] = frozenset()

    @property
    def left(self) -> int:
        """Cards that may still be printed."""
        return self.granted - len(self.printed)


_evolve: Evolution[Stock] = Evolution()


def stock() -> Stream[Stock]:
    """The school's stock."""
    return Stream(streams.CARD_STOCK, Stock(), _evolve)


@_evolve.on(said.StockGranted)
def _granted(state: Stock, fact: said.StockGranted) -> Stock:
    return replace(state, grants=state.grants | {fact.grant_id}, granted=state.granted + fact.count)


@_evolve.on(said.CardsPrinted)
def _printed(state: Stock, fact: said.CardsPrinted) -> Stock:
    return replace(state, printed=state.printed | set(fact.card_ids))


@_evolve.on(said.CardsSpoilt)
def _spoilt(state: Stock, fact: said.CardsSpoilt) -> Stock:
    return replace(state, spoilt=state.spoilt | set(fact.card_ids))


@decides(said.GrantStock, by=GRANTING)
def _grant(world: World, command: said.GrantStock, _: Asked) -> Decision:
    if command.count < 1:
        return said.COUNT_NOT_POSITIVE(field="count")
    if not command.basis.strip():
        return TEXT_MISSING(at="basis", field="basis")
    if command.grant_id in world[stock()].grants:
        return []
    return [Entry(streams.CARD_STOCK, said.StockGranted(**msgspec.structs.asdict(command)))]
