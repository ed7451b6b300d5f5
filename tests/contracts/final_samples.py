"""Samples of the facts of final grades, with every field filled (see samples.py)."""

from __future__ import annotations

from dziennik.contracts import finals
from dziennik.contracts.facts import Fact

FINALS: tuple[Fact, ...] = (
    finals.SubjectCompleted(class_id="7a", subject_id="tech"),
    finals.CompletionWithdrawn(class_id="7a", subject_id="tech", reason="zmiana ramowego planu nauczania"),
    finals.FinalGradeCarried(
        class_id="8a",
        pupil_id="p1",
        subject_id="tech",
        value="5",
        year="2025/2026",
        from_class_id="7a",
        source="świadectwo szkoły nr 3",
        reason="źle przepisana",
    ),
)
