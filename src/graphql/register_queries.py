"""Queries: other registers than a class's, who takes part in them, and a pedagogue's entries.

Lessons, attendance and timetable of a register are asked for like a class's (`lessonJournal`,
`attendanceSheet`, `plannedLessons`), with the register's id as `classId`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.counselling import CounsellingKind
from dziennik.contracts.registers import RESTRICTED, RegisterKind
from dziennik.graphql import rendering, shapes
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.paging import page_of
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.scopes import children, is_closed
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import counselling, people, registers, structure
from dziennik.projections.dated import in_force

ID = strawberry.ID
Kind = enum_named(RegisterKind)
What = enum_named(CounsellingKind)
REGISTER = (*SEEN, registers.REGISTERS.name)
ENTRIES = (*SEEN, counselling.COUNSELLING.name)
From = Annotated[date, strawberry.argument(name="from", description="First day.")]
To = Annotated[date, strawberry.argument(description="Last day.")]
On = Annotated[date | None, strawberry.argument(description="The day asked about; today if none is given.")]


@strawberry.type(description="A pupil's time in a register.")
class Participant:
    pupil_id: ID
    family_name: str
    given_names: str
    class_id: ID | None = strawberry.field(description="The pupil's class; null for preschool children.")
    since: date
    until: date | None


@strawberry.type(description="How a pupil is taught individually (nauczanie indywidualne).")
class IndividualTeaching:
    pupil_id: ID
    since: date
    hours_per_week: Decimal
    hours_in_timetable: int = strawberry.field(description="Weekly hours of the timetable on the day asked.")
    decision: str
    programme: str | None


@strawberry.type(description="A register beside those of the classes (inny dziennik).")
class OtherRegister:
    id: ID
    year_id: ID
    kind: Kind  # type: ignore[valid-type]
    name: str
    restricted: bool = strawberry.field(description="Only its keepers and the director open it.")
    teaching: list[shapes.Assignment]
    plan: str | None
    timetable: list[shapes.TimetableSlot]
    participants: list[Participant]
    individual_teaching: list[IndividualTeaching]


@strawberry.type(description="A register by name; who takes part is told to whom it concerns.")
class RegisterName:
    id: ID
    kind: Kind  # type: ignore[valid-type]
    name: str


@strawberry.type(description="A pupil's time in a register.")
class PupilRegister:
    register: RegisterName
    since: date
    until: date | None


@strawberry.type(description="What an entry said before and why it was changed; of a strike-out only why.")
class CounsellingChange:
    was: str | None
    reason: str
    by: ID
    at: datetime


@strawberry.type(description="An entry of a pedagogue's register.")
class CounsellingEntry:
    id: ID
    unit_id: ID
    pupil_id: ID | None
    author_id: ID
    kind: What  # type: ignore[valid-type]
    on: date
    text: str
    written_at: datetime
    shared: bool
    changes: list[CounsellingChange]
    struck_out: CounsellingChange | None


@strawberry.type(description="What a family reads of a pedagogue's entry.")
class SharedEntry:
    id: ID
    author: shapes.Name
    kind: What  # type: ignore[valid-type]
    on: date
    text: str


CounsellingEntryConnection, _ = shapes.connection_of(CounsellingEntry, "CounsellingEntry")


@strawberry.type
class RegisterQueries:
    @guarded(description="Other registers of a year: day-care room, preschool, extra classes and so on.")
    def other_registers(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> list[RegisterName]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_named(unit) for unit in structure.registers(context.view(school), year_id)]  # type: ignore[misc]

    @guarded(description="A register as of a day: plan, teaching, timetable, participants.")
    def other_register(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        on: On = None,
        after_position: Position = None,
    ) -> OtherRegister | None:
        context = context_of(info)
        context.wait(school, REGISTER, after_position)
        unit = context.view(school).get(structure.Unit, class_id)
        if unit is None or unit.register is None:
            return None
        return _register(context, school, unit, on or context.today(school))  # type: ignore[return-value]

    @guarded(
        description="The registers that a pupil takes or took part in; restricted ones for keepers only."
    )
    def pupil_registers(
        self, info: Info, school: SchoolId, pupil_id: strawberry.ID, after_position: Position = None
    ) -> list[PupilRegister]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        view, roles = context.view(school), context.roles(school)
        found = []
        for row in view.find(structure.Membership, pupil_id=pupil_id):
            unit = view.get(structure.Unit, row.group_id)
            closed = is_closed(context, school, {"class_id": row.group_id}, roles)
            if unit and unit.register is not None and not closed:
                found.append({"register": _named(unit), **_span(row)})
        return found  # type: ignore[return-value]

    @guarded(description="A pedagogue's entries, all or about one pupil, in time.")
    def counselling_entries(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        about: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only entries about this pupil.")
        ] = None,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> CounsellingEntryConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, ENTRIES, after_position)
        view = context.view(school)
        # An entry may be there before its register is known: until then it is nobody's.
        known = view.get(structure.Unit, class_id)
        rows = counselling.of_register(view, class_id, from_, to, about) if known else []
        return page_of(
            rows,
            lambda row: f"{row.on}\x1f{row.written_at.isoformat()}\x1f{row.entry_id}",
            _entry,
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="What a pedagogue lets a pupil and the pupil's parents read.")
    def shared_counselling(
        self, info: Info, school: SchoolId, pupil_id: strawberry.ID, after_position: Position = None
    ) -> list[SharedEntry]:
        context = context_of(info)
        context.wait(school, ENTRIES, after_position)
        view = context.view(school)
        rows = counselling.shared_about(view, pupil_id)
        known = people.persons(view, [row.author_id for row in rows])
        return [
            {  # type: ignore[misc]
                "id": row.entry_id,
                "author": rendering.name(known.get(row.author_id), row.author_id),
                "kind": row.kind.name,
                "on": str(row.on),
                "text": row.text,
            }
            for row in rows
        ]


def _named(unit: structure.Unit) -> dict[str, Any]:
    return {"id": unit.unit_id, "kind": unit.register.name if unit.register else None, "name": unit.name}


def _span(row: structure.Membership) -> dict[str, Any]:
    return {"since": str(row.since), "until": str(row.until) if row.until else None}


def _register(context: Context, school: str, unit: structure.Unit, day: date) -> dict[str, Any]:
    view, shown = context.view(school), _shown(context, school)
    taught = [a for a in structure.assignments(view, unit_id=unit.unit_id) if in_force(a, day)]
    known = people.persons(view, [a.teacher_id for a in taught])
    timetable = structure.timetable(view, unit.unit_id, day)
    plan = registers.plan_of(view, unit.unit_id, day)
    return {
        **_named(unit),
        "yearId": unit.year_id,
        "restricted": unit.register in RESTRICTED,
        "teaching": [rendering.assignment(a, known.get(a.teacher_id)) for a in taught],
        "plan": plan.text if plan else None,
        "timetable": rendering.slots(timetable),
        "participants": [one for one in _participants(context, school, unit, day) if shown(one)],
        "individualTeaching": [
            one for one in _individual(context, school, unit, day, timetable) if shown(one)
        ],
    }


def _shown(context: Context, school: str) -> Callable[[dict[str, Any]], bool]:
    """Families see the register, and of those in it their own children."""
    if not context.granted.published:
        return lambda _: True
    own = children(context, school) | {context.access(school).person.person_id}
    return lambda told: told["pupilId"] in own


def _participants(context: Context, school: str, unit: structure.Unit, day: date) -> list[dict[str, Any]]:
    view = context.view(school)
    rows = structure.members(view, unit.unit_id, day)
    known = people.persons(view, [row.pupil_id for row in rows])
    rows.sort(key=lambda row: (known[row.pupil_id].sort_key if row.pupil_id in known else "", row.pupil_id))
    told = []
    for row in rows:
        named = rendering.name(known.get(row.pupil_id), row.pupil_id)
        home = row.class_id if row.class_id != unit.unit_id else None
        told.append({"pupilId": named.pop("personId"), **named, "classId": home, **_span(row)})
    return told


def _individual(
    context: Context, school: str, unit: structure.Unit, day: date, timetable: structure.Timetable | None
) -> list[dict[str, Any]]:
    """The arrangement that holds for each pupil on the day, beside the hours of the timetable."""
    rows = [row for row in registers.teaching_of(context.view(school), unit.unit_id) if row.since <= day]
    latest = {row.pupil_id: row for row in rows}  # rows come by pupil and day
    hours = len({(slot.weekday, slot.period) for slot in timetable.slots}) if timetable else 0
    return [
        {
            "pupilId": row.pupil_id,
            "since": str(row.since),
            "hoursPerWeek": str(row.hours_per_week),
            "hoursInTimetable": hours,
            "decision": row.decision,
            "programme": row.programme,
        }
        for row in latest.values()
    ]


def _entry(row: counselling.Entry) -> dict[str, Any]:
    return {
        "id": row.entry_id,
        "unitId": row.unit_id,
        "pupilId": row.pupil_id,
        "authorId": row.author_id,
        "kind": row.kind.name,
        "on": str(row.on),
        "text": row.text,
        "writtenAt": instant(row.written_at),
        "shared": row.shared,
        "changes": [_change(change) for change in row.changes],
        "struckOut": _change(row.struck_out) if row.struck_out else None,
    }


def _change(found: counselling.Change) -> dict[str, Any]:
    return {"was": found.was, "reason": found.reason, "by": found.by, "at": instant(found.at)}
