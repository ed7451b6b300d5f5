"""Cards over HTTP and GraphQL: a scan comes in, is decided and applied, and becomes attendance and grades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from dziennik.app import System
from dziennik.application.register import Accepted, Register
from dziennik.attachments.scans import Scans
from dziennik.contracts import cards as said
from dziennik.contracts.envelope import Channel
from dziennik.graphql.app import create_app
from dziennik.omr.identity import Identity, identify
from dziennik.omr.layouts import Paper, grade_card, lesson_card
from dziennik.omr.printed import Line, Printed
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import Sheet, SheetState, Why, told
from dziennik.omr.template import Template
from dziennik.scanning import intake
from dziennik.scanning.ending import end_scans
from dziennik.scanning.pictures import Pictures
from tests.graphql.conftest import OFFICE, PASSWORD, TODAY, Follow, Served
from tests.omr.cards import Grey, drawn, mark

LESSON, GRADES = lesson_card(Paper.A4, 1), grade_card(Paper.A4)
LINES = (
    said.CardLine(line=1, number=1, pupil_id="p1", class_id="4a"),
    said.CardLine(line=2, number=2, pupil_id="p2", class_id="4a"),
)
QUEUE = """query ($after: Int) { cardQueue(school: "sp1", classId: "4a", afterPosition: $after) {
  cardId scanId page why conflict { code }
  fields { line pupilId field read unsure decided decidedBy picture linePicture } } }"""
DECIDE = """mutation ($input: DecideFieldInput!) {
  decideField(school: "sp1", input: $input) { ... on Accepted { position facts } ... on Refusal { code } } }"""
APPLY = """mutation ($card: ID!, $scan: ID!) {
  applyCard(school: "sp1", cardId: $card, scanId: $scan) {
    ... on Accepted { position facts } ... on Refusal { code field } } }"""


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def bearer(served: Served, who: str) -> dict[str, str]:
    session: Any = served.system.accounts.login(f"{who}.login", PASSWORD)
    return {"Authorization": f"Bearer {session.access_token}", "Accept-Language": "en"}


def issued(served: Served, form: Template, number: int, **more: Any) -> tuple[Identity, Grey]:  # noqa: ANN401
    """A card that the school issued, and its empty paper."""
    register = served.system.register("sp1")
    identity = identify(served.system.card_key_of("sp1"), form.number, number)
    new = said.NewCard(card_id=identity.card_id, layout=form.number, unit_id="4a", lines=LINES, **more)
    for command in (
        said.GrantStock(grant_id=f"g{number}", count=1, basis="umowa"),
        said.IssueCards(cards=(new,)),
    ):
        outcome = register.execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), outcome
    card = Printed(
        identity=identity,
        template=form,
        kind="",
        title="4a",
        subtitle="",
        headings=("",),
        control="",
        lines=(Line(1, "Źrebiec", "Łucja"), Line(2, "Ćwik", "Adam")),
    )
    return identity, drawn(print_cards([card]))


def a_lesson(
    served: Served, period: int = 3, topics: tuple[str, ...] = ("Ułamki", "Procenty")
) -> tuple[Identity, Grey]:
    lesson = said.CardLesson(unit_id="4a", assignment_id="a-maths", on=TODAY, period=period, topics=topics)
    return issued(served, LESSON, 100 + period, kind=said.CardKind.LESSONS, lessons=(lesson,))


def png(grey: Grey) -> bytes:
    done, packed = cv2.imencode(".png", grey)
    assert done
    return packed.tobytes()


def send(client: TestClient, served: Served, who: str, content: bytes) -> Any:  # noqa: ANN401
    return client.post("/scans?school=sp1", content=content, headers=bearer(served, who))


def test_a_scanned_lesson_becomes_attendance(client: TestClient, served: Served, follow: Follow) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 0, "topic-2")
    mark(grey, LESSON, 1, "late")
    mark(grey, LESSON, 2, "absent")
    mark(grey, LESSON, 2, "released")
    sent = send(client, served, "adm", png(grey))
    assert sent.status_code == 201
    assert [(one["card"], one["state"], one["unsure"]) for one in sent.json()["sheets"]] == [
        (identity.card_id, "review", 2)
    ]
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths", after=sent.json()["position"])["cardQueue"]
    assert (sheet["cardId"], sheet["why"], sheet["conflict"]["code"]) == (
        identity.card_id,
        "two_marks",
        "CARDS.UNDECIDED_FIELDS",
    )
    asked = [field for field in sheet["fields"] if field["unsure"]]
    assert [(field["line"], field["pupilId"], field["read"]) for field in asked] == [
        (2, "p2", ["absent", "released"])
    ]
    card, scan = sheet["cardId"], sheet["scanId"]
    early = served.data(APPLY, "t-maths", card=card, scan=scan)["applyCard"]
    assert early == {"code": "CARDS.UNDECIDED_FIELDS", "field": "cardId"}
    head = served.head()
    decision = {"cardId": card, "scanId": scan, "line": 2, "field": "presence-1", "values": ["absent"]}
    assert served.data(DECIDE, "t-maths", input=decision)["decideField"]["facts"] == 1
    # CardApplied, LessonHeld, LessonSigned, RollCalled, LatenessRecorded, AbsenceRecorded
    done = served.data(APPLY, "t-maths", card=card, scan=scan)["applyCard"]
    assert done == {"position": head + 7, "facts": 6}
    written = served.system.register("sp1").journal.read(head + 1)
    assert {one.origin.actor.channel for one in written} == {Channel.CARD}
    assert {(one.origin.causation_id, one.origin.correlation_id) for one in written} == {(scan, card)}
    assert [type(one.fact).__name__ for one in written] == [
        "CardApplied",
        "LessonHeld",
        "LessonSigned",
        "RollCalled",
        "LatenessRecorded",
        "AbsenceRecorded",
    ]
    assert served.data(APPLY, "t-maths", card=card, scan=scan)["applyCard"] == {
        "position": head + 7,
        "facts": 0,
    }
    follow()
    assert served.data(QUEUE, "t-maths")["cardQueue"] == []
    journal = """query { lessonJournal(school: "sp1", classId: "4a", from: "2025-10-06", to: "2025-10-06", first: 5) {
      edges { node { period topic state } } } }"""
    assert served.data(journal, "t-maths")["lessonJournal"]["edges"] == [
        {"node": {"period": 3, "topic": "Procenty", "state": "HELD"}}
    ]
    history = """query { attendanceHistory(school: "sp1", pupilId: "p1", lessonId: "2025-10-06.03.a-maths") {
      what channel cardId } }"""
    told = served.data(history, "t-maths")["attendanceHistory"]
    by_card = {"channel": "CARD", "cardId": card}
    assert told == [{"what": "roll_called", **by_card}, {"what": "lateness_recorded", **by_card}]
    seen = """query { pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", from: "2025-10-06",
      to: "2025-10-06") { marks { on period kind } } }"""
    assert served.data(seen, "m1")["pupilAttendance"]["marks"] == [
        {"on": "2025-10-06", "period": 3, "kind": "LATE"}
    ]


def test_the_same_scan_and_a_copy_change_nothing(client: TestClient, served: Served, follow: Follow) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    first = send(client, served, "adm", png(grey)).json()
    head = served.head()
    again = send(client, served, "t-maths", png(grey)).json()
    assert (again["scan"], again["position"], served.head()) == (first["scan"], head, head)
    card = first["sheets"][0]["card"]
    assert served.data(APPLY, "dir", card=card, scan=first["scan"])["applyCard"]["facts"] == 3
    copy = np.minimum(grey, 250)
    taken = send(client, served, "adm", png(copy)).json()
    (aside,) = [
        one.fact
        for one in served.system.register("sp1").journal.read(head)
        if isinstance(one.fact, said.PageSetAside)
    ]
    assert (aside.scan_id, aside.why, aside.card_id) == (taken["scan"], "already_applied", card)
    ((sheet),) = taken["sheets"]
    assert (sheet["state"], sheet["reason"]) == ("refused", "already_applied")
    assert sheet["message"].startswith("This card is in the register already")
    refused = served.data(APPLY, "dir", card=card, scan=taken["scan"])["applyCard"]
    assert refused["code"] == "CARDS.NO_SUCH_SHEET"


def test_a_file_whose_reading_was_stopped_is_read_when_it_comes_again(
    client: TestClient, served: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 1, "late")
    stopped = Sheet(file="", page=1, state=SheetState.REFUSED, why=Why.TOO_LONG)
    with monkeypatch.context() as busy:
        busy.setattr(intake, "read_files", lambda *_, **__: iter([stopped]))
        first = send(client, served, "adm", png(grey)).json()
    assert [one["reason"] for one in first["sheets"]] == ["too_long"]
    head = served.head()
    again = send(client, served, "adm", png(grey)).json()
    assert (again["scan"], again["position"]) == (first["scan"], head + 1)
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths")["cardQueue"]
    assert (sheet["cardId"], sheet["scanId"]) == (identity.card_id, first["scan"])
    assert client.get(sheet["fields"][0]["picture"]).status_code == 200
    assert send(client, served, "adm", png(grey)).json()["position"] == served.head() == head + 1


def test_what_was_entered_by_hand_since_stands_and_is_told(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = issued(
        served, GRADES, 7, kind=said.CardKind.GRADES, column_id="c1", assignment_id="a-maths"
    )
    mark(grey, GRADES, 0, "confirmed")
    mark(grey, GRADES, 1, "5")
    mark(grey, GRADES, 1, "-")
    mark(grey, GRADES, 2, "np")
    sent = send(client, served, "t-maths", png(grey)).json()
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths")["cardQueue"]
    assert sheet["conflict"] is None
    given = """mutation { giveGrade(school: "sp1", input: { unitId: "4a", classId: "4a", assignmentId: "a-maths",
      pupilId: "p2", value: "3", columnId: "c1" }) { ... on Accepted { facts } ... on Refusal { code } } }"""
    assert served.data(given, "t-maths")["giveGrade"] == {"facts": 1}
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths")["cardQueue"]
    assert sheet["conflict"]["code"].startswith("GRADES.")
    head = served.head()
    refused = served.data(APPLY, "t-maths", card=identity.card_id, scan=sent["scan"])["applyCard"]
    assert refused["code"] == sheet["conflict"]["code"]
    assert served.head() == head  # all of a card or nothing
    nothing = {"cardId": identity.card_id, "scanId": sent["scan"], "line": 2, "field": "mark", "values": []}
    assert served.data(DECIDE, "t-maths", input=nothing)["decideField"]["facts"] == 1
    # CardApplied and one grade
    assert served.data(APPLY, "t-maths", card=identity.card_id, scan=sent["scan"])["applyCard"]["facts"] == 2
    follow()
    book = """query { pupilGrades(school: "sp1", pupilId: "p1") { subjectId grades { value columnId } } }"""
    maths = next(one for one in served.data(book, "m1")["pupilGrades"] if one["subjectId"] == "maths")
    assert {"value": "5-", "columnId": "c1"} in maths["grades"]


def test_grades_that_no_teacher_confirmed_are_not_entered(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = issued(
        served, GRADES, 7, kind=said.CardKind.GRADES, column_id="c1", assignment_id="a-maths"
    )
    mark(grey, GRADES, 1, "5")
    scan = send(client, served, "adm", png(grey)).json()["scan"]
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths")["cardQueue"]
    assert sheet["conflict"]["code"] == "CARDS.UNDECIDED_FIELDS"
    assert [(field["line"], field["field"], field["read"]) for field in sheet["fields"]] == [
        (0, "control", []),
        (1, "mark", ["5"]),
    ]
    no = {"cardId": identity.card_id, "scanId": scan, "line": 0, "field": "control", "values": []}
    assert served.data(DECIDE, "t-maths", input=no)["decideField"]["facts"] == 1
    # CardApplied alone
    assert served.data(APPLY, "t-maths", card=identity.card_id, scan=scan)["applyCard"]["facts"] == 1


def test_pictures_are_shown_by_addresses_that_end(client: TestClient, served: Served, follow: Follow) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 1, "late")
    send(client, served, "adm", png(grey))
    follow()
    ((sheet),) = served.data(QUEUE, "t-maths")["cardQueue"]
    late = next(field for field in sheet["fields"] if field["field"] == "presence-1")
    cell, line = client.get(late["picture"]), client.get(late["linePicture"])
    assert (cell.status_code, cell.headers["content-type"], cell.headers["cache-control"]) == (
        200,
        "image/png",
        "no-store",
    )
    shown = cv2.imdecode(np.frombuffer(cell.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown is not None
    assert shown.shape == (80, 80)  # 10 x 10 mm at 8 px a mm, with the mark in the middle
    assert shown[36:44, 36:44].mean() < 80
    assert shown[:6].mean() > 200
    wide = cv2.imdecode(np.frombuffer(line.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert wide is not None
    assert wide.shape == (80, 1328)
    assert client.get("/scans/pictures/none").status_code == 404
    served.system.journals.school("sp1").keys.destroy(f"scan/{sheet['scanId']}")
    served.system.pictures._made.clear()
    assert client.get(late["picture"]).status_code == 404


def test_a_spoilt_card_that_is_scanned_is_told_as_such(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    spoil = """mutation ($card: ID!) { spoilCards(school: "sp1", input: { cardIds: [$card], reason: "zacięcie" }) {
      ... on Accepted { facts } ... on Refusal { code } } }"""
    assert served.data(spoil, "adm", card=identity.card_id)["spoilCards"] == {"facts": 1}
    ((sheet),) = send(client, served, "adm", png(grey)).json()["sheets"]
    assert (sheet["state"], sheet["reason"]) == ("refused", "spoilt")
    assert "spoilt in printing" in sheet["message"]
    follow()
    assert served.data(QUEUE, "dir")["cardQueue"] == []
    issued = 'query { classCards(school: "sp1", classId: "4a") { id spoilt voided } }'
    told = [{"id": identity.card_id, "spoilt": "zacięcie", "voided": None}]
    assert served.data(issued, "dir")["classCards"] == told


SCANS = """query { cardScans(school: "sp1") { id receivedBy waiting
  aside { page why message cardId picture } } }"""
OF_SCAN = """query ($scan: ID!) { scanQueue(school: "sp1", scanId: $scan) {
  cardId page alsoIn { scanId page sameMarks } } }"""


def a_pile(*pages: Grey) -> bytes:
    """A PDF of these pages."""
    pile, (first, *others) = BytesIO(), [Image.fromarray(page) for page in pages]
    first.save(pile, "PDF", resolution=200, save_all=True, append_images=others)
    return pile.getvalue()


def a_letter(grey: Grey) -> Grey:
    """A page of that size with something on it that is no card."""
    page = np.full_like(grey, 255)
    page[600:900, 300:500] = 30
    return page


def test_a_queue_is_kept_per_scan_with_the_pages_that_gave_no_card(
    client: TestClient, served: Served, follow: Follow
) -> None:
    (identity, grey), (other, second) = a_lesson(served), a_lesson(served, 4)
    mark(grey, LESSON, 0, "confirmed")
    first = send(client, served, "t-other", a_pile(grey, a_letter(grey))).json()
    assert [(one["page"], one["reason"], bool(one["picture"])) for one in first["sheets"]] == [
        (1, None, False),
        (2, "no_card", True),
    ]
    later = send(client, served, "adm", png(second)).json()["scan"]
    follow()
    office = {one["id"]: one for one in served.data(SCANS, "dir")["cardScans"]}
    assert {scan: (one["waiting"], len(one["aside"])) for scan, one in office.items()} == {
        first["scan"]: (1, 1),
        later: (1, 0),
    }
    ((aside),) = office[first["scan"]]["aside"]
    assert (aside["page"], aside["why"], aside["cardId"]) == (2, "no_card", None)
    assert aside["message"] == told(Why.NO_CARD, "en")
    shown = cv2.imdecode(np.frombuffer(client.get(aside["picture"]).content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown is not None
    assert (max(shown.shape), shown[1:20].min() > 240, shown.min() < 60) == (360, True, True)
    cards_of = [one["cardId"] for one in served.data(OF_SCAN, "dir", scan=first["scan"])["scanQueue"]]
    assert cards_of == [identity.card_id]
    assert [one["cardId"] for one in served.data(OF_SCAN, "t-maths", scan=later)["scanQueue"]] == [
        other.card_id
    ]


def test_pages_of_a_scan_are_shown_to_who_sent_it_and_to_who_sees_the_whole_school(
    client: TestClient, served: Served, follow: Follow
) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    scan = send(client, served, "t-other", a_pile(grey, a_letter(grey))).json()["scan"]
    follow()

    def told(who: str) -> list[tuple[str, int, int]]:
        return [
            (one["id"], one["waiting"], len(one["aside"])) for one in served.data(SCANS, who)["cardScans"]
        ]

    assert told("dir") == told("adm") == [(scan, 1, 1)]
    assert told("t-maths") == [(scan, 1, 0)]  # teaches the lesson
    assert told("t-other") == [(scan, 0, 1)]  # sent it, and has no lesson on it
    assert served.data(OF_SCAN, "t-other", scan=scan)["scanQueue"] == []
    for who in ("p1", "m1"):
        assert served.code(SCANS, who) == served.code(OF_SCAN, who, scan=scan) == "ACCESS.DENIED"


def test_of_a_file_without_any_card_no_picture_is_kept(
    client: TestClient, served: Served, follow: Follow
) -> None:
    ((sheet),) = send(client, served, "adm", png(a_letter(a_lesson(served)[1]))).json()["sheets"]
    assert (sheet["state"], sheet["picture"]) == ("refused", None)
    follow()
    ((scan),) = served.data(SCANS, "adm")["cardScans"]
    assert [(one["page"], one["picture"]) for one in scan["aside"]] == [(1, None)]


def test_a_photocopy_in_the_queue_says_so_on_both_scans(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 1, "late")
    marked_later = grey.copy()
    mark(marked_later, LESSON, 2, "absent")
    first, copy, other = (
        send(client, served, "adm", png(one)).json()["scan"]
        for one in (grey, np.minimum(grey, 250), marked_later)
    )
    follow()
    asked = 'query { cardQueue(school: "sp1", classId: "4a") { scanId alsoIn { scanId page sameMarks } } }'
    told = {
        one["scanId"]: {(also["scanId"], also["sameMarks"]) for also in one["alsoIn"]}
        for one in served.data(asked, "t-maths")["cardQueue"]
    }
    assert told == {
        first: {(copy, True), (other, False)},
        copy: {(first, True), (other, False)},
        other: {(first, False), (copy, False)},
    }
    applied = served.data(APPLY, "t-maths", card=identity.card_id, scan=first)["applyCard"]
    assert applied["facts"] == 4  # CardApplied, LessonHeld, RollCalled, LatenessRecorded
    follow()
    assert served.data(asked, "t-maths")["cardQueue"] == []


def test_each_cell_in_which_something_was_found_has_a_picture(
    client: TestClient, served: Served, follow: Follow
) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 2, "absent")
    mark(grey, LESSON, 2, "released")
    send(client, served, "adm", png(grey))
    follow()
    asked = """query { cardQueue(school: "sp1", classId: "4a") {
      fields { field picture cells { value finding picture } } } }"""
    roll, presence = served.data(asked, "t-maths")["cardQueue"][0]["fields"]
    assert (roll["field"], roll["cells"]) == ("lesson-1", [])
    found = [(one["value"], one["finding"]) for one in presence["cells"]]
    assert found == [("absent", "UNSURE"), ("released", "UNSURE")]
    pictures = [client.get(one["picture"]).content for one in presence["cells"]]
    assert len(set(pictures)) == 2
    assert client.get(presence["picture"]).content == pictures[0]
    assert client.get(roll["picture"]).status_code == 200


def test_who_decided_a_field_or_read_a_topic_is_told_with_the_time(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 2, "absent")
    scan = send(client, served, "adm", png(grey)).json()["scan"]
    place = {"cardId": identity.card_id, "scanId": scan}
    decision = {**place, "line": 2, "field": "presence-1", "values": ["late"]}
    assert served.data(DECIDE, "t-maths", input=decision)["decideField"]["facts"] == 1
    typed = """mutation ($input: TranscribeTopicInput!) { transcribeTopic(school: "sp1", input: $input) {
      ... on Accepted { facts } } }"""
    for topic in ("Zdania", ""):
        assert served.data(typed, "dir", input={**place, "lesson": 1, "topic": topic})["transcribeTopic"]
    follow()
    asked = """query { cardQueue(school: "sp1", classId: "4a") { fields { field line decidedBy decidedAt }
      lessons { writtenTopic writtenTopicBy writtenTopicAt } } }"""
    ((sheet),) = served.data(asked, "t-maths")["cardQueue"]
    when = "2025-10-06T09:00:00Z"
    assert [(one["line"], one["decidedBy"], one["decidedAt"]) for one in sheet["fields"]] == [
        (0, None, None),
        (2, "t-maths", when),
    ]
    assert sheet["lessons"] == [{"writtenTopic": None, "writtenTopicBy": "dir", "writtenTopicAt": when}]


def test_all_pages_of_an_upload_are_read(client: TestClient, served: Served) -> None:
    papers = [a_lesson(served, period) for period in (3, 4)]
    pile = BytesIO()
    first, second = (Image.fromarray(grey) for _, grey in papers)
    first.save(pile, "PDF", resolution=200, save_all=True, append_images=[second])
    told = send(client, served, "adm", pile.getvalue()).json()["sheets"]
    assert [(sheet["page"], sheet["card"]) for sheet in told] == [
        (page, identity.card_id) for page, (identity, _) in enumerate(papers, 1)
    ]


def test_who_may_send_scans(client: TestClient, served: Served) -> None:
    for who, status in (("adm", 201), ("t-other", 201), ("p1", 403), ("m1", 403), ("aud", 403)):
        assert send(client, served, who, b"no scan").status_code == status
    assert client.post("/scans?school=sp1", content=b"x").status_code == 401


def test_others_see_no_cards(client: TestClient, served: Served, follow: Follow) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    sent = send(client, served, "adm", png(grey)).json()
    follow()
    assert len(served.data(QUEUE, "dir")["cardQueue"]) == 1
    assert len(served.data(QUEUE, "t-art")["cardQueue"]) == 1  # homeroom teacher of 4a
    for who in ("t-other", "p1", "m1"):
        assert served.code(QUEUE, who) is not None
    card = sent["sheets"][0]["card"]
    odd = served.data(APPLY, "t-maths", card="a/b", scan=sent["scan"])["applyCard"]
    assert odd["code"] == "COMMAND.MALFORMED_ID"
    assert (
        served.data(APPLY, "t-art", card=card, scan=sent["scan"])["applyCard"]["code"]
        == "CARDS.NOT_YOUR_CARD"
    )
    stock = 'query { cardStock(school: "sp1") { granted printed spoilt voided scanned left } }'
    became = {"granted": 1, "printed": 1, "spoilt": 0, "voided": 0, "scanned": 1, "left": 0}
    assert served.data(stock, "adm")["cardStock"] == became
    cards = """query { classCards(school: "sp1", classId: "4a") {
      id kind lessons appliedAt appliedSheet { page fields { field } } } }"""
    assert served.data(APPLY, "dir", card=card, scan=sent["scan"])["applyCard"]["facts"] == 3
    follow()
    ((told),) = served.data(cards, "t-maths")["classCards"]
    assert (told["id"], told["kind"], told["lessons"]) == (card, "LESSONS", ["2025-10-06.03.a-maths"])
    assert told["appliedSheet"] == {"page": 1, "fields": [{"field": "lesson-1"}]}


def test_what_is_asked_comes_with_name_and_choices(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served)
    mark(grey, LESSON, 1, "late")  # nobody says that the roll was called
    send(client, served, "adm", png(grey))
    follow()
    asked = """query { cardQueue(school: "sp1", classId: "4a") { title lessons { number subject topics writtenTopic }
      fields { line field name read open choices } } }"""
    ((sheet),) = served.data(asked, "t-maths")["cardQueue"]
    assert (sheet["title"], sheet["lessons"]) == (
        "4a",
        [{"number": 1, "subject": "Matematyka", "topics": ["Ułamki", "Procenty"], "writtenTopic": None}],
    )
    assert [
        (one["line"], one["field"], one["read"], one["open"], one["choices"]) for one in sheet["fields"]
    ] == [
        (0, "lesson-1", [], True, ["confirmed"]),
        (1, "presence-1", ["late"], False, ["absent", "late", "released"]),
    ]
    assert [one["name"] for one in sheet["fields"]] == [None, "Źrebiec Łucja"]
    waiting = """query { waitingCards(school: "sp1") { classId name waiting } }"""
    for who in ("dir", "adm", "t-maths", "t-art"):
        assert served.data(waiting, who)["waitingCards"] == [{"classId": "4a", "name": "4a", "waiting": 1}]
    assert served.data(waiting, "t-other")["waitingCards"] == []
    assert served.code(waiting, "m1") == "ACCESS.DENIED"
    assert identity.card_id


def test_a_topic_written_by_hand_is_shown_typed_and_becomes_the_lessons(
    client: TestClient, served: Served, follow: Follow
) -> None:
    identity, grey = a_lesson(served, period=4)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 0, "topic-1")
    foot = round((LESSON.timing.bottom + 5) * 8), (110 * 8)
    grey[foot[0] : foot[0] + 24, foot[1] : foot[1] + 160] = 40
    sent = send(client, served, "adm", png(grey)).json()
    follow()
    asked = """query { cardQueue(school: "sp1", classId: "4a") { lessons { notesPicture writtenTopic } } }"""
    ((lesson),) = served.data(asked, "t-maths")["cardQueue"][0]["lessons"]
    picture = client.get(lesson["notesPicture"])
    shown = cv2.imdecode(np.frombuffer(picture.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown is not None
    assert shown.shape == (64, 1264)
    assert (shown < 100).sum() > 1000  # the notes, and what is written over them
    typed = """mutation ($input: TranscribeTopicInput!) { transcribeTopic(school: "sp1", input: $input) {
      ... on Accepted { facts } ... on Refusal { code } } }"""
    said_so = {"cardId": identity.card_id, "scanId": sent["scan"], "lesson": 1, "topic": "Zdania złożone"}
    assert served.data(typed, "t-maths", input=said_so)["transcribeTopic"] == {"facts": 1}
    done = served.data(APPLY, "t-maths", card=identity.card_id, scan=sent["scan"])["applyCard"]
    assert done["facts"] == 4  # CardApplied, LessonHeld, LessonSigned, RollCalled
    follow()
    journal = """query { lessonJournal(school: "sp1", classId: "4a", from: "2025-10-06", to: "2025-10-06", first: 9) {
      edges { node { period topic } } } }"""
    told = [edge["node"] for edge in served.data(journal, "t-maths")["lessonJournal"]["edges"]]
    assert {"period": 4, "topic": "Zdania złożone"} in told


def test_a_topic_that_is_not_printed_is_a_question_and_no_choice(
    client: TestClient, served: Served, follow: Follow
) -> None:
    """One topic is printed, and T2 is marked: it would say nothing."""
    identity, grey = a_lesson(served, period=5, topics=("Ułamki",))
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 0, "topic-2")
    sent = send(client, served, "adm", png(grey)).json()
    follow()
    asked = """query { cardQueue(school: "sp1", classId: "4a") { conflict { code }
      fields { line field lesson read unsure open choices } } }"""
    ((sheet),) = served.data(asked, "t-maths")["cardQueue"]
    assert sheet["conflict"] == {"code": "CARDS.UNDECIDED_FIELDS"}
    assert [one for one in sheet["fields"] if one["open"]] == [
        {
            "line": 0,
            "field": "topic-1",
            "lesson": 1,
            "read": ["topic-2"],
            "unsure": False,
            "open": True,
            "choices": ["topic-1"],
        }
    ]
    about = {"cardId": identity.card_id, "scanId": sent["scan"], "line": 0, "field": "topic-1"}
    for values, outcome in (
        (["topic-2"], {"code": "CARDS.TOPIC_NOT_PRINTED"}),
        (["topic-1"], {"facts": 1}),
    ):
        said_so = served.data(DECIDE, "t-maths", input={**about, "values": values})["decideField"]
        assert said_so == said_so | outcome
    done = served.data(APPLY, "t-maths", card=identity.card_id, scan=sent["scan"])["applyCard"]
    assert done["facts"] == 4  # CardApplied, LessonHeld, LessonSigned, RollCalled


def test_pictures_end_with_the_time_for_which_registers_are_kept(
    client: TestClient, served: Served, follow: Follow
) -> None:
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    scan = send(client, served, "adm", png(grey)).json()["scan"]
    follow()
    picture = served.data(QUEUE, "dir")["cardQueue"][0]["fields"][0]["linePicture"]
    assert client.get(picture).status_code == 200
    system = served.system

    def years_on(count: int) -> Later:
        return Later(system, datetime.now(UTC) + timedelta(days=366 * count))

    assert end_scans(years_on(5), "sp1") == 0
    assert client.get(picture).status_code == 200
    head = served.head()
    assert end_scans(years_on(8), "sp1") == 1
    assert end_scans(years_on(8), "sp1") == 0
    ((recorded),) = system.register("sp1").journal.read(head)
    assert isinstance(recorded.fact, said.ScanDestroyed)
    assert recorded.fact.scan_id == scan
    assert client.get(picture).status_code == 404
    send(client, served, "adm", png(grey))  # what was destroyed does not come back
    assert (served.head(), system.scans.read("sp1", scan)) == (head + 1, None)


@dataclass
class Later:
    """The system at another day."""

    system: System
    now: datetime

    @property
    def scans(self) -> Scans:
        return self.system.scans

    @property
    def pictures(self) -> Pictures:
        return self.system.pictures

    def schools(self) -> list[str]:
        return self.system.schools()

    def register(self, school_id: str) -> Register:
        return self.system.register(school_id, now=lambda: self.now)
