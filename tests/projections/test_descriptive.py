"""Assessments with all that happened to them, of the right class and pupil; and how they classify."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import descriptive as facts
from dziennik.contracts import school, streams
from dziennik.contracts.classification import Outcome
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE
from dziennik.projections import descriptive, year_results
from dziennik.projections.as_of import as_of
from dziennik.projections.descriptive import DESCRIPTIVE, Words
from dziennik.projections.models import MODELS
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.descriptive_histories import assessed
from tests.projections.histories import FIRST, NOWAK, OFFICE, History, a_school
from tests.projections.listed import Listed

ADA, CY = streams.descriptive("A", "ada"), streams.descriptive("B", "cy")


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, MODELS, journal.position())


def test_an_assessment_with_all_that_happened_to_it(common: str) -> None:
    history = a_school()
    history.tell(ADA, assessed("o1"), assessed("o2", day=FIRST - timedelta(days=1)))
    history.tell(CY, assessed("o1", "cy", class_id="B"))  # the same id, another pupil
    history.tell(
        ADA,
        facts.AssessmentCorrected(
            assessment_id="o1", pupil_id="ada", reason="pomyłka", was_step="W", step="N", met=("m1",)
        ),
        facts.AssessmentStruckOut(assessment_id="o2", pupil_id="ada", reason="nie ona"),
    )
    view = view_of(history)
    earlier, one = descriptive.of_pupil(view, "ada")
    assert (earlier.assessment_id, earlier.struck_out is not None) == ("o2", True)
    assert one.says == Words("N", ("m1",), None, None)
    (change,) = one.changes
    assert (change.was, change.reason, change.by) == (
        Words("W", (), "opis o1", None),
        "pomyłka",
        NOWAK.person,
    )
    assert [row.pupil_id for row in descriptive.of_class(view, "A")] == ["ada", "ada"]
    assert descriptive.of_class(view, "B")[0].says.step == "W"
    agree(common, DESCRIPTIVE, history)


def test_rules_count_their_versions(common: str) -> None:
    history = a_school()
    assert descriptive.rules_of(view_of(history), "Y").version == 0
    for levels in ((1,), (1, 2, 3)):
        rules = replace(USUAL_DESCRIPTIVE, levels=levels)
        history.tell(streams.SCHOOL, facts.DescriptiveRulesSet(year_id="Y", rules=rules))
    found = descriptive.rules_of(view_of(history), "Y")
    assert (found.version, found.rules.levels) == (2, (1, 2, 3))
    assert descriptive.rules_of(view_of(history), "Z").version == 0
    agree(common, DESCRIPTIVE, history)


def test_areas_take_the_place_of_subjects() -> None:
    """Class A (level 4) is assessed in two areas, class B (level 5) is not."""
    history = a_school()
    term = Term(term_id="t1", name="I", starts=FIRST, ends=date(2027, 6, 25))
    rules = replace(USUAL_DESCRIPTIVE, areas=USUAL_DESCRIPTIVE.areas[:2], levels=(4,))
    history.tell(
        streams.SCHOOL,
        school.TermsSet(year_id="Y", terms=(term,)),
        facts.DescriptiveRulesSet(year_id="Y", rules=rules),
        actor=OFFICE,
    )
    history.tell(
        ADA,
        assessed("o1", area_id="polish", kind=GradeKind.ANNUAL_FINAL),
        assessed("o2", area_id="maths", kind=GradeKind.TERM_FINAL),
    )

    def found() -> dict[str, tuple[Outcome | None, tuple[str, ...]]]:
        view = view_of(history)
        ends = [end for unit in "AB" for end in year_results.class_end(view, unit)]
        return {e.enrolment.pupil_id: (e.promotion.outcome, e.promotion.missing) for e in ends}

    nothing = (None, ("polish", "maths"))
    assert found() == {"ada": (None, ("maths",)), "bo": nothing, "cy": (None, ()), "di": (None, ())}
    history.tell(ADA, assessed("o3", area_id="maths", kind=GradeKind.ANNUAL_FINAL))
    assert found()["ada"] == (Outcome.PROMOTED, ())
    history.tell(ADA, facts.AssessmentStruckOut(assessment_id="o3", pupil_id="ada", reason="nie ona"))
    assert found()["ada"] == (None, ("maths",))
