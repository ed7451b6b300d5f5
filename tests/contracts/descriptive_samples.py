"""Samples of the facts of descriptive assessment, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import descriptive
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import GradeKind

DESCRIPTIVE: tuple[Fact, ...] = (
    descriptive.DescriptiveRulesSet(
        year_id="y2026",
        rules=descriptive.DescriptiveRules(
            areas=(
                descriptive.AssessmentArea(
                    area_id="maths",
                    name="Edukacja matematyczna",
                    requirements=(descriptive.Requirement(requirement_id="m1", text="Dodaje do stu."),),
                    subject_id="mat",
                ),
            ),
            scale=(descriptive.DescriptiveStep(symbol="W", name="wspaniale"),),
            levels=(1, 2, 3),
        ),
    ),
    descriptive.AssessmentWritten(
        assessment_id="o1",
        class_id="1a",
        pupil_id="p1",
        area_id="maths",
        kind=GradeKind.TERM_FINAL,
        on=date(2027, 1, 20),
        author_id="t1",
        step="W",
        met=("m1",),
        text="Sprawnie dodaje w pamięci.",
        comment="Brawo!",
    ),
    descriptive.AssessmentCorrected(
        assessment_id="o1",
        pupil_id="p1",
        reason="pomylony uczeń",
        was_step="W",
        step="B",
        was_met=("m1",),
        met=("m1", "m2"),
        was_text="Sprawnie dodaje w pamięci.",
        text="Dodaje na liczmanach.",
        was_comment="Brawo!",
        comment="Ćwicz dalej.",
    ),
    descriptive.AssessmentStruckOut(assessment_id="o1", pupil_id="p1", reason="wpisana dwa razy"),
)
