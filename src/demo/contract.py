"""What does the demo school buy? Its contract of both years, and extended accounts: of one family, and of
a class for which a foundation pays.

At prices of the demo's provider (former_offers.py). Families that bought none see everything of the register;
what they lack are comforts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from dziennik.contracts import agreement, people
from dziennik.contracts import purchase_commands as buying
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.purchases import BuyerKind, Coverage
from dziennik.demo.chance import Chance
from dziennik.demo.days import Step, moment
from dziennik.demo.former_offers import SCHOOL_PRICES, account_prices, line, payment
from dziennik.demo.logins import sample_pupil
from dziennik.demo.sizes import Size
from dziennik.demo.structure import ClassPlan, Year
from dziennik.selling.ordering import covering, fee_reference, order_reference

PROVIDER = Actor(account="demo", role=Role.SYSTEM, channel=Channel.SYSTEM)
PUPILS = 520  # as agreed: the price is that of 401 to 600 pupils
CONTRACT = "umowa"


def bought(size: Size, years: list[Year], year: Year, chance: Chance) -> Iterator[tuple[date, Step]]:
    """What is signed, ordered and paid in a year, with its days. Nothing where nothing is sold
    (`Size.sells`).
    """
    if not size.sells:
        return
    number, family = years.index(year) + 1, sample_pupil(years).pupil
    signed = year.starts + timedelta(days=1)
    yield _step(year, "contract", signed, *_contract(size, number, year, signed))
    paid = signed + timedelta(days=7)
    fee = SCHOOL_PRICES[0 if number == 1 else 3].gross
    yield _step(year, "fee", paid, payment(f"{CONTRACT}.{number}", paid, fee))
    order_id, on = chance.id("order", year.name, "family"), date(year.starts.year, 9, 10)
    pupils = (family.person.person_id,)
    covers = covering(on, pupil_ids=pupils)
    payer = family.parents[0].person_id
    yield _step(year, "order", on, _order(size, order_id, BuyerKind.PARENT, payer, covers, 1))
    paid = on + timedelta(days=2)
    yield _step(year, "paid", paid, payment(order_id, paid, _ACCOUNT.gross))
    if year is years[-1]:
        yield from _sponsored(size, year, year.classes[-1], chance)


def _sponsored(size: Size, year: Year, unit: ClassPlan, chance: Chance) -> Iterator[tuple[date, Step]]:
    """A foundation pays for a class."""
    sponsor, order_id = chance.id("sponsor"), chance.id("order", year.name, "sponsor")
    on = date(year.starts.year, 10, 12)
    joins = people.RegisterPerson(
        person_id=sponsor,
        given_names="Fundacja",
        family_name="Dobra Szkoła",
        since=on,
        roles=(Role.SPONSOR,),
    )
    covers = covering(on, class_id=unit.class_id)
    count = sum(place.covers(on) for place in unit.places)
    order = _order(size, order_id, BuyerKind.SPONSOR, sponsor, covers, count)
    yield _step(year, "sponsor", on, joins, order)
    paid = on + timedelta(days=2)
    yield _step(year, "sponsored", paid, payment(order_id, paid, _ACCOUNT.gross * count))


def _contract(size: Size, number: int, year: Year, on: date) -> Iterator[Command]:
    reference, until = fee_reference(size.school_id, CONTRACT, number), year.ends
    if number == 1:
        yield agreement.SignContract(
            contract_id=CONTRACT,
            number="41/2025",
            reference=reference,
            on=on,
            since=year.starts,
            until=until,
            pupils=PUPILS,
            lines=(line(SCHOOL_PRICES[0], "szkoly-2013"),),
            cards=5000,
        )
    else:
        lines = (line(SCHOOL_PRICES[3], "szkoly-2013"),)
        yield agreement.RenewContract(
            contract_id=CONTRACT, reference=reference, until=until, pupils=PUPILS, lines=lines
        )


_ACCOUNT = account_prices(1900, 4900)[0]


def _order(
    size: Size, order_id: str, buyer: BuyerKind, payer_id: str, covers: Coverage, count: int
) -> buying.PlaceOrder:
    return buying.PlaceOrder(
        order_id=order_id,
        reference=order_reference(size.school_id, order_id),
        buyer=buyer,
        payer_id=payer_id,
        lines=(line(_ACCOUNT, "konta-2015", count),),
        covers=covers,
    )


def _step(year: Year, key: str, on: date, *commands: Command) -> tuple[date, Step]:
    return on, Step(f"{year.name}/sold/{key}", PROVIDER, moment(on, time(7, 30)), commands)
