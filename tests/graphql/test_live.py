"""Live: who hears what, from which position on, until when, over both protocols; and who breaks them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from dziennik.accounts.sessions import NOWHERE
from dziennik.application.register import Accepted, Register
from dziennik.contracts import grades
from dziennik.contracts.accounts import BlockAccess
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.people import EndParentalRights, LeaveRole
from dziennik.graphql import live, subscribing
from dziennik.graphql.app import create_app
from dziennik.graphql.live_limits import LiveLimits, Places
from dziennik.graphql.live_shapes import SUBSCRIPTIONS
from dziennik.graphql.live_sse import MEDIA_TYPE
from dziennik.graphql.live_ws import PROTOCOL
from dziennik.graphql.requests import asker_with
from dziennik.graphql.schema import SCHEMA
from dziennik.graphql.subscribing import Event, Live, Request
from tests.graphql.conftest import NOW, OFFICE, PASSWORD, TODAY, Served

NEWS = """subscription ($after: Int, $kinds: [NoticeKind!]) {
  notifications(school: "sp1", after: $after, kinds: $kinds) { position kind text pupilId } }"""
TEACHER = Actor(account="t", role=Role.TEACHER, person="t-maths")


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribing, "HEARTBEAT", 0.2)


def give(served: Served, grade_id: str, pupil: str = "p1", unit: str = "4a") -> int:
    """A grade that is told at once; its position."""
    assignment = "a-maths" if unit == "4a" else "b-maths"
    by = TEACHER if unit == "4a" else Actor(account="t", role=Role.TEACHER, person="t-other")
    command = grades.GiveGrade(
        grade_id=grade_id, unit_id=unit, class_id=unit, assignment_id=assignment, pupil_id=pupil, value="5",
        category_id="test", on=TODAY,
    )  # fmt: skip
    outcome = served.system.register("sp1").execute(command, actor=by)
    assert isinstance(outcome, Accepted), outcome
    tell(served)
    return outcome.position


def tell(served: Served) -> None:
    served.system.follower.run_once("sp1")
    served.system.notifier.run_once("sp1")


def token_of(served: Served, who: str) -> str:
    session = served.system.accounts.login(f"{who}.login", PASSWORD)
    assert not hasattr(session, "code"), session
    return session.access_token


class Listening:
    """Somebody who listens without a protocol: events as they come, on a loop of their own."""

    def __init__(self, served: Served, who: str, **variables: object) -> None:
        self.live = Live(served.system, served.executor)
        self.token = token_of(served, who)
        asker = asker_with(served.system, self.token, NOWHERE)
        self.request = Request(NEWS, dict(variables), None, asker, self.token, "en")
        self.loop = asyncio.new_event_loop()
        self.events: AsyncGenerator[Event] = self.live.events(self.request)

    def next(self) -> dict[str, Any]:
        """The next answer, heartbeats passed over; {} at the end."""
        while True:
            try:
                event = self.loop.run_until_complete(asyncio.wait_for(anext(self.events), 10))
            except StopAsyncIteration:
                return {}
            if event.body is not None:
                found: dict[str, Any] = json.loads(event.body)
                return found

    def beat(self) -> None:
        """Wait for a heartbeat: from then on the listener is there."""
        event = self.loop.run_until_complete(asyncio.wait_for(anext(self.events), 10))
        assert event.body is None, event

    def close(self) -> None:
        self.loop.run_until_complete(self.events.aclose())
        self.live.hub.close()
        self.loop.close()


Listen = Callable[..., Listening]


@pytest.fixture
def listening(served: Served) -> Iterator[Listen]:
    """Make listeners; all of them are closed in the end."""
    served.system.notifier.run_once("sp1")
    with ExitStack() as stack:

        def make(who: str, **variables: object) -> Listening:
            found = Listening(served, who, **variables)
            stack.callback(found.close)
            return found

        yield make


def code(answer: dict[str, Any]) -> str:
    assert "data" not in answer
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


def test_every_subscription_has_a_rule() -> None:
    root = SCHEMA._schema.subscription_type
    assert root is not None
    assert set(root.fields) == set(SUBSCRIPTIONS)


def test_news_come_to_whom_they_concern_and_go_on_from_a_position(served: Served, listening: Listen) -> None:
    mother, other = listening("m1"), listening("p2")
    mother.beat()
    other.beat()
    first = give(served, "n1")
    expected = {"position": first, "kind": "GRADE", "text": "New grade: Matematyka – 5", "pupilId": "p1"}
    assert mother.next() == {"data": {"notifications": expected}}
    other.beat()  # nothing for others
    second, third = give(served, "n2"), give(served, "n3")
    again = listening("m1", after=first)
    told = [again.next()["data"]["notifications"]["position"] for _ in range(2)]
    assert told == [second, third]
    fourth = give(served, "n4")
    assert again.next()["data"]["notifications"]["position"] == fourth
    picky = listening("m1", after=first, kinds=["NOTE"])
    picky.beat()


def test_a_stream_ends_with_the_right_to_what_it_tells(served: Served, listening: Listen) -> None:
    """The mother loses the right while she listens: what is told to her then is not told, and the stream goes
    on for what she may know; with the role itself it ends."""
    mother = listening("m1")
    mother.beat()
    end = EndParentalRights(pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 2/25")
    command = grades.GiveGrade(
        grade_id="n1", unit_id="4a", class_id="4a", assignment_id="a-maths", pupil_id="p1", value="5",
        category_id="test", on=TODAY,
    )  # fmt: skip
    register = served.system.register("sp1")
    assert isinstance(register.execute(command, actor=TEACHER), Accepted)
    assert isinstance(register.execute(end, actor=OFFICE), Accepted)
    tell(served)  # the grade was told when she had the right, and comes when she has it no more
    mother.beat()
    mother.beat()


@pytest.mark.parametrize("how", ["account", "session", "token", "role", "blocked"])
def test_a_stream_ends_with_its_listener(served: Served, listening: Listen, how: str) -> None:
    mother = listening("m1")
    mother.beat()
    system = served.system
    if how == "account":
        system.accounts.close_account(served.accounts["m1"], "odejście", by=OFFICE)
    elif how == "session":
        by = Actor(account=served.accounts["m1"], role=Role.SYSTEM)
        system.accounts.sessions.end_others(served.accounts["m1"], None, by=by)
    elif how == "token":
        # What a token that ran out is: good for nothing.
        mother.events = mother.live.events(replace(mother.request, token=mother.token + "x"))
    elif how == "role":
        leave = LeaveRole(person_id="m1", role=Role.PARENT, until=date(2025, 10, 5))
        assert isinstance(system.register("sp1").execute(leave, actor=OFFICE), Accepted)
    else:
        block = BlockAccess(person_id="m1", reason="nadużycie")
        assert isinstance(system.register("sp1").execute(block, actor=OFFICE), Accepted)
    tell(served)
    ended = {"role": "ACCESS.DENIED", "blocked": "ACCOUNTS.ACCESS_BLOCKED"}
    assert code(mother.next()) == ended.get(how, "ACCESS.NOT_LOGGED_IN")
    assert mother.next() == {}


def test_who_was_away_too_long_asks_otherwise(
    served: Served, listening: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "MOST_MISSED", 1)
    first = give(served, "n1")
    give(served, "n2")
    assert code(listening("m1", after=first - 1).next()) == "COMMAND.TOO_LONG_AWAY"
    assert listening("m1", after=first).next()["data"]["notifications"]["position"] == first + 1


def test_others_are_denied_and_faults_are_told_at_once(served: Served, listening: Listen) -> None:
    assert code(listening("aud").next()) == "ACCESS.DENIED"
    assert "errors" in listening("m1", after="x").next()
    asked = served.ask(NEWS, "m1")
    assert asked["errors"][0]["extensions"]["code"] == "COMMAND.NOT_A_REQUEST"


def socket_of(client: TestClient, token: str | None) -> WebSocketTestSession:
    socket = client.websocket_connect("/graphql", subprotocols=[PROTOCOL])
    socket.__enter__()
    if token is not None:
        socket.send_json({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
        assert socket.receive_json() == {"type": "connection_ack"}
    return socket


def test_over_a_web_socket(served: Served) -> None:
    served.system.notifier.run_once("sp1")
    client = TestClient(create_app(served.system))
    socket = socket_of(client, token_of(served, "m1"))
    first = give(served, "n1")
    subscribe = {"query": NEWS, "variables": {"after": first - 1}}
    socket.send_json({"type": "subscribe", "id": "a", "payload": subscribe})
    message = socket.receive_json()
    assert (message["type"], message["id"]) == ("next", "a")
    assert message["payload"]["data"]["notifications"]["position"] == first
    socket.send_json({"type": "subscribe", "id": "b", "payload": {"query": "{ me { accountId } }"}})
    told = [answer for answer in (socket.receive_json() for _ in range(8)) if answer["type"] != "ping"][:2]
    assert [(each["type"], each["id"]) for each in told] == [("next", "b"), ("complete", "b")]
    socket.send_json({"type": "complete", "id": "a"})
    socket.send_json({"type": "ping"})
    while (answer := socket.receive_json())["type"] == "ping":
        pass
    assert answer == {"type": "pong"}
    socket.send_json({"type": "subscribe", "id": "c", "payload": {"query": "subscription { nothing }"}})
    while (answer := socket.receive_json())["type"] == "ping":
        pass
    assert (answer["type"], answer["id"]) == ("error", "c")
    socket.close()


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([{"type": "subscribe", "id": "a", "payload": {"query": NEWS}}], 4401),
        ([{"type": "connection_init"}], 4403),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer guessed"}}], 4403),
        (["no JSON"], 4400),
        (["init", {"type": "connection_init"}], 4429),
        (["init", {"type": "nonsense"}], 4400),
        (["init", {"type": "subscribe", "id": "", "payload": {"query": NEWS}}], 4400),
        (["init", {"type": "subscribe", "id": "a", "payload": {"query": 1}}], 4400),
        (["init", *[{"type": "subscribe", "id": "a", "payload": {"query": NEWS}}] * 2], 4409),
    ],
)
def test_whoever_breaks_the_protocol_is_let_go(served: Served, messages: list[Any], expected: int) -> None:
    client = TestClient(create_app(served.system))
    socket = socket_of(client, token_of(served, "m1") if "init" in messages else None)
    for message in messages:
        if message == "init":
            continue
        socket.send_text(message if isinstance(message, str) else json.dumps(message))
    while (last := socket.receive())["type"] != "websocket.close":
        pass
    assert last["code"] == expected


def test_another_protocol_is_refused(served: Served) -> None:
    client = TestClient(create_app(served.system))
    with pytest.raises(WebSocketDisconnect) as ended, client.websocket_connect("/graphql"):
        pass
    assert ended.value.code == 4406


def events(body: str) -> list[tuple[str, str | None, Any]]:
    """(event, id, data) of each event in a body."""
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in lines or "event: complete" in block:
            data = json.loads(lines["data"]) if lines.get("data") else None
            found.append((lines["event"], lines.get("id"), data))
    return found


def test_over_server_sent_events(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.system.notifier.run_once("sp1")
    first, second = give(served, "n1"), give(served, "n2")
    app = create_app(served.system)
    client = TestClient(app)
    headers = {"Accept": MEDIA_TYPE, "Authorization": f"Bearer {token_of(served, 'm1')}"}
    asked = {"query": NEWS, "variables": {"after": first - 1}}
    # The account is closed: the stream tells what it may, and why it ends.
    monkeypatch.setattr(subscribing, "HEARTBEAT", 0.5)
    closing = served.system.accounts.close_account
    told: list[Any] = []
    original = Live._told

    def telling(self: Live, *given: object) -> Event | None:
        event: Event | None = original(self, *given)  # type: ignore[arg-type]
        told.append(event)
        if len(told) == 2:
            closing(served.accounts["m1"], "odejście", by=OFFICE)
        return event

    monkeypatch.setattr(Live, "_told", telling)
    answer = client.post("/graphql", json=asked, headers=headers)
    assert answer.headers["content-type"] == f"{MEDIA_TYPE}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    found = events(answer.text)
    assert [(event, place) for event, place, _ in found] == [
        ("next", str(first)), ("next", str(second)), ("next", None), ("complete", None),
    ]  # fmt: skip
    assert found[0][2]["data"]["notifications"]["position"] == first
    assert found[2][2]["errors"][0]["extensions"]["code"] == "ACCESS.NOT_LOGGED_IN"
    query = client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert [event for event, _, _ in events(query.text)] == ["next", "complete"]


def test_connections_are_counted() -> None:
    places = Places(LiveLimits(connections=2, of_account=1))
    with ExitStack() as stack:
        ways = (places.all.entered, lambda: places.of_account.entered("a"))
        inside = [stack.enter_context(way()) for _ in range(3) for way in ways]
        assert inside == [True, True, True, False, False, False]


def publish(served: Served, on: date | None) -> int:
    command = grades.SetColumnPublication(unit_id="4a", column_id="c1", on=on)
    outcome = served.system.register("sp1").execute(command, actor=TEACHER)
    assert isinstance(outcome, Accepted), outcome
    tell(served)
    return outcome.position


def give_in_column(served: Served) -> int:
    command = grades.GiveGrade(
        grade_id="later", unit_id="4a", class_id="4a", assignment_id="a-maths", pupil_id="p1", value="1",
        column_id="c1",
    )  # fmt: skip
    outcome = served.system.register("sp1").execute(command, actor=TEACHER)
    assert isinstance(outcome, Accepted), outcome
    tell(served)
    return outcome.position


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(served: Served, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The day on which the school, the notifier and the streams are."""
    found = Clock()
    register = Register(served.system.journals.school("sp1"), now=found)
    served.system._registers["sp1"] = register
    monkeypatch.setattr(served.system.notifier, "_now", found)
    monkeypatch.setattr(live, "utc_now", found)
    return found


def test_what_is_published_later_comes_when_it_is(served: Served, clock: Clock, listening: Listen) -> None:
    publish(served, TODAY + timedelta(days=3))
    mother = listening("m1")
    mother.beat()
    given = give_in_column(served)
    mother.beat()  # not to be known yet
    later = publish(served, None)
    heard = mother.next()["data"]["notifications"]
    assert (heard["position"], heard["text"]) == (given, "New grade: Matematyka – 1")
    mother.beat()
    again = listening("m1", after=later - 1)  # whoever was away when it was published hears it too
    assert again.next()["data"]["notifications"]["position"] == given
    publish(served, TODAY)  # it was known already
    again.beat()


def test_what_waits_for_a_day_comes_on_it(served: Served, clock: Clock, listening: Listen) -> None:
    publish(served, TODAY + timedelta(days=1))
    mother, other = listening("m1"), listening("p2")
    mother.beat()
    given = give_in_column(served)
    mother.beat()
    clock.now = NOW + timedelta(days=1)
    assert mother.next()["data"]["notifications"]["position"] == given
    mother.beat()
    other.beat()
