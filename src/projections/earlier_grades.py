"""Which grades did pupils bring from other schools, and do these count this year?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import earlier_grades as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_EARLIER_GRADES
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

EARLIER_GRADES = ReadModel("earlier_grades", version=2)
on = EARLIER_GRADES.on


@EARLIER_GRADES.table(key=("class_id", "pupil_id", "grade_id"), indexes=(("pupil_id",),))
class EarlierGrade(Row, frozen=True):
    """A grade of another school, under the class to which the pupil came. `struck_out`: why.

    `was`: the values it had before corrections, oldest first.
    """

    class_id: str
    pupil_id: str
    grade_id: str
    subject_id: str
    school: str
    kind: GradeKind
    value: str
    weight: Decimal
    on: date
    comment: str | None
    recorded_by: str
    recorded_at: datetime
    struck_out: str | None = None
    was: tuple[str, ...] = ()


@EARLIER_GRADES.table(key=("year_id",), families=ALL_ROWS)
class EarlierGradesRule(Row, frozen=True):
    """Whether such grades count in a year; `version` counts how often it was said, 0: never."""

    year_id: str
    version: int
    counted: bool


@on(said.RuleSet)
def rule_set(rows: Rows, fact: said.RuleSet, _: Recorded) -> None:
    old = rows.get(EarlierGradesRule, fact.year_id)
    rows.put(EarlierGradesRule(fact.year_id, old.version + 1 if old else 1, fact.rule.counted))


@on(said.EarlierGradeRecorded)
def earlier_grade_recorded(rows: Rows, fact: said.EarlierGradeRecorded, recorded: Recorded) -> None:
    actor = recorded.origin.actor
    rows.put(
        EarlierGrade(
            class_id=fact.class_id,
            pupil_id=fact.pupil_id,
            grade_id=fact.grade_id,
            subject_id=fact.subject_id,
            school=fact.school,
            kind=fact.kind,
            value=fact.value,
            weight=fact.weight,
            on=fact.on,
            comment=fact.comment,
            recorded_by=actor.person or actor.account,
            recorded_at=recorded.origin.recorded_at,
        )
    )


@on(said.EarlierGradeCorrected)
def earlier_grade_corrected(rows: Rows, fact: said.EarlierGradeCorrected, recorded: Recorded) -> None:
    grade = _known(rows, fact, recorded)
    was = grade.was if fact.value == fact.was_value else (*grade.was, fact.was_value)
    told = replace(grade, value=fact.value, kind=fact.kind, weight=fact.weight, on=fact.on, was=was)
    rows.put(told)


@on(said.EarlierGradeStruckOut)
def earlier_grade_struck_out(rows: Rows, fact: said.EarlierGradeStruckOut, recorded: Recorded) -> None:
    rows.put(replace(_known(rows, fact, recorded), struck_out=fact.reason))


def _known(
    rows: Rows, fact: said.EarlierGradeCorrected | said.EarlierGradeStruckOut, recorded: Recorded
) -> EarlierGrade:
    grade = rows.get(EarlierGrade, unit_of(recorded.stream) or "", fact.pupil_id, fact.grade_id)
    return there(grade, fact.grade_id)


# What is asked


def of_class(view: View, class_id: str) -> list[EarlierGrade]:
    """What pupils brought to a class."""
    return view.find(EarlierGrade, class_id=class_id)


def of_pupil(view: View, pupil_id: str) -> list[EarlierGrade]:
    """What a pupil ever brought."""
    return view.find(EarlierGrade, pupil_id=pupil_id)


def rule_of(view: View, year_id: str) -> EarlierGradesRule:
    """The rule in force in a year."""
    usual = EarlierGradesRule(year_id, 0, USUAL_EARLIER_GRADES.counted)
    return view.get(EarlierGradesRule, year_id) or usual
