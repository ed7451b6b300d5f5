"""Cards are printed in the browser: by whoever will enter what they say, from the stock, once; and fetched again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pypdfium2 import PdfDocument
from starlette.testclient import TestClient

from dziennik.application.register import Accepted
from dziennik.contracts import cards as said
from dziennik.contracts import classes, registers
from dziennik.contracts.commands import Command
from dziennik.contracts.lessons import ArrangeSubstitution
from dziennik.contracts.values import TimetableSlot
from dziennik.graphql.app import create_app
from dziennik.scanning import issuing
from tests.graphql.conftest import BEGIN, OFFICE, TODAY, Follow, Served
from tests.graphql.test_cards import send

PRINT = """mutation ($input: PrintCardsInput!, $key: String) {
  printCards(school: "sp1", input: $input, idempotencyKey: $key) {
    ... on PrintedCards { position facts repeated cards address lasts unprintable { card } }
    ... on Refusal { code field } } }"""
STOCK = 'query { cardStock(school: "sp1") { printed left } }'
AGAIN = """query { cardPrintings(school: "sp1", classId: "4a") { issuedAt issuedBy title cards address } }"""
PLACES = 'query { cardPlaces(school: "sp1") { classId name } }'
COLUMNS = 'query { cardColumns(school: "sp1", classId: "4a") { id subject title on } }'
DAY = {"classId": "4a", "on": TODAY.isoformat()}
COLUMN = {"classId": "4a", "columnId": "c1"}


@pytest.fixture
def client(stocked: Served) -> Iterator[TestClient]:
    with TestClient(create_app(stocked.system)) as found:
        yield found


def given(served: Served, *commands: Command) -> None:
    for command in commands:
        outcome = served.system.register("sp1").execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), (command, outcome)


@pytest.fixture
def stocked(served: Served, follow: Follow) -> Served:
    """Ten cards; on Mondays 4a has mathematics at 2 and 3 and art at 4."""
    hours = ((2, "a-maths"), (3, "a-maths"), (4, "a-art"))
    slots = tuple(TimetableSlot(weekday=1, period=hour, assignment_id=which) for hour, which in hours)
    given(
        served,
        said.GrantStock(grant_id="g", count=10, basis="umowa"),
        classes.SetTimetable(unit_id="4a", valid_from=BEGIN, slots=slots),
    )
    follow()
    return served


def printed(served: Served, who: str, asked: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = served.data(PRINT, who, input=asked, key=key)["printCards"]
    return told


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in PdfDocument(content))


def lessons_of(served: Served, card_id: str) -> list[int]:
    """The hours of a card that was issued."""
    (issued,) = [
        one.fact
        for one in served.system.register("sp1").journal.read(1)
        if isinstance(one.fact, said.CardIssued) and one.fact.card_id == card_id
    ]
    return [lesson.period for lesson in issued.lessons]


def test_a_teacher_prints_own_lessons_and_fetches_them_by_an_address(
    client: TestClient, stocked: Served
) -> None:
    told = printed(stocked, "t-maths", DAY)
    assert (told["facts"], told["repeated"], told["lasts"], told["unprintable"]) == (2, False, 600, [])
    ((card),) = told["cards"]
    assert lessons_of(stocked, card) == [2, 3]
    answer = client.get(told["address"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    text = text_of(answer.content)
    assert card in text
    assert "Matematyka" in text
    assert "Plastyka" not in text
    stock = stocked.data(STOCK, "dir")["cardStock"]
    assert stock == {"printed": 1, "left": 9}
    assert client.get("/cards/papers/none").status_code == 404


def test_the_director_and_the_homeroom_teacher_print_all_lessons_of_the_class(stocked: Served) -> None:
    for who in ("dir", "adm", "t-art"):
        ((card),) = printed(stocked, who, DAY)["cards"]
        assert lessons_of(stocked, card) == [2, 3, 4]
    week = printed(stocked, "dir", {**DAY, "on": (TODAY - timedelta(days=6)).isoformat(), "days": 14})
    assert len(week["cards"]) == 2  # two Mondays


def test_a_substitute_prints_the_lesson_taken_and_its_teacher_does_not(
    stocked: Served, follow: Follow
) -> None:
    given(stocked, ArrangeSubstitution(
        unit_id="4a", assignment_id="a-maths", on=TODAY, period=3, teacher_id="t-other", reason="choroba"
    ))  # fmt: skip
    follow()
    ((taken),) = printed(stocked, "t-other", DAY)["cards"]
    ((left),) = printed(stocked, "t-maths", DAY)["cards"]
    assert (lessons_of(stocked, taken), lessons_of(stocked, left)) == ([3], [2])
    assert {"classId": "4a", "name": "4a"} in stocked.data(PLACES, "t-other")["cardPlaces"]


def test_who_may_print_what(stocked: Served) -> None:
    head = stocked.head()
    nothing = {"code": "CARDS.NOTHING_TO_PRINT", "field": "days"}
    assert printed(stocked, "t-other", DAY) == nothing  # teaches in 4b
    theirs = {"code": "CARDS.NOT_YOUR_CARD", "field": "cards[0].columnId"}
    assert printed(stocked, "t-art", COLUMN) == printed(stocked, "t-other", COLUMN) == theirs
    for who in ("aud", "p1", "m1"):
        for asked in (DAY, COLUMN):
            assert stocked.code(PRINT, who, input=asked) == "ACCESS.DENIED"
    assert stocked.code(PRINT, None, input=DAY) is not None
    assert stocked.head() == head


def test_cards_of_a_closed_register_are_printed_by_who_keeps_it(stocked: Served, follow: Follow) -> None:
    opened = registers.OpenRegister(
        unit_id="ped", year_id="y25", kind=registers.RegisterKind.PEDAGOGUE, name="Pedagog"
    )
    given(stocked, opened)
    follow()
    asked = {**DAY, "classId": "ped"}
    for who in ("adm", "t-maths"):
        assert stocked.code(PRINT, who, input=asked) == "ACCESS.DENIED"
    assert printed(stocked, "dir", asked)["code"] == "CARDS.NOTHING_TO_PRINT"


def test_what_cannot_be_printed_takes_nothing_from_the_stock(
    stocked: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = stocked.head()
    for odd, code, field in (
        ({**DAY, **COLUMN}, "CARDS.DAYS_OR_COLUMN", "on"),
        ({"classId": "4a"}, "CARDS.DAYS_OR_COLUMN", "on"),
        ({**DAY, "days": 0}, "CARDS.DAYS_OUT_OF_RANGE", "days"),
        ({**DAY, "days": 15}, "CARDS.DAYS_OUT_OF_RANGE", "days"),
        ({**DAY, "on": (TODAY + timedelta(days=1)).isoformat()}, "CARDS.NOTHING_TO_PRINT", "days"),
        ({**COLUMN, "columnId": "none"}, "CARDS.NOTHING_TO_PRINT", "columnId"),
        ({**DAY, "classId": "none"}, "CARDS.NOTHING_TO_PRINT", "days"),
    ):
        assert printed(stocked, "dir", odd) == {"code": code, "field": field}

    def no_paper(*_: object, **__: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("dziennik.omr.printing.print_cards", no_paper)
        assert stocked.code(PRINT, "dir", input=DAY) is not None
    assert stocked.head() == head
    many = {**DAY, "on": (TODAY - timedelta(days=13)).isoformat(), "days": 14}
    for _ in range(5):
        assert len(printed(stocked, "dir", many)["cards"]) == 2
    assert printed(stocked, "dir", DAY) == {"code": "CARDS.OUT_OF_STOCK", "field": "cards"}


def test_who_asks_again_with_the_same_key_gets_the_same_cards(
    client: TestClient, stocked: Served, follow: Follow
) -> None:
    first = printed(stocked, "t-maths", COLUMN, "k")
    head = stocked.head()
    again = printed(stocked, "t-maths", COLUMN, "k")
    assert (again["cards"], again["facts"], again["repeated"]) == (first["cards"], 0, True)
    assert client.get(again["address"]).content == client.get(first["address"]).content
    assert stocked.head() == head
    other = printed(stocked, "dir", COLUMN, "k")  # another account's key is another
    assert (other["repeated"], other["cards"] == first["cards"]) == (False, False)


def test_the_same_paper_is_fetched_again_until_something_came_of_the_card(
    client: TestClient, stocked: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bytes] = []
    issue = issuing.draw_and_issue

    def kept(*given: Any, **more: Any) -> Any:  # noqa: ANN401
        done: Any = issue(*given, **more)
        drawn.append(done.content)
        return done

    monkeypatch.setattr("dziennik.graphql.card_printing.draw_and_issue", kept)
    days = {**DAY, "on": (TODAY - timedelta(days=13)).isoformat(), "days": 14, "paper": "A5"}
    lessons, column = printed(stocked, "dir", days), printed(stocked, "t-maths", COLUMN)
    assert [client.get(one["address"]).content for one in (lessons, column)] == drawn
    follow()
    told = {tuple(one["cards"]): one for one in stocked.data(AGAIN, "dir")["cardPrintings"]}
    assert told.keys() == {tuple(lessons["cards"]), tuple(column["cards"])}
    assert told[tuple(lessons["cards"])]["title"] == "4a · 29.09.2025 – 06.10.2025"
    assert told[tuple(column["cards"])]["title"] == "4a · Matematyka · Ułamki"
    assert [client.get(one["address"]).content for one in told.values()].count(drawn[0]) == 1
    gone, spoilt = lessons["cards"]
    given(
        stocked,
        said.VoidCard(card_id=gone, reason="zgubiona"),
        said.SpoilCards(card_ids=(spoilt,), reason="zacięcie"),
    )
    follow()
    assert client.get(lessons["address"]).status_code == 404
    assert [one["cards"] for one in stocked.data(AGAIN, "dir")["cardPrintings"]] == [column["cards"]]
    assert stocked.data(STOCK, "dir")["cardStock"]["printed"] == 3


def test_what_was_scanned_is_printed_no_more(client: TestClient, stocked: Served, follow: Follow) -> None:
    told = printed(stocked, "t-maths", COLUMN)
    paper = client.get(told["address"]).content
    assert send(client, stocked, "t-maths", paper).json()["sheets"][0]["card"] == told["cards"][0]
    follow()
    assert client.get(told["address"]).status_code == 404
    assert stocked.data(AGAIN, "t-maths")["cardPrintings"] == []


def test_places_and_columns_are_those_for_which_one_may_print(stocked: Served, follow: Follow) -> None:
    every = [{"classId": name, "name": name} for name in ("4a", "4b")]
    assert stocked.data(PLACES, "dir")["cardPlaces"] == every
    assert stocked.data(PLACES, "t-maths")["cardPlaces"] == every[:1]
    assert stocked.data(PLACES, "t-other")["cardPlaces"] == every[1:]
    column = {"id": "c1", "subject": "Matematyka", "title": "Ułamki", "on": TODAY.isoformat()}
    assert stocked.data(COLUMNS, "dir")["cardColumns"] == [column]
    assert stocked.data(COLUMNS, "t-maths")["cardColumns"] == [column]
    assert stocked.data(COLUMNS, "t-art")["cardColumns"] == []
    assert stocked.code(COLUMNS, "t-other") == "ACCESS.DENIED"


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"classId": "4\0a", "columnId": "c1"}, ("COMMAND.UNWRITABLE_TEXT", "classId")),
        ({"classId": "4a", "columnId": "c" * 20_000}, ("COMMAND.TEXT_TOO_LONG", "columnId")),
        ({"classId": "4a", "on": "9999-12-31", "days": 14}, ("CARDS.NOTHING_TO_PRINT", "days")),
        (DAY | {"period": 9}, ("CARDS.NOTHING_TO_PRINT", "days")),
        (DAY | {"period": 2, "days": 2}, ("CARDS.HOUR_OF_ONE_DAY", "period")),
        (COLUMN | {"period": 2}, ("CARDS.HOUR_OF_ONE_DAY", "period")),
    ],
)
def test_what_no_database_and_no_calendar_has_is_refused(
    stocked: Served, asked: dict[str, Any], refused: tuple[str, str]
) -> None:
    told = printed(stocked, "dir", asked)
    assert (told["code"], told["field"]) == refused


def test_one_lesson_alone_is_printed(stocked: Served) -> None:
    told = printed(stocked, "dir", DAY | {"period": 3})
    (card,) = told["cards"]
    assert lessons_of(stocked, card) == [3]
