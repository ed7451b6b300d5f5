"""Random but possible descriptive assessments: what is possible is seen from the history itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dziennik.contracts import descriptive, streams
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
KINDS = (GradeKind.CURRENT, GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL)


def assessed(
    assessment_id: str,
    pupil_id: str = "ada",
    *,
    class_id: str = "A",
    area_id: str = "maths",
    kind: GradeKind = GradeKind.CURRENT,
    step: str = "W",
    day: date = FIRST,
) -> descriptive.AssessmentWritten:
    """An assessment."""
    return descriptive.AssessmentWritten(
        assessment_id=assessment_id,
        class_id=class_id,
        pupil_id=pupil_id,
        area_id=area_id,
        kind=kind,
        on=day,
        author_id="nowak",
        step=step,
        text=f"opis {assessment_id}",
    )


def assess(history: History, chance: int) -> None:
    """One thing about assessments that is possible now; others do nothing."""
    told = [one.fact for one in history.recorded]
    gone = {fact.assessment_id for fact in told if isinstance(fact, descriptive.AssessmentStruckOut)}
    written = [fact for fact in told if isinstance(fact, descriptive.AssessmentWritten)]
    standing = [fact for fact in written if fact.assessment_id not in gone]
    if chance % 8 == 7:
        rules = replace(USUAL_DESCRIPTIVE, levels=(chance % 5,))
        history.tell(streams.SCHOOL, descriptive.DescriptiveRulesSet(year_id="Y", rules=rules))
    elif chance % 8 < 4 or not standing:
        class_id, pupil_id = (("A", "ada"), ("A", "bo"), ("B", "cy"))[chance % 3]
        fact = assessed(
            f"o{len(written)}",
            pupil_id,
            class_id=class_id,
            kind=KINDS[chance // 8 % 3],
            day=FIRST + timedelta(days=chance % 90),
        )
        history.tell(streams.descriptive(class_id, pupil_id), fact)
    else:
        one = standing[chance % len(standing)]
        stream = streams.descriptive(one.class_id, one.pupil_id)
        key = {"assessment_id": one.assessment_id, "pupil_id": one.pupil_id, "reason": "pomyłka"}
        if chance % 8 == 6:
            history.tell(stream, descriptive.AssessmentStruckOut(**key))
        else:
            changed = descriptive.AssessmentCorrected(
                assessment_id=one.assessment_id,
                pupil_id=one.pupil_id,
                reason="pomyłka",
                was_step=one.step,
                step="N",
                met=("m1",),
            )
            history.tell(stream, changed)
