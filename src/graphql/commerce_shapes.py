"""What purchases, contracts and statements look like in GraphQL. Amounts are whole grosze, VAT included."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from dziennik.contracts.bundles import Approver
from dziennik.contracts.entitlement import Feature
from dziennik.contracts.envelope import Role
from dziennik.contracts.loyalty import RewardChoice
from dziennik.contracts.offers import PointsKind, ProductKind, Vat
from dziennik.contracts.purchases import BuyerKind, CoverageKind, OrderLine
from dziennik.domain.policies.entitlement import Use, Why
from dziennik.domain.policies.prices import amount_of
from dziennik.graphql.scalars import enum_named
from dziennik.projections.loyalty import Contract
from dziennik.projections.purchases import Bundle, Order
from dziennik.selling.paying import Instructions

ID = strawberry.ID
Kind = enum_named(ProductKind)
Rate = enum_named(Vat)
Buyer = enum_named(BuyerKind)
Whom = enum_named(CoverageKind)
Points = enum_named(PointsKind)
FeatureName = enum_named(Feature)
Ground = enum_named(Why)
Approving = enum_named(Approver)
Choice = enum_named(RewardChoice)

# Who may see which pupils an order is for.
_SEEING_PUPILS = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.PARENT})


@strawberry.type(description="A product at the price of the day.")
class Offer:
    product_id: ID
    name: str
    kind: Kind  # type: ignore[valid-type]
    gross: int
    vat: Rate  # type: ignore[valid-type]
    list_id: ID


@strawberry.type(description="So many pieces at a price.")
class PurchaseLine:
    product_id: ID
    name: str
    kind: Kind  # type: ignore[valid-type]
    count: int
    unit_gross: int
    vat: Rate  # type: ignore[valid-type]
    gross: int
    list_id: ID | None = strawberry.field(description="The price list; null: individually agreed.")


@strawberry.type(description="How to pay: `code` is the text of a QR code that banks' programs read.")
class Transfer:
    recipient: str
    account: str
    amount: int
    title: str
    code: str


@strawberry.type(description="An order: what is owed, paid, refunded, and whom it extends from when to when.")
class Purchase:
    id: ID
    reference: str
    buyer: Buyer  # type: ignore[valid-type]
    payer_id: ID | None
    lines: list[PurchaseLine]
    on: date
    pay_by: date
    total: int
    credited: int
    refunded: int
    open: int
    state: str = strawberry.field(
        description="ORDERED, PAID, ACTIVE, EXPIRED, CANCELLED, WITHDRAWN or ENDED."
    )
    covers: Whom | None  # type: ignore[valid-type]
    class_id: ID | None
    pupils: int = strawberry.field(description="How many pieces: pupils that are paid for.")
    pupil_ids: list[ID] | None = strawberry.field(
        description="Which pupils; null to who sees no pupils' data."
    )
    since: date | None
    until: date | None
    bundle_id: ID | None
    renews: ID | None
    renewed_with: ID | None
    transfer: Transfer | None


@strawberry.type(description="A bundle; it takes effect only while both approve.")
class OfferedBundle:
    id: ID
    product_id: ID
    name: str
    with_what: str
    since: date
    until: date
    approved_by: list[Approving]  # type: ignore[valid-type]
    approved: bool


@strawberry.type(description="Whether an account may use a feature on a day, and on what ground.")
class FeatureUse:
    feature: FeatureName  # type: ignore[valid-type]
    allowed: bool
    why: Ground  # type: ignore[valid-type]
    rule_since: date | None
    rule_until: date | None


@strawberry.type(description="What the asker's account has on a day.")
class MyEntitlement:
    on: date
    extended: bool
    until: date | None
    uses: list[FeatureUse]


@strawberry.type(description="A year of a contract.")
class ContractYear:
    year: int
    since: date
    until: date
    pupils: int
    lines: list[PurchaseLine]
    total: int


@strawberry.type(description="The school's contract with the provider.")
class SchoolContract:
    id: ID
    number: str
    signed_on: date
    since: date
    until: date
    terms: str | None
    years: list[ContractYear]
    reminded_on: date | None
    ended_on: date | None
    handed_over: date | None


def line(found: OrderLine) -> dict[str, Any]:
    return {
        "productId": found.product_id,
        "name": found.name,
        "kind": found.kind.name,
        "count": found.count,
        "unitGross": found.unit_gross,
        "vat": found.vat.name,
        "gross": amount_of(found),
        "listId": found.list_id,
    }


def state(row: Order, today: date) -> str:
    """What became of an order, in a word."""
    if row.how:
        return row.how.upper()
    if row.until is not None:
        return "EXPIRED" if row.until < today else "ACTIVE"
    return "PAID" if row.credited >= row.total else "ORDERED"


def purchase(
    row: Order, today: date, roles: frozenset[Role], transfer: Instructions | None
) -> dict[str, Any]:
    covers = row.covers
    seen = covers is not None and bool(roles & _SEEING_PUPILS)
    until = min(filter(None, (row.until, row.ended_on)), default=None) if row.until else None
    return {
        "id": row.order_id,
        "reference": row.reference,
        "buyer": row.buyer.name,
        "payerId": row.payer_id,
        "lines": [line(one) for one in row.lines],
        "on": row.on.isoformat(),
        "payBy": row.pay_by.isoformat(),
        "total": row.total,
        "credited": row.credited,
        "refunded": row.refunded,
        "open": row.open,
        "state": state(row, today),
        "covers": covers.kind.name if covers else None,
        "classId": covers.class_id if covers else None,
        "pupils": sum(one.count for one in row.lines) if covers else 0,
        "pupilIds": list(covers.pupil_ids) if covers and seen else None,
        "since": day(row.since),
        "until": day(until),
        "bundleId": row.bundle_id,
        "renews": row.renews,
        "renewedWith": row.renewed_with,
        "transfer": _transfer(transfer) if transfer and row.open > 0 else None,
    }


def _transfer(found: Instructions) -> dict[str, Any]:
    return {
        "recipient": found.recipient,
        "account": found.account,
        "amount": found.amount,
        "title": found.title,
        "code": found.code,
    }


def bundle(row: Bundle) -> dict[str, Any]:
    return {
        "id": row.bundle_id,
        "productId": row.product_id,
        "name": row.name,
        "withWhat": row.with_what,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "approvedBy": [one.by.name for one in row.approvals],
        "approved": row.approved,
    }


def use(found: Use) -> dict[str, Any]:
    return {
        "feature": found.feature.name,
        "allowed": found.allowed,
        "why": found.why.name,
        "ruleSince": day(found.rule.since) if found.rule else None,
        "ruleUntil": day(found.rule.until) if found.rule else None,
    }


def contract(row: Contract) -> dict[str, Any]:
    return {
        "id": row.contract_id,
        "number": row.number,
        "signedOn": row.signed_on.isoformat(),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "terms": row.terms,
        "years": [
            {
                "year": year.year,
                "since": year.since.isoformat(),
                "until": year.until.isoformat(),
                "pupils": year.pupils,
                "lines": [line(one) for one in year.lines],
                "total": sum(map(amount_of, year.lines)),
            }
            for year in row.years
        ],
        "remindedOn": day(row.reminded_on),
        "endedOn": day(row.ended_on),
        "handedOver": day(row.handed_over),
    }


def day(on: date | None) -> str | None:
    return on.isoformat() if on else None
