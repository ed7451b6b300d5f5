"""The grades and columns that the stories of grades are told with, and the commands they come from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.facts import Fact
from dziennik.contracts.grades import (
    ChangeColumn,
    ColumnOpened,
    CorrectGrade,
    FillColumn,
    GiveGrade,
    GradeCorrected,
    GradeEntry,
    GradeGiven,
    GradeStruckOut,
    OpenColumn,
    StrikeOutGrade,
)
from dziennik.contracts.values import GradeKind
from dziennik.domain.world import Entry
from tests.domain.register import REGISTER
from tests.domain.sentence import at

WEDNESDAY = date(2026, 10, 14)
FRIDAY = date(2026, 10, 16)


def of_cma(fact: Fact) -> Entry:
    """In the stream of Ćma's Polish grades."""
    return at(streams.grades("4a", "pol", "cma"), fact)


GIVEN_FACT = GradeGiven(
    grade_id="g1",
    class_id="4a",
    subject_id="pol",
    pupil_id="cma",
    assignment_id="pol-4a",
    teacher_id="nowak",
    kind=GradeKind.CURRENT,
    value="4+",
    category_id="test",
    weight=Decimal(5),
    on=WEDNESDAY,
)
GIVEN = of_cma(GIVEN_FACT)
RETAKE_FACT = replace(GIVEN_FACT, grade_id="g2", value="5", improves="g1")
RETAKEN = of_cma(RETAKE_FACT)
STRUCK = of_cma(GradeStruckOut(grade_id="g1", pupil_id="cma", reason="ocena innej uczennicy"))
CORRECTED = of_cma(
    GradeCorrected(grade_id="g1", pupil_id="cma", was="4+", value="5", reason="źle przepisana")
)
COLUMN_FACT = ColumnOpened(
    column_id="k1",
    unit_id="4a",
    assignment_id="pol-4a",
    subject_id="pol",
    title="Dyktando",
    category_id="quiz",
    weight=Decimal(3),
    on=WEDNESDAY,
)
COLUMN = at(streams.column("4a", "k1"), COLUMN_FACT)
POINTS_COLUMN = at(streams.column("4a", "k1"), replace(COLUMN_FACT, out_of=Decimal(15)))
IN_COLUMN_FACT = replace(GIVEN_FACT, category_id="quiz", weight=Decimal(3), column_id="k1")
# Another pupil's grade under the same id, and a column of the same id elsewhere: neither may leak in.
ELSEWHERE = (
    at(streams.grades("4b", "pol", "zajac"), replace(GIVEN_FACT, class_id="4b", pupil_id="zajac")),
    at(
        streams.column("4b", "k1"),
        replace(COLUMN_FACT, unit_id="4b", assignment_id="pol-4b", title="Inna"),
    ),
)
DAY = (*REGISTER, *ELSEWHERE)

GIVE = GiveGrade(
    grade_id="g1",
    unit_id="4a",
    class_id="4a",
    assignment_id="pol-4a",
    pupil_id="cma",
    value="4+",
    category_id="test",
    on=WEDNESDAY,
)
RETAKE = replace(GIVE, grade_id="g2", value="5", improves="g1")
IN_COLUMN = GiveGrade(
    grade_id="g1",
    unit_id="4a",
    class_id="4a",
    assignment_id="pol-4a",
    pupil_id="cma",
    value="4+",
    column_id="k1",
)
OPEN = OpenColumn(
    column_id="k1", unit_id="4a", assignment_id="pol-4a", title="Dyktando", category_id="quiz", on=WEDNESDAY
)
CHANGE = ChangeColumn(unit_id="4a", column_id="k1", title="Dyktando 1", category_id="test", on=FRIDAY)
CORRECT = CorrectGrade(
    class_id="4a", subject_id="pol", pupil_id="cma", grade_id="g1", value="5", reason="źle przepisana"
)
STRIKE = StrikeOutGrade(
    class_id="4a", subject_id="pol", pupil_id="cma", grade_id="g1", reason="ocena innej uczennicy"
)


def entry(grade_id: str, pupil_id: str, value: str) -> GradeEntry:
    return GradeEntry(grade_id=grade_id, class_id="4a", pupil_id=pupil_id, value=value)


FILL = FillColumn(unit_id="4a", column_id="k1", grades=(entry("g1", "cma", "4+"), entry("g2", "bobr", "np")))
BOBRS = at(
    streams.grades("4a", "pol", "bobr"),
    replace(IN_COLUMN_FACT, grade_id="g2", pupil_id="bobr", value="np"),
)
