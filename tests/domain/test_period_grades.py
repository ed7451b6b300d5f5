"""What may be decided about grades of a term and of the year?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import (
    DAY_IN_NO_TERM,
    FINAL_GRADE_IS_A_FULL_MARK,
    NOT_A_PERIOD_GRADE,
    NOT_YOUR_ASSIGNMENT,
    PERIOD_GRADE_IN_COLUMN,
    PERIOD_GRADE_STANDS,
    PUPIL_TWICE,
    VALUE_OFF_SCALE,
    CorrectGrade,
    GiveGrade,
    GivePeriodGrades,
    GradeCorrected,
    GradeEntry,
    GradeGiven,
    GradeStruckOut,
    StrikeOutGrade,
)
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import GradeKind
from dziennik.domain.world import Entry
from tests.domain.gradebook import COLUMN, DAY
from tests.domain.register import ETHICS_BOTH, LIS, NOWAK, joined, taught
from tests.domain.sentence import at, given

WINTER, SUMMER, HOLIDAYS = date(2027, 1, 20), date(2027, 6, 20), date(2027, 7, 10)
FINAL = GiveGrade(
    grade_id="f1",
    unit_id="4a",
    class_id="4a",
    assignment_id="pol-4a",
    pupil_id="cma",
    value="4",
    kind=GradeKind.TERM_FINAL,
    on=WINTER,
)


def written(fact: Fact, pupil_id: str = "cma") -> Entry:
    return at(streams.grades("4a", "pol", pupil_id), fact)


FINAL_FACT = GradeGiven(
    grade_id="f1",
    class_id="4a",
    subject_id="pol",
    pupil_id="cma",
    assignment_id="pol-4a",
    teacher_id="nowak",
    kind=GradeKind.TERM_FINAL,
    value="4",
    category_id=None,
    weight=Decimal(0),
    on=WINTER,
)
FINAL_GIVEN = written(FINAL_FACT)


def test_a_term_ends_with_a_final_grade() -> None:
    given(DAY).when(FINAL, by=NOWAK, today=WINTER).then(FINAL_GIVEN)


@pytest.mark.parametrize("value", ["4+", "5-", "np", "3/4"])
def test_a_final_grade_is_a_full_mark(value: str) -> None:
    given(DAY).when(replace(FINAL, value=value), by=NOWAK, today=WINTER).refused(
        FINAL_GRADE_IS_A_FULL_MARK, "value", remarks="nkl, zw, ucz"
    )


@pytest.mark.parametrize("value", ["nkl", "zw", "ucz", "1", "6"])
def test_a_remark_may_stand_for_a_final_grade(value: str) -> None:
    given(DAY).when(replace(FINAL, value=value), by=NOWAK, today=WINTER).then(
        written(replace(FINAL_FACT, value=value))
    )


def test_a_proposed_grade_may_have_a_sign_but_no_final_remark() -> None:
    proposed = replace(FINAL, kind=GradeKind.TERM_PROPOSED, value="4+")
    given(DAY).when(proposed, by=NOWAK, today=WINTER).then(
        written(replace(FINAL_FACT, kind=GradeKind.TERM_PROPOSED, value="4+"))
    )
    given(DAY).when(replace(proposed, value="nkl"), by=NOWAK, today=WINTER).refused(
        VALUE_OFF_SCALE, "value", value="nkl"
    )


def test_there_is_one_grade_of_each_kind_and_term() -> None:
    again = replace(FINAL, grade_id="f2", value="5", on=date(2027, 1, 25))
    given(DAY, FINAL_GIVEN).when(again, by=NOWAK, today=date(2027, 1, 25)).refused(
        PERIOD_GRADE_STANDS, "kind", value="4", on=WINTER
    )
    summer = replace(FINAL, grade_id="f2", on=SUMMER)
    given(DAY, FINAL_GIVEN).when(summer, by=NOWAK, today=SUMMER).then(
        written(replace(FINAL_FACT, grade_id="f2", on=SUMMER))
    )
    annual = replace(summer, kind=GradeKind.ANNUAL_FINAL)
    annual_given = written(replace(FINAL_FACT, grade_id="f2", on=SUMMER, kind=GradeKind.ANNUAL_FINAL))
    given(DAY, FINAL_GIVEN).when(annual, by=NOWAK, today=SUMMER).then(annual_given)
    given(DAY, annual_given).when(replace(annual, grade_id="f3"), by=NOWAK, today=SUMMER).refused(
        PERIOD_GRADE_STANDS, "kind"
    )


def test_a_struck_out_one_leaves_room() -> None:
    struck = written(GradeStruckOut(grade_id="f1", pupil_id="cma", reason="pomyłka"))
    given(DAY, FINAL_GIVEN, struck).when(replace(FINAL, grade_id="f2"), by=NOWAK, today=WINTER).then(
        written(replace(FINAL_FACT, grade_id="f2"))
    )


def test_a_term_grade_is_of_a_day_in_a_term() -> None:
    given(DAY).when(replace(FINAL, on=HOLIDAYS), by=NOWAK, today=HOLIDAYS).refused(
        DAY_IN_NO_TERM, "on", on=HOLIDAYS
    )
    annual = replace(FINAL, on=HOLIDAYS, kind=GradeKind.ANNUAL_FINAL)
    given(DAY).when(annual, by=NOWAK, today=HOLIDAYS).then(
        written(replace(FINAL_FACT, on=HOLIDAYS, kind=GradeKind.ANNUAL_FINAL))
    )


def test_it_belongs_to_no_column() -> None:
    in_column = replace(FINAL, column_id="k1")
    given(DAY, COLUMN).when(in_column, by=NOWAK, today=WINTER).refused(PERIOD_GRADE_IN_COLUMN, "column_id")


def test_a_corrected_final_grade_is_a_full_mark_too() -> None:
    correct = CorrectGrade(
        class_id="4a", subject_id="pol", pupil_id="cma", grade_id="f1", value="5+", reason="uchwała rady"
    )
    given(DAY, FINAL_GIVEN).when(correct, by=NOWAK, today=WINTER).refused(FINAL_GRADE_IS_A_FULL_MARK, "value")
    given(DAY, FINAL_GIVEN).when(replace(correct, value="5"), by=NOWAK, today=WINTER).then(
        written(GradeCorrected(grade_id="f1", pupil_id="cma", was="4", value="5", reason="uchwała rady"))
    )


ALL = GivePeriodGrades(
    unit_id="4a",
    assignment_id="pol-4a",
    kind=GradeKind.TERM_FINAL,
    on=WINTER,
    grades=(
        GradeEntry(grade_id="f1", class_id="4a", pupil_id="cma", value="4"),
        GradeEntry(grade_id="f2", class_id="4a", pupil_id="bobr", value="3"),
    ),
)


def test_a_whole_class_gets_its_grades_at_once() -> None:
    given(DAY).when(ALL, by=NOWAK, today=WINTER).then(
        FINAL_GIVEN, written(replace(FINAL_FACT, grade_id="f2", pupil_id="bobr", value="3"), "bobr")
    )


def test_all_that_is_wrong_is_told_at_once() -> None:
    first, second = ALL.grades
    wrong = replace(ALL, grades=(replace(first, value="7"), replace(second, value="4+"), first))
    when = given(DAY).when(wrong, by=NOWAK, today=WINTER)
    when.refused(FINAL_GRADE_IS_A_FULL_MARK, "grades[0].value")
    refusal = when.decision
    assert isinstance(refusal, Refusal)
    assert [(other.code, other.field) for other in refusal.others] == [
        (FINAL_GRADE_IS_A_FULL_MARK.code, "grades[1].value"),
        (PUPIL_TWICE.code, "grades[2].pupil_id"),
    ]


def test_current_grades_are_not_given_so() -> None:
    given(DAY).when(replace(ALL, kind=GradeKind.CURRENT), by=NOWAK, today=WINTER).refused(
        NOT_A_PERIOD_GRADE, "kind"
    )


def test_only_the_teacher_of_the_assignment_gives_them() -> None:
    given(DAY).when(ALL, by=LIS, today=WINTER).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")


def test_a_successor_in_an_interclass_group_answers_for_earlier_grades() -> None:
    ethics = replace(FINAL_FACT, subject_id="eth", pupil_id="bobr", assignment_id="eth", teacher_id="lis")
    ethics_given = at(streams.grades("4a", "eth", "bobr"), ethics)
    past = (*DAY, joined("ethics", "ethics", "4a", "bobr"), ETHICS_BOTH, ethics_given)
    successor = taught("eth-2", "ethics", "eth", "nowak", "ethics")
    strike = StrikeOutGrade(
        class_id="4a", subject_id="eth", pupil_id="bobr", grade_id="f1", reason="pomyłka", unit_id="ethics"
    )
    given(past).when(strike, by=NOWAK, today=WINTER).refused(NOT_YOUR_ASSIGNMENT, "grade_id")
    given(past, successor).when(strike, by=NOWAK, today=WINTER).then(
        at(
            streams.grades("4a", "eth", "bobr"),
            GradeStruckOut(grade_id="f1", pupil_id="bobr", reason="pomyłka"),
        )
    )
