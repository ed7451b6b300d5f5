"""A card for lessons of several teachers over GraphQL: each sees, decides and applies own lessons, no others.

t-maths teaches its first and third lesson, t-art (homeroom teacher of the class) the second; t-other teaches
elsewhere, and takes lessons instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from starlette.testclient import TestClient

from dziennik.application.register import Accepted, Register
from dziennik.contracts import card_scans, people
from dziennik.contracts import cards as said
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.lessons import ArrangeSubstitution
from dziennik.graphql.app import create_app
from dziennik.omr.identity import identify
from dziennik.omr.layouts import Paper, lesson_card
from dziennik.scanning.applying import apply_card, conflict
from tests.graphql.conftest import NOW, OFFICE, TODAY, Follow, Served
from tests.graphql.test_cards import LINES, issued, png, send
from tests.omr.cards import mark

FORM = lesson_card(Paper.A4, 3)
SCAN, PHOTOCOPY = "a" * 64, "b" * 64
LESSONS = tuple(
    said.CardLesson(unit_id="4a", assignment_id=assignment, on=TODAY, period=period)
    for assignment, period in (("a-maths", 3), ("a-art", 4), ("a-maths", 5))
)
MARKED, UNSURE = said.CellFinding.MARKED, said.CellFinding.UNSURE
QUEUE = """query ($after: Int) { cardQueue(school: "sp1", classId: "4a", afterPosition: $after) {
  cardId scanId actingAs lessonsApplied conflict { code }
  lessons { number teacherId appliedBy actingAs writtenTopic notesPicture conflict { code } }
  fields { line field lesson name open } } }"""
WAITING = 'query { waitingCards(school: "sp1") { classId waiting } }'
OUTCOME = "{ ... on Accepted { facts } ... on Refusal { code field } }"
DECIDE = f"""mutation ($input: DecideFieldInput!, $as: Role) {{
  decideField(school: "sp1", input: $input, actingAs: $as) {OUTCOME} }}"""
TYPE = f"""mutation ($input: TranscribeTopicInput!) {{
  transcribeTopic(school: "sp1", input: $input) {OUTCOME} }}"""
APPLY = f"""mutation ($card: ID!, $scan: ID!, $lesson: Int, $as: Role) {{
  applyCard(school: "sp1", cardId: $card, scanId: $scan, lesson: $lesson, actingAs: $as) {OUTCOME} }}"""


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(served.system)) as found:
        yield found


def given(served: Served, *commands: Command) -> None:
    for command in commands:
        outcome = served.system.register("sp1").execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), (command, outcome)


def cell(field: str, line: int, value: str, finding: said.CellFinding = MARKED) -> said.FoundCell:
    return said.FoundCell(cell=0, line=line, field=field, value=value, finding=finding, ink=700)


def scan_of(card_id: str, scan_id: str = SCAN) -> card_scans.RecordScan:
    """All three rolls called; a doubt in each of the first two lessons."""
    cells = (
        *(cell(f"lesson-{number}", 0, "confirmed") for number in (1, 2, 3)),
        cell("presence-1", 1, "late", UNSURE),
        cell("presence-2", 2, "absent", UNSURE),
        cell("presence-3", 2, "late"),
    )
    return scan_with(card_id, scan_id, cells)


def scan_with(card_id: str, scan_id: str, cells: tuple[said.FoundCell, ...]) -> card_scans.RecordScan:
    """A scan of the card alone, on which these cells are not blank."""
    sheet = said.FoundSheet(page=1, card_id=card_id, corners=(0, 0, 9, 0, 9, 9, 0, 9), cells=cells)
    return card_scans.RecordScan(
        scan_id=scan_id, sha256=scan_id, media_type="image/png", size=7, sheets=(sheet,)
    )


def issued_for(served: Served, lessons: tuple[said.CardLesson, ...]) -> str:
    """The id of a card that was issued for these lessons."""
    identity = identify(served.system.card_key_of("sp1"), FORM.number, 7)
    new = said.NewCard(
        card_id=identity.card_id,
        layout=FORM.number,
        kind=said.CardKind.LESSONS,
        unit_id="4a",
        lines=LINES,
        lessons=lessons,
    )
    given(served, said.GrantStock(grant_id="g", count=1, basis="umowa"), said.IssueCards(cards=(new,)))
    return new.card_id


def day_card(served: Served) -> str:
    """The id of a card for three lessons that was scanned."""
    card_id = issued_for(served, LESSONS)
    given(served, scan_of(card_id))
    return card_id


def applied(served: Served, who: str, card: str, lesson: int | None = None, **more: str) -> dict[str, Any]:
    told: dict[str, Any] = served.data(APPLY, who, **{"card": card, "scan": SCAN, "lesson": lesson, **more})[
        "applyCard"
    ]
    return told


def decided(served: Served, who: str, card: str, place: tuple[int, str], *values: str, **more: str) -> Any:  # noqa: ANN401
    said_so = {"cardId": card, "scanId": SCAN, "line": place[0], "field": place[1], "values": list(values)}
    return served.data(DECIDE, who, input=said_so, **more)["decideField"]


def queue(served: Served, who: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.data(QUEUE, who)["cardQueue"]
    return found


def fields(sheet: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["lesson"], one["field"]) for one in sheet["fields"]]


def acting(sheet: dict[str, Any]) -> list[str | None]:
    return [one["actingAs"] for one in sheet["lessons"]]


OF_MATHS = [(1, "lesson-1"), (3, "lesson-3"), (1, "presence-1"), (3, "presence-3")]
OF_ART = [(2, "lesson-2"), (2, "presence-2")]
EVERYTHING = [(number, f"{kind}-{number}") for kind in ("lesson", "presence") for number in (1, 2, 3)]


def test_each_teacher_sees_own_lessons_of_a_card_and_how_far_the_others_are(
    served: Served, follow: Follow
) -> None:
    day_card(served)
    follow()
    (maths,), (art,), (director,), (office,) = (
        queue(served, who) for who in ("t-maths", "t-art", "dir", "adm")
    )
    assert sorted(fields(maths)) == sorted(OF_MATHS)
    assert sorted(fields(art)) == sorted(OF_ART)
    assert sorted(fields(director)) == sorted(fields(office)) == sorted(EVERYTHING)
    assert acting(maths) == ["TEACHER", None, "TEACHER"]
    assert acting(art) == [None, "TEACHER", None]
    assert acting(director) == ["DIRECTOR"] * 3
    assert acting(office) == [None] * 3
    assert [one["actingAs"] for one in (maths, art, director, office)] == [None, None, "DIRECTOR", None]
    assert [bool(one["notesPicture"]) for one in maths["lessons"]] == [True, False, True]
    assert [one["teacherId"] for one in art["lessons"]] == ["t-maths", "t-art", "t-maths"]
    undecided = {"code": "CARDS.UNDECIDED_FIELDS"}
    assert [one["conflict"] for one in maths["lessons"]] == [undecided, None, None]
    assert [one["conflict"] for one in art["lessons"]] == [None, undecided, None]
    assert (maths["conflict"], director["conflict"]) == (None, undecided)


def test_nobody_decides_types_or_applies_anothers_lesson(served: Served, follow: Follow) -> None:
    card = day_card(served)
    given(served, ArrangeSubstitution(
        unit_id="4a", assignment_id="a-art", on=TODAY, period=4, teacher_id="t-other", reason="choroba"
    ))  # fmt: skip
    follow()
    head = served.head()
    theirs = {"code": "CARDS.NOT_YOUR_LESSON_ON_CARD", "field": "lesson"}
    nothing = {"code": "CARDS.NOT_YOUR_CARD", "field": "cardId"}
    topic = {"cardId": card, "scanId": SCAN, "lesson": 2, "topic": "Kubizm"}
    assert applied(served, "t-maths", card, 2) == theirs
    assert applied(served, "t-maths", card) == theirs
    assert served.data(TYPE, "t-maths", input=topic)["transcribeTopic"] == theirs
    assert decided(served, "t-maths", card, (2, "presence-2")) == {**theirs, "field": "field"}
    # The art teacher is away: the lesson is the substitute's, and she sees of her class's card only how far it is.
    assert applied(served, "t-art", card, 2) == nothing
    assert decided(served, "t-art", card, (2, "presence-2")) == nothing
    (art,) = queue(served, "t-art")
    assert (fields(art), acting(art)) == ([], [None] * 3)
    for who in ("adm", "p1", "m1", "aud"):
        assert served.code(APPLY, who, card=card, scan=SCAN, lesson=2) == "ACCESS.DENIED"
    assert served.head() == head


def test_a_substitute_from_elsewhere_decides_the_one_lesson_and_sees_nothing_else_of_the_class(
    served: Served, follow: Follow
) -> None:
    assert served.code(QUEUE, "t-other") == "ACCESS.DENIED"
    card = day_card(served)
    given(served, ArrangeSubstitution(
        unit_id="4a", assignment_id="a-art", on=TODAY, period=4, teacher_id="t-other", reason="choroba"
    ))  # fmt: skip
    follow()
    assert served.data(WAITING, "t-other")["waitingCards"] == [{"classId": "4a", "waiting": 1}]
    (sheet,) = queue(served, "t-other")
    assert (sorted(fields(sheet)), acting(sheet)) == (sorted(OF_ART), [None, "TEACHER", None])
    assert [one["name"] for one in sheet["fields"] if one["line"] == 2] == ["Ćwik Adam"]
    assert decided(served, "t-other", card, (2, "presence-2"), "absent") == {"facts": 1}
    # CardLessonApplied, LessonHeld, RollCalled, AbsenceRecorded
    assert applied(served, "t-other", card, 2) == {"facts": 4}
    follow()
    assert queue(served, "t-other") == []
    assert served.data(WAITING, "t-other")["waitingCards"] == []
    assert (
        served.code('query { classPupils(school: "sp1", classId: "4a") { pupilId } }', "t-other") is not None
    )


def test_lessons_become_entries_one_by_one_and_the_director_applies_the_rest(
    served: Served, follow: Follow
) -> None:
    card = day_card(served)
    assert decided(served, "t-maths", card, (1, "presence-1"), "late") == {"facts": 1}
    head = served.head()
    assert applied(served, "t-maths", card, 1) == {"facts": 4}
    assert applied(served, "t-maths", card, 1) == applied(served, "dir", card, 1) == {"facts": 0}
    written = served.system.register("sp1").journal.read(head)
    assert [type(one.fact).__name__ for one in written] == [
        "CardLessonApplied",
        "LessonHeld",
        "RollCalled",
        "LatenessRecorded",
    ]
    assert {one.origin.actor.channel for one in written} == {Channel.CARD}
    assert {(one.origin.causation_id, one.origin.correlation_id) for one in written} == {(SCAN, card)}
    assert len({one.origin.command_id for one in written}) == 1
    follow()
    (maths,), (director,) = queue(served, "t-maths"), queue(served, "dir")
    assert (maths["lessonsApplied"], director["lessonsApplied"]) == (1, 1)
    assert [one["appliedBy"] for one in director["lessons"]] == ["t-maths", None, None]
    assert acting(director) == [None, "DIRECTOR", "DIRECTOR"]
    late = decided(served, "t-maths", card, (1, "presence-1"))
    assert late == {"code": "CARDS.LESSON_WAS_APPLIED", "field": "field"}
    assert applied(served, "dir", card) == {"code": "CARDS.UNDECIDED_FIELDS", "field": "cardId"}
    assert decided(served, "dir", card, (2, "presence-2")) == {"facts": 1}
    # CardApplied; LessonHeld and RollCalled of two lessons, a lateness
    assert applied(served, "dir", card) == {"facts": 6}
    follow()
    assert [queue(served, who) for who in ("dir", "t-maths", "t-art")] == [[], [], []]
    told = """query { classCards(school: "sp1", classId: "4a") { lessonsApplied
      lessonStates { number lessonId appliedBy } appliedSheet { fields { field } } } }"""
    ((whole),) = served.data(told, "dir")["classCards"]
    assert [one["appliedBy"] for one in whole["lessonStates"]] == ["t-maths", "dir", "dir"]
    assert whole["lessonStates"][1]["lessonId"] == "2025-10-06.04.a-art"
    assert (whole["lessonsApplied"], len(whole["appliedSheet"]["fields"])) == (3, 6)
    ((own),) = served.data(told, "t-maths")["classCards"]
    assert {one["field"][-1] for one in own["appliedSheet"]["fields"]} == {"1", "3"}
    ((homeroom),) = served.data(told, "t-art")["classCards"]
    assert len(homeroom["appliedSheet"]["fields"]) == 6  # entries of her class by now


def test_the_last_lesson_makes_the_card_whole_whoever_comes_last(served: Served, follow: Follow) -> None:
    card = day_card(served)
    decided(served, "t-maths", card, (1, "presence-1"))
    decided(served, "t-art", card, (2, "presence-2"))
    register = served.system.register("sp1")
    teachers = {
        number: Actor(account=served.accounts[who], role=Role.TEACHER, person=who)
        for number, who in ((1, "t-maths"), (2, "t-art"), (3, "t-maths"))
    }
    head = served.head()

    def enter(number: int) -> object:
        return apply_card(register, card, SCAN, actor=teachers[number], lesson=number)

    with ThreadPoolExecutor(6) as pool:  # all at once, each of them twice
        outcomes = list(pool.map(enter, (1, 2, 3, 1, 2, 3)))
    assert all(isinstance(one, Accepted) for one in outcomes), outcomes
    names = [type(one.fact).__name__ for one in register.journal.read(head)]
    assert (names.count("CardLessonApplied"), names.count("CardApplied")) == (3, 1)
    assert (names.count("LessonHeld"), names.count("RollCalled")) == (3, 3)
    follow()
    assert queue(served, "dir") == []


def test_what_another_process_did_meanwhile_is_known(served: Served) -> None:
    card = day_card(served)
    here, elsewhere = (Register(served.system.journals.school("sp1"), now=lambda: NOW) for _ in range(2))
    maths = Actor(account=served.accounts["t-maths"], role=Role.TEACHER, person="t-maths")
    for register in (here, elsewhere):
        undecided = conflict(register, card, SCAN, actor=maths, lesson=1)
        assert undecided is not None
        assert undecided.code == said.UNDECIDED_FIELDS.code
    late = said.DecideField(card_id=card, scan_id=SCAN, line=1, field="presence-1", values=("late",))
    assert isinstance(here.execute(late, actor=maths), Accepted)
    assert conflict(elsewhere, card, SCAN, actor=maths, lesson=1) is None
    once, again = (apply_card(one, card, SCAN, actor=maths, lesson=1) for one in (elsewhere, here))
    assert isinstance(once, Accepted)
    assert isinstance(again, Accepted)
    assert (once.facts, again.facts) == (4, 0)


def test_what_refuses_a_lesson_leaves_the_others_and_nothing_half_entered(
    served: Served, follow: Follow
) -> None:
    card = day_card(served)
    decided(served, "t-maths", card, (1, "presence-1"))
    by_hand = """mutation { holdLesson(school: "sp1", input: { unitId: "4a", assignmentId: "a-maths",
      on: "2025-10-06", period: 5 }) { ... on Accepted { facts } } }"""
    called = """mutation { callRoll(school: "sp1", input: { unitId: "4a", lessonId: "2025-10-06.05.a-maths",
      marks: [] }) { ... on Accepted { facts } } }"""
    served.data(by_hand, "t-maths")
    assert served.data(called, "t-maths")["callRoll"]["facts"] >= 1
    follow()
    head = served.head()
    (sheet,) = queue(served, "t-maths")
    assert [one["conflict"] and one["conflict"]["code"] for one in sheet["lessons"]] == [
        None,
        None,
        "ATTENDANCE.ROLL_ALREADY_CALLED",
    ]
    assert applied(served, "t-maths", card, 3)["code"] == "ATTENDANCE.ROLL_ALREADY_CALLED"
    assert served.head() == head
    assert applied(served, "t-maths", card, 1) == {"facts": 3}
    copy = scan_of(card, PHOTOCOPY)
    given(served, copy)
    aside = [
        one.fact
        for one in served.system.register("sp1").journal.read(head)
        if isinstance(one.fact, said.PageSetAside)
    ]
    assert [(one.scan_id, one.why) for one in aside] == [(PHOTOCOPY, "already_applied")]


def test_a_director_who_teaches_acts_as_what_the_lesson_asks_for(served: Served, follow: Follow) -> None:
    given(served, people.TakeRole(person_id="t-maths", role=Role.DIRECTOR, since=TODAY - timedelta(days=9)))
    card = day_card(served)
    follow()
    (sheet,) = queue(served, "t-maths")
    assert (acting(sheet), sheet["actingAs"]) == (["TEACHER", "DIRECTOR", "TEACHER"], "DIRECTOR")
    assert decided(served, "t-maths", card, (2, "presence-2"))["code"] == "CARDS.NOT_YOUR_LESSON_ON_CARD"
    assert decided(served, "t-maths", card, (2, "presence-2"), **{"as": "DIRECTOR"}) == {"facts": 1}
    assert applied(served, "t-maths", card, 2, **{"as": "DIRECTOR"}) == {"facts": 3}


def test_pictures_show_a_teacher_no_other_lessons_marks(
    client: TestClient, served: Served, follow: Follow
) -> None:
    _, grey = issued(served, FORM, 9, kind=said.CardKind.LESSONS, lessons=LESSONS)
    for number, value in ((1, "released"), (2, "late"), (3, "absent")):  # as near to each other as can be
        mark(grey, FORM, 0, "confirmed", field=f"lesson-{number}")
        mark(grey, FORM, 1, value, field=f"presence-{number}")
    send(client, served, "adm", png(grey))
    follow()
    asked = 'query { cardQueue(school: "sp1", classId: "4a") { fields { field linePicture picture } } }'

    def shown(who: str, field: str, kind: str = "linePicture") -> tuple[int, int, int]:
        """Height and width of the picture in pixels, 8 a mm, and how many marks are seen in it."""
        ((sheet),) = served.data(asked, who)["cardQueue"]
        one = next(each for each in sheet["fields"] if each["field"] == field)
        picture = cv2.imdecode(np.frombuffer(client.get(one[kind]).content, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        count, _, about, _ = cv2.connectedComponentsWithStats((picture < 100).astype(np.uint8))
        large = sum(int(about[at, cv2.CC_STAT_AREA]) > 400 for at in range(1, count))
        return picture.shape[0], picture.shape[1], large

    assert shown("t-art", "presence-2") == (80, 224, 1)  # three cells, and 5 mm around their middles
    assert shown("t-art", "presence-2", "picture") == (80, 80, 1)
    assert shown("t-maths", "presence-1") == (80, 224, 1)
    assert shown("dir", "presence-2")[:2] == (80, 1328)
    assert shown("dir", "presence-2")[2] >= 3
