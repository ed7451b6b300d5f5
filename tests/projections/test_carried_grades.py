"""What does a pupil bring into a class, and what do averages make of it?

Ada in 4A: 5 (weight 1) on the 1st, 3 (weight 2) on the 5th. From the 20th in 5B: 4 (weight 1) on the 25th.
From another school she has another 4, of weight 2.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import classes, grades, school, streams
from dziennik.contracts import earlier_grades as said
from dziennik.contracts.values import GradeKind, Term
from dziennik.projections import carried_grades, earlier_grades, gradebook, year_results
from dziennik.projections.as_of import as_of
from dziennik.projections.classification import CLASSIFICATION
from dziennik.projections.earlier_grades import EARLIER_GRADES
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.rows import View
from dziennik.projections.structure import STRUCTURE
from dziennik.projections.year_results import PupilYear
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school, given
from tests.projections.listed import Listed
from tests.projections.movement_histories import brought_grade

FIFTH, MOVED, LATER = date(2026, 9, 5), date(2026, 9, 20), date(2026, 9, 25)
TERM = Term(term_id="t1", name="I", starts=FIRST, ends=date(2027, 1, 31))


def moved() -> History:
    history = a_school()
    history.tell(streams.SCHOOL, school.TermsSet(year_id="Y", terms=(TERM,)))
    history.tell(*given("g1", "5"))
    history.tell(*given("g2", "3", weight="2", day=FIFTH))
    history.tell(streams.unit("A"), classes.PupilLeft(class_id="A", pupil_id="ada", until=date(2026, 9, 19)))
    history.tell(
        streams.unit("B"), classes.PupilEnrolled(class_id="B", pupil_id="ada", since=MOVED, number=3)
    )
    history.tell(*given("g3", "4", unit="B", day=LATER))
    history.tell(*given("g-bo", "1", pupil="bo"))
    history.tell(*given("g-cy", "1", pupil="cy", unit="B"))
    return history


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [STRUCTURE, GRADEBOOK, CLASSIFICATION, EARLIER_GRADES], journal.position())


def year_of(view: View, pupil_id: str = "ada") -> PupilYear:
    """The pupil's year in mathematics in B."""
    rules = year_results.rules_of_class(view, "B")
    assert rules is not None
    carried = carried_grades.into_class(view, "B")
    cells = year_results.with_carried(gradebook.class_cells(view, "B"), carried, "B")
    (found,) = [
        one
        for one in year_results.results(cells, rules, carried)
        if (one.pupil_id, one.subject_id) == (pupil_id, "mat")
    ]
    return found


def test_grades_of_a_former_class_are_read_where_they_stand() -> None:
    history = moved()
    view = view_of(history)
    carried = carried_grades.into_class(view, "B")
    assert [(each.grade.grade_id, each.from_class_id, each.school) for each in carried] == [
        ("g1", "A", None),
        ("g2", "A", None),
    ]
    assert carried_grades.into_class(view, "A") == []  # who left takes nothing back
    assert carried_grades.into_class(view, "B", pupil_id="cy") == []
    # (5 x 1 + 3 x 2 + 4 x 1) / 4 = 15 / 4; of cy, who was there from the first day, only what B has
    assert year_of(view).average.value == Decimal("3.75")
    assert year_of(view, "cy").average.value == Decimal("1.00")
    history.tell(
        streams.grades("A", "mat", "ada"),
        grades.GradeCorrected(grade_id="g2", pupil_id="ada", was="3", value="5", reason="pomyłka"),
    )
    # corrected in A, it is right in B: (5 + 10 + 4) / 4
    assert year_of(view_of(history)).average.value == Decimal("4.75")
    history.tell(
        streams.grades("A", "mat", "ada"),
        grades.GradeStruckOut(grade_id="g2", pupil_id="ada", reason="nie ten uczeń"),
    )
    assert year_of(view_of(history)).average.value == Decimal("4.50")  # (5 + 4) / 2


def test_what_is_hidden_from_families_is_not_carried_to_them() -> None:
    history = moved()
    stream, fact = given("g4", "1", day=FIFTH)
    history.tell(stream, replace(fact, column_id="col"))
    view = view_of(history)
    assert {each.grade.grade_id for each in carried_grades.into_class(view, "B")} == {"g1", "g2", "g4"}
    shown = carried_grades.into_class(view, "B", hidden={"col"})
    assert {each.grade.grade_id for each in shown} == {"g1", "g2"}


def test_grades_of_another_school_count_by_rule(common: str) -> None:
    history = moved()
    stream = streams.earlier_grades("B", "ada")
    history.tell(stream, brought_grade("e1", "B", "ada", FIRST), brought_grade("e2", "B", "ada", FIRST, "1"))
    history.tell(stream, said.EarlierGradeStruckOut(grade_id="e2", pupil_id="ada", reason="inny uczeń"))
    wrong = said.EarlierGradeCorrected(
        grade_id="e1",
        pupil_id="ada",
        was_value="4",
        value="1",
        was_kind=GradeKind.CURRENT,
        kind=GradeKind.CURRENT,
        was_weight=Decimal(2),
        weight=Decimal(3),
        was_on=FIRST,
        on=FIFTH,
        reason="pomyłka",
    )
    history.tell(stream, wrong)
    # (5 x 1 + 3 x 2 + 4 x 1 + 1 x 3) / 7 = 18 / 7 = 2.571...
    assert year_of(view_of(history)).average.value == Decimal("2.57")
    right = replace(
        wrong, was_value="1", value="4", was_weight=Decimal(3), weight=Decimal(2), was_on=FIFTH, on=FIRST
    )
    history.tell(stream, right)
    view = view_of(history)
    told = next(each for each in carried_grades.into_class(view, "B") if each.grade.grade_id == "e1")
    assert (told.grade.value, told.was, told.on) == ("4", ("4", "1"), FIRST)
    # (15 + 4 x 2) / 6 = 23 / 6 = 3.833...
    assert year_of(view).average.value == Decimal("3.83")
    rule = earlier_grades.rule_of(view, "Y")
    assert (rule.version, rule.counted) == (0, True)
    out = said.RuleSet(year_id="Y", rule=said.EarlierGradesRule(counted=False))
    history.tell(streams.earlier_grades_rule("Y"), out)
    history.tell(
        streams.earlier_grades_rule("Z"),
        said.RuleSet(year_id="Z", rule=said.EarlierGradesRule(counted=True)),
    )
    found = year_of(view_of(history)).average
    assert found.value == Decimal("3.75")
    (term,) = [average for term_id, average in found.terms if term_id == "t1"]
    assert {one.grade_id: one.reason.name for one in term.excluded} == {
        "e1": "FORMER_SCHOOL",
        "e2": "STRUCK_OUT",
    }
    agree(common, EARLIER_GRADES, history)


def test_a_subject_in_which_only_brought_grades_are_has_a_line_of_its_own() -> None:
    history = a_school()
    history.tell(streams.SCHOOL, school.TermsSet(year_id="Y", terms=(TERM,)))
    history.tell(
        streams.unit("B"), classes.PupilEnrolled(class_id="B", pupil_id="ada", since=MOVED, number=3)
    )
    final = brought_grade("e1", "B", "ada", FIRST, "5", GradeKind.TERM_FINAL)
    history.tell(streams.earlier_grades("B", "ada"), final, brought_grade("e2", "B", "ada", FIRST))
    found = year_of(view_of(history))
    assert found.average.value == Decimal("4.00")
    assert found.grades == ()  # its final grade is the other school's, not this one's
