"""What may be decided about classes: enrolment, groups, teaching, timetables?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import (
    ALREADY_ENROLLED,
    ALREADY_IN_GROUP,
    ASSIGNMENT_EXISTS,
    ASSIGNMENT_NOT_IN_FORCE,
    CLASS_EXISTS,
    GROUP_EXISTS,
    NO_SUCH_ASSIGNMENT,
    NO_SUCH_CLASS,
    NO_SUCH_GROUP,
    NO_SUCH_PERIOD,
    NO_SUCH_WEEKDAY,
    NOT_ENROLLED,
    NOT_IN_GROUP,
    NUMBER_OUT_OF_RANGE,
    NUMBER_TAKEN,
    OUTSIDE_YEAR,
    SLOT_TAKEN_TWICE,
    AppointHomeroomTeacher,
    AssignTeaching,
    ClassRenamed,
    EndEnrolment,
    EndTeaching,
    EnrolPupil,
    FormGroup,
    FormInterclassGroup,
    HomeroomTeacherAppointed,
    JoinGroup,
    LeaveGroup,
    OpenClass,
    PupilLeft,
    PupilLeftGroup,
    RenameClass,
    SetTimetable,
    TeachingEnded,
    TimetableSet,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.movement import ALREADY_LEFT, ENROLLED_ELSEWHERE
from dziennik.contracts.people import NO_SUCH_PERSON, NOT_IN_ROLE
from dziennik.contracts.school import NO_SUCH_SUBJECT, NO_SUCH_YEAR, NOT_FOUNDED
from dziennik.contracts.values import TimetableSlot
from dziennik.domain.units import unit
from dziennik.domain.world import Past
from tests.domain.register import (
    AUGUST,
    CLASS_4A,
    CLASS_4B,
    ENGLISH_4A,
    ENGLISH_GROUP,
    ETHICS_BOTH,
    ETHICS_GROUP,
    HOMEROOM,
    JANUARY,
    JUNE,
    LAST_YEAR,
    NEXT_YEAR,
    NOWAK,
    OFFICE,
    PEOPLE,
    POLISH_4A,
    REGISTER,
    SCHOOL,
    SEPTEMBER,
    enrolled,
    joined,
    taught,
)
from tests.domain.sentence import at, given

OPENED = (*SCHOOL, *PEOPLE, CLASS_4A, CLASS_4B)
FEBRUARY = date(2027, 2, 1)

OPEN = OpenClass(class_id="4a", year_id="y2026", name="4a", level=4)
RENAME = RenameClass(class_id="4a", name="4 A", level=4)
APPOINT = AppointHomeroomTeacher(class_id="4a", teacher_id="nowak", since=SEPTEMBER)
ENROL = EnrolPupil(class_id="4a", pupil_id="los", since=SEPTEMBER)
LEAVE_CLASS = EndEnrolment(class_id="4a", pupil_id="cma", until=JANUARY, reason="przeprowadzka")
FORM = FormGroup(class_id="4a", group_id="4a-en", name="angielski")
FORM_ETHICS = FormInterclassGroup(group_id="ethics", year_id="y2026", name="Etyka", class_ids=("4a", "4b"))
JOIN = JoinGroup(unit_id="4a", group_id="4a-en", class_id="4a", pupil_id="cma", since=SEPTEMBER)
JOIN_ETHICS = JoinGroup(unit_id="ethics", group_id="ethics", class_id="4a", pupil_id="cma", since=SEPTEMBER)
LEAVE_GROUP = LeaveGroup(unit_id="4a", group_id="4a-en", pupil_id="bobr", until=JANUARY)
ASSIGN = AssignTeaching(
    assignment_id="pol-4a", unit_id="4a", subject_id="pol", teacher_id="nowak", since=SEPTEMBER
)
END_TEACHING = EndTeaching(unit_id="4a", assignment_id="pol-4a", until=JANUARY)
MONDAY_FIRST = TimetableSlot(weekday=1, period=1, assignment_id="pol-4a", room="12")
TIMETABLE = SetTimetable(unit_id="4a", valid_from=SEPTEMBER, slots=(MONDAY_FIRST,))

CMA_LEFT = at(
    streams.unit("4a"), PupilLeft(class_id="4a", pupil_id="cma", until=JANUARY, reason="przeprowadzka")
)
BOBR_LEFT_GROUP = at(streams.unit("4a"), PupilLeftGroup(group_id="4a-en", pupil_id="bobr", until=JANUARY))
TEACHING_ENDED = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=JANUARY))


def test_a_class_is_opened_for_a_year() -> None:
    given(SCHOOL).when(OPEN).then(CLASS_4A)
    given(OPENED).when(OPEN).nothing()
    given(OPENED).when(replace(OPEN, name="4c")).refused(CLASS_EXISTS, "class_id", name="4a")
    given(SCHOOL, ETHICS_GROUP).when(replace(OPEN, class_id="ethics")).refused(CLASS_EXISTS, "class_id")
    given(SCHOOL).when(replace(OPEN, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id", year="y1999")
    given().when(OPEN).refused(NOT_FOUNDED)


def test_a_class_is_renamed() -> None:
    renamed = at(streams.unit("4a"), ClassRenamed(class_id="4a", name="4 A", level=4))
    given(OPENED).when(RENAME).then(renamed)
    given(OPENED, renamed).when(RENAME).nothing()


def test_a_homeroom_teacher_is_appointed() -> None:
    given(OPENED).when(APPOINT).then(HOMEROOM)
    given(OPENED, HOMEROOM).when(APPOINT).nothing()
    given(OPENED, HOMEROOM).when(replace(APPOINT, teacher_id="lis", since=JANUARY)).then(
        at(streams.unit("4a"), HomeroomTeacherAppointed(class_id="4a", teacher_id="lis", since=JANUARY))
    )


def test_a_homeroom_teacher_is_a_teacher_of_the_school() -> None:
    given(OPENED).when(replace(APPOINT, teacher_id="cma")).refused(
        NOT_IN_ROLE, "teacher_id", person="cma", role="teacher", on=SEPTEMBER
    )
    given(OPENED).when(replace(APPOINT, teacher_id="nobody")).refused(NO_SUCH_PERSON, "teacher_id")
    given(OPENED).when(replace(APPOINT, since=NEXT_YEAR)).refused(
        OUTSIDE_YEAR, "since", on=NEXT_YEAR, starts=SEPTEMBER, ends=AUGUST
    )


def test_who_is_homeroom_teacher_when() -> None:
    lis = HomeroomTeacherAppointed(class_id="4a", teacher_id="lis", since=JANUARY)
    corrected = HomeroomTeacherAppointed(class_id="4a", teacher_id="nowak", since=JANUARY)
    past = [CLASS_4A.fact, HOMEROOM.fact, lis]
    four_a = Past({streams.unit("4a"): past})[unit("4a")]
    days = (LAST_YEAR, SEPTEMBER, JANUARY - timedelta(days=1), JANUARY)
    assert [four_a.homeroom_teacher(day) for day in days] == [None, "nowak", "nowak", "lis"]
    four_a = Past({streams.unit("4a"): [*past, corrected]})[unit("4a")]
    assert four_a.homeroom_teacher(JANUARY) == "nowak"  # of two for one day the one said last
    earlier = HomeroomTeacherAppointed(class_id="4a", teacher_id="nowak", since=SEPTEMBER)
    four_a = Past({streams.unit("4a"): [CLASS_4A.fact, lis, earlier]})[unit("4a")]
    assert four_a.homeroom_teacher(JANUARY) == "nowak"  # who was said last ends what was planned before


def test_a_pupil_is_enrolled_under_the_next_number() -> None:
    given(OPENED).when(ENROL).then(enrolled("4a", "los", 1))
    given(REGISTER).when(ENROL).then(enrolled("4a", "los", 3))
    given(REGISTER).when(replace(ENROL, number=17)).then(enrolled("4a", "los", 17))


def test_enrolling_again_does_nothing() -> None:
    for number in (None, 1):
        again = EnrolPupil(class_id="4a", pupil_id="cma", since=SEPTEMBER, number=number)
        given(REGISTER).when(again).nothing()


def test_a_pupil_is_enrolled_once() -> None:
    for change in ({"since": JANUARY}, {"number": 9}):
        again = replace(ENROL, pupil_id="cma", **change)
        given(REGISTER).when(again).refused(ALREADY_ENROLLED, "pupil_id", pupil="cma", since=SEPTEMBER)


def test_a_number_is_one_pupils_even_after_leaving() -> None:
    for number in (1, 2, 0, -1):
        given(REGISTER, CMA_LEFT).when(replace(ENROL, number=number)).refused(
            NUMBER_TAKEN, "number", number=number
        )


def test_a_number_is_one_of_a_register() -> None:
    given(REGISTER).when(replace(ENROL, number=1000)).refused(
        NUMBER_OUT_OF_RANGE, "number", number=1000, limit=999
    )
    at_the_end = given(REGISTER).when(replace(ENROL, number=999)).decision
    assert isinstance(at_the_end, list)
    # The next one would follow the last: it is given by hand.
    given(REGISTER, at_the_end).when(replace(ENROL, pupil_id="dab")).refused(NUMBER_OUT_OF_RANGE, "number")


def test_a_pupil_may_come_back_under_a_new_number() -> None:
    back = replace(ENROL, pupil_id="cma", since=FEBRUARY)
    given(REGISTER, CMA_LEFT).when(back).then(enrolled("4a", "cma", 3, FEBRUARY))
    given(REGISTER, CMA_LEFT).when(replace(back, since=JANUARY)).refused(ALREADY_ENROLLED, "pupil_id")


def test_who_is_enrolled_is_a_pupil_in_that_year() -> None:
    given(REGISTER).when(replace(ENROL, pupil_id="nowak")).refused(NOT_IN_ROLE, "pupil_id")
    given(REGISTER).when(replace(ENROL, pupil_id="nobody")).refused(NO_SUCH_PERSON, "pupil_id")
    given(REGISTER).when(replace(ENROL, since=LAST_YEAR)).refused(OUTSIDE_YEAR, "since")


def test_a_pupil_leaves_a_class() -> None:
    given(REGISTER).when(LEAVE_CLASS).then(CMA_LEFT)
    given(REGISTER, CMA_LEFT).when(LEAVE_CLASS).nothing()


def test_nobody_is_in_two_classes_at_a_time() -> None:
    """Zając is in 4b, for ever or until January; in 4a only from then on."""
    into_4a = replace(ENROL, pupil_id="zajac")
    given(REGISTER).when(into_4a).refused(
        ENROLLED_ELSEWHERE, "pupil_id", pupil="zajac", unit="4b", since=SEPTEMBER
    )
    left = at(streams.unit("4b"), PupilLeft(class_id="4b", pupil_id="zajac", until=JANUARY))
    given(REGISTER, left).when(replace(into_4a, since=JANUARY)).refused(ENROLLED_ELSEWHERE, "pupil_id")
    february = date(2027, 2, 1)
    given(REGISTER, left).when(replace(into_4a, since=february)).then(enrolled("4a", "zajac", 3, february))


def test_who_is_not_enrolled_does_not_leave() -> None:
    given(REGISTER).when(replace(LEAVE_CLASS, pupil_id="zajac")).refused(
        NOT_ENROLLED, "pupil_id", pupil="zajac", on=JANUARY
    )
    given(REGISTER).when(replace(LEAVE_CLASS, until=LAST_YEAR)).refused(NOT_ENROLLED, "pupil_id")
    given(REGISTER, CMA_LEFT).when(replace(LEAVE_CLASS, until=JUNE)).refused(
        ALREADY_LEFT, "pupil_id", pupil="cma", until=JANUARY
    )
    given(REGISTER).when(replace(LEAVE_CLASS, until=NEXT_YEAR)).refused(OUTSIDE_YEAR, "until")


def test_a_group_is_formed() -> None:
    given(OPENED).when(FORM).then(ENGLISH_GROUP)
    given(OPENED, ENGLISH_GROUP).when(FORM).nothing()
    given(OPENED, ENGLISH_GROUP).when(replace(FORM, name="niemiecki")).refused(
        GROUP_EXISTS, "group_id", name="angielski"
    )


def test_a_group_of_several_classes_is_formed() -> None:
    given(OPENED).when(FORM_ETHICS).then(ETHICS_GROUP)
    given(REGISTER).when(FORM_ETHICS).nothing()
    given(REGISTER).when(replace(FORM_ETHICS, class_ids=("4a",))).refused(
        GROUP_EXISTS, "group_id", name="Etyka"
    )
    given(REGISTER).when(replace(FORM_ETHICS, group_id="4a")).refused(GROUP_EXISTS, "group_id", name="4a")
    given(OPENED).when(replace(FORM_ETHICS, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


def test_a_group_is_formed_of_classes() -> None:
    given(OPENED).when(replace(FORM_ETHICS, class_ids=("4a", "4c"))).refused(
        NO_SUCH_CLASS, "class_ids[1]", unit="4c"
    )
    given(OPENED).when(replace(FORM_ETHICS, class_ids=())).refused(NO_SUCH_CLASS, "class_ids")
    given(REGISTER).when(replace(FORM_ETHICS, group_id="more", class_ids=("ethics",))).refused(
        NO_SUCH_CLASS, "class_ids[0]"
    )


def test_a_pupil_joins_a_group() -> None:
    given(REGISTER).when(JOIN).then(joined("4a", "4a-en", "4a", "cma"))
    given(REGISTER).when(replace(JOIN, pupil_id="bobr")).nothing()
    given(REGISTER).when(JOIN_ETHICS).then(joined("ethics", "ethics", "4a", "cma"))
    given(REGISTER).when(replace(JOIN_ETHICS, class_id="4b", pupil_id="zajac")).nothing()


def test_a_pupil_joins_a_group_once() -> None:
    given(REGISTER).when(replace(JOIN, pupil_id="bobr", since=JANUARY)).refused(
        ALREADY_IN_GROUP, "pupil_id", pupil="bobr", since=SEPTEMBER
    )
    again = replace(JOIN, pupil_id="bobr", since=FEBRUARY)
    given(REGISTER, BOBR_LEFT_GROUP).when(again).then(joined("4a", "4a-en", "4a", "bobr", FEBRUARY))


def test_groups_are_joined_from_their_classes() -> None:
    given(REGISTER).when(replace(JOIN, pupil_id="zajac")).refused(
        NOT_ENROLLED, "pupil_id", pupil="zajac", on=SEPTEMBER
    )
    given(REGISTER).when(replace(JOIN, class_id="4b", pupil_id="zajac")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER).when(replace(JOIN_ETHICS, class_id="4c")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER).when(replace(JOIN, group_id="4a-de")).refused(NO_SUCH_GROUP, "group_id", group="4a-de")
    given(REGISTER).when(replace(JOIN, unit_id="4c")).refused(NO_SUCH_CLASS, "unit_id", unit="4c")


def test_a_pupil_leaves_a_group() -> None:
    given(REGISTER).when(LEAVE_GROUP).then(BOBR_LEFT_GROUP)
    given(REGISTER, BOBR_LEFT_GROUP).when(LEAVE_GROUP).nothing()
    given(REGISTER).when(replace(LEAVE_GROUP, pupil_id="cma")).refused(
        NOT_IN_GROUP, "pupil_id", pupil="cma", on=JANUARY
    )
    given(REGISTER).when(replace(LEAVE_GROUP, until=LAST_YEAR)).refused(NOT_IN_GROUP, "pupil_id")
    given(REGISTER).when(replace(LEAVE_GROUP, group_id="4a-de")).refused(NO_SUCH_GROUP, "group_id")
    given(REGISTER).when(replace(LEAVE_GROUP, unit_id="4c")).refused(NO_SUCH_CLASS, "unit_id")


def test_who_is_on_the_roll() -> None:
    later = (CMA_LEFT, joined("4a", "4a-en", "4a", "cma"), enrolled("4a", "los", 3, FEBRUARY))
    facts = [entry.fact for entry in (*REGISTER, *later) if entry.stream == streams.unit("4a")]
    four_a = Past({streams.unit("4a"): facts})[unit("4a")]
    assert four_a.roll(None, SEPTEMBER) == ["cma", "bobr"]
    assert four_a.roll(None, JANUARY) == ["cma", "bobr"]  # the last day counts
    assert four_a.roll(None, FEBRUARY) == ["bobr", "los"]
    assert four_a.roll("4a-en", SEPTEMBER) == ["cma", "bobr"]  # in register order, though Bóbr joined first
    assert four_a.roll("4a-en", FEBRUARY) == ["bobr"]  # Ćma has left the class, if not the group


def test_teaching_is_assigned() -> None:
    given(OPENED).when(ASSIGN).then(POLISH_4A)
    given(REGISTER).when(ASSIGN).nothing()
    given(REGISTER).when(replace(ASSIGN, teacher_id="lis")).refused(ASSIGNMENT_EXISTS, "assignment_id")


def test_teaching_is_assigned_in_groups() -> None:
    english = replace(ASSIGN, assignment_id="en-4a", subject_id="en", teacher_id="lis", group_id="4a-en")
    given(OPENED, ENGLISH_GROUP).when(english).then(ENGLISH_4A)
    given(OPENED).when(english).refused(NO_SUCH_GROUP, "group_id", group="4a-en")


def test_an_interclass_group_is_taught_as_its_own_group() -> None:
    ethics = AssignTeaching(
        assignment_id="eth", unit_id="ethics", subject_id="eth", teacher_id="lis", since=SEPTEMBER
    )
    given(OPENED, ETHICS_GROUP).when(ethics).then(ETHICS_BOTH)
    given(REGISTER).when(ethics).nothing()
    given(REGISTER).when(replace(ethics, assignment_id="eth-2", group_id="4a-en")).refused(
        NO_SUCH_GROUP, "group_id"
    )


def test_teaching_needs_a_subject_a_teacher_and_a_day_of_the_year() -> None:
    given(OPENED).when(replace(ASSIGN, subject_id="rel")).refused(
        NO_SUCH_SUBJECT, "subject_id", subject="rel"
    )
    given(OPENED).when(replace(ASSIGN, teacher_id="cma")).refused(NOT_IN_ROLE, "teacher_id")
    given(OPENED).when(replace(ASSIGN, since=NEXT_YEAR)).refused(OUTSIDE_YEAR, "since")


def test_teaching_ends() -> None:
    given(REGISTER).when(END_TEACHING).then(TEACHING_ENDED)
    given(REGISTER, TEACHING_ENDED).when(END_TEACHING).nothing()
    given(REGISTER, TEACHING_ENDED).when(replace(END_TEACHING, until=JUNE)).refused(
        ASSIGNMENT_NOT_IN_FORCE, "until", on=JUNE
    )
    given(REGISTER).when(replace(END_TEACHING, until=LAST_YEAR)).refused(ASSIGNMENT_NOT_IN_FORCE, "until")
    given(REGISTER).when(replace(END_TEACHING, assignment_id="pol-4b")).refused(
        NO_SUCH_ASSIGNMENT, "assignment_id", assignment="pol-4b"
    )
    given(REGISTER).when(replace(END_TEACHING, unit_id="4c")).refused(NO_SUCH_CLASS, "unit_id")


def test_a_timetable_is_set() -> None:
    whole = at(streams.unit("4a"), TimetableSet(unit_id="4a", valid_from=SEPTEMBER, slots=(MONDAY_FIRST,)))
    given(REGISTER).when(TIMETABLE).then(whole)
    given(REGISTER, whole).when(TIMETABLE).nothing()
    given(REGISTER).when(replace(TIMETABLE, valid_from=NEXT_YEAR)).refused(OUTSIDE_YEAR, "valid_from")


def test_groups_of_one_class_may_be_taught_at_the_same_hour() -> None:
    slots = (MONDAY_FIRST, replace(MONDAY_FIRST, assignment_id="en-4a"))
    given(REGISTER).when(replace(TIMETABLE, slots=slots)).then(
        at(streams.unit("4a"), TimetableSet(unit_id="4a", valid_from=SEPTEMBER, slots=slots))
    )


def test_a_timetable_holds_hours_that_there_are() -> None:
    def told(slot: TimetableSlot) -> SetTimetable:
        return replace(TIMETABLE, slots=(MONDAY_FIRST, slot))

    for weekday in (0, 8):
        given(REGISTER).when(told(replace(MONDAY_FIRST, weekday=weekday))).refused(
            NO_SUCH_WEEKDAY, "slots[1].weekday", weekday=weekday
        )
    given(REGISTER).when(told(replace(MONDAY_FIRST, period=11))).refused(
        NO_SUCH_PERIOD, "slots[1].period", period=11
    )
    given(REGISTER).when(told(replace(MONDAY_FIRST, assignment_id="pol-4b"))).refused(
        NO_SUCH_ASSIGNMENT, "slots[1].assignment_id", assignment="pol-4b"
    )
    given(REGISTER).when(told(replace(MONDAY_FIRST, room="13"))).refused(
        SLOT_TAKEN_TWICE, "slots[1]", weekday=1, period=1
    )


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (RENAME, "class_id"),
        (APPOINT, "class_id"),
        (ENROL, "class_id"),
        (LEAVE_CLASS, "class_id"),
        (FORM, "class_id"),
        (ASSIGN, "unit_id"),
        (TIMETABLE, "unit_id"),
    ],
)
def test_it_takes_a_class_that_is_open(command: Command, field: str) -> None:
    given(SCHOOL, PEOPLE, CLASS_4B).when(command).refused(NO_SUCH_CLASS, field, unit="4a")


@pytest.mark.parametrize("command", [RENAME, APPOINT, ENROL, FORM])
def test_an_interclass_group_is_no_class(command: RenameClass) -> None:
    given(REGISTER).when(replace(command, class_id="ethics")).refused(
        NO_SUCH_CLASS, "class_id", unit="ethics"
    )


@pytest.mark.parametrize("command", [OPEN, ENROL, JOIN, ASSIGN, TIMETABLE])
def test_structure_is_the_offices(command: Command) -> None:
    given(REGISTER).when(command, by=NOWAK).refused(NOT_YOURS_TO_DO, role="teacher")


def test_the_office_enrols() -> None:
    given(REGISTER).when(ENROL, by=OFFICE).then(enrolled("4a", "los", 3))


def test_what_ended_is_not_what_is_asked_for_again() -> None:
    given(REGISTER, TEACHING_ENDED).when(ASSIGN).refused(ASSIGNMENT_EXISTS, "assignment_id")
    given(REGISTER).when(replace(ASSIGN, assignment_id="pol-4a-2")).then(
        taught("pol-4a-2", "4a", "pol", "nowak")
    )
