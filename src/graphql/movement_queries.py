"""Queries: who moved into, within and out of the school."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.movement import LeavingKind
from dziennik.graphql.context import context_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import movement

ID = strawberry.ID
Kind = enum_named(movement.MoveKind)
Leaving = enum_named(LeavingKind)
SEEN = (movement.MOVEMENT.name,)


@strawberry.type(
    description="A pupil changed class, came, left, was struck off, repeats a year or is taught individually."
)
class Move:
    kind: Kind  # type: ignore[valid-type]
    pupil_id: ID
    class_id: ID
    from_class_id: ID | None
    on: date = strawberry.field(
        description="First day in the class or of individual teaching; the last one of who left either."
    )
    leaving: Leaving | None  # type: ignore[valid-type]
    place: str | None = strawberry.field(description="The other school, or where to.")
    reason: str | None
    decision: str | None
    legal_basis: str | None
    by: ID
    at: datetime


@strawberry.type(description="How pupils are numbered in a year; version 0: the usual rules.")
class MovementRules:
    version: int
    renumber_days: int = strawberry.field(
        description="For how many days after the year began a class may be numbered anew; 0: never."
    )


@strawberry.type
class MovementQueries:
    @guarded(description="How pupils are numbered in a year.")
    def movement_rules(
        self, info: Info, school: SchoolId, year_id: strawberry.ID, after_position: Position = None
    ) -> MovementRules:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        row = movement.rules_of(context.view(school), year_id)
        return {"version": row.version, "renumberDays": row.rules.renumber_days}  # type: ignore[return-value]

    @guarded(description="Moves of a pupil, in time.")
    def pupil_movement(
        self, info: Info, school: SchoolId, pupil_id: strawberry.ID, after_position: Position = None
    ) -> list[Move]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_told(row) for row in movement.of_pupil(context.view(school), pupil_id)]  # type: ignore[misc]

    @guarded(description="Moves into and out of a class, in time.")
    def class_movement(
        self, info: Info, school: SchoolId, class_id: strawberry.ID, after_position: Position = None
    ) -> list[Move]:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        return [_told(row) for row in movement.of_class(context.view(school), class_id)]  # type: ignore[misc]


def _told(row: movement.Move) -> dict[str, Any]:
    return {
        "kind": row.kind.name,
        "pupilId": row.pupil_id,
        "classId": row.class_id,
        "fromClassId": row.from_class_id,
        "on": str(row.on),
        "leaving": row.leaving.name if row.leaving else None,
        "place": row.place,
        "reason": row.reason,
        "decision": row.decision,
        "legalBasis": row.legal_basis,
        "by": row.by,
        "at": row.at.isoformat().replace("+00:00", "Z"),
    }
