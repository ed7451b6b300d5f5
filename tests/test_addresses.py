"""An address leads to one thing, for one purpose, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import msgspec

from dziennik.addresses import Addresses

KEY = bytes(32)
MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC)
LASTS = timedelta(minutes=5)


class Said(msgspec.Struct, frozen=True):
    school: str
    what: int


SAID = Said("s", 7)


def addresses(
    purpose: str = "a purpose", key: bytes = KEY, at: datetime = MOMENT, kind: type[Said] = Said
) -> Addresses[Said]:
    return Addresses(key, purpose, kind, LASTS, lambda: at)


def test_what_was_said_is_read_until_the_time_is_over() -> None:
    token = addresses().make(SAID)
    assert addresses(at=MOMENT + LASTS - timedelta(seconds=1)).read(token) == SAID
    assert addresses(at=MOMENT + LASTS).read(token) is None


def test_another_purpose_or_another_installation_takes_it_for_nothing() -> None:
    token = addresses().make(SAID)
    assert addresses("another purpose").read(token) is None
    assert addresses(key=bytes(31) + b"1").read(token) is None


def test_what_was_changed_or_never_was_one_is_nothing() -> None:
    head, claims, seal = addresses().make(SAID).split(".")
    _, other, _ = addresses().make(Said("s", 8)).split(".")
    assert addresses().read(f"{head}.{other}.{seal}") is None
    unsigned = jwt.encode({"aud": "a purpose", "exp": MOMENT + LASTS, "school": "s", "what": 7}, "", "none")
    assert [addresses().read(token) for token in ("", "x", f"{head}.{claims}", unsigned)] == [None] * 4


def test_what_says_something_else_is_nothing() -> None:
    class Other(msgspec.Struct, frozen=True):
        school: str

    token = Addresses(KEY, "a purpose", Other, LASTS, lambda: MOMENT).make(Other("s"))
    assert addresses().read(token) is None
