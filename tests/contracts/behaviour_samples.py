"""Samples of the facts of behaviour and of councils, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import behaviour, councils
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import GradeKind

OCTOBER = date(2026, 10, 5)
JANUARY = date(2027, 1, 20)

BEHAVIOUR: tuple[Fact, ...] = (
    behaviour.BehaviourRulesSet(
        year_id="y2026",
        rules=behaviour.BehaviourRules(
            scale=(
                behaviour.BehaviourMark(mark="wz", name="wzorowe"),
                behaviour.BehaviourMark(mark="ng", name="naganne"),
            ),
            categories=(
                behaviour.NoteCategory(
                    category_id="contest",
                    name="Udział w konkursie",
                    symbol="+",
                    kind=behaviour.NoteKind.POSITIVE,
                    points=10,
                    least=5,
                    most=50,
                ),
            ),
            with_points=True,
            start=100,
            thresholds=(behaviour.BehaviourThreshold(points=150, mark="wz"),),
            run=behaviour.PointsRun.CONTINUOUS,
        ),
    ),
    behaviour.NoteWritten(
        note_id="n1",
        class_id="4a",
        pupil_id="p1",
        author_id="t1",
        kind=behaviour.NoteKind.NEGATIVE,
        category_id="disturbing",
        points=-5,
        on=OCTOBER,
        text="Rozmawia, gdy inni odpowiadają.",
    ),
    behaviour.NoteCorrected(
        note_id="n1",
        pupil_id="p1",
        was_kind=behaviour.NoteKind.NEGATIVE,
        kind=behaviour.NoteKind.NEUTRAL,
        was_category_id="disturbing",
        category_id="information",
        was_points=-5,
        points=-1,
        was_on=OCTOBER,
        on=date(2026, 10, 6),
        was_text="Rozmawia, gdy inni odpowiadają.",
        text="Pyta sąsiadkę o zadanie.",
        reason="wyjaśniono z klasą",
    ),
    behaviour.NoteStruckOut(note_id="n1", pupil_id="p1", reason="uwaga dotyczyła brata"),
    behaviour.NoteAcknowledged(note_id="n1", pupil_id="p1", parent_id="r1"),
    behaviour.BehaviourGradeGiven(
        class_id="4a",
        pupil_id="p1",
        kind=GradeKind.TERM_FINAL,
        term_id="t1",
        mark="bdb",
        on=JANUARY,
        author_id="t1",
        description="Pomaga młodszym.",
    ),
    behaviour.BehaviourGradeCorrected(
        pupil_id="p1",
        kind=GradeKind.TERM_FINAL,
        term_id="t1",
        was="bdb",
        mark="wz",
        reason="pominięto udział w konkursie",
        was_description="Pomaga młodszym.",
        description="Pomaga młodszym i reprezentuje szkołę.",
    ),
    behaviour.BehaviourGradeStruckOut(
        pupil_id="p1", kind=GradeKind.TERM_FINAL, term_id="t1", was="wz", reason="wpisana innemu uczniowi"
    ),
)

COUNCILS: tuple[Fact, ...] = (
    councils.ResolutionAdopted(
        resolution_id="u1",
        year_id="y2026",
        term_id="t1",
        kind=councils.ResolutionKind.CLASSIFICATION,
        number="7/2026/2027",
        on=JANUARY,
        text="Rada zatwierdza wyniki klasyfikacji śródrocznej.",
        class_ids=("4a", "4b"),
    ),
    councils.ResolutionRepealed(resolution_id="u1", year_id="y2026", reason="błędny numer"),
)
