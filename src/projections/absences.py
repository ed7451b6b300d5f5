"""Which absences are known beyond single lessons? Announced ones, trips, exemptions, excuses; a year's rules.

And where a lesson's prefilled marks came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from dziennik.contracts import absences as said
from dziennik.contracts.absences import AbsenceRules, AbsenceScope, AwayFor, ExemptionMode
from dziennik.contracts.attachments import Attached
from dziennik.contracts.attendance import PrefilledMark, RollPrefilled
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.streams import unit_of
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

ABSENCES = ReadModel("absences", version=1)
on = ABSENCES.on
table = ABSENCES.table


class ExcuseState(StrEnum):
    """How far an excuse has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(msgspec.Struct, frozen=True):
    """Who did something, in which role, when, and what was said about it."""

    by: str
    role: Role
    at: datetime
    text: str | None = None


class Back(msgspec.Struct, frozen=True):
    """Pupils who are not away after all."""

    pupils: tuple[str, ...]
    act: Act


@table(key=("class_id", "excuse_id"), indexes=(("pupil_id",),))
class Excuse(Row, frozen=True):
    """An excuse. `lessons`: those alone for which it was accepted; `by_rule`: nobody had to accept it."""

    class_id: str
    excuse_id: str
    pupil_id: str
    scope: AbsenceScope
    text: str
    attachments: tuple[Attached, ...]
    submitted: Act
    state: ExcuseState = ExcuseState.OPEN
    lessons: tuple[LessonRef, ...] | None = None
    by_rule: bool = False
    decided: Act | None = None


@table(key=("class_id", "announcement_id"), indexes=(("pupil_id",),))
class Announcement(Row, frozen=True):
    """An announced absence; `withdrawn` when the pupil will be there after all."""

    class_id: str
    announcement_id: str
    pupil_id: str
    scope: AbsenceScope
    reason: str
    announced: Act
    withdrawn: Act | None = None


@table(key=("class_id", "absence_id"), families=ALL_ROWS)
class SchoolAbsence(Row, frozen=True):
    """A class's pupils who are away for the school."""

    class_id: str
    absence_id: str
    away_for: AwayFor
    name: str
    scope: AbsenceScope
    pupils: tuple[str, ...]
    arranged: Act
    back: tuple[Back, ...] = ()

    @property
    def away(self) -> tuple[str, ...]:
        """Who is still away."""
        gone = {pupil_id for each in self.back for pupil_id in each.pupils}
        return tuple([pupil_id for pupil_id in self.pupils if pupil_id not in gone])


@table(key=("class_id", "exemption_id"), indexes=(("pupil_id",),))
class Exemption(Row, frozen=True):
    """An exemption from a subject; `until` as it stands, `ended` when it was shortened."""

    class_id: str
    exemption_id: str
    pupil_id: str
    subject_id: str
    since: date
    until: date
    mode: ExemptionMode
    basis: str
    attachments: tuple[Attached, ...]
    granted: Act
    ended: Act | None = None


@table(key=("unit_id", "lesson_id"))
class Prefilled(Row, frozen=True):
    """Where a lesson's marks came from that nobody gave by hand."""

    unit_id: str
    lesson_id: str
    marks: tuple[PrefilledMark, ...]


@table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """A year's rules for absences; `version` counts how often they were set."""

    year_id: str
    version: int
    rules: AbsenceRules


@on(said.AbsenceRulesSet)
def rules_set(rows: Rows, fact: said.AbsenceRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(said.ExcuseSubmitted)
def excuse_submitted(rows: Rows, fact: said.ExcuseSubmitted, recorded: Recorded) -> None:
    place = (fact.class_id, fact.excuse_id, fact.pupil_id)
    rows.put(Excuse(*place, fact.scope, fact.text, fact.attachments, _act(recorded)))


@on(said.ExcuseAccepted)
def excuse_accepted(rows: Rows, fact: said.ExcuseAccepted, recorded: Recorded) -> None:
    row = _excuse(rows, recorded, fact.excuse_id)
    decided = _act(recorded, fact.comment)
    state = ExcuseState.ACCEPTED
    rows.put(replace(row, state=state, lessons=fact.lessons, by_rule=fact.by_rule, decided=decided))


@on(said.ExcuseRejected)
def excuse_rejected(rows: Rows, fact: said.ExcuseRejected, recorded: Recorded) -> None:
    row = _excuse(rows, recorded, fact.excuse_id)
    rows.put(replace(row, state=ExcuseState.REJECTED, decided=_act(recorded, fact.reason)))


@on(said.ExcuseWithdrawn)
def excuse_withdrawn(rows: Rows, fact: said.ExcuseWithdrawn, recorded: Recorded) -> None:
    row = _excuse(rows, recorded, fact.excuse_id)
    rows.put(replace(row, state=ExcuseState.WITHDRAWN, decided=_act(recorded)))


@on(said.AbsenceAnnounced)
def absence_announced(rows: Rows, fact: said.AbsenceAnnounced, recorded: Recorded) -> None:
    place = (fact.class_id, fact.announcement_id, fact.pupil_id)
    rows.put(Announcement(*place, fact.scope, fact.reason, _act(recorded)))


@on(said.AnnouncementWithdrawn)
def announcement_withdrawn(rows: Rows, fact: said.AnnouncementWithdrawn, recorded: Recorded) -> None:
    row = rows.get(Announcement, unit_of(recorded.stream) or "", fact.announcement_id)
    if row is None:
        raise LookupError(f"no announcement {fact.announcement_id}")
    rows.put(replace(row, withdrawn=_act(recorded)))


@on(said.SchoolAbsenceArranged)
def school_absence_arranged(rows: Rows, fact: said.SchoolAbsenceArranged, recorded: Recorded) -> None:
    told = (fact.away_for, fact.name, fact.scope, fact.pupils)
    rows.put(SchoolAbsence(fact.class_id, fact.absence_id, *told, _act(recorded)))


@on(said.SchoolAbsenceCancelled)
def school_absence_cancelled(rows: Rows, fact: said.SchoolAbsenceCancelled, recorded: Recorded) -> None:
    row = rows.get(SchoolAbsence, fact.class_id, fact.absence_id)
    if row is None:
        raise LookupError(f"no school absence {fact.absence_id}")
    rows.put(replace(row, back=(*row.back, Back(fact.pupils, _act(recorded, fact.reason)))))


@on(said.ExemptionGranted)
def exemption_granted(rows: Rows, fact: said.ExemptionGranted, recorded: Recorded) -> None:
    rows.put(
        Exemption(
            class_id=fact.class_id,
            exemption_id=fact.exemption_id,
            pupil_id=fact.pupil_id,
            subject_id=fact.subject_id,
            since=fact.since,
            until=fact.until,
            mode=fact.mode,
            basis=fact.basis,
            attachments=fact.attachments,
            granted=_act(recorded),
        )
    )


@on(said.ExemptionEnded)
def exemption_ended(rows: Rows, fact: said.ExemptionEnded, recorded: Recorded) -> None:
    row = rows.get(Exemption, unit_of(recorded.stream) or "", fact.exemption_id)
    if row is None:
        raise LookupError(f"no exemption {fact.exemption_id}")
    rows.put(replace(row, until=fact.until, ended=_act(recorded, fact.reason)))


@on(RollPrefilled)
def roll_prefilled(rows: Rows, fact: RollPrefilled, recorded: Recorded) -> None:
    rows.put(Prefilled(unit_of(recorded.stream) or "", fact.lesson_id, fact.marks))


def _excuse(rows: Rows, recorded: Recorded, excuse_id: str) -> Excuse:
    row = rows.get(Excuse, unit_of(recorded.stream) or "", excuse_id)
    if row is None:
        raise LookupError(f"no excuse {excuse_id}")
    return row


def _act(recorded: Recorded, text: str | None = None) -> Act:
    origin = recorded.origin
    return Act(origin.actor.person or origin.actor.account, origin.actor.role, origin.recorded_at, text)


# What is asked


def excuses_of_class(view: View, class_id: str, *, open_only: bool = False) -> list[Excuse]:
    """A class's excuses in the order they were handed in."""
    rows = view.find(Excuse, class_id=class_id)
    return _in_time([row for row in rows if not open_only or row.state is ExcuseState.OPEN])


def excuses_of_pupil(view: View, pupil_id: str) -> list[Excuse]:
    """A pupil's excuses, in all classes, in the order they were handed in."""
    return _in_time(view.find(Excuse, pupil_id=pupil_id))


def announcements(view: View, *, class_id: str | None = None, pupil_id: str = "") -> list[Announcement]:
    """Announced absences of a class, or else of a pupil, by their first day."""
    where = {"class_id": class_id} if class_id is not None else {"pupil_id": pupil_id}
    return sorted(view.find(Announcement, **where), key=lambda row: (row.scope.starts, row.announcement_id))


def exemptions(view: View, *, class_id: str | None = None, pupil_id: str = "") -> list[Exemption]:
    """Exemptions of a class, or else of a pupil, by their first day."""
    where = {"class_id": class_id} if class_id is not None else {"pupil_id": pupil_id}
    return sorted(view.find(Exemption, **where), key=lambda row: (row.since, row.exemption_id))


def school_absences(view: View, class_ids: Iterable[str], pupil_id: str | None = None) -> list[SchoolAbsence]:
    """Trips and the like of some classes, of one pupil alone or of all, by their first day."""
    found = [row for class_id in class_ids for row in view.find(SchoolAbsence, class_id=class_id)]
    chosen = [row for row in found if pupil_id is None or pupil_id in row.pupils]
    return sorted(chosen, key=lambda row: (row.scope.starts, row.class_id, row.absence_id))


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force in a year: the usual ones, as version 0, until the director sets others."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_ABSENCES)


def prefilled(view: View, unit_id: str, lesson_id: str) -> tuple[PrefilledMark, ...]:
    """Which marks of a lesson nobody gave by hand, and where they came from."""
    row = view.get(Prefilled, unit_id, lesson_id)
    return row.marks if row else ()


def attached(view: View, pupil_id: str, attachment_id: str) -> Attached | None:
    """The file that came with one of the pupil's excuses or exemptions."""
    kept = [row.attachments for row in view.find(Excuse, pupil_id=pupil_id)]
    kept += [row.attachments for row in view.find(Exemption, pupil_id=pupil_id)]
    files = (file for files in kept for file in files)
    return next((file for file in files if file.attachment_id == attachment_id), None)


def _in_time(rows: list[Excuse]) -> list[Excuse]:
    return sorted(rows, key=lambda row: (row.submitted.at, row.excuse_id))
