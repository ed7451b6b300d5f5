"""The types of the answers about absences, and how rows become them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from dziennik.contracts import absences as said
from dziennik.contracts import attendance as roll
from dziennik.contracts.absences import AbsenceScope as Scope
from dziennik.contracts.attachments import Attached
from dziennik.contracts.attendance import PrefilledMark
from dziennik.domain.policies import absence_alarms
from dziennik.domain.prefilling import Proposal
from dziennik.graphql import rendering
from dziennik.graphql.lesson_shapes import LessonRef, Percentage
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID, AttendanceKind, Role, connection_of
from dziennik.projections import absences
from dziennik.projections.rolls_due import RollDue as Due

Json = dict[str, Any]
AwayFor = enum_named(said.AwayFor)
ExemptionMode = enum_named(said.ExemptionMode)
ExcuseState = enum_named(absences.ExcuseState)
AlarmKind = enum_named(absence_alarms.AlarmKind)
PrefilledFrom = enum_named(roll.PrefilledFrom)


@strawberry.type(description="Days, both included; with periods these lesson hours of a single day.")
class AbsenceScope:
    starts: date
    ends: date
    periods: list[int]


@strawberry.type(description="A file that came with an entry; fetch it with attachmentLink.")
class AttachedFile:
    id: ID
    media_type: str
    size: int
    sha256: str


@strawberry.type(description="Who did it, in which role, when, and what was said about it.")
class AbsenceAct:
    by: ID
    role: Role
    at: datetime
    text: str | None


@strawberry.type(description="An excuse (usprawiedliwienie); lessons: those alone for which it was accepted.")
class Excuse:
    id: ID
    class_id: ID
    pupil_id: ID
    scope: AbsenceScope
    text: str
    attachments: list[AttachedFile]
    submitted: AbsenceAct
    state: ExcuseState  # type: ignore[valid-type]
    lessons: list[LessonRef] | None
    by_rule: bool
    decided: AbsenceAct | None


@strawberry.type(description="An absence announced beforehand.")
class AnnouncedAbsence:
    id: ID
    class_id: ID
    pupil_id: ID
    scope: AbsenceScope
    reason: str
    announced: AbsenceAct
    withdrawn: AbsenceAct | None


@strawberry.type(description="Pupils away for the school; families see their own child alone.")
class SchoolAbsence:
    id: ID
    class_id: ID
    away_for: AwayFor  # type: ignore[valid-type]
    name: str
    scope: AbsenceScope
    pupils: list[ID]
    away: list[ID]
    arranged: AbsenceAct


@strawberry.type(description="An exemption from a subject (zwolnienie).")
class Exemption:
    id: ID
    class_id: ID
    pupil_id: ID
    subject_id: ID
    since: date
    until: date
    mode: ExemptionMode  # type: ignore[valid-type]
    basis: str
    attachments: list[AttachedFile]
    granted: AbsenceAct
    ended: AbsenceAct | None


@strawberry.type(description="What is known of absences of a pupil in a year, or of a class.")
class Absences:
    announced: list[AnnouncedAbsence]
    school_absences: list[SchoolAbsence]
    exemptions: list[Exemption]


@strawberry.type(description="A pupil's excuses and what else is known of absences in a year.")
class PupilAbsences:
    pupil_id: ID
    year_id: ID
    excuses: list[Excuse]
    known: Absences


@strawberry.type(description="How absences are dealt with in a year; null: no limit, no alarm.")
class AbsenceRules:
    version: int
    excuse_within_days: int | None
    acceptance_needed: bool
    announced_as: AttendanceKind
    missed_in_a_row: int | None
    hours_not_excused: int | None
    least_presence: Decimal | None
    presence_after: int


@strawberry.type(description="A lesson that an alarm follows from, and what the pupil was there.")
class MissedLesson:
    on: date
    period: int
    unit_id: ID
    lesson_id: ID
    subject_id: ID
    kind: AttendanceKind


@strawberry.type(description="An alarm: found reached the limit, or presence stayed below it, and why.")
class AbsenceAlarm:
    pupil_id: ID
    kind: AlarmKind  # type: ignore[valid-type]
    rule_version: int
    limit: Decimal
    found: Decimal
    not_excused: int
    subject_id: ID | None
    percentage: Percentage | None
    lessons: list[MissedLesson]


@strawberry.type(description="A lesson whose roll was not called; held: it is entered all the same.")
class RollDue:
    unit_id: ID
    lesson_id: ID
    on: date
    period: int
    subject_id: ID
    teacher_id: ID
    group_id: ID | None
    held: bool


@strawberry.type(description="What is proposed for a pupil; no kind: not to be asked. sourceId names why.")
class ProposedMark:
    pupil_id: ID
    kind: AttendanceKind | None
    source: PrefilledFrom  # type: ignore[valid-type]
    source_id: ID


@strawberry.type(description="Where a mark came from that nobody gave by hand.")
class MarkSource:
    pupil_id: ID
    source: PrefilledFrom  # type: ignore[valid-type]
    source_id: ID


@strawberry.type(description="A lesson's roll before it is called (proposed) and after (prefilled).")
class RollProposal:
    lesson_id: ID
    called: bool
    pupils: list[ID]
    staying: list[ID] = strawberry.field(description="Exempt pupils who stay in the lesson.")
    proposed: list[ProposedMark]
    prefilled: list[MarkSource]


@strawberry.type(description="An address below this server's, good for some minutes.")
class AttachmentLink:
    address: str
    expires_in: int


ExcuseConnection, _ = connection_of(Excuse, "Excuse")


def excuse(row: absences.Excuse) -> Json:
    """An Excuse."""
    lessons = None if row.lessons is None else [_lesson(each.unit_id, each.lesson_id) for each in row.lessons]
    return {
        "id": row.excuse_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "scope": _scope(row.scope),
        "text": row.text,
        "attachments": [attached_file(each) for each in row.attachments],
        "submitted": _act(row.submitted),
        "state": row.state.name,
        "lessons": lessons,
        "byRule": row.by_rule,
        "decided": _act(row.decided),
    }


def announced(row: absences.Announcement) -> Json:
    """An AnnouncedAbsence."""
    return {
        "id": row.announcement_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "scope": _scope(row.scope),
        "reason": row.reason,
        "announced": _act(row.announced),
        "withdrawn": _act(row.withdrawn),
    }


def school_absence(row: absences.SchoolAbsence, pupil_id: str | None = None) -> Json:
    """A SchoolAbsence, of one pupil alone or of all."""
    return {
        "id": row.absence_id,
        "classId": row.class_id,
        "awayFor": row.away_for.name,
        "name": row.name,
        "scope": _scope(row.scope),
        "pupils": [each for each in row.pupils if pupil_id in (None, each)],
        "away": [each for each in row.away if pupil_id in (None, each)],
        "arranged": _act(row.arranged),
    }


def exemption(row: absences.Exemption) -> Json:
    """An Exemption."""
    return {
        "id": row.exemption_id,
        "classId": row.class_id,
        "pupilId": row.pupil_id,
        "subjectId": row.subject_id,
        "since": str(row.since),
        "until": str(row.until),
        "mode": row.mode.name,
        "basis": row.basis,
        "attachments": [attached_file(each) for each in row.attachments],
        "granted": _act(row.granted),
        "ended": _act(row.ended),
    }


def rules(row: absences.YearRules) -> Json:
    """AbsenceRules."""
    found = row.rules
    return {
        "version": row.version,
        "excuseWithinDays": found.excuse_within_days,
        "acceptanceNeeded": found.acceptance_needed,
        "announcedAs": found.announced_as.name,
        "missedInARow": found.missed_in_a_row,
        "hoursNotExcused": found.hours_not_excused,
        "leastPresence": None if found.least_presence is None else str(found.least_presence),
        "presenceAfter": found.presence_after,
    }


def alarm(pupil_id: str, found: absence_alarms.Alarm) -> Json:
    """An AbsenceAlarm."""
    return {
        "pupilId": pupil_id,
        "kind": found.kind.name,
        "ruleVersion": found.rule_version,
        "limit": str(found.limit),
        "found": str(found.found),
        "notExcused": found.not_excused,
        "subjectId": found.subject_id,
        "percentage": rendering.percentage(found.percentage),
        "lessons": [
            {
                "on": str(one.on),
                "period": one.period,
                **_lesson(one.unit_id, one.lesson_id),
                "subjectId": one.subject_id,
                "kind": one.kind.name,
            }
            for one in found.lessons
        ],
    }


def due(found: Due) -> Json:
    """A RollDue."""
    return {
        **_lesson(found.unit_id, found.lesson_id),
        "on": str(found.on),
        "period": found.period,
        "subjectId": found.subject_id,
        "teacherId": found.teacher_id,
        "groupId": found.group_id,
        "held": found.held,
    }


def proposed(found: Proposal) -> Json:
    """A ProposedMark."""
    kind = None if found.kind is None else found.kind.name
    return {
        "pupilId": found.pupil_id,
        "kind": kind,
        "source": found.source.name,
        "sourceId": found.source_id,
    }


def source(mark: PrefilledMark) -> Json:
    """A MarkSource."""
    return {"pupilId": mark.pupil_id, "source": mark.source.name, "sourceId": mark.source_id}


def _lesson(unit_id: str, lesson_id: str) -> Json:
    return {"unitId": unit_id, "lessonId": lesson_id}


def _scope(scope: Scope) -> Json:
    return {"starts": str(scope.starts), "ends": str(scope.ends), "periods": list(scope.periods)}


def attached_file(file: Attached) -> Json:
    """An AttachedFile."""
    told = {"id": file.attachment_id, "mediaType": file.media_type}
    return {**told, "size": file.size, "sha256": file.sha256}


def _act(act: absences.Act | None) -> Json | None:
    if act is None:
        return None
    at = act.at.isoformat().replace("+00:00", "Z")
    return {"by": act.by, "role": act.role.name, "at": at, "text": act.text}
