"""Do price lists follow each other, and sizes of schools in them, without a gap and without an overlap?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from dziennik.contracts import offers as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.offers import ContractYears, PointsKind, ProductKind, Purpose, Vat
from dziennik.contracts.purchases import OrderLine
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.domain.policies.prices import (
    fault_in_prices,
    fault_in_sequence,
    list_on,
    percent,
    priced,
    quoted,
    tax_in,
)
from dziennik.domain.world import Entry
from tests.domain.commerce_story import OPERATOR, TODAY
from tests.domain.sentence import DIRECTOR, at, given

SYSTEM = Actor(account="cli", role=Role.SYSTEM)
DECEMBER, JANUARY = date(2026, 12, 31), date(2027, 1, 1)


def price(gross: int, **told: object) -> said.Price:
    whole = {"product_id": "serwer", "name": "Opłata", "kind": ProductKind.SERVICE, "vat": Vat.V23} | told
    return said.Price(gross=gross, **whole)  # type: ignore[arg-type]


# The reference figures: 350.00 in the first year; 210.00 for 401 to 600 pupils in later years.
FIRST = price(35000, years=ContractYears.FIRST)
SMALL = price(15000, years=ContractYears.LATER, to_pupils=400)
MIDDLE = price(21000, years=ContractYears.LATER, from_pupils=401, to_pupils=600)
LARGE = price(29000, years=ContractYears.LATER, from_pupils=601)
PRICES = (FIRST, SMALL, MIDDLE, LARGE)
PUBLISH = said.PublishPriceList(
    list_id="szkoly-26", purpose=Purpose.SCHOOL, since=TODAY, until=DECEMBER, prices=PRICES
)
PUBLISHED = said.PriceListPublished(**asdict(PUBLISH))


def offered(*facts: Fact) -> list[Entry]:
    return [at(streams.OFFERS, fact) for fact in facts]


def test_a_list_is_published_by_the_provider_for_days_to_come() -> None:
    given().when(PUBLISH, by=OPERATOR).then(*offered(PUBLISHED))
    given(offered(PUBLISHED)).when(PUBLISH, by=OPERATOR).nothing()
    given(offered(PUBLISHED)).when(replace(PUBLISH, until=None), by=OPERATOR).refused(
        said.LIST_EXISTS, "list_id"
    )
    past = replace(PUBLISH, since=date(2014, 9, 1))
    given().when(past, by=OPERATOR).refused(said.PAST_PRICES, "since", today=TODAY)
    given().when(past, by=SYSTEM).then(*offered(replace(PUBLISHED, since=date(2014, 9, 1))))
    given().when(replace(PUBLISH, until=date(2026, 10, 1)), by=OPERATOR).refused(said.DATES_REVERSED, "until")
    given().when(PUBLISH, by=DIRECTOR).refused(NOT_YOURS_TO_DO)


def test_lists_of_a_purpose_follow_each_other() -> None:
    follows = replace(PUBLISH, list_id="szkoly-27", since=JANUARY, until=None)
    known = offered(PUBLISHED)
    given(known).when(follows, by=OPERATOR).then(*offered(said.PriceListPublished(**asdict(follows))))
    overlap = replace(follows, since=DECEMBER)
    given(known).when(overlap, by=OPERATOR).refused(
        said.LISTS_OVERLAP, "since", list="szkoly-26", since=DECEMBER
    )
    gap = replace(follows, since=date(2027, 1, 2))
    given(known).when(gap, by=OPERATOR).refused(
        said.GAP_BETWEEN_LISTS, "since", list="szkoly-26", until=DECEMBER, since=JANUARY
    )
    accounts = replace(gap, purpose=Purpose.ACCOUNTS)
    given(known).when(accounts, by=OPERATOR).then(*offered(said.PriceListPublished(**asdict(accounts))))
    endless = offered(replace(PUBLISHED, until=None))
    given(endless).when(follows, by=OPERATOR).refused(said.LISTS_OVERLAP, "since")
    end = said.EndPriceList(list_id="szkoly-26", until=DECEMBER)
    ended = said.PriceListEnded(list_id="szkoly-26", until=DECEMBER)
    given(endless).when(end, by=OPERATOR).then(*offered(ended))
    given(endless, offered(ended)).when(end, by=OPERATOR).nothing()
    given(endless, offered(ended)).when(follows, by=OPERATOR).then(
        *offered(said.PriceListPublished(**asdict(follows)))
    )
    given(known).when(replace(end, until=TODAY), by=OPERATOR).refused(said.LIST_ENDED, "list_id")
    given().when(end, by=OPERATOR).refused(said.NO_SUCH_LIST, "list_id")


def test_lists_up_to_the_last_day_there_is() -> None:
    last = offered(replace(PUBLISHED, until=date.max))
    given(last).when(replace(PUBLISH, list_id="b", since=date.max, until=None), by=OPERATOR).refused(
        said.LISTS_OVERLAP, "since"
    )
    early = replace(PUBLISH, list_id="b", since=date(2013, 9, 1), until=date(2014, 9, 1))
    given(last).when(early, by=SYSTEM).refused(
        said.GAP_BEFORE_LISTS, "until", list="szkoly-26", until=TODAY - timedelta(days=1)
    )
    before = replace(PUBLISH, list_id="b", since=date.min, until=date.min)
    given(last).when(before, by=SYSTEM).refused(said.GAP_BEFORE_LISTS, "until")


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        ((), said.NOTHING_OFFERED),
        ((replace(FIRST, gross=-1),), said.PRICE_UNSOUND),
        ((replace(FIRST, from_pupils=0),), said.PRICE_UNSOUND),
        ((replace(MIDDLE, to_pupils=400),), said.PRICE_UNSOUND),
        ((FIRST, SMALL, LARGE), said.GAP_BETWEEN_SIZES),
        ((FIRST, MIDDLE, LARGE), said.GAP_BETWEEN_SIZES),
        ((FIRST, SMALL, MIDDLE), said.GAP_BETWEEN_SIZES),
        ((SMALL, MIDDLE, LARGE), said.GAP_BETWEEN_SIZES),  # nothing for the first year
        ((*PRICES, MIDDLE), said.SIZES_OVERLAP),
        ((*PRICES, replace(LARGE, from_pupils=2000)), said.SIZES_OVERLAP),
        ((FIRST, SMALL, MIDDLE, replace(LARGE, name="Inna")), said.PRODUCT_TWICE),
    ],
)
def test_sizes_leave_no_gap_and_no_overlap(prices: tuple[said.Price, ...], reason: Reason) -> None:
    refused = given().when(replace(PUBLISH, prices=prices), by=OPERATOR).decision
    assert isinstance(refused, Refusal)
    assert refused.code == reason.code


def test_the_reference_figures() -> None:
    def fee(pupils: int, first_year: bool) -> OrderLine | Refusal:
        return priced([PUBLISHED], Purpose.SCHOOL, "serwer", TODAY, pupils=pupils, first_year=first_year)

    found = [fee(520, True), fee(520, False), fee(400, False), fee(601, False)]
    assert [line.unit_gross for line in found if isinstance(line, OrderLine)] == [35000, 21000, 15000, 29000]
    late = priced([PUBLISHED], Purpose.SCHOOL, "serwer", JANUARY)
    assert late == said.NO_PRICE(on=JANUARY, product="serwer", field="product_id")


def test_vat_is_reckoned_from_the_gross_sum_of_each_rate() -> None:
    assert [tax_in(35000, vat) for vat in Vat] == [6545, 2593, 1667, 0, 0]
    line = priced([PUBLISHED], Purpose.SCHOOL, "serwer", TODAY, count=3)
    assert isinstance(line, OrderLine)
    quote = quoted(TODAY, [line, replace(line, vat=Vat.EXEMPT, unit_gross=1000, count=1)])
    assert (quote.total, [(rate.vat, rate.net, rate.tax) for rate in quote.rates]) == (
        106000,
        [(Vat.V23, 85366, 19634), (Vat.EXEMPT, 1000, 0)],
    )


@for_any(st.integers(0, 10**8), st.sampled_from(Vat))
def test_net_and_tax_make_the_gross_and_the_tax_is_the_nearest(gross: int, vat: Vat) -> None:
    tax, rate = tax_in(gross, vat), percent(vat)
    assert abs(tax * (100 + rate) - gross * rate) * 2 <= 100 + rate
    assert 0 <= tax <= gross


@for_any(st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60)), max_size=8))
def test_whatever_is_published_each_day_has_one_price_at_most_and_no_gap(
    wanted: list[tuple[int, int | None]],
) -> None:
    lists: list[said.PriceListPublished] = []
    for number, (first, last) in enumerate(wanted):
        since = TODAY + timedelta(days=first)
        until = None if last is None or last < first else TODAY + timedelta(days=last)
        if fault_in_sequence(lists, Purpose.SCHOOL, since, until) is None:
            lists.append(replace(PUBLISHED, list_id=str(number), since=since, until=until))
    held = [[one for one in lists if list_on([one], Purpose.SCHOOL, day)] for day in _days(70)]
    assert all(len(one) <= 1 for one in held)
    there = [place for place, one in enumerate(held) if one]
    assert there == list(range(there[0], there[-1] + 1)) if there else not lists


@for_any(st.lists(st.tuples(st.integers(1, 30), st.none() | st.integers(1, 30)), min_size=1, max_size=5))
def test_prices_that_are_taken_give_one_price_to_every_size(sizes: list[tuple[int, int | None]]) -> None:
    prices = [price(100 * n, from_pupils=first, to_pupils=last) for n, (first, last) in enumerate(sizes)]
    fits = [[p for p in prices if p.from_pupils <= n <= (p.to_pupils or 99)] for n in range(1, 60)]
    sound = all(p.to_pupils is None or p.to_pupils >= p.from_pupils for p in prices)
    assert (fault_in_prices(prices) is None) == (sound and all(len(one) == 1 for one in fits))


def _days(count: int) -> list[date]:
    return [TODAY + timedelta(days=number) for number in range(count)]


ITEM = said.CatalogueItem(
    item_id="k500", name="500 kart", kind=ProductKind.CARDS, points_kind=PointsKind.PLUS, points=8, cards=500
)
CATALOGUE = said.PublishCatalogue(catalogue_id="kat-26", since=TODAY, items=(ITEM,))


def test_a_catalogue_holds_until_the_next_one() -> None:
    published = said.CataloguePublished(**asdict(CATALOGUE))
    given().when(CATALOGUE, by=OPERATOR).then(*offered(published))
    given(offered(published)).when(CATALOGUE, by=OPERATOR).nothing()
    again = replace(CATALOGUE, catalogue_id="kat-27")
    given(offered(published)).when(again, by=OPERATOR).refused(said.LISTS_OVERLAP, "since")
    given().when(replace(CATALOGUE, items=(ITEM, ITEM)), by=OPERATOR).refused(said.PRODUCT_TWICE, "items[1]")
    free = replace(CATALOGUE, items=(replace(ITEM, points=0),))
    given().when(free, by=OPERATOR).refused(said.PRICE_UNSOUND, "items[0]")
