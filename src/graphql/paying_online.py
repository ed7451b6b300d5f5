"""Paying online: `payOnline` gives the address at the operator, who tells POST /payments/przelewy24 what
came of it.

Whatever comes there is believed only when it carries the operator's sum over this shop's secret, and the
money is taken only when the operator says so again when asked.
"""

from __future__ import annotations

from typing import Annotated

import strawberry
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from strawberry.types import Info

from dziennik.contracts import bank as said
from dziennik.contracts import refusals
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.purchase_commands import NOT_YOUR_ORDER
from dziennik.domain.purchase_state import order
from dziennik.graphql.context import Serving, context_of
from dziennik.graphql.headers import PRIVATE
from dziennik.graphql.mutations import As, Refusal, actor_of, refusal
from dziennik.graphql.requests import body_of
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.selling import online

_TELLING = Actor(account="system", role=Role.SYSTEM, channel=Channel.API)
_OWN = frozenset({Role.PARENT, Role.SPONSOR})
_STATUS = {
    said.NOT_GENUINE.code: 403,
    said.NO_SUCH_SESSION.code: 404,
    said.OPERATOR_AWAY.code: 503,
}


@strawberry.type(description="Where to pay: send the payer's browser to `address`.")
class OnlinePayment:
    address: str


OnlinePaymentResult = Annotated[OnlinePayment | Refusal, strawberry.union("OnlinePaymentResult")]


@strawberry.type
class PayingMutations:
    @guarded(
        description="Pay what is left of an order at the payment operator (BLIK, quick transfers). `email`"
        " goes to the operator, who sends a confirmation there, and is not kept."
    )
    def pay_online(
        self, info: Info, school: SchoolId, order_id: strawberry.ID, email: str, acting_as: As = None
    ) -> OnlinePaymentResult:
        context = context_of(info)
        actor = actor_of(context, school, "payOnline", acting_as)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        system = context.system
        placed = system.register(school).state(order(order_id)).placed
        if actor.role in _OWN and placed is not None and placed.payer_id != actor.person:
            return refusal(NOT_YOUR_ORDER(field="order_id"), context.language)
        if system.operator is None:
            return refusal(said.NOT_ONLINE(), context.language)
        with context.asking():
            begun = online.begin(
                system,
                system.operator,
                school,
                order_id,
                email,
                base_url=system.base_url,
                language=context.language,
                actor=_TELLING,
            )
        if isinstance(begun, refusals.Refusal):
            return refusal(begun, context.language)
        return OnlinePayment(address=begun)


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""

    @app.post(online.NOTIFIED_AT, include_in_schema=False)
    async def notified(request: Request) -> Response:
        operator, body = system.operator, await body_of(request)
        if operator is None or body is None:
            return Response("", 404 if operator is None else 413, PRIVATE)
        outcome = await run_in_threadpool(online.notified, system, operator, body, actor=_TELLING)
        if isinstance(outcome, refusals.Refusal):
            return Response(outcome.code, _STATUS.get(outcome.code, 409), PRIVATE, "text/plain")
        return Response("OK", 200, PRIVATE, "text/plain")
