"""Offers: what the provider sells from when on, for how much money or how many points. In the provider's
journal.

Stream ``offers``. A price list holds from a day to a day; lists of one purpose follow each other without a
gap and without an overlap, and so do the sizes of schools inside a list. Amounts are whole grosze with VAT,
in PLN.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import Value


class ProductKind(StrEnum):
    """What is sold: extended accounts alone or in a bundle, a school's yearly fee, training, support,
    wares.
    """

    EXTENSION = "extension"
    BUNDLE = "bundle"
    SERVICE = "service"
    TRAINING = "training"
    SUPPORT = "support"
    CARDS = "cards"
    HARDWARE = "hardware"
    SOFTWARE = "software"


class Purpose(StrEnum):
    """Whom a price list is for: accounts of families, or a school's contract."""

    ACCOUNTS = "accounts"
    SCHOOL = "school"


class Vat(StrEnum):
    """Rates of the VAT act, in percent; EXEMPT is written "zw" on invoices."""

    V23 = "v23"
    V8 = "v8"
    V5 = "v5"
    V0 = "v0"
    EXEMPT = "exempt"


class ContractYears(StrEnum):
    """In which years of a contract a price holds."""

    ANY = "any"
    FIRST = "first"
    LATER = "later"


class PointsKind(StrEnum):
    """Points of the loyalty programme: for hardware, and plus points for anything else."""

    HARDWARE = "hardware"
    PLUS = "plus"


POINTS_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    PointsKind.HARDWARE: ("sprzętowe", "hardware"),
    PointsKind.PLUS: ("plus", "plus"),
}


class Price(Value, frozen=True, kw_only=True):
    """What one piece costs, VAT included, in a school of so many pupils (both ends included; None: open)."""

    product_id: str
    name: str
    kind: ProductKind
    gross: int
    vat: Vat
    years: ContractYears = ContractYears.ANY
    from_pupils: int = 1
    to_pupils: int | None = None


class CatalogueItem(Value, frozen=True, kw_only=True):
    """What points are spent on. `cards`: how many cards a piece puts into the school's stock."""

    item_id: str
    name: str
    kind: ProductKind
    points_kind: PointsKind
    points: int
    cards: int = 0


@fact("offers.price_list_published.1")
class PriceListPublished(Fact, frozen=True, kw_only=True):
    """These prices hold from `since` to `until` (both included; None: until it is ended)."""

    list_id: str
    purpose: Purpose
    since: date
    until: date | None
    prices: tuple[Price, ...]
    currency: str = "PLN"


@fact("offers.price_list_ended.1")
class PriceListEnded(Fact, frozen=True, kw_only=True):
    """The last day of the list is `until`."""

    list_id: str
    until: date


@fact("offers.catalogue_published.1")
class CataloguePublished(Fact, frozen=True, kw_only=True):
    """From `since` on points are spent on these; the catalogue before holds until then."""

    catalogue_id: str
    since: date
    items: tuple[CatalogueItem, ...]


@command("offers.publish_price_list")
class PublishPriceList(Command, frozen=True, kw_only=True):
    """It begins on the day after the last list of its purpose ends."""

    list_id: str
    purpose: Purpose
    since: date
    prices: tuple[Price, ...]
    until: date | None = None


@command("offers.end_price_list")
class EndPriceList(Command, frozen=True, kw_only=True):
    list_id: str
    until: date


@command("offers.publish_catalogue")
class PublishCatalogue(Command, frozen=True, kw_only=True):
    catalogue_id: str
    since: date
    items: tuple[CatalogueItem, ...]


LISTS_OVERLAP = Reason(
    "OFFERS.LISTS_OVERLAP",
    pl="Od {since} obowiązuje już cennik {list}. Zakończ go wcześniej albo zacznij nowy później.",
    en="The price list {list} holds on {since} already. End it earlier, or begin the new one later.",
)
GAP_BETWEEN_LISTS = Reason(
    "OFFERS.GAP_BETWEEN_LISTS",
    pl="Między cennikiem {list}, który kończy się {until}, a nowym zostałaby przerwa. Zacznij nowy {since}.",
    en="Between the price list {list}, which ends on {until}, and the new one there would be a gap. "
    "Begin the new one on {since}.",
)
GAP_BEFORE_LISTS = Reason(
    "OFFERS.GAP_BEFORE_LISTS",
    pl="Przed cennikiem {list} zostałaby przerwa. Niech wcześniejszy kończy się {until}.",
    en="There would be a gap before the price list {list}. Let the earlier one end on {until}.",
)
LIST_EXISTS = Reason(
    "OFFERS.LIST_EXISTS",
    pl="Cennik {list} już ogłoszono, z inną treścią.",
    en="The price list {list} is published already, and differs.",
)
NO_SUCH_LIST = Reason(
    "OFFERS.NO_SUCH_LIST",
    pl="Nie ma cennika {list}.",
    en="There is no price list {list}.",
)
LIST_ENDED = Reason(
    "OFFERS.LIST_ENDED",
    pl="Cennik {list} kończy się {until}.",
    en="The price list {list} ends on {until}.",
)
DATES_REVERSED = Reason(
    "OFFERS.DATES_REVERSED",
    pl="Cennik kończy się {until}, zanim się zacznie ({since}).",
    en="The price list ends on {until}, before it begins ({since}).",
)
PAST_PRICES = Reason(
    "OFFERS.PAST_PRICES",
    pl="Ceny sprzed dzisiaj ({today}) już obowiązywały. Podaj dzień od dzisiaj.",
    en="Prices of days before today ({today}) have held already. Give a day from today on.",
)
SIZES_OVERLAP = Reason(
    "OFFERS.SIZES_OVERLAP",
    pl="Dla szkoły, która ma {pupils} uczniów, są dwie ceny: {product}.",
    en="For a school of {pupils} pupils there are two prices: {product}.",
)
GAP_BETWEEN_SIZES = Reason(
    "OFFERS.GAP_BETWEEN_SIZES",
    pl="Dla szkoły, która ma {pupils} uczniów, nie ma ceny: {product}.",
    en="For a school of {pupils} pupils there is no price: {product}.",
)
PRICE_UNSOUND = Reason(
    "OFFERS.PRICE_UNSOUND",
    pl="{product}: {amount} nie jest ceną. Podaj grosze albo punkty, od 0 do {most}.",
    en="{product}: {amount} is no price. Give grosze or points, from 0 to {most}.",
)
NOTHING_OFFERED = Reason(
    "OFFERS.NOTHING_OFFERED",
    pl="Cennik albo katalog jest pusty lub zbyt długi (najwyżej {most} pozycji).",
    en="The price list or catalogue is empty or too long (at most {most} rows).",
)
PRODUCT_TWICE = Reason(
    "OFFERS.PRODUCT_TWICE",
    pl="Produkt {product} stoi tu dwa razy albo pod dwiema nazwami.",
    en="The product {product} stands here twice or under two names.",
)
NO_PRICE = Reason(
    "OFFERS.NO_PRICE",
    pl="W dniu {on} nie ma ceny: {product}.",
    en="On {on} there is no price: {product}.",
)
