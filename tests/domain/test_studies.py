"""What may be decided about individual study?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, OUTSIDE_YEAR
from dziennik.contracts.classification import YEAR_CLOSED
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import NOT_IN_ROLE
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_SUBJECT, SchoolYearClosed
from dziennik.contracts.studies import (
    NO_SUCH_STUDY,
    STUDY_EXISTS,
    SUBJECT_TAKEN,
    SUBJECTS_MISSING,
    EndIndividualStudy,
    GrantIndividualStudy,
    IndividualStudyEnded,
    IndividualStudyGranted,
    StudyKind,
)
from tests.domain.register import JANUARY, JUNE, LAST_YEAR, NEXT_YEAR, NOWAK, OFFICE, REGISTER, SEPTEMBER
from tests.domain.sentence import at, given

FEBRUARY = date(2027, 2, 1)
GRANT = GrantIndividualStudy(
    study_id="i1",
    class_id="4a",
    pupil_id="cma",
    kind=StudyKind.COURSE,
    subjects=("pol", "en"),
    since=SEPTEMBER,
    decision="3/2026",
    legal_basis="art. 115",
    supervisor_id="nowak",
    until=JANUARY,
)
GRANTED = at(
    streams.studies("4a", "cma"),
    IndividualStudyGranted(
        study_id="i1",
        class_id="4a",
        pupil_id="cma",
        kind=StudyKind.COURSE,
        subjects=("pol", "en"),
        since=SEPTEMBER,
        decision="3/2026",
        legal_basis="art. 115",
        supervisor_id="nowak",
        until=JANUARY,
    ),
)


def test_the_director_grants_it() -> None:
    given(REGISTER).when(GRANT).then(GRANTED)
    given(REGISTER, GRANTED).when(GRANT).nothing()
    given(REGISTER, GRANTED).when(replace(GRANT, decision="4/2026")).refused(STUDY_EXISTS, "study_id")
    for who in (OFFICE, NOWAK):
        given(REGISTER).when(GRANT, by=who).refused(NOT_YOURS_TO_DO)


def test_of_whom_when_and_by_whom_supervised() -> None:
    given(REGISTER).when(replace(GRANT, pupil_id="zajac")).refused(NOT_ENROLLED, "pupil_id")
    given(REGISTER).when(replace(GRANT, class_id="ethics")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER).when(replace(GRANT, since=LAST_YEAR)).refused(OUTSIDE_YEAR, "since")
    given(REGISTER).when(replace(GRANT, until=NEXT_YEAR)).refused(OUTSIDE_YEAR, "until")
    given(REGISTER).when(replace(GRANT, since=FEBRUARY)).refused(DATES_REVERSED, "until")
    given(REGISTER).when(replace(GRANT, supervisor_id="bobr")).refused(NOT_IN_ROLE, "supervisor_id")
    given(REGISTER).when(replace(GRANT, decision=" ")).refused(TEXT_MISSING, "decision")
    given(REGISTER).when(replace(GRANT, legal_basis="")).refused(TEXT_MISSING, "legal_basis")


def test_each_subject_once_at_a_time() -> None:
    given(REGISTER).when(replace(GRANT, subjects=())).refused(SUBJECTS_MISSING, "subjects")
    given(REGISTER).when(replace(GRANT, subjects=("pol", "pol"))).refused(SUBJECTS_MISSING, "subjects")
    given(REGISTER).when(replace(GRANT, subjects=("pol", "x"))).refused(NO_SUCH_SUBJECT, "subjects[1]")
    second = replace(GRANT, study_id="i2", subjects=("eth", "en"), until=None)
    given(REGISTER, GRANTED).when(second).refused(SUBJECT_TAKEN, "subjects[1]", subject="en", since=SEPTEMBER)
    later = replace(second, since=FEBRUARY)
    assert isinstance(given(REGISTER, GRANTED).when(later).decision, list)
    other_pupil = replace(second, pupil_id="bobr")
    assert isinstance(given(REGISTER, GRANTED).when(other_pupil).decision, list)


END = EndIndividualStudy(
    class_id="4a", pupil_id="cma", study_id="i1", until=date(2026, 12, 1), reason="wniosek"
)
ENDED = at(
    streams.studies("4a", "cma"),
    IndividualStudyEnded(study_id="i1", pupil_id="cma", until=date(2026, 12, 1), reason="wniosek"),
)


def test_it_is_ended_before_its_time() -> None:
    given(REGISTER, GRANTED).when(END).then(ENDED)
    given(REGISTER, GRANTED, ENDED).when(END).nothing()
    given(REGISTER, GRANTED).when(replace(END, until=FEBRUARY)).nothing()  # it ends in January anyway
    given(REGISTER).when(END).refused(NO_SUCH_STUDY, "study_id", study="i1")
    given(REGISTER, GRANTED).when(replace(END, class_id="9z")).refused(NO_SUCH_CLASS, "class_id")
    given(REGISTER, GRANTED).when(replace(END, until=LAST_YEAR)).refused(DATES_REVERSED, "until")
    given(REGISTER, GRANTED).when(replace(END, reason=" ")).refused(REASON_MISSING, "reason")
    again = replace(GRANT, study_id="i2", since=date(2026, 12, 2))
    assert isinstance(given(REGISTER, GRANTED, ENDED).when(again).decision, list)


def test_nothing_is_granted_in_a_closed_year() -> None:
    closed = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=JUNE, class_ids=("4a", "4b")))
    given(REGISTER, closed).when(GRANT).refused(YEAR_CLOSED, "unit_id")
