"""Queries: stays in day care and preschool, and who may collect a child."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.stays import DepartureKind
from dziennik.graphql import shapes
from dziennik.graphql.context import context_of
from dziennik.graphql.paging import page_of
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.structure_queries import SEEN, Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import stays

ID = strawberry.ID
Departure = enum_named(DepartureKind)
STAYS = (*SEEN, stays.STAYS.name)
From = Annotated[date, strawberry.argument(name="from", description="First day.")]
To = Annotated[date, strawberry.argument(description="Last day.")]


@strawberry.type(description="The times that stood before a correction.")
class StayChange:
    arrived: str
    departed: str | None
    reason: str
    by: ID
    at: datetime


@strawberry.type(description="A child's stay; times are school-local HH:MM.")
class Stay:
    unit_id: ID
    pupil_id: ID
    on: date
    number: int
    arrived: str
    departed: str | None
    kind: Departure | None  # type: ignore[valid-type]
    collector_id: ID | None = strawberry.field(description="The parent, or the authorisation.")
    received_by: ID
    given_by: ID | None
    changes: list[StayChange]
    struck_out: str | None = strawberry.field(description="Why the entry holds no more.")


@strawberry.type(description="Who may collect a child beside its parents; without a name it may go alone.")
class Collector:
    id: ID
    unit_id: ID
    pupil_id: ID
    name: str | None
    since: date
    until: date | None
    authorised_by: ID


@strawberry.type(description="A child's stays, and who may collect it.")
class PupilStays:
    stays: list[Stay]
    collectors: list[Collector]


StayConnection, _ = shapes.connection_of(Stay, "Stay")


@strawberry.type
class StayQueries:
    @guarded(description="Stays in a day-care room or preschool, by day and arrival.")
    def stays(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        from_: From,
        to: To,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> StayConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, STAYS, after_position)
        return page_of(
            stays.of_register(context.view(school), class_id, from_, to),
            lambda row: f"{row.on}\x1f{row.arrived}\x1f{row.pupil_id}\x1f{row.number:03d}",
            _stay,
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="Who may collect a child from a day-care room or preschool.")
    def collectors(
        self,
        info: Info,
        school: SchoolId,
        class_id: strawberry.ID,
        child: Annotated[strawberry.ID, strawberry.argument(description="The pupil's id.")],
        after_position: Position = None,
    ) -> list[Collector]:
        context = context_of(info)
        context.wait(school, STAYS, after_position)
        rows = stays.collectors(context.view(school), class_id, child)
        return [_collector(row) for row in rows]  # type: ignore[misc]

    @guarded(description="A child's stays, and who may collect it.")
    def pupil_stays(
        self,
        info: Info,
        school: SchoolId,
        pupil_id: strawberry.ID,
        from_: From,
        to: To,
        after_position: Position = None,
    ) -> PupilStays:
        context = context_of(info)
        context.wait(school, STAYS, after_position)
        view = context.view(school)
        return {  # type: ignore[return-value]
            "stays": [_stay(row) for row in stays.of_pupil(view, pupil_id, from_, to)],
            "collectors": [_collector(row) for row in stays.collectors_of_pupil(view, pupil_id)],
        }


def _stay(row: stays.Stay) -> dict[str, Any]:
    return {
        "unitId": row.unit_id,
        "pupilId": row.pupil_id,
        "on": str(row.on),
        "number": row.number,
        "arrived": row.arrived,
        "departed": row.departed,
        "kind": row.kind.name if row.kind else None,
        "collectorId": row.collector_id,
        "receivedBy": row.received_by,
        "givenBy": row.given_by,
        "changes": [
            {
                "arrived": change.arrived,
                "departed": change.departed,
                "reason": change.reason,
                "by": change.by,
                "at": change.at.isoformat().replace("+00:00", "Z"),
            }
            for change in row.changes
        ],
        "struckOut": row.struck_out,
    }


def _collector(row: stays.Collector) -> dict[str, Any]:
    return {
        "id": row.collector_id,
        "unitId": row.unit_id,
        "pupilId": row.pupil_id,
        "name": row.name,
        "since": str(row.since),
        "until": str(row.until) if row.until else None,
        "authorisedBy": row.authorised_by,
    }
