"""Individual organisation of study: an own programme, an own course, an own path.

Art. 115 and 127 of the education-law act. Stream ``year/{class}/study/{pupil}``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, SubjectId, UnitId


class StudyKind(StrEnum):
    """Indywidualny program nauki, indywidualny tok nauki, zindywidualizowana ścieżka kształcenia."""

    PROGRAMME = "programme"
    COURSE = "course"
    PATH = "path"


@fact("studies.individual_study_granted.1", person="pupil_id")
class IndividualStudyGranted(Fact, frozen=True, kw_only=True):
    """The director let the pupil study these subjects individually, from `since` to `until`."""

    study_id: str
    class_id: UnitId
    pupil_id: PersonId
    kind: StudyKind
    subjects: tuple[SubjectId, ...]
    since: date
    decision: OnSheet
    legal_basis: str
    supervisor_id: PersonId
    until: date | None = None


@fact("studies.individual_study_ended.1", person="pupil_id")
class IndividualStudyEnded(Fact, frozen=True, kw_only=True):
    """Its last day was `until`."""

    study_id: str
    pupil_id: PersonId
    until: date
    reason: Personal


@command("studies.grant_individual_study")
class GrantIndividualStudy(Command, frozen=True, kw_only=True):
    """By the director. The supervisor (nauczyciel opiekun) is a teacher."""

    study_id: str
    class_id: UnitId
    pupil_id: PersonId
    kind: StudyKind
    subjects: tuple[SubjectId, ...]
    since: date
    decision: str
    legal_basis: str
    supervisor_id: PersonId
    until: date | None = None


@command("studies.end_individual_study")
class EndIndividualStudy(Command, frozen=True, kw_only=True):
    class_id: UnitId
    pupil_id: PersonId
    study_id: str
    until: date
    reason: str


NO_SUCH_STUDY = Reason(
    "STUDIES.NO_SUCH_STUDY",
    pl="Uczeń nie ma takiej indywidualnej organizacji nauki ({study}).",
    en="The pupil has no such individual study ({study}).",
)
STUDY_EXISTS = Reason(
    "STUDIES.STUDY_EXISTS",
    pl="Indywidualna organizacja nauki o tym identyfikatorze już jest.",
    en="There is an individual study with this id already.",
)
SUBJECTS_MISSING = Reason(
    "STUDIES.SUBJECTS_MISSING",
    pl="Podaj co najmniej jeden przedmiot, każdy raz.",
    en="Name at least one subject, each of them once.",
)
SUBJECT_TAKEN = Reason(
    "STUDIES.SUBJECT_TAKEN",
    pl="Uczeń uczy się już indywidualnie przedmiotu {subject} (od {since}).",
    en="The pupil studies the subject {subject} individually already (since {since}).",
)
