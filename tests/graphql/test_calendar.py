"""The calendar over a real database: who sees what of it, in GraphQL and in a calendar program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from dziennik.application.register import Accepted
from dziennik.contracts import calendar_commands as orders
from dziennik.contracts import classes, lessons, people, school
from dziennik.contracts.calendar import EntryKind
from dziennik.contracts.commands import Command
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import Term, TimetableSlot
from dziennik.graphql.app import create_app
from tests.graphql.conftest import BEGIN, OFFICE, TODAY, Follow, Served

MONDAY = TODAY  # 6 October 2025
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
SPAN = 'from: "2025-10-06", to: "2025-10-17"'
YEAR_TERMS = (
    Term(term_id="t1", name="Okres 1", starts=BEGIN, ends=date(2026, 1, 31)),
    Term(term_id="t2", name="Okres 2", starts=date(2026, 2, 1), ends=date(2026, 6, 26)),
)


def story() -> Iterator[Command]:
    """4a with mathematics on Mondays and art for a group; p1 in the group, p2 not; p1 and p3 in choir."""
    yield school.SetTerms(year_id="y25", terms=YEAR_TERMS)
    yield classes.FormGroup(class_id="4a", group_id="4a-art", name="plastyka")
    yield classes.JoinGroup(unit_id="4a", group_id="4a-art", class_id="4a", pupil_id="p1", since=BEGIN)
    yield classes.FormInterclassGroup(group_id="choir", year_id="y25", name="chór", class_ids=("4a", "4b"))
    for class_id, pupil in (("4a", "p1"), ("4b", "p3")):
        yield classes.JoinGroup(
            unit_id="choir", group_id="choir", class_id=class_id, pupil_id=pupil, since=BEGIN
        )
    for assignment, unit, group in (("a-group", "4a", "4a-art"), ("sing", "choir", "choir")):
        yield classes.AssignTeaching(
            assignment_id=assignment,
            unit_id=unit,
            subject_id="art",
            teacher_id="t-art",
            since=BEGIN,
            group_id=group,
        )
    yield classes.SetTimetable(
        unit_id="4a",
        valid_from=BEGIN,
        slots=(
            TimetableSlot(weekday=1, period=1, assignment_id="a-maths", room="12"),
            TimetableSlot(weekday=1, period=2, assignment_id="a-group", room="9"),
            TimetableSlot(weekday=2, period=1, assignment_id="a-maths", room="12"),
        ),
    )
    yield classes.SetTimetable(
        unit_id="choir", valid_from=BEGIN, slots=(TimetableSlot(weekday=1, period=8, assignment_id="sing"),)
    )
    yield classes.SetTimetable(
        unit_id="4b", valid_from=BEGIN, slots=(TimetableSlot(weekday=1, period=1, assignment_id="b-maths"),)
    )
    yield orders.DeclareFreeDays(
        free_id="w1",
        year_id="y25",
        name="Dzień Edukacji Narodowej",
        starts=date(2025, 10, 14),
        ends=date(2025, 10, 14),
    )
    for entry_id, unit, assignment, kind in (
        ("test", "4a", "a-maths", EntryKind.TEST),
        ("group", "4a", "a-group", EntryKind.HOMEWORK),
        ("song", "choir", "sing", EntryKind.QUIZ),
        ("foreign", "4b", "b-maths", EntryKind.QUIZ),
    ):
        yield orders.PlanEntry(
            entry_id=entry_id,
            kind=kind,
            title=f"Wpis {entry_id}",
            on=date(2025, 10, 13),
            unit_id=unit,
            assignment_id=assignment,
            period=1,
        )
    yield orders.PlanEntry(
        entry_id="fair",
        kind=EntryKind.EVENT,
        title="Kiermasz",
        on=FRIDAY,
        year_id="y25",
        starts="17:00",
        ends="19:00",
    )


@pytest.fixture
def told(served: Served, follow: Follow) -> Served:
    for command in story():
        outcome = served.system.register("sp1").execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), (command, outcome)
    follow()
    return served


@pytest.fixture
def client(told: Served) -> Iterator[TestClient]:
    with TestClient(create_app(told.system)) as found:
        yield found


def seen(served: Served, who: str, query: str = 'calendar(school: "sp1", classId: "4a", {span})') -> set[str]:
    """Ids of the entries that somebody sees."""
    asked = query.replace("{span}", SPAN)
    found = served.data(f"{{ {asked} {{ entries {{ id }} }} }}", who)
    return {entry["id"] for part in found.values() for entry in part["entries"]}


def test_everybody_sees_what_concerns_them(told: Served) -> None:
    assert seen(told, "dir") == {"test", "group", "song", "fair"}
    assert seen(told, "t-maths") == {"test", "group", "song", "fair"}
    assert seen(told, "p1") == seen(told, "m1") == {"test", "group", "song", "fair"}
    assert seen(told, "p2") == {"test", "fair"}
    for who in ("p3", "f3", "t-other"):
        assert told.code(f'{{ calendar(school: "sp1", classId: "4a", {SPAN}) {{ entries {{ id }} }} }}', who)


def test_my_calendar_is_of_all_that_is_mine(told: Served) -> None:
    mine = 'myCalendar(school: "sp1", {span})'
    assert seen(told, "m1", mine) == {"test", "group", "song", "fair"}
    assert seen(told, "p3", mine) == {"foreign", "song", "fair"}
    assert seen(told, "p2", mine) == {"test", "fair"}
    assert seen(told, "t-other", mine) == {"foreign", "fair"}
    assert seen(told, "t-art", mine) == {"test", "group", "song", "fair"}
    assert seen(told, "f3", mine) == {"fair"}


def test_what_is_for_the_staff_alone_is_nothing_for_families(
    told: Served, client: TestClient, follow: Follow
) -> None:
    council = orders.PlanEntry(
        entry_id="council", kind=EntryKind.MEETING, title="Rada", on=FRIDAY, year_id="y25", staff_only=True
    )
    talk = replace(council, entry_id="talk", year_id=None, unit_id="4a")
    for command in (council, talk):
        assert isinstance(told.system.register("sp1").execute(command, actor=OFFICE), Accepted)
    follow()
    mine = 'myCalendar(school: "sp1", {span})'
    both = {"council", "talk"}
    assert {who: both & seen(told, who) for who in ("p1", "m1", "t-art", "dir")} == {
        "p1": set(), "m1": set(), "t-art": both, "dir": both,
    }  # fmt: skip
    assert {who: both & seen(told, who, mine) for who in ("p1", "m1", "t-art", "t-other", "dir")} == {
        "p1": set(), "m1": set(), "t-art": both, "t-other": {"council"}, "dir": {"council"},
    }  # fmt: skip
    address = subscribe(told, "m1", "PUPIL", "p1")["address"]
    assert "Rada" not in client.get(address).text


def test_free_days_and_the_rest_of_an_entry_are_told(told: Served) -> None:
    query = f"""{{ calendar(school: "sp1", classId: "4a", {SPAN}) {{
        entries {{ id unitId kind title on until period starts ends subjectId state plannedBy revisions {{ reason }} }}
        freeDays {{ id name starts ends }} changedDays {{ on }} }}
        schoolFreeDays(school: "sp1", yearId: "y25") {{ name }}
        calendarRules(school: "sp1", yearId: "y25") {{ version limits {{ kind perDay perWeek noticeDays }} }} }}"""
    found = told.data(query, "p2")
    fair, test = found["calendar"]["entries"]
    assert fair == {
        "id": "fair", "unitId": None, "kind": "EVENT", "title": "Kiermasz", "on": "2025-10-10", "until": "2025-10-10",
        "period": None, "starts": "17:00", "ends": "19:00", "subjectId": None, "state": "PLANNED", "plannedBy": "cli",
        "revisions": [],
    }  # fmt: skip
    assert (test["unitId"], test["kind"], test["subjectId"], test["period"]) == ("4a", "TEST", "maths", 1)
    free = {"id": "w1", "name": "Dzień Edukacji Narodowej", "starts": "2025-10-14", "ends": "2025-10-14"}
    assert (found["calendar"]["freeDays"], found["calendar"]["changedDays"]) == ([free], [])
    assert found["schoolFreeDays"] == [{"name": "Dzień Edukacji Narodowej"}]
    limit = {"kind": "TEST", "perDay": 1, "perWeek": 3, "noticeDays": 7}
    assert found["calendarRules"] == {"version": 0, "limits": [limit]}


def test_a_teacher_announces_and_reads_it_back(told: Served, follow: Follow) -> None:
    plan = """mutation { planEntry(school: "sp1", input: {kind: TEST, title: "Ułamki", on: "2025-10-13",
        unitId: "4a", assignmentId: "a-maths"}) { ... on Accepted { id position } ... on Refusal { code field message } } }"""
    refused = told.data(plan, "t-maths")["planEntry"]
    assert (refused["code"], refused["field"]) == ("CALENDAR.DAY_FULL", "on")
    assert "„Wpis test” (2025-10-13)" in refused["message"]
    planned = told.data(
        plan.replace('title: "Ułamki"', 'title: "Ułamki", override: "koniec działu"'), "t-maths"
    )
    follow()
    query = f'{{ calendar(school: "sp1", classId: "4a", {SPAN}) {{ entries {{ id override exceeded {{ what limit entries }} }} }} }}'
    entries = {entry["id"]: entry for entry in told.data(query, "m1")["calendar"]["entries"]}
    own = entries[planned["planEntry"]["id"]]
    assert own["override"] == "koniec działu"
    assert own["exceeded"] == [{"what": "PER_DAY", "limit": 1, "entries": ["test"]}]


def lessons_of(served: Served, who: str) -> list[tuple[str, int, str]]:
    """(day, hour, assignment) of the lessons that 4a expects in the week, as somebody sees them."""
    query = """{ plannedLessons(school: "sp1", classId: "4a", from: "2025-10-06", to: "2025-10-14")
        { on lessons { on period assignmentId } } }"""
    days = served.data(query, who)["plannedLessons"]
    assert [day["on"] for day in days] == [str(MONDAY + timedelta(days=n)) for n in range(9)]
    return [(each["on"], each["period"], each["assignmentId"]) for day in days for each in day["lessons"]]


def test_planned_lessons_are_those_of_ones_groups(told: Served) -> None:
    maths = [("2025-10-06", 1, "a-maths"), ("2025-10-07", 1, "a-maths"), ("2025-10-13", 1, "a-maths")]
    groups = [
        (day, hour, what)
        for day in ("2025-10-06", "2025-10-13")
        for hour, what in ((2, "a-group"), (8, "sing"))
    ]
    assert lessons_of(told, "t-other") == sorted(maths + groups)
    assert lessons_of(told, "m1") == sorted(maths + groups)
    assert lessons_of(told, "p2") == maths


def test_planned_days_say_why_and_families_not_who_is_ill(told: Served, follow: Follow) -> None:
    arrange = lessons.ArrangeSubstitution(
        unit_id="4a", assignment_id="a-maths", on=MONDAY, period=1, teacher_id="t-other", reason="choroba"
    )
    assert isinstance(told.system.register("sp1").execute(arrange, actor=OFFICE), Accepted)
    follow()
    query = """{ plannedLessons(school: "sp1", classId: "4a", from: "2025-10-06", to: "2025-10-14") {
        on weekday timetableFrom free { name } lessons { period teacherId insteadOf notes { kind text } }
        leftOut { period why text } } }"""
    for who, text in (("dir", "choroba"), ("m1", None)):
        days = told.data(query, who)["plannedLessons"]
        first = days[0]["lessons"][0]
        assert (first["teacherId"], first["insteadOf"]) == ("t-other", "t-maths")
        assert first["notes"] == [{"kind": "SUBSTITUTION", "text": text}]
        holiday = days[-1]
        assert (holiday["lessons"], holiday["free"]) == ([], {"name": "Dzień Edukacji Narodowej"})
        assert holiday["leftOut"] == [{"period": 1, "why": "FREE_DAY", "text": "Dzień Edukacji Narodowej"}]
        assert (holiday["weekday"], holiday["timetableFrom"]) == (2, "2025-09-01")
    own = '{ myPlannedLessons(school: "sp1", from: "2025-10-06", to: "2025-10-06") { unitId period } }'
    assert told.data(own, "t-other")["myPlannedLessons"] == [
        {"unitId": "4a", "period": 1},
        {"unitId": "4b", "period": 1},
    ]
    assert told.data(own, "p2")["myPlannedLessons"] == [{"unitId": "4a", "period": 1}]


def test_too_many_days_at_once_are_refused(told: Served) -> None:
    long = 'calendar(school: "sp1", classId: "4a", from: "2025-01-01", to: "2026-02-05") { entries { id } }'
    assert told.code(f"{{ {long} }}", "dir") == "CALENDAR.SPAN_TOO_LONG"
    long = 'plannedLessons(school: "sp1", classId: "4a", from: "2025-10-01", to: "2026-01-01") { on }'
    assert told.code(f"{{ {long} }}", "dir") == "CALENDAR.SPAN_TOO_LONG"


# In a calendar program

CREATE = """mutation ($kind: FeedKind!, $target: ID!) { createCalendarFeed(school: "sp1", kind: $kind, targetId: $target)
    { ... on IssuedFeed { id address } ... on Refusal { code field } } }"""


def subscribe(served: Served, who: str, kind: str, target: str) -> dict[str, Any]:
    """The answer to asking for a feed."""
    found: dict[str, Any] = served.data(CREATE, who, kind=kind, target=target)["createCalendarFeed"]
    return found


def events(body: bytes) -> dict[str, Any]:
    """The events of a feed by summary and day."""
    parsed = icalendar.Calendar.from_ical(body)
    return {f"{event['SUMMARY']} {event.decoded('DTSTART')}": event for event in parsed.walk("VEVENT")}


def test_a_parent_subscribes_to_the_childs_calendar(told: Served, client: TestClient) -> None:
    feed = subscribe(told, "m1", "PUPIL", "p1")
    assert re.fullmatch(r"/calendar/[A-Za-z0-9_-]{43}\.ics", feed["address"])
    answer = client.get(feed["address"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = events(answer.content)
    assert "Matematyka 2025-10-06 08:00:00+02:00" in found
    assert "Matematyka 2025-11-03 08:00:00+01:00" in found
    assert "Plastyka 2025-10-06 14:45:00+02:00" in found
    assert "Sprawdzian – Matematyka: Wpis test 2025-10-13 08:00:00+02:00" in found
    assert "Dzień Edukacji Narodowej 2025-10-14" in found
    assert not [name for name in found if "foreign" in name or name.startswith("Matematyka 2025-10-14")]
    assert len([name for name in found if name.startswith("Matematyka")]) == 5 + 4
    lesson = found["Matematyka 2025-10-06 08:00:00+02:00"]
    assert (lesson["LOCATION"], lesson["UID"]) == ("12", "lesson.4a.2025-10-06.01.a-maths@sp1.dziennik")
    assert lesson["DTSTART"].params["TZID"] == "Europe/Warsaw"


def test_a_feed_is_well_formed(told: Served, client: TestClient) -> None:
    body = client.get(subscribe(told, "m1", "PUPIL", "p1")["address"]).content
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)
    assert body.count(b"BEGIN:VTIMEZONE") == body.count(b"TZID:Europe/Warsaw") == 1
    uids = re.findall(rb"UID:(\S+)", body.replace(b"\r\n ", b""))
    assert len(set(uids)) == len(uids) == body.count(b"BEGIN:VEVENT") == body.count(b"DTSTAMP:")


def test_nobody_is_named_in_a_feed(told: Served, client: TestClient) -> None:
    for who, kind, target in (
        ("m1", "PUPIL", "p1"),
        ("t-maths", "CLASS", "4a"),
        ("t-maths", "TEACHER", "t-maths"),
    ):
        body = client.get(subscribe(told, who, kind, target)["address"]).content.replace(b"\r\n ", b"")
        for name in ("Źrebiec", "Łucja", "T-Maths", "t-maths", "@p1", ".p1", "m1"):
            assert name.encode() not in body, (kind, name)


def test_an_unchanged_feed_is_not_sent_again(told: Served, client: TestClient, follow: Follow) -> None:
    address = subscribe(told, "t-maths", "CLASS", "4a")["address"]
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.head(address).status_code == 200
    cancel = orders.CancelEntry(entry_id="test", unit_id="4a", reason="apel")
    assert isinstance(told.system.register("sp1").execute(cancel, actor=OFFICE), Accepted)
    follow()
    changed = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    event = events(changed.content)["Sprawdzian – Matematyka: Wpis test 2025-10-13 08:00:00+02:00"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_moved_lesson_is_the_same_event_in_a_later_version(
    told: Served, client: TestClient, follow: Follow
) -> None:
    address = subscribe(told, "t-maths", "TEACHER", "t-maths")["address"]
    before = events(client.get(address).content)["Matematyka (4a) 2025-10-06 08:00:00+02:00"]
    move = orders.MoveLesson(
        change_id="c1", unit_id="4a", assignment_id="a-maths", on=MONDAY, period=1, to_on=FRIDAY, to_period=3
    )
    assert isinstance(told.system.register("sp1").execute(move, actor=OFFICE), Accepted)
    follow()
    found = events(client.get(address).content)
    assert "Matematyka (4a) 2025-10-06 08:00:00+02:00" not in found
    after = found["Matematyka (4a) 2025-10-10 09:50:00+02:00"]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert not [name for name in found if name.startswith("Plastyka")]


@pytest.mark.parametrize(
    ("who", "kind", "target"),
    [
        ("m1", "PUPIL", "p2"),
        ("f3", "PUPIL", "p3"),
        ("t-other", "CLASS", "4a"),
        ("t-art", "TEACHER", "t-maths"),
    ],
)
def test_others_calendars_are_refused(told: Served, who: str, kind: str, target: str) -> None:
    assert subscribe(told, who, kind, target) == {"code": "CALENDAR.NOT_YOUR_FEED", "field": "targetId"}


def test_a_revoked_feed_is_not_there(told: Served, client: TestClient, follow: Follow) -> None:
    feed, other = subscribe(told, "m1", "PUPIL", "p1"), subscribe(told, "p1", "PUPIL", "p1")
    follow()
    listed = '{ myCalendarFeeds(school: "sp1") { id kind targetId } }'
    assert told.data(listed, "m1")["myCalendarFeeds"] == [
        {"id": feed["id"], "kind": "PUPIL", "targetId": "p1"}
    ]
    revoke = 'mutation ($id: ID!) { revokeCalendarFeed(school: "sp1", input: {feedId: $id}) { ... on Refusal { code } } }'
    assert told.data(revoke, "p1", id=feed["id"])["revokeCalendarFeed"] == {"code": "CALENDAR.NO_SUCH_FEED"}
    assert client.get(feed["address"]).status_code == 200
    assert told.data(revoke, "m1", id=feed["id"])["revokeCalendarFeed"] == {}
    assert client.get(feed["address"]).status_code == 404
    assert client.get(other["address"]).status_code == 200
    follow()
    assert told.data(listed, "m1")["myCalendarFeeds"] == []


def test_a_feed_ends_with_the_right_to_it(told: Served, client: TestClient) -> None:
    address = subscribe(told, "m1", "PUPIL", "p1")["address"]
    end = people.EndParentalRights(pupil_id="p1", parent_id="m1", until=BEGIN, basis="III RC 2/25")
    assert isinstance(told.system.register("sp1").execute(end, actor=OFFICE), Accepted)
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (404, b"")


def test_guessed_addresses_lead_nowhere(client: TestClient, told: Served) -> None:
    address = subscribe(told, "m1", "PUPIL", "p1")["address"]
    for guess in ("x", "A" * 43, address[10:-5], "%00", "ą"):
        assert client.get(f"/calendar/{guess}.ics").status_code == 404
    assert client.post(address).status_code == 405


def test_the_last_free_place_of_a_day_is_given_once(told: Served) -> None:
    """All ask at the same moment; whoever is second is decided anew on what the first one wrote."""

    def plan(number: int) -> object:
        command = orders.PlanEntry(
            entry_id=f"same-day-{number}",
            kind=EntryKind.TEST,
            title=f"Sprawdzian {number}",
            on=date(2025, 10, 20),
            unit_id="4a" if number % 2 else "choir",
            assignment_id="a-maths" if number % 2 else "sing",
        )
        return told.system.register("sp1").execute(command, actor=OFFICE)

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(plan, range(6)))
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 1
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refused == ["CALENDAR.DAY_FULL"] * 5
