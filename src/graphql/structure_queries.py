"""Queries: schools, years, classes, people, and who the asker is."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts import envelope
from dziennik.graphql import moments, rendering, shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.moments import Moment
from dziennik.graphql.paging import page_of
from dziennik.graphql.refusing import Refused
from dziennik.graphql.scopes import children
from dziennik.graphql.who_may import guarded
from dziennik.projections import people, structure
from dziennik.projections.dated import in_force
from dziennik.projections.structure import STRUCTURE

SchoolId = Annotated[strawberry.ID, strawberry.argument(description="The school's id.")]
Position = Annotated[
    int | None, strawberry.argument(description="Wait until the fact at this position is visible.")
]
SEEN = (STRUCTURE.name, people.PEOPLE.name)


def _pupil(context: Context, school: str, pupil_id: str) -> dict[str, Any] | None:
    view = context.view(school)
    found = people.persons(view, [pupil_id]).get(pupil_id)
    if found is None:
        return None
    places = structure.enrolments(view, pupil_id)
    units = [view.get(structure.Unit, place.class_id) for place in places]
    rights = people.parents(view, pupil_id)
    known = people.persons(view, [right.parent_id for right in rights])
    return {
        **rendering.name(found, pupil_id),
        "birthDate": found.birth_date,
        "enrolments": [rendering.enrolment(p, u) for p, u in zip(places, units, strict=True)],
        "parents": [rendering.parental_right(right, known.get(right.parent_id)) for right in rights],
    }


def _class(context: Context, school: str, unit: structure.Unit) -> dict[str, Any]:
    view, day = context.view(school), context.today(school)
    taught = structure.assignments(view, unit_id=unit.unit_id)
    home = structure.homeroom(view, unit.unit_id, day)
    who = {a.teacher_id for a in taught} | ({home.teacher_id} if home else set())
    known = people.persons(view, sorted(who))

    def count(group_id: str) -> int:
        return len(structure.members(context.view_of_all(school), group_id, day))

    def groups() -> list[dict[str, Any]]:
        return [
            {
                "id": g.group_id,
                "name": g.name,
                "pupilCount": count(g.group_id),
            }
            for g in structure.groups(view, unit.unit_id)
        ]

    return {
        "id": unit.unit_id,
        "yearId": unit.year_id,
        "name": unit.name,
        "level": unit.level,
        "interclass": unit.interclass,
        "homeroomTeacher": rendering.name(known.get(home.teacher_id), home.teacher_id) if home else None,
        "groups": groups,
        "assignments": [rendering.assignment(a, known.get(a.teacher_id)) for a in taught],
        "timetable": lambda: rendering.slots(structure.timetable(view, unit.unit_id, day)),
    }


@strawberry.type
class StructureQueries:
    @guarded(description="Who is logged in, and as whom in which school.")
    def me(self, info: Info) -> shapes.Me:
        context = context_of(info)
        return {"accountId": context.account(), "identities": _identities(context)}  # type: ignore[return-value]

    @guarded(description="The schools in which the asker is somebody.")
    def my_schools(self, info: Info) -> list[shapes.School]:
        context = context_of(info)
        schools = [structure.the_school(context.view(one["school"])) for one in _identities(context)]
        return [rendering.school(found) for found in schools if found]  # type: ignore[misc]

    @guarded(description="The asker's children, in all schools.")
    def my_children(self, info: Info) -> list[shapes.Child]:
        context = context_of(info)
        found = []
        for one in _identities(context):
            for pupil_id in sorted(children(context, one["school"])):
                pupil = _pupil(context, one["school"], pupil_id)
                if pupil:
                    found.append({"school": one["school"], "pupil": pupil})
        return found  # type: ignore[return-value]

    @guarded()
    def school(
        self, info: Info, school: SchoolId, after_position: Position = None, as_of: Moment = None
    ) -> shapes.School | None:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_school(context, school, as_of)
        found = structure.the_school(context.view(school))
        return rendering.school(found) if found else None  # type: ignore[return-value]

    @guarded()
    def school_years(
        self, info: Info, school: SchoolId, after_position: Position = None, as_of: Moment = None
    ) -> list[shapes.SchoolYear]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_school(context, school, as_of)
        return [rendering.year(row) for row in structure.years(context.view(school))]  # type: ignore[misc]

    @guarded()
    def subjects(
        self, info: Info, school: SchoolId, after_position: Position = None, as_of: Moment = None
    ) -> list[shapes.Subject]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_school(context, school, as_of)
        return [rendering.subject(row) for row in structure.subjects(context.view(school))]  # type: ignore[misc]

    @guarded(description="Grading and attendance rules of a year.")
    def rules(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.Rules:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_school(context, school, as_of)
        return rendering.rules(structure.rules(context.view(school), year_id))  # type: ignore[return-value]

    @guarded(description="Classes of a year; with `interclass` also groups.")
    def classes(
        self,
        info: Info,
        school: SchoolId,
        year_id: strawberry.ID,
        interclass: bool = False,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.ClassUnitConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_school(context, school, as_of, units=True)
        units = structure.units(context.view(school), year_id, interclass=interclass)
        return page_of(
            sorted(units, key=_unit_key),
            _unit_key,
            lambda unit: _class(context, school, unit),
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(name="class")
    def class_(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.ClassUnit | None:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_class(context, school, class_id, as_of)
        unit = context.view(school).get(structure.Unit, class_id)
        return _class(context, school, unit) if unit else None  # type: ignore[return-value]

    @guarded(
        description="Pupils of a class in register order: of a day (`on`), of today, or of all the year."
    )
    def class_pupils(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        today_only: bool = True,
        on: Annotated[
            date | None, strawberry.argument(description="Whoever was there, by the numbers of that day.")
        ] = None,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> list[shapes.ClassPupil]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_class(context, school, class_id, as_of)
        day = on or (context.today(school) if today_only else None)
        return class_pupils(context, school, class_id, day)  # type: ignore[return-value]

    @guarded()
    def pupil(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.Pupil | None:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_pupil(context, school, pupil_id, as_of)
        return _pupil(context, school, pupil_id)  # type: ignore[return-value]

    @guarded(description="People in a role today, in Polish order.")
    def people(
        self,
        info: Info,
        school: SchoolId,
        role: shapes.Role,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
        as_of: Moment = None,
    ) -> shapes.PersonConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        context = moments.of_people(context, school, as_of)
        view = context.view(school)
        wanted = envelope.Role[role.name]
        found = people.people_in_role(view, wanted, context.today(school))
        return page_of(
            sorted(found, key=_person_key),
            _person_key,
            lambda row: rendering.person(row, people.roles(view, row.person_id)),
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="What the asker teaches today.")
    def my_assignments(self, info: Info, school: SchoolId) -> list[shapes.Assignment]:
        context = context_of(info)
        access, day = context.access(school), context.today(school)
        rows = [a for a in access.assignments if in_force(a, day)]
        return [rendering.assignment(a, access.person) for a in rows]  # type: ignore[misc]


def class_pupils(context: Context, school: str, class_id: str, day: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """ClassPupils in register order; of all the year when `day` is None."""
    view = context.view(school)
    places = structure.pupils(view, class_id, day)
    known = people.persons(view, [place.pupil_id for place in places])
    return [rendering.class_pupil(place, known.get(place.pupil_id)) for place in places]


def _identities(context: Context) -> list[dict[str, Any]]:
    found = []
    for school_id in context.system.read_models.places(context.account()):
        try:
            access = context.access(school_id)
        except Refused:
            continue
        roles = sorted(role.name for role in context.roles(school_id))
        withheld = sorted(role.name for role in context.withheld(school_id))
        named = rendering.name(access.person, access.person.person_id)
        found.append({"school": school_id, **named, "roles": roles, "rolesWithheld": withheld})
    return found


def _unit_key(unit: structure.Unit) -> str:
    return f"{unit.sort_key}\x1f{unit.unit_id}"


def _person_key(person: people.Person) -> str:
    return f"{person.sort_key}\x1f{person.person_id}"
