"""Grades that a pupil brings from another school: facts of their own, shown apart from the school's grades.

Stream ``year/{class}/earlier/{pupil}``; whether they count in averages is one of the school's dated rules, in
``earlier/{year}``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import GradeId, GradeKind, PersonId, SubjectId, UnitId, Value, YearId


class EarlierGradesRule(Value, frozen=True, kw_only=True):
    """Whether grades of another school count in averages of this one, as if given here."""

    counted: bool


@fact("earlier_grades.rule_set.1")
class RuleSet(Fact, frozen=True, kw_only=True):
    """The director set how grades of other schools count in one year. The latest holds."""

    year_id: YearId
    rule: EarlierGradesRule


@fact("earlier_grades.earlier_grade_recorded.1", person="pupil_id")
class EarlierGradeRecorded(Fact, frozen=True, kw_only=True):
    """A grade as the other school wrote it; `on` is the day it was given there."""

    grade_id: GradeId
    class_id: UnitId
    subject_id: SubjectId
    pupil_id: PersonId
    school: Personal
    kind: GradeKind
    value: str
    weight: Decimal
    on: date
    comment: Personal | None = None


@fact("earlier_grades.earlier_grade_corrected.1")
class EarlierGradeCorrected(Fact, frozen=True, kw_only=True):
    """What was recorded wrongly was put right; both stay legible. `was_...` is what stood before."""

    grade_id: GradeId
    pupil_id: PersonId
    was_value: str
    value: str
    was_kind: GradeKind
    kind: GradeKind
    was_weight: Decimal
    weight: Decimal
    was_on: date
    on: date
    reason: str


@fact("earlier_grades.earlier_grade_struck_out.1")
class EarlierGradeStruckOut(Fact, frozen=True, kw_only=True):
    """The grade was recorded wrongly and counts no more; it stays legible."""

    grade_id: GradeId
    pupil_id: PersonId
    reason: str


class EarlierGrade(Value, frozen=True, kw_only=True):
    """One grade of another school."""

    grade_id: GradeId
    subject_id: SubjectId
    value: str
    on: date
    kind: GradeKind = GradeKind.CURRENT
    weight: Decimal = Decimal(1)
    comment: str | None = None


@command("earlier_grades.set_earlier_grades_rule")
class SetEarlierGradesRule(Command, frozen=True, kw_only=True):
    year_id: YearId
    rule: EarlierGradesRule


@command("earlier_grades.record_earlier_grades")
class RecordEarlierGrades(Command, frozen=True, kw_only=True):
    """What a pupil brings from another school, all or nothing. By the homeroom teacher or the director."""

    class_id: UnitId
    pupil_id: PersonId
    school: str
    grades: tuple[EarlierGrade, ...]


@command("earlier_grades.correct_earlier_grade")
class CorrectEarlierGrade(Command, frozen=True, kw_only=True):
    """By the homeroom teacher or the director; what is not given stays.

    Refused when the value is no longer as it was `seen`.
    """

    class_id: UnitId
    pupil_id: PersonId
    grade_id: GradeId
    reason: str
    value: str | None = None
    kind: GradeKind | None = None
    weight: Decimal | None = None
    on: date | None = None
    seen: str | None = None


@command("earlier_grades.strike_out_earlier_grade")
class StrikeOutEarlierGrade(Command, frozen=True, kw_only=True):
    """By the homeroom teacher or the director."""

    class_id: UnitId
    pupil_id: PersonId
    grade_id: GradeId
    reason: str


NO_SUCH_EARLIER_GRADE = Reason(
    "EARLIER_GRADES.NO_SUCH_EARLIER_GRADE",
    pl="Nie ma takiej oceny z innej szkoły ({grade}).",
    en="There is no such grade of another school ({grade}).",
)
EARLIER_GRADE_EXISTS = Reason(
    "EARLIER_GRADES.EARLIER_GRADE_EXISTS",
    pl="Ocena z innej szkoły o tym identyfikatorze już jest: {value}.",
    en="There is a grade of another school with this id already: {value}.",
)
NOT_BEFORE_COMING = Reason(
    "EARLIER_GRADES.NOT_BEFORE_COMING",
    pl="Uczeń należy do tego oddziału od {since}; ocena z dnia {on} nie jest z poprzedniej szkoły.",
    en="The pupil has belonged to this class since {since}; a grade of {on} is not of the former school.",
)
ALREADY_STRUCK_OUT = Reason(
    "EARLIER_GRADES.ALREADY_STRUCK_OUT",
    pl="Ocena z innej szkoły ({grade}) jest już wykreślona.",
    en="The grade of another school ({grade}) is struck out already.",
)
