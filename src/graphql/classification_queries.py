"""Queries: averages of terms and years, the council's sheet, who is at risk, and what closing still lacks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql import classification_shapes as shapes
from dziennik.graphql import moments, rendering
from dziennik.graphql.context import context_of
from dziennik.graphql.entry_queries import hidden_columns
from dziennik.graphql.moments import Moment
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import (
    absences,
    behaviour,
    classification,
    descriptive,
    disputes,
    finals,
    gradebook,
    people,
    register_hours,
    structure,
    year_results,
)
from dziennik.projections.carried_grades import Carried, into_class
from dziennik.projections.earlier_grades import EARLIER_GRADES
from dziennik.projections.rows import View

MODELS = (
    gradebook.GRADEBOOK,
    classification.CLASSIFICATION,
    behaviour.BEHAVIOUR,
    descriptive.DESCRIPTIVE,
    finals.FINALS,
    EARLIER_GRADES,
)
SEEN = tuple(model.name for model in MODELS)
CLOSING = (
    *SEEN,
    absences.ABSENCES.name,
    disputes.DISPUTES.name,
    register_hours.REGISTER_HOURS.name,
)
ENDS = (classification.CLASSIFICATION.name,)


@strawberry.type
class ClassificationQueries:
    @guarded(
        description="How a year is classified: method, thresholds, honours, days that proposals are due."
    )
    def classification_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> shapes.ClassificationRules:
        context = context_of(info)
        context.wait(school, ENDS, after_position)
        row = classification.rules_of(context.view(school), year_id)
        return shapes.rules(row)  # type: ignore[return-value]

    @guarded(
        description="Terms and year of a class, by subject and pupil; `atRisk` narrows to those at risk."
    )
    def class_year(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        subject_id: strawberry.ID | None = None,
        at_risk: bool = False,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[shapes.PupilYear]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_class(context, school, class_id, as_of, *MODELS, former=True)
        view, granted = context.view(school), context.granted

        def is_asked(subject: str) -> bool:
            return granted.covers(subject, class_id) and subject_id in (None, subject)

        cells = [cell for cell in gradebook.class_cells(view, class_id) if is_asked(cell.subject_id)]
        carried = [each for each in into_class(view, class_id) if is_asked(each.subject_id)]
        found = _years(view, class_id, cells, carried)
        return [one for one in found if one["atRisk"] or not at_risk]  # type: ignore[misc]

    @guarded(description="Terms and year of a pupil in a class, by subject.")
    def pupil_year(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[shapes.PupilYear]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, *MODELS)
        view, granted = context.view(school), context.granted
        hidden = hidden_columns(context, school)
        cells = [
            gradebook.published(view, cell, hidden)
            for cell in gradebook.pupil_cells(view, pupil_id, class_id)
            if granted.covers(cell.subject_id, cell.class_id)
        ]
        brought = into_class(view, class_id, pupil_id=pupil_id, hidden=hidden)
        carried = [each for each in brought if granted.covers(each.subject_id, class_id)]
        return _years(view, class_id, cells, carried)  # type: ignore[return-value]

    @guarded(description="What was decided about a pupil at the ends of years.")
    def pupil_promotions(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[shapes.Decision]:
        context = context_of(info)
        context.wait(school, ENDS, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, classification.CLASSIFICATION)
        rows = classification.promotions_of(context.view(school), pupil_id)
        return [shapes.decision(row) for row in rows]  # type: ignore[misc]

    @guarded(description="The sheet of a class that the council decides on.")
    def classification_sheet(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.ClassificationSheet:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_class(context, school, class_id, as_of, *MODELS, former=True)
        view = context.view(school)
        closed = classification.closed_register(view, class_id)
        return {  # type: ignore[return-value]
            "classId": class_id,
            "lines": _lines(view, class_id),
            "closedOn": str(closed.closed_on) if closed else None,
        }

    @guarded(description="What a year's registers still lack before they can be closed.")
    def closing_check(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> shapes.ClosingCheck:
        context = context_of(info)
        context.wait(school, CLOSING, after_position)
        view = context.view(school)
        closed = classification.closed_year(view, year_id)
        units = structure.units(view, year_id)
        lacking = _lesson_gaps(view, view.get(structure.Year, year_id), context.today(school))
        return {  # type: ignore[return-value]
            "yearId": year_id,
            "closedOn": str(closed.closed_on) if closed else None,
            "position": closed.position if closed else None,
            "classes": [_check(view, unit, lacking) for unit in sorted(units, key=lambda unit: unit.name)],
        }

    @guarded(description="Corrections of a class that the director permitted after the year was closed.")
    def permitted_corrections(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[shapes.Permit]:
        context = context_of(info)
        context.wait(school, ENDS, after_position)
        rows = classification.permits(context.view(school), class_id)
        return [shapes.permit(row) for row in rows]  # type: ignore[misc]

    @guarded(
        description="Corrections of additional hours, resolutions and plans that the director permitted "
        "after the year was closed."
    )
    def permitted_year_corrections(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> list[shapes.YearPermit]:
        context = context_of(info)
        context.wait(school, ENDS, after_position)
        rows = classification.year_permits(context.view(school), year_id)
        return [shapes.year_permit(row) for row in rows]  # type: ignore[misc]


def _years(
    view: View, class_id: str, cells: list[gradebook.Cell], carried: list[Carried]
) -> list[dict[str, Any]]:
    known = year_results.with_carried(cells, carried, class_id)
    rules = year_results.rules_of_class(view, class_id) if known else None
    if rules is None:
        return []
    return [
        shapes.pupil_year(one, at_risk=year_results.is_at_risk(one, rules))
        for one in year_results.results(known, rules, carried)
    ]


def _lines(view: View, class_id: str) -> list[dict[str, Any]]:
    rules = year_results.rules_of_class(view, class_id)
    if rules is None:
        return []
    ends = year_results.class_end(view, class_id)
    known = people.persons(view, [end.enrolment.pupil_id for end in ends])
    return [
        {
            "pupil": rendering.class_pupil(end.enrolment, known.get(end.enrolment.pupil_id)),
            "results": [
                shapes.pupil_year(one, at_risk=year_results.is_at_risk(one, rules)) for one in end.results
            ],
            "promotion": shapes.promoted(end.promotion),
            "decision": shapes.decision(end.decision) if end.decision else None,
        }
        for end in ends
    ]


def _lesson_gaps(view: View, year: structure.Year | None, today: date) -> Counter[str]:
    """By class or group, what the year's lessons lack until today."""
    if year is None:
        return Counter()
    found = register_hours.lacking(view, year.year_id, year.starts, min(year.ends, today))
    return Counter(each.hour.unit_id for each in found)


def _check(view: View, unit: structure.Unit, lacking: Counter[str]) -> dict[str, Any]:
    ends = year_results.class_end(view, unit.unit_id)
    closed = classification.closed_register(view, unit.unit_id)
    return {
        "classId": unit.unit_id,
        "name": unit.name,
        "pupils": len(ends),
        "missingFinals": sum(len(end.promotion.missing) for end in ends),
        "missingBehaviour": sum(end.promotion.behaviour is None for end in ends),
        "missingDecisions": sum(end.decision is None for end in ends),
        "openExcuses": len(absences.excuses_of_class(view, unit.unit_id, open_only=True)),
        "unansweredQuestions": len(disputes.unanswered(view, unit.unit_id)),
        "lessonGaps": lacking[unit.unit_id],
        "closedOn": str(closed.closed_on) if closed else None,
        "gaps": closed.gaps if closed else 0,
        "reason": closed.reason if closed else None,
    }
