"""How does somebody say in which browsers they are told?"""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from msgspec.structs import replace

from dziennik.contracts import notifications as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.notifications import MOST_DEVICES, DeviceEnd
from dziennik.domain.policies.push_addresses import in_the_open
from tests.domain.register import NOWAK
from tests.domain.sentence import at, given

KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
ADD = said.AddPushDevice(
    device_id="d1", endpoint="https://push.example.org/p/1", p256dh=KEY, auth="BTBZMqHH6r4Tts7J_aSIgg"
)
ADDED = said.PushDeviceAdded(
    person_id="nowak", device_id="d1", endpoint=ADD.endpoint, p256dh=ADD.p256dh, auth=ADD.auth
)
STREAM = streams.push_devices("nowak")
WAS_ADDED = at(STREAM, ADDED)
REMOVE = said.RemovePushDevice(device_id="d1")
DROP = said.DropPushDevice(person_id="nowak", device_id="d1")
ITSELF = Actor(account="push", role=Role.SYSTEM)


def ended(why: DeviceEnd, device_id: str = "d1") -> said.PushDeviceRemoved:
    return said.PushDeviceRemoved(person_id="nowak", device_id=device_id, why=why)


def test_everybody_adds_and_removes_their_own() -> None:
    given().when(ADD, by=NOWAK).then(WAS_ADDED)
    given().when(replace(ADD, auth=f"{ADD.auth}=="), by=NOWAK).then(WAS_ADDED)
    given(WAS_ADDED).when(ADD, by=NOWAK).nothing()
    given(WAS_ADDED).when(REMOVE, by=NOWAK).then(at(STREAM, ended(DeviceEnd.REMOVED)))
    given(WAS_ADDED, at(STREAM, ended(DeviceEnd.REMOVED))).when(REMOVE, by=NOWAK).nothing()
    given(at(streams.push_devices("kos"), ADDED)).when(REMOVE, by=NOWAK).refused(
        said.NO_SUCH_DEVICE, "device_id"
    )
    for actor in (
        Actor(account="aud", role=Role.AUDITOR, person="aud"),
        Actor(account="x", role=Role.DIRECTOR),
    ):
        given().when(ADD, by=actor).refused(NOT_YOURS_TO_DO)
        given(WAS_ADDED).when(REMOVE, by=actor).refused(NOT_YOURS_TO_DO)


def test_a_browser_that_is_gone_is_dropped_by_the_register_alone() -> None:
    given(WAS_ADDED).when(DROP, by=ITSELF).then(at(STREAM, ended(DeviceEnd.GONE)))
    given(WAS_ADDED, at(STREAM, ended(DeviceEnd.GONE))).when(DROP, by=ITSELF).nothing()
    given(WAS_ADDED).when(DROP, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_a_browser_that_comes_again_replaces_what_was_known_of_it() -> None:
    again = replace(ADD, device_id="d2", auth="AAAAAAAAAAAAAAAAAAAAAA")
    fact = replace(ADDED, device_id="d2", auth=again.auth)
    given(WAS_ADDED).when(again, by=NOWAK).then(at(STREAM, ended(DeviceEnd.REPLACED)), at(STREAM, fact))
    other = replace(ADD, auth=again.auth)
    given(WAS_ADDED).when(other, by=NOWAK).refused(said.DEVICE_ID_TAKEN, "device_id")
    given(WAS_ADDED, at(STREAM, ended(DeviceEnd.GONE))).when(ADD, by=NOWAK).refused(
        said.DEVICE_ID_TAKEN, "device_id"
    )


def test_there_is_an_end_to_how_many() -> None:
    many = [
        at(STREAM, replace(ADDED, device_id=f"x{number}", endpoint=f"{ADD.endpoint}{number}"))
        for number in range(MOST_DEVICES)
    ]
    given(*many).when(ADD, by=NOWAK).refused(said.TOO_MANY_DEVICES)
    given(*many[1:]).when(ADD, by=NOWAK).then(WAS_ADDED)
    same = replace(ADD, endpoint=f"{ADD.endpoint}3")
    given(*many).when(same, by=NOWAK).then(
        at(STREAM, ended(DeviceEnd.REPLACED, "x3")), at(STREAM, replace(ADDED, endpoint=same.endpoint))
    )


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/p",
        "https://push.example.org:8443/p",
        "https://a:b@push.example.org/p",
        "https://push.example.org/p#x",
        "https://127.0.0.1/p",
        "https://2130706433/p",
        "https://0x7f.1/p",
        "https://[::1]/p",
        "https://localhost/p",
        "https://db.internal/p",
        "https://printer.local/p",
        "https://push.example.org./p",
        "https://push.exämple.org/p",
        "https://push.example.org\\@10.0.0.1/p",
        "https://push.example.org/a b",
        "https://push.example.org/\r\nX: y",
        "https://push.example.org/" + "x" * 1000,
        "https://[::1/p",
        "https://push.example.org:x/p",
        "javascript:alert(1)",
        "",
    ],
)
def test_nothing_goes_where_no_push_service_is(endpoint: str) -> None:
    given().when(replace(ADD, endpoint=endpoint), by=NOWAK).refused(said.ENDPOINT_UNSOUND, "endpoint")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p256dh", KEY[:-2]),
        ("p256dh", "BA" + "A" * 85),  # no point of the curve
        ("p256dh", "A" + KEY[1:]),  # not marked as uncompressed
        ("p256dh", KEY.replace("_", "/")),
        ("p256dh", ""),
        ("auth", "BTBZMqHH6r4Tts7J_aSI"),
        ("auth", "=="),
        ("auth", "A" * 5000),
    ],
)
def test_keys_that_are_none_are_refused(field: str, value: str) -> None:
    given().when(replace(ADD, **{field: value}), by=NOWAK).refused(said.PUSH_KEY_UNSOUND, field)


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a01:203", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:a00:1::", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("ff0e::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
    ],
)
def test_addresses_of_the_own_network_are_known_in_every_dress(address: str, open_: bool) -> None:
    assert in_the_open(ip_address(address)) is open_
