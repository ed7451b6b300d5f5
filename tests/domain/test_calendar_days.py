"""Free days, days that run otherwise, and lessons that are called off, moved, added, or in another room."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import calendar as said
from dziennik.contracts import streams
from dziennik.contracts.calendar import (
    DayChanged,
    DayRestored,
    FreeDaysDeclared,
    FreeDaysWithdrawn,
    LessonAdded,
    LessonCalledOff,
    LessonChangeWithdrawn,
    LessonMoved,
    RoomChanged,
)
from dziennik.contracts.calendar_commands import (
    CHANGE_BUILT_UPON,
    CHANGE_EXISTS,
    DAY_IS_FREE,
    DAY_NOT_CHANGED,
    FREE_DAYS_EXIST,
    LESSON_EXPECTED,
    LESSON_NOT_EXPECTED,
    NO_SUCH_CHANGE,
    NO_SUCH_FREE_DAYS,
    NOTHING_CHANGES,
    AddLesson,
    CallOffLesson,
    ChangeDay,
    ChangeRoom,
    DeclareFreeDays,
    MoveLesson,
    RestoreDay,
    WithdrawFreeDays,
    WithdrawLessonChange,
)
from dziennik.contracts.classes import (
    ASSIGNMENT_NOT_IN_FORCE,
    NO_SUCH_CLASS,
    NO_SUCH_PERIOD,
    NO_SUCH_WEEKDAY,
    OUTSIDE_YEAR,
    TeachingEnded,
    TimetableSet,
)
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.lessons import OUTSIDE_TERM, REASON_MISSING
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_YEAR, RULES_UNSOUND, SchoolYearClosed
from dziennik.contracts.values import LessonPeriod, TimetableSlot
from dziennik.domain.world import Entry
from tests.domain.register import AUGUST, NEXT_YEAR, NOWAK, OFFICE, REGISTER, SEPTEMBER
from tests.domain.sentence import at, given

MONDAY, TUESDAY, SATURDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 7)
WHOLE_SCHOOL = streams.school_calendar("y2026")
CALENDAR_4A = streams.unit_calendar("4a")

TIMETABLE = at(
    streams.unit("4a"),
    TimetableSet(
        unit_id="4a",
        valid_from=SEPTEMBER,
        slots=(
            TimetableSlot(weekday=1, period=3, assignment_id="pol-4a", room="12"),
            TimetableSlot(weekday=1, period=4, assignment_id="en-4a"),
            TimetableSlot(weekday=2, period=1, assignment_id="pol-4a", room="12"),
        ),
    ),
)
TAUGHT = (*REGISTER, TIMETABLE)
FERIE = DeclareFreeDays(
    free_id="w1", year_id="y2026", name="Ferie", starts=date(2027, 2, 1), ends=date(2027, 2, 14)
)
FERIE_DECLARED = at(
    WHOLE_SCHOOL,
    FreeDaysDeclared(
        free_id="w1", year_id="y2026", name="Ferie", starts=date(2027, 2, 1), ends=date(2027, 2, 14)
    ),
)
DROP = WithdrawFreeDays(free_id="w1", year_id="y2026", reason="inne województwo")
DROPPED = at(WHOLE_SCHOOL, FreeDaysWithdrawn(free_id="w1", year_id="y2026", reason="inne województwo"))


def test_the_office_declares_free_days() -> None:
    given(REGISTER).when(FERIE, by=OFFICE).then(FERIE_DECLARED)
    given(REGISTER, FERIE_DECLARED).when(FERIE).nothing()
    given(REGISTER, FERIE_DECLARED).when(replace(FERIE, name="Wakacje")).refused(
        FREE_DAYS_EXIST, "free_id", name="Ferie"
    )
    given(REGISTER).when(FERIE, by=NOWAK).refused(NOT_YOURS_TO_DO, None, role="teacher")


def test_free_days_make_sense() -> None:
    story = given(REGISTER)
    story.when(replace(FERIE, name=" ")).refused(TEXT_MISSING, "name", at="name")
    story.when(replace(FERIE, ends=date(2027, 1, 31))).refused(DATES_REVERSED, "starts")
    story.when(replace(FERIE, ends=NEXT_YEAR)).refused(OUTSIDE_YEAR, "ends")
    story.when(replace(FERIE, starts=date(2026, 8, 31))).refused(OUTSIDE_YEAR, "starts")
    story.when(replace(FERIE, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id", year="y1999")


def test_free_days_are_withdrawn_for_good() -> None:
    given(REGISTER, FERIE_DECLARED).when(DROP).then(DROPPED)
    given(REGISTER, FERIE_DECLARED, DROPPED).when(DROP).nothing()
    given(REGISTER, FERIE_DECLARED).when(replace(DROP, reason="")).refused(REASON_MISSING, "reason")
    given(REGISTER).when(DROP).refused(NO_SUCH_FREE_DAYS, "free_id", free="w1")
    given(REGISTER).when(replace(DROP, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")
    given(REGISTER, FERIE_DECLARED, DROPPED).when(FERIE).refused(NO_SUCH_FREE_DAYS, "free_id", free="w1")


SHORT = (
    LessonPeriod(number=1, starts="08:00", ends="08:30"),
    LessonPeriod(number=2, starts="08:35", ends="09:05"),
)
WORKING_SATURDAY = ChangeDay(year_id="y2026", on=SATURDAY, runs_as=1, reason="za 10 listopada")
AS_MONDAY = at(WHOLE_SCHOOL, DayChanged(year_id="y2026", on=SATURDAY, runs_as=1, reason="za 10 listopada"))
RESTORE = RestoreDay(year_id="y2026", on=SATURDAY, reason="mróz")
RESTORED = at(WHOLE_SCHOOL, DayRestored(year_id="y2026", on=SATURDAY, reason="mróz"))


def test_a_day_runs_as_another_weekday_or_with_other_bells() -> None:
    given(REGISTER).when(WORKING_SATURDAY).then(AS_MONDAY)
    given(REGISTER, AS_MONDAY).when(WORKING_SATURDAY).nothing()
    shortened = DayChanged(year_id="y2026", on=MONDAY, reason="rada", periods=SHORT)
    given(REGISTER, AS_MONDAY).when(
        ChangeDay(year_id="y2026", on=MONDAY, reason="rada", periods=SHORT), by=OFFICE
    ).then(at(WHOLE_SCHOOL, shortened))


def test_changed_days_make_sense() -> None:
    story = given(REGISTER)
    story.when(replace(WORKING_SATURDAY, reason=" ")).refused(REASON_MISSING, "reason")
    story.when(replace(WORKING_SATURDAY, runs_as=None)).refused(NOTHING_CHANGES, "runs_as")
    story.when(replace(WORKING_SATURDAY, runs_as=8)).refused(NO_SUCH_WEEKDAY, "runs_as", weekday=8)
    story.when(replace(WORKING_SATURDAY, on=NEXT_YEAR)).refused(OUTSIDE_YEAR, "on")
    story.when(replace(WORKING_SATURDAY, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")
    story.when(replace(WORKING_SATURDAY, periods=(SHORT[1], SHORT[0]))).refused(RULES_UNSOUND, "periods[1]")
    story.when(replace(WORKING_SATURDAY, periods=())).refused(RULES_UNSOUND, "periods")


def test_a_changed_day_is_restored() -> None:
    given(REGISTER, AS_MONDAY).when(RESTORE).then(RESTORED)
    given(REGISTER).when(RESTORE).refused(DAY_NOT_CHANGED, "on", on=SATURDAY)
    given(REGISTER, AS_MONDAY, RESTORED).when(RESTORE).refused(DAY_NOT_CHANGED, "on")
    given(REGISTER, AS_MONDAY).when(replace(RESTORE, reason="")).refused(REASON_MISSING, "reason")
    given(REGISTER).when(replace(RESTORE, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


def test_nothing_is_changed_in_a_closed_year() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=AUGUST, class_ids=("4a", "4b")))
    given(TAUGHT, closed).when(FERIE).refused(YEAR_CLOSED, "year_id", year="2026/2027")
    given(TAUGHT, closed).when(OFF).refused(YEAR_CLOSED, "unit_id", year="2026/2027")


# Single lessons

OFF = CallOffLesson(
    change_id="c1", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, reason="wyjście do kina"
)
CALLED_OFF = at(
    CALENDAR_4A,
    LessonCalledOff(
        change_id="c1", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, reason="wyjście do kina"
    ),
)
MOVE = MoveLesson(
    change_id="c2", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, to_on=TUESDAY, to_period=5
)
MOVED = at(
    CALENDAR_4A,
    LessonMoved(
        change_id="c2", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, to_on=TUESDAY, to_period=5
    ),
)
ADD = AddLesson(change_id="c3", unit_id="4a", assignment_id="pol-4a", on=TUESDAY, period=6, room="aula")
ADDED = at(
    CALENDAR_4A,
    LessonAdded(change_id="c3", unit_id="4a", assignment_id="pol-4a", on=TUESDAY, period=6, room="aula"),
)
ROOM = ChangeRoom(change_id="c4", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, room="aula")
OTHER_ROOM = at(
    CALENDAR_4A,
    RoomChanged(change_id="c4", unit_id="4a", assignment_id="pol-4a", on=MONDAY, period=3, room="aula"),
)
CHANGES: list[tuple[Command, Entry]] = [(OFF, CALLED_OFF), (MOVE, MOVED), (ADD, ADDED), (ROOM, OTHER_ROOM)]


@pytest.mark.parametrize(("command", "happened"), CHANGES)
def test_a_lesson_is_changed_once(command: Command, happened: Entry) -> None:
    given(TAUGHT).when(command, by=OFFICE).then(happened)
    given(TAUGHT, happened).when(command, by=OFFICE).nothing()
    given(TAUGHT).when(command, by=NOWAK).refused(NOT_YOURS_TO_DO, None)
    given(TAUGHT).when(replace(command, unit_id="9z")).refused(NO_SUCH_CLASS, "unit_id", unit="9z")


def test_one_id_is_one_change() -> None:
    given(TAUGHT, CALLED_OFF).when(replace(MOVE, change_id="c1")).refused(CHANGE_EXISTS, "change_id")
    withdrawn = at(CALENDAR_4A, LessonChangeWithdrawn(change_id="c1", unit_id="4a", reason="deszcz"))
    given(TAUGHT, CALLED_OFF, withdrawn).when(OFF).refused(CHANGE_EXISTS, "change_id")


@pytest.mark.parametrize("command", [OFF, MOVE, ROOM])
def test_only_expected_lessons_are_changed(command: Command) -> None:
    gone = replace(CALLED_OFF.fact, change_id="c0")
    given(TAUGHT, at(CALENDAR_4A, gone)).when(command).refused(
        LESSON_NOT_EXPECTED, "period", on=MONDAY, period=3, why="called_off – wyjście do kina"
    )
    given(REGISTER).when(command).refused(LESSON_NOT_EXPECTED, "period", on=MONDAY, period=3, why="—")


def test_a_lesson_needs_a_reason_to_be_called_off_and_a_room_a_name() -> None:
    given(TAUGHT).when(replace(OFF, reason=" ")).refused(REASON_MISSING, "reason")
    given(TAUGHT).when(replace(ROOM, room=" ")).refused(TEXT_MISSING, "room", at="room")
    given(TAUGHT).when(replace(ROOM, room="12")).nothing()


def test_a_moved_lesson_can_be_moved_on_from_where_it_is() -> None:
    on = MoveLesson(
        change_id="c5", unit_id="4a", assignment_id="pol-4a", on=TUESDAY, period=5, to_on=TUESDAY, to_period=6
    )
    told = LessonMoved(
        change_id="c5", unit_id="4a", assignment_id="pol-4a", on=TUESDAY, period=5, to_on=TUESDAY, to_period=6
    )
    given(TAUGHT, MOVED).when(on).then(at(CALENDAR_4A, told))
    given(TAUGHT).when(on).refused(LESSON_NOT_EXPECTED, "period")


@pytest.mark.parametrize(
    ("command", "prefix"), [(replace(MOVE, to_period=6), "to_"), (ADD, "")], ids=["moved", "added"]
)
def test_a_lesson_is_put_where_there_is_school(command: Command, prefix: str) -> None:
    day, hour = f"{prefix}on", f"{prefix}period"
    free = at(
        WHOLE_SCHOOL,
        FreeDaysDeclared(year_id="y2026", free_id="w2", name="Zaduszki", starts=TUESDAY, ends=TUESDAY),
    )
    given(TAUGHT, free).when(command).refused(DAY_IS_FREE, day, on=TUESDAY, name="Zaduszki")
    given(TAUGHT).when(replace(command, **{day: NEXT_YEAR})).refused(OUTSIDE_YEAR, day)
    given(TAUGHT).when(replace(command, **{day: JULY})).refused(OUTSIDE_TERM, day, on=JULY)
    given(TAUGHT).when(replace(command, **{hour: 14})).refused(NO_SUCH_PERIOD, hour, period=14)
    given(TAUGHT).when(replace(command, **{hour: 1})).refused(LESSON_EXPECTED, hour, on=TUESDAY, period=1)
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=MONDAY))
    given(TAUGHT, ended).when(command).refused(ASSIGNMENT_NOT_IN_FORCE, "on", on=TUESDAY)


JULY = date(2027, 7, 1)
WITHDRAW = WithdrawLessonChange(change_id="c2", unit_id="4a", reason="jednak nie")
WITHDRAWN = at(CALENDAR_4A, LessonChangeWithdrawn(change_id="c2", unit_id="4a", reason="jednak nie"))


def test_a_change_is_withdrawn() -> None:
    given(TAUGHT, MOVED).when(WITHDRAW, by=OFFICE).then(WITHDRAWN)
    given(TAUGHT, MOVED, WITHDRAWN).when(WITHDRAW).nothing()
    given(TAUGHT, MOVED, WITHDRAWN).when(OFF).then(CALLED_OFF)
    given(TAUGHT).when(WITHDRAW).refused(NO_SUCH_CHANGE, "change_id", change="c2")
    given(TAUGHT, MOVED).when(replace(WITHDRAW, reason="")).refused(REASON_MISSING, "reason")
    given(TAUGHT).when(replace(WITHDRAW, unit_id="9z")).refused(NO_SUCH_CLASS, "unit_id")


def test_what_others_build_upon_is_withdrawn_last() -> None:
    later = said.RoomChanged(
        change_id="c9", unit_id="4a", assignment_id="pol-4a", on=TUESDAY, period=5, room="aula"
    )
    past = (*TAUGHT, MOVED, at(CALENDAR_4A, later))
    given(past).when(WITHDRAW).refused(CHANGE_BUILT_UPON, "change_id", later="c9")
    gone = at(CALENDAR_4A, LessonChangeWithdrawn(change_id="c9", unit_id="4a", reason="x"))
    given(past, gone).when(WITHDRAW).then(WITHDRAWN)
    # A room is never built upon, and other lessons' changes do not matter.
    given(TAUGHT, OTHER_ROOM, MOVED).when(replace(WITHDRAW, change_id="c4")).then(
        at(CALENDAR_4A, replace(WITHDRAWN.fact, change_id="c4"))
    )
    given(TAUGHT, MOVED, ADDED).when(WITHDRAW).then(WITHDRAWN)
