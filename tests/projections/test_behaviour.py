"""A pupil's notes, grades and points, whatever became of them; and the council's resolutions."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import behaviour as facts
from dziennik.contracts import councils as resolved
from dziennik.contracts import streams
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.behaviour import NoteLeftOut, Points
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.projections import behaviour, councils
from dziennik.projections.as_of import as_of
from dziennik.projections.behaviour import BEHAVIOUR, Wording
from dziennik.projections.councils import COUNCILS
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.behaviour_histories import adopted, graded, written
from tests.projections.histories import FIRST, NOWAK, History, a_school
from tests.projections.listed import Listed

AUTUMN = Term(term_id="t1", name="I", starts=FIRST, ends=date(2027, 1, 31))
SPRING = Term(term_id="t2", name="II", starts=date(2027, 2, 1), ends=date(2027, 6, 25))
TERMS = (AUTUMN, SPRING)
ADA, ADA_IN_B, CY = (streams.behaviour(*place) for place in (("A", "ada"), ("B", "ada"), ("B", "cy")))
YEAR = {"A", "B"}


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [BEHAVIOUR, COUNCILS], journal.position())


def test_a_note_with_all_that_happened_to_it(common: str) -> None:
    history = a_school()
    note = written("n1", "A", "ada", -5, FIRST)
    history.tell(ADA, note)
    history.tell(ADA, facts.NoteAcknowledged(note_id="n1", pupil_id="ada", parent_id="parent"))
    seen_at = history.at(len(history.recorded))
    history.tell(
        ADA,
        facts.NoteCorrected(
            note_id="n1",
            pupil_id="ada",
            was_kind=note.kind,
            kind=facts.NoteKind.NEUTRAL,
            was_category_id="disturbing",
            category_id="information",
            was_points=-5,
            points=0,
            was_on=FIRST,
            on=FIRST,
            was_text=note.text,
            text="Pytała o zadanie.",
            reason="wyjaśniono",
        ),
        facts.NoteStruckOut(note_id="n1", pupil_id="ada", reason="to nie ona"),
    )
    history.tell(CY, written("n2", "B", "cy", 10, FIRST))  # somebody else's
    (found,) = behaviour.of_pupil(view_of(history), "ada", YEAR).notes
    assert found.says == Wording(facts.NoteKind.NEUTRAL, "information", 0, FIRST, "Pytała o zadanie.")
    (change,) = found.changes
    assert (change.was.text, change.was.points, change.act.reason) == (note.text, -5, "wyjaśniono")
    assert [(one.parent_id, one.at) for one in found.seen] == [("parent", seen_at)]
    assert found.struck_out is not None
    assert (found.struck_out.by, found.struck_out.role) == (NOWAK.person, Role.TEACHER)
    agree(common, BEHAVIOUR, history)


def test_notes_of_a_class_and_of_a_pupil_who_changed_class(common: str) -> None:
    history = a_school()
    history.tell(ADA, written("later", "A", "ada", 10, FIRST + timedelta(days=3)))
    history.tell(ADA, written("earlier", "A", "ada", -5, FIRST))
    history.tell(ADA_IN_B, written("elsewhere", "B", "ada", 5, FIRST + timedelta(days=1)))
    history.tell(CY, written("other", "B", "cy", 10, FIRST))
    view = view_of(history)
    of_a = behaviour.of_class(view, "A")
    assert [(row.pupil_id, [note.id for note in row.notes]) for row in of_a] == [
        ("ada", ["earlier", "later"])
    ]
    assert [note.id for note in behaviour.of_pupil(view, "ada", YEAR).notes] == [
        "earlier",
        "elsewhere",
        "later",
    ]
    assert [note.id for note in behaviour.of_pupil(view, "ada", {"B"}).notes] == ["elsewhere"]
    assert behaviour.of_pupil(view, "bo", YEAR).notes == ()
    agree(common, BEHAVIOUR, history)


def test_grades_keep_their_history_and_the_latest_stands(common: str) -> None:
    history = a_school()
    history.tell(ADA, graded("A", "ada", "db"), graded("A", "ada", "bdb", GradeKind.ANNUAL_FINAL, None))
    history.tell(
        ADA,
        facts.BehaviourGradeCorrected(
            pupil_id="ada", kind=GradeKind.TERM_FINAL, term_id="t1", was="db", mark="wz", reason="konkurs"
        ),
        facts.BehaviourGradeStruckOut(
            pupil_id="ada", kind=GradeKind.TERM_FINAL, term_id="t1", was="wz", reason="pomyłka"
        ),
        graded("A", "ada", "popr"),
    )
    row = behaviour.of_pupil(view_of(history), "ada", YEAR)
    assert [(one.mark, one.struck_out is not None) for one in row.grades] == [
        ("wz", True),
        ("bdb", False),
        ("popr", False),
    ]
    (change,) = row.grades[0].changes
    assert (change.was, change.now, change.act.reason) == ("db", "wz", "konkurs")
    stands = row.standing(GradeKind.TERM_FINAL, "t1")
    assert stands is not None
    assert stands.mark == "popr"
    assert row.standing(GradeKind.TERM_FINAL, "t2") is None
    agree(common, BEHAVIOUR, history)


def points(history: History, today: date) -> list[Points]:
    view = view_of(history)
    row = behaviour.of_pupil(view, "ada", YEAR)
    return behaviour.points_of(row.notes, behaviour.rules_of(view, "Y"), TERMS, today)


def test_points_of_terms_and_year_are_explained_by_the_rules_in_force() -> None:
    history = a_school()
    history.tell(ADA, written("n1", "A", "ada", 30, FIRST), written("n2", "A", "ada", None, FIRST))
    history.tell(ADA_IN_B, written("n3", "B", "ada", -10, SPRING.starts))
    history.tell(CY, written("n4", "B", "cy", -100, FIRST))
    autumn, year = points(history, AUTUMN.ends)
    assert (autumn.term_id, autumn.points, autumn.proposed, autumn.threshold) == ("t1", 130, "bdb", 120)
    assert (autumn.rule_version, autumn.included) == (0, (("n1", 30),))
    assert autumn.left_out == (("n2", NoteLeftOut.NO_POINTS), ("n3", NoteLeftOut.OUTSIDE_PERIOD))
    assert (year.term_id, year.points) == (None, 130)
    _, spring, year = points(history, SPRING.starts)
    assert (spring.points, year.points) == (90, 110)
    history.tell(
        streams.SCHOOL,
        facts.BehaviourRulesSet(year_id="Y", rules=replace(USUAL_BEHAVIOUR, start=0)),
        facts.BehaviourRulesSet(year_id="another", rules=USUAL_BEHAVIOUR),
    )
    autumn, _ = points(history, AUTUMN.ends)
    assert (autumn.points, autumn.proposed, autumn.rule_version) == (30, "ndp", 1)
    without = replace(USUAL_BEHAVIOUR, with_points=False, thresholds=())
    history.tell(streams.SCHOOL, facts.BehaviourRulesSet(year_id="Y", rules=without))
    assert points(history, AUTUMN.ends) == []


def test_resolutions_of_a_year_also_those_repealed(common: str) -> None:
    history = a_school()
    stream = streams.councils("Y")
    history.tell(stream, adopted("u2", "2", FIRST + timedelta(days=5)), adopted("u1", "1"))
    history.tell(streams.councils("Z"), replace(adopted("u3", "3"), year_id="Z"))
    history.tell(stream, resolved.ResolutionRepealed(resolution_id="u1", year_id="Y", reason="błędny numer"))
    rows = councils.of_year(view_of(history), "Y")
    assert [(row.number, row.recorded_by, row.repealed_for) for row in rows] == [
        ("1", NOWAK.person, "błędny numer"),
        ("2", NOWAK.person, None),
    ]
    assert rows[0].repealed_at == history.at(len(history.recorded))
    agree(common, COUNCILS, history)
