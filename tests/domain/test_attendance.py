"""What may be decided about attendance: the roll, the marks, what was marked wrongly?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.absences import GroupRollCalled
from dziennik.contracts.attendance import (
    MARKED_TWICE,
    MINUTES_OUT_OF_RANGE,
    NO_SUCH_TYPE,
    NOT_ASKED,
    NOTHING_TO_CORRECT,
    ROLL_ALREADY_CALLED,
    ROLL_NOT_CALLED,
    AbsenceRecorded,
    AttendanceCorrected,
    CallRoll,
    CorrectAttendance,
    LatenessRecorded,
    ReleaseRecorded,
    RollCalled,
    RollMark,
)
from dziennik.contracts.classes import HomeroomTeacherAppointed, PupilLeft
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import (
    LESSON_WAS_CANCELLED,
    NO_SUCH_LESSON,
    NOT_YOUR_LESSON,
    REASON_MISSING,
    LessonCancelled,
    LessonHeld,
    lesson_id,
)
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.world import Entry
from tests.domain.register import LIS, NOWAK, OFFICE, PUPIL, REGISTER, enrolled
from tests.domain.sentence import DIRECTOR, at, given

WEDNESDAY = date(2026, 10, 14)
TUESDAY = date(2026, 10, 13)
POLISH = lesson_id(WEDNESDAY, 3, "pol-4a")
ENGLISH = lesson_id(WEDNESDAY, 4, "en-4a")
ETHICS = lesson_id(WEDNESDAY, 5, "eth")


def there(fact: Fact) -> Entry:
    return at(streams.lesson("4a", POLISH), fact)


def held(unit_id: str, assignment_id: str, teacher_id: str, period: int, group_id: str | None) -> Entry:
    fact = LessonHeld(
        unit_id=unit_id,
        lesson_id=lesson_id(WEDNESDAY, period, assignment_id),
        on=WEDNESDAY,
        period=period,
        assignment_id=assignment_id,
        subject_id=assignment_id.partition("-")[0],
        teacher_id=teacher_id,
        group_id=group_id,
    )
    return at(streams.lesson(unit_id, fact.lesson_id), fact)


def noted(class_id: str) -> Entry:
    """The class knows from now on that its pupils are asked in the ethics group."""
    return at(streams.absences(class_id), GroupRollCalled(class_id=class_id, group_id="ethics"))


def mark(pupil_id: str, type_id: str, minutes: int | None = None) -> RollMark:
    return RollMark(pupil_id=pupil_id, type_id=type_id, minutes=minutes)


POLISH_HELD = held("4a", "pol-4a", "nowak", 3, None)
ENGLISH_HELD = held("4a", "en-4a", "lis", 4, "4a-en")
ETHICS_HELD = held("ethics", "eth", "lis", 5, "ethics")
# Łoś comes to 4a a day after these lessons, and is never asked.
DAY = (*REGISTER, enrolled("4a", "los", 3, date(2026, 10, 15)), POLISH_HELD, ENGLISH_HELD, ETHICS_HELD)

CALLED = there(RollCalled(lesson_id=POLISH, pupils=("cma", "bobr")))
CMA_ABSENT = there(
    AbsenceRecorded(lesson_id=POLISH, pupil_id="cma", type_id="absent", kind=AttendanceKind.ABSENT)
)
BOBR_LATE = there(
    LatenessRecorded(lesson_id=POLISH, pupil_id="bobr", type_id="late", kind=AttendanceKind.LATE, minutes=12)
)
CMA_EXCUSED = there(
    AttendanceCorrected(
        lesson_id=POLISH,
        pupil_id="cma",
        was_type_id="absent",
        was_kind=AttendanceKind.ABSENT,
        type_id="absent-excused",
        kind=AttendanceKind.ABSENT_EXCUSED,
        reason="zwolnienie lekarskie",
    )
)

CALL = CallRoll(unit_id="4a", lesson_id=POLISH)
CALL_WITH_MARKS = replace(CALL, marks=(mark("cma", "absent"), mark("bobr", "late", 12)))
CORRECT = CorrectAttendance(
    unit_id="4a",
    lesson_id=POLISH,
    pupil_id="cma",
    type_id="absent-excused",
    reason="zwolnienie lekarskie",
)


def test_the_roll_of_a_class_is_called_in_register_order() -> None:
    given(DAY).when(CALL, by=NOWAK).then(CALLED)


def test_the_roll_of_a_group_is_its_members() -> None:
    given(DAY).when(replace(CALL, lesson_id=ENGLISH), by=LIS).then(
        at(streams.lesson("4a", ENGLISH), RollCalled(lesson_id=ENGLISH, pupils=("bobr",)))
    )


def test_the_roll_of_an_interclass_group_is_its_members() -> None:
    ethics = CallRoll(unit_id="ethics", lesson_id=ETHICS)
    called = at(streams.lesson("ethics", ETHICS), RollCalled(lesson_id=ETHICS, pupils=("bobr", "zajac")))
    given(DAY).when(ethics, by=LIS).then(called, noted("4a"), noted("4b"))
    given(DAY, noted("4a")).when(ethics, by=LIS).then(called, noted("4b"))
    given(DAY, noted("4a"), noted("4b")).when(ethics, by=LIS).then(called)


def test_who_left_the_class_is_not_asked_in_an_interclass_group_either() -> None:
    left = at(streams.unit("4a"), PupilLeft(class_id="4a", pupil_id="bobr", until=TUESDAY))
    ethics = CallRoll(unit_id="ethics", lesson_id=ETHICS)
    called = RollCalled(lesson_id=ETHICS, pupils=("zajac",))
    given(DAY, left).when(ethics, by=LIS).then(at(streams.lesson("ethics", ETHICS), called), noted("4b"))


def test_who_is_not_simply_present_is_marked() -> None:
    given(DAY).when(CALL_WITH_MARKS, by=NOWAK).then(CALLED, CMA_ABSENT, BOBR_LATE)


@pytest.mark.parametrize(
    ("type_id", "fact"),
    [
        ("absent-excused", AbsenceRecorded),
        ("school-reason", AbsenceRecorded),
        ("late", LatenessRecorded),
        ("late-excused", LatenessRecorded),
        ("released", ReleaseRecorded),
    ],
)
def test_each_kind_has_its_fact(type_id: str, fact: type[AbsenceRecorded]) -> None:
    kind = AttendanceKind(type_id.replace("-", "_"))
    recorded = fact(lesson_id=POLISH, pupil_id="bobr", type_id=type_id, kind=kind)
    given(DAY).when(replace(CALL, marks=(mark("bobr", type_id),)), by=NOWAK).then(CALLED, there(recorded))


def test_presence_needs_no_mark() -> None:
    given(DAY).when(replace(CALL, marks=(mark("cma", "present"),)), by=NOWAK).then(CALLED)


def test_it_may_be_told_who_was_asked() -> None:
    one = there(RollCalled(lesson_id=POLISH, pupils=("bobr",)))
    given(DAY).when(replace(CALL, pupils=("bobr",)), by=NOWAK).then(one)
    given(DAY).when(replace(CALL, pupils=("bobr", "cma")), by=NOWAK).then(CALLED)
    given(DAY).when(replace(CALL, pupils=("cma", "zajac")), by=NOWAK).refused(
        NOT_ASKED, "pupils[1]", pupil="zajac"
    )


def test_only_who_is_asked_is_marked() -> None:
    for pupil_id in ("zajac", "los"):
        marked = replace(CALL, marks=(mark("cma", "absent"), mark(pupil_id, "absent")))
        given(DAY).when(marked, by=NOWAK).refused(NOT_ASKED, "marks[1].pupil_id", pupil=pupil_id)
    not_asked = replace(CALL, pupils=("bobr",), marks=(mark("cma", "absent"),))
    given(DAY).when(not_asked, by=NOWAK).refused(NOT_ASKED, "marks[0].pupil_id")


def test_nobody_is_marked_twice() -> None:
    twice = replace(CALL, marks=(mark("cma", "present"), mark("cma", "absent")))
    given(DAY).when(twice, by=NOWAK).refused(MARKED_TWICE, "marks[1].pupil_id", pupil="cma")


def test_marks_are_the_schools_types() -> None:
    given(DAY).when(replace(CALL, marks=(mark("cma", "asleep"),)), by=NOWAK).refused(
        NO_SUCH_TYPE, "marks[0].type_id", type="asleep"
    )


@pytest.mark.parametrize(("type_id", "minutes"), [("late", 0), ("late", 91), ("absent", 5), ("present", 1)])
def test_minutes_belong_to_lateness(type_id: str, minutes: int) -> None:
    given(DAY).when(replace(CALL, marks=(mark("cma", type_id, minutes),)), by=NOWAK).refused(
        MINUTES_OUT_OF_RANGE, "marks[0].minutes", minutes=minutes, limit=90
    )


def test_calling_it_again_does_nothing() -> None:
    given(DAY, CALLED, CMA_ABSENT, BOBR_LATE).when(CALL_WITH_MARKS, by=NOWAK).nothing()


def test_the_roll_is_called_once() -> None:
    given(DAY, CALLED).when(CALL_WITH_MARKS, by=NOWAK).refused(ROLL_ALREADY_CALLED, "lesson_id")
    given(DAY, CALLED).when(replace(CALL, pupils=("cma",)), by=NOWAK).refused(
        ROLL_ALREADY_CALLED, "lesson_id"
    )


def test_an_absence_is_excused_afterwards() -> None:
    given(DAY, CALLED, CMA_ABSENT).when(CORRECT, by=NOWAK).then(CMA_EXCUSED)
    given(DAY, CALLED, CMA_ABSENT, CMA_EXCUSED).when(CORRECT, by=NOWAK).refused(NOTHING_TO_CORRECT, "type_id")


def test_presence_is_put_right_too() -> None:
    late = replace(CORRECT, pupil_id="bobr", type_id="late", minutes=12, reason="pomyłka")
    given(DAY, CALLED).when(late, by=NOWAK).then(
        there(
            AttendanceCorrected(
                lesson_id=POLISH,
                pupil_id="bobr",
                was_type_id="present",
                was_kind=AttendanceKind.PRESENT,
                type_id="late",
                kind=AttendanceKind.LATE,
                reason="pomyłka",
                minutes=12,
            )
        )
    )
    given(DAY, CALLED).when(replace(late, type_id="present", minutes=None), by=NOWAK).refused(
        NOTHING_TO_CORRECT, "type_id"
    )


def test_minutes_alone_may_be_put_right() -> None:
    late = replace(CORRECT, pupil_id="bobr", type_id="late", minutes=20)
    given(DAY, CALLED, BOBR_LATE).when(late, by=NOWAK).then(
        there(
            AttendanceCorrected(
                lesson_id=POLISH,
                pupil_id="bobr",
                was_type_id="late",
                was_kind=AttendanceKind.LATE,
                type_id="late",
                kind=AttendanceKind.LATE,
                reason="zwolnienie lekarskie",
                minutes=20,
            )
        )
    )
    given(DAY, CALLED, BOBR_LATE).when(replace(late, minutes=91), by=NOWAK).refused(
        MINUTES_OUT_OF_RANGE, "minutes", minutes=91, limit=90
    )


def test_what_was_not_marked_is_not_put_right() -> None:
    given(DAY).when(CORRECT, by=NOWAK).refused(ROLL_NOT_CALLED, "lesson_id")
    given(DAY, CALLED).when(replace(CORRECT, pupil_id="los"), by=NOWAK).refused(
        NOT_ASKED, "pupil_id", pupil="los"
    )
    given(DAY, CALLED).when(replace(CORRECT, type_id="asleep"), by=NOWAK).refused(NO_SUCH_TYPE, "type_id")
    given(DAY, CALLED).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")


def test_the_homeroom_teacher_puts_right_what_others_marked() -> None:
    called = at(streams.lesson("4a", ENGLISH), RollCalled(lesson_id=ENGLISH, pupils=("bobr",)))
    excused = replace(CORRECT, lesson_id=ENGLISH, pupil_id="bobr", type_id="school-reason", reason="zawody")
    given(DAY, called).when(excused, by=NOWAK).then(
        at(
            streams.lesson("4a", ENGLISH),
            AttendanceCorrected(
                lesson_id=ENGLISH,
                pupil_id="bobr",
                was_type_id="present",
                was_kind=AttendanceKind.PRESENT,
                type_id="school-reason",
                kind=AttendanceKind.SCHOOL_REASON,
                reason="zawody",
            ),
        )
    )


def test_the_homeroom_teacher_puts_right_only_what_was_marked_of_the_own_class() -> None:
    stream = streams.lesson("ethics", ETHICS)
    called = at(stream, RollCalled(lesson_id=ETHICS, pupils=("bobr", "zajac")))
    excused = CorrectAttendance(
        unit_id="ethics", lesson_id=ETHICS, pupil_id="bobr", type_id="absent", reason="pomyłka"
    )
    corrected = AttendanceCorrected(
        lesson_id=ETHICS,
        pupil_id="bobr",
        was_type_id="present",
        was_kind=AttendanceKind.PRESENT,
        type_id="absent",
        kind=AttendanceKind.ABSENT,
        reason="pomyłka",
    )
    given(DAY, called).when(excused, by=NOWAK).then(at(stream, corrected))
    given(DAY, called).when(replace(excused, pupil_id="zajac"), by=NOWAK).refused(
        NOT_YOUR_LESSON, "lesson_id"
    )


def test_others_do_not() -> None:
    given(DAY, CALLED, CMA_ABSENT).when(CORRECT, by=LIS).refused(NOT_YOUR_LESSON, "lesson_id")
    given(DAY, CALLED, CMA_ABSENT).when(CORRECT, by=DIRECTOR).then(CMA_EXCUSED)
    given(DAY).when(CALL, by=LIS).refused(NOT_YOUR_LESSON, "lesson_id")
    given(DAY).when(CALL, by=DIRECTOR).then(CALLED)
    former = at(
        streams.unit("4a"),
        HomeroomTeacherAppointed(class_id="4a", teacher_id="lis", since=date(2026, 10, 15)),
    )
    given(DAY, CALLED, CMA_ABSENT, former).when(CORRECT, by=LIS).then(CMA_EXCUSED)


@pytest.mark.parametrize("command", [CALL, CORRECT])
def test_it_takes_a_lesson_that_was_held_and_stands(command: Command) -> None:
    given(REGISTER).when(command, by=NOWAK).refused(NO_SUCH_LESSON, "lesson_id", lesson=POLISH)
    cancelled = there(
        LessonCancelled(
            unit_id="4a",
            lesson_id=POLISH,
            on=WEDNESDAY,
            period=3,
            assignment_id="pol-4a",
            subject_id="pol",
            reason="pomyłka",
        )
    )
    given(DAY, CALLED, cancelled).when(command, by=NOWAK).refused(LESSON_WAS_CANCELLED, "lesson_id")


@pytest.mark.parametrize("command", [CALL, CORRECT])
def test_attendance_is_the_teachings(command: Command) -> None:
    given(DAY, CALLED).when(command, by=PUPIL).refused(NOT_YOURS_TO_DO, role="pupil")
    given(DAY, CALLED).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO, role="administrator")
