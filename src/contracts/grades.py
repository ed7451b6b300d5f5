"""Grades: columns, grades as written, corrections, strike-outs, retakes.

Streams ``year/{unit}/column/{column}`` and ``year/{class}/grades/{subject}/{pupil}``: the
grades of a pupil in a subject stand under the pupil's class, whichever group earned them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import (
    AssignmentId,
    CategoryId,
    ColumnId,
    GradeId,
    GradeKind,
    PersonId,
    SubjectId,
    UnitId,
    Value,
)


@fact("grades.column_opened.1")
class ColumnOpened(Fact, frozen=True, kw_only=True):
    """A column of the gradebook: one test, one task. `out_of` makes it a column of points.

    `colour` ("#rrggbb") and `counted` are its own; None: as its category says.
    """

    column_id: ColumnId
    unit_id: UnitId
    assignment_id: AssignmentId
    subject_id: SubjectId
    title: str
    category_id: CategoryId
    weight: Decimal
    on: date
    out_of: Decimal | None = None
    colour: str | None = None
    counted: bool | None = None


@fact("grades.column_changed.1")
class ColumnChanged(Fact, frozen=True, kw_only=True):
    """The column's heading was put right. Grades given in it keep the weight they were given.

    Whether they count follows the column.
    """

    column_id: ColumnId
    title: str
    category_id: CategoryId
    weight: Decimal
    on: date
    out_of: Decimal | None = None
    colour: str | None = None
    counted: bool | None = None


@fact("grades.column_publication_set.1")
class ColumnPublicationSet(Fact, frozen=True, kw_only=True):
    """Pupils and parents see the column's grades from the day `on`; without one, at once."""

    column_id: ColumnId
    on: date | None = None


@fact("grades.grade_given.1", person="pupil_id")
class GradeGiven(Fact, frozen=True, kw_only=True):
    """A grade as written: a mark ("4+", "np"), points ("12/15"), or a description.

    `value` is "" when the grade is descriptive (`description`). `on` is the day of the
    assessment, not of the entry. `improves` links a retake to the grade it improves.
    """

    grade_id: GradeId
    class_id: UnitId
    subject_id: SubjectId
    pupil_id: PersonId
    assignment_id: AssignmentId
    teacher_id: PersonId
    kind: GradeKind
    value: str
    category_id: CategoryId | None
    weight: Decimal
    on: date
    column_id: ColumnId | None = None
    description: OnSheet | None = None
    comment: Personal | None = None
    improves: GradeId | None = None

    @property
    def on_sheet(self) -> bool:
        return self.kind is GradeKind.ANNUAL_FINAL


@fact("grades.grade_corrected.1", person="pupil_id")
class GradeCorrected(Fact, frozen=True, kw_only=True):
    """A wrong grade was put right; both values stay legible (regulation of 2014, s. 26)."""

    grade_id: GradeId
    pupil_id: PersonId
    was: str
    value: str
    reason: str
    was_description: Personal | None = None
    description: OnSheet | None = None


@fact("grades.grade_struck_out.1")
class GradeStruckOut(Fact, frozen=True, kw_only=True):
    """The grade was entered wrongly and counts no more; it stays legible."""

    grade_id: GradeId
    pupil_id: PersonId
    reason: str


@command("grades.open_column")
class OpenColumn(Command, frozen=True, kw_only=True):
    """Without `weight` the category's holds."""

    column_id: ColumnId
    unit_id: UnitId
    assignment_id: AssignmentId
    title: str
    category_id: CategoryId
    on: date
    weight: Decimal | None = None
    out_of: Decimal | None = None
    colour: str | None = None
    counted: bool | None = None


class ColumnSeen(Value, frozen=True, kw_only=True):
    """A column's heading as whoever changes it saw it."""

    title: str
    category_id: CategoryId
    weight: Decimal
    on: date


@command("grades.change_column")
class ChangeColumn(Command, frozen=True, kw_only=True):
    """Refused when the heading is no longer as it was `seen`.

    Without `colour` and `counted` these stay as they are.
    """

    unit_id: UnitId
    column_id: ColumnId
    title: str
    category_id: CategoryId
    on: date
    weight: Decimal | None = None
    out_of: Decimal | None = None
    seen: ColumnSeen | None = None
    colour: str | None = None
    counted: bool | None = None


@command("grades.set_column_publication")
class SetColumnPublication(Command, frozen=True, kw_only=True):
    """Grades of a column become visible to pupils and parents on a day; without `on` at once."""

    unit_id: UnitId
    column_id: ColumnId
    on: date | None = None


@command("grades.give_grade")
class GiveGrade(Command, frozen=True, kw_only=True):
    """`unit_id` owns the assignment (class, or interclass group); `class_id` is the pupil's.

    With `column_id` the category, weight and day are the column's; otherwise `category_id`
    and `on` are needed and `weight` defaults to the category's.
    """

    grade_id: GradeId
    unit_id: UnitId
    class_id: UnitId
    assignment_id: AssignmentId
    pupil_id: PersonId
    value: str = ""
    description: str | None = None
    kind: GradeKind = GradeKind.CURRENT
    column_id: ColumnId | None = None
    category_id: CategoryId | None = None
    weight: Decimal | None = None
    on: date | None = None
    comment: str | None = None
    improves: GradeId | None = None


class GradeEntry(Value, frozen=True, kw_only=True):
    """One pupil's grade in a column."""

    grade_id: GradeId
    class_id: UnitId
    pupil_id: PersonId
    value: str
    comment: str | None = None


@command("grades.fill_column")
class FillColumn(Command, frozen=True, kw_only=True):
    """A whole column at once; all or nothing."""

    unit_id: UnitId
    column_id: ColumnId
    grades: tuple[GradeEntry, ...]


@command("grades.give_period_grades")
class GivePeriodGrades(Command, frozen=True, kw_only=True):
    """Proposed or final grades of a term or the year, for a whole class or group; all or nothing.

    `on` lies in the term that the grades are for; of pupils who have one already nothing is said here.
    """

    unit_id: UnitId
    assignment_id: AssignmentId
    kind: GradeKind
    on: date
    grades: tuple[GradeEntry, ...]


@command("grades.correct_grade")
class CorrectGrade(Command, frozen=True, kw_only=True):
    """`class_id` is the pupil's. `unit_id` names the interclass group, where one owns the assignment.

    Refused when the grade (its value, else its description) is no longer as it was `seen`.
    """

    class_id: UnitId
    subject_id: SubjectId
    pupil_id: PersonId
    grade_id: GradeId
    reason: str
    value: str = ""
    description: str | None = None
    unit_id: UnitId | None = None
    seen: str | None = None


@command("grades.strike_out_grade")
class StrikeOutGrade(Command, frozen=True, kw_only=True):
    """See CorrectGrade for `unit_id` and `seen`."""

    class_id: UnitId
    subject_id: SubjectId
    pupil_id: PersonId
    grade_id: GradeId
    reason: str
    unit_id: UnitId | None = None
    seen: str | None = None


NOT_YOUR_ASSIGNMENT = Reason(
    "GRADES.NOT_YOUR_ASSIGNMENT",
    pl="Tego przedmiotu w tym oddziale uczy inny nauczyciel.",
    en="Another teacher teaches this subject in this class.",
)
VALUE_OFF_SCALE = Reason(
    "GRADES.VALUE_OFF_SCALE",
    pl="„{value}” nie jest oceną ze skali szkoły.",
    en="“{value}” is not a grade of the school's scale.",
)
VALUE_AND_DESCRIPTION = Reason(
    "GRADES.VALUE_AND_DESCRIPTION",
    pl="Ocena jest albo symbolem lub punktami, albo opisem. Do symbolu można dodać komentarz.",
    en="A grade is either a mark or points, or a description. A mark may have a comment beside it.",
)
POINTS_OUT_OF_RANGE = Reason(
    "GRADES.POINTS_OUT_OF_RANGE",
    pl="{value}: punkty muszą leżeć między 0 a {out_of}.",
    en="{value}: points must lie between 0 and {out_of}.",
)
NO_SUCH_CATEGORY = Reason(
    "GRADES.NO_SUCH_CATEGORY",
    pl="Szkoła nie zna w tym roku kategorii ocen {category}.",
    en="The school knows no grade category {category} in this year.",
)
NO_SUCH_COLUMN = Reason(
    "GRADES.NO_SUCH_COLUMN",
    pl="Nie ma kolumny ocen {column}.",
    en="There is no grade column {column}.",
)
COLUMN_EXISTS = Reason(
    "GRADES.COLUMN_EXISTS",
    pl="Kolumna o tym identyfikatorze już istnieje: „{title}”.",
    en="A column with this id exists already: “{title}”.",
)
COLUMN_IS_FILLED = Reason(
    "GRADES.COLUMN_IS_FILLED",
    pl="Uczeń {pupil} ma już w tej kolumnie ocenę „{value}”. Popraw ją albo wpisz jej poprawę.",
    en="The pupil {pupil} has the grade “{value}” in this column already. Correct it, or enter its retake.",
)
NO_SUCH_GRADE = Reason(
    "GRADES.NO_SUCH_GRADE",
    pl="Nie ma oceny {grade} u tego ucznia z tego przedmiotu.",
    en="This pupil has no grade {grade} in this subject.",
)
GRADE_EXISTS = Reason(
    "GRADES.GRADE_EXISTS",
    pl="Ocena o tym identyfikatorze już jest wpisana.",
    en="A grade with this id is already entered.",
)
GRADE_IS_STRUCK_OUT = Reason(
    "GRADES.GRADE_IS_STRUCK_OUT",
    pl="Ocena {grade} jest już skreślona.",
    en="The grade {grade} is already struck out.",
)
NOT_A_CHANGE = Reason(
    "GRADES.NOT_A_CHANGE",
    pl="Ocena ma już tę wartość.",
    en="The grade already has this value.",
)
GRADE_IN_FUTURE = Reason(
    "GRADES.GRADE_IN_FUTURE",
    pl="Dzień {on} jeszcze nie nadszedł.",
    en="The day {on} has not come yet.",
)
WEIGHT_OUT_OF_RANGE = Reason(
    "GRADES.WEIGHT_OUT_OF_RANGE",
    pl="Waga {weight} leży poza przedziałem 0–{limit}.",
    en="The weight {weight} lies outside 0–{limit}.",
)
NOT_A_COLOUR = Reason(
    "GRADES.NOT_A_COLOUR",
    pl="„{colour}” nie jest kolorem zapisanym jak #c00000.",
    en="“{colour}” is not a colour written like #c00000.",
)
ALREADY_IMPROVED = Reason(
    "GRADES.ALREADY_IMPROVED",
    pl="Ocena {grade} ma już poprawę.",
    en="The grade {grade} already has a retake.",
)
PUPIL_TWICE = Reason(
    "GRADES.PUPIL_TWICE",
    pl="Uczeń {pupil} stoi w poleceniu dwa razy.",
    en="The pupil {pupil} stands twice in the command.",
)
DAY_OR_CATEGORY_MISSING = Reason(
    "GRADES.DAY_OR_CATEGORY_MISSING",
    pl="Ocena poza kolumną wymaga kategorii i dnia.",
    en="A grade outside a column needs a category and a day.",
)
NOT_A_PERIOD_GRADE = Reason(
    "GRADES.NOT_A_PERIOD_GRADE",
    pl="To polecenie jest dla ocen proponowanych i klasyfikacyjnych; oceny bieżące wpisuje się w kolumnie.",
    en="This command is for proposed and final grades; current grades are entered in a column.",
)
PERIOD_GRADE_IN_COLUMN = Reason(
    "GRADES.PERIOD_GRADE_IN_COLUMN",
    pl="Ocena klasyfikacyjna nie należy do żadnej kolumny ocen bieżących.",
    en="A grade of a term or year belongs to no column of current grades.",
)
PERIOD_GRADE_STANDS = Reason(
    "GRADES.PERIOD_GRADE_STANDS",
    pl="Taka ocena już stoi w dzienniku: „{value}” z {on}. Popraw ją, zamiast dodawać drugą.",
    en="There is such a grade already: “{value}” of {on}. Correct it instead of adding another.",
)
FINAL_GRADE_IS_A_FULL_MARK = Reason(
    "GRADES.FINAL_GRADE_IS_A_FULL_MARK",
    pl="Ocena klasyfikacyjna to pełny stopień bez plusów i minusów albo jeden z wpisów: {remarks}.",
    en="A final grade is a full mark without plus or minus, or one of these remarks: {remarks}.",
)
DAY_IN_NO_TERM = Reason(
    "GRADES.DAY_IN_NO_TERM",
    pl="Dzień {on} nie należy do żadnego okresu roku szkolnego.",
    en="The day {on} belongs to no term of the school year.",
)
