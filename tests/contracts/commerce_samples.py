"""Samples of the facts of offers, contracts, purchases, rewards and the bank, with every field filled."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import agreement, bank, bundles, entitlement, invoices, loyalty, offers, purchases
from dziennik.contracts.facts import Fact
from dziennik.contracts.offers import PointsKind, ProductKind, Vat

SEPTEMBER, JUNE = date(2014, 9, 1), date(2015, 6, 30)
LINE = purchases.OrderLine(
    product_id="konto",
    name="Konto rozszerzone",
    kind=ProductKind.EXTENSION,
    count=1,
    unit_gross=3900,
    vat=Vat.V23,
    list_id="cennik-2014",
)
FEE = purchases.OrderLine(
    product_id="serwer",
    name="Opłata roczna",
    kind=ProductKind.SERVICE,
    count=1,
    unit_gross=35000,
    vat=Vat.V23,
    list_id="szkoly-2014",
)
PRICE = offers.Price(
    product_id="serwer",
    name="Opłata roczna",
    kind=ProductKind.SERVICE,
    gross=21000,
    vat=Vat.V23,
    years=offers.ContractYears.LATER,
    from_pupils=401,
    to_pupils=600,
)
ITEM = offers.CatalogueItem(
    item_id="karty-500",
    name="500 kart",
    kind=ProductKind.CARDS,
    points_kind=PointsKind.PLUS,
    points=8,
    cards=500,
)

COMMERCE: tuple[Fact, ...] = (
    entitlement.EntitlementAgreed(
        rules=(
            entitlement.EntitlementRule(
                feature=entitlement.Feature.DAY_DIGEST,
                kind=entitlement.AccountKind.PARENT,
                level=entitlement.Level.BASIC,
                since=SEPTEMBER,
                until=JUNE,
            ),
        )
    ),
    offers.PriceListPublished(
        list_id="szkoly-2014",
        purpose=offers.Purpose.SCHOOL,
        since=SEPTEMBER,
        until=JUNE,
        prices=(PRICE,),
        currency="PLN",
    ),
    offers.PriceListEnded(list_id="szkoly-2014", until=JUNE),
    offers.CataloguePublished(catalogue_id="k2014", since=SEPTEMBER, items=(ITEM,)),
    agreement.ContractSigned(
        contract_id="u7",
        number="7/2014",
        on=SEPTEMBER,
        since=SEPTEMBER,
        until=date(2015, 8, 31),
        pupils=520,
        lines=(FEE,),
        cards=5000,
        reminder_days=60,
        terms="szkolenie w cenie",
    ),
    agreement.ContractRenewed(
        contract_id="u7",
        year=2,
        since=date(2015, 9, 1),
        until=date(2016, 8, 31),
        pupils=530,
        lines=(FEE,),
    ),
    agreement.RenewalReminded(contract_id="u7", until=date(2015, 8, 31), on=date(2015, 7, 2)),
    agreement.ContractEnded(contract_id="u7", on=date(2016, 8, 31), reason="wypowiedzenie"),
    agreement.DataHandedOver(
        contract_id="u7", on=date(2016, 9, 1), position=71234, root="ab" * 32, archives=("2015-2016",)
    ),
    purchases.OrderPlaced(
        order_id="z1",
        reference="DZ-52C2Q-FGM699",
        buyer=purchases.BuyerKind.PARENT,
        payer_id="r1",
        lines=(LINE,),
        covers=purchases.Coverage(
            kind=purchases.CoverageKind.PUPILS,
            since=SEPTEMBER,
            until=JUNE,
            pupil_ids=("p1",),
            class_id="4a",
        ),
        on=SEPTEMBER,
        pay_by=date(2014, 9, 15),
        bundle_id="nnw",
        renews="z0",
        contract_id="u7",
        currency="PLN",
    ),
    purchases.OrderCancelled(order_id="z1", on=SEPTEMBER, reason="pomyłka"),
    purchases.PaymentCredited(order_id="z1", payment_id="w1", amount=3900, on=SEPTEMBER),
    purchases.CreditReversed(order_id="z1", payment_id="w1", amount=3900, reason="zwrot banku"),
    purchases.ExtensionActivated(order_id="z1", since=SEPTEMBER, until=JUNE),
    purchases.ActivationReversed(order_id="z1", on=SEPTEMBER, reason="zwrot banku"),
    purchases.PurchaseWithdrawn(order_id="z1", on=SEPTEMBER),
    purchases.PurchaseEnded(order_id="z1", on=SEPTEMBER, reason="reklamacja"),
    purchases.ExtensionExpired(order_id="z1", until=JUNE),
    purchases.PurchaseRenewed(order_id="z1", with_order="z2"),
    purchases.RefundMade(order_id="z1", refund_id="s1", amount=3900, on=SEPTEMBER, reason="odstąpienie"),
    bundles.BundleProposed(
        bundle_id="nnw",
        product_id="konto-nnw",
        name="Konto z NNW",
        with_what="ubezpieczenie NNW uczniów",
        since=SEPTEMBER,
        until=JUNE,
    ),
    bundles.BundleApproved(
        bundle_id="nnw", by=bundles.Approver.PARENTS_COUNCIL, document="uchwała 3/2014", on=SEPTEMBER
    ),
    bundles.ApprovalWithdrawn(bundle_id="nnw", by=bundles.Approver.DIRECTOR, reason="inna polisa"),
    loyalty.RewardRulesSet(
        rules=loyalty.RewardRules(
            since=SEPTEMBER,
            cards=90,
            hardware_points=90,
            plus_points=8,
            active=loyalty.ActiveRule(least_days=3, within_days=90),
            expire_after_months=24,
        )
    ),
    loyalty.RewardChosen(school_year="2014/2015", choice=loyalty.RewardChoice.POINTS),
    loyalty.RewardGranted(
        grant_id="n1",
        school_year="2014/2015",
        account_ids=("k1", "k2"),
        choice=loyalty.RewardChoice.POINTS,
        rule_since=SEPTEMBER,
        cards=180,
        on=SEPTEMBER,
    ),
    loyalty.PointsPosted(
        entry_id="n1",
        entry=loyalty.EntryKind.GRANT,
        postings=(
            loyalty.Posting(book=loyalty.Book.ISSUED, kind=PointsKind.HARDWARE, points=-180),
            loyalty.Posting(book=loyalty.Book.BALANCE, kind=PointsKind.HARDWARE, points=180),
        ),
        on=SEPTEMBER,
        expires=date(2016, 9, 1),
    ),
    loyalty.RewardSpent(spend_id="w1", item=ITEM, count=2, on=SEPTEMBER),
    loyalty.SpendingReversed(spend_id="w1", reason="nie dostarczono", on=SEPTEMBER),
    invoices.SellerDescribed(
        name="Dziennik sp. z o.o.",
        address="ul. Źródlana 1, 90-001 Łódź",
        tax_id="5260250274",
        account="PL61109010140000071219812874",
        since=SEPTEMBER,
        exempt_by="art. 43 ust. 1 pkt 37 ustawy o VAT",
    ),
    invoices.InvoiceIssued(number=1, year=2014, school_id="sp7", order_id="z1", on=SEPTEMBER, total=3900),
    invoices.CorrectionIssued(
        number=2,
        year=2014,
        school_id="sp7",
        order_id="z1",
        refund_id="s1",
        on=SEPTEMBER,
        amount=3900,
        corrects="1/2014",
    ),
    bank.PayerForgotten(payment_id="mt-1.1", on=date(2033, 1, 2), allowed_from=date(2033, 1, 1)),
    bank.OnlinePaymentBegun(
        session_id="przelewy24-0001",
        service="przelewy24",
        school_id="sp7",
        order_id="z1",
        reference="DZ-52C2Q-FGM699",
        amount=3900,
        on=SEPTEMBER,
    ),
    bank.StatementImported(
        statement_id="mt-1",
        account="PL00000000000000000000000000",
        number="12/1",
        since=SEPTEMBER,
        until=SEPTEMBER,
        opening=100,
        closing=3900,
        incoming=3900,
        outgoing=100,
    ),
    bank.PaymentReceived(
        payment_id="mt-1.1",
        statement_id="mt-1",
        amount=3900,
        on=SEPTEMBER,
        title="DZ-52C2Q-FGM699 konto",
        payer="Jan Ćma, Łódź",
    ),
    bank.PaymentDirected(payment_id="mt-1.1", school_id="sp7", order_id="z1", amount=3900, by_hand=True),
    bank.DirectionReversed(
        payment_id="mt-1.1", school_id="sp7", order_id="z1", amount=3900, reason="inne zamówienie"
    ),
    bank.PaymentReturned(payment_id="mt-1.1", return_id="o1", amount=3900, reason="nadpłata"),
)
