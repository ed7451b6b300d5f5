"""A card that nothing names over HTTP and GraphQL: its number is typed, its page read again, and it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from dziennik.contracts import cards as said
from dziennik.graphql.app import create_app
from tests.graphql.conftest import OFFICE, Follow, Served
from tests.graphql.test_cards import APPLY, LESSON, QUEUE, a_lesson, png, send
from tests.omr.cards import MM, Grey, mark

NAME = """mutation ($scan: ID!, $page: Int!, $card: ID!) {
  namePage(school: "sp1", scanId: $scan, page: $page, cardId: $card) {
    ... on Accepted { facts id } ... on Refusal { code message field } } }"""


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def nameless(grey: Grey, until: float = 150) -> Grey:
    """Without its QR code, and without its strip up to so many mm from the left."""
    grey[round(12 * MM) : round(33 * MM), round(31 * MM) : round(until * MM)] = 128
    return grey


def marked(grey: Grey) -> Grey:
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 1, "late")
    return grey


def typed(served: Served, scan: str, card: str, *, who: str = "adm", page: int = 1) -> Any:  # noqa: ANN401
    return served.data(NAME, who, scan=scan, page=page, card=card)["namePage"]


def test_a_card_that_nothing_names_is_read_as_the_one_whose_number_is_typed(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served)
    content = png(nameless(marked(grey)))
    sent = send(client, served, "t-other", content).json()
    ((sheet),) = sent["sheets"]
    assert (sheet["state"], sheet["reason"], sheet["card"]) == ("refused", "no_identity", None)
    head = served.head()
    as_written = identity.card_id.lower().replace("-", " ")
    assert typed(served, sent["scan"], as_written, who="t-other") == {"facts": 2, "id": identity.card_id}
    named, read = served.system.register("sp1").journal.read(head)
    assert named.fact == said.PageNamed(scan_id=sent["scan"], page=1, card_id=identity.card_id)
    assert isinstance(read.fact, said.SheetRead)
    assert {one.origin.actor.person for one in (named, read)} == {"t-other"}
    assert typed(served, sent["scan"], identity.card_id)["facts"] == 0
    follow()
    ((waiting),) = served.data(QUEUE, "t-maths")["cardQueue"]
    assert (waiting["cardId"], waiting["why"], waiting["conflict"]) == (identity.card_id, None, None)
    shown = client.get(waiting["fields"][0]["linePicture"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    # CardApplied, LessonHeld, RollCalled, LatenessRecorded
    done = served.data(APPLY, "t-maths", card=identity.card_id, scan=sent["scan"])["applyCard"]
    assert done["facts"] == 4
    ((again),) = send(client, served, "adm", content).json()["sheets"]
    assert (again["state"], again["card"], again["message"]) == (
        "read",
        identity.card_id,
        "A person typed the card's number.",
    )


def test_a_number_that_does_not_fit_the_page_is_refused_with_the_reason(
    client: TestClient, served: Served
) -> None:
    (mine, grey), (other, _) = a_lesson(served), a_lesson(served, 4)
    scan = send(client, served, "adm", png(nameless(marked(grey), until=110))).json()["scan"]
    head = served.head()
    refused = typed(served, scan, other.card_id)
    assert (refused["code"], refused["field"]) == ("CARDS.PAGE_IS_NOT_THIS_CARD", "cardId")
    assert refused["message"] == (
        "What is left of the card's strip does not agree with the number that was typed. Check which sheet"
        f" the number is from. So page 1 was not read as the card {other.card_id}."
    )
    for card, page, code in (
        (mine.card_id[:-1] + "#", 1, "CARDS.NOT_A_CARD_NUMBER"),
        ("0000-0000", 1, "CARDS.NO_SUCH_CARD"),
        (mine.card_id, 2, "CARDS.PAGE_NEEDS_NO_NUMBER"),
    ):
        assert typed(served, scan, card, page=page)["code"] == code
    for scan_id in ("a" * 64, "a/b"):
        assert typed(served, scan_id, mine.card_id)["code"] == "CARDS.NO_SUCH_SCAN"
    assert served.head() == head
    assert typed(served, scan, mine.card_id)["facts"] == 2


def test_a_page_whose_picture_is_gone_is_not_named(client: TestClient, served: Served) -> None:
    identity, grey = a_lesson(served)
    scan = send(client, served, "adm", png(nameless(grey))).json()["scan"]
    served.system.scans.destroy("sp1", scan)
    assert typed(served, scan, identity.card_id)["code"] == "CARDS.SCAN_IS_NOT_KEPT"


def test_a_page_that_waits_for_its_number_is_kept_and_others_without_a_card_are_not(
    client: TestClient, served: Served
) -> None:
    _, grey = a_lesson(served)
    kept = [
        served.system.scans.read("sp1", send(client, served, "adm", content).json()["scan"]) is not None
        for content in (png(nameless(grey)), png(np.full_like(grey, 255)), b"no scan")
    ]
    assert kept == [True, False, False]


def test_who_may_name_a_page(client: TestClient, served: Served) -> None:
    identity, grey = a_lesson(served)
    scan = send(client, served, "adm", png(nameless(grey))).json()["scan"]
    for who in ("p1", "m1", "aud"):
        assert served.code(NAME, who, scan=scan, page=1, card=identity.card_id) is not None
    assert typed(served, scan, identity.card_id, who="dir")["facts"] == 2


def test_a_card_voided_meanwhile_is_not_taken(client: TestClient, served: Served) -> None:
    identity, grey = a_lesson(served)
    scan = send(client, served, "adm", png(nameless(grey))).json()["scan"]
    void = said.VoidCard(card_id=identity.card_id, reason="zgubiona")
    served.system.register("sp1").execute(void, actor=OFFICE)
    assert typed(served, scan, identity.card_id)["code"] == "CARDS.CARD_IS_VOID"
