"""The rules for price lists and the catalogue of points, in the provider's journal."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import asdict, replace

from dziennik.contracts import offers as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.refusals import Refusal
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution
from dziennik.domain.policies.prices import fault_in_catalogue, fault_in_prices, fault_in_sequence
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Offers(Struct, frozen=True, kw_only=True):
    """All price lists and catalogues, in the order published."""

    lists: tuple[said.PriceListPublished, ...] = ()
    catalogues: tuple[said.CataloguePublished, ...] = ()

    def catalogue_on(self, on: date) -> said.CataloguePublished | None:
        """The catalogue that holds on that day: the last one that has begun."""
        begun = [one for one in self.catalogues if one.since <= on]
        return max(begun, key=lambda one: one.since) if begun else None


_evolve: Evolution[Offers] = Evolution()
OFFERS: Stream[Offers] = Stream(streams.OFFERS, Offers(), _evolve)


@_evolve.on(said.PriceListPublished)
def _published(state: Offers, fact: said.PriceListPublished) -> Offers:
    return replace(state, lists=(*state.lists, fact))


@_evolve.on(said.PriceListEnded)
def _ended(state: Offers, fact: said.PriceListEnded) -> Offers:
    lists = [replace(one, until=fact.until) if one.list_id == fact.list_id else one for one in state.lists]
    return replace(state, lists=tuple(lists))


@_evolve.on(said.CataloguePublished)
def _catalogued(state: Offers, fact: said.CataloguePublished) -> Offers:
    return replace(state, catalogues=(*state.catalogues, fact))


def _fault_in_day(since: date, asked: Asked) -> Refusal | None:
    """Prices of the past are told by a file of the past (SYSTEM) alone."""
    if since < asked.today and asked.actor.role is not Role.SYSTEM:
        return said.PAST_PRICES(today=asked.today, field="since")
    return None


@decides(said.PublishPriceList, by=PROVIDER)
def _publish(world: World, command: said.PublishPriceList, asked: Asked) -> Decision:
    state = world[OFFERS]
    fact = said.PriceListPublished(**asdict(command))
    known = next((one for one in state.lists if one.list_id == command.list_id), None)
    if known:
        return [] if known == fact else said.LIST_EXISTS(list=command.list_id, field="list_id")
    if command.until is not None and command.until < command.since:
        return said.DATES_REVERSED(since=command.since, until=command.until, field="until")
    fault = (
        _fault_in_day(command.since, asked)
        or fault_in_prices(command.prices)
        or fault_in_sequence(state.lists, command.purpose, command.since, command.until)
    )
    return fault or [Entry(streams.OFFERS, fact)]


@decides(said.EndPriceList, by=PROVIDER)
def _end(world: World, command: said.EndPriceList, asked: Asked) -> Decision:
    known = next((one for one in world[OFFERS].lists if one.list_id == command.list_id), None)
    if known is None:
        return said.NO_SUCH_LIST(list=command.list_id, field="list_id")
    if known.until is not None:
        same = known.until == command.until
        return [] if same else said.LIST_ENDED(list=command.list_id, until=known.until, field="list_id")
    if command.until < known.since:
        return said.DATES_REVERSED(since=known.since, until=command.until, field="until")
    fault = _fault_in_day(command.until, asked)
    return fault or [Entry(streams.OFFERS, said.PriceListEnded(**asdict(command)))]


@decides(said.PublishCatalogue, by=PROVIDER)
def _catalogue(world: World, command: said.PublishCatalogue, asked: Asked) -> Decision:
    state = world[OFFERS]
    fact = said.CataloguePublished(**asdict(command))
    for known in state.catalogues:
        if known.catalogue_id == command.catalogue_id:
            return [] if known == fact else said.LIST_EXISTS(list=command.catalogue_id, field="catalogue_id")
        if known.since >= command.since:
            return said.LISTS_OVERLAP(list=known.catalogue_id, since=known.since, field="since")
    fault = _fault_in_day(command.since, asked) or fault_in_catalogue(command.items)
    return fault or [Entry(streams.OFFERS, fact)]
