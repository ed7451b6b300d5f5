"""The types of the answers about the notice board, and how rows become them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from dziennik.contracts.board import AudiencePart as Part
from dziennik.contracts.envelope import Role as Held
from dziennik.graphql.absence_shapes import AttachedFile, attached_file
from dziennik.graphql.rendering import instant, name
from dziennik.graphql.shapes import ID, Name, Role, connection_of
from dziennik.projections import board, people, structure
from dziennik.projections.rows import View

Json = dict[str, Any]


@strawberry.type(description="A class or group to which something is announced.")
class AudiencePart:
    unit_id: ID
    unit_name: str
    group_id: ID | None
    group_name: str | None


@strawberry.type(description="Who is addressed: within the parts (none: the school) these roles (none: all).")
class BoardAudience:
    parts: list[AudiencePart]
    roles: list[Role]


@strawberry.type(description="How an announcement read before it was put right.")
class AnnouncementCorrection:
    was_title: str
    was_text: str
    was_until: date
    by: ID
    at: datetime
    reason: str


@strawberry.type(description="An announcement on the notice board (ogłoszenie).")
class Announcement:
    id: ID
    title: str
    text: str
    author: Name
    audience: BoardAudience
    since: date
    until: date
    important: bool
    confirm: bool = strawberry.field(description="Readers are asked to confirm that they read it.")
    edition: int = strawberry.field(description="Counts how often readers were asked anew.")
    attachments: list[AttachedFile]
    posted_at: datetime
    changed_at: datetime | None
    confirmed_at: datetime | None = strawberry.field(description="When the asker confirmed this edition.")
    taken_down: str | None
    corrections: list[AnnouncementCorrection]


@strawberry.type(description="Somebody who is addressed, in which roles, and when they confirmed.")
class AnnouncementReader:
    person: Name
    roles: list[Role]
    confirmed_at: datetime | None


AnnouncementConnection, _ = connection_of(Announcement, "Announcement")
AnnouncementReaderConnection, _ = connection_of(AnnouncementReader, "AnnouncementReader")


@strawberry.type(
    description="Who is addressed by an announcement today, and who of them confirmed reading it."
)
class AnnouncementReaders:
    addressed: int
    confirmed: int
    people: AnnouncementReaderConnection  # type: ignore[valid-type]


@strawberry.type(description="How the notice board is kept.")
class BoardRules:
    teachers_to_school: bool
    longest_days: int


class Telling:
    """Makes answers of announcements; names are asked for once a page."""

    def __init__(self, view: View, rows: Iterable[board.Announcement]) -> None:
        chosen = list(rows)
        parts = [part for row in chosen for part in row.audience.parts]
        self._names = people.persons(view, [row.author_id for row in chosen])
        self._units = _named(view, structure.Unit, [part.unit_id for part in parts])
        self._groups = _named(view, structure.Group, [part.group_id for part in parts if part.group_id])

    def announcement(self, row: board.Announcement, mine: board.Reading | None, *, whole: bool) -> Json:
        """An Announcement; `whole`: with what it said before."""
        roles = [role.name for role in row.audience.roles]
        now = mine if mine and mine.edition == row.edition else None
        return {
            "id": row.announcement_id,
            "title": row.title,
            "text": row.text,
            "author": name(self._names.get(row.author_id), row.author_id),
            "audience": {"parts": [self._part(part) for part in row.audience.parts], "roles": roles},
            "since": str(row.since),
            "until": str(row.until),
            "important": row.important,
            "confirm": row.confirm,
            "edition": row.edition,
            "attachments": [attached_file(file) for file in row.attachments],
            "postedAt": instant(row.posted_at),
            "changedAt": instant(row.changed_at),
            "confirmedAt": instant(now.at) if now else None,
            "takenDown": row.taken_down,
            "corrections": [_correction(each) for each in row.corrections] if whole else [],
        }

    def _part(self, part: Part) -> Json:
        return {
            "unitId": part.unit_id,
            "unitName": self._units.get(part.unit_id, ""),
            "groupId": part.group_id,
            "groupName": self._groups.get(part.group_id, "") if part.group_id else None,
        }


def reader(
    person_id: str, person: people.Person | None, roles: Iterable[Held], confirmed: board.Reading | None
) -> Json:
    """An AnnouncementReader."""
    return {
        "person": name(person, person_id),
        "roles": sorted(role.name for role in roles),
        "confirmedAt": instant(confirmed.at) if confirmed else None,
    }


def _named(view: View, table: Any, ids: list[str]) -> Mapping[str, str]:  # noqa: ANN401
    found = view.many(table, [(each,) for each in dict.fromkeys(ids)])
    return {table.declared.key_of(row)[0]: row.name for row in found if row is not None}


def _correction(each: board.Correction) -> Json:
    return {
        "wasTitle": each.was_title,
        "wasText": each.was_text,
        "wasUntil": str(each.was_until),
        "by": each.by,
        "at": instant(each.at),
        "reason": each.reason,
    }
