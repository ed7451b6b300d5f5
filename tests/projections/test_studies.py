"""Individual studies of a pupil and of a class, and how they ended."""

from __future__ import annotations

from datetime import timedelta

from dziennik.contracts import streams
from dziennik.contracts.studies import IndividualStudyEnded
from dziennik.projections import studies
from dziennik.projections.as_of import as_of
from dziennik.projections.studies import STUDIES
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, a_school
from tests.projections.listed import Listed
from tests.projections.movement_histories import individual


def test_studies_in_time_with_their_ends(common: str) -> None:
    history = a_school()
    later = FIRST + timedelta(days=9)
    for granted in (
        individual("i2", "A", "ada", later),
        individual("i1", "A", "ada", FIRST),
        individual("i1", "B", "cy", FIRST),
        individual("i3", "A", "bo", FIRST),
    ):
        history.tell(streams.studies(granted.class_id, granted.pupil_id), granted)
    history.tell(
        streams.studies("A", "ada"),
        IndividualStudyEnded(study_id="i1", pupil_id="ada", until=later, reason="wniosek"),
    )
    view = as_of(Listed("s", history.recorded), [STUDIES], len(history.recorded))
    assert [(row.study_id, row.until, row.ended_for) for row in studies.of_pupil(view, "ada")] == [
        ("i1", later, "wniosek"),
        ("i2", None, None),
    ]
    assert [(row.pupil_id, row.study_id) for row in studies.of_class(view, "A")] == [
        ("ada", "i1"),
        ("bo", "i3"),
        ("ada", "i2"),
    ]
    assert [row.until for row in studies.of_pupil(view, "cy")] == [None]
    agree(common, STUDIES, history)
