"""What do decisions need to know about the absences of a class's pupils?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import absences as said
from dziennik.contracts import streams
from dziennik.contracts.lessons import LessonRef
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.world import Stream


class SchoolAbsence(msgspec.Struct, frozen=True, kw_only=True):
    """Who is away for the school; `back` are those who are not after all."""

    arranged: said.SchoolAbsenceArranged
    back: frozenset[str] = frozenset()

    def takes(self, pupil_id: str, on: date, period: int) -> bool:
        """Whether the pupil is away at a lesson of that day and hour."""
        away = pupil_id in self.arranged.pupils and pupil_id not in self.back
        return away and self.arranged.scope.covers(on, period)


class Exemption(msgspec.Struct, frozen=True, kw_only=True):
    """An exemption; `until` is its last day as it stands."""

    granted: said.ExemptionGranted
    until: date

    def holds(self, pupil_id: str, subject_id: str, on: date) -> bool:
        """Whether the pupil is exempt from the subject on that day."""
        named = (self.granted.pupil_id, self.granted.subject_id) == (pupil_id, subject_id)
        return named and self.granted.since <= on <= self.until


class Excuse(msgspec.Struct, frozen=True, kw_only=True):
    """An excuse, and the one thing that became of it."""

    submitted: said.ExcuseSubmitted
    outcome: said.ExcuseAccepted | said.ExcuseRejected | said.ExcuseWithdrawn | None = None

    def excuses(self, pupil_id: str, on: date, period: int, lesson: LessonRef) -> bool:
        """Whether it was accepted for the pupil at that lesson."""
        if not isinstance(self.outcome, said.ExcuseAccepted) or self.submitted.pupil_id != pupil_id:
            return False
        only = self.outcome.lessons
        return self.submitted.scope.covers(on, period) and (only is None or lesson in only)


class Absences(msgspec.Struct, frozen=True, kw_only=True):
    """A class's absences. `groups`: interclass groups in which its pupils were asked."""

    announced: Mapping[str, said.AbsenceAnnounced] = {}
    not_announced: frozenset[str] = frozenset()  # announcements that were withdrawn
    away: Mapping[str, SchoolAbsence] = {}
    exemptions: Mapping[str, Exemption] = {}
    excuses: Mapping[str, Excuse] = {}
    groups: frozenset[str] = frozenset()


evolve: Evolution[Absences] = Evolution()


def absences(class_id: str) -> Stream[Absences]:
    """The stream of a class's absences."""
    return Stream(streams.absences(class_id), Absences(), evolve)


@evolve.on(said.AbsenceAnnounced)
def _announced(state: Absences, fact: said.AbsenceAnnounced) -> Absences:
    return replace(state, announced=put(state.announced, fact.announcement_id, fact))


@evolve.on(said.AnnouncementWithdrawn)
def _not_announced(state: Absences, fact: said.AnnouncementWithdrawn) -> Absences:
    return replace(state, not_announced=state.not_announced | {fact.announcement_id})


@evolve.on(said.SchoolAbsenceArranged)
def _arranged(state: Absences, fact: said.SchoolAbsenceArranged) -> Absences:
    return replace(state, away=put(state.away, fact.absence_id, SchoolAbsence(arranged=fact)))


@evolve.on(said.SchoolAbsenceCancelled)
def _cancelled(state: Absences, fact: said.SchoolAbsenceCancelled) -> Absences:
    known = state.away[fact.absence_id]
    changed = replace(known, back=known.back | set(fact.pupils))
    return replace(state, away=put(state.away, fact.absence_id, changed))


@evolve.on(said.ExemptionGranted)
def _granted(state: Absences, fact: said.ExemptionGranted) -> Absences:
    exemption = Exemption(granted=fact, until=fact.until)
    return replace(state, exemptions=put(state.exemptions, fact.exemption_id, exemption))


@evolve.on(said.ExemptionEnded)
def _ended(state: Absences, fact: said.ExemptionEnded) -> Absences:
    changed = replace(state.exemptions[fact.exemption_id], until=fact.until)
    return replace(state, exemptions=put(state.exemptions, fact.exemption_id, changed))


@evolve.on(said.ExcuseSubmitted)
def _submitted(state: Absences, fact: said.ExcuseSubmitted) -> Absences:
    return replace(state, excuses=put(state.excuses, fact.excuse_id, Excuse(submitted=fact)))


@evolve.on(said.ExcuseAccepted)
def _accepted(state: Absences, fact: said.ExcuseAccepted) -> Absences:
    return _decided(state, fact)


@evolve.on(said.ExcuseRejected)
def _rejected(state: Absences, fact: said.ExcuseRejected) -> Absences:
    return _decided(state, fact)


@evolve.on(said.ExcuseWithdrawn)
def _withdrawn(state: Absences, fact: said.ExcuseWithdrawn) -> Absences:
    return _decided(state, fact)


@evolve.on(said.GroupRollCalled)
def _group(state: Absences, fact: said.GroupRollCalled) -> Absences:
    return replace(state, groups=state.groups | {fact.group_id})


def _decided(
    state: Absences, fact: said.ExcuseAccepted | said.ExcuseRejected | said.ExcuseWithdrawn
) -> Absences:
    changed = replace(state.excuses[fact.excuse_id], outcome=fact)
    return replace(state, excuses=put(state.excuses, fact.excuse_id, changed))
