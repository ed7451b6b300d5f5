"""Queries: behaviour of pupils and classes, its rules, and the council's resolutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.graphql import behaviour_shapes as shapes
from dziennik.graphql import moments
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.moments import Moment
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import behaviour, councils, structure

NOTES = (*SEEN, behaviour.BEHAVIOUR.name)
RESOLUTIONS = (councils.COUNCILS.name,)


@strawberry.type
class BehaviourQueries:
    @guarded(description="A pupil's notes, behaviour grades and points in a school year.")
    def pupil_behaviour(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        year_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.PupilBehaviour:
        context = context_of(info)
        context.wait(school, NOTES, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of, behaviour.BEHAVIOUR)
        (found,) = _pupils(context, school, year_id, {pupil_id: False})
        return found  # type: ignore[return-value]

    @guarded(description="Notes, behaviour grades and points of all who were in a class in its year.")
    def class_behaviour(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.ClassBehaviour | None:
        context = context_of(info)
        context.wait(school, NOTES, after_position)
        context = moments.of_class(context, school, class_id, as_of, behaviour.BEHAVIOUR, former=True)
        view = context.view(school)
        unit = view.get(structure.Unit, class_id)
        if unit is None:
            return None
        today = context.today(school)
        places = structure.pupils(view, class_id, None)
        # Notes that another class wrote about who went there are no matter of this one.
        gone = {place.pupil_id: place.until is not None and place.until < today for place in places}
        found = _pupils(context, school, unit.year_id, gone, left=class_id)
        return {"classId": class_id, "pupils": found}  # type: ignore[return-value]

    @guarded(description="How behaviour is assessed in a year: scale, categories of notes, points.")
    def behaviour_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> shapes.BehaviourRules:
        context = context_of(info)
        context.wait(school, NOTES, after_position)
        return shapes.rules(behaviour.rules_of(context.view(school), year_id))  # type: ignore[return-value]

    @guarded(description="What the teachers' council resolved in a year, also what was repealed.")
    def council_resolutions(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> list[shapes.CouncilResolution]:
        context = context_of(info)
        context.wait(school, RESOLUTIONS, after_position)
        rows = councils.of_year(context.view(school), year_id)
        return [shapes.resolution(row) for row in rows]  # type: ignore[misc]


def _pupils(
    context: Context, school: str, year_id: str, pupils: Mapping[str, bool], left: str = ""
) -> list[dict[str, Any]]:
    """PupilBehaviours of a year, wherever the pupils were in it; of those who are gone what `left` has."""
    view, today = context.view(school), context.today(school)
    year = view.get(structure.Year, year_id)
    terms = year.terms if year else ()
    classes = {unit.unit_id for unit in structure.units(view, year_id)}
    rules = behaviour.rules_of(view, year_id)
    rows = [behaviour.of_pupil(view, one, {left} if gone else classes) for one, gone in pupils.items()]
    return [shapes.pupil(row, behaviour.points_of(row.notes, rules, terms, today)) for row in rows]
