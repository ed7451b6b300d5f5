"""Statistics of grades: how they are distributed, and averages by class, subject and teacher.

Averages are those of the gradebook, reckoned by the rules of their year; a group's is the mean of the
averages of its pupils in its subjects, each counting once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from dziennik.contracts.values import GradeKind, GradingRules
from dziennik.domain.policies.grading import number_of
from dziennik.domain.policies.names import polish_sort_key
from dziennik.projections.grade_cells import Grade
from dziennik.projections.gradebook import Cell, CellAverage
from dziennik.statistics.statistic import FEWEST_PUPILS, Series, Statistic, Text, Unit, bars, mean, plain

A = TypeVar("A", Cell, CellAverage)

GRADES = Text("liczba ocen", "number of grades")
AVERAGE = Text("średnia", "average")
PUPILS = Text("liczba uczniów", "number of pupils")
TOO_FEW = Text(
    "Za mało uczniów, by pokazać rozkład bez wskazywania osób.",
    "Too few pupils to show a distribution without telling who is who.",
)
_OTHER = Text("inne", "other")


def distribution(
    cells: Iterable[Cell],
    rules: GradingRules,
    kind: GradeKind,
    title: Text,
    *,
    chosen: Callable[[Grade], bool],
) -> Statistic:
    """How often each mark was given; "4+" counts as 4, points as the mark they reach."""
    grades = [
        grade
        for cell in cells
        for grade in cell.grades
        if grade.kind == kind.name and grade.struck_out is None and chosen(grade)
    ]
    marks = Counter(mark_of(grade.value, rules) for grade in grades)
    scale = [step.mark for step in sorted(rules.scale, key=lambda step: step.value)]
    others = sorted(mark for mark in marks if mark and mark not in scale)
    rows = [(plain(mark), Decimal(marks[mark])) for mark in (*scale, *others)]
    if marks[""]:
        rows.append((_OTHER, Decimal(marks[""])))
    return bars(title, GRADES, Unit.COUNT, rows, counted=len(grades))


def mark_of(value: str, rules: GradingRules) -> str:
    """The full mark that a grade belongs to; a remark is its own, what is none of these is ""."""
    if value in rules.remarks:
        return value
    number = number_of(value, rules)
    if number is None:
        return ""
    bare = value.rstrip("+-")
    if any(step.mark == bare for step in rules.scale):
        return bare
    return next((step.mark for step in rules.scale if step.value == number), "")


def averages(
    cells: Iterable[A],
    group: Callable[[A], str | None],
    names: Mapping[str, str],
    title: Text,
    rule_versions: tuple[int, ...] = (),
) -> Statistic:
    """The average of each group, by name. Cells without an average, or of no group, are left out."""
    found: dict[str, list[Decimal]] = {}
    left_out = counted = 0
    for cell in cells:
        key = group(cell)
        if key is None or cell.average_value is None:
            left_out += 1
            continue
        counted += 1
        found.setdefault(key, []).append(cell.average_value)
    named = [(names.get(key, key), mean(values)) for key, values in found.items()]
    rows = sorted(named, key=lambda row: (polish_sort_key(row[0]), row[1]))
    told = [(plain(name), value) for name, value in rows]
    return bars(
        title,
        AVERAGE,
        Unit.AVERAGE,
        told,
        counted=counted,
        left_out=left_out,
        rule_versions=rule_versions,
    )


def teacher_of(cell: Cell) -> str | None:
    """Who gave the cell's latest current grade."""
    given = [grade for grade in cell.grades if grade.kind == GradeKind.CURRENT.name]
    return given[-1].teacher_id if given else None


def against_class(
    values: Mapping[str, Decimal], pupil_id: str, step: Decimal, title: Text, unit: Unit
) -> Statistic:
    """How the pupils' values are distributed, and where one of them is. Nobody else can be made out.

    `step` is the width of a bar. Of fewer than FEWEST_PUPILS nothing is told.
    """
    if len(values) < FEWEST_PUPILS:
        empty = Series(PUPILS, ())
        return Statistic(title=title, labels=(), series=(empty,), unit=Unit.COUNT, counted=0, note=TOO_FEW)
    places = {pupil: int(value // step) for pupil, value in values.items()}
    first, last = min(places.values()), max(places.values())
    counts = Counter(places.values())
    labels = tuple([_span(place, step, unit) for place in range(first, last + 1)])
    numbers = tuple([Decimal(counts[place]) for place in range(first, last + 1)])
    mine = places.get(pupil_id)
    return Statistic(
        title=title,
        labels=labels,
        series=(Series(PUPILS, numbers),),
        unit=Unit.COUNT,
        counted=len(values),
        highlighted=None if mine is None else mine - first,
    )


def _span(place: int, step: Decimal, unit: Unit) -> Text:
    if unit is Unit.PERCENT and place * step >= 100:  # nobody is there more often than always
        return Text("100%", "100%")
    sign = "%" if unit is Unit.PERCENT else ""
    told = f"{place * step}–{(place + 1) * step}{sign}"
    return Text(told.replace(".", ","), told)
