"""What does a roll take over from the lessons before it?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dziennik.contracts.absences import (
    AbsenceAnnounced,
    AwayFor,
    ExcuseAccepted,
    ExcuseSubmitted,
    ExemptionGranted,
    ExemptionMode,
    SchoolAbsenceArranged,
)
from dziennik.contracts.attendance import (
    NO_SUCH_TYPE,
    NOTHING_TO_CARRY_OVER,
    ROLL_ALREADY_CALLED,
    CallRoll,
    CarryOverRoll,
    PrefilledFrom,
    RollMark,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.lessons import NO_SUCH_LESSON, NOT_YOUR_LESSON, LessonCancelled, lesson_id
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.world import Entry
from tests.domain.absence_story import (
    ENGLISH,
    ETHICS,
    MOTHER,
    NOTED,
    PAST,
    POLISH,
    POLISH_2,
    THE_DAY,
    TUESDAY,
    WEDNESDAY,
    absent,
    called,
    corrected,
    held,
    in_lesson,
    late,
    of_4a,
)
from tests.domain.register import LIS, NOWAK
from tests.domain.sentence import given
from tests.domain.test_absences import prefilled, released

ABSENT, EXCUSED = AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED
CARRY = CarryOverRoll(unit_id="4a", lesson_id=POLISH)
BEFORE = called(POLISH_2, "cma", "bobr")
NOW = called(POLISH, "cma", "bobr")
TAKEN = prefilled(POLISH, ("cma", PrefilledFrom.EARLIER_LESSON, POLISH_2))


def test_absent_stays_absent_and_late_is_there() -> None:
    marks = (BEFORE, absent(POLISH_2, "cma"), late(POLISH_2, "bobr"))
    given(PAST, marks).when(CARRY, by=NOWAK).then(NOW, TAKEN, absent(POLISH, "cma"))
    given(PAST, BEFORE).when(CARRY, by=NOWAK).then(NOW)
    given(PAST, marks, NOW, TAKEN, absent(POLISH, "cma")).when(CARRY, by=NOWAK).nothing()
    given(PAST, marks, NOW).when(CARRY, by=NOWAK).refused(ROLL_ALREADY_CALLED, "lesson_id")


@pytest.mark.parametrize("kind", [EXCUSED, AttendanceKind.SCHOOL_REASON])
def test_other_absences_stay_what_they_are(kind: AttendanceKind) -> None:
    marks = (BEFORE, absent(POLISH_2, "cma", kind))
    given(PAST, marks).when(CARRY, by=NOWAK).then(NOW, TAKEN, absent(POLISH, "cma", kind))


def test_the_mark_as_it_was_put_right_counts() -> None:
    marks = (BEFORE, absent(POLISH_2, "cma"), corrected(POLISH_2, "cma", ABSENT, EXCUSED))
    given(PAST, marks).when(CARRY, by=NOWAK).then(NOW, TAKEN, absent(POLISH, "cma", EXCUSED))


def test_what_is_marked_by_hand_wins() -> None:
    marks = (BEFORE, absent(POLISH_2, "cma"))
    there = replace(CARRY, marks=(RollMark(pupil_id="cma", type_id="present"),))
    given(PAST, marks).when(there, by=NOWAK).then(NOW)
    asleep = replace(CARRY, marks=(RollMark(pupil_id="cma", type_id="asleep"),))
    given(PAST, marks).when(asleep, by=NOWAK).refused(NO_SUCH_TYPE, "marks[0].type_id")


def test_each_pupil_is_as_at_their_own_last_lesson() -> None:
    """Ćma was not in the English group: for her the Polish lesson before it tells."""
    after = held("pol-4a", 6)
    lesson = lesson_id(WEDNESDAY, 6, "pol-4a")
    marks = (BEFORE, absent(POLISH_2, "cma"), absent(POLISH_2, "bobr"), called(ENGLISH, "bobr"))
    given(PAST, after, marks).when(replace(CARRY, lesson_id=lesson), by=NOWAK).then(
        called(lesson, "cma", "bobr"),
        prefilled(lesson, ("cma", PrefilledFrom.EARLIER_LESSON, POLISH_2)),
        absent(lesson, "cma"),
    )


def test_interclass_groups_take_over_and_are_taken_over() -> None:
    ethics = CarryOverRoll(unit_id="ethics", lesson_id=ETHICS)
    filled = prefilled(ETHICS, ("bobr", PrefilledFrom.EARLIER_LESSON, POLISH_2))
    given(PAST, NOTED, BEFORE, absent(POLISH_2, "bobr")).when(ethics, by=LIS).then(
        called(ETHICS, "bobr", "zajac"), filled, absent(ETHICS, "bobr")
    )
    lesson = lesson_id(WEDNESDAY, 6, "pol-4a")
    in_ethics = (called(ETHICS, "bobr", "zajac"), *NOTED, absent(ETHICS, "bobr"), absent(ETHICS, "zajac"))
    given(PAST, held("pol-4a", 6), in_ethics).when(replace(CARRY, lesson_id=lesson), by=NOWAK).then(
        called(lesson, "cma", "bobr"),
        prefilled(lesson, ("bobr", PrefilledFrom.EARLIER_LESSON, ETHICS)),
        absent(lesson, "bobr"),
    )


def test_there_is_an_earlier_lesson_of_the_same_day() -> None:
    yesterday = lesson_id(TUESDAY, 2, "pol-4a")
    other_day = (held("pol-4a", 2, TUESDAY), called(yesterday, "cma", "bobr"), absent(yesterday, "cma"))
    later = called(ENGLISH, "bobr")
    given(PAST, other_day, later).when(CARRY, by=NOWAK).refused(NOTHING_TO_CARRY_OVER, "lesson_id")
    cancelled = in_lesson(
        POLISH_2,
        LessonCancelled(
            unit_id="4a",
            lesson_id=POLISH_2,
            on=WEDNESDAY,
            period=2,
            assignment_id="pol-4a",
            subject_id="pol",
            reason="pomyłka",
        ),
    )
    given(PAST, BEFORE, cancelled).when(CARRY, by=NOWAK).refused(NOTHING_TO_CARRY_OVER, "lesson_id")


ANNOUNCED = of_4a(
    AbsenceAnnounced(
        announcement_id="n1",
        class_id="4a",
        pupil_id="cma",
        announced_by="mother",
        scope=THE_DAY,
        reason="lekarz",
    )
)


def exempt(subject_id: str) -> Entry:
    return of_4a(
        ExemptionGranted(
            exemption_id="x1",
            class_id="4a",
            pupil_id="cma",
            subject_id=subject_id,
            since=WEDNESDAY,
            until=WEDNESDAY,
            mode=ExemptionMode.RELEASED,
            basis="decyzja 1",
        )
    )


def test_who_came_was_announced_in_vain() -> None:
    given(PAST, ANNOUNCED, BEFORE).when(CARRY, by=NOWAK).then(NOW)
    given(PAST, ANNOUNCED, called(POLISH_2, "bobr")).when(CARRY, by=NOWAK).then(
        NOW, prefilled(POLISH, ("cma", PrefilledFrom.ANNOUNCEMENT, "n1")), absent(POLISH, "cma")
    )


def test_exemptions_and_trips_outweigh_the_lesson_before() -> None:
    given(PAST, exempt("pol"), BEFORE).when(CARRY, by=NOWAK).then(
        NOW, prefilled(POLISH, ("cma", PrefilledFrom.EXEMPTION, "x1")), released(POLISH, "cma")
    )
    trip = SchoolAbsenceArranged(
        absence_id="w1", class_id="4a", away_for=AwayFor.TRIP, name="Muzeum", scope=THE_DAY, pupils=("cma",)
    )
    given(PAST, of_4a(trip), BEFORE).when(CARRY, by=NOWAK).then(
        NOW,
        prefilled(POLISH, ("cma", PrefilledFrom.SCHOOL_ABSENCE, "w1")),
        absent(POLISH, "cma", AttendanceKind.SCHOOL_REASON),
    )


def test_released_stays_released_unless_it_was_an_exemption_from_that_subject() -> None:
    given(PAST, BEFORE, released(POLISH_2, "cma")).when(CARRY, by=NOWAK).then(
        NOW, TAKEN, released(POLISH, "cma")
    )
    by_exemption = prefilled(POLISH_2, ("cma", PrefilledFrom.EXEMPTION, "x1"))
    given(PAST, BEFORE, by_exemption, released(POLISH_2, "cma")).when(CARRY, by=NOWAK).then(NOW)


def test_what_is_carried_over_is_excused_if_an_excuse_covers_it() -> None:
    excuse = of_4a(
        ExcuseSubmitted(
            excuse_id="e1", class_id="4a", pupil_id="cma", submitted_by="mother", scope=THE_DAY, text="Chora."
        )
    )
    accepted = of_4a(ExcuseAccepted(excuse_id="e1", pupil_id="cma", by_rule=False))
    given(PAST, BEFORE, absent(POLISH_2, "cma"), excuse, accepted).when(CARRY, by=NOWAK).then(
        NOW, TAKEN, absent(POLISH, "cma"), corrected(POLISH, "cma", ABSENT, EXCUSED)
    )


def test_the_teacher_of_the_lesson_takes_over() -> None:
    given(PAST, BEFORE).when(CARRY, by=LIS).refused(NOT_YOUR_LESSON, "lesson_id")
    given(PAST, BEFORE).when(CARRY, by=MOTHER).refused(NOT_YOURS_TO_DO)
    unknown = replace(CARRY, lesson_id=lesson_id(WEDNESDAY, 8, "pol-4a"))
    given(PAST, BEFORE).when(unknown, by=NOWAK).refused(NO_SUCH_LESSON, "lesson_id")


def test_a_roll_called_without_taking_over_knows_nothing_of_the_lesson_before() -> None:
    given(PAST, BEFORE, absent(POLISH_2, "cma")).when(
        CallRoll(unit_id="4a", lesson_id=POLISH), by=NOWAK
    ).then(NOW)
