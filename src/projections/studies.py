"""Which pupils study individually: which subjects, how, from when to when, and by which decision?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import studies as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.contracts.studies import StudyKind
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

STUDIES = ReadModel("studies", version=1)
on = STUDIES.on


@STUDIES.table(key=("class_id", "pupil_id", "study_id"), indexes=(("pupil_id",),))
class Study(Row, frozen=True):
    """One individual study; `ended_for`: why it was ended before its time."""

    class_id: str
    pupil_id: str
    study_id: str
    kind: StudyKind
    subjects: tuple[str, ...]
    since: date
    until: date | None
    decision: str
    legal_basis: str
    supervisor_id: str
    ended_for: str | None = None


@on(said.IndividualStudyGranted)
def individual_study_granted(rows: Rows, fact: said.IndividualStudyGranted, _: Recorded) -> None:
    rows.put(
        Study(
            class_id=fact.class_id,
            pupil_id=fact.pupil_id,
            study_id=fact.study_id,
            kind=fact.kind,
            subjects=fact.subjects,
            since=fact.since,
            until=fact.until,
            decision=fact.decision,
            legal_basis=fact.legal_basis,
            supervisor_id=fact.supervisor_id,
        )
    )


@on(said.IndividualStudyEnded)
def individual_study_ended(rows: Rows, fact: said.IndividualStudyEnded, recorded: Recorded) -> None:
    study = rows.get(Study, unit_of(recorded.stream) or "", fact.pupil_id, fact.study_id)
    if study is None:
        raise LookupError(f"no study {fact.study_id}")
    rows.put(replace(study, until=fact.until, ended_for=fact.reason))


# What is asked


def of_class(view: View, class_id: str) -> list[Study]:
    """Individual studies of a class, by day."""
    return sorted(view.find(Study, class_id=class_id), key=_in_time)


def of_pupil(view: View, pupil_id: str) -> list[Study]:
    """A pupil's individual studies, by day."""
    return sorted(view.find(Study, pupil_id=pupil_id), key=_in_time)


def _in_time(study: Study) -> tuple[date, str]:
    return study.since, study.study_id
