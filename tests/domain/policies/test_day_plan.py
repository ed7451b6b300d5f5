"""Which lessons are expected on a day, and does the plan say why others are not?"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts.lessons import lesson_id
from dziennik.contracts.values import LessonPeriod, Term, TimetableSlot
from dziennik.domain.policies.day_plan import (
    ChangedDay,
    ChangeKind,
    FreeDays,
    LessonChange,
    LessonNote,
    Note,
    SchoolDays,
    Substitute,
    Taught,
    UnitHours,
    WhyNot,
    plan_of_day,
    plans,
)
from dziennik.domain.policies.defaults import USUAL_PERIODS

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2027, 8, 31)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)
SATURDAY = date(2026, 11, 7)


def taught(assignment_id: str, since: date = SEPTEMBER, until: date | None = None) -> Taught:
    """An assignment of its own subject and teacher."""
    return Taught(
        assignment_id=assignment_id,
        subject_id=f"{assignment_id}-subject",
        teacher_id=f"{assignment_id}-teacher",
        since=since,
        until=until,
    )


SCHOOL = SchoolDays(starts=SEPTEMBER, ends=AUGUST, periods=USUAL_PERIODS)
UNIT = UnitHours(
    unit_id="4a",
    timetables={
        SEPTEMBER: (
            TimetableSlot(weekday=1, period=2, assignment_id="art", room="7"),
            TimetableSlot(weekday=1, period=3, assignment_id="pol", room="12"),
            TimetableSlot(weekday=2, period=1, assignment_id="pol", room="12"),
        )
    },
    taught={each: taught(each) for each in ("art", "pol")},
)
OFF = LessonChange(
    change_id="c1", kind=ChangeKind.CALLED_OFF, assignment_id="pol", on=MONDAY, period=3, reason="kino"
)
MOVE = LessonChange(
    change_id="c2",
    kind=ChangeKind.MOVED,
    assignment_id="pol",
    on=MONDAY,
    period=3,
    to_on=TUESDAY,
    to_period=5,
    reason="narada",
)
ADD = LessonChange(
    change_id="c3",
    kind=ChangeKind.ADDED,
    assignment_id="art",
    on=TUESDAY,
    period=6,
    room="8",
    reason="konkurs",
)


def hours(
    day: date, school: SchoolDays = SCHOOL, unit: UnitHours = UNIT
) -> list[tuple[int, str, str | None]]:
    """The expected lessons as (hour, assignment, room)."""
    return [(e.period, e.assignment_id, e.room) for e in plan_of_day(day, school, unit).expected]


def why(
    day: date, school: SchoolDays = SCHOOL, unit: UnitHours = UNIT
) -> list[tuple[int, WhyNot, str | None]]:
    """What is left out as (hour, reason, what was said)."""
    return [(out.period, out.why, out.text) for out in plan_of_day(day, school, unit).left_out]


def test_an_ordinary_day_is_the_timetable() -> None:
    plan = plan_of_day(MONDAY, SCHOOL, UNIT)
    assert hours(MONDAY) == [(2, "art", "7"), (3, "pol", "12")]
    assert (plan.timetable_from, plan.weekday, plan.kept, plan.left_out) == (SEPTEMBER, 1, True, ())
    lesson = plan.expected[1]
    assert (lesson.starts, lesson.ends) == ("09:50", "10:35")
    assert (lesson.lesson_id, lesson.teacher_id) == (lesson_id(MONDAY, 3, "pol"), "pol-teacher")
    assert (lesson.first_on, lesson.first_period, lesson.notes) == (MONDAY, 3, ())
    assert hours(SATURDAY) == []


def test_the_latest_timetable_before_the_day_holds() -> None:
    newer = (TimetableSlot(weekday=1, period=1, assignment_id="art"),)
    unit = replace(UNIT, timetables={**UNIT.timetables, TUESDAY: newer})
    assert hours(MONDAY, unit=unit) == [(2, "art", "7"), (3, "pol", "12")]
    assert hours(MONDAY + timedelta(days=7), unit=unit) == [(1, "art", None)]
    assert hours(date(2026, 8, 31), unit=unit) == []


def test_a_free_day_has_no_lessons_not_even_added_ones() -> None:
    school = replace(SCHOOL, free=(FreeDays(free_id="w", name="Zaduszki", starts=MONDAY, ends=TUESDAY),))
    assert hours(MONDAY, school) == hours(TUESDAY, school) == []
    assert why(MONDAY, school) == [(2, WhyNot.FREE_DAY, "Zaduszki"), (3, WhyNot.FREE_DAY, "Zaduszki")]
    unit = replace(UNIT, changes=(ADD,))
    assert why(TUESDAY, school, unit) == [(1, WhyNot.FREE_DAY, "Zaduszki"), (6, WhyNot.FREE_DAY, "Zaduszki")]
    assert plan_of_day(WEDNESDAY, school, UNIT).free is None


def test_outside_of_terms_no_timetable_holds() -> None:
    term = Term(term_id="t1", name="I okres", starts=SEPTEMBER, ends=MONDAY)
    school = replace(SCHOOL, terms=(term,))
    assert len(hours(MONDAY, school)) == 2
    plan = plan_of_day(TUESDAY, school, UNIT)
    assert (plan.kept, plan.expected, plan.left_out, plan.timetable_from) == (False, (), (), None)
    assert not plan_of_day(date(2027, 9, 6), SCHOOL, UNIT).kept


def test_a_day_runs_as_another_weekday() -> None:
    school = replace(SCHOOL, changed={SATURDAY: ChangedDay(on=SATURDAY, reason="za 10 XI", runs_as=1)})
    assert hours(SATURDAY, school) == [(2, "art", "7"), (3, "pol", "12")]
    plan = plan_of_day(SATURDAY, school, UNIT)
    assert (plan.weekday, plan.changed and plan.changed.reason) == (1, "za 10 XI")


def test_shortened_bells_move_the_times_and_leave_out_the_hours_they_lack() -> None:
    bells = (LessonPeriod(number=2, starts="08:35", ends="09:05"),)
    school = replace(SCHOOL, changed={MONDAY: ChangedDay(on=MONDAY, reason="rada", periods=bells)})
    (lesson,) = plan_of_day(MONDAY, school, UNIT).expected
    assert (lesson.period, lesson.starts, lesson.ends) == (2, "08:35", "09:05")
    assert why(MONDAY, school) == [(3, WhyNot.NO_SUCH_HOUR, "rada")]


def test_an_assignment_that_is_not_in_force_is_not_taught() -> None:
    unit = replace(UNIT, taught={"pol": taught("pol", until=date(2026, 11, 1))})
    assert why(MONDAY, unit=unit) == [(2, WhyNot.NOT_TAUGHT, None), (3, WhyNot.NOT_TAUGHT, None)]
    unit = replace(UNIT, taught={"pol": taught("pol", since=TUESDAY, until=TUESDAY)})
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "12")]
    assert hours(MONDAY, unit=unit) == []


def test_a_lesson_called_off_or_cancelled_is_left_out_with_its_reason() -> None:
    assert why(MONDAY, unit=replace(UNIT, changes=(OFF,))) == [(3, WhyNot.CALLED_OFF, "kino")]
    assert why(MONDAY + timedelta(days=7), unit=replace(UNIT, changes=(OFF,))) == []
    cancelled = replace(UNIT, cancelled={lesson_id(MONDAY, 3, "pol"): "pożar"})
    assert why(MONDAY, unit=cancelled) == [(3, WhyNot.CANCELLED, "pożar")]
    assert hours(MONDAY, unit=cancelled) == [(2, "art", "7")]


def test_a_moved_lesson_leaves_one_day_and_comes_to_another() -> None:
    unit = replace(UNIT, changes=(MOVE,))
    assert hours(MONDAY, unit=unit) == [(2, "art", "7")]
    assert why(MONDAY, unit=unit) == [(3, WhyNot.MOVED_AWAY, "narada")]
    (gone,) = plan_of_day(MONDAY, SCHOOL, unit).left_out
    assert (gone.to_on, gone.to_period, gone.subject_id) == (TUESDAY, 5, "pol-subject")
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "12"), (5, "pol", "12")]
    moved = plan_of_day(TUESDAY, SCHOOL, unit).expected[1]
    assert (moved.first_on, moved.first_period) == (MONDAY, 3)
    assert moved.notes == (Note(kind=LessonNote.MOVED_HERE, text="narada"),)


def test_a_lesson_moved_twice_knows_where_it_stood_first() -> None:
    again = replace(MOVE, change_id="c9", on=TUESDAY, period=5, to_on=WEDNESDAY, to_period=1, room="9")
    unit = replace(UNIT, changes=(MOVE, again))
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "12")]
    assert why(TUESDAY, unit=unit) == [(5, WhyNot.MOVED_AWAY, "narada")]
    (lesson,) = plan_of_day(WEDNESDAY, SCHOOL, unit).expected
    assert (lesson.first_on, lesson.first_period, lesson.room) == (MONDAY, 3, "9")


def test_a_lesson_moved_away_and_back_is_there() -> None:
    back = replace(MOVE, change_id="c9", on=TUESDAY, period=5, to_on=MONDAY, to_period=4)
    unit = replace(UNIT, changes=(MOVE, back))
    assert hours(MONDAY, unit=unit) == [(2, "art", "7"), (4, "pol", "12")]
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "12")]


def test_moved_within_the_day_it_keeps_its_room() -> None:
    unit = replace(UNIT, changes=(replace(MOVE, to_on=MONDAY, to_period=1),))
    assert hours(MONDAY, unit=unit) == [(1, "pol", "12"), (2, "art", "7")]
    assert why(MONDAY, unit=unit) == [(3, WhyNot.MOVED_AWAY, "narada")]
    stale = replace(UNIT, changes=(OFF, replace(MOVE, to_on=MONDAY, to_period=1)))
    assert hours(MONDAY, unit=stale) == [(2, "art", "7")]


def test_a_lesson_is_added_and_a_room_changed() -> None:
    room = LessonChange(
        change_id="c5", kind=ChangeKind.ROOM, assignment_id="pol", on=TUESDAY, period=1, room="aula"
    )
    unit = replace(UNIT, changes=(ADD, room))
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "aula"), (6, "art", "8")]
    first, added = plan_of_day(TUESDAY, SCHOOL, unit).expected
    assert first.notes == (Note(kind=LessonNote.ROOM),)
    assert added.notes == (Note(kind=LessonNote.ADDED, text="konkurs"),)
    assert hours(WEDNESDAY, unit=unit) == []


def test_a_lesson_moved_from_a_changed_room_stays_in_it() -> None:
    room = LessonChange(
        change_id="c5", kind=ChangeKind.ROOM, assignment_id="pol", on=MONDAY, period=3, room="aula"
    )
    unit = replace(UNIT, changes=(room, MOVE))
    assert hours(TUESDAY, unit=unit) == [(1, "pol", "12"), (5, "pol", "aula")]


def test_a_substitute_takes_the_lesson() -> None:
    substitutes = {lesson_id(MONDAY, 3, "pol"): Substitute(teacher_id="lis", reason="choroba")}
    lesson = plan_of_day(MONDAY, SCHOOL, replace(UNIT, substitutes=substitutes)).expected[1]
    assert (lesson.teacher_id, lesson.instead_of) == ("lis", "pol-teacher")
    assert lesson.notes == (Note(kind=LessonNote.SUBSTITUTION, text="choroba"),)


# What holds for every timetable

ASSIGNMENTS = ("art", "pol", "en", "pe")
PERIODS = range(1, 9)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
places = st.tuples(st.integers(1, 7), st.sampled_from(PERIODS), st.sampled_from(ASSIGNMENTS))


@st.composite
def units(draw: st.DrawFn) -> UnitHours:
    """A class with any timetable, all of whose assignments are in force."""
    chosen = sorted(draw(st.sets(places, max_size=20)))
    slots = tuple([TimetableSlot(weekday=w, period=p, assignment_id=a, room=a) for w, p, a in chosen])
    return UnitHours(
        unit_id="4a", timetables={SEPTEMBER: slots}, taught={each: taught(each) for each in ASSIGNMENTS}
    )


@st.composite
def changed_units(draw: st.DrawFn) -> UnitHours:
    """The same with changes of lessons that are there when they are made, as decisions make them."""
    unit = draw(units())
    for number in range(draw(st.integers(0, 6))):
        all_lessons = [e for plan in plans(WEEK, SCHOOL, unit) for e in plan.expected]
        kind = draw(st.sampled_from(ChangeKind))
        if not all_lessons or kind is ChangeKind.ADDED:
            continue
        lesson = draw(st.sampled_from(all_lessons))
        to_on, to_period = draw(st.sampled_from(WEEK)), draw(st.sampled_from(PERIODS))
        taken = (to_on, to_period) in {
            (e.on, e.period) for e in all_lessons if e.assignment_id == lesson.assignment_id
        }
        if kind is ChangeKind.MOVED and taken:
            continue
        change = LessonChange(
            change_id=str(number),
            kind=kind,
            assignment_id=lesson.assignment_id,
            on=lesson.on,
            period=lesson.period,
            to_on=to_on if kind is ChangeKind.MOVED else None,
            to_period=to_period if kind is ChangeKind.MOVED else None,
            room="aula" if kind is ChangeKind.ROOM else None,
        )
        unit = replace(unit, changes=(*unit.changes, change))
    return unit


@given(units(), st.sampled_from(WEEK))
def test_without_changes_the_plan_is_the_weekdays_slots(unit: UnitHours, day: date) -> None:
    slots = {(s.period, s.assignment_id) for s in unit.timetables[SEPTEMBER] if s.weekday == day.isoweekday()}
    plan = plan_of_day(day, SCHOOL, unit)
    assert {(e.period, e.assignment_id) for e in plan.expected} == slots
    assert plan.left_out == ()


@given(changed_units())
def test_a_week_loses_exactly_what_was_called_off(unit: UnitHours) -> None:
    called_off = [change for change in unit.changes if change.kind is ChangeKind.CALLED_OFF]
    week = plans(WEEK, SCHOOL, unit)
    expected = [e for plan in week for e in plan.expected]
    assert len(expected) == len(unit.timetables[SEPTEMBER]) - len(called_off)
    assert len({(e.first_on, e.first_period, e.assignment_id) for e in expected}) == len(expected)
    assert len({e.lesson_id for e in expected}) == len(expected)
    gone = [out for plan in week for out in plan.left_out]
    assert sum(out.why is WhyNot.CALLED_OFF for out in gone) == len(called_off)


@given(changed_units(), st.sampled_from(WEEK))
def test_on_a_free_day_nothing_is_expected_and_all_is_explained(unit: UnitHours, day: date) -> None:
    free = replace(SCHOOL, free=(FreeDays(free_id="w", name="Święto", starts=day, ends=day),))
    usual, plan = plan_of_day(day, SCHOOL, unit), plan_of_day(day, free, unit)
    assert plan.expected == ()
    told = {(o.period, o.assignment_id) for o in plan.left_out if o.why is WhyNot.FREE_DAY}
    assert told == {(e.period, e.assignment_id) for e in usual.expected}


@given(units(), st.integers(1, 7))
def test_a_day_that_runs_as_another_has_its_lessons(unit: UnitHours, weekday: int) -> None:
    school = replace(SCHOOL, changed={WEDNESDAY: ChangedDay(on=WEDNESDAY, reason="x", runs_as=weekday)})
    assert hours(WEDNESDAY, school, unit) == hours(WEEK[weekday - 1], SCHOOL, unit)


@given(changed_units(), st.sampled_from(WEEK))
def test_substitutes_change_who_and_nothing_else(unit: UnitHours, day: date) -> None:
    usual = plan_of_day(day, SCHOOL, unit)
    substitutes = {e.lesson_id: Substitute(teacher_id="lis") for e in usual.expected[::2]}
    plan = plan_of_day(day, SCHOOL, replace(unit, substitutes=substitutes))
    assert [e.teacher_id == "lis" for e in plan.expected] == [
        e.lesson_id in substitutes for e in usual.expected
    ]
    bare = [replace(e, teacher_id="", instead_of=None, notes=()) for e in plan.expected]
    assert bare == [replace(e, teacher_id="", instead_of=None, notes=()) for e in usual.expected]
