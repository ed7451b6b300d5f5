"""Who has final grades, whatever else happens to grades."""

from __future__ import annotations

from msgspec.structs import replace

from dziennik.contracts import behaviour, grades, streams
from dziennik.contracts.values import GradeKind
from dziennik.projections import finals_given
from dziennik.projections.finals_given import FINALS_GIVEN
from dziennik.projections.rows import MemoryRows, View
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school, given


def final(grade_id: str, pupil: str, kind: GradeKind, unit: str = "A") -> tuple[str, grades.GradeGiven]:
    stream, fact = given(grade_id, "4", pupil=pupil, unit=unit)
    return stream, replace(fact, kind=kind)


def a_year() -> History:
    """In A ada has grades of term and year, bo only a current one; in B somebody has one too."""
    history = a_school()
    for stream, fact in (
        final("g1", "ada", GradeKind.TERM_FINAL),
        final("g2", "ada", GradeKind.ANNUAL_FINAL),
        given("g3", "5", pupil="bo"),
        given("g4", "5", pupil="bo", subject="pol"),
        final("g5", "ada", GradeKind.ANNUAL_PROPOSED),
        final("g6", "cy", GradeKind.TERM_FINAL, "B"),
    ):
        history.tell(stream, fact)
    return history


def view_of(history: History) -> View:
    rows = MemoryRows()
    FINALS_GIVEN.fold(rows, history.recorded)
    return rows


def told(history: History, class_id: str = "A") -> dict[str, tuple[list[str], list[str]]]:
    """Grades of term and year by subject."""
    return {
        row.subject_id: ([each.grade_id for each in row.terms], [each.grade_id for each in row.annual])
        for row in finals_given.of_class(view_of(history), class_id)
    }


def test_final_grades_are_known_by_subject_of_a_class() -> None:
    history = a_year()
    assert told(history) == {"mat": (["g1"], ["g2"]), "pol": ([], [])}
    assert told(history, "B") == {"mat": (["g6"], [])}
    assert finals_given.of_class(view_of(history), "A")[0].terms[0].on == FIRST
    chosen = finals_given.of_subjects(view_of(history), [("A", "pol"), ("B", "mat"), ("B", "none")])
    assert {class_id: list(rows) for class_id, rows in chosen.items()} == {"A": ["pol"], "B": ["mat"]}


def test_a_grade_that_was_struck_out_is_given_no_more() -> None:
    history = a_year().tell(
        streams.grades("A", "mat", "ada"),
        grades.GradeStruckOut(grade_id="g1", pupil_id="ada", reason="nie ten uczeń"),
        grades.GradeStruckOut(grade_id="g5", pupil_id="ada", reason="nie ten uczeń"),
    )
    assert told(history) == {"mat": ([], ["g2"]), "pol": ([], [])}


def behaved(pupil: str, kind: GradeKind, term: str | None) -> behaviour.BehaviourGradeGiven:
    return behaviour.BehaviourGradeGiven(
        class_id="A", pupil_id=pupil, kind=kind, term_id=term, mark="bdb", on=FIRST, author_id="nowak"
    )


def test_behaviour_grades_are_of_a_term_or_of_the_year(common: str) -> None:
    history = a_year().tell(
        streams.behaviour("A", "ada"),
        behaved("ada", GradeKind.TERM_FINAL, "t1"),
        behaved("ada", GradeKind.ANNUAL_FINAL, None),
        behaved("ada", GradeKind.TERM_PROPOSED, "t2"),
    )
    history.tell(
        streams.behaviour("A", "ada"),
        behaviour.BehaviourGradeStruckOut(
            pupil_id="ada", kind=GradeKind.ANNUAL_FINAL, term_id=None, was="bdb", reason="pomyłka"
        ),
    )
    view = view_of(history)
    asked = [(GradeKind.TERM_FINAL, "t1"), (GradeKind.TERM_FINAL, "t2"), (GradeKind.ANNUAL_FINAL, "")]
    assert finals_given.behaviour_given(view, [("A", *each) for each in asked]) == {
        ("A", GradeKind.TERM_FINAL, "t1"): {"ada"},
        ("A", GradeKind.ANNUAL_FINAL, ""): set(),
    }
    assert [len(rows) for rows in agree(common, FINALS_GIVEN, history).values()] == [3, 2]
