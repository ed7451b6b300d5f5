"""The rules for individual study: the director grants it for subjects and a time, and ends it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts import studies as said
from dziennik.contracts.classes import NOT_ENROLLED
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_SUBJECT
from dziennik.domain.classes import fault_in_day
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.movement import class_and_year
from dziennik.domain.people import Span, fault_in_role
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import SCHOOL
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Study(Span, frozen=True, kw_only=True):
    """An individual study as it stands."""

    granted: said.IndividualStudyGranted


Studies = Mapping[str, Study]

_evolve: Evolution[Studies] = Evolution()


def studies(class_id: str, pupil_id: str) -> Stream[Studies]:
    """A pupil's individual studies in a class, by id."""
    none: Studies = {}
    return Stream(streams.studies(class_id, pupil_id), none, _evolve)


@_evolve.on(said.IndividualStudyGranted)
def _granted(state: Studies, fact: said.IndividualStudyGranted) -> Studies:
    return put(state, fact.study_id, Study(since=fact.since, until=fact.until, granted=fact))


@_evolve.on(said.IndividualStudyEnded)
def _ended(state: Studies, fact: said.IndividualStudyEnded) -> Studies:
    return put(state, fact.study_id, replace(state[fact.study_id], until=fact.until))


@decides(said.GrantIndividualStudy, by=DIRECTOR)
def _grant(world: World, command: said.GrantIndividualStudy, _: Asked) -> Decision:
    found = class_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    fact = said.IndividualStudyGranted(**msgspec.structs.asdict(command))
    known = world[studies(command.class_id, command.pupil_id)]
    if command.study_id in known:
        same = known[command.study_id].granted == fact
        return [] if same else said.STUDY_EXISTS(field="study_id")
    state, year = found
    last = command.until or command.since
    fault = fault_in_day(year, command.since, "since") or fault_in_day(year, last, "until")
    if fault:
        return fault
    if last < command.since:
        return DATES_REVERSED(starts=command.since, ends=last, field="until")
    if state.enrolment(command.pupil_id, command.since) is None:
        return NOT_ENROLLED(pupil=command.pupil_id, on=command.since, field="pupil_id")
    fault = _fault_in_subjects(world, command, known) or fault_in_role(
        world, command.supervisor_id, Role.TEACHER, command.since, "supervisor_id"
    )
    for field in ("decision", "legal_basis"):
        if fault is None and not getattr(command, field).strip():
            fault = TEXT_MISSING(at=field, field=field)
    return fault or [Entry(streams.studies(command.class_id, command.pupil_id), fact)]


def _fault_in_subjects(world: World, command: said.GrantIndividualStudy, known: Studies) -> Refusal | None:
    """Each is of the school, named once, and not studied individually in that time already."""
    if not command.subjects or len(set(command.subjects)) < len(command.subjects):
        return said.SUBJECTS_MISSING(field="subjects")
    for place, subject_id in enumerate(command.subjects):
        at = f"subjects[{place}]"
        if subject_id not in world[SCHOOL].subjects:
            return NO_SUCH_SUBJECT(subject=subject_id, field=at)
        for study in known.values():
            begins_later = command.until is not None and study.since > command.until
            ended_before = study.until is not None and study.until < command.since
            if subject_id in study.granted.subjects and not (begins_later or ended_before):
                return said.SUBJECT_TAKEN(subject=subject_id, since=study.since, field=at)
    return None


@decides(said.EndIndividualStudy, by=DIRECTOR)
def _end(world: World, command: said.EndIndividualStudy, _: Asked) -> Decision:
    found = class_and_year(world, command.class_id, "class_id")
    if isinstance(found, Refusal):
        return found
    study = world[studies(command.class_id, command.pupil_id)].get(command.study_id)
    if study is None:
        return said.NO_SUCH_STUDY(study=command.study_id, field="study_id")
    if study.until is not None and study.until <= command.until:
        return []
    if command.until < study.since:
        return DATES_REVERSED(starts=study.since, ends=command.until, field="until")
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fault = fault_in_day(found[1], command.until, "until")
    fact = said.IndividualStudyEnded(
        study_id=command.study_id,
        pupil_id=command.pupil_id,
        until=command.until,
        reason=command.reason.strip(),
    )
    return fault or [Entry(streams.studies(command.class_id, command.pupil_id), fact)]
