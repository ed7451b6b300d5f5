"""Does the shop speak the operator's protocol, and believe nobody else?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from dziennik.selling.przelewy24 import LIVE, OperatorFault, Przelewy24, Shop, shop_of, sum_of
from tests.selling.operator import CRC, KEY, MERCHANT, Operator, serving

SESSION = "przelewy24-0001"
PLACES = {
    "back": "https://d.example/account",
    "told": "https://d.example/payments/przelewy24",
    "language": "pl",
}


@pytest.fixture
def operator() -> Iterator[Operator]:
    with serving() as found:
        yield found


@pytest.fixture
def shop(operator: Operator) -> Iterator[Przelewy24]:
    with closing(Przelewy24(Shop(MERCHANT, MERCHANT, KEY, CRC, operator.url))) as found:
        yield found


def begun(shop: Przelewy24) -> str:
    return shop.register(SESSION, 3900, "DZ-52C2Q-FGM699", "ewa@example.org", **PLACES)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"sessionId": SESSION, "merchantId": MERCHANT, "amount": 3900, "currency": "PLN"},
            "d16d4cbcf5bed35445bb3d41c6d2f7e16c2c6cdd71295e06f28d57e95cbb3681"
            "9b57b4f108fc161723ce0a7b9be8dcd2",
        ),
        (
            {"sessionId": SESSION, "orderId": 316208871, "amount": 3900, "currency": "PLN"},
            "6d3744a44d236338ad71e76dc6093522530abb3622c82d5b295968aa0c5b9037"
            "9744c83d51c0add44b678e7c7e730111",
        ),
        (
            {
                "merchantId": MERCHANT,
                "posId": MERCHANT,
                "sessionId": SESSION,
                "amount": 3900,
                "originAmount": 3900,
                "currency": "PLN",
                "orderId": 316208871,
                "methodId": 154,
                "statement": "p24-B16-C84/a",
            },
            "eb003d463aedec70a69644392895101354bb325d1eb7b635e62cd64700b266a2"
            "918474d0f01334936ea63dcbc8cec05a",
        ),
    ],
)
def test_sums_are_those_that_others_reckon(fields: dict[str, object], expected: str) -> None:
    """Reckoned by another implementation, python-getpaid-przelewy24 3.2.0."""
    assert sum_of(fields, CRC) == expected


def test_a_payment_is_begun_told_and_taken(operator: Operator, shop: Przelewy24) -> None:
    assert begun(shop) == f"{operator.url}/trnRequest/T-1"
    told = operator.sessions[SESSION]
    assert (told["amount"], told["transferLabel"], told["urlStatus"]) == (
        3900,
        "DZ-52C2Q-FGM699",
        PLACES["told"],
    )
    found = shop.believed(operator.paid(SESSION))
    assert found
    assert (found.session_id, found.amount, found.order_id) == (SESSION, 3900, 3_162_088_710)
    assert shop.verify(found)
    assert operator.verified == [SESSION]
    assert shop.verify(found)  # the operator declines a second time, and says on asking that it was made


def test_a_payment_that_was_not_made_is_not_taken(operator: Operator, shop: Przelewy24) -> None:
    begun(shop)
    told = operator.paid(SESSION, amount=1)  # signed, and not what the operator has
    found = shop.believed(told)
    assert found
    assert not shop.verify(found)
    assert operator.verified == []


@pytest.mark.parametrize("name", ["sessionId", "amount", "orderId", "statement", "merchantId"])
def test_what_was_changed_is_not_believed(operator: Operator, shop: Przelewy24, name: str) -> None:
    begun(shop)
    word = json.loads(operator.paid(SESSION))
    changed = word[name] + 1 if isinstance(word[name], int) else f"{word[name]}x"
    assert shop.believed(json.dumps(word | {name: changed}).encode()) is None
    assert shop.believed(json.dumps({k: v for k, v in word.items() if k != name}).encode()) is None
    assert shop.believed(json.dumps(word).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff", b'{"sign": 1}', b'{"amount": 1e999}'])
def test_what_is_no_notification_is_not_believed(shop: Przelewy24, body: bytes) -> None:
    assert shop.believed(body) is None


def test_another_shops_payments_are_not_ours(operator: Operator, shop: Przelewy24) -> None:
    begun(shop)
    assert shop.believed(operator.paid(SESSION, merchantId=1, posId=1)) is None


def test_an_operator_who_is_away_is_a_fault_without_secrets(operator: Operator, shop: Przelewy24) -> None:
    operator.away = True
    with pytest.raises(OperatorFault) as fault:
        begun(shop)
    assert str(fault.value) == "500"
    with closing(Przelewy24(Shop(MERCHANT, MERCHANT, "wrong", CRC, operator.url))) as stranger:
        operator.away = False
        with pytest.raises(OperatorFault) as fault:
            begun(stranger)
        assert str(fault.value) == "401"
    with closing(Przelewy24(Shop(MERCHANT, MERCHANT, KEY, CRC, "http://127.0.0.1:9"))) as nobody:
        with pytest.raises(OperatorFault) as fault:
            begun(nobody)
        assert KEY not in str(fault.value)
    assert KEY not in repr(Shop(MERCHANT, MERCHANT, KEY, CRC))


def test_a_shop_is_set_up_from_a_file() -> None:
    table = {"merchant_id": MERCHANT, "api_key": KEY, "crc": CRC}
    assert shop_of(table) == Shop(MERCHANT, MERCHANT, KEY, CRC, LIVE)
    assert shop_of(table | {"pos_id": 7, "url": "https://sandbox.przelewy24.pl/"}).url.endswith(".pl")
    for wrong, name in (
        ({"merchant_id": "x"}, "merchant_id"),
        ({"merchant_id": True}, "merchant_id"),
        ({"api_key": ""}, "api_key"),
        ({"crc": 7}, "crc"),
        ({"url": "http://secure.przelewy24.pl"}, "url"),
        ({"secret": "s"}, "secret"),
    ):
        with pytest.raises(ValueError, match=name) as fault:
            shop_of(table | wrong)
        assert KEY not in str(fault.value)
