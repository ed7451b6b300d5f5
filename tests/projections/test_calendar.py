"""The calendar as it is shown: entries with their changes, free and changed days, planned lessons, feeds."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import calendar as said
from dziennik.contracts import lessons, streams
from dziennik.contracts.calendar import EntryDetails, EntryKind, FeedKind
from dziennik.contracts.classes import TeachingAssigned, TimetableSet
from dziennik.contracts.school import LessonPeriodsSet
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.policies.calendar_limits import USUAL_CALENDAR
from dziennik.domain.policies.day_plan import WhyNot
from dziennik.domain.policies.defaults import USUAL_PERIODS
from dziennik.projections import calendar
from dziennik.projections.calendar import CALENDAR, WHOLE_SCHOOL, EntryState
from dziennik.projections.day_plans import plans_of_unit, units_of_class
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.rows import MemoryRows, View
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school

MONDAY = date(2026, 9, 7)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
HERE, THERE, SCHOOL = streams.unit_calendar("A"), streams.unit_calendar("B"), streams.school_calendar("Y")


def planned(entry_id: str, unit: str | None, on: date, until: date | None = None) -> said.EntryPlanned:
    """An entry, of a class in mathematics or of the whole school."""
    return said.EntryPlanned(
        entry_id=entry_id,
        year_id="Y",
        kind=EntryKind.TEST if unit else EntryKind.EVENT,
        details=EntryDetails(title=f"Wpis {entry_id}", on=on, until=until),
        unit_id=unit,
        assignment_id=f"mat-{unit}" if unit else None,
        subject_id="mat" if unit else None,
    )


def view_of(history: History) -> View:
    """All read models that plans are reckoned from, folded into one."""
    rows = MemoryRows()
    for model in (STRUCTURE, LESSON_JOURNAL, CALENDAR):
        model.fold(rows, history.recorded)
        model.settle(rows)
    return rows


def test_entries_of_a_class_are_in_time_and_of_nobody_else() -> None:
    history = a_school().tell(
        HERE,
        planned("later", "A", WEDNESDAY),
        planned("trip", "A", MONDAY, WEDNESDAY),
        planned("out", "A", FIRST),
    )
    history.tell(THERE, planned("other", "B", TUESDAY)).tell(SCHOOL, planned("fair", None, TUESDAY))
    view = view_of(history)
    assert [e.entry_id for e in calendar.entries(view, "A", TUESDAY, WEDNESDAY)] == ["trip", "later"]
    assert [e.entry_id for e in calendar.entries(view, "B", MONDAY, WEDNESDAY)] == ["other"]
    assert [e.entry_id for e in calendar.entries(view, WHOLE_SCHOOL, TUESDAY, TUESDAY)] == ["fair"]
    assert calendar.entries(view, "A", MONDAY, MONDAY)[0].until == WEDNESDAY


def test_an_entry_that_was_changed_and_cancelled_tells_all_of_it() -> None:
    was, now = EntryDetails(title="Wpis e", on=MONDAY), EntryDetails(title="Wpis e", on=TUESDAY, period=2)
    history = a_school().tell(HERE, planned("e", "A", MONDAY))
    history.tell(
        HERE,
        said.EntryChanged(
            entry_id="e",
            year_id="Y",
            was=was,
            now=now,
            unit_id="A",
            reason="apel",
            override="zgoda",
            rule_version=2,
        ),
    )
    history.tell(HERE, said.EntryCancelled(entry_id="e", year_id="Y", unit_id="A", reason="choroba"))
    (entry,) = calendar.entries(view_of(history), "A", TUESDAY, TUESDAY)
    assert (entry.on, entry.until, entry.period) == (TUESDAY, TUESDAY, 2)
    assert (entry.state, entry.reason, entry.rule_version, entry.override) == (
        EntryState.CANCELLED,
        "choroba",
        2,
        "zgoda",
    )
    (revision,) = entry.revisions
    assert (revision.was, revision.now, revision.by, revision.reason) == (was, now, "nowak", "apel")


def test_free_and_changed_days_stand_until_they_are_taken_back() -> None:
    free = said.FreeDaysDeclared(year_id="Y", free_id="w1", name="Ferie", starts=MONDAY, ends=TUESDAY)
    other = said.FreeDaysDeclared(year_id="X", free_id="w1", name="Inny rok", starts=FIRST, ends=FIRST)
    changed = said.DayChanged(year_id="Y", on=WEDNESDAY, reason="rada", runs_as=1)
    history = a_school().tell(SCHOOL, free, changed).tell(streams.school_calendar("X"), other)
    view = view_of(history)
    assert [(f.free_id, f.name) for f in calendar.free_days(view, "Y")] == [("w1", "Ferie")]
    assert [(d.on, d.runs_as) for d in calendar.changed_days(view, "Y")] == [(WEDNESDAY, 1)]
    history.tell(
        SCHOOL,
        said.FreeDaysWithdrawn(year_id="Y", free_id="w1", reason="pomyłka"),
        said.DayRestored(year_id="Y", on=WEDNESDAY, reason="mróz"),
    )
    view = view_of(history)
    assert (calendar.free_days(view, "Y"), calendar.changed_days(view, "Y")) == ([], [])
    history.tell(SCHOOL, changed)
    assert len(calendar.changed_days(view_of(history), "Y")) == 1


def test_limits_are_the_usual_ones_until_they_are_set() -> None:
    rules = said.CalendarRules(limits=())
    history = a_school()
    assert calendar.rules(view_of(history), "Y") == calendar.Rules("Y", USUAL_CALENDAR, 0)
    history.tell(SCHOOL, said.CalendarRulesSet(year_id="Y", rules=rules))
    history.tell(SCHOOL, said.CalendarRulesSet(year_id="Y", rules=rules))
    assert calendar.rules(view_of(history), "Y") == calendar.Rules("Y", rules, 2)
    assert calendar.rules(view_of(history), "X").version == 0


def test_feeds_are_listed_until_they_are_revoked() -> None:
    history = a_school()
    for feed_id, holder in (("f1", "parent"), ("f2", "parent"), ("f3", "nowak")):
        issued = said.FeedIssued(feed_id=feed_id, kind=FeedKind.PUPIL, target_id="ada", holder_id=holder)
        history.tell(streams.calendar_feed(feed_id), issued)
    history.tell(streams.calendar_feed("f1"), said.FeedRevoked(feed_id="f1"))
    assert [feed.feed_id for feed in calendar.feeds(view_of(history), "parent")] == ["f2"]


def taught() -> History:
    """The school with bells and timetables: A has mathematics on Mondays, its group G English."""
    history = a_school()
    history.tell(streams.SCHOOL, LessonPeriodsSet(year_id="Y", periods=USUAL_PERIODS))
    slot = TimetableSlot(weekday=1, period=3, assignment_id="eng-G")
    history.tell(
        streams.unit("G"),
        TeachingAssigned(
            assignment_id="eng-G", unit_id="G", subject_id="eng", teacher_id="lis", since=FIRST, group_id="G"
        ),
        TimetableSet(unit_id="G", valid_from=FIRST, slots=(slot,)),
    )
    return history


def test_planned_lessons_know_substitutions_cancellations_and_changes() -> None:
    history = taught()
    arranged = lessons.SubstitutionArranged(
        unit_id="A",
        lesson_id=lessons.lesson_id(MONDAY, 2, "mat-A"),
        on=MONDAY,
        period=2,
        assignment_id="mat-A",
        teacher_id="lis",
        instead_of="nowak",
        reason="choroba",
    )
    history.tell(streams.lesson("A", arranged.lesson_id), arranged)
    moved = said.LessonMoved(
        change_id="c1", unit_id="A", assignment_id="mat-A", on=MONDAY, period=2, to_on=TUESDAY, to_period=4
    )
    (before,) = plans_of_unit(view_of(history), "A", MONDAY, MONDAY)
    assert [(e.period, e.teacher_id, e.instead_of, e.room) for e in before.expected] == [
        (2, "lis", "nowak", "12")
    ]
    history.tell(HERE, moved)
    monday, tuesday = plans_of_unit(view_of(history), "A", MONDAY, TUESDAY)
    assert (monday.expected, [out.why for out in monday.left_out]) == ((), [WhyNot.MOVED_AWAY])
    assert [(e.period, e.teacher_id, e.first_on) for e in tuesday.expected] == [(4, "nowak", MONDAY)]
    history.tell(HERE, said.LessonChangeWithdrawn(change_id="c1", unit_id="A", reason="nie"))
    cancelled = lessons.LessonCancelled(
        unit_id="A",
        lesson_id=arranged.lesson_id,
        on=MONDAY,
        period=2,
        assignment_id="mat-A",
        subject_id="mat",
        reason="pożar",
    )
    history.tell(streams.lesson("A", arranged.lesson_id), cancelled)
    (monday,) = plans_of_unit(view_of(history), "A", MONDAY, MONDAY)
    assert [(out.why, out.text) for out in monday.left_out] == [(WhyNot.CANCELLED, "pożar")]


def test_a_class_has_its_own_lessons_and_those_of_groups_that_draw_from_it() -> None:
    view = view_of(taught())
    assert units_of_class(view, "A") == ["A", "G"]
    (monday,) = plans_of_unit(view, "G", MONDAY, MONDAY)
    assert [(e.unit_id, e.group_id, e.subject_id) for e in monday.expected] == [("G", "G", "eng")]
    assert plans_of_unit(view, "nowhere", MONDAY, MONDAY) == []
    assert not plans_of_unit(view, "A", date(2030, 1, 7), date(2030, 1, 7))[0].kept


def test_the_calendar_is_the_same_however_it_is_built(common: str) -> None:
    history = a_school().tell(HERE, planned("e", "A", MONDAY)).tell(SCHOOL, planned("fair", None, TUESDAY))
    built = agree(common, CALENDAR, history)
    assert [len(rows) for rows in built.values()] == [2, 0, 0, 0, 0, 0]
