"""What may be decided about grades that a pupil brings from another school?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, OUTSIDE_YEAR
from dziennik.contracts.classification import NOT_HOMEROOM_TEACHER, YEAR_CLOSED
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.earlier_grades import (
    ALREADY_STRUCK_OUT,
    EARLIER_GRADE_EXISTS,
    NO_SUCH_EARLIER_GRADE,
    NOT_BEFORE_COMING,
    CorrectEarlierGrade,
    EarlierGrade,
    EarlierGradeCorrected,
    EarlierGradeRecorded,
    EarlierGradesRule,
    EarlierGradeStruckOut,
    RecordEarlierGrades,
    RuleSet,
    SetEarlierGradesRule,
    StrikeOutEarlierGrade,
)
from dziennik.contracts.grades import NOT_A_CHANGE, WEIGHT_OUT_OF_RANGE
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.school import NO_SUCH_SUBJECT, NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.values import GradeKind
from dziennik.domain.world import Entry
from tests.domain.register import JUNE, LAST_YEAR, LIS, NOWAK, OFFICE, REGISTER, enrolled
from tests.domain.sentence import DIRECTOR, at, given

CAME = date(2026, 10, 1)
BEFORE = date(2026, 9, 20)
PAST = (*REGISTER, enrolled("4a", "los", 3, CAME))

FOUR = EarlierGrade(grade_id="e1", subject_id="pol", value="4", on=BEFORE)
SIX = EarlierGrade(
    grade_id="e2",
    subject_id="en",
    value="celujący",
    on=BEFORE,
    kind=GradeKind.TERM_FINAL,
    weight=Decimal(3),
    comment="z arkusza",
)
RECORD = RecordEarlierGrades(class_id="4a", pupil_id="los", school=" SP 12 ", grades=(FOUR, SIX))


def fact(grade: EarlierGrade) -> Entry:
    return at(
        streams.earlier_grades("4a", "los"),
        EarlierGradeRecorded(
            grade_id=grade.grade_id,
            class_id="4a",
            subject_id=grade.subject_id,
            pupil_id="los",
            school="SP 12",
            kind=grade.kind,
            value=grade.value,
            weight=grade.weight,
            on=grade.on,
            comment=grade.comment,
        ),
    )


RECORDED = (fact(FOUR), fact(SIX))


def test_the_homeroom_teacher_or_the_director_records_them_as_they_were_written() -> None:
    for who in (NOWAK, DIRECTOR):
        given(PAST).when(RECORD, by=who).then(*RECORDED)
    given(PAST, RECORDED).when(RECORD, by=NOWAK).nothing()
    given(PAST, RECORDED[0]).when(RECORD, by=NOWAK).then(RECORDED[1])
    given(PAST).when(RECORD, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")
    given(PAST).when(RECORD, by=OFFICE).refused(NOT_YOURS_TO_DO)  # the office enters no grades


def test_all_that_is_wrong_is_told_and_nothing_written() -> None:
    def grades(*wrong: EarlierGrade) -> RecordEarlierGrades:
        return replace(RECORD, grades=wrong)

    given(PAST).when(grades(replace(FOUR, subject_id="x"))).refused(
        NO_SUCH_SUBJECT, "grades[0].subject_id", subject="x"
    )
    given(PAST).when(grades(FOUR, replace(SIX, value=" "))).refused(TEXT_MISSING, "grades[1].value")
    given(PAST).when(grades(replace(FOUR, weight=Decimal(101)))).refused(
        WEIGHT_OUT_OF_RANGE, "grades[0].weight"
    )
    given(PAST).when(grades(replace(FOUR, on=CAME))).refused(
        NOT_BEFORE_COMING, "grades[0].on", on=CAME, since=CAME
    )
    given(PAST).when(grades(replace(FOUR, on=LAST_YEAR))).refused(OUTSIDE_YEAR, "grades[0].on")
    given(PAST).when(grades(FOUR, FOUR)).refused(EARLIER_GRADE_EXISTS, "grades[1].grade_id", value="4")
    given(PAST, RECORDED).when(grades(replace(FOUR, value="5"))).refused(
        EARLIER_GRADE_EXISTS, "grades[0].grade_id", value="4"
    )
    both = given(PAST).when(grades(replace(FOUR, value=""), replace(SIX, on=CAME)))
    both.refused(TEXT_MISSING, "grades[0].value", at="value")
    assert [other.code for other in both.decision.others] == [NOT_BEFORE_COMING.code]  # type: ignore[union-attr]


def test_of_whom_and_from_where() -> None:
    given(PAST).when(replace(RECORD, school=" ")).refused(TEXT_MISSING, "school")
    given(PAST).when(replace(RECORD, pupil_id="zajac")).refused(NOT_ENROLLED, "grades[0].pupil_id")
    given(PAST).when(replace(RECORD, class_id="ethics")).refused(NO_SUCH_CLASS, "class_id")


STRIKE = StrikeOutEarlierGrade(class_id="4a", pupil_id="los", grade_id="e1", reason="inny uczeń")
STRUCK = at(
    streams.earlier_grades("4a", "los"),
    EarlierGradeStruckOut(grade_id="e1", pupil_id="los", reason="inny uczeń"),
)


def test_a_wrong_one_is_struck_out() -> None:
    for who in (NOWAK, DIRECTOR):
        given(PAST, RECORDED).when(STRIKE, by=who).then(STRUCK)
    given(PAST, RECORDED).when(STRIKE, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")
    given(PAST, RECORDED, STRUCK).when(STRIKE, by=NOWAK).refused(ALREADY_STRUCK_OUT, "grade_id", grade="e1")
    given(PAST, RECORDED).when(replace(STRIKE, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST).when(STRIKE, by=NOWAK).refused(NO_SUCH_EARLIER_GRADE, "grade_id", grade="e1")


CORRECT = CorrectEarlierGrade(class_id="4a", pupil_id="los", grade_id="e1", reason="pomyłka", value="5")
CORRECTED_FACT = EarlierGradeCorrected(
    grade_id="e1",
    pupil_id="los",
    was_value="4",
    value="5",
    was_kind=GradeKind.CURRENT,
    kind=GradeKind.CURRENT,
    was_weight=Decimal(1),
    weight=Decimal(1),
    was_on=BEFORE,
    on=BEFORE,
    reason="pomyłka",
)
CORRECTED = at(streams.earlier_grades("4a", "los"), CORRECTED_FACT)


def test_a_wrong_one_is_put_right_and_both_stay() -> None:
    for who in (NOWAK, DIRECTOR):
        given(PAST, RECORDED).when(CORRECT, by=who).then(CORRECTED)
    term = replace(CORRECT, value=None, kind=GradeKind.TERM_FINAL, weight=Decimal(2))
    given(PAST, RECORDED, CORRECTED).when(term, by=NOWAK).then(
        at(
            streams.earlier_grades("4a", "los"),
            replace(CORRECTED_FACT, was_value="5", value="5", kind=GradeKind.TERM_FINAL, weight=Decimal(2)),
        )
    )
    given(PAST, RECORDED, CORRECTED).when(CORRECT, by=NOWAK).refused(NOT_A_CHANGE, "value")
    given(PAST, RECORDED, CORRECTED).when(replace(CORRECT, value="3", seen="4"), by=NOWAK).refused(
        CHANGED_SINCE, "seen", seen="4", now="5"
    )
    given(PAST, RECORDED).when(CORRECT, by=LIS).refused(NOT_HOMEROOM_TEACHER, "class_id")
    given(PAST, RECORDED).when(replace(CORRECT, reason=" "), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST, RECORDED).when(replace(CORRECT, on=CAME), by=NOWAK).refused(NOT_BEFORE_COMING, "on")
    given(PAST, RECORDED).when(replace(CORRECT, value=" "), by=NOWAK).refused(TEXT_MISSING, "value")
    given(PAST, RECORDED, STRUCK).when(CORRECT, by=NOWAK).refused(ALREADY_STRUCK_OUT, "grade_id")
    given(PAST).when(CORRECT, by=NOWAK).refused(NO_SUCH_EARLIER_GRADE, "grade_id", grade="e1")


def test_whether_they_count_is_the_directors_rule_of_a_year() -> None:
    """They usually count: to say so is nothing, until it was said otherwise."""
    out = SetEarlierGradesRule(year_id="y2026", rule=EarlierGradesRule(counted=False))
    said = at(
        streams.earlier_grades_rule("y2026"),
        RuleSet(year_id="y2026", rule=EarlierGradesRule(counted=False)),
    )
    given(PAST).when(out).then(said)
    given(PAST, said).when(out).nothing()
    given(PAST).when(replace(out, rule=EarlierGradesRule(counted=True))).nothing()
    given(PAST).when(out, by=NOWAK).refused(NOT_YOURS_TO_DO)
    given(PAST).when(replace(out, year_id="y1")).refused(NO_SUCH_YEAR, "year_id", year="y1")
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=JUNE, class_ids=("4a", "4b")))
    given(PAST, closed).when(out).refused(YEAR_CLOSED, "year_id")
    given(PAST, closed).when(RECORD).refused(YEAR_CLOSED, "unit_id")
