"""Is a calendar written as RFC 5545 wants it, and always in the same bytes?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import icalendar
from msgspec.structs import replace

from dziennik.graphql.ical import Happening, calendar

STAMP = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
LESSON = Happening(
    uid="lesson@sp1",
    on=date(2026, 10, 23),
    until=date(2026, 10, 23),
    starts="08:00",
    ends="08:45",
    summary="Język polski",
    room="12",
    stamp=STAMP,
)
TRIP = Happening(
    uid="trip@sp1", on=date(2026, 10, 5), until=date(2026, 10, 7), summary="Góry", stamp=STAMP, busy=False
)


def lines(*happenings: Happening) -> list[str]:
    """The calendar unfolded, line by line."""
    body = calendar("Dziennik", happenings).decode()
    return body.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_lesson_has_its_time_in_warsaw_on_both_sides_of_summer_time() -> None:
    winter = replace(LESSON, uid="later@sp1", on=date(2026, 10, 26), until=date(2026, 10, 26))
    found = lines(LESSON, winter)
    assert "DTSTART;TZID=Europe/Warsaw:20261023T080000" in found
    assert "DTSTART;TZID=Europe/Warsaw:20261026T080000" in found
    parsed = icalendar.Calendar.from_ical(calendar("Dziennik", [LESSON, winter]))
    starts = [event.decoded("DTSTART").astimezone(UTC).hour for event in parsed.walk("VEVENT")]
    assert starts == [6, 7]


def test_the_time_zone_says_when_summer_begins_and_ends() -> None:
    found = lines()
    zone = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1]
    assert zone == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Warsaw",
        "BEGIN:DAYLIGHT",
        "DTSTART:19970330T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_whole_days_end_on_the_day_after_the_last() -> None:
    found = lines(TRIP)
    assert "DTSTART;VALUE=DATE:20261005" in found
    assert "DTEND;VALUE=DATE:20261008" in found
    assert "TRANSP:TRANSPARENT" in found


def test_what_was_cancelled_takes_no_time() -> None:
    found = lines(replace(LESSON, cancelled=True, sequence=3))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:3"} <= set(found)
    assert {"STATUS:CONFIRMED", "TRANSP:OPAQUE", "SEQUENCE:0"} <= set(lines(LESSON))


def test_long_and_odd_texts_are_folded_and_escaped() -> None:
    text = "Zażółć gęślą jaźń; " * 20 + "a,b\nBEGIN:VEVENT\r\nc\\d"
    body = calendar("Dziennik", [replace(LESSON, text=text, summary="x" * 200)])
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert body.count(b"\r\nBEGIN:VEVENT") == 1
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert event["DESCRIPTION"] == text.replace("\r\n", "\n")
    assert event["SUMMARY"] == "x" * 200


def test_the_same_calendar_is_the_same_bytes_in_whatever_order_it_comes() -> None:
    assert calendar("Dziennik", [LESSON, TRIP]) == calendar("Dziennik", iter([TRIP, LESSON]))
    events = [line for line in lines(LESSON, TRIP) if line.startswith("UID")]
    assert events == ["UID:trip@sp1", "UID:lesson@sp1"]
