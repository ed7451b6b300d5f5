"""The gradebook: which grades does a pupil have in a subject, what is their average, and why?

One row a cell (class, subject, pupil). A cell is stored as its JSON as GraphQL shows it (grade_cells.py), so
that a page splices bytes instead of building objects (ADR 0029).

A struck-out grade stays, with reason and author; a correction keeps what was (regulation of 2014, s. 26).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts.classes import ClassOpened, InterclassGroupFormed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.grades import (
    ColumnChanged,
    ColumnOpened,
    ColumnPublicationSet,
    GradeCorrected,
    GradeGiven,
    GradeStruckOut,
)
from dziennik.contracts.school import GradingRulesSet
from dziennik.contracts.values import GradingRules
from dziennik.projections.dated import there
from dziennik.projections.grade_cells import (
    NO_AVERAGE,
    Average,
    Content,
    Grade,
    as_corrected,
    as_given,
    as_struck_out,
    averaged,
    changed_to,
    dump,
    grade_of,
    in_order,
    load,
)
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

GRADEBOOK = ReadModel("gradebook", version=2)
on = GRADEBOOK.on


@GRADEBOOK.table(key=("class_id", "subject_id", "pupil_id"), indexes=(("pupil_id",), ("year_id",)))
class Cell(Row, frozen=True):
    """A pupil's grades in a subject, by day and then by entry. The average is derived."""

    class_id: str
    subject_id: str
    pupil_id: str
    year_id: str | None
    average_value: Decimal | None
    content: Content

    @property
    def grades(self) -> tuple[Grade, ...]:
        """All grades, also those struck out."""
        return self.content.grades

    @property
    def average(self) -> Average:
        """The average, explained."""
        return self.content.average


@GRADEBOOK.table(key=("column_id",), indexes=(("unit_id", "subject_id"),), families=ALL_ROWS)
class GradeColumn(Row, frozen=True):
    """A column of the gradebook: one test, one task."""

    column_id: str
    unit_id: str
    subject_id: str
    assignment_id: str
    title: str
    category_id: str
    weight: Decimal
    on: date
    out_of: Decimal | None
    colour: str | None
    counted: bool | None


@GRADEBOOK.table(key=("column_id",), indexes=(("unit_id",),), families=ALL_ROWS)
class CountingColumn(Row, frozen=True):
    """A column that says itself whether its grades count. Most leave it to their category."""

    column_id: str
    unit_id: str
    subject_id: str
    counted: bool


@GRADEBOOK.table(key=("column_id",), indexes=(("publish_on",),), families=ALL_ROWS)
class LaterColumn(Row, frozen=True):
    """A column whose grades pupils and parents see from `publish_on` on."""

    column_id: str
    publish_on: date


@GRADEBOOK.table(key=("unit_id",), indexes=(("year_id",),), families=ALL_ROWS)
class UnitYear(Row, frozen=True):
    """The school year of a class or interclass group, and the classes that a group draws from."""

    unit_id: str
    year_id: str
    class_ids: tuple[str, ...] = ()


@GRADEBOOK.table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set."""

    year_id: str
    version: int
    rules: GradingRules


# How facts change the gradebook


@on(ClassOpened)
def class_opened(rows: Rows, fact: ClassOpened, _: Recorded) -> None:
    _unit(rows, fact.class_id, fact.year_id)


@on(InterclassGroupFormed)
def interclass_group_formed(rows: Rows, fact: InterclassGroupFormed, _: Recorded) -> None:
    _unit(rows, fact.group_id, fact.year_id, fact.class_ids)


def _unit(rows: Rows, unit_id: str, year_id: str, class_ids: tuple[str, ...] = ()) -> None:
    rows.put(UnitYear(unit_id, year_id, class_ids))
    # Usually none; there are some when this fact was parked and is replayed late.
    for cell in rows.find(Cell, class_id=unit_id):
        rows.put(replace(cell, year_id=year_id))
    for column in rows.find(CountingColumn, unit_id=unit_id):
        _derive_anew(rows, column.unit_id, column.subject_id, column.column_id)


@on(GradingRulesSet)
def grading_rules_set(rows: Rows, fact: GradingRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))
    for cell in rows.find(Cell, year_id=fact.year_id):
        rows.put(cell)  # put, so that it is derived anew


@on(ColumnOpened)
def column_opened(rows: Rows, fact: ColumnOpened, _: Recorded) -> None:
    rows.put(
        GradeColumn(
            column_id=fact.column_id,
            unit_id=fact.unit_id,
            subject_id=fact.subject_id,
            assignment_id=fact.assignment_id,
            title=fact.title,
            category_id=fact.category_id,
            weight=fact.weight,
            on=fact.on,
            out_of=fact.out_of,
            colour=fact.colour,
            counted=fact.counted,
        )
    )
    if fact.counted is not None:
        _count(rows, fact.unit_id, fact.subject_id, fact)


@on(ColumnChanged)
def column_changed(rows: Rows, fact: ColumnChanged, _: Recorded) -> None:
    column = there(rows.get(GradeColumn, fact.column_id), fact.column_id)
    rows.put(
        replace(
            column,
            title=fact.title,
            category_id=fact.category_id,
            weight=fact.weight,
            on=fact.on,
            out_of=fact.out_of,
            colour=fact.colour,
            counted=fact.counted,
        )
    )
    if fact.counted is not column.counted:
        _count(rows, column.unit_id, column.subject_id, fact)


def _count(rows: Rows, unit_id: str, subject_id: str, fact: ColumnOpened | ColumnChanged) -> None:
    if fact.counted is None:
        rows.delete(CountingColumn, fact.column_id)
    else:
        rows.put(CountingColumn(fact.column_id, unit_id, subject_id, fact.counted))
    _derive_anew(rows, unit_id, subject_id, fact.column_id)


def _derive_anew(rows: Rows, unit_id: str, subject_id: str, column_id: str) -> None:
    """Cells with grades of the column: of its class, or of the classes that a group draws from."""
    unit = rows.get(UnitYear, unit_id)
    for class_id in (unit.class_ids if unit else ()) or (unit_id,):
        for cell in rows.find(Cell, class_id=class_id):
            if cell.subject_id == subject_id and any(one.column_id == column_id for one in cell.grades):
                rows.put(cell)


@on(ColumnPublicationSet)
def column_publication_set(rows: Rows, fact: ColumnPublicationSet, _: Recorded) -> None:
    if fact.on is None:
        rows.delete(LaterColumn, fact.column_id)
    else:
        rows.put(LaterColumn(fact.column_id, fact.on))


@on(GradeGiven)
def grade_given(rows: Rows, fact: GradeGiven, recorded: Recorded) -> None:
    cell = rows.get(Cell, fact.class_id, fact.subject_id, fact.pupil_id)
    grade = as_given(fact, recorded)
    if cell is None:
        unit = rows.get(UnitYear, fact.class_id)
        year_id = unit.year_id if unit else None
        rows.put(_cell(fact.class_id, fact.subject_id, fact.pupil_id, year_id, (grade,)))
        return
    grades = cell.content.grades
    if fact.improves is not None:
        grades = changed_to(grades, replace(grade_of(grades, fact.improves), improved_by=fact.grade_id))
    rows.put(_cell(cell.class_id, cell.subject_id, cell.pupil_id, cell.year_id, in_order((*grades, grade))))


@on(GradeCorrected)
def grade_corrected(rows: Rows, fact: GradeCorrected, recorded: Recorded) -> None:
    cell = _cell_of(rows, recorded.stream)
    grade = grade_of(cell.grades, fact.grade_id)
    rows.put(_with(cell, as_corrected(grade, fact, recorded)))


@on(GradeStruckOut)
def grade_struck_out(rows: Rows, fact: GradeStruckOut, recorded: Recorded) -> None:
    cell = _cell_of(rows, recorded.stream)
    rows.put(_with(cell, as_struck_out(grade_of(cell.grades, fact.grade_id), fact, recorded)))


@GRADEBOOK.derives(Cell)
def rendered(rows: View, cell: Cell) -> Cell:
    """The cell with what its columns say of its grades, and its average by the rules in force."""
    rules = rows.get(YearRules, cell.year_id) if cell.year_id else None
    says: dict[str | None, bool | None] = {
        column_id: column.counted
        for column_id in {grade.column_id for grade in cell.grades}
        if column_id and (column := rows.get(CountingColumn, column_id))
    }
    grades = tuple(
        [
            grade
            if grade.counted is says.get(grade.column_id)
            else replace(grade, counted=says.get(grade.column_id))
            for grade in cell.grades
        ]
    )
    average = averaged(grades, rules.rules, rules.version) if rules else NO_AVERAGE
    return _cell(cell.class_id, cell.subject_id, cell.pupil_id, cell.year_id, grades, average)


# What is asked


def class_cells(view: View, class_id: str) -> list[Cell]:
    """All cells of a class, by subject and pupil."""
    return view.find(Cell, class_id=class_id)


class CellAverage(msgspec.Struct, frozen=True):
    """The average of a cell, without its grades: a school's are read in milliseconds."""

    class_id: str
    subject_id: str
    pupil_id: str
    average_value: Decimal | None


def class_averages(view: View, class_id: str) -> list[CellAverage]:
    """The averages of all cells of a class, by subject and pupil."""
    columns = ("class_id", "subject_id", "pupil_id", "average_value")
    return [CellAverage(*row) for row in view.raw(Cell, columns, class_id=class_id)]


def class_cells_json(view: View, class_id: str) -> list[tuple[str, str, bytes]]:
    """Subject, pupil and JSON (see Content) of all cells of a class, by subject and pupil: to be spliced."""
    columns = ("subject_id", "pupil_id", "content")
    return [(row[0], row[1], row[2]) for row in view.raw(Cell, columns, class_id=class_id)]


def pupil_cells_json(view: View, pupil_id: str) -> list[tuple[str, str, bytes]]:
    """Class, subject and JSON of all cells of a pupil, by class and subject: to be spliced."""
    columns = ("class_id", "subject_id", "content")
    return [(row[0], row[1], row[2]) for row in view.raw(Cell, columns, pupil_id=pupil_id)]


def pupil_cells(view: View, pupil_id: str, class_id: str | None = None) -> list[Cell]:
    """A pupil's cells, by class and subject; of all years, or of one class."""
    cells = view.find(Cell, pupil_id=pupil_id)
    return [cell for cell in cells if class_id in {None, cell.class_id}]


def publication_of(view: View, column_id: str) -> date | None:
    """The day from which on pupils and parents see the column's grades; None: they see them at once."""
    later = view.get(LaterColumn, column_id)
    return later.publish_on if later else None


def hidden_columns(view: View, day: date) -> frozenset[str]:
    """Columns whose grades pupils and parents do not see yet on that day."""
    later = view.find(LaterColumn, publish_on=Span(day + timedelta(days=1)))
    return frozenset(row.column_id for row in later)


def published_json(view: View, content: bytes, hidden: frozenset[str]) -> bytes:
    """The same for a cell's JSON."""
    if not any(column_id.encode() in content for column_id in hidden):
        return content
    found = load(content)
    unit = view.get(UnitYear, found.class_id)
    place = (found.class_id, found.subject_id, found.pupil_id, unit.year_id if unit else None)
    return dump(published(view, _cell(*place, found.grades, found.average), hidden).content)


def published(view: View, cell: Cell, hidden: frozenset[str]) -> Cell:
    """The cell as pupils and parents see it: without grades of hidden columns, its average reckoned anew."""
    grades = tuple([grade for grade in cell.grades if grade.column_id not in hidden])
    if len(grades) == len(cell.grades):
        return cell
    return rendered(view, _cell(cell.class_id, cell.subject_id, cell.pupil_id, cell.year_id, grades))


def cell_of(view: View, class_id: str, subject_id: str, pupil_id: str) -> Cell | None:
    """One cell; None when the pupil has no grade there."""
    return view.get(Cell, class_id, subject_id, pupil_id)


def blank_cell(class_id: str, subject_id: str, pupil_id: str) -> Cell:
    """The cell of a pupil who has no grade there yet."""
    return _cell(class_id, subject_id, pupil_id, None, ())


def columns_of(view: View, unit_id: str, subject_id: str | None = None) -> list[GradeColumn]:
    """Columns of a class or group, by day."""
    where = {"unit_id": unit_id} | ({"subject_id": subject_id} if subject_id else {})
    return sorted(view.find(GradeColumn, **where), key=lambda column: (column.on, column.column_id))


def rules_of(view: View, year_id: str) -> YearRules | None:
    """The grading rules in force in a year."""
    return view.get(YearRules, year_id)


# Helpers


def _cell_of(rows: Rows, stream: str) -> Cell:
    """The cell whose facts the stream `year/{class}/grades/{subject}/{pupil}` holds."""
    _, class_id, _, subject_id, pupil_id = stream.split("/")
    cell = rows.get(Cell, class_id, subject_id, pupil_id)
    if cell is None:
        raise LookupError(f"no cell for {stream}")
    return cell


def _cell(
    class_id: str,
    subject_id: str,
    pupil_id: str,
    year_id: str | None,
    grades: tuple[Grade, ...],
    average: Average = NO_AVERAGE,
) -> Cell:
    content = Content(class_id, subject_id, pupil_id, average, grades)
    return Cell(class_id, subject_id, pupil_id, year_id, average.value, content)


def _with(cell: Cell, changed: Grade) -> Cell:
    grades = changed_to(cell.grades, changed)
    return _cell(cell.class_id, cell.subject_id, cell.pupil_id, cell.year_id, grades)
