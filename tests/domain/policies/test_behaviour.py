"""How many points, which grade do they propose, and why?"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import msgspec
import pytest
from msgspec.structs import replace

from dziennik.contracts.behaviour import BehaviourRules, PointsRun
from dziennik.contracts.values import Term
from dziennik.domain.behaviour_rules import fault_in_rules
from dziennik.domain.policies.behaviour import NoteInput, NoteLeftOut, PartialSum, Points, explain_points
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR

AUTUMN = Term(term_id="t1", name="I", starts=date(2026, 9, 1), ends=date(2027, 1, 31))
SPRING = Term(term_id="t2", name="II", starts=date(2027, 2, 1), ends=date(2027, 6, 25))
OCTOBER, MARCH, JULY = date(2026, 10, 1), date(2027, 3, 1), date(2027, 7, 1)
CONTINUOUS = replace(USUAL_BEHAVIOUR, run=PointsRun.CONTINUOUS)
NOTES = (
    NoteInput(note_id="a", on=OCTOBER, points=25),
    NoteInput(note_id="b", on=OCTOBER, points=-100, struck_out=True),
    NoteInput(note_id="c", on=MARCH, points=-10),
    NoteInput(note_id="d", on=MARCH, points=None),
    NoteInput(note_id="e", on=JULY, points=50),
)


def explained(rules: BehaviourRules, term: Term | None, today: date = JULY) -> Points:
    return explain_points(NOTES, rules, 3, terms=(AUTUMN, SPRING), term=term, today=today)


def test_each_term_begins_anew() -> None:
    spring = explained(USUAL_BEHAVIOUR, SPRING)
    assert spring == Points(
        term_id="t2",
        points=90,
        proposed="db",
        threshold=80,
        rule_version=3,
        sums=(PartialSum("t2", 100, 90),),
        included=(("c", -10),),
        left_out=(
            ("a", NoteLeftOut.OUTSIDE_PERIOD),
            ("b", NoteLeftOut.STRUCK_OUT),
            ("d", NoteLeftOut.NO_POINTS),
            ("e", NoteLeftOut.OUTSIDE_PERIOD),
        ),
    )


def test_the_years_points_are_the_mean_of_the_terms_that_have_begun() -> None:
    year = explained(USUAL_BEHAVIOUR, None)
    assert year.sums == (PartialSum("t1", 100, 125), PartialSum("t2", 100, 90))
    assert (year.points, year.included) == (108, (("a", 25), ("c", -10)))  # 107.5, half up
    assert explained(USUAL_BEHAVIOUR, None, today=OCTOBER).points == 125
    before = explained(USUAL_BEHAVIOUR, None, today=date(2026, 8, 1))
    assert (before.points, before.proposed, before.sums) == (None, None, ())


def test_points_that_run_on_are_all_up_to_the_terms_end() -> None:
    assert explained(CONTINUOUS, AUTUMN).sums == (PartialSum("t1", 100, 125),)
    assert explained(CONTINUOUS, SPRING).sums == (PartialSum("t2", 100, 115),)
    year = explained(CONTINUOUS, None)
    assert (year.points, year.included) == (165, (("a", 25), ("c", -10), ("e", 50)))


def test_a_year_without_terms_is_one() -> None:
    year = explain_points(NOTES, USUAL_BEHAVIOUR, 0, terms=(), today=JULY)
    assert year.sums == (PartialSum(None, 100, 165),)


def test_a_school_without_points_proposes_nothing_and_says_why() -> None:
    none = explained(replace(USUAL_BEHAVIOUR, with_points=False), AUTUMN)
    assert (none.points, none.proposed, none.included) == (None, None, ())
    assert ("a", NoteLeftOut.POINTS_NOT_USED) in none.left_out
    assert ("b", NoteLeftOut.STRUCK_OUT) in none.left_out


@pytest.mark.parametrize(
    ("points", "threshold", "mark"),
    [(170, 170, "wz"), (169, 120, "bdb"), (80, 80, "db"), (40, 40, "popr"), (1, 1, "ndp"), (0, None, "ng")],
)
def test_the_highest_threshold_that_is_reached_proposes(
    points: int, threshold: int | None, mark: str
) -> None:
    note = NoteInput(note_id="n", on=OCTOBER, points=points - 100)
    found = explain_points([note], USUAL_BEHAVIOUR, 0, terms=(AUTUMN,), term=AUTUMN, today=OCTOBER)
    assert (found.points, found.threshold, found.proposed) == (points, threshold, mark)


def test_without_thresholds_points_propose_nothing() -> None:
    found = explained(replace(USUAL_BEHAVIOUR, thresholds=()), AUTUMN)
    assert (found.points, found.threshold, found.proposed) == (125, None, None)


def test_the_usual_rules_are_sound_and_never_changed() -> None:
    """Years gone by are reckoned with them (ADR 0060): other usual rules are another constant."""
    assert fault_in_rules(USUAL_BEHAVIOUR) is None
    digest = sha256(msgspec.json.encode(USUAL_BEHAVIOUR)).hexdigest()
    assert digest[:16] == "7065cf2b176b8147"
