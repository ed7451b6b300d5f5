"""GET /calendar/{token}.ics: a calendar for calendar programs, behind a secret address (ADR 0062).

See feeds.py for who gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from dziennik.contracts.calendar import EntryKind, FeedIssued, FeedKind
from dziennik.domain.policies.day_plan import ExpectedLesson, LessonNote
from dziennik.graphql import feeds
from dziennik.graphql.context import Serving
from dziennik.graphql.ical import Happening, calendar
from dziennik.projections import calendar as rows
from dziennik.projections import own_calendars, structure
from dziennik.projections.calendar import Entry, EntryState
from dziennik.projections.entitlements import pupil_feed_allowed
from dziennik.projections.own_calendars import Seats
from dziennik.projections.rows import View

# What a feed shows: lessons of this week and the weeks after it, entries and free days of longer.
WEEKS_OF_LESSONS = 5
ENTRIES_BEFORE, ENTRIES_AFTER = timedelta(days=28), timedelta(days=300)
KINDS = {
    EntryKind.TEST: "Sprawdzian",
    EntryKind.QUIZ: "Kartkówka",
    EntryKind.HOMEWORK: "Zadanie domowe",
    EntryKind.TRIP: "Wycieczka",
    EntryKind.MEETING: "Spotkanie",
    EntryKind.EVENT: "Wydarzenie",
    EntryKind.OTHER: "Inne",
}


def mount(app: FastAPI, system: Serving) -> None:
    """Add the route."""

    @app.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"], include_in_schema=False)
    async def calendar_feed(token: str, request: Request) -> Response:
        body = await run_in_threadpool(lambda: feed_bytes(system, token))
        return feeds.answer(body, request, "text/calendar; charset=utf-8")


def feed_bytes(system: Serving, token: str) -> bytes | None:
    """The calendar behind a secret; None when there is none, or none any more."""
    found = feeds.held(system, token)
    if found is None or found.issued.kind is FeedKind.BOARD:
        return None
    with system.read_models.view(found.school_id) as view:
        own = found.issued.kind is FeedKind.PUPIL
        if own and not pupil_feed_allowed(view, found.issued.target_id, found.today):
            return None
        return calendar("Dziennik", happenings(view, found.school_id, found.issued, found.today))


def happenings(view: View, school_id: str, issued: FeedIssued, today: date) -> Iterator[Happening]:
    """All that a feed shows on a day."""
    monday = today - timedelta(days=today.weekday())
    lessons = (monday, monday + timedelta(weeks=WEEKS_OF_LESSONS, days=-1))
    entries = (monday - ENTRIES_BEFORE, monday + ENTRIES_AFTER)
    made = _Happenings(view, school_id, with_unit=issued.kind is FeedKind.TEACHER)
    yield from (made.lesson(each) for each in _lessons(view, issued, *lessons))
    yield from (made.entry(each) for each in _entries(view, issued, *entries))
    for year in structure.years(view):
        spans = rows.free_days(view, year.year_id)
        yield from (
            made.free(span) for span in spans if span.starts <= entries[1] and entries[0] <= span.ends
        )


def _lessons(view: View, issued: FeedIssued, first: date, last: date) -> list[ExpectedLesson]:
    if issued.kind is FeedKind.CLASS:
        return own_calendars.lessons_of_class(view, issued.target_id, first, last)
    if issued.kind is FeedKind.TEACHER:
        return own_calendars.lessons_of_teacher(view, issued.target_id, first, last)
    return own_calendars.lessons_of_pupils(view, Seats(view, [issued.target_id]), first, last)


def _entries(view: View, issued: FeedIssued, first: date, last: date) -> list[Entry]:
    if issued.kind is FeedKind.CLASS:
        return own_calendars.entries_of_class(view, issued.target_id, first, last)
    if issued.kind is FeedKind.TEACHER:
        return own_calendars.entries_of_teacher(view, issued.target_id, first, last)
    return own_calendars.entries_of_pupils(view, Seats(view, [issued.target_id]), first, last)


class _Happenings:
    """Makes events of what the rows hold. Ids stay the same for good: where a lesson stood first."""

    def __init__(self, view: View, school_id: str, *, with_unit: bool) -> None:
        self._view = view
        self._at = f"{school_id}.dziennik"
        self._with_unit = with_unit
        self._subjects = {subject.subject_id: subject.name for subject in structure.subjects(view)}
        self._days = {day.on: day.position for day in view.find(rows.ChangedDay)}
        self._bells: dict[str, dict[int, tuple[str, str]]] = {}
        self._spoken: dict[str, dict[str, int]] = {}

    def lesson(self, lesson: ExpectedLesson) -> Happening:
        """An expected lesson. Its sequence is the last position at which it was spoken of."""
        notes = {note.kind for note in lesson.notes}
        where = f"{lesson.first_on}.{lesson.first_period:02d}.{lesson.assignment_id}"
        told = ["zastępstwo"] if LessonNote.SUBSTITUTION in notes else []
        told += ["przeniesiona"] if LessonNote.MOVED_HERE in notes else []
        told += ["dodatkowa"] if LessonNote.ADDED in notes else []
        return Happening(
            uid=f"lesson.{lesson.unit_id}.{where}@{self._at}",
            on=lesson.on,
            until=lesson.on,
            starts=lesson.starts,
            ends=lesson.ends,
            summary=self._subject(lesson.subject_id, lesson.unit_id),
            text=f"Lekcja {lesson.period}" + (f" ({', '.join(told)})" if told else ""),
            room=lesson.room,
            category="Lekcja",
            sequence=max(self._said(lesson.unit_id, lesson.assignment_id), self._days.get(lesson.on, 0)),
            stamp=datetime.combine(lesson.first_on, time(), UTC),
        )

    def entry(self, entry: Entry) -> Happening:
        """An announced entry, at its own time, else at that of its lesson hour, else for whole days."""
        starts, ends = entry.starts, entry.ends
        if starts is None and entry.period is not None and entry.on == entry.until:
            starts, ends = self._bell(entry.year_id, entry.period)
        about = f" – {self._subject(entry.subject_id, entry.unit_id)}" if entry.subject_id else ""
        changed = entry.revisions[-1].at if entry.revisions else entry.planned_at
        cancelled = entry.state is EntryState.CANCELLED
        place = entry.unit_id or f"school.{entry.year_id}"
        return Happening(
            uid=f"entry.{place}.{entry.entry_id}@{self._at}",
            on=entry.on,
            until=entry.until,
            starts=starts,
            ends=ends,
            summary=f"{KINDS[entry.kind]}{about}: {entry.title}",
            text=entry.text,
            category=KINDS[entry.kind],
            sequence=len(entry.revisions) + cancelled,
            stamp=changed,
            cancelled=cancelled,
            busy=starts is not None,
        )

    def free(self, free: rows.FreeDays) -> Happening:
        """Free days."""
        return Happening(
            uid=f"free.{free.year_id}.{free.free_id}@{self._at}",
            on=free.starts,
            until=free.ends,
            summary=free.name,
            category="Dni wolne",
            stamp=free.declared_at,
            busy=False,
        )

    def _subject(self, subject_id: str, unit_id: str) -> str:
        name = self._subjects.get(subject_id, subject_id)
        unit = self._view.get(structure.Unit, unit_id) if self._with_unit else None
        return f"{name} ({unit.name})" if unit else name

    def _said(self, unit_id: str, assignment_id: str) -> int:
        """The last position at which a lesson of the assignment was changed; it never falls."""
        if unit_id not in self._spoken:
            found: dict[str, int] = {}
            for change in rows.changes(self._view, unit_id):
                found[change.assignment_id] = max(found.get(change.assignment_id, 0), change.position)
            self._spoken[unit_id] = found
        return self._spoken[unit_id].get(assignment_id, 0)

    def _bell(self, year_id: str, period: int) -> tuple[str | None, str | None]:
        if year_id not in self._bells:
            year = self._view.get(structure.Year, year_id)
            self._bells[year_id] = {p.number: (p.starts, p.ends) for p in year.periods} if year else {}
        return self._bells[year_id].get(period, (None, None))
