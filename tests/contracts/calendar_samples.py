"""One sample of every fact of the calendar, with every field filled."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import calendar
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import LessonPeriod

SEPTEMBER = date(2026, 9, 1)

_ENTRY = calendar.EntryDetails(
    title="Ułamki",
    text="Podręcznik, rozdział 3",
    on=SEPTEMBER,
    until=date(2026, 9, 2),
    period=3,
    starts="09:50",
    ends="10:35",
)
_PASSED = calendar.LimitExceeded(
    unit_id="4a", what=calendar.LimitKind.PER_WEEK, limit=3, entries=("e1", "e2")
)
CALENDAR: tuple[Fact, ...] = (
    calendar.CalendarRulesSet(
        year_id="y2026",
        rules=calendar.CalendarRules(
            limits=(calendar.EntryLimit(kind=calendar.EntryKind.TEST, per_day=1, per_week=3, notice_days=7),)
        ),
    ),
    calendar.EntryPlanned(
        entry_id="e3",
        year_id="y2026",
        kind=calendar.EntryKind.TEST,
        details=_ENTRY,
        unit_id="4a",
        group_id="4a-en",
        assignment_id="a-en-4a",
        subject_id="en",
        rule_version=1,
        override="jedyny wolny termin",
        exceeded=(_PASSED,),
        staff_only=True,
    ),
    calendar.EntryChanged(
        entry_id="e3",
        year_id="y2026",
        was=_ENTRY,
        now=calendar.EntryDetails(title="Ułamki", on=date(2026, 9, 3)),
        unit_id="4a",
        reason="próbna ewakuacja",
        rule_version=2,
        override="zgoda klasy",
        exceeded=(_PASSED,),
    ),
    calendar.EntryCancelled(entry_id="e3", year_id="y2026", reason="choroba", unit_id="4a"),
    calendar.GroupEntryCounted(
        class_id="4a",
        group_id="4-rel",
        entry_id="e4",
        kind=calendar.EntryKind.QUIZ,
        title="Platon",
        on=SEPTEMBER,
    ),
    calendar.GroupEntryDropped(class_id="4a", entry_id="e4"),
    calendar.FreeDaysDeclared(
        year_id="y2026", free_id="w1", name="Ferie zimowe", starts=date(2027, 2, 1), ends=date(2027, 2, 14)
    ),
    calendar.FreeDaysWithdrawn(year_id="y2026", free_id="w1", reason="inny termin w województwie"),
    calendar.DayChanged(
        year_id="y2026",
        on=date(2026, 11, 14),
        reason="odpracowanie 10 listopada",
        runs_as=2,
        periods=(LessonPeriod(number=1, starts="08:00", ends="08:30"),),
    ),
    calendar.DayRestored(year_id="y2026", on=date(2026, 11, 14), reason="rada rodziców"),
    calendar.LessonCalledOff(
        change_id="c1", unit_id="4a", assignment_id="a-pol-4a", on=SEPTEMBER, period=3, reason="wycieczka"
    ),
    calendar.LessonMoved(
        change_id="c2",
        unit_id="4a",
        assignment_id="a-pol-4a",
        on=SEPTEMBER,
        period=3,
        to_on=date(2026, 9, 2),
        to_period=1,
        room="12",
        reason="narada",
    ),
    calendar.LessonAdded(
        change_id="c3",
        unit_id="4a",
        assignment_id="a-pol-4a",
        on=SEPTEMBER,
        period=7,
        room="12",
        reason="przed egzaminem",
    ),
    calendar.RoomChanged(
        change_id="c4",
        unit_id="4a",
        assignment_id="a-pol-4a",
        on=SEPTEMBER,
        period=3,
        room="aula",
        reason="remont",
    ),
    calendar.LessonChangeWithdrawn(change_id="c4", unit_id="4a", reason="remont skończony"),
    calendar.FeedIssued(feed_id="f1", kind=calendar.FeedKind.PUPIL, target_id="p1", holder_id="r1"),
    calendar.FeedRevoked(feed_id="f1"),
)
