"""The types of the answers about behaviour and councils, and how rows become them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import strawberry

from dziennik.contracts import behaviour as said
from dziennik.contracts import councils as resolved
from dziennik.domain.policies.behaviour import NoteLeftOut, Points
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID, GradeKind, Role, StruckOut
from dziennik.projections import behaviour
from dziennik.projections.councils import Resolution

Json = dict[str, Any]
BehaviourNoteKind = enum_named(said.NoteKind)
Run = enum_named(said.PointsRun)
LeftOut = enum_named(NoteLeftOut)
ResolutionKind = enum_named(resolved.ResolutionKind)


@strawberry.type(description="A grade of the behaviour scale, as written and by its name.")
class BehaviourMark:
    mark: str
    name: str


@strawberry.type(description="What notes are written for; an author may say from `least` to `most` points.")
class NoteCategory:
    category_id: ID
    name: str
    symbol: str
    kind: BehaviourNoteKind  # type: ignore[valid-type]
    points: int
    least: int | None
    most: int | None


@strawberry.type(description="From this many points on, `mark` is proposed.")
class BehaviourThreshold:
    points: int
    mark: str


@strawberry.type(description="How behaviour is assessed in a year; version 0: the usual rules.")
class BehaviourRules:
    year_id: ID
    version: int
    with_points: bool
    start: int
    run: Run  # type: ignore[valid-type]
    scale: list[BehaviourMark]
    categories: list[NoteCategory]
    thresholds: list[BehaviourThreshold]


@strawberry.type(description="What a note says at one time.")
class NoteWording:
    kind: BehaviourNoteKind  # type: ignore[valid-type]
    category_id: ID
    points: int | None
    on: date
    text: str


@strawberry.type(description="A correction of a note: both wordings stay legible.")
class NoteChange:
    was: NoteWording
    now: NoteWording
    reason: str
    by: ID
    role: Role
    at: datetime


@strawberry.type(description="A parent saw the note as it stood at that time.")
class NoteSeen:
    parent_id: ID
    at: datetime


@strawberry.type(description="A note about a pupil (uwaga), with all that happened to it.")
class BehaviourNote:
    id: ID
    class_id: ID
    kind: BehaviourNoteKind  # type: ignore[valid-type]
    category_id: ID
    points: int | None
    on: date
    text: str
    author_id: ID | None
    written_at: datetime
    position: int
    changes: list[NoteChange]
    struck_out: StruckOut | None
    seen: list[NoteSeen]


@strawberry.type(description="A correction of a behaviour grade: both stay legible.")
class BehaviourGradeChange:
    was: str
    now: str
    was_description: str | None
    description: str | None
    reason: str
    by: ID
    role: Role
    at: datetime


@strawberry.type(description="A behaviour grade (ocena zachowania); without a mark it is descriptive.")
class BehaviourGrade:
    class_id: ID
    kind: GradeKind
    term_id: ID | None
    mark: str
    description: str | None
    on: date
    author_id: ID | None
    given_at: datetime
    position: int
    changes: list[BehaviourGradeChange]
    struck_out: StruckOut | None


@strawberry.type(description="The points of one term, from the start value on.")
class PartialSum:
    term_id: ID | None
    start: int
    points: int


@strawberry.type(description="A note that counts.")
class CountedNote:
    note_id: ID
    points: int


@strawberry.type(description="A note that does not count, and why.")
class LeftOutNote:
    note_id: ID
    reason: LeftOut  # type: ignore[valid-type]


@strawberry.type(description="Points of a term (or of the year), the grade they propose, and why.")
class BehaviourPoints:
    term_id: ID | None
    points: int | None
    proposed: str | None
    threshold: int | None
    rule_version: int
    sums: list[PartialSum]
    included: list[CountedNote]
    left_out: list[LeftOutNote]


@strawberry.type(description="A pupil's behaviour in a school year.")
class PupilBehaviour:
    pupil_id: ID
    notes: list[BehaviourNote]
    grades: list[BehaviourGrade]
    points: list[BehaviourPoints]


@strawberry.type(description="The behaviour of a class, pupils in register order.")
class ClassBehaviour:
    class_id: ID
    pupils: list[PupilBehaviour]


@strawberry.type(description="A resolution of the teachers' council; no classes: all of the year.")
class CouncilResolution:
    id: ID
    year_id: ID
    term_id: ID | None
    kind: ResolutionKind  # type: ignore[valid-type]
    number: str
    on: date
    text: str
    class_ids: list[ID]
    recorded_by: ID
    recorded_at: datetime
    repealed_at: datetime | None
    repealed_for: str | None


def rules(row: behaviour.YearRules) -> Json:
    """BehaviourRules."""
    own = row.rules
    return {
        "yearId": row.year_id,
        "version": row.version,
        "withPoints": own.with_points,
        "start": own.start,
        "run": own.run.name,
        "scale": [{"mark": step.mark, "name": step.name} for step in own.scale],
        "categories": [
            {
                "categoryId": one.category_id,
                "name": one.name,
                "symbol": one.symbol,
                "kind": one.kind.name,
                "points": one.points,
                "least": one.least,
                "most": one.most,
            }
            for one in own.categories
        ],
        "thresholds": [{"points": step.points, "mark": step.mark} for step in own.thresholds],
    }


def pupil(row: behaviour.PupilBehaviour, points: Sequence[Points]) -> Json:
    """PupilBehaviour."""
    return {
        "pupilId": row.pupil_id,
        "notes": [_note(one) for one in row.notes],
        "grades": [_grade(one) for one in row.grades],
        "points": [_points(one) for one in points],
    }


def resolution(row: Resolution) -> Json:
    """A CouncilResolution."""
    return {
        "id": row.resolution_id,
        "yearId": row.year_id,
        "termId": row.term_id,
        "kind": row.kind.name,
        "number": row.number,
        "on": str(row.on),
        "text": row.text,
        "classIds": list(row.class_ids),
        "recordedBy": row.recorded_by,
        "recordedAt": instant(row.recorded_at),
        "repealedAt": instant(row.repealed_at),
        "repealedFor": row.repealed_for,
    }


def _act(act: behaviour.Act) -> Json:
    return {"reason": act.reason, "by": act.by, "role": act.role.name, "at": instant(act.at)}


def _wording(says: behaviour.Wording) -> Json:
    return {
        "kind": says.kind.name,
        "categoryId": says.category_id,
        "points": says.points,
        "on": str(says.on),
        "text": says.text,
    }


def _note(row: behaviour.Note) -> Json:
    return {
        "id": row.id,
        "classId": row.class_id,
        **_wording(row.says),
        "authorId": row.author_id,
        "writtenAt": instant(row.written_at),
        "position": row.position,
        "changes": [
            {"was": _wording(one.was), "now": _wording(one.now), **_act(one.act)} for one in row.changes
        ],
        "struckOut": _act(row.struck_out) if row.struck_out else None,
        "seen": [{"parentId": one.parent_id, "at": instant(one.at)} for one in row.seen],
    }


def _grade(row: behaviour.Grade) -> Json:
    return {
        "classId": row.class_id,
        "kind": row.kind.name,
        "termId": row.term_id,
        "mark": row.mark,
        "description": row.description,
        "on": str(row.on),
        "authorId": row.author_id,
        "givenAt": instant(row.given_at),
        "position": row.position,
        "changes": [
            {
                "was": one.was,
                "now": one.now,
                "wasDescription": one.was_description,
                "description": one.description,
                **_act(one.act),
            }
            for one in row.changes
        ],
        "struckOut": _act(row.struck_out) if row.struck_out else None,
    }


def _points(found: Points) -> Json:
    return {
        "termId": found.term_id,
        "points": found.points,
        "proposed": found.proposed,
        "threshold": found.threshold,
        "ruleVersion": found.rule_version,
        "sums": [{"termId": one.term_id, "start": one.start, "points": one.points} for one in found.sums],
        "included": [{"noteId": note_id, "points": worth} for note_id, worth in found.included],
        "leftOut": [{"noteId": note_id, "reason": reason.name} for note_id, reason in found.left_out],
    }
