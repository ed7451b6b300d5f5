"""How does a calendar look to calendar programs? iCalendar, RFC 5545.

The bytes depend on what they show alone: stamps are those of the facts, so an unchanged calendar has the same
ETag. Texts name subjects, classes and rooms; people are named nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

ZONE = ZoneInfo("Europe/Warsaw")
PRODUCT = "-//Dziennik//Terminarz 1//PL"
REFRESH = "PT1H"


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One event. With `starts` and `ends` ("HH:MM") it has a time, else it takes whole days.

    `sequence` never falls; `stamp` is when it was last spoken of.
    """

    uid: str
    on: date
    until: date
    summary: str
    stamp: datetime
    sequence: int = 0
    starts: str | None = None
    ends: str | None = None
    text: str | None = None
    room: str | None = None
    category: str | None = None
    cancelled: bool = False
    busy: bool = True


def calendar(name: str, happenings: Iterable[Happening]) -> bytes:
    """The calendar as bytes: CRLF, lines folded at 75 octets."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE.key)
    made.add("x-published-ttl", REFRESH)
    made.add_component(_zone())
    for happening in sorted(happenings, key=lambda each: (each.on, each.starts or "", each.uid)):
        made.add_component(_event(happening))
    body: bytes = made.to_ical()
    return body


def _event(happening: Happening) -> Event:
    event = Event()
    event.add("uid", happening.uid)
    event.add("dtstamp", happening.stamp.astimezone(UTC))
    event.add("sequence", happening.sequence)
    event.add("summary", happening.summary)
    _when(event, happening)
    for name, value in (
        ("description", happening.text),
        ("location", happening.room),
        ("categories", happening.category),
    ):
        if value:
            event.add(name, [value] if name == "categories" else value)
    event.add("status", "CANCELLED" if happening.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if happening.busy and not happening.cancelled else "TRANSPARENT")
    return event


def _when(event: Event, happening: Happening) -> None:
    """DTEND is exclusive: of whole days it is the day after the last (RFC 5545, 3.6.1)."""
    if happening.starts is None:
        event.add("dtstart", happening.on)
        event.add("dtend", happening.until + timedelta(days=1))
        return
    event.add("dtstart", _instant(happening.on, happening.starts))
    if happening.ends is not None:
        event.add("dtend", _instant(happening.until, happening.ends))


def _instant(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def _zone() -> Timezone:
    """Summer time since 1996 (directive 2000/84/EC): from the last Sunday of March to that of October."""
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, name, begins, month, before, after in (
        (TimezoneDaylight(), "CEST", datetime(1997, 3, 30, 2), 3, winter, summer),  # noqa: DTZ001
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), 10, summer, winter),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone
