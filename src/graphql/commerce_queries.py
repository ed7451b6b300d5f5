"""Queries and mutations: offers, purchases, bundles, contract, entitlement, the school's statement."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.application.ids import new_id
from dziennik.application.register import Outcome, Register
from dziennik.contracts import refusals
from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.offers import Purpose
from dziennik.contracts.purchases import BuyerKind, CoverageKind
from dziennik.domain.offers import OFFERS
from dziennik.domain.policies.prices import list_on
from dziennik.graphql import commerce_shapes as shapes
from dziennik.graphql import statement_shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.inputs import made_id
from dziennik.graphql.mutations import Accepted, As, CommandResult, actor_of, refusal
from dziennik.graphql.mutations import Key as IdempotencyKey
from dziennik.graphql.mutations import Refusal as Refused
from dziennik.graphql.scopes import children
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.journal.journals import PROVIDER
from dziennik.projections import entitlements, loyalty, people, purchases, structure
from dziennik.projections.purchases import Order
from dziennik.selling import ordering
from dziennik.selling.paying import BankTransfer
from dziennik.selling.statement import statement

ID = strawberry.ID
SEEN = (purchases.PURCHASES.name, loyalty.LOYALTY.name)
_ENTITLING = (*SEEN, people.PEOPLE.name, structure.STRUCTURE.name)
_STATED = (*SEEN, "cards", "messages")
_TELLING = Actor(account="system", role=Role.SYSTEM, channel=Channel.API)
On = Annotated[date | None, strawberry.argument(description="The day; left out: today.")]


@strawberry.input(
    description="What is ordered for whom: pupils by id, a class, or the school (so many pupils)."
)
class OrderInput:
    product_id: ID
    buyer: shapes.Buyer = BuyerKind.PARENT.name
    payer_id: ID | None = None
    covers: shapes.Whom = CoverageKind.PUPILS.name
    pupil_ids: list[ID] | None = None
    class_id: ID | None = None
    pupils: int = 1
    since: date | None = None
    until: date | None = None
    bundle_id: ID | None = None


@strawberry.type
class CommerceQueries:
    @guarded(description="What accounts can buy today, at today's prices.")
    def offers(self, info: Info, school: SchoolId) -> list[shapes.Offer]:
        context = context_of(info)
        held = list_on(_provider(context).state(OFFERS).lists, Purpose.ACCOUNTS, context.today(school))
        return [
            {  # type: ignore[misc]
                "productId": one.product_id,
                "name": one.name,
                "kind": one.kind.name,
                "gross": one.gross,
                "vat": one.vat.name,
                "listId": held.list_id if held else "",
            }
            for one in (held.prices if held else ())
        ]

    @guarded(description="Bundles that are offered to the school, and who has approved of them.")
    def bundles(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.OfferedBundle]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        found = purchases.bundles_of(context.view(school))
        return [shapes.bundle(row) for row in found]  # type: ignore[misc]

    @guarded(description="What the asker's account may use on a day, each feature with its ground.")
    def my_entitlement(
        self, info: Info, school: SchoolId, on: On = None, after_position: Position = None
    ) -> shapes.MyEntitlement:
        context = context_of(info)
        context.wait(school, _ENTITLING, after_position)
        view, day = context.view(school), on or context.today(school)
        person = context.access(school).person.person_id
        parent = Role.PARENT in context.roles(school)
        pupils = sorted(children(context, school)) if parent else [person]
        kind = AccountKind.PARENT if parent else AccountKind.PUPIL
        held = entitlements.of_pupils(view, pupils, day)
        uses = [entitlements.use(view, feature, kind, pupils, day) for feature in Feature]
        return {  # type: ignore[return-value]
            "on": day.isoformat(),
            "extended": held.extended,
            "until": shapes.day(held.until),
            "uses": [shapes.use(one) for one in uses],
        }

    @guarded(description="What the asker ordered or pays for, the latest first.")
    def my_purchases(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.Purchase]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        person = context.access(school).person.person_id
        return _told(context, school, purchases.of_payer(context.view(school), person))

    @guarded(description="All orders of the school, the latest first; the provider sees no pupils.")
    def school_purchases(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.Purchase]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return _told(context, school, purchases.orders(context.view(school))[::-1])

    @guarded(description="The school's contracts with the provider, in time.")
    def school_contracts(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> list[shapes.SchoolContract]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [shapes.contract(row) for row in loyalty.contracts(context.view(school))]  # type: ignore[misc]

    @guarded(description="Money, points, cards and messages of the school, and whether they come out even.")
    def commerce_statement(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> statement_shapes.CommerceStatement:
        context = context_of(info)
        register = context.register(school)
        context.wait(school, _STATED, after_position or register.journal.position() or None)
        counted = context.view_of_all(school)  # numbers of messages, and no message: mailboxes are private
        return statement_shapes.statement(statement(register, counted))  # type: ignore[return-value]


@strawberry.type
class CommerceMutations:
    @guarded(description="Order at the prices of the day; parents for their own children.")
    def place_order(
        self,
        info: Info,
        school: SchoolId,
        input: OrderInput,  # noqa: A002
        idempotency_key: IdempotencyKey = None,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "placeOrder", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        own = actor.person if actor.role is Role.PARENT else None
        wanted = ordering.Wanted(
            product_id=input.product_id,
            buyer=BuyerKind[_name(input.buyer)],
            payer_id=input.payer_id or own,
            kind=CoverageKind[_name(input.covers)],
            pupil_ids=tuple(input.pupil_ids or ()),
            class_id=input.class_id,
            pupils=input.pupils,
            since=input.since,
            until=input.until,
            bundle_id=input.bundle_id,
        )
        order_id, key = _ids(context, idempotency_key)
        outcome = ordering.place(
            context.register(school),
            _provider(context),
            wanted,
            actor=actor,
            order_id=order_id,
            command_id=key,
        )
        return _answered(context, outcome, order_id)

    @guarded(description="Order the same again for the time after.")
    def renew_order(
        self,
        info: Info,
        school: SchoolId,
        order_id: ID,
        idempotency_key: IdempotencyKey = None,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "renewOrder", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        new, key = _ids(context, idempotency_key)
        outcome = ordering.renew(
            context.register(school),
            _provider(context),
            order_id,
            actor=actor,
            new_order_id=new,
            command_id=key,
        )
        return _answered(context, outcome, new)

    @guarded(description="Spend the school's points on an item of the catalogue of the day.")
    def spend_points(
        self,
        info: Info,
        school: SchoolId,
        item_id: ID,
        count: int = 1,
        idempotency_key: IdempotencyKey = None,
        acting_as: As = None,
    ) -> CommandResult:
        context = context_of(info)
        actor = actor_of(context, school, "spendPoints", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        new, key = _ids(context, idempotency_key)
        outcome = ordering.spend(
            context.register(school),
            _provider(context),
            item_id,
            count,
            actor=actor,
            spend_id=new,
            command_id=key,
        )
        return _answered(context, outcome, new)


def _provider(context: Context) -> Register:
    """What the provider's journal tells to everybody: prices, who sells."""
    return context.system.register(PROVIDER)


def _told(context: Context, school: str, rows: list[Order]) -> list[shapes.Purchase]:
    roles, today = context.roles(school), context.today(school)
    paying = BankTransfer(context.system, _TELLING)
    return [shapes.purchase(row, today, roles, paying.instructions(row.open, row.reference)) for row in rows]  # type: ignore[misc]


def _ids(context: Context, key: str | None) -> tuple[str, str | None]:
    """The id of what comes into being, and the command's: with the same key both are the same again."""
    if key is None:
        return new_id(), None
    whole = f"{context.account()}/{key}"
    return made_id(whole, 0), whole


def _name(member: Any) -> str:  # noqa: ANN401
    return member if isinstance(member, str) else str(member.name)


def _answered(context: Context, outcome: Outcome, made: str) -> Accepted | Refused:
    if isinstance(outcome, refusals.Refusal):
        return refusal(outcome, context.language)
    return Accepted(
        position=outcome.position, facts=outcome.facts, repeated=outcome.repeated, id=strawberry.ID(made)
    )
