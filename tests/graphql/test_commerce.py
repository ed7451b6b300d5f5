"""Buying, from the price list to the statement: orders, transfers, extensions, what was seen on which day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from dziennik.application.register import Accepted, Register
from dziennik.archive.html import html
from dziennik.archive.pdf import pdf
from dziennik.contracts import agreement, invoices, loyalty, offers, people, purchase_commands, purchases
from dziennik.contracts.bank import DirectPayment
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.offers import PointsKind, ProductKind, Purpose, Vat
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Draft
from dziennik.journal.journals import PROVIDER
from dziennik.selling import mt940, paying, rewards
from dziennik.selling.corrections import correction
from dziennik.selling.invoices import as_json, as_page, invoice
from dziennik.selling.ordering import school_quote
from dziennik.selling.statement import statement
from tests.graphql.conftest import BEGIN, NOW, OFFICE, PASSWORD, SCHOOLS, Follow, Served
from tests.graphql.test_who_may import ALLOWED

OPERATOR = Actor(account="op", role=Role.OPERATOR, channel=Channel.SYSTEM)
TODAY = NOW.date()
ACCOUNT = offers.Price(
    product_id="konto", name="Konto rozszerzone", kind=ProductKind.EXTENSION, gross=3900, vat=Vat.V23
)
FEE = offers.Price(product_id="serwer", name="Opłata", kind=ProductKind.SERVICE, gross=35000, vat=Vat.V23)
ITEM = offers.CatalogueItem(
    item_id="skaner", name="Skaner", kind=ProductKind.HARDWARE, points_kind=PointsKind.HARDWARE, points=80
)


def selling() -> list[Command]:
    """What the provider tells of itself."""
    return [
        offers.PublishPriceList(list_id="k25", purpose=Purpose.ACCOUNTS, since=BEGIN, prices=(ACCOUNT,)),
        offers.PublishPriceList(list_id="s25", purpose=Purpose.SCHOOL, since=BEGIN, prices=(FEE,)),
        offers.PublishCatalogue(catalogue_id="p25", since=BEGIN, items=(ITEM,)),
        invoices.DescribeSeller(
            name="Dziennik sp. z o.o.",
            address="ul. Źródlana 1, Łódź",
            tax_id="5260250274",
            account="PL61109010140000071219812874",
            since=BEGIN,
        ),
    ]


class Market:
    """The served system whose clock (the provider's too) can be turned."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.now = NOW
        for school_id in (*SCHOOLS, PROVIDER):
            register = Register(served.system.journals.school(school_id), now=lambda: self.now)
            served.system._registers[school_id] = register
        for command in selling():
            self.provider(command)
        self.join("op", "Olga", "Operator", Role.OPERATOR)
        self.join("sponsor", "Fundacja", "Dobra Szkoła", Role.SPONSOR)

    def join(self, person: str, given: str, family: str, role: Role) -> None:
        account = self.served.system.accounts.open_account(f"{person}.login", PASSWORD, by=OFFICE)
        assert isinstance(account, str)
        self.school(
            people.RegisterPerson(
                person_id=person, given_names=given, family_name=family, since=BEGIN, roles=(role,)
            )
        )
        self.school(people.LinkAccount(person_id=person, account_id=account))
        self.served.accounts[person] = account

    def provider(self, command: Command) -> None:
        assert isinstance(self.served.system.register(PROVIDER).execute(command, actor=OFFICE), Accepted)

    def school(self, command: Command, actor: Actor = OFFICE) -> Accepted:
        outcome = self.served.system.register("sp1").execute(command, actor=actor)
        assert isinstance(outcome, Accepted), outcome
        return outcome

    def contract(self, since: date = BEGIN, until: date = date(2026, 8, 31)) -> None:
        quote = school_quote(
            self.served.system.register(PROVIDER), (("serwer", 1),), pupils=3, first_year=True, on=TODAY
        )
        assert not isinstance(quote, Refusal)
        self.school(
            agreement.SignContract(
                contract_id="u1", number="1/2025", reference="DZ-U1", on=min(TODAY, self.now.date()),
                since=since, until=until, pupils=3, lines=quote.lines, cards=5000,
            )
        )  # fmt: skip


@pytest.fixture
def market(served: Served, follow: Follow) -> Market:
    found = Market(served)
    follow()
    return found


ORDER = """mutation ($input: OrderInput!, $key: String) { placeOrder(school: "sp1", input: $input, idempotencyKey: $key) {
  ... on Accepted { id position facts repeated } ... on Refusal { code field } } }"""
MINE = '{ myPurchases(school: "sp1") { id state total credited open pupilIds until transfer { amount title account code } } }'


def ordered(served: Served, who: str = "m1", key: str | None = None, **told: object) -> dict[str, Any]:
    found: dict[str, Any] = served.data(ORDER, who, input={"productId": "konto"} | told, key=key)[
        "placeOrder"
    ]
    return found


def mt(amounts: list[tuple[str, str]], opening: str, closing: str, number: str = "1") -> bytes:
    """A statement as a Polish bank sends it: titles broken at any place."""
    lines = [":20:MT940", ":25:/PL61109010140000071219812874", f":28C:{number}", f":60F:C251006PLN{opening}"]
    for amount, title in amounts:
        cut = [title[n : n + 27] for n in range(0, len(title), 27)]
        lines += [f":61:2510061006C{amount}NTRFNONREF", ":86:020~00BX1"]
        lines[-1] += "".join(f"~{20 + n}{part}" for n, part in enumerate(cut)) + "~32JAN ĆMA~33ŁÓDŹ"
    lines += [f":62F:C251006PLN{closing}", "-"]
    return ("\r\n".join(lines) + "\r\n").encode("cp1250")


def test_a_family_buys_pays_by_transfer_and_is_extended(
    served: Served, market: Market, follow: Follow
) -> None:
    market.contract()
    follow()
    offered = served.data('{ offers(school: "sp1") { productId gross vat } }', "m1")["offers"]
    assert offered == [{"productId": "konto", "gross": 3900, "vat": "V23"}]
    first = ordered(served, pupilIds=["p1"], key="k")
    assert ordered(served, pupilIds=["p1"], key="k") == first | {"repeated": True}
    assert ordered(served, pupilIds=["p3"])["code"] == "PURCHASES.NOT_YOUR_CHILD"
    assert ordered(served, productId="none", pupilIds=["p1"])["code"] == "OFFERS.NO_PRICE"
    follow()
    (mine,) = served.data(MINE, "m1")["myPurchases"]
    assert (mine["state"], mine["open"], mine["pupilIds"]) == ("ORDERED", 3900, ["p1"])
    title = mine["transfer"]["title"]
    assert mine["transfer"]["code"] == (
        f"5260250274|PL|61109010140000071219812874|003900|Dziennik sp. z o.o.|{title}|||"
    )
    assert served.data(MINE, "f3")["myPurchases"] == []

    broken = f"wpłata za konto rozszerzone {title.lower()} rodzic"
    content = mt([("39,00", broken), ("39,00", broken), ("12,34", "bez tytułu")], "100,00", "190,34")
    way = paying.BankTransfer(served.system, OPERATOR)
    assert [type(one) for one in way.collect(content)] == [Accepted]
    assert [one.facts for one in way.collect(content) if isinstance(one, Accepted)] == [0]
    matched, left = paying.match(served.system, OPERATOR)
    assert (matched, [one.payment.left for one in left]) == (1, [3900, 1234])
    told = [(one.payment.received.title, one.payment.received.payer) for one in left]
    assert told == [(broken, "JAN ĆMAŁÓDŹ"), ("bez tytułu", "JAN ĆMAŁÓDŹ")]
    again = paying.too_much(left[0], served.system)
    assert again == purchase_commands.PAID_ALREADY(open=0, amount=3900, field="amount")
    assert paying.match(served.system, OPERATOR)[0] == 0
    assert isinstance(paying.give_back(served.system, left[0], "z1", "nadpłata", OPERATOR), Accepted)
    follow()
    (mine,) = served.data(MINE, "m1")["myPurchases"]
    assert (mine["state"], mine["open"], mine["until"], mine["transfer"]) == ("ACTIVE", 0, "2026-06-30", None)
    mother = served.data('{ myEntitlement(school: "sp1") { extended until uses { feature why } } }', "m1")
    assert mother["myEntitlement"]["extended"] is True
    why = {one["feature"]: one["why"] for one in mother["myEntitlement"]["uses"]}
    assert (why["GRADES"], why["DAY_DIGEST"]) == ("FREE_BY_LAW", "EXTENDED")
    other = served.data('{ myEntitlement(school: "sp1") { extended uses { feature allowed } } }', "p2")
    allowed = {one["feature"] for one in other["myEntitlement"]["uses"] if one["allowed"]}
    assert (other["myEntitlement"]["extended"], "GRADES" in allowed, "DAY_DIGEST" in allowed) == (
        False,
        True,
        False,
    )


def test_a_payment_that_was_directed_and_not_credited_is_settled(
    served: Served, market: Market, follow: Follow
) -> None:
    market.contract()
    order = ordered(served, pupilIds=["p1"])["id"]
    follow()
    title = served.data(MINE, "m1")["myPurchases"][0]["transfer"]["title"]
    assert paying.BankTransfer(served.system, OPERATOR).collect(mt([("39,00", title)], "0,00", "39,00"))
    (found,) = paying.waiting(served.system)
    assert found.orders == (("sp1", order),)
    market.provider(
        DirectPayment(
            payment_id=found.payment.received.payment_id, statement_id=found.statement_id, school_id="sp1",
            order_id=order, amount=3900,
        )
    )  # fmt: skip
    assert paying.match(served.system, OPERATOR) == (0, [])
    follow()
    assert served.data(MINE, "m1")["myPurchases"][0]["state"] == "ACTIVE"
    payment = found.payment.received.payment_id
    undone = paying.undo(served.system, found.statement_id, payment, "sp1", order, "inny", OPERATOR)
    assert isinstance(undone, Accepted)
    follow()
    assert served.data(MINE, "m1")["myPurchases"][0]["state"] == "ORDERED"
    assert [one.payment.left for one in paying.waiting(served.system)] == [3900]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"/etc/passwd",
        mt([], "1,00", "1,00").replace(b"PLN", b"EUR"),
        b"\x00" * 100,
        b":60F:x\n:61:",
    ],
)
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    found = mt940.read(content)
    assert isinstance(found, Refusal)
    assert found.code == "BANK.NOT_A_STATEMENT"


def test_a_statement_that_does_not_add_up_is_refused_whole(served: Served, market: Market) -> None:
    way = paying.BankTransfer(served.system, OPERATOR)
    (refused,) = way.collect(mt([("39,00", "x")], "0,00", "40,00"))
    assert isinstance(refused, Refusal)
    assert (refused.code, paying.waiting(served.system)) == ("BANK.BALANCE_DIFFERS", [])


def test_provider_and_sponsor_see_what_is_theirs_and_no_pupils(
    served: Served, market: Market, follow: Follow
) -> None:
    market.contract()
    told: dict[str, Any] = {"buyer": "SPONSOR", "payerId": "sponsor", "covers": "CLASS", "classId": "4a"}
    order = ordered(served, "dir", **told)["id"]
    assert ordered(served, "dir", **told | {"covers": "PUPILS", "classId": None, "pupilIds": ["p1", "p2"]})[
        "id"
    ]
    follow()
    fields = "id pupilIds pupils state open"
    for who, query in (("sponsor", "myPurchases"), ("op", "schoolPurchases")):
        every = served.data(f'{{ {query}(school: "sp1") {{ {fields} }} }}', who)[query]
        rows = [row for row in every if row["pupils"]]  # the contract's fee is for nobody in particular
        assert {row["pupils"] for row in rows} == {2}
        assert [row["pupilIds"] for row in rows] == [None, None]
    director = served.data(f'{{ schoolPurchases(school: "sp1") {{ {fields} }} }}', "dir")["schoolPurchases"]
    named = sorted(str(row["pupilIds"]) for row in director if row["pupils"])
    assert named == ["['p1', 'p2']", "[]"]
    assert order in {row["id"] for row in director}
    open_to = {
        "op": {"offers", "bundles", "schoolPurchases", "schoolContracts", "commerceStatement"},
        "sponsor": {"offers", "bundles", "myPurchases"},
    }
    for who, fields_open in open_to.items():
        codes = {field: served.code(f"{{ {query} }}", who) for field, (query, _) in ALLOWED.items()}
        assert {field for field, code in codes.items() if code != "ACCESS.DENIED"} == fields_open


def test_the_rule_of_the_day_decides_what_a_past_day_shows(
    served: Served, market: Market, follow: Follow
) -> None:
    """A parent without an extension saw no grades as of 2014, one with it did; both see them as of today."""
    moments = {year: datetime(year, 10, 6, 9, tzinfo=UTC) for year in (2014, 2016)}
    market.now = datetime(2014, 9, 1, 9, tzinfo=UTC)
    market.contract(date(2014, 9, 1), date(2016, 8, 31))
    ask = 'pupilGrades(school: "sp1", pupilId: "p1", asOf: { position: %d }) { subjectId }'
    days = 'from: "2025-09-01", to: "2025-10-31"'
    lessons = (
        f'lessonJournal(school: "sp1", classId: "4a", {days}, asOf: {{ position: %d }}) {{ totalCount }}'
    )
    marks = f'pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {days}, asOf: {{ position: %d }}) {{ pupilId }}'

    def seen(who: str, position: int, query: str = ask) -> str | None:
        return served.code(f"{{ {query % position} }}", who)

    def entered(phone: str, on: datetime) -> int:
        market.now = on
        command = people.RecordContactDetails(person_id="p2", phone=phone)
        return market.school(command).position

    before = entered("1", moments[2014])
    covers = purchases.Coverage(
        kind=purchases.CoverageKind.PUPILS,
        since=date(2014, 10, 7),
        until=date(2015, 6, 30),
        pupil_ids=("p1",),
    )
    market.now = datetime(2014, 10, 7, 9, tzinfo=UTC)
    order = purchases.OrderLine(
        product_id="konto", name="Konto", kind=ProductKind.EXTENSION, count=1, unit_gross=3900, vat=Vat.V23
    )
    _bought(market, covers, order)
    extended = entered("2", datetime(2014, 10, 8, 9, tzinfo=UTC))
    free = entered("3", moments[2016])
    market.now = NOW
    follow()
    for query in (ask, lessons, marks):
        assert seen("m1", before, query) == "ENTITLEMENT.NEEDS_EXTENSION"
        assert seen("p1", before, query) == "ENTITLEMENT.NEEDS_EXTENSION"
        assert seen("m1", extended, query) is None
        assert seen("m1", free, query) is None
        assert seen("dir", before, query) is None
    assert seen("p2", extended, lessons) == "ENTITLEMENT.NEEDS_EXTENSION"
    assert served.code('{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId } }', "m1") is None


def _bought(market: Market, covers: purchases.Coverage, line: purchases.OrderLine) -> None:
    """Facts of a purchase, told as they would have been then."""
    placed = purchases.OrderPlaced(
        order_id="o14", reference="DZ-O14", buyer=purchases.BuyerKind.PARENT, payer_id="m1", lines=(line,),
        covers=covers, on=covers.since, pay_by=covers.since,
    )  # fmt: skip
    paid = purchases.PaymentCredited(order_id="o14", payment_id="w", amount=3900, on=covers.since)
    active = purchases.ExtensionActivated(order_id="o14", since=covers.since, until=covers.until)
    draft = Draft(stream="purchase/o14", expected_version=0, facts=(placed, paid, active))
    origin = Origin(command_id="o14", actor=OFFICE, recorded_at=market.now)
    market.served.system.journals.school("sp1").append([draft], origin)


def test_a_calendar_feed_takes_an_extension_where_extensions_are_sold(
    served: Served, market: Market, follow: Follow
) -> None:
    feed = """mutation { createCalendarFeed(school: "sp1", kind: PUPIL, targetId: "p1") {
      ... on IssuedFeed { id } ... on Refusal { code message } } }"""
    assert "id" in served.data(feed, "m1")["createCalendarFeed"]
    market.contract()
    follow()
    assert served.data(feed, "m1")["createCalendarFeed"] == {
        "code": "ENTITLEMENT.NEEDS_EXTENSION",
        "message": f"On {TODAY} this (feeds of a pupil's calendar) takes an extended account.",
    }


def test_money_points_and_cards_come_out_even(served: Served, market: Market, follow: Follow) -> None:
    market.contract()
    choose = loyalty.ChooseReward(school_year="2025/2026", choice=loyalty.RewardChoice.POINTS)
    market.school(choose)
    follow()
    school = served.system.register("sp1")
    for _ in range(2):
        served.system.accounts.login("m1.login", PASSWORD)
    logged_in = served.system.accounts.days_used.days(
        [served.accounts["m1"], "x"], date(2020, 1, 1), date.max
    )
    assert [days for days, _ in logged_in.values()] == [1]
    with served.system.read_models.view("sp1") as view:
        used = served.system.accounts.days_used
        nobody = rewards.grant_rewards(school, view, used, "n0", actor=OPERATOR)
        assert isinstance(nobody, Accepted)
        assert nobody.facts == 0

    account = served.accounts["m1"]

    class Used:
        def days(self, account_ids: list[str], first: date, last: date) -> dict[str, tuple[int, date]]:
            assert (account in account_ids, first, last) == (True, BEGIN, TODAY)
            return {account: (3, TODAY)}

    with served.system.read_models.view("sp1") as view:
        for facts in (2, 0):
            outcome = rewards.grant_rewards(school, view, Used(), f"n{facts}", actor=OPERATOR)
            assert isinstance(outcome, Accepted)
            assert outcome.facts == facts
    spend = """mutation ($id: ID!) { spendPoints(school: "sp1", itemId: $id) { ... on Accepted { facts }
      ... on Refusal { code } } }"""
    assert served.data(spend, "adm", id="skaner")["spendPoints"] == {"facts": 2}
    assert served.data(spend, "adm", id="skaner")["spendPoints"] == {"code": "LOYALTY.NOT_ENOUGH_POINTS"}
    assert served.data(spend, "adm", id="none")["spendPoints"] == {"code": "LOYALTY.NO_SUCH_ITEM"}
    follow()
    told = served.data(
        """{ commerceStatement(school: "sp1") { agrees money { ordered open credited } cards { granted left }
        messages { sent inMailboxes agrees }
        points { kind issued balance spent } rewards { accounts choice } spendings { name points } } }""",
        "op",
    )["commerceStatement"]
    assert told == {
        "agrees": True,
        "money": {"ordered": 35000, "open": 35000, "credited": 0},
        "cards": {"granted": 5000, "left": 5000},
        "messages": {"sent": 0, "inMailboxes": 0, "agrees": True},
        "points": [
            {"kind": "HARDWARE", "issued": 90, "balance": 10, "spent": 80},
            {"kind": "PLUS", "issued": 8, "balance": 8, "spent": 0},
        ],
        "rewards": [{"accounts": 1, "choice": "POINTS"}],
        "spendings": [{"name": "Skaner", "points": 80}],
    }
    with served.system.read_models.view("sp1") as view:
        assert statement(school, view).agrees


def test_an_invoice_has_a_number_and_says_the_same_everywhere(
    served: Served, market: Market, follow: Follow
) -> None:
    assert ordered(served, pupilIds=["p1"])["code"] == "AGREEMENT.NO_CONTRACT"
    market.contract()
    order = ordered(served, pupilIds=["p1"])["id"]
    follow()
    school, provider = served.system.register("sp1"), served.system.register(PROVIDER)
    with served.system.read_models.view("sp1") as view:
        unpaid = invoice(school, provider, view, order, actor=OPERATOR)
        assert isinstance(unpaid, Refusal)
        assert unpaid.code == "PURCHASES.NOT_PAID"
        market.school(
            purchase_commands.CreditPayment(order_id=order, payment_id="w", amount=3900, on=TODAY), OPERATOR
        )
        found = invoice(school, provider, view, order, actor=OPERATOR)
        assert not isinstance(found, Refusal)
        assert invoice(school, provider, view, order, actor=OPERATOR) == found
    assert (found.number, found.buyer.name, found.total) == ("1/2025", "Anna Źrebiec", 3900)
    told = json.loads(as_json(found))
    assert (told["total"], told["rates"]) == (3900, [{"vat": "v23", "net": 3171, "tax": 729, "gross": 3900}])
    page = as_page(found)
    assert pdf(page) == pdf(page)
    assert pdf(page).startswith(b"%PDF-1.4")
    text = "".join(map(str, etree.HTML(html(page)).itertext()))
    assert "Faktura 1/2025" in text
    assert "39,00 zł" in text


def test_a_refund_of_what_was_invoiced_is_corrected_once(
    served: Served, market: Market, follow: Follow
) -> None:
    market.contract()
    order = ordered(served, pupilIds=["p1"])["id"]
    follow()
    school, provider = served.system.register("sp1"), served.system.register(PROVIDER)
    market.school(
        purchase_commands.CreditPayment(order_id=order, payment_id="w", amount=3900, on=TODAY), OPERATOR
    )
    market.school(purchase_commands.EndPurchase(order_id=order, reason="reklamacja"), OPERATOR)
    for refund, amount in (("r1", 1000), ("r2", 2900)):
        back = purchase_commands.RefundPurchase(
            order_id=order, refund_id=refund, amount=amount, reason="reklamacja"
        )
        market.school(back, OPERATOR)
    with served.system.read_models.view("sp1") as view:
        asked = (school, provider, view, order)
        early = correction(*asked, "r1", actor=OPERATOR)
        assert isinstance(early, Refusal)
        assert early.code == "INVOICES.NOT_INVOICED"
        first = invoice(*asked, actor=OPERATOR)
        assert not isinstance(first, Refusal)
        none = correction(*asked, "r9", actor=OPERATOR)
        assert isinstance(none, Refusal)
        assert none.code == "INVOICES.NO_SUCH_REFUND"
        made = [correction(*asked, refund, actor=OPERATOR) for refund in ("r1", "r2", "r1")]
        assert [one.number for one in made if not isinstance(one, Refusal)] == ["2/2025", "3/2025", "2/2025"]
        assert made[0] == made[2]
        part, whole, _ = made
        assert not isinstance(part, Refusal)
        assert not isinstance(whole, Refusal)
        assert [(one.was, one.now) for one in (*part.lines, *whole.lines)] == [(3900, 2900), (2900, 0)]
        market.now = datetime(2029, 3, 1, 12, 0, tzinfo=UTC)
        again = correction(*asked, "r2", actor=OPERATOR)
        assert again == whole
        assert invoice(*asked, actor=OPERATOR) == first
