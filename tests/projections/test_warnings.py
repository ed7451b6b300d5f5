"""Whose proposals are due and missing, and who is at risk, and why?

Class A: Ada and Bo, maths by Nowak and Polish by Lis; Ada is in the English group of A and B, by Lis.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import grades, school, streams
from dziennik.contracts.classification import ClassificationRulesSet, ProposalsDue
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.projections import warnings
from dziennik.projections.as_of import as_of
from dziennik.projections.models import MODELS
from dziennik.projections.rows import View
from dziennik.projections.warnings import RiskReason
from tests.projections.histories import FIRST, OFFICE, History, a_school, given
from tests.projections.listed import Listed

AUTUMN = Term(term_id="t1", name="I", starts=FIRST, ends=date(2027, 1, 31))
SPRING = Term(term_id="t2", name="II", starts=date(2027, 2, 1), ends=date(2027, 6, 25))
DUE = (ProposalsDue(term_id="t1", on=date(2027, 1, 10)), ProposalsDue(on=date(2027, 6, 1)))
JANUARY = date(2027, 1, 9)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, MODELS, journal.position())


def graded() -> History:
    """Both have a grade in maths, Ada one in English, and nobody one in Polish."""
    history = a_school()
    history.tell(streams.SCHOOL, school.TermsSet(year_id="Y", terms=(AUTUMN, SPRING)), actor=OFFICE)
    rules = replace(USUAL_CLASSIFICATION, due=DUE, at_risk_below=Decimal(2))
    history.tell(streams.SCHOOL, ClassificationRulesSet(year_id="Y", rules=rules), actor=OFFICE)
    history.tell(*given("ada-1", "4"))
    history.tell(*given("bo-1", "1", pupil="bo"))
    history.tell(*given("ada-eng", "5", subject="eng"))
    history.tell(*given("elsewhere", "1", unit="B", pupil="cy"))
    return history


def period(
    history: History, grade_id: str, kind: GradeKind, value: str, day: date, pupil: str = "ada"
) -> None:
    stream, fact = given(grade_id, value, pupil=pupil, day=day)
    history.tell(stream, replace(fact, kind=kind, category_id=None))


def gaps(history: History, today: date) -> list[tuple[str | None, str, str, bool, tuple[str, ...]]]:
    found = warnings.missing_proposals(view_of(history), "A", today)
    return [(one.term_id, one.subject_id, one.teacher_id, one.overdue, one.pupils) for one in found]


def test_all_who_are_taught_a_graded_subject_are_to_be_proposed_a_grade() -> None:
    assert gaps(graded(), JANUARY) == [
        ("t1", "eng", "lis", False, ("ada",)),
        ("t1", "mat", "nowak", False, ("ada", "bo")),
        (None, "eng", "lis", False, ("ada",)),
        (None, "mat", "nowak", False, ("ada", "bo")),
    ]
    overdue = [gap for gap in gaps(graded(), DUE[0].on + timedelta(days=1)) if gap[3]]
    assert [gap[:2] for gap in overdue] == [("t1", "eng"), ("t1", "mat")]


def test_proposed_or_final_is_settled_of_that_term_and_unless_struck_out() -> None:
    history = graded()
    period(history, "p1", GradeKind.TERM_PROPOSED, "4", JANUARY)
    period(history, "p2", GradeKind.TERM_FINAL, "2", JANUARY, "bo")
    period(history, "p3", GradeKind.TERM_PROPOSED, "5", date(2027, 3, 1), "bo")  # of the other term
    period(history, "p4", GradeKind.ANNUAL_PROPOSED, "4", date(2027, 5, 20))
    of_maths = [gap for gap in gaps(history, JANUARY) if gap[1] == "mat"]
    assert of_maths == [(None, "mat", "nowak", False, ("bo",))]
    struck = grades.GradeStruckOut(grade_id="p1", pupil_id="ada", reason="pomyłka")
    history.tell(streams.grades("A", "mat", "ada"), struck)
    assert ("t1", "mat", "nowak", False, ("ada",)) in gaps(history, JANUARY)


def test_without_a_day_nothing_is_due() -> None:
    history = graded()
    rules = replace(USUAL_CLASSIFICATION, due=())
    history.tell(streams.SCHOOL, ClassificationRulesSet(year_id="Y", rules=rules), actor=OFFICE)
    assert gaps(history, JANUARY) == []
    assert warnings.missing_proposals(view_of(history), "nowhere", JANUARY) == []


def test_low_averages_and_failing_proposals_are_a_risk() -> None:
    history = graded()
    (bo,) = warnings.at_risk(view_of(history), "A", JANUARY)
    assert (bo.pupil_id, bo.subject_id, bo.average, bo.below) == ("bo", "mat", Decimal("1.00"), Decimal(2))
    assert (bo.reasons, bo.proposed, bo.rule_version) == ((RiskReason.LOW_AVERAGE,), None, 1)
    period(history, "p1", GradeKind.ANNUAL_PROPOSED, "1", date(2027, 5, 20))
    period(history, "p2", GradeKind.ANNUAL_PROPOSED, "1", date(2027, 5, 20), "bo")
    ada, bo = warnings.at_risk(view_of(history), "A", date(2027, 5, 21))
    assert (ada.average, ada.proposed, ada.reasons) == (Decimal("4.00"), "1", (RiskReason.FAILING_PROPOSED,))
    assert bo.reasons == (RiskReason.LOW_AVERAGE, RiskReason.FAILING_PROPOSED)
    assert warnings.at_risk(view_of(history), "nowhere", JANUARY) == []
