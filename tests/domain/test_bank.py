"""Do statements add up, and does no grosz count twice? And what may be agreed about accounts?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import asdict, replace

from dziennik.contracts import bank as said
from dziennik.contracts import entitlement, invoices, streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.entitlement import AccountKind, EntitlementRule, Feature, Level
from dziennik.contracts.facts import Fact
from dziennik.domain.invoices import SELLER as STREAM
from dziennik.domain.invoices import Seller
from dziennik.domain.world import Entry
from tests.domain.commerce_story import OPERATOR, TODAY
from tests.domain.sentence import DIRECTOR, at, given

IN = said.StatementLine(payment_id="s1.1", on=TODAY, amount=3900, title="DZ-1", payer="Ewa Ćma")
OUT = said.StatementLine(payment_id="s1.2", on=TODAY, amount=-500, title="zwrot", payer="Jan Lis")
IMPORT = said.ImportStatement(
    statement_id="s1",
    account="PL10",
    number="1/2026",
    since=TODAY,
    until=TODAY,
    opening=1000,
    closing=4400,
    lines=(IN, OUT),
)
told = {name: part for name, part in asdict(IMPORT).items() if name != "lines"}
IMPORTED = said.StatementImported(**told, incoming=3900, outgoing=500)
RECEIVED = said.PaymentReceived(**asdict(IN), statement_id="s1")


def booked(*facts: Fact) -> list[Entry]:
    return [at(streams.statement("s1"), fact) for fact in facts]


THERE = (at(streams.BANK, IMPORTED), *booked(RECEIVED))


def test_a_statement_is_read_whole_or_not_at_all() -> None:
    given().when(IMPORT, by=OPERATOR).then(*THERE)
    given(THERE).when(IMPORT, by=OPERATOR).nothing()
    given(THERE).when(replace(IMPORT, number="2"), by=OPERATOR).refused(
        said.STATEMENT_DIFFERS, "statement_id"
    )
    given().when(replace(IMPORT, closing=4401), by=OPERATOR).refused(
        said.BALANCE_DIFFERS, "closing", number="1/2026", opening=1000, sum=3400, closing=4401
    )
    follows = replace(IMPORT, statement_id="s2", opening=4400, closing=4400, lines=())
    followed = replace(IMPORTED, statement_id="s2", opening=4400, closing=4400, incoming=0, outgoing=0)
    given(THERE).when(follows, by=OPERATOR).then(at(streams.BANK, followed))
    missing = replace(follows, opening=4000, closing=4000)
    given(THERE).when(missing, by=OPERATOR).refused(
        said.STATEMENT_MISSING, "opening", before=4400, opening=4000
    )
    given().when(IMPORT, by=DIRECTOR).refused(NOT_YOURS_TO_DO)


DIRECT = said.DirectPayment(payment_id="s1.1", statement_id="s1", school_id="sp7", order_id="z1", amount=3000)
DIRECTED = said.PaymentDirected(payment_id="s1.1", school_id="sp7", order_id="z1", amount=3000, by_hand=False)


def test_no_grosz_counts_twice() -> None:
    given(THERE).when(DIRECT, by=OPERATOR).then(*booked(DIRECTED))
    given(THERE, booked(DIRECTED)).when(DIRECT, by=OPERATOR).nothing()
    other = replace(DIRECT, order_id="z2", amount=901)
    given(THERE, booked(DIRECTED)).when(other, by=OPERATOR).refused(
        said.NOT_LEFT, "amount", left=900, amount=901
    )
    more = replace(DIRECT, amount=3900)
    given(THERE, booked(DIRECTED)).when(more, by=OPERATOR).refused(said.NOT_LEFT, "amount")
    unknown = replace(DIRECT, payment_id="s1.2")
    given(THERE).when(unknown, by=OPERATOR).refused(said.NO_SUCH_PAYMENT, "payment_id")
    back = said.ReturnPayment(
        payment_id="s1.1", statement_id="s1", return_id="o1", amount=900, reason="nadpłata"
    )
    returned = said.PaymentReturned(payment_id="s1.1", return_id="o1", amount=900, reason="nadpłata")
    given(THERE, booked(DIRECTED)).when(back, by=OPERATOR).then(*booked(returned))
    given(THERE, booked(DIRECTED, returned)).when(back, by=OPERATOR).nothing()
    twice = replace(back, return_id="o2", amount=1)
    given(THERE, booked(DIRECTED, returned)).when(twice, by=OPERATOR).refused(said.NOT_LEFT, "amount")
    given(THERE).when(replace(back, reason=" "), by=OPERATOR).refused(TEXT_MISSING, "reason")


def test_a_direction_is_reversed_with_a_reason() -> None:
    reverse = said.ReverseDirection(
        payment_id="s1.1", statement_id="s1", school_id="sp7", order_id="z1", reason="inne zamówienie"
    )
    gone = said.DirectionReversed(
        payment_id="s1.1", school_id="sp7", order_id="z1", amount=3000, reason="inne zamówienie"
    )
    given(THERE, booked(DIRECTED)).when(reverse, by=OPERATOR).then(*booked(gone))
    given(THERE).when(reverse, by=OPERATOR).refused(said.NOT_DIRECTED, "order_id")
    again = replace(DIRECT, order_id="z2", amount=3900)
    given(THERE, booked(DIRECTED, gone)).when(again, by=OPERATOR).then(
        *booked(replace(DIRECTED, order_id="z2", amount=3900))
    )


def rule(feature: Feature, level: Level, since: date, until: date | None = None) -> EntitlementRule:
    return EntitlementRule(feature=feature, kind=AccountKind.PARENT, level=level, since=since, until=until)


def test_what_is_agreed_hides_nothing_that_is_free_and_changes_no_day_that_is_over() -> None:
    free = rule(Feature.DAY_DIGEST, Level.BASIC, TODAY)
    agree = entitlement.AgreeEntitlement(rules=(free,))
    agreed = at(streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(free,)))
    given().when(agree, by=OPERATOR).then(agreed)
    given(agreed).when(agree, by=OPERATOR).nothing()
    given().when(agree, by=DIRECTOR).refused(NOT_YOURS_TO_DO)
    sold = entitlement.AgreeEntitlement(rules=(rule(Feature.GRADES, Level.EXTENDED, TODAY),))
    given().when(sold, by=OPERATOR).refused(
        entitlement.FREE_BY_LAW, "rules[0].level", feature="grades", since=date(2015, 9, 1)
    )
    back = entitlement.AgreeEntitlement(rules=(rule(Feature.DAY_DIGEST, Level.BASIC, date(2026, 9, 1)),))
    given().when(back, by=OPERATOR).refused(
        entitlement.PAST_IS_OVER, "rules", on="2026-09-01", feature="day_digest"
    )
    given(agreed).when(entitlement.AgreeEntitlement(rules=()), by=OPERATOR, today=date(2026, 11, 1)).refused(
        entitlement.PAST_IS_OVER, "rules", on=TODAY, feature="day_digest"
    )
    ended = rule(Feature.DAY_DIGEST, Level.BASIC, TODAY, date(2026, 11, 30))
    end = given(agreed).when(
        entitlement.AgreeEntitlement(rules=(ended,)), by=OPERATOR, today=date(2026, 11, 1)
    )
    end.then(at(streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(ended,))))
    in_2014 = rule(Feature.GRADES, Level.BASIC, date(2014, 10, 1), date(2015, 6, 30))
    trial = given().when(entitlement.AgreeEntitlement(rules=(in_2014,)), by=OPERATOR, today=date(2014, 10, 1))
    trial.then(at(streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(in_2014,))))


SELLER = invoices.DescribeSeller(
    name="Dziennik sp. z o.o.",
    address="Łódź",
    tax_id="5260250274",
    account="PL61109010140000071219812874",
    since=TODAY,
)
DESCRIBED = at(streams.INVOICES, invoices.SellerDescribed(**asdict(SELLER)))


def test_invoices_are_numbered_without_holes_and_once() -> None:
    given().when(SELLER, by=OPERATOR).then(DESCRIBED)
    given(DESCRIBED).when(SELLER, by=OPERATOR).nothing()
    given().when(replace(SELLER, tax_id="5260250275"), by=OPERATOR).refused(invoices.NOT_A_TAX_ID, "tax_id")
    wrong = replace(SELLER, account="PL61109010140000071219812875")
    given().when(wrong, by=OPERATOR).refused(invoices.NOT_AN_ACCOUNT, "account")
    issue = invoices.IssueInvoice(school_id="sp7", order_id="z1", total=3900)
    given().when(issue, by=OPERATOR).refused(invoices.NO_SELLER)
    first = invoices.InvoiceIssued(number=1, year=2026, on=TODAY, school_id="sp7", order_id="z1", total=3900)
    numbered = at(streams.invoices(2026), first)
    given(DESCRIBED).when(issue, by=OPERATOR).then(numbered)
    given(DESCRIBED, numbered).when(issue, by=OPERATOR).nothing()
    given(DESCRIBED, numbered).when(issue, by=OPERATOR, today=date(2027, 1, 2)).nothing()
    late = replace(issue, ordered=2026)
    given(DESCRIBED, numbered).when(late, by=OPERATOR, today=date(2031, 1, 2)).nothing()
    correct = invoices.IssueCorrection(
        school_id="sp7", order_id="z1", refund_id="s1", amount=3900, corrects="1/2026"
    )
    second = invoices.CorrectionIssued(number=2, year=2026, on=TODAY, **asdict(correct))
    given(DESCRIBED, numbered).when(correct, by=OPERATOR).then(at(streams.invoices(2026), second))
    both = (DESCRIBED, numbered, at(streams.invoices(2026), second))
    given(*both).when(correct, by=OPERATOR).nothing()
    given(*both).when(correct, by=OPERATOR, today=date(2029, 1, 2)).nothing()
    more = replace(correct, refund_id="s2", amount=1)
    given(*both).when(more, by=OPERATOR).refused(invoices.MORE_THAN_INVOICED, "amount", left=0, amount=1)
    given(DESCRIBED).when(correct, by=OPERATOR).refused(invoices.NOT_INVOICED, "corrects")
    for corrects in ("2/2026", "1/2025", "1", ""):
        other = replace(correct, corrects=corrects)
        given(DESCRIBED, numbered).when(other, by=OPERATOR).refused(invoices.NOT_INVOICED, "corrects")
    none = replace(correct, amount=0)
    given(DESCRIBED, numbered).when(none, by=OPERATOR).refused(invoices.NOTHING_TO_INVOICE, "amount")
    free = replace(issue, total=0)
    given(DESCRIBED).when(free, by=OPERATOR).refused(invoices.NOTHING_TO_INVOICE, "total")


def test_an_old_invoice_names_the_seller_of_its_day() -> None:
    moved = replace(SELLER, address="ul. Nowa 2, Łódź", since=date(2027, 1, 1))
    seller = Seller()
    for told in (SELLER, moved):
        seller = STREAM.evolve(seller, invoices.SellerDescribed(**asdict(told)))
    then, now = seller.on(date(2026, 12, 31)), seller.on(date(2027, 1, 1))
    assert (then and then.address, now and now.address) == (SELLER.address, moved.address)
    assert Seller().on(TODAY) is None


BEGIN = said.BeginOnlinePayment(
    session_id="p-1", service="przelewy24", school_id="sp7", order_id="z1", reference="DZ-1", amount=3900
)
BEGUN = at(streams.statement("p-1"), said.OnlinePaymentBegun(**asdict(BEGIN), on=TODAY))
RECEIVE = said.ReceiveOnlinePayment(session_id="p-1", transaction="77", amount=3900, currency="PLN")
PAID_ONLINE = (
    BEGUN,
    at(
        streams.statement("p-1"),
        said.PaymentReceived(
            payment_id="przelewy24.77", statement_id="p-1", amount=3900, on=TODAY, title="DZ-1",
            payer="przelewy24",
        ),
    ),
    at(
        streams.statement("p-1"),
        said.PaymentDirected(
            payment_id="przelewy24.77", school_id="sp7", order_id="z1", amount=3900, by_hand=False
        ),
    ),
)  # fmt: skip


def test_a_payment_online_is_begun_once() -> None:
    given().when(BEGIN, by=OPERATOR).then(BEGUN)
    given(BEGUN).when(BEGIN, by=OPERATOR).nothing()
    given(BEGUN).when(replace(BEGIN, amount=1), by=OPERATOR).refused(said.SESSION_EXISTS, "session_id")
    given().when(replace(BEGIN, amount=0), by=OPERATOR).refused(said.NOT_LEFT, "amount", left=0, amount=0)
    given().when(BEGIN, by=DIRECTOR).refused(NOT_YOURS_TO_DO)


def test_a_payment_online_counts_once_and_as_it_was_begun() -> None:
    given(BEGUN).when(RECEIVE, by=OPERATOR).then(*PAID_ONLINE[1:])
    given(*PAID_ONLINE).when(RECEIVE, by=OPERATOR).nothing()
    given(*PAID_ONLINE).when(replace(RECEIVE, transaction="78"), by=OPERATOR).refused(
        said.SESSION_EXISTS, "session_id"
    )
    given().when(RECEIVE, by=OPERATOR).refused(said.NO_SUCH_SESSION, "session_id")
    given(BEGUN).when(replace(RECEIVE, amount=3899), by=OPERATOR).refused(
        said.AMOUNT_DIFFERS, "amount", begun="3900 gr PLN", paid="3899 gr PLN"
    )
    given(BEGUN).when(replace(RECEIVE, currency="EUR"), by=OPERATOR).refused(said.AMOUNT_DIFFERS, "amount")
    undone = said.ReverseDirection(
        payment_id="przelewy24.77", statement_id="p-1", school_id="sp7", order_id="z1", reason="zwrot"
    )
    back = said.DirectionReversed(
        payment_id="przelewy24.77", school_id="sp7", order_id="z1", reason="zwrot", amount=3900
    )
    given(*PAID_ONLINE).when(undone, by=OPERATOR).then(at(streams.statement("p-1"), back))


def test_who_paid_is_forgotten_when_the_tax_has_lapsed() -> None:
    forget = said.ForgetPayer(payment_id="przelewy24.77", statement_id="p-1")
    day = date(2033, 1, 1)
    gone = said.PayerForgotten(payment_id="przelewy24.77", on=day, allowed_from=day)
    written = at(streams.statement("p-1"), gone)
    given(*PAID_ONLINE).when(forget, by=OPERATOR, today=day).then(written)
    given(*PAID_ONLINE, written).when(forget, by=OPERATOR, today=day).nothing()
    given(*PAID_ONLINE).when(forget, by=OPERATOR, today=date(2032, 12, 31)).refused(
        said.PAYER_MUST_BE_KEPT, "payment_id", possible=day
    )
    given(*PAID_ONLINE[:2]).when(forget, by=OPERATOR, today=day).refused(
        said.PAYMENT_WAITS, "payment_id", payment="przelewy24.77", left=3900
    )
    given(BEGUN).when(forget, by=OPERATOR, today=day).refused(said.NO_SUCH_PAYMENT, "payment_id")
