"""What the demo's provider sold from when on: figures of the terms that this project began with.

Before 1 September 2015 the extended account held grades and attendance; the list after that day sells
comforts alone, and is cheaper.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from dziennik.contracts.commands import Command
from dziennik.contracts.invoices import DescribeSeller
from dziennik.contracts.offers import (
    CatalogueItem,
    ContractYears,
    PointsKind,
    Price,
    ProductKind,
    PublishCatalogue,
    PublishPriceList,
    Purpose,
    Vat,
)
from dziennik.contracts.purchase_commands import CreditPayment
from dziennik.contracts.purchases import OrderLine

BEGINS: Final = date(2013, 9, 1)
ACCOUNT, BUNDLE, FEE, TRAINING, SUPPORT = "konto", "konto-nnw", "serwer", "szkolenie", "wsparcie"


def account_prices(gross: int, bundled: int) -> tuple[Price, ...]:
    return (
        Price(
            product_id=ACCOUNT, name="Konto rozszerzone", kind=ProductKind.EXTENSION, gross=gross, vat=Vat.V23
        ),
        Price(
            product_id=BUNDLE,
            name="Konto rozszerzone z NNW",
            kind=ProductKind.BUNDLE,
            gross=bundled,
            vat=Vat.EXEMPT,
        ),
    )


def _fee(gross: int, years: ContractYears, first: int = 1, last: int | None = None) -> Price:
    return Price(
        product_id=FEE,
        name="Opłata roczna: serwer i ochrona danych",
        kind=ProductKind.SERVICE,
        gross=gross,
        vat=Vat.V23,
        years=years,
        from_pupils=first,
        to_pupils=last,
    )


def _extra(product_id: str, name: str, kind: ProductKind, gross: int, vat: Vat) -> Price:
    return Price(product_id=product_id, name=name, kind=kind, gross=gross, vat=vat)


SCHOOL_PRICES: Final = (
    _fee(35000, ContractYears.FIRST),
    _fee(15000, ContractYears.LATER, 1, 200),
    _fee(18000, ContractYears.LATER, 201, 400),
    _fee(21000, ContractYears.LATER, 401, 600),
    _fee(25000, ContractYears.LATER, 601),
    _extra(TRAINING, "Szkolenie rady pedagogicznej", ProductKind.TRAINING, 40000, Vat.EXEMPT),
    _extra(SUPPORT, "Wsparcie telefoniczne, rok", ProductKind.SUPPORT, 12000, Vat.V23),
)
ITEMS: Final = (
    CatalogueItem(
        item_id="karty-500",
        name="500 kart",
        kind=ProductKind.CARDS,
        points_kind=PointsKind.PLUS,
        points=8,
        cards=500,
    ),
    CatalogueItem(
        item_id="czytnik",
        name="Czytnik kodów",
        kind=ProductKind.HARDWARE,
        points_kind=PointsKind.HARDWARE,
        points=150,
    ),
    CatalogueItem(
        item_id="program-planu",
        name="Program do układania planu lekcji",
        kind=ProductKind.SOFTWARE,
        points_kind=PointsKind.PLUS,
        points=40,
    ),
)


def published() -> tuple[Command, ...]:
    """Who sells, and all price lists and the catalogue, in time."""
    return (
        DescribeSeller(
            name="Dostawca Dziennika sp. z o.o. (pokaz)",
            address="ul. Pokazowa 1, 00-001 Warszawa",
            tax_id="5260250274",
            account="PL61109010140000071219812874",
            since=BEGINS,
            exempt_by="art. 43 ust. 1 pkt 26 i 37 ustawy o VAT",
        ),
        PublishPriceList(
            list_id="konta-2013",
            purpose=Purpose.ACCOUNTS,
            since=BEGINS,
            until=date(2015, 8, 31),
            prices=account_prices(3900, 6900),
        ),
        PublishPriceList(
            list_id="konta-2015",
            purpose=Purpose.ACCOUNTS,
            since=date(2015, 9, 1),
            prices=account_prices(1900, 4900),
        ),
        PublishPriceList(list_id="szkoly-2013", purpose=Purpose.SCHOOL, since=BEGINS, prices=SCHOOL_PRICES),
        PublishCatalogue(catalogue_id="katalog-2013", since=BEGINS, items=ITEMS),
    )


def line(price: Price, list_id: str | None, count: int = 1, gross: int | None = None) -> OrderLine:
    """What is ordered at a list's price, or (no list) at the one agreed."""
    return OrderLine(
        product_id=price.product_id,
        name=price.name,
        kind=price.kind,
        count=count,
        unit_gross=price.gross if gross is None else gross,
        vat=price.vat,
        list_id=list_id,
    )


def payment(order_id: str, on: date, amount: int) -> CreditPayment:
    """Money for an order came in."""
    return CreditPayment(order_id=order_id, payment_id=f"wplata-{order_id}", amount=amount, on=on)
