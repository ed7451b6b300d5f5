"""What may be decided about grades: giving, correcting, striking out, retakes?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import (
    ASSIGNMENT_NOT_IN_FORCE,
    NO_SUCH_ASSIGNMENT,
    NO_SUCH_CLASS,
    NOT_ENROLLED,
    NOT_IN_GROUP,
    OUTSIDE_YEAR,
    TeachingAssigned,
    TeachingEnded,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.grades import (
    ALREADY_IMPROVED,
    DAY_OR_CATEGORY_MISSING,
    GRADE_EXISTS,
    GRADE_IN_FUTURE,
    GRADE_IS_STRUCK_OUT,
    NO_SUCH_CATEGORY,
    NO_SUCH_GRADE,
    NOT_A_CHANGE,
    NOT_YOUR_ASSIGNMENT,
    POINTS_OUT_OF_RANGE,
    VALUE_AND_DESCRIPTION,
    VALUE_OFF_SCALE,
    WEIGHT_OUT_OF_RANGE,
    GradeCorrected,
    GradeStruckOut,
)
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.values import GradeKind
from tests.domain.gradebook import (
    CHANGE,
    COLUMN,
    CORRECT,
    CORRECTED,
    DAY,
    ELSEWHERE,
    FILL,
    FRIDAY,
    GIVE,
    GIVEN,
    GIVEN_FACT,
    OPEN,
    RETAKE,
    RETAKE_FACT,
    RETAKEN,
    STRIKE,
    STRUCK,
    WEDNESDAY,
    of_cma,
)
from tests.domain.register import LAST_YEAR, LIS, NOWAK, OCTOBER, OFFICE, PUPIL
from tests.domain.sentence import DIRECTOR, at, given


def test_a_grade_is_given_with_its_categorys_weight() -> None:
    given(DAY).when(GIVE, by=NOWAK).then(GIVEN)
    given(DAY).when(replace(GIVE, weight=Decimal(0), comment="na lekcji"), by=NOWAK).then(
        of_cma(replace(GIVEN_FACT, weight=Decimal(0), comment="na lekcji"))
    )


def test_giving_it_again_does_nothing() -> None:
    given(DAY, GIVEN).when(GIVE, by=NOWAK).nothing()
    given(DAY, GIVEN).when(replace(GIVE, value="5"), by=NOWAK).refused(GRADE_EXISTS, "grade_id")


@pytest.mark.parametrize("value", ["1", "6", "5-", "np", "+", "12/15", "0/15", "7,5/15"])
def test_marks_remarks_and_points_are_grades(value: str) -> None:
    given(DAY).when(replace(GIVE, value=value), by=NOWAK).then(of_cma(replace(GIVEN_FACT, value=value)))


@pytest.mark.parametrize("value", ["", "7", "4++", " 4", "celujący", "12/"])
def test_anything_else_is_not(value: str) -> None:
    given(DAY).when(replace(GIVE, value=value), by=NOWAK).refused(VALUE_OFF_SCALE, "value", value=value)


def test_a_description_is_a_grade_by_itself() -> None:
    described = replace(GIVE, value="", description="Czyta płynnie.")
    given(DAY).when(described, by=NOWAK).then(
        of_cma(replace(GIVEN_FACT, value="", description="Czyta płynnie."))
    )
    given(DAY).when(replace(described, description="  "), by=NOWAK).refused(VALUE_OFF_SCALE, "value")
    given(DAY).when(replace(described, value="4"), by=NOWAK).refused(VALUE_AND_DESCRIPTION, "description")


@pytest.mark.parametrize("kind", [kind for kind in GradeKind if kind is not GradeKind.CURRENT])
def test_grades_that_close_a_term_need_no_category(kind: GradeKind) -> None:
    final = replace(GIVE, kind=kind, category_id=None, value="4")
    given(DAY).when(final, by=NOWAK).then(
        of_cma(replace(GIVEN_FACT, kind=kind, category_id=None, value="4", weight=Decimal(0)))
    )


def test_a_grade_outside_a_column_needs_category_and_day() -> None:
    given(DAY).when(replace(GIVE, category_id=None), by=NOWAK).refused(DAY_OR_CATEGORY_MISSING, "category_id")
    given(DAY).when(replace(GIVE, on=None), by=NOWAK).refused(DAY_OR_CATEGORY_MISSING, "on")
    given(DAY).when(replace(GIVE, category_id="x"), by=NOWAK).refused(NO_SUCH_CATEGORY, "category_id")
    given(DAY).when(replace(GIVE, weight=Decimal(101)), by=NOWAK).refused(WEIGHT_OUT_OF_RANGE, "weight")


def test_a_grade_has_its_day_in_the_year_and_not_to_come() -> None:
    given(DAY).when(replace(GIVE, on=FRIDAY), by=NOWAK).refused(GRADE_IN_FUTURE, "on", on=FRIDAY)
    given(DAY).when(replace(GIVE, on=OCTOBER), by=NOWAK).then(of_cma(replace(GIVEN_FACT, on=OCTOBER)))
    given(DAY).when(replace(GIVE, on=LAST_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "on")


def test_teachers_grade_in_their_own_assignments() -> None:
    given(DAY).when(GIVE, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")
    given(DAY).when(OPEN, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")
    given(DAY).when(GIVE, by=DIRECTOR).then(GIVEN)  # entered for the teacher, who stands in the fact
    given(DAY).when(replace(GIVE, assignment_id="pol-4b"), by=LIS).refused(
        NO_SUCH_ASSIGNMENT, "assignment_id", assignment="pol-4b"
    )
    ended = at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=date(2026, 10, 13)))
    given(DAY, ended).when(GIVE, by=NOWAK).refused(ASSIGNMENT_NOT_IN_FORCE, "on", on=WEDNESDAY)


def test_pupils_are_graded_where_they_are() -> None:
    given(DAY).when(replace(GIVE, pupil_id="zajac"), by=NOWAK).refused(
        NOT_ENROLLED, "pupil_id", pupil="zajac", on=WEDNESDAY
    )
    given(DAY).when(replace(GIVE, class_id="4b", pupil_id="zajac"), by=NOWAK).refused(
        NO_SUCH_CLASS, "class_id", unit="4b"
    )
    given(DAY).when(replace(GIVE, unit_id="4c", class_id="4c"), by=NOWAK).refused(NO_SUCH_CLASS, "unit_id")
    english = replace(GIVE, assignment_id="en-4a")
    given(DAY).when(english, by=LIS).refused(NOT_IN_GROUP, "pupil_id", pupil="cma", on=WEDNESDAY)


def test_grades_of_an_interclass_group_stand_under_the_pupils_class() -> None:
    ethics = replace(GIVE, unit_id="ethics", assignment_id="eth", class_id="4b", pupil_id="zajac")
    fact = replace(
        GIVEN_FACT,
        class_id="4b",
        subject_id="eth",
        pupil_id="zajac",
        assignment_id="eth",
        teacher_id="lis",
    )
    given(DAY).when(ethics, by=LIS).then(at(streams.grades("4b", "eth", "zajac"), fact))
    given(DAY).when(replace(ethics, class_id="ethics"), by=LIS).refused(NO_SUCH_CLASS, "class_id")
    given(DAY).when(replace(ethics, class_id="4a"), by=LIS).refused(NOT_ENROLLED, "pupil_id")


def test_a_retake_improves_a_grade_that_stands() -> None:
    given(DAY, GIVEN).when(RETAKE, by=NOWAK).then(RETAKEN)
    given(DAY, GIVEN, RETAKEN).when(RETAKE, by=NOWAK).nothing()
    given(DAY).when(RETAKE, by=NOWAK).refused(NO_SUCH_GRADE, "improves", grade="g1")
    given(DAY, GIVEN, STRUCK).when(RETAKE, by=NOWAK).refused(GRADE_IS_STRUCK_OUT, "improves", grade="g1")


def test_a_grade_is_retaken_once_and_the_retake_may_be_retaken() -> None:
    another = replace(RETAKE, grade_id="g3")
    given(DAY, GIVEN, RETAKEN).when(another, by=NOWAK).refused(ALREADY_IMPROVED, "improves", grade="g1")
    given(DAY, GIVEN, RETAKEN).when(replace(another, improves="g2"), by=NOWAK).then(
        of_cma(replace(RETAKE_FACT, grade_id="g3", improves="g2"))
    )
    retake_struck = of_cma(GradeStruckOut(grade_id="g2", pupil_id="cma", reason="pomyłka"))
    given(DAY, GIVEN, RETAKEN, retake_struck).when(another, by=NOWAK).then(
        of_cma(replace(RETAKE_FACT, grade_id="g3"))
    )


def test_a_grade_improves_no_other_pupils() -> None:
    given(DAY, GIVEN).when(replace(RETAKE, pupil_id="bobr"), by=NOWAK).refused(NO_SUCH_GRADE, "improves")
    given(DAY, GIVEN).when(replace(RETAKE, improves="g2"), by=NOWAK).refused(NO_SUCH_GRADE, "improves")


def test_a_grade_is_corrected_and_both_values_stay() -> None:
    given(DAY, GIVEN).when(CORRECT, by=NOWAK).then(CORRECTED)
    given(DAY, GIVEN, CORRECTED).when(replace(CORRECT, value="3"), by=NOWAK).then(
        of_cma(GradeCorrected(grade_id="g1", pupil_id="cma", was="5", value="3", reason="źle przepisana"))
    )


def test_a_mark_may_become_a_description() -> None:
    given(DAY, GIVEN).when(replace(CORRECT, value="", description="Czyta."), by=NOWAK).then(
        of_cma(
            GradeCorrected(
                grade_id="g1",
                pupil_id="cma",
                was="4+",
                value="",
                reason="źle przepisana",
                description="Czyta.",
            )
        )
    )


def test_a_correction_changes_something_for_a_reason() -> None:
    given(DAY, GIVEN).when(replace(CORRECT, value="4+"), by=NOWAK).refused(NOT_A_CHANGE, "value")
    given(DAY, GIVEN).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(DAY, GIVEN).when(replace(CORRECT, value="7"), by=NOWAK).refused(VALUE_OFF_SCALE, "value", value="7")
    given(DAY, GIVEN).when(replace(CORRECT, value="16/15"), by=NOWAK).refused(POINTS_OUT_OF_RANGE, "value")


def test_a_grade_is_struck_out_for_a_reason() -> None:
    given(DAY, GIVEN).when(STRIKE, by=NOWAK).then(STRUCK)
    given(DAY, GIVEN).when(replace(STRIKE, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")


@pytest.mark.parametrize("command", [CORRECT, STRIKE])
def test_it_takes_a_grade_that_stands(command: Command) -> None:
    given(DAY).when(command, by=NOWAK).refused(NO_SUCH_GRADE, "grade_id", grade="g1")
    given(DAY, GIVEN, STRUCK).when(command, by=NOWAK).refused(GRADE_IS_STRUCK_OUT, "grade_id", grade="g1")
    given(ELSEWHERE).when(command, by=NOWAK).refused(NO_SUCH_CLASS, "class_id", unit="4a")


def test_whoever_gave_a_grade_puts_it_right() -> None:
    given(DAY, GIVEN).when(CORRECT, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "grade_id")
    given(DAY, GIVEN).when(STRIKE, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "grade_id")
    given(DAY, GIVEN).when(CORRECT, by=DIRECTOR).then(CORRECTED)


def test_a_successor_answers_for_the_grades_given_before() -> None:
    succeeded = (
        at(streams.unit("4a"), TeachingEnded(assignment_id="pol-4a", until=WEDNESDAY)),
        at(
            streams.unit("4a"),
            TeachingAssigned(
                assignment_id="pol-4a-2", unit_id="4a", subject_id="pol", teacher_id="lis", since=OCTOBER
            ),
        ),
    )
    given(DAY, GIVEN, succeeded).when(CORRECT, by=LIS).then(CORRECTED)
    given(DAY, GIVEN, succeeded).when(CORRECT, by=LIS, today=WEDNESDAY).refused(
        NOT_YOUR_ASSIGNMENT, "grade_id"
    )


@pytest.mark.parametrize("command", [OPEN, CHANGE, GIVE, FILL, CORRECT, STRIKE])
def test_grades_are_the_teachings(command: Command) -> None:
    given(DAY, COLUMN, GIVEN).when(command, by=PUPIL).refused(NOT_YOURS_TO_DO, role="pupil")
    given(DAY, COLUMN, GIVEN).when(command, by=OFFICE).refused(NOT_YOURS_TO_DO, role="administrator")
