"""What may happen in a calendar, for random years: each chance is one thing, done to what is there."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import calendar, streams
from dziennik.contracts.calendar import EntryDetails, EntryKind, EntryLimit, FeedKind, LimitKind
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import LessonPeriod

FIRST = date(2026, 9, 1)
SCHOOL = streams.school_calendar("Y")


class CalendarYear:
    """The calendar of a random year: which ids are taken, and what stands under them."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[str | None, EntryDetails]] = {}
        self._free: list[str] = []
        self._changed: set[date] = set()
        self._changes: dict[str, str] = {}
        self._feeds: list[str] = []
        self._taken = 0

    def happens(self, chance: int) -> list[tuple[str, Fact]]:
        """The facts of one step, each with its stream."""
        steps = (self._plan, self._change, self._cancel, self._days, self._lesson, self._feed, self._plan)
        self._taken += 1
        return steps[chance % len(steps)](chance // len(steps))

    def _plan(self, chance: int) -> list[tuple[str, Fact]]:
        entry_id, unit = f"e{self._taken}", (None, "A", "B", "G")[chance % 4]
        day = FIRST + timedelta(days=chance % 50)
        details = EntryDetails(
            title=f"Wpis {chance}", on=day, until=day + timedelta(days=2) if unit is None else None
        )
        self._entries[entry_id] = (unit, details)
        passed = calendar.LimitExceeded(unit_id="A", what=LimitKind.PER_DAY, limit=1, entries=("e0",))
        planned = calendar.EntryPlanned(
            entry_id=entry_id,
            year_id="Y",
            kind=EntryKind.TEST if unit else EntryKind.EVENT,
            details=details,
            unit_id=unit,
            assignment_id=f"mat-{unit}" if unit else None,
            subject_id="mat" if unit else None,
            override="zgoda" if chance % 3 else None,
            exceeded=(passed,) if chance % 3 else (),
        )
        counted = calendar.GroupEntryCounted(
            class_id="A", group_id="G", entry_id=entry_id, kind=EntryKind.TEST, title=details.title, on=day
        )
        told: list[tuple[str, Fact]] = [(self._home(unit), planned)]
        return [*told, (streams.unit_calendar("A"), counted)] if unit == "G" else told

    def _change(self, chance: int) -> list[tuple[str, Fact]]:
        if not self._entries:
            return []
        entry_id = sorted(self._entries)[chance % len(self._entries)]
        unit, was = self._entries[entry_id]
        now = EntryDetails(title="Zmiana", on=was.on + timedelta(days=chance % 3), period=1 + chance % 7)
        self._entries[entry_id] = (unit, now)
        changed = calendar.EntryChanged(
            entry_id=entry_id, year_id="Y", was=was, now=now, unit_id=unit, reason="apel", rule_version=1
        )
        return [(self._home(unit), changed)]

    def _cancel(self, chance: int) -> list[tuple[str, Fact]]:
        rules = calendar.CalendarRulesSet(
            year_id="Y",
            rules=calendar.CalendarRules(limits=(EntryLimit(kind=EntryKind.QUIZ, per_day=chance % 5),)),
        )
        if not self._entries or chance % 3 == 0:
            return [(SCHOOL, rules)]
        entry_id = sorted(self._entries)[chance % len(self._entries)]
        unit, _ = self._entries.pop(entry_id)
        cancelled = calendar.EntryCancelled(entry_id=entry_id, year_id="Y", reason="choroba", unit_id=unit)
        told: list[tuple[str, Fact]] = [(self._home(unit), cancelled)]
        dropped = calendar.GroupEntryDropped(class_id="A", entry_id=entry_id)
        return [*told, (streams.unit_calendar("A"), dropped)] if unit == "G" else told

    def _days(self, chance: int) -> list[tuple[str, Fact]]:
        day = FIRST + timedelta(days=chance % 40)
        if chance % 4 == 3 and self._free:
            gone = calendar.FreeDaysWithdrawn(year_id="Y", free_id=self._free.pop(), reason="pomyłka")
            return [(SCHOOL, gone)]
        if chance % 4 == 2 and day in self._changed:
            self._changed.discard(day)
            return [(SCHOOL, calendar.DayRestored(year_id="Y", on=day, reason="mróz"))]
        if chance % 4:
            self._changed.add(day)
            short = (LessonPeriod(number=1, starts="08:00", ends="08:30"),)
            changed = calendar.DayChanged(
                year_id="Y",
                on=day,
                reason="rada",
                runs_as=1 + chance % 5,
                periods=short if chance % 2 else None,
            )
            return [(SCHOOL, changed)]
        self._free.append(f"w{self._taken}")
        free = calendar.FreeDaysDeclared(
            year_id="Y", free_id=self._free[-1], name="Ferie", starts=day, ends=day + timedelta(days=3)
        )
        return [(SCHOOL, free)]

    def _lesson(self, chance: int) -> list[tuple[str, Fact]]:
        if chance % 5 == 4 and self._changes:
            change_id, unit = self._changes.popitem()
            gone = calendar.LessonChangeWithdrawn(change_id=change_id, unit_id=unit, reason="jednak nie")
            return [(streams.unit_calendar(unit), gone)]
        unit, change_id = "AB"[chance % 2], f"c{self._taken}"
        self._changes[change_id] = unit
        day = FIRST + timedelta(days=chance % 60)
        return [(streams.unit_calendar(unit), _changed_lesson(chance, change_id, unit, day))]

    def _feed(self, chance: int) -> list[tuple[str, Fact]]:
        if chance % 3 == 2 and self._feeds:
            feed_id = self._feeds.pop()
            return [(streams.calendar_feed(feed_id), calendar.FeedRevoked(feed_id=feed_id))]
        feed_id = f"f{self._taken}"
        self._feeds.append(feed_id)
        kind, target, holder = (
            (FeedKind.PUPIL, "ada", "parent"),
            (FeedKind.CLASS, "A", "nowak"),
        )[chance % 2]
        issued = calendar.FeedIssued(feed_id=feed_id, kind=kind, target_id=target, holder_id=holder)
        return [(streams.calendar_feed(feed_id), issued)]

    @staticmethod
    def _home(unit: str | None) -> str:
        return streams.unit_calendar(unit) if unit else SCHOOL


def _changed_lesson(chance: int, change_id: str, unit: str, day: date) -> Fact:
    hour = 1 + chance % 6
    assignment = f"mat-{unit}"
    if chance % 4 == 0:
        return calendar.LessonCalledOff(
            change_id=change_id, unit_id=unit, assignment_id=assignment, on=day, period=hour, reason="kino"
        )
    if chance % 4 == 1:
        return calendar.LessonMoved(
            change_id=change_id,
            unit_id=unit,
            assignment_id=assignment,
            on=day,
            period=hour,
            to_on=day + timedelta(days=1),
            to_period=hour + 1,
            reason="narada",
        )
    fact = calendar.LessonAdded if chance % 4 == 2 else calendar.RoomChanged
    return fact(change_id=change_id, unit_id=unit, assignment_id=assignment, on=day, period=hour, room="aula")
