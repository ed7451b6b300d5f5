"""Hours by plan and by entry, and what they lack; built in any order they are the same."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import calendar as said
from dziennik.contracts import lessons, streams
from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.classes import TeachingEnded, TimetableSet
from dziennik.contracts.facts import Fact
from dziennik.contracts.school import LessonPeriodsSet
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.policies.defaults import USUAL_PERIODS
from dziennik.projections import register_hours
from dziennik.projections.register_rows import REGISTER_HOURS, Hour, HourGap
from dziennik.projections.rows import MemoryRows, View
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school, held
from tests.projections.register_histories import CARE, PEDAGOGUE, keep

MONDAY = date(2026, 9, 7)  # class A has mathematics (Nowak, room 12) on Mondays, second hour
WEEK = timedelta(days=7)
ID = lessons.lesson_id(MONDAY, 2, "mat-A")


def taught() -> History:
    """The school with bells; A's timetable is set before them, as in any order."""
    return a_school().tell(streams.SCHOOL, LessonPeriodsSet(year_id="Y", periods=USUAL_PERIODS))


def view_of(history: History) -> View:
    rows = MemoryRows()
    REGISTER_HOURS.fold(rows, history.recorded)
    return rows


def gaps(history: History, first: date = MONDAY, last: date = MONDAY) -> list[tuple[str, str, str | None]]:
    """(hour, what it lacks, whose it is) of those days."""
    found = register_hours.lacking(view_of(history), "Y", first, last)
    return [(each.hour.lesson_id, each.gap.value, each.teacher_id) for each in found]


def there(history: History, *facts: Fact, unit: str = "A", lesson: str = ID) -> History:
    return history.tell(streams.lesson(unit, lesson), *facts)


def test_a_planned_lesson_without_entry_is_a_gap() -> None:
    history = taught()
    assert gaps(history) == [(ID, "no_entry", "nowak")]
    assert gaps(history, MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)) == []
    # Class B has no timetable, and another year has no hours.
    assert register_hours.lacking(view_of(history), "X", MONDAY, MONDAY) == []
    hour = register_hours.of_unit(view_of(history), "A", MONDAY, MONDAY)[ID]
    assert (hour.subject_id, hour.room, hour.expected) == ("mat", "12", True)
    # A Monday each week of the year, which begins on a Tuesday: 52 of them.
    every = register_hours.of_assignment(view_of(history), "mat-A", FIRST, date(2027, 8, 31))
    assert len(every) == sum(1 for n in range(365) if (FIRST + timedelta(days=n)).isoweekday() == 1)


def test_an_entry_closes_gap_after_gap() -> None:
    history = there(taught(), held("A", MONDAY, 2, topic=None))
    assert [gap for _, gap, _ in gaps(history)] == ["no_topic", "no_roll", "no_signature"]
    there(history, lessons.TopicRecorded(lesson_id=ID, topic="Ułamki"))
    assert [gap for _, gap, _ in gaps(history)] == ["no_roll", "no_signature"]
    there(history, RollCalled(lesson_id=ID, pupils=("ada", "bo")))
    there(history, lessons.LessonSigned(lesson_id=ID, teacher_id="nowak"))
    assert gaps(history) == []


def test_a_day_care_room_lacks_what_a_class_does_and_a_pedagogues_register_nothing() -> None:
    history = taught()
    keep(history, 0)  # opens both, each with teaching
    for unit in (CARE, PEDAGOGUE):
        lesson = lessons.lesson_id(MONDAY, 7, f"a-{unit}")
        fact = replace(
            held("A", MONDAY, 7, topic=None), unit_id=unit, lesson_id=lesson, assignment_id=f"a-{unit}"
        )
        there(history, fact, unit=unit, lesson=lesson)
    care = lessons.lesson_id(MONDAY, 7, f"a-{CARE}")
    assert [gap for gap in gaps(history) if gap[0] != ID] == [
        (care, lacking, "nowak") for lacking in ("no_topic", "no_roll", "no_signature")
    ]


def test_every_co_teacher_is_to_sign() -> None:
    fact = replace(held("A", MONDAY, 2), co_teachers=("lis",))
    history = there(taught(), fact, RollCalled(lesson_id=ID, pupils=()))
    there(history, lessons.CoTeacherRecorded(lesson_id=ID, teacher_id="kos"))
    there(history, lessons.LessonSigned(lesson_id=ID, teacher_id="lis"))
    assert gaps(history) == [(ID, "no_signature", "nowak"), (ID, "no_signature", "kos")]


def test_a_lesson_beside_the_plan_lacks_the_same_but_is_never_missed() -> None:
    extra = held("A", MONDAY, 5)
    history = there(taught(), extra, RollCalled(lesson_id=extra.lesson_id, pupils=()), lesson=extra.lesson_id)
    assert (extra.lesson_id, "no_signature", "nowak") in gaps(history)
    assert (extra.lesson_id, "no_entry", "nowak") not in gaps(history)


def test_a_substitute_is_to_enter_the_lesson() -> None:
    arranged = lessons.SubstitutionArranged(
        unit_id="A",
        lesson_id=ID,
        on=MONDAY,
        period=2,
        assignment_id="mat-A",
        teacher_id="lis",
        instead_of="nowak",
    )
    history = there(taught(), arranged)
    assert gaps(history) == [(ID, "no_entry", "lis")]
    cancelled = lessons.LessonCancelled(
        unit_id="A",
        lesson_id=ID,
        on=MONDAY,
        period=2,
        assignment_id="mat-A",
        subject_id="mat",
        reason="wycieczka",
    )
    assert gaps(there(history, cancelled)) == []


def test_the_plan_follows_the_calendar() -> None:
    history = taught()
    year, unit = streams.school_calendar("Y"), streams.unit_calendar("A")
    history.tell(
        year, said.FreeDaysDeclared(year_id="Y", free_id="f", name="Ferie", starts=MONDAY, ends=MONDAY)
    )
    assert gaps(history) == []
    history.tell(year, said.FreeDaysWithdrawn(year_id="Y", free_id="f", reason="nie"))
    assert len(gaps(history)) == 1
    moved = said.LessonMoved(
        change_id="c",
        unit_id="A",
        assignment_id="mat-A",
        on=MONDAY,
        period=2,
        to_on=MONDAY + timedelta(days=1),
        to_period=4,
    )
    history.tell(unit, moved)
    tuesday = MONDAY + timedelta(days=1)
    assert gaps(history) == []
    assert gaps(history, tuesday, tuesday) == [(lessons.lesson_id(tuesday, 4, "mat-A"), "no_entry", "nowak")]
    history.tell(unit, said.LessonChangeWithdrawn(change_id="c", unit_id="A", reason="nie"))
    assert gaps(history, MONDAY, tuesday) == [(ID, "no_entry", "nowak")]
    history.tell(year, said.DayChanged(year_id="Y", on=tuesday, reason="za poniedziałek", runs_as=1))
    assert len(gaps(history, MONDAY, tuesday)) == 2
    history.tell(year, said.DayRestored(year_id="Y", on=tuesday, reason="nie"))
    assert len(gaps(history, MONDAY, tuesday)) == 1


def test_a_new_timetable_and_an_ended_assignment_change_what_is_expected() -> None:
    slot = TimetableSlot(weekday=2, period=1, assignment_id="pol-A")
    history = taught().tell(
        streams.unit("A"), TimetableSet(unit_id="A", valid_from=MONDAY + WEEK, slots=(slot,))
    )
    later = MONDAY + WEEK
    assert gaps(history, MONDAY, later + timedelta(days=1)) == [
        (ID, "no_entry", "nowak"),
        (lessons.lesson_id(later + timedelta(days=1), 1, "pol-A"), "no_entry", "lis"),
    ]
    history.tell(streams.unit("A"), TeachingEnded(assignment_id="mat-A", until=MONDAY - timedelta(days=1)))
    assert [gap[0] for gap in gaps(history, MONDAY, later)] == []


def test_an_entry_stays_when_the_plan_goes_away() -> None:
    history = there(taught(), held("A", MONDAY, 2))
    free = said.FreeDaysDeclared(year_id="Y", free_id="f", name="Ferie", starts=MONDAY, ends=MONDAY)
    history.tell(streams.school_calendar("Y"), free)
    hour = register_hours.of_unit(view_of(history), "A", MONDAY, MONDAY)[ID]
    assert (hour.expected, hour.held_by, hour.subject_id, hour.room) == (False, "nowak", "mat", None)
    assert {gap for _, gap, _ in gaps(history)} == {"no_roll", "no_signature"}


def test_hours_are_the_same_however_they_are_built(common: str) -> None:
    history = there(taught(), held("A", MONDAY, 2, topic=None))
    built = agree(common, REGISTER_HOURS, history)
    hours = [row for rows in built.values() for row in rows if isinstance(row, Hour)]
    assert [hour.gaps() for hour in hours if hour.held_by] == [
        [(HourGap.NO_TOPIC, "nowak"), (HourGap.NO_ROLL, "nowak"), (HourGap.NO_SIGNATURE, "nowak")]
    ]
