"""What may be decided about pupils who change class, come, leave, or repeat a year?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.classes import (
    ALREADY_ENROLLED,
    NO_SUCH_CLASS,
    NOT_ENROLLED,
    NUMBER_TAKEN,
    OUTSIDE_YEAR,
    ClassOpened,
    EndEnrolment,
    EnrolPupil,
    PupilLeft,
    PupilLeftGroup,
)
from dziennik.contracts.classification import (
    NOT_THE_NEXT_YEAR,
    YEAR_CLOSED,
    Outcome,
    PromoteClass,
    PromotionDecided,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.finals import FinalGradeCarried
from dziennik.contracts.grades import GradeGiven, GradeStruckOut
from dziennik.contracts.lessons import REASON_MISSING, LessonCancelled, LessonHeld, lesson_id
from dziennik.contracts.movement import (
    ALREADY_LEFT,
    ALREADY_MOVED,
    ENROLLED_ELSEWHERE,
    ENTRIES_AFTER,
    LEVEL_DIFFERS,
    NOT_REPEATING,
    OTHER_YEAR,
    SAME_CLASS,
    ChangeClass,
    ClassChanged,
    LeaveSchool,
    LeavingKind,
    PupilLeftSchool,
    PupilStruckOff,
    PupilTransferredIn,
    RepeatYear,
    StrikeFromList,
    TransferIn,
    YearRepeated,
)
from dziennik.contracts.school import SchoolYearClosed, SchoolYearOpened
from dziennik.contracts.values import GradeKind
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Entry, Past
from tests.domain.other_registers import REGISTERS
from tests.domain.register import (
    JUNE,
    LAST_YEAR,
    LIS,
    NEXT_YEAR,
    NOWAK,
    OCTOBER,
    OFFICE,
    REGISTER,
    SEPTEMBER,
    enrolled,
)
from tests.domain.sentence import DIRECTOR, TODAY, at, given

MONDAY = date(2026, 10, 12)
SUNDAY = date(2026, 10, 11)

MOVE = ChangeClass(from_class_id="4a", to_class_id="4b", pupil_id="bobr", on=MONDAY, reason="prośba rodziców")
LEFT_4A = at(streams.unit("4a"), PupilLeft(class_id="4a", pupil_id="bobr", until=SUNDAY))
LEFT_ENGLISH = at(streams.unit("4a"), PupilLeftGroup(group_id="4a-en", pupil_id="bobr", until=SUNDAY))
IN_4B = enrolled("4b", "bobr", 2, MONDAY)
CHANGED = at(
    streams.unit("4b"),
    ClassChanged(pupil_id="bobr", from_class_id="4a", to_class_id="4b", on=MONDAY, reason="prośba rodziców"),
)
MOVED = (LEFT_ENGLISH, LEFT_4A, IN_4B, CHANGED)


def test_a_pupil_leaves_one_class_and_joins_another_in_one_command() -> None:
    for who in (OFFICE, DIRECTOR):
        given(REGISTER).when(MOVE, by=who).then(*MOVED)
    given(REGISTER, MOVED).when(MOVE).nothing()
    given(REGISTER).when(MOVE, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_final_grades_of_earlier_years_go_along() -> None:
    """Those that a pupil brought to the former class, also for who repeats; nobody else's."""
    brought = FinalGradeCarried(class_id="4a", pupil_id="bobr", subject_id="eth", value="5", year="2025/2026")
    stream = streams.finals("4b")
    past = (
        *REGISTER,
        at(streams.finals("4a"), brought),
        at(streams.finals("4a"), replace(brought, pupil_id="cma")),
    )
    there = at(stream, replace(brought, class_id="4b"))
    given(past).when(MOVE).then(*MOVED, there)
    given(past, there).when(MOVE).then(*MOVED)
    repeated = YearRepeated(pupil_id="bobr", from_class_id="4a", class_id="4d", since=NEXT_YEAR)
    given(NEXT, past[-2:]).when(REPEAT).then(
        enrolled("4d", "bobr", 1, NEXT_YEAR),
        at(streams.unit("4d"), repeated),
        at(streams.finals("4d"), replace(brought, class_id="4d")),
    )


def test_the_number_is_the_next_one_or_a_free_one() -> None:
    given(REGISTER).when(replace(MOVE, number=7)).then(
        LEFT_ENGLISH, LEFT_4A, enrolled("4b", "bobr", 7, MONDAY), CHANGED
    )
    given(REGISTER).when(replace(MOVE, number=1)).refused(NUMBER_TAKEN, "number", number=1)


def test_nobody_bears_a_number_that_somebody_bore() -> None:
    """Zając, number 1 of 4b, left: Bóbr becomes number 2 all the same."""
    gone = at(streams.unit("4b"), PupilLeft(class_id="4b", pupil_id="zajac", until=SEPTEMBER))
    given(REGISTER, gone).when(MOVE).then(*MOVED)
    given(REGISTER, gone).when(replace(MOVE, number=1)).refused(NUMBER_TAKEN, "number")


def test_a_move_that_makes_no_sense() -> None:
    given(REGISTER).when(replace(MOVE, to_class_id="4a")).refused(SAME_CLASS, "to_class_id")
    given(REGISTER).when(replace(MOVE, reason=" ")).refused(REASON_MISSING, "reason")
    given(REGISTER).when(replace(MOVE, on=LAST_YEAR)).refused(OUTSIDE_YEAR, "on")
    given(REGISTER).when(replace(MOVE, on=SEPTEMBER)).refused(
        NOT_ENROLLED, "pupil_id", pupil="bobr", on=LAST_YEAR
    )
    given(REGISTER).when(replace(MOVE, pupil_id="los")).refused(NOT_ENROLLED, "pupil_id")
    for wrong in ("9z", "ethics"):
        given(REGISTER).when(replace(MOVE, to_class_id=wrong)).refused(
            NO_SUCH_CLASS, "to_class_id", unit=wrong
        )
        given(REGISTER).when(replace(MOVE, from_class_id=wrong)).refused(NO_SUCH_CLASS, "from_class_id")


def test_the_second_of_two_moves_is_shown_the_first() -> None:
    third = at(streams.unit("4c"), ClassOpened(class_id="4c", year_id="y2026", name="4c", level=4))
    given(REGISTER, third, MOVED).when(replace(MOVE, to_class_id="4c")).refused(
        ALREADY_MOVED, "from_class_id", pupil="bobr", unit="4b", since=MONDAY
    )
    given(REGISTER, LEFT_4A).when(MOVE).refused(ALREADY_LEFT, "pupil_id", pupil="bobr", until=SUNDAY)


def test_whoever_moved_may_move_back() -> None:
    back = replace(MOVE, from_class_id="4b", to_class_id="4a", on=OCTOBER)
    given(REGISTER, MOVED).when(back).then(
        at(streams.unit("4b"), PupilLeft(class_id="4b", pupil_id="bobr", until=date(2026, 10, 14))),
        enrolled("4a", "bobr", 3, OCTOBER),  # under a new number
        at(
            streams.unit("4a"),
            ClassChanged(
                pupil_id="bobr", from_class_id="4b", to_class_id="4a", on=OCTOBER, reason="prośba rodziców"
            ),
        ),
    )


def grade(grade_id: str, on: date, class_id: str = "4a") -> Entry:
    fact = GradeGiven(
        grade_id=grade_id,
        class_id=class_id,
        subject_id="pol",
        pupil_id="bobr",
        assignment_id="pol-4a",
        teacher_id="nowak",
        kind=GradeKind.CURRENT,
        value="4+",
        category_id="test",
        weight=Decimal(5),
        on=on,
    )
    return at(streams.grades(class_id, "pol", "bobr"), fact)


def called(unit_id: str, assignment_id: str, on: date) -> tuple[Entry, ...]:
    key = lesson_id(on, 3, assignment_id)
    held = LessonHeld(
        unit_id=unit_id,
        lesson_id=key,
        on=on,
        period=3,
        assignment_id=assignment_id,
        subject_id="pol",
        teacher_id="nowak",
    )
    stream = streams.lesson(unit_id, key)
    return at(stream, held), at(stream, RollCalled(lesson_id=key, pupils=("bobr", "zajac")))


LEAVE = LeaveSchool(
    class_id="4a",
    pupil_id="bobr",
    until=SUNDAY,
    kind=LeavingKind.TO_ANOTHER_SCHOOL,
    reason="przeprowadzka",
    destination="SP 3 w Gdyni",
)
STRIKE = StrikeFromList(
    class_id="4a", pupil_id="bobr", until=SUNDAY, decision="7/2026", legal_basis="art. 68", reason="uchwała"
)
END = EndEnrolment(class_id="4a", pupil_id="bobr", until=SUNDAY)


@pytest.mark.parametrize(
    ("command", "field"), [(MOVE, "on"), (LEAVE, "until"), (STRIKE, "until"), (END, "until")]
)
def test_nobody_left_before_the_entries_about_them(
    command: ChangeClass | LeaveSchool | StrikeFromList | EndEnrolment, field: str
) -> None:
    """The entries are named; those of the last day, struck-out ones and cancelled lessons are no obstacle."""
    last_day = (grade("g0", SUNDAY), called("4a", "pol-4a", SUNDAY), grade("other", MONDAY, "4b"))
    decided = given(REGISTER, *last_day).when(command).decision
    assert isinstance(decided, list)
    later = (grade("g1", MONDAY), *called("4a", "pol-4a", OCTOBER), *called("ethics", "eth", OCTOBER))
    refused = given(REGISTER, *later).when(command)
    refused.refused(
        ENTRIES_AFTER, field, until=SUNDAY, pupil="bobr", count=3, entry="2026-10-12 Język polski: 4+"
    )
    others = [other.details["entry"] for other in refused.decision.others]  # type: ignore[union-attr]
    assert others == ["2026-10-15 (3.)", "2026-10-15 (3.)"]
    struck = at(
        streams.grades("4a", "pol", "bobr"), GradeStruckOut(grade_id="g1", pupil_id="bobr", reason="pomyłka")
    )
    cancelled = [
        at(
            entry.stream,
            LessonCancelled(
                unit_id=entry.fact.unit_id,
                lesson_id=entry.fact.lesson_id,
                on=OCTOBER,
                period=3,
                assignment_id=entry.fact.assignment_id,
                subject_id="pol",
                reason="pomyłka",
            ),
        )
        for entry in later
        if isinstance(entry.fact, LessonHeld)
    ]
    assert isinstance(given(REGISTER, *later, struck, *cancelled).when(command).decision, list)


IMPORT = Actor(account="import", role=Role.SYSTEM, channel=Channel.IMPORT)


def test_a_file_tells_of_a_leaving_whatever_follows_but_of_one_class_at_a_time() -> None:
    """It may hold results of days after the pupil left; those who leave make room before others enter."""
    told = replace(END, reason="import")
    left = at(streams.unit("4a"), PupilLeft(class_id="4a", pupil_id="bobr", until=SUNDAY, reason="import"))
    given(REGISTER, grade("g1", MONDAY)).when(told, by=IMPORT).then(left)
    enrol = EnrolPupil(class_id="4b", pupil_id="bobr", since=MONDAY)
    given(REGISTER).when(enrol, by=IMPORT).refused(ENROLLED_ELSEWHERE, "pupil_id")
    given(REGISTER, left).when(enrol, by=IMPORT).then(IN_4B)


def test_the_end_of_an_enrolment_ends_groups_and_registers_too() -> None:
    """Those of a pupil who goes on in another class last; a file tells of groups itself."""
    in_care = at(streams.unit("care"), PupilLeftGroup(group_id="care", pupil_id="bobr", until=SUNDAY))
    ethics = at(streams.unit("ethics"), PupilLeftGroup(group_id="ethics", pupil_id="bobr", until=SUNDAY))
    given(REGISTERS).when(END, by=OFFICE).then(LEFT_ENGLISH, in_care, ethics, LEFT_4A)
    given(REGISTERS, LEFT_4A).when(END, by=OFFICE).nothing()
    follows = replace(END, class_follows=True)
    given(REGISTERS).when(follows, by=OFFICE).then(LEFT_ENGLISH, LEFT_4A)
    given(REGISTERS).when(END, by=IMPORT).then(in_care, LEFT_4A)
    given(REGISTERS).when(follows, by=IMPORT).then(LEFT_4A)


def test_leaving_the_school_ends_groups_and_registers_but_not_the_pedagogues() -> None:
    """Nobody is to learn from the number of facts that a pupil works with the pedagogue."""
    fact = PupilLeftSchool(
        class_id="4a",
        pupil_id="bobr",
        until=SUNDAY,
        kind=LeavingKind.TO_ANOTHER_SCHOOL,
        reason="przeprowadzka",
        destination="SP 3 w Gdyni",
    )
    left = [
        at(streams.unit(unit), PupilLeftGroup(group_id=group, pupil_id="bobr", until=SUNDAY))
        for unit, group in (("4a", "4a-en"), ("care", "care"), ("ethics", "ethics"))
    ]
    given(REGISTERS).when(LEAVE, by=OFFICE).then(*left, LEFT_4A, at(streams.unit("4a"), fact))
    given(REGISTERS, *left, LEFT_4A).when(LEAVE).nothing()


def test_a_leaving_that_makes_no_sense() -> None:
    given(REGISTER).when(LEAVE, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(LEAVE, reason=" ")).refused(REASON_MISSING, "reason")
    given(REGISTER).when(replace(LEAVE, pupil_id="zajac")).refused(NOT_ENROLLED, "pupil_id")
    given(REGISTER).when(replace(LEAVE, until=NEXT_YEAR)).refused(OUTSIDE_YEAR, "until")
    given(REGISTER).when(replace(LEAVE, class_id="ethics")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER, LEFT_4A).when(replace(LEAVE, until=OCTOBER)).refused(
        ALREADY_LEFT, "pupil_id", pupil="bobr", until=SUNDAY
    )


def test_only_the_director_strikes_a_pupil_from_the_list() -> None:
    fact = PupilStruckOff(
        class_id="4a",
        pupil_id="bobr",
        until=SUNDAY,
        decision="7/2026",
        legal_basis="art. 68",
        reason="uchwała",
    )
    left = [
        LEFT_ENGLISH,
        at(streams.unit("ethics"), PupilLeftGroup(group_id="ethics", pupil_id="bobr", until=SUNDAY)),
        LEFT_4A,
    ]
    given(REGISTER).when(STRIKE).then(*left, at(streams.unit("4a"), fact))
    given(REGISTER, *left).when(STRIKE).nothing()
    given(REGISTER).when(STRIKE, by=OFFICE).refused(NOT_YOURS_TO_DO)
    for field in ("decision", "legal_basis", "reason"):
        given(REGISTER).when(replace(STRIKE, **{field: " "})).refused(TEXT_MISSING, field)


COME = TransferIn(class_id="4a", pupil_id="los", since=MONDAY, school=" SP 12 w Łodzi ")
CAME = (
    enrolled("4a", "los", 3, MONDAY),
    at(
        streams.unit("4a"),
        PupilTransferredIn(class_id="4a", pupil_id="los", since=MONDAY, school="SP 12 w Łodzi"),
    ),
)


def test_a_pupil_comes_from_another_school() -> None:
    given(REGISTER).when(COME, by=OFFICE).then(*CAME)
    given(REGISTER, CAME).when(COME, by=OFFICE).nothing()
    given(REGISTER).when(COME, by=LIS).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(replace(COME, school=" ")).refused(TEXT_MISSING, "school")
    given(REGISTER).when(replace(COME, pupil_id="cma")).refused(ALREADY_ENROLLED, "pupil_id")
    given(REGISTER).when(replace(COME, pupil_id="zajac")).refused(
        ENROLLED_ELSEWHERE, "pupil_id", pupil="zajac", unit="4b", since=SEPTEMBER
    )
    given(REGISTER).when(replace(COME, since=LAST_YEAR)).refused(OUTSIDE_YEAR, "since")


def test_nothing_moves_in_a_closed_year() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=JUNE, class_ids=("4a", "4b")))
    for command in (MOVE, LEAVE, STRIKE, COME):
        given(REGISTER, closed).when(command).refused(YEAR_CLOSED, "unit_id")


# The next year

OPENED_NEXT = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31)),
)


def next_class(class_id: str, level: int) -> Entry:
    fact = ClassOpened(class_id=class_id, year_id="y2027", name=class_id, level=level)
    return at(streams.unit(class_id), fact)


def decided(pupil_id: str, outcome: Outcome) -> Entry:
    fact = PromotionDecided(class_id="4a", pupil_id=pupil_id, outcome=outcome, rule_version=1)
    return at(streams.classification("4a"), fact)


REPEATS = decided("bobr", Outcome.REPEATS)
NEXT = (*REGISTER, OPENED_NEXT, next_class("4d", 4), next_class("5a", 5), REPEATS)
REPEAT = RepeatYear(from_class_id="4a", class_id="4d", pupil_id="bobr", since=NEXT_YEAR)


def test_who_is_not_promoted_repeats_in_a_class_of_the_same_level() -> None:
    """The place in last year's class, never ended, is no second class at a time."""
    repeated = YearRepeated(pupil_id="bobr", from_class_id="4a", class_id="4d", since=NEXT_YEAR)
    there = (enrolled("4d", "bobr", 1, NEXT_YEAR), at(streams.unit("4d"), repeated))
    given(NEXT).when(REPEAT, by=OFFICE).then(*there)
    given(NEXT, there).when(REPEAT).nothing()
    given(NEXT).when(replace(REPEAT, class_id="5a")).refused(LEVEL_DIFFERS, "class_id", level=4, unit="5a")
    given(NEXT).when(replace(REPEAT, class_id="4b")).refused(NOT_THE_NEXT_YEAR, "class_id")
    given(NEXT).when(replace(REPEAT, class_id="x")).refused(NO_SUCH_CLASS, "class_id")
    given(NEXT).when(replace(REPEAT, from_class_id="x")).refused(NO_SUCH_CLASS, "from_class_id")
    given(NEXT).when(replace(REPEAT, pupil_id="cma")).refused(NOT_REPEATING, "pupil_id", pupil="cma")
    promoted = decided("cma", Outcome.PROMOTED)
    given(NEXT, promoted).when(replace(REPEAT, pupil_id="cma")).refused(NOT_REPEATING, "pupil_id")
    given(NEXT).when(REPEAT, by=NOWAK).refused(NOT_YOURS_TO_DO)


def test_a_class_is_not_promoted_with_who_is_elsewhere_already() -> None:
    promote = PromoteClass(from_class_id="4a", class_id="5x", year_id="y2027", name="5x")
    promoted = decided("cma", Outcome.PROMOTED)
    elsewhere = enrolled("5a", "cma", 1, NEXT_YEAR)
    given(NEXT, promoted, elsewhere).when(promote).refused(
        ENROLLED_ELSEWHERE, "from_class_id", pupil="cma", unit="5a", since=NEXT_YEAR
    )


def test_a_class_of_another_year_is_nowhere_to_move_to() -> None:
    given(NEXT).when(replace(MOVE, to_class_id="4d")).refused(OTHER_YEAR, "to_class_id", unit="4d")


def test_a_decision_sees_the_units_of_the_year_alone() -> None:
    past: dict[str, list[Fact]] = {}
    for entry in NEXT:
        past.setdefault(entry.stream, []).append(entry.fact)
    world = Past(past)
    assert world.units("y2026") == ["4a", "4b", "ethics"]
    assert world.units("y2027") == ["4d", "5a"]
    assert world.names("year/4a/", "year/4b") == ["year/4a/classification", "year/4a/register"]
    asked = Asked(actor=DIRECTOR, at=None, today=TODAY)  # type: ignore[arg-type]
    assert decide(world, MOVE, asked) == list(MOVED)
