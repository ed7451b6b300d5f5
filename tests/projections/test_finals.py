"""A pupil's final grades: where a subject ended, what was brought along, and the last year's."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import classes, finals, streams
from dziennik.contracts.classification import ClassificationRulesSet
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.projections import finals as model
from dziennik.projections import year_results
from dziennik.projections.as_of import as_of
from dziennik.projections.finals import FINALS
from dziennik.projections.models import MODELS
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.histories import OFFICE, History, a_school, given
from tests.projections.listed import Listed

JUNE = date(2027, 6, 20)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, MODELS, journal.position())


def annual(history: History, subject: str, value: str, *, unit: str = "A", pupil: str = "ada") -> None:
    """An annual grade."""
    stream, fact = given(
        f"{pupil}-{subject}-{unit}", value, pupil=pupil, unit=unit, subject=subject, day=JUNE
    )
    history.tell(stream, replace(fact, kind=GradeKind.ANNUAL_FINAL, category_id=None))


def told(history: History, pupil_id: str = "ada") -> list[tuple[str, str, str, str]]:
    found = model.of_pupil(view_of(history), pupil_id)
    return [(one.subject_id, one.value, one.year, one.origin.value) for one in found]


def test_annual_grades_of_what_ended_are_final(common: str) -> None:
    history = a_school()
    annual(history, "mat", "5")
    annual(history, "pol", "4")
    annual(history, "mat", "2", unit="B", pupil="cy")
    history.tell(streams.finals("A"), finals.SubjectCompleted(class_id="A", subject_id="mat"))
    assert told(history) == [("mat", "5", "2026/2027", "subject_ended")]
    assert told(history, "cy") == []  # it did not end in B
    assert [row.subject_id for row in model.completed(view_of(history), "A")] == ["mat"]
    agree(common, FINALS, history)
    withdrawn = finals.CompletionWithdrawn(class_id="A", subject_id="mat", reason="pomyłka")
    history.tell(streams.finals("A"), withdrawn)
    assert told(history) == []
    agree(common, FINALS, history)


def test_what_was_brought_along_counts_in_the_last_year(common: str) -> None:
    """A is level 4: the last year in a school of four. (5 + 6) / 2 = 5.50; Bo brought nothing."""
    history = a_school()
    annual(history, "mat", "5")
    annual(history, "mat", "3", pupil="bo")
    carried = finals.FinalGradeCarried(
        class_id="A", pupil_id="ada", subject_id="eng", value="5", year="2025/2026", source="świadectwo"
    )
    history.tell(streams.finals("A"), carried, replace(carried, value="6", reason="źle przepisana"))
    (row,) = view_of(history).find(model.CarriedFinal, pupil_id="ada")
    assert (row.value, row.was, row.reason) == ("6", ("5",), "źle przepisana")
    assert told(history) == [("eng", "6", "2025/2026", "carried")]

    def averages() -> dict[str, str]:
        ends = year_results.class_end(view_of(history), "A")
        return {end.enrolment.pupil_id: str(end.promotion.average) for end in ends}

    assert averages() == {"ada": "5.00", "bo": "3.00"}
    last = replace(USUAL_CLASSIFICATION, last_level=4)
    history.tell(streams.SCHOOL, ClassificationRulesSet(year_id="Y", rules=last), actor=OFFICE)
    assert averages() == {"ada": "5.50", "bo": "3.00"}
    assert told(history) == [
        ("eng", "6", "2025/2026", "carried"),
        ("mat", "5", "2026/2027", "last_year"),
    ]
    agree(common, FINALS, history)


def test_a_class_of_no_level_has_no_last_year() -> None:
    history = a_school().tell(streams.unit("A"), classes.ClassRenamed(class_id="A", name="A", level=None))
    annual(history, "mat", "5")
    assert told(history) == []
