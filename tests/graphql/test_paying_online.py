"""Paying an order at the operator: begun, told, taken once, and refused when something does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from dziennik.application.register import Register
from dziennik.contracts import bank, purchase_commands
from dziennik.contracts.facts import ERASED
from dziennik.contracts.refusals import Refusal
from dziennik.domain.purchase_state import order as order_of
from dziennik.graphql.app import create_app
from dziennik.journal.journals import PROVIDER
from dziennik.selling import online, paying
from dziennik.selling.przelewy24 import Przelewy24, Shop
from tests.graphql.conftest import OFFICE, Follow, Served
from tests.graphql.test_commerce import OPERATOR, Market, market, ordered  # noqa: F401
from tests.selling.operator import CRC, KEY, MERCHANT, Operator, serving

PAY = """mutation ($id: ID!, $email: String!) { payOnline(school: "sp1", orderId: $id, email: $email) {
  ... on OnlinePayment { address } ... on Refusal { code field message } } }"""


@pytest.fixture
def operator(served: Served) -> Iterator[Operator]:
    with serving() as found, closing(Przelewy24(Shop(MERCHANT, MERCHANT, KEY, CRC, found.url))) as shop:
        served.system.operator, served.system.base_url = shop, "https://dziennik.example"
        yield found
        served.system.operator = None


@pytest.fixture
def order(served: Served, market: Market, follow: Follow, operator: Operator) -> str:  # noqa: F811
    market.contract()
    found = ordered(served, pupilIds=["p1"])["id"]
    follow()
    return str(found)


def pay(served: Served, order: str, who: str = "m1", email: str = "ewa@example.org") -> dict[str, Any]:
    found: dict[str, Any] = served.data(PAY, who, id=order, email=email)["payOnline"]
    return found


def told(served: Served, body: bytes) -> tuple[int, str]:
    answer = TestClient(create_app(served.system)).post("/payments/przelewy24", content=body)
    return answer.status_code, answer.text


def session_of(operator: Operator) -> str:
    return list(operator.sessions)[-1]


def credited(served: Served, order: str) -> dict[str, int]:
    return dict(served.system.register("sp1").state(order_of(order)).credits)


def test_a_parent_pays_and_the_extension_holds(
    served: Served, order: str, operator: Operator, follow: Follow
) -> None:
    assert pay(served, order) == {"address": f"{operator.url}/trnRequest/T-1"}
    session = operator.sessions[session_of(operator)]
    assert (session["amount"], session["email"], session["urlStatus"]) == (
        3900,
        "ewa@example.org",
        "https://dziennik.example/payments/przelewy24",
    )
    body = operator.paid(session_of(operator))
    assert [told(served, body) for _ in range(3)] == [(200, "OK")] * 3
    assert operator.verified == [session_of(operator)]
    assert credited(served, order) == {"przelewy24.3162088710": 3900}
    follow()
    mine = served.data('{ myPurchases(school: "sp1") { id state open credited } }', "m1")["myPurchases"]
    assert mine == [{"id": order, "state": "ACTIVE", "open": 0, "credited": 3900}]
    assert pay(served, order)["code"] == "PURCHASES.PAID_ALREADY"
    assert paying.waiting(served.system) == []
    stored = json.dumps([repr(one.fact) for one in served.system.register(PROVIDER).journal.read(0)])
    assert "ewa@example.org" not in stored


def test_what_does_not_fit_is_not_taken(served: Served, order: str, operator: Operator) -> None:
    pay(served, order)
    session = session_of(operator)
    for differs, answer in (
        ({"amount": 3899}, (409, "BANK.AMOUNT_DIFFERS")),
        ({"currency": "EUR"}, (409, "BANK.AMOUNT_DIFFERS")),
        ({"sessionId": "przelewy24-other"}, (404, "BANK.NO_SUCH_SESSION")),
        ({"merchantId": 7}, (403, "BANK.NOT_GENUINE")),
    ):
        assert told(served, operator.paid(session, **differs)) == answer
    genuine = json.loads(operator.paid(session))
    forged = json.dumps(genuine | {"sign": "0" * 96}).encode()
    assert told(served, forged) == (403, "BANK.NOT_GENUINE")
    assert told(served, b"{}") == (403, "BANK.NOT_GENUINE")
    assert told(served, b"x" * 2_000_000)[0] == 413
    assert operator.verified == []
    assert credited(served, order) == {}
    assert told(served, json.dumps(genuine).encode()) == (200, "OK")


def test_money_that_the_order_cannot_take_stays_the_payers(
    served: Served,
    market: Market,  # noqa: F811
    order: str,
    operator: Operator,
) -> None:
    pay(served, order)
    first = session_of(operator)
    pay(served, order)  # in another tab
    second = session_of(operator)
    assert told(served, operator.paid(second, 22)) == (200, "OK")
    assert told(served, operator.paid(first, 11)) == (409, "PURCHASES.PAID_ALREADY")
    market.school(purchase_commands.EndPurchase(order_id=order, reason="reklamacja"), OPERATOR)
    assert told(served, operator.paid(first, 11)) == (409, "PURCHASES.ORDER_IS_OVER")
    assert operator.verified == [second]
    assert credited(served, order) == {"przelewy24.22": 3900}
    assert told(served, operator.paid(second, 23)) == (409, "BANK.SESSION_EXISTS")


def test_an_operator_who_is_away_is_asked_again(served: Served, order: str, operator: Operator) -> None:
    operator.away = True
    assert pay(served, order)["code"] == "BANK.OPERATOR_AWAY"
    operator.away = False
    pay(served, order)
    body = operator.paid(session_of(operator))
    operator.away = True
    assert told(served, body) == (503, "BANK.OPERATOR_AWAY")
    operator.away, operator.forgets = False, True
    assert told(served, body) == (503, "BANK.OPERATOR_AWAY")  # taken there, unknown here
    operator.forgets = False
    assert told(served, body) == (200, "OK")
    assert credited(served, order) == {"przelewy24.3162088710": 3900}


def test_what_a_process_left_half_done_is_finished(
    served: Served, order: str, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(served, order)
    body = operator.paid(session_of(operator))
    with monkeypatch.context() as died:
        died.setattr(online, "settle_payment", lambda *_: 0)
        assert told(served, body) == (200, "OK")
    assert credited(served, order) == {}
    assert paying.settle(served.system, OFFICE) == 1
    assert credited(served, order) == {"przelewy24.3162088710": 3900}
    assert told(served, body) == (200, "OK")


def test_who_may_pay_what(served: Served, order: str, operator: Operator) -> None:
    assert served.code(PAY, "p2", id=order, email="ewa@example.org") == "ACCESS.DENIED"
    assert served.code(PAY, "op", id=order, email="ewa@example.org") == "ACCESS.DENIED"
    assert pay(served, order, "sponsor")["code"] == "PURCHASES.NOT_YOUR_ORDER"
    assert "address" in pay(served, order, "adm")
    assert pay(served, "none")["code"] == "PURCHASES.NO_SUCH_ORDER"
    for email in ("", "ewa", "ewa@", "ewa@host", "e wa@example.org", "a@b@c.pl", "e" * 50 + "@example.org"):
        assert pay(served, order, email=email)["code"] == "BANK.NOT_AN_ADDRESS"
    served.system.operator = None
    assert pay(served, order)["code"] == "BANK.NOT_ONLINE"
    assert told(served, b"{}")[0] == 404


def test_sums_online_hold_as_facts(served: Served, order: str, operator: Operator) -> None:
    provider: Register = served.system.register(PROVIDER)
    begin = bank.BeginOnlinePayment(
        session_id="s", service="przelewy24", school_id="sp1", order_id=order, reference="DZ-1", amount=1
    )
    for amount, code in ((0, "BANK.NOT_LEFT"), (1, None), (2, "BANK.SESSION_EXISTS")):
        found = provider.execute(bank.BeginOnlinePayment(**{**_told(begin), "amount": amount}), actor=OFFICE)
        assert (found.code if isinstance(found, Refusal) else None) == code


def _told(command: bank.BeginOnlinePayment) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__struct_fields__}


def test_who_paid_is_forgotten_with_the_key(
    served: Served,
    market: Market,  # noqa: F811
    order: str,
    operator: Operator,
) -> None:
    pay(served, order)
    session = session_of(operator)
    assert told(served, operator.paid(session)) == (200, "OK")
    assert paying.forget_payers(served.system, OFFICE) == (0, 0)
    market.now = datetime(2032, 1, 2, 12, 0, tzinfo=UTC)
    assert paying.forget_payers(served.system, OFFICE) == (1, 1)
    assert paying.forget_payers(served.system, OFFICE) == (0, 0)
    stored = served.system.register(PROVIDER).journal.load(f"bank/{session}")
    received = next(one.fact for one in stored if isinstance(one.fact, bank.PaymentReceived))
    assert (received.title, received.payer, received.amount) == (ERASED, ERASED, 3900)
    assert credited(served, order) == {"przelewy24.3162088710": 3900}
