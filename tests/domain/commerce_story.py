"""What stories about buying begin with: a family, a sponsor, prices, an operator of the provider."""

from __future__ import annotations

from datetime import date

from msgspec.structs import asdict

from dziennik.contracts import agreement, people, streams
from dziennik.contracts import purchase_commands as orders
from dziennik.contracts import purchases as said
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.offers import ProductKind, Vat
from dziennik.domain.world import Entry
from tests.domain.register import REGISTER, SEPTEMBER, known
from tests.domain.sentence import at

OPERATOR = Actor(account="account-operator", role=Role.OPERATOR, person="operator")
MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
SPONSOR = Actor(account="account-sponsor", role=Role.SPONSOR, person="sponsor")
TODAY = date(2026, 10, 15)
JUNE_30 = date(2027, 6, 30)

FAMILY = (
    *known("mother", "Ewa", "Ćma", Role.PARENT),
    *known("sponsor", "Fundacja", "Dobra Szkoła", Role.SPONSOR),
    at(
        streams.person("cma"),
        people.ParentalRightsGranted(
            pupil_id="cma", parent_id="mother", guardianship=people.Guardianship.PARENT, since=SEPTEMBER
        ),
    ),
    at(streams.person("mother"), people.AccountLinked(person_id="mother", account_id="account-mother")),
)
LINE = said.OrderLine(
    product_id="konto",
    name="Konto rozszerzone",
    kind=ProductKind.EXTENSION,
    count=1,
    unit_gross=3900,
    vat=Vat.V23,
    list_id="c26",
)
FEE = said.OrderLine(
    product_id="serwer",
    name="Opłata roczna",
    kind=ProductKind.SERVICE,
    count=1,
    unit_gross=35000,
    vat=Vat.V23,
)
AUGUST = date(2027, 8, 31)
SIGN = agreement.SignContract(
    contract_id="u7",
    number="7/2026",
    reference="DZ-52C2Q-FGM699",
    on=TODAY,
    since=date(2026, 9, 1),
    until=AUGUST,
    pupils=520,
    lines=(FEE,),
    cards=5000,
)
SIGNED = agreement.ContractSigned(
    **{name: part for name, part in asdict(SIGN).items() if name != "reference"}
)


def agreed(*facts: Fact) -> list[Entry]:
    return [at(streams.AGREEMENT, fact) for fact in facts]


PAST = (*REGISTER, *FAMILY, *agreed(SIGNED))
FOR_CMA = said.Coverage(kind=said.CoverageKind.PUPILS, since=TODAY, until=JUNE_30, pupil_ids=("cma",))
ORDER = orders.PlaceOrder(
    order_id="z1",
    reference="DZ-52C2Q-FGM699",
    buyer=said.BuyerKind.PARENT,
    payer_id="mother",
    lines=(LINE,),
    covers=FOR_CMA,
)


def on_order(*facts: Fact, order_id: str = "z1") -> list[Entry]:
    return [at(streams.purchase(order_id), fact) for fact in facts]


PLACED = said.OrderPlaced(
    order_id="z1",
    reference="DZ-52C2Q-FGM699",
    buyer=said.BuyerKind.PARENT,
    payer_id="mother",
    lines=(LINE,),
    covers=FOR_CMA,
    on=TODAY,
    pay_by=date(2026, 10, 29),
)
CREDITED = said.PaymentCredited(order_id="z1", payment_id="w1", amount=3900, on=TODAY)
ACTIVE = said.ExtensionActivated(order_id="z1", since=TODAY, until=JUNE_30)
ORDERED = (*PAST, *on_order(PLACED))
PAID = (*ORDERED, *on_order(CREDITED, ACTIVE))
