"""What may be decided about other registers than a class's, and what of a class's machinery works in them?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.absence_commands import AcceptExcuse
from dziennik.contracts.absences import (
    AbsenceAnnounced,
    AbsenceScope,
    ExcuseAccepted,
    ExcuseSubmitted,
    GroupRollCalled,
)
from dziennik.contracts.attendance import (
    AbsenceRecorded,
    AttendanceCorrected,
    CallRoll,
    PrefilledFrom,
    PrefilledMark,
    RollCalled,
    RollMark,
    RollPrefilled,
)
from dziennik.contracts.classes import (
    ALREADY_IN_GROUP,
    CLASS_EXISTS,
    NO_SUCH_CLASS,
    NOT_ENROLLED,
    NOT_IN_GROUP,
    OUTSIDE_YEAR,
    AppointHomeroomTeacher,
    AssignTeaching,
    EndEnrolment,
    EnrolPupil,
    JoinGroup,
    LeaveGroup,
    OpenClass,
    PupilJoinedGroup,
    PupilLeft,
    PupilLeftGroup,
    SetTimetable,
    TeachingAssigned,
    TimetableSet,
)
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.envelope import Actor
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import GiveGrade, GradeGiven
from dziennik.contracts.lessons import REASON_MISSING, HoldLesson, LessonHeld, LessonSigned, lesson_id
from dziennik.contracts.movement import ChangeClass, PupilTaughtApart, TeachingApartEnded
from dziennik.contracts.people import NO_SUCH_PERSON, NOT_IN_ROLE
from dziennik.contracts.registers import (
    CLASS_MISSING,
    HOURS_OUT_OF_RANGE,
    NO_ROLL_HERE,
    NO_SUCH_REGISTER,
    NOT_FOR_THIS_REGISTER,
    NOT_YOUR_REGISTER,
    REGISTER_EXISTS,
    AddParticipant,
    AdmitAuditor,
    ArrangeIndividualTeaching,
    AuditorAdmitted,
    EndParticipation,
    IndividualTeachingArranged,
    OpenRegister,
    RegisterKind,
    SetWorkPlan,
    WorkPlanSet,
)
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.values import AttendanceKind, GradeKind, TimetableSlot
from dziennik.domain.world import Entry
from tests.domain.other_registers import DAY_CARE, REGISTERS
from tests.domain.register import (
    JUNE,
    LAST_YEAR,
    LIS,
    NOWAK,
    OCTOBER,
    OFFICE,
    REGISTER,
    SEPTEMBER,
    enrolled,
    joined,
)
from tests.domain.sentence import DIRECTOR, at, given

MONDAY = date(2026, 10, 12)
OPEN = OpenRegister(unit_id="care", year_id="y2026", kind=RegisterKind.DAY_CARE, name="Świetlica")


def test_the_office_opens_a_register_for_a_year() -> None:
    given(REGISTER).when(OPEN, by=OFFICE).then(DAY_CARE)
    given(REGISTER, DAY_CARE).when(OPEN, by=OFFICE).nothing()
    given(REGISTER).when(OPEN, by=LIS).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(OPEN, year_id="y1"), by=OFFICE).refused(NO_SUCH_YEAR, "year_id", year="y1")
    other = replace(OPEN, kind=RegisterKind.PRESCHOOL)
    given(REGISTER, DAY_CARE).when(other).refused(REGISTER_EXISTS, "unit_id", name="Świetlica")
    given(REGISTER).when(replace(OPEN, unit_id="4a")).refused(REGISTER_EXISTS, "unit_id", name="4a")


def test_a_register_is_no_class() -> None:
    """Nobody is enrolled in it, it has no homeroom teacher, and its participants do not come as a group's."""
    given(REGISTERS).when(EnrolPupil(class_id="care", pupil_id="los", since=SEPTEMBER)).refused(
        NO_SUCH_CLASS, "class_id", unit="care"
    )
    homeroom = AppointHomeroomTeacher(class_id="care", teacher_id="lis", since=SEPTEMBER)
    given(REGISTERS).when(homeroom).refused(NO_SUCH_CLASS, "class_id")
    join = JoinGroup(unit_id="ped", group_id="ped", class_id="4a", pupil_id="bobr", since=SEPTEMBER)
    given(REGISTERS).when(join, by=OFFICE).refused(NO_SUCH_CLASS, "unit_id", unit="ped")
    leave = LeaveGroup(unit_id="ped", group_id="ped", pupil_id="bobr", until=OCTOBER)
    given(REGISTERS).when(leave, by=OFFICE).refused(NO_SUCH_CLASS, "unit_id", unit="ped")
    given(REGISTERS).when(OpenClass(class_id="care", year_id="y2026", name="Świetlica")).refused(
        CLASS_EXISTS, "class_id", name="Świetlica"
    )


ADD = AddParticipant(unit_id="care", pupil_id="cma", since=MONDAY, class_id="4a")


def added(unit_id: str, class_id: str, pupil_id: str = "cma") -> Entry:
    fact = PupilJoinedGroup(group_id=unit_id, class_id=class_id, pupil_id=pupil_id, since=MONDAY)
    return at(streams.unit(unit_id), fact)


@pytest.mark.parametrize("who", [OFFICE, LIS, DIRECTOR])
def test_office_and_keepers_add_participants(who: Actor) -> None:
    given(REGISTERS).when(ADD, by=who).then(added("care", "4a"))
    given(REGISTERS, added("care", "4a")).when(ADD, by=who).nothing()


def test_a_participant_is_in_a_class_that_day() -> None:
    given(REGISTERS).when(ADD, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    given(REGISTERS).when(replace(ADD, class_id=None)).refused(CLASS_MISSING, "class_id")
    given(REGISTERS).when(replace(ADD, class_id="4b")).refused(
        NOT_ENROLLED, "pupil_id", pupil="cma", on=MONDAY
    )
    for other in ("care", "ethics", "9z"):
        given(REGISTERS).when(replace(ADD, class_id=other)).refused(NO_SUCH_CLASS, "class_id", unit=other)
    given(REGISTERS).when(replace(ADD, since=LAST_YEAR)).refused(OUTSIDE_YEAR, "since")
    given(REGISTERS).when(replace(ADD, pupil_id="bobr")).refused(
        ALREADY_IN_GROUP, "pupil_id", pupil="bobr", since=SEPTEMBER
    )
    for wrong in ("4a", "ethics", "9z"):
        given(REGISTERS).when(replace(ADD, unit_id=wrong)).refused(NO_SUCH_REGISTER, "unit_id", unit=wrong)


def test_preschool_children_are_in_no_class() -> None:
    child = AddParticipant(unit_id="pre", pupil_id="los", since=MONDAY)
    given(REGISTERS).when(child, by=OFFICE).then(added("pre", "pre", "los"))
    given(REGISTERS).when(replace(child, pupil_id="lis")).refused(NOT_IN_ROLE, "pupil_id")
    given(REGISTERS).when(replace(child, pupil_id="nobody")).refused(NO_SUCH_PERSON, "pupil_id")


def test_participation_ends_on_a_day() -> None:
    end = EndParticipation(unit_id="care", pupil_id="bobr", until=MONDAY)
    left = at(streams.unit("care"), PupilLeftGroup(group_id="care", pupil_id="bobr", until=MONDAY))
    for who in (OFFICE, LIS):
        given(REGISTERS).when(end, by=who).then(left)
    given(REGISTERS, left).when(end).nothing()
    given(REGISTERS).when(end, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    given(REGISTERS).when(replace(end, pupil_id="cma")).refused(
        NOT_IN_GROUP, "pupil_id", pupil="cma", on=MONDAY
    )
    given(REGISTERS).when(replace(end, until=LAST_YEAR)).refused(NOT_IN_GROUP, "pupil_id")
    given(REGISTERS).when(replace(end, until=date(2027, 9, 1))).refused(OUTSIDE_YEAR, "until")
    later = replace(ADD, pupil_id="bobr", since=OCTOBER)
    given(REGISTERS, left).when(later).then(
        at(
            streams.unit("care"),
            PupilJoinedGroup(group_id="care", class_id="4a", pupil_id="bobr", since=OCTOBER),
        )
    )


def test_who_works_with_the_pedagogue_is_not_even_the_offices_matter() -> None:
    """The refusal is the same whether the pupil takes part or not: it tells nothing."""
    for pupil in ("bobr", "cma", "nobody"):
        for command in (
            AddParticipant(unit_id="ped", pupil_id=pupil, since=MONDAY, class_id="4a"),
            EndParticipation(unit_id="ped", pupil_id=pupil, until=MONDAY),
        ):
            for who in (OFFICE, NOWAK):
                given(REGISTERS).when(command, by=who).refused(NOT_YOUR_REGISTER, "unit_id")
    add = AddParticipant(unit_id="ped", pupil_id="cma", since=MONDAY, class_id="4a")
    for who in (LIS, DIRECTOR):
        given(REGISTERS).when(add, by=who).then(added("ped", "4a"))


def test_a_keeper_is_who_has_an_assignment_there_today() -> None:
    before = date(2026, 8, 15)  # the assignment begins in September
    given(REGISTERS).when(replace(ADD, since=SEPTEMBER), by=LIS, today=before).refused(
        NOT_YOUR_REGISTER, "unit_id"
    )


def test_keepers_and_the_director_set_the_plan_of_work() -> None:
    plan = SetWorkPlan(unit_id="care", since=MONDAY, text=" Gry i lekcje. ")
    fact = at(
        streams.register_details("care"), WorkPlanSet(unit_id="care", since=MONDAY, text="Gry i lekcje.")
    )
    for who in (LIS, DIRECTOR):
        given(REGISTERS).when(plan, by=who).then(fact)
    given(REGISTERS, fact).when(plan, by=LIS).nothing()
    given(REGISTERS).when(plan, by=NOWAK).refused(NOT_YOUR_REGISTER, "unit_id")
    given(REGISTERS).when(plan, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(REGISTERS).when(replace(plan, text=" "), by=LIS).refused(TEXT_MISSING, "text")
    given(REGISTERS).when(replace(plan, since=LAST_YEAR), by=LIS).refused(OUTSIDE_YEAR, "since")


ARRANGE = ArrangeIndividualTeaching(
    unit_id="ni", pupil_id="cma", since=MONDAY, hours_per_week=Decimal("8.5"), decision="PPP 12/2026"
)


def test_the_director_arranges_individual_teaching() -> None:
    fact = at(
        streams.register_details("ni"),
        IndividualTeachingArranged(
            unit_id="ni",
            pupil_id="cma",
            since=MONDAY,
            hours_per_week=Decimal("8.5"),
            decision="PPP 12/2026",
        ),
    )
    given(REGISTERS).when(ARRANGE).then(fact)
    given(REGISTERS, fact).when(ARRANGE).nothing()
    given(REGISTERS).when(ARRANGE, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(REGISTERS).when(replace(ARRANGE, unit_id="care")).refused(NOT_FOR_THIS_REGISTER, "unit_id")
    given(REGISTERS).when(replace(ARRANGE, unit_id="4a")).refused(NO_SUCH_REGISTER, "unit_id")
    for hours in ("0", "-1", "40.5"):
        given(REGISTERS).when(replace(ARRANGE, hours_per_week=Decimal(hours))).refused(
            HOURS_OUT_OF_RANGE, "hours_per_week", hours=hours, limit=40
        )
    given(REGISTERS).when(replace(ARRANGE, decision=" ")).refused(TEXT_MISSING, "decision")
    given(REGISTERS).when(replace(ARRANGE, since=LAST_YEAR)).refused(OUTSIDE_YEAR, "since")
    given(REGISTERS).when(replace(ARRANGE, pupil_id="bobr")).refused(NOT_IN_GROUP, "pupil_id")


def test_only_the_director_lets_auditors_in() -> None:
    admit = AdmitAuditor(unit_id="ped", auditor_id="aud", since=MONDAY, until=OCTOBER, reason="kontrola")
    fact = at(
        streams.register_details("ped"),
        AuditorAdmitted(unit_id="ped", auditor_id="aud", since=MONDAY, until=OCTOBER, reason="kontrola"),
    )
    given(REGISTERS).when(admit).then(fact)
    given(REGISTERS, fact).when(admit).nothing()
    for who in (OFFICE, LIS):
        given(REGISTERS).when(admit, by=who).refused(NOT_YOURS_TO_DO)
    given(REGISTERS).when(replace(admit, unit_id="care")).refused(NOT_FOR_THIS_REGISTER, "unit_id")
    given(REGISTERS).when(replace(admit, unit_id="x")).refused(NO_SUCH_REGISTER, "unit_id")
    given(REGISTERS).when(replace(admit, until=SEPTEMBER)).refused(DATES_REVERSED, "until")
    given(REGISTERS).when(replace(admit, reason=" ")).refused(REASON_MISSING, "reason")
    given(REGISTERS).when(replace(admit, auditor_id="lis")).refused(NOT_IN_ROLE, "auditor_id")


# What registers share with classes


LESSON = lesson_id(MONDAY, 7, "a-care")
CALLED = at(streams.lesson("care", LESSON), RollCalled(lesson_id=LESSON, pupils=("bobr",)))
NOTED = at(streams.absences("4a"), GroupRollCalled(class_id="4a", group_id="care"))


def held(unit_id: str, assignment_id: str) -> Entry:
    return at(
        streams.lesson(unit_id, lesson_id(MONDAY, 7, assignment_id)),
        LessonHeld(
            unit_id=unit_id,
            lesson_id=lesson_id(MONDAY, 7, assignment_id),
            on=MONDAY,
            period=7,
            assignment_id=assignment_id,
            subject_id="pol",
            teacher_id="lis",
            group_id=unit_id,
            topic="Gry planszowe",
        ),
    )


def test_teaching_and_timetable_are_as_in_a_class() -> None:
    assign = AssignTeaching(
        assignment_id="a2", unit_id="care", subject_id="pol", teacher_id="nowak", since=SEPTEMBER
    )
    assigned = TeachingAssigned(
        assignment_id="a2",
        unit_id="care",
        subject_id="pol",
        teacher_id="nowak",
        since=SEPTEMBER,
        group_id="care",  # all of its participants
    )
    given(REGISTERS).when(assign, by=OFFICE).then(at(streams.unit("care"), assigned))
    slots = (TimetableSlot(weekday=1, period=7, assignment_id="a-care"),)
    given(REGISTERS).when(SetTimetable(unit_id="care", valid_from=SEPTEMBER, slots=slots)).then(
        at(streams.unit("care"), TimetableSet(unit_id="care", valid_from=SEPTEMBER, slots=slots))
    )


def test_activities_have_topic_signature_and_attendance() -> None:
    hold = HoldLesson(
        unit_id="care", assignment_id="a-care", on=MONDAY, period=7, topic="Gry planszowe", sign=True
    )
    signed = at(streams.lesson("care", LESSON), LessonSigned(lesson_id=LESSON, teacher_id="lis"))
    given(REGISTERS).when(hold, by=LIS).then(held("care", "a-care"), signed)
    call = CallRoll(unit_id="care", lesson_id=LESSON)
    given(REGISTERS, held("care", "a-care")).when(call, by=LIS).then(CALLED, NOTED)
    given(REGISTERS, held("care", "a-care"), NOTED).when(call, by=LIS).then(CALLED)


def of_4a(fact: Fact) -> Entry:
    return at(streams.absences("4a"), fact)


ON_MONDAY = AbsenceScope(starts=MONDAY, ends=MONDAY)


def test_what_the_class_knows_of_its_pupils_holds_in_the_day_care_room() -> None:
    """An announced absence is proposed there; an excuse puts right what was marked, whichever came first."""
    announced = of_4a(
        AbsenceAnnounced(
            announcement_id="n1",
            class_id="4a",
            pupil_id="bobr",
            announced_by="mother",
            scope=ON_MONDAY,
            reason="lekarz",
        )
    )
    call = CallRoll(unit_id="care", lesson_id=LESSON)
    absent = AbsenceRecorded(lesson_id=LESSON, pupil_id="bobr", type_id="absent", kind=AttendanceKind.ABSENT)
    marked = at(streams.lesson("care", LESSON), absent)
    prefilled = RollPrefilled(
        lesson_id=LESSON,
        marks=(PrefilledMark(pupil_id="bobr", source=PrefilledFrom.ANNOUNCEMENT, source_id="n1"),),
    )
    there = (*REGISTERS, held("care", "a-care"))
    given(there, announced).when(call, by=LIS).then(
        CALLED, at(streams.lesson("care", LESSON), prefilled), marked, NOTED
    )
    submitted = of_4a(
        ExcuseSubmitted(
            excuse_id="e1",
            class_id="4a",
            pupil_id="bobr",
            submitted_by="mother",
            scope=ON_MONDAY,
            text="lekarz",
        )
    )
    accept = AcceptExcuse(class_id="4a", excuse_id="e1")
    accepted = of_4a(ExcuseAccepted(excuse_id="e1", pupil_id="bobr", by_rule=False))
    excused = AttendanceCorrected(
        lesson_id=LESSON,
        pupil_id="bobr",
        was_type_id="absent",
        was_kind=AttendanceKind.ABSENT,
        type_id="absent-excused",
        kind=AttendanceKind.ABSENT_EXCUSED,
        reason="usprawiedliwienie",
    )
    put_right = at(streams.lesson("care", LESSON), excused)
    given(there, submitted, CALLED, marked, NOTED).when(accept, by=NOWAK).then(accepted, put_right)
    mark = replace(call, marks=(RollMark(pupil_id="bobr", type_id="absent"),))
    given(there, submitted, accepted).when(mark, by=LIS).then(CALLED, marked, put_right, NOTED)


def test_whoever_changes_class_stays_in_the_day_care_room() -> None:
    moved = at(streams.unit("4a"), PupilLeft(class_id="4a", pupil_id="bobr", until=SEPTEMBER))
    call = CallRoll(unit_id="care", lesson_id=LESSON)
    given(REGISTERS, held("care", "a-care"), moved).when(call, by=LIS).then(CALLED)
    arrived = (moved, enrolled("4b", "bobr", 2, MONDAY))
    in_4b = at(streams.absences("4b"), GroupRollCalled(class_id="4b", group_id="care"))
    given(REGISTERS, held("care", "a-care"), arrived).when(call, by=LIS).then(CALLED, in_4b)


def test_no_roll_is_called_at_the_pedagogues() -> None:
    call = CallRoll(unit_id="ped", lesson_id=lesson_id(MONDAY, 7, "a-ped"))
    given(REGISTERS, held("ped", "a-ped")).when(call, by=LIS).refused(NO_ROLL_HERE, "unit_id")


GIVE = GiveGrade(
    grade_id="g1",
    unit_id="ni",
    class_id="4a",
    assignment_id="a-ni",
    pupil_id="cma",
    value="5",
    category_id="test",
    on=MONDAY,
)


def test_grades_of_individual_teaching_stand_under_the_pupils_class() -> None:
    given(REGISTERS).when(GIVE, by=LIS).then(
        at(
            streams.grades("4a", "pol", "cma"),
            GradeGiven(
                grade_id="g1",
                class_id="4a",
                subject_id="pol",
                pupil_id="cma",
                assignment_id="a-ni",
                teacher_id="lis",
                kind=GradeKind.CURRENT,
                value="5",
                category_id="test",
                weight=Decimal(5),
                on=MONDAY,
            ),
        )
    )
    given(REGISTERS).when(replace(GIVE, pupil_id="bobr"), by=LIS).refused(NOT_IN_GROUP, "pupil_id")
    given(REGISTERS).when(replace(GIVE, class_id="ni"), by=LIS).refused(NO_SUCH_CLASS, "class_id")


# Who is taught individually is not asked at the lessons of the class

APART = at(
    streams.unit("4a"), PupilTaughtApart(class_id="4a", pupil_id="bobr", unit_id="ni", since=SEPTEMBER)
)
JOINED_ALONE = joined("ni", "ni", "4a", "bobr")
OVER = TeachingApartEnded(class_id="4a", pupil_id="bobr", unit_id="ni", until=MONDAY)
ALONE_OVER = at(streams.unit("ni"), PupilLeftGroup(group_id="ni", pupil_id="bobr", until=MONDAY))


def test_the_class_is_told_of_individual_teaching() -> None:
    add = AddParticipant(unit_id="ni", pupil_id="bobr", since=SEPTEMBER, class_id="4a")
    given(REGISTERS).when(add, by=OFFICE).then(JOINED_ALONE, APART)
    end = EndParticipation(unit_id="ni", pupil_id="bobr", until=MONDAY)
    given(REGISTERS, JOINED_ALONE, APART).when(end, by=OFFICE).then(ALONE_OVER, at(streams.unit("4a"), OVER))
    given(REGISTERS, JOINED_ALONE).when(end, by=OFFICE).then(ALONE_OVER)


def test_whoever_is_taught_individually_is_not_asked_unless_named() -> None:
    key = lesson_id(MONDAY, 3, "pol-4a")
    lesson = LessonHeld(
        unit_id="4a",
        lesson_id=key,
        on=MONDAY,
        period=3,
        assignment_id="pol-4a",
        subject_id="pol",
        teacher_id="nowak",
    )
    there = (*REGISTERS, JOINED_ALONE, APART, at(streams.lesson("4a", key), lesson))
    call = CallRoll(unit_id="4a", lesson_id=key)

    def asked(*pupils: str) -> Entry:
        return at(streams.lesson("4a", key), RollCalled(lesson_id=key, pupils=pupils))

    given(there).when(call, by=NOWAK).then(asked("cma"))
    given(there).when(replace(call, pupils=("cma", "bobr")), by=NOWAK).then(asked("cma", "bobr"))
    present = replace(call, marks=(RollMark(pupil_id="bobr", type_id="present"),))
    given(there).when(present, by=NOWAK).then(asked("cma", "bobr"))  # one lesson with the class
    before = at(streams.unit("4a"), replace(OVER, until=SEPTEMBER))
    given(there, before).when(call, by=NOWAK).then(asked("cma", "bobr"))
    care = CallRoll(unit_id="care", lesson_id=LESSON)
    given(there, held("care", "a-care")).when(care, by=LIS).then(CALLED, NOTED)


def test_individual_teaching_goes_along_into_another_class_and_ends_with_the_last() -> None:
    there = (*REGISTERS, JOINED_ALONE, APART)
    move = ChangeClass(from_class_id="4a", to_class_id="4b", pupil_id="bobr", on=OCTOBER, reason="prośba")
    decided = given(there).when(move, by=OFFICE).decision
    assert isinstance(decided, list)
    told = [each for each in decided if isinstance(each.fact, PupilTaughtApart | TeachingApartEnded)]
    wednesday = date(2026, 10, 14)
    ended = at(streams.unit("4a"), replace(OVER, until=wednesday))
    begun = PupilTaughtApart(class_id="4b", pupil_id="bobr", unit_id="ni", since=OCTOBER)
    assert told == [ended, at(streams.unit("4b"), begun)]
    follows = EndEnrolment(class_id="4a", pupil_id="bobr", until=wednesday, class_follows=True)
    first = given(there).when(follows, by=OFFICE).decision
    assert isinstance(first, list)
    given(there, first).when(EnrolPupil(class_id="4b", pupil_id="bobr", since=OCTOBER), by=OFFICE).then(
        enrolled("4b", "bobr", 2, OCTOBER), at(streams.unit("4b"), begun)
    )
    gone = given(there).when(replace(follows, class_follows=False), by=OFFICE).decision
    assert isinstance(gone, list)
    left_alone = PupilLeftGroup(group_id="ni", pupil_id="bobr", until=wednesday)
    assert at(streams.unit("ni"), left_alone) in gone
    assert ended in gone


def test_no_grades_are_given_in_the_day_care_room() -> None:
    give = replace(GIVE, unit_id="care", assignment_id="a-care", pupil_id="bobr")
    given(REGISTERS).when(give, by=LIS).refused(NO_SUCH_CLASS, "class_id")


def test_a_closed_year_closes_its_registers() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=JUNE, class_ids=("4a", "4b")))
    given(REGISTERS, closed).when(ADD).refused(YEAR_CLOSED, "unit_id")
    given(REGISTERS, closed).when(replace(OPEN, unit_id="new")).refused(YEAR_CLOSED, "unit_id")
