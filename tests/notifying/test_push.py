"""From a fact to a browser: to which, when, what it says, and what becomes of browsers that are gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from msgspec.structs import replace

from dziennik.application.register import Accepted
from dziennik.contracts import behaviour_commands, notifications, streams
from dziennik.contracts.notifications import Delivery, KindPreference, NoticeKind, Preferences, SilentHours
from dziennik.domain.policies.delivery_times import BACK_OFF
from dziennik.notifying import push_service
from dziennik.notifying.notifier import Notifier
from dziennik.notifying.push_post import PushPost
from dziennik.notifying.push_service import PushFault
from dziennik.notifying.web_push import Vapid
from tests.graphql.conftest import TODAY
from tests.notifying.conftest import Post
from tests.notifying.push_server import HOST, Browser, PushServer, push_server
from tests.notifying.test_notifications import GRADE, said

BEHAVIOUR = behaviour_commands.WriteNote(
    note_id="n", class_id="4a", pupil_id="p1", category_id="praise", on=TODAY, text="Pomógł koledze."
)


@dataclass
class Pushing:
    """A school whose notices go to browsers by way of a service of this machine."""

    post: Post
    server: PushServer
    pushing: PushPost

    def deliver(self, after: timedelta = timedelta()) -> list[tuple[str, bytes, dict[str, str]]]:
        """Send what is due by then; what arrived now."""
        self.post.now += after
        before = len(self.server.got)
        while self.pushing.run_once():
            pass
        return self.server.got[before:]

    def browser(self, who: str, name: str) -> Browser:
        """A browser in which the person is told."""
        made = Browser(name)
        self.do(who, made.command())
        return made

    def do(self, who: str, command: Any) -> None:  # noqa: ANN401
        outcome = self.post.served.system.register("sp1").execute(command, actor=self.post.as_(who))
        assert isinstance(outcome, Accepted), outcome
        self.post.tell()

    def wants(self, who: str, how: Delivery = Delivery.AT_ONCE, **more: Any) -> None:  # noqa: ANN401
        kind = KindPreference(kind=NoticeKind.GRADE, by_mail=Delivery.NONE, by_push=how)
        chosen = Preferences(kinds=(kind,), **more)
        self.do(who, notifications.SetNotificationPreferences(preferences=chosen))

    def told_in(self, who: str) -> list[str]:
        asked = '{ myPushDevices(school: "sp1") { devices { deviceId service } } }'
        self.post.tell()
        found = self.post.served.data(asked, who)["myPushDevices"]["devices"]
        assert {each["service"] for each in found} <= {HOST}
        return [each["deviceId"] for each in found]


@pytest.fixture
def pushing(post: Post, tmp_path: Path) -> Iterator[Pushing]:
    system, models, notices = post.served.system, post.served.system.read_models, post.served.system.notices
    post.notifier = Notifier(
        system.journals, models, notices, list, sends=True, pushes=True, now=lambda: post.now
    )
    with push_server(tmp_path) as server:
        service = server.service(Vapid(bytes(32), "mailto:szkola@example.pl"))
        made = PushPost(notices, models, service, system._browser_gone, now=lambda: post.now)
        yield Pushing(post, server, made)


def test_each_browser_of_who_wants_it_is_told_once_and_no_other_can_read_it(pushing: Pushing) -> None:
    desk, phone = pushing.browser("m1", "desk"), pushing.browser("m1", "phone")
    pushing.browser("p1", "silent")  # never said what they want
    pushing.browser("p2", "other")
    pushing.wants("m1")
    pushing.wants("p2")
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    got = {path: body for path, body, _ in pushing.deliver()}
    assert set(got) == {"/p/desk", "/p/phone"}
    told = desk.opened(got["/p/desk"])
    assert (told["title"], told["text"]) == ("Dziennik", "Nowa ocena: Matematyka")  # which one is not said
    assert phone.opened(got["/p/phone"])["text"] == told["text"]
    with pytest.raises(InvalidTag):
        desk.opened(got["/p/phone"])
    assert b"Matematyka" not in got["/p/desk"]
    assert pushing.deliver(timedelta(days=3)) == []
    assert set(pushing.server.names) == {HOST}
    assert pushing.post.deliver() == []  # by e-mail nothing was wanted


def test_a_browser_is_added_and_wishes_are_said_as_the_page_does(pushing: Pushing) -> None:
    served, browser = pushing.post.served, Browser("desk")
    add = """mutation ($input: AddPushDeviceInput!) { addPushDevice(school: "sp1", input: $input) {
      ... on Accepted { id position } ... on Refusal { code field } } }"""
    done = served.data(add, "m1", input=browser.subscription())["addPushDevice"]
    assert pushing.told_in("m1") == [done["id"]]
    assert pushing.told_in("p1") == []
    inside = {**browser.subscription(), "endpoint": "https://10.0.0.1/"}
    refused = served.data(add, "m1", input=inside)["addPushDevice"]
    assert refused == {"code": "NOTIFICATIONS.ENDPOINT_UNSOUND", "field": "endpoint"}
    kinds = [{"kind": "GRADE", "byMail": "NONE", "byPush": "AT_ONCE"}]
    wishes = {"kinds": kinds, "gradeText": False, "quiet": None, "dailyAt": "17:00", "language": "PL"}
    choose = """mutation ($input: SetNotificationPreferencesInput!) {
      setNotificationPreferences(school: "sp1", input: $input) { ... on Accepted { position } } }"""
    served.data(choose, "m1", input={"preferences": wishes})
    pushing.post.tell()
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    ((_, body, _),) = pushing.deliver()
    assert browser.opened(body)["text"] == "Nowa ocena: Matematyka"


def test_a_grade_is_said_where_somebody_wants_it_said(pushing: Pushing) -> None:
    browser = pushing.browser("m1", "desk")
    pushing.wants("m1", grade_text=True, language=notifications.MailLanguage.EN)
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    said(pushing.post, BEHAVIOUR, pushing.post.as_("t-art"))
    ((_, body, _),) = pushing.deliver()
    told = browser.opened(body)
    assert (told["title"], told["text"], told["language"]) == ("Register", "New grade: Matematyka – 5", "en")


def test_quiet_hours_and_the_word_of_the_day_hold_for_browsers_too(pushing: Pushing) -> None:
    browser = pushing.browser("m1", "desk")
    pushing.wants("m1", quiet=SilentHours(starts="00:00", ends="23:59"))
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    assert pushing.deliver() == []
    pushing.wants("m1", Delivery.DAILY)
    second = replace(GRADE, grade_id="second")
    said(pushing.post, second, pushing.post.as_("t-maths"))
    assert pushing.deliver() == []
    ((_, body, _),) = pushing.deliver(timedelta(days=1))
    told = browser.opened(body)
    # What was to go at once is wanted so no more.
    assert (told["title"], told["text"]) == ("Dziennik: podsumowanie dnia", "Nowa ocena: Matematyka")


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_taken_off_as_a_fact(pushing: Pushing, status: int) -> None:
    pushing.browser("m1", "desk")
    pushing.browser("m1", "phone")
    pushing.wants("m1")
    pushing.server.answers["/p/desk"] = (status, {})
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    assert [path for path, _, _ in pushing.deliver()] == ["/p/phone"]
    assert pushing.told_in("m1") == ["phone"]
    journal = pushing.post.served.system.journals.school("sp1")
    last = journal.load(streams.push_devices("m1"))[-1]
    gone = notifications.DeviceEnd.GONE
    assert last.fact == notifications.PushDeviceRemoved(person_id="m1", device_id="desk", why=gone)
    assert pushing.post.served.system.outbox.health(pushing.post.now).dead == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_when_it_says(pushing: Pushing, status: int) -> None:
    pushing.browser("m1", "desk")
    pushing.browser("m1", "phone")
    pushing.wants("m1")
    pushing.server.answers["/p/desk"] = (status, {"Retry-After": "3600"})
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    assert [path for path, _, _ in pushing.deliver()] == ["/p/phone"]
    del pushing.server.answers["/p/desk"]
    assert pushing.deliver(BACK_OFF[0] + timedelta(minutes=1)) == []
    assert [path for path, _, _ in pushing.deliver(timedelta(hours=1))] == ["/p/desk"]  # the other not again
    assert pushing.told_in("m1") == ["desk", "phone"]


@pytest.mark.parametrize("status", [301, 400, 403, 413])
def test_what_is_refused_for_good_is_seen_in_health(pushing: Pushing, status: int) -> None:
    """A redirect leads nowhere: it could lead into the own network."""
    pushing.browser("m1", "desk")
    pushing.wants("m1")
    pushing.server.answers["/p/desk"] = (status, {"Location": "https://127.0.0.1/"})
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    assert pushing.deliver() == []
    outbox = pushing.post.served.system.outbox
    assert outbox.health(pushing.post.now).dead == 1
    assert outbox.dead_letters() == [("sp1", "m1", f"HTTP {status}")]


def test_a_browser_taken_away_gets_nothing_that_waits(pushing: Pushing) -> None:
    pushing.browser("m1", "desk")
    pushing.wants("m1")
    said(pushing.post, GRADE, pushing.post.as_("t-maths"))
    pushing.do("m1", notifications.RemovePushDevice(device_id="desk"))
    assert pushing.deliver() == []


def _leading_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[object]:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    dialled: list[object] = []

    def dial(address: object, timeout: float) -> None:
        dialled.append(address)
        raise TimeoutError(timeout)

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", dial)
    return dialled


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "::1", "fe80::1%eth0"]
)
def test_a_name_that_leads_into_the_own_network_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    dialled = _leading_to(monkeypatch, "8.8.8.8", address)
    with pytest.raises(PushFault, match="public") as fault:
        push_service.to_the_open(HOST)
    assert (dialled, fault.value.again, fault.value.gone) == ([], False, False)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    dialled = _leading_to(monkeypatch, "8.8.8.8")
    with pytest.raises(TimeoutError):
        push_service.to_the_open(HOST)
    assert dialled == [("8.8.8.8", 443)]
