"""The notice board over GraphQL and as a feed: who sees what, who confirms, who has not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree

from dziennik.contracts.board import AnnouncementCorrected
from dziennik.contracts.people import EndParentalRights
from dziennik.graphql.app import create_app
from tests.graphql.conftest import OFFICE, Follow, Served
from tests.graphql.test_attachment_files import PNG, bearer

POST = """mutation ($input: PostAnnouncementInput!, $key: String) {
  postAnnouncement(school: "sp1", input: $input, idempotencyKey: $key) {
    ... on Accepted { id position } ... on Refusal { code field }
  }
}"""
CONFIRM = """mutation ($id: ID!) { confirmReading(school: "sp1", announcementId: $id) {
  ... on Accepted { facts } ... on Refusal { code } } }"""
MINE = """{ announcements(school: "sp1") { totalCount edges { node {
  id title text confirm confirmedAt audience { parts { unitName } roles } author { familyName } } } } }"""
READERS = """query ($id: ID!, $confirmed: Boolean) {
  announcementReaders(school: "sp1", announcementId: $id, confirmed: $confirmed) {
    addressed confirmed people { edges { node { person { personId } roles confirmedAt } } } } }"""
A = "{http://www.w3.org/2005/Atom}"


def post(served: Served, who: str, **given: object) -> str:
    """An announcement, to 4a unless said otherwise; its id."""
    wanted = {"title": "Zebranie", "text": "W czwartek", "until": "2025-10-31", "confirm": True} | given
    wanted.setdefault("audience", {"parts": [{"unitId": "4a"}]})
    done = served.data(POST, who, input=wanted)["postAnnouncement"]
    assert "id" in done, done
    served.system.follower.run_once("sp1")
    return str(done["id"])


def titles(served: Served, who: str) -> list[str]:
    edges = served.data(MINE, who)["announcements"]["edges"]
    return [edge["node"]["title"] for edge in edges]


def test_everybody_sees_what_is_addressed_to_them_today(served: Served) -> None:
    post(served, "t-art", title="Oddział")
    post(served, "dir", title="Szkoła", audience={})
    post(served, "dir", title="Rodzice", audience={"roles": ["PARENT"]})
    post(served, "adm", title="Rada", audience={"roles": ["TEACHER"]})
    post(served, "t-maths", title="Kiedyś", since="2025-10-20")
    seen = {who: titles(served, who) for who in ("p1", "p2", "p3", "m1", "f3", "t-maths", "t-other", "dir")}
    assert seen == {
        "p1": ["Szkoła", "Oddział"],
        "p2": ["Szkoła", "Oddział"],
        "p3": ["Szkoła"],
        "m1": ["Rodzice", "Szkoła", "Oddział"],
        "f3": ["Rodzice", "Szkoła"],  # a parent of nobody here any more
        "t-maths": ["Rada", "Szkoła", "Oddział"],
        "t-other": ["Rada", "Szkoła"],
        "dir": ["Szkoła"],
    }
    told = served.data(MINE, "p1")["announcements"]["edges"][1]["node"]
    assert told["audience"] == {"parts": [{"unitName": "4a"}], "roles": []}
    assert told["author"] == {"familyName": "T-Art"}
    history = '{ postedAnnouncements(school: "sp1") { edges { node { title } } } }'
    everything = ["Kiedyś", "Rada", "Rodzice", "Szkoła", "Oddział"]
    for who, expected in (("aud", everything), ("dir", everything), ("t-maths", ["Kiedyś"])):
        edges = served.data(history, who)["postedAnnouncements"]["edges"]
        assert [edge["node"]["title"] for edge in edges] == expected


def test_pages_go_back_from_the_latest(served: Served) -> None:
    for number in range(5):
        post(served, "t-art", title=str(number))
    page = """query ($after: String) { announcements(school: "sp1", first: 2, after: $after) {
      pageInfo { endCursor hasNextPage } edges { node { title } } } }"""
    seen, after = [], None
    while True:
        found = served.data(page, "p1", after=after)["announcements"]
        seen += [edge["node"]["title"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["4", "3", "2", "1", "0"]


def test_reading_is_confirmed_and_those_who_have_not_are_listed(served: Served, follow: Follow) -> None:
    announcement = post(served, "t-art")
    for who in ("m1", "p2"):
        assert served.data(CONFIRM, who, id=announcement)["confirmReading"] == {"facts": 1}
    assert served.data(CONFIRM, "m1", id=announcement)["confirmReading"] == {"facts": 0}
    follow()

    def people(confirmed: bool | None) -> dict[str, Any]:
        found = served.data(READERS, "t-art", id=announcement, confirmed=confirmed)["announcementReaders"]
        nodes = [edge["node"] for edge in found["people"]["edges"]]
        counts = (found["addressed"], found["confirmed"])
        return {"counts": counts, "who": {n["person"]["personId"]: n["roles"] for n in nodes}}

    assert people(confirmed=False) == {
        "counts": (5, 2),
        "who": {"p1": ["PUPIL"], "t-art": ["TEACHER"], "t-maths": ["TEACHER"]},
    }
    assert set(people(confirmed=True)["who"]) == {"m1", "p2"}
    assert served.data(MINE, "m1")["announcements"]["edges"][0]["node"]["confirmedAt"] is not None
    again = """mutation ($id: ID!) { correctAnnouncement(school: "sp1", input: {announcementId: $id,
      title: "Zebranie", text: "W piątek", until: "2025-10-31", reason: "zmiana", again: true}) {
      ... on Accepted { facts } } }"""
    served.data(again, "t-art", id=announcement)
    follow()
    assert people(confirmed=None)["counts"] == (5, 0)
    assert served.data(MINE, "m1")["announcements"]["edges"][0]["node"]["confirmedAt"] is None


@pytest.mark.parametrize("who", ["p3", "f3", "t-other", "dir"])
def test_who_is_not_addressed_learns_nothing(served: Served, who: str) -> None:
    announcement, head = post(served, "t-art"), served.head()
    assert titles(served, who) == []
    assert served.data(CONFIRM, who, id=announcement)["confirmReading"] == {
        "code": "BOARD.NO_SUCH_ANNOUNCEMENT"
    }
    assert served.code(CONFIRM, "aud", id=announcement) == "ACCESS.DENIED"
    assert served.head() == head


def test_the_list_of_readers_is_for_the_author_and_the_office(served: Served) -> None:
    announcement = post(served, "t-art")
    allowed = {who for who in ("dir", "adm", "aud", "t-art", "t-maths", "p1", "m1")
               if served.code(READERS, who, id=announcement) is None}  # fmt: skip
    assert allowed == {"dir", "adm", "aud", "t-art"}
    assert served.data(READERS, "dir", id="nothing")["announcementReaders"] is None


def test_a_right_that_ended_takes_the_announcement_away(served: Served, follow: Follow) -> None:
    announcement = post(served, "t-art")
    assert titles(served, "m1") == ["Zebranie"]
    end = EndParentalRights(pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 2/25")
    served.system.register("sp1").execute(end, actor=OFFICE)
    follow()
    assert titles(served, "m1") == []
    assert served.data(CONFIRM, "m1", id=announcement)["confirmReading"] == {
        "code": "BOARD.NO_SUCH_ANNOUNCEMENT"
    }


def test_posting_twice_with_one_key_posts_once(served: Served, follow: Follow) -> None:
    wanted = {"title": "Raz", "text": "x", "until": "2025-10-31", "audience": {"parts": [{"unitId": "4a"}]}}
    first, second = (served.data(POST, "t-art", input=wanted, key="k") for _ in range(2))
    assert first == second
    follow()
    assert titles(served, "p1") == ["Raz"]


def feed(served: Served, who: str, person: str) -> dict[str, Any]:
    made = """mutation ($id: ID!) { createCalendarFeed(school: "sp1", kind: BOARD, targetId: $id) {
      ... on IssuedFeed { id address } ... on Refusal { code } } }"""
    found: dict[str, Any] = served.data(made, who, id=person)["createCalendarFeed"]
    return found


def test_the_board_as_an_atom_feed(served: Served, follow: Follow) -> None:
    post(served, "t-art", title="Pilne & <ważne>", important=True, text="a < b\n„c”")
    post(served, "dir", title="Nie dla rodziców", audience={"roles": ["TEACHER"]})
    address = feed(served, "m1", "m1")["address"]
    assert feed(served, "m1", "p1") == {"code": "CALENDAR.NOT_YOUR_FEED"}
    client = TestClient(create_app(served.system))
    first = client.get(address)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    tree = etree.fromstring(first.content)
    assert tree.tag == f"{A}feed"
    assert {child.tag for child in tree} >= {f"{A}{n}" for n in ("id", "title", "updated", "author", "entry")}
    (entry,) = tree.findall(f"{A}entry")
    assert entry.findtext(f"{A}title") == "Pilne & <ważne>"
    assert entry.findtext(f"{A}content") == "a < b\n„c”"
    assert entry.find(f"{A}category").get("term") == "important"  # type: ignore[union-attr]
    known = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    assert client.get(address).content == first.content
    calendar = address.replace("/board/", "/calendar/").replace(".atom", ".ics")
    assert client.get(calendar).status_code == 404
    assert client.get("/board/guessed.atom").status_code == 404
    end = EndParentalRights(pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 2/25")
    served.system.register("sp1").execute(end, actor=OFFICE)
    follow()
    assert etree.fromstring(client.get(address).content).findall(f"{A}entry") == []


def test_a_revoked_feed_shows_nothing(served: Served) -> None:
    made = feed(served, "p1", "p1")
    client = TestClient(create_app(served.system))
    assert client.get(made["address"]).status_code == 200
    revoke = """mutation ($id: ID!) { revokeCalendarFeed(school: "sp1", input: {feedId: $id}) {
      ... on Accepted { facts } } }"""
    assert served.data(revoke, "p1", id=made["id"])["revokeCalendarFeed"] == {"facts": 1}
    assert client.get(made["address"]).status_code == 404


def test_a_correction_keeps_the_authors_key_whoever_makes_it(served: Served) -> None:
    announcement = post(served, "t-art")
    correct = """mutation ($id: ID!) { correctAnnouncement(school: "sp1", input: {announcementId: $id,
      title: "Inny", text: "x", until: "2025-10-31", reason: "zmiana"}) { ... on Accepted { facts } } }"""
    served.data(correct, "adm", id=announcement)
    last = served.system.register("sp1").journal.load(f"board/{announcement}")[-1]
    assert isinstance(last.fact, AnnouncementCorrected)
    assert (last.fact.author_id, last.origin.actor.person) == ("t-art", "adm")


def test_files_come_with_an_announcement(served: Served) -> None:
    client = TestClient(create_app(served.system))

    def upload(who: str, person: str) -> Any:  # noqa: ANN401
        place = f"/attachments?school=sp1&person={person}&for=announcement"
        return client.post(place, content=PNG, headers=bearer(served, who))

    assert upload("m1", "m1").status_code == 403
    assert upload("t-art", "t-maths").status_code == 403
    sent = upload("t-art", "t-art").json()
    assert served.data(POST, "t-maths", input={
        "title": "x", "text": "x", "until": "2025-10-31", "audience": {"parts": [{"unitId": "4a"}]},
        "attachments": [sent],
    })["postAnnouncement"]["code"] == "ATTACHMENTS.NO_SUCH_UPLOAD"  # fmt: skip
    announcement = post(served, "t-art", attachments=[sent])
    query = """query ($id: ID!, $file: ID!) { announcementAttachmentLink(
      school: "sp1", announcementId: $id, attachmentId: $file) { address } }"""
    link = {
        who: served.data(query, who, id=announcement, file=sent["attachmentId"])["announcementAttachmentLink"]
        for who in ("m1", "p3", "t-other", "t-art", "dir")
    }
    assert {who for who, found in link.items() if found} == {"m1", "t-art", "dir"}
    assert client.get(link["m1"]["address"]).content == PNG
