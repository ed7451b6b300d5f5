"""How is a payment begun at Przelewy24, and what it says of one believed? Its REST API, version 1.

register -> the payer's browser goes there and pays -> a notification comes -> verify. Money of a payment
that is not verified stays the payer's. Every word carries a sum, SHA-384 over some of its fields in their
order as JSON without spaces, with the shop's secret CRC at the end; requests also go with the shop's key
(Basic). There are never data of cards here: they are typed in on the operator's page.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha384
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import msgspec

NAME: Final = "przelewy24"
LIVE: Final = "https://secure.przelewy24.pl"
SANDBOX: Final = "https://sandbox.przelewy24.pl"
TIMEOUT, LARGEST = 10.0, 100_000  # seconds of a word; bytes of an answer
PAID: Final = 2  # the status of a payment that was made and verified (transaction/by/sessionId)
_SIGNED: Final = (
    "merchantId", "posId", "sessionId", "amount", "originAmount", "currency", "orderId", "methodId",
    "statement",
)  # fmt: skip


class OperatorFault(Exception):
    """The operator is away, or its answer cannot be used. The text holds no secrets."""


@dataclass(frozen=True, slots=True)
class Shop:
    """The provider's shop there, as its panel tells."""

    merchant_id: int
    pos_id: int
    api_key: str = field(repr=False)
    crc: str = field(repr=False)
    url: str = LIVE


class Notification(msgspec.Struct, frozen=True, rename="camel"):
    """The operator says that a session was paid; amounts in grosze."""

    merchant_id: int
    pos_id: int
    session_id: str
    amount: int
    origin_amount: int
    currency: str
    order_id: int
    method_id: int
    statement: str
    sign: str


class _Found(msgspec.Struct, frozen=True, rename="camel"):
    status: int
    amount: int
    currency: str = "PLN"


def shop_of(table: Mapping[str, Any]) -> Shop:
    """The shop of a settings file. Raises ValueError that names the field, never its value."""
    known = {"merchant_id", "pos_id", "api_key", "crc", "url"}
    for name in table.keys() - known:
        raise ValueError(f"there is no field {name!r}")
    merchant = table.get("merchant_id")
    pos = table.get("pos_id", merchant)
    for name, number in (("merchant_id", merchant), ("pos_id", pos)):
        if type(number) is not int or number < 1:
            raise ValueError(f"{name} must be a number")
    for name in ("api_key", "crc"):
        if not isinstance(table.get(name), str) or not table[name]:
            raise ValueError(f"{name} is missing")
    url = table.get("url", LIVE)
    parts = urlsplit(url if isinstance(url, str) else "")
    plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not ((parts.scheme == "https" or plain) and parts.hostname):
        raise ValueError(f"url must be {LIVE} or {SANDBOX}")
    return Shop(int(merchant or 0), int(pos or 0), table["api_key"], table["crc"], url.rstrip("/"))


def sum_of(fields: Mapping[str, object], crc: str) -> str:
    """The check sum of a word: hexadecimal SHA-384."""
    text = json.dumps({**fields, "crc": crc}, separators=(",", ":"), ensure_ascii=False)
    return sha384(text.encode()).hexdigest()


class Przelewy24:
    """The operator over HTTPS, for one shop. Thread-safe. Close it."""

    name = NAME

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        auth = (str(shop.pos_id), shop.api_key)
        self._http = httpx2.Client(
            base_url=f"{shop.url}/api/v1", auth=auth, timeout=TIMEOUT, follow_redirects=False, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def register(
        self, session_id: str, amount: int, title: str, email: str, *, back: str, told: str, language: str
    ) -> str:
        """Where to send the payer's browser. `back`: where it returns to; `told`: where the notification
        goes.

        Raises OperatorFault.
        """
        shop = self._shop
        signed = {
            "sessionId": session_id,
            "merchantId": shop.merchant_id,
            "amount": amount,
            "currency": "PLN",
        }
        word = {
            **signed,
            "posId": shop.pos_id,
            "description": title,
            "email": email,
            "country": "PL",
            "language": "pl" if language == "pl" else "en",
            "urlReturn": back,
            "urlStatus": told,
            "transferLabel": title[:20],
            "encoding": "UTF-8",
            "sign": sum_of(signed, shop.crc),
        }
        token = self._asked("POST", "/transaction/register", word).get("token")
        if not isinstance(token, str) or not token.isascii() or not token.replace("-", "").isalnum():
            raise OperatorFault("register: no token")
        return f"{shop.url}/trnRequest/{token}"

    def believed(self, body: bytes) -> Notification | None:
        """What a notification says, if the operator signed it for this shop; None otherwise."""
        try:
            fields: dict[str, object] = msgspec.json.decode(body, type=dict[str, object])
            found = msgspec.convert(fields, Notification)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            return None
        expected = sum_of({name: fields[name] for name in _SIGNED}, self._shop.crc)
        genuine = hmac.compare_digest(expected.encode(), found.sign.encode())
        ours = (found.merchant_id, found.pos_id) == (self._shop.merchant_id, self._shop.pos_id)
        return found if genuine and ours else None

    def verify(self, found: Notification) -> bool:
        """Take the payment: whether the operator agrees that it was made, now or before. Raises
        OperatorFault.
        """
        shop = self._shop
        signed = {
            "sessionId": found.session_id,
            "orderId": found.order_id,
            "amount": found.amount,
            "currency": found.currency,
        }
        word = {**signed, "merchantId": shop.merchant_id, "posId": shop.pos_id}
        try:
            answer = self._asked("PUT", "/transaction/verify", {**word, "sign": sum_of(signed, shop.crc)})
        except _Declined:
            return self._made(found)  # it was verified before, and we died before we knew
        return answer.get("status") == "success"

    def _made(self, found: Notification) -> bool:
        try:
            answer = self._asked("GET", f"/transaction/by/sessionId/{found.session_id}")
            known = msgspec.convert(answer, _Found)
        except (_Declined, msgspec.ValidationError):
            return False
        return (known.status, known.amount, known.currency) == (PAID, found.amount, found.currency)

    def _asked(self, method: str, path: str, word: Mapping[str, object] | None = None) -> dict[str, object]:
        """The `data` of the answer. Raises OperatorFault, or _Declined for a no."""
        try:
            with self._http.stream(method, path, json=word) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise OperatorFault(f"{path.rpartition('/')[0]}: too long an answer")
                status = response.status_code
        except httpx2.HTTPError as fault:
            raise OperatorFault(type(fault).__name__) from None
        if status in (400, 404, 409):
            raise _Declined(str(status))
        if status != 200:
            raise OperatorFault(str(status))
        try:
            told = msgspec.json.decode(body, type=dict[str, object]).get("data")
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise OperatorFault("no JSON") from None
        return told if isinstance(told, dict) else {}


class _Declined(OperatorFault):
    """The operator said no."""
