"""Queries: statistics of classes, of the school and of years, as numbers, CSV and pictures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql.context import Context, context_of
from dziennik.graphql.entry_queries import hidden_columns
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import attendance, behaviour, classification, gradebook, structure
from dziennik.statistics import asking, lists, statistic
from dziennik.statistics.csv_text import csv_of
from dziennik.statistics.statistic import described
from dziennik.statistics.svg import svg_of

ID = strawberry.ID
Kind = enum_named(asking.StatisticKind)
Measure = enum_named(asking.Measure)
Unit = enum_named(statistic.Unit)
LISTED = (gradebook.GRADEBOOK.name, classification.CLASSIFICATION.name, behaviour.BEHAVIOUR.name)
SEEN = (gradebook.GRADEBOOK.name, attendance.ATTENDANCE.name, classification.CLASSIFICATION.name)


@strawberry.type(description="One number per label; null where there is nothing to reckon it from.")
class StatisticSeries:
    name: str
    values: list[Decimal | None]


@strawberry.type(
    description="A statistic: numbers, CSV (RFC 4180), a picture (SVG) and its text alternative."
)
class Statistic:
    title: str
    unit: Unit  # type: ignore[valid-type]
    labels: list[str]
    series: list[StatisticSeries]
    counted: int
    left_out: int
    highlighted: int | None
    rule_versions: list[int]
    note: str | None
    description: str
    csv: str
    csv_with_bom: str = strawberry.field(
        description="The same for spreadsheets that take UTF-8 by its mark only."
    )
    svg: str


@strawberry.type(description="A list that names pupils: headings, rows, and the same as CSV (RFC 4180).")
class Listing:
    title: str
    columns: list[str]
    rows: list[list[str]]
    csv: str
    csv_with_bom: str


@strawberry.type
class StatisticQueries:
    @guarded(description="A statistic of a class; of own subjects only, unless one is its homeroom teacher.")
    def class_statistic(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        kind: Kind,  # type: ignore[valid-type]
        subject_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> Statistic:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view, granted = context.lists(school), context.granted
        unit = view.get(structure.Unit, class_id)
        units = [unit] if unit else []
        asked = asking.Asked(view, units, subject_id=subject_id, covers=granted.covers)
        return _told(context, asked.answer(_kind(kind)))  # type: ignore[return-value]

    @guarded(description="A statistic of all classes of a year, of past years by the rules then in force.")
    def school_statistic(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        kind: Kind,  # type: ignore[valid-type]
        subject_id: strawberry.ID | None = None,
        teacher_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> Statistic:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view = context.lists(school)
        units = structure.units(view, year_id)
        asked = asking.Asked(view, units, subject_id=subject_id, teacher_id=teacher_id)
        return _told(context, asked.answer(_kind(kind)))  # type: ignore[return-value]

    @guarded(description="Where a pupil is among the class: a distribution, nobody's name.")
    def pupil_against_class(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID,
        measure: Measure,  # type: ignore[valid-type]
        subject_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> Statistic | None:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        # A distribution without names, for which all pupils of the class are counted.
        view, granted = context.view_of_all(school), context.granted
        unit = view.get(structure.Unit, class_id)
        belongs = any(place.class_id == class_id for place in structure.enrolments(view, pupil_id))
        if unit is None or not belongs or not _may_see(granted.subjects, subject_id):
            return None
        hidden = hidden_columns(context, school)
        found = asking.against_class(view, unit, pupil_id, _measure(measure), subject_id, hidden=hidden)
        return _told(context, found)  # type: ignore[return-value]

    @guarded(description="The school's averages or attendance, year by year.")
    def years_compared(
        self,
        info: Info,
        school: SchoolId,
        measure: Measure,  # type: ignore[valid-type]
        after_position: Position = None,
    ) -> Statistic:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        found = asking.years_compared(context.lists(school), _measure(measure))
        return _told(context, found)  # type: ignore[return-value]

    @guarded(description="What became of the school's pupils at the ends of years, year by year.")
    def outcomes_compared(self, info: Info, school: SchoolId, after_position: Position = None) -> Statistic:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return _told(context, asking.outcomes_compared(context.view(school)))  # type: ignore[return-value]

    @guarded(
        description="Final grades of a class in a term, or (no term) in the year, with what was decided."
    )
    def classification_list(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        term_id: strawberry.ID | None = None,
        after_position: Position = None,
    ) -> Listing | None:
        context = context_of(info)
        context.wait(school, LISTED, after_position)
        view = context.view(school)
        unit = view.get(structure.Unit, class_id)
        return _listed(context, lists.classified(view, unit, term_id)) if unit else None  # type: ignore[return-value]

    @guarded(description="What was decided about each pupil at the end of a year, class by class.")
    def promotion_list(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> Listing:
        context = context_of(info)
        context.wait(school, LISTED, after_position)
        return _listed(context, lists.promoted(context.view(school), year_id))  # type: ignore[return-value]


def _listed(context: Context, found: lists.Listing) -> dict[str, Any]:
    language = context.language
    return {
        "title": found.title.told(language),
        "columns": [cell.told(language) for cell in found.head],
        "rows": [[cell.told(language) for cell in row] for row in found.rows],
        "csv": lists.csv_of_listing(found, language),
        "csvWithBom": lists.csv_of_listing(found, language, bom=True),
    }


def _kind(kind: Any) -> asking.StatisticKind:  # noqa: ANN401
    return asking.StatisticKind[kind.name]


def _measure(measure: Any) -> asking.Measure:  # noqa: ANN401
    return asking.Measure[measure.name]


def _may_see(subjects: frozenset[str] | None, subject_id: str | None) -> bool:
    """Whoever sees some subjects only asks about one of them."""
    return subjects is None or subject_id in subjects


def _told(context: Context, found: statistic.Statistic) -> dict[str, Any]:
    language = context.language
    return {
        "title": found.title.told(language),
        "unit": found.unit.name,
        "labels": [label.told(language) for label in found.labels],
        "series": [
            {"name": one.name.told(language), "values": [None if v is None else str(v) for v in one.values]}
            for one in found.series
        ],
        "counted": found.counted,
        "leftOut": found.left_out,
        "highlighted": found.highlighted,
        "ruleVersions": list(found.rule_versions),
        "note": found.note.told(language) if found.note else None,
        "description": described(found, language),
        "csv": csv_of(found, language),
        "csvWithBom": csv_of(found, language, bom=True),
        "svg": svg_of(found, language),
    }
