"""Absences beyond a single lesson: announced ones, trips, exemptions, and excuses with what became of them.

What concerns a class's pupils stands in ``year/{class}/absences``; what it leads to in a lesson (a prefilled
mark, an absence that becomes excused) stands in the lesson's stream. Commands and refusals:
contracts.absence_commands.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from dziennik.contracts.attachments import Attached
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.values import (
    AttendanceKind,
    PersonId,
    SubjectId,
    UnitId,
    Value,
    YearId,
)

AnnouncementId: TypeAlias = str
SchoolAbsenceId: TypeAlias = str
ExemptionId: TypeAlias = str
ExcuseId: TypeAlias = str


class AwayFor(StrEnum):
    """For which reason of the school's pupils are not at their lessons."""

    TRIP = "trip"
    COMPETITION = "competition"
    OTHER = "other"


class ExemptionMode(StrEnum):
    """What an exempted pupil does: stays in the lesson, is released from it, or is not asked at all."""

    STAYS = "stays"
    RELEASED = "released"
    NOT_ASKED = "not_asked"


class AbsenceScope(Value, frozen=True, kw_only=True):
    """Days, both included; or, with `periods`, these lesson hours of a single day."""

    starts: date
    ends: date
    periods: tuple[int, ...] = ()

    def covers(self, on: date, period: int) -> bool:
        """Whether a lesson of that day and hour lies within."""
        return self.starts <= on <= self.ends and (not self.periods or period in self.periods)


class AbsenceRules(Value, frozen=True, kw_only=True):
    """How a school deals with absences in one year.

    An excuse may be handed in for so many days after the last day it is about (None: all year), and is
    accepted by a person or, without `acceptance_needed`, stands as handed in. What was announced is
    prefilled as `announced_as` (absent or absent_excused).
    Alarms (None: none): so many lessons in a row missed, so many hours not excused, and a share of lessons
    attended in a subject below `least_presence` percent, once `presence_after` lessons count.
    """

    excuse_within_days: int | None = None
    acceptance_needed: bool = True
    announced_as: AttendanceKind = AttendanceKind.ABSENT
    missed_in_a_row: int | None = None
    hours_not_excused: int | None = None
    least_presence: Decimal | None = None
    presence_after: int = 1


@fact("absences.absence_rules_set.1")
class AbsenceRulesSet(Fact, frozen=True, kw_only=True):
    """The rules for absences in a school year; the last ones set hold."""

    year_id: YearId
    rules: AbsenceRules


@fact("absences.absence_announced.1", person="pupil_id")
class AbsenceAnnounced(Fact, frozen=True, kw_only=True):
    """A parent or adult pupil said beforehand that the pupil will not be there."""

    announcement_id: AnnouncementId
    class_id: UnitId
    pupil_id: PersonId
    announced_by: PersonId
    scope: AbsenceScope
    reason: Personal


@fact("absences.announcement_withdrawn.1")
class AnnouncementWithdrawn(Fact, frozen=True, kw_only=True):
    """The pupil will be there after all."""

    announcement_id: AnnouncementId
    pupil_id: PersonId


@fact("absences.school_absence_arranged.1")
class SchoolAbsenceArranged(Fact, frozen=True, kw_only=True):
    """Pupils of the class are away for the school: on a trip, at a competition."""

    absence_id: SchoolAbsenceId
    class_id: UnitId
    away_for: AwayFor
    name: str
    scope: AbsenceScope
    pupils: tuple[PersonId, ...]


@fact("absences.school_absence_cancelled.1")
class SchoolAbsenceCancelled(Fact, frozen=True, kw_only=True):
    """These pupils are not away after all. What lessons have on record already stays."""

    absence_id: SchoolAbsenceId
    class_id: UnitId
    pupils: tuple[PersonId, ...]
    reason: str


@fact("absences.exemption_granted.1", person="pupil_id")
class ExemptionGranted(Fact, frozen=True, kw_only=True):
    """The pupil is exempt from a subject for some days (PE, religion). `basis`: by what."""

    exemption_id: ExemptionId
    class_id: UnitId
    pupil_id: PersonId
    subject_id: SubjectId
    since: date
    until: date
    mode: ExemptionMode
    basis: Personal
    attachments: tuple[Attached, ...] = ()


@fact("absences.exemption_ended.1")
class ExemptionEnded(Fact, frozen=True, kw_only=True):
    """The exemption's last day is `until`, earlier than was granted."""

    exemption_id: ExemptionId
    pupil_id: PersonId
    until: date
    reason: str


@fact("absences.excuse_submitted.1", person="pupil_id")
class ExcuseSubmitted(Fact, frozen=True, kw_only=True):
    """A parent or adult pupil asks to excuse the pupil's absence (usprawiedliwienie)."""

    excuse_id: ExcuseId
    class_id: UnitId
    pupil_id: PersonId
    submitted_by: PersonId
    scope: AbsenceScope
    text: Personal
    attachments: tuple[Attached, ...] = ()


@fact("absences.excuse_withdrawn.1")
class ExcuseWithdrawn(Fact, frozen=True, kw_only=True):
    """Whoever handed the excuse in took it back before it was decided."""

    excuse_id: ExcuseId
    pupil_id: PersonId


@fact("absences.excuse_accepted.1", person="pupil_id")
class ExcuseAccepted(Fact, frozen=True, kw_only=True):
    """The absences in the excuse's scope are excused, also those that are entered later.

    With `lessons` these alone. `by_rule`: nobody decided, the school's rules of the year did.
    """

    excuse_id: ExcuseId
    pupil_id: PersonId
    by_rule: bool
    lessons: tuple[LessonRef, ...] | None = None
    comment: Personal | None = None


@fact("absences.excuse_rejected.1", person="pupil_id")
class ExcuseRejected(Fact, frozen=True, kw_only=True):
    """The absence stays as it is."""

    excuse_id: ExcuseId
    pupil_id: PersonId
    reason: Personal


@fact("absences.group_roll_called.1")
class GroupRollCalled(Fact, frozen=True, kw_only=True):
    """An interclass group's roll was called for the first time with pupils of the class.

    From then on the class knows where else its pupils' absences may stand.
    """

    class_id: UnitId
    group_id: UnitId
