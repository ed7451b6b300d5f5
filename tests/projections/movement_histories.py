"""Random moves of the pupils of a history: to another class, in, out, again; and new numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from dziennik.contracts import earlier_grades, movement, streams, studies
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import GradeKind

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)


def go(history: History, chance: int) -> None:
    """One move."""
    pupil, day = ("ada", "bo", "cy")[chance % 3], FIRST + timedelta(days=chance % 50)
    facts: tuple[Fact, ...] = (
        movement.ClassChanged(pupil_id=pupil, from_class_id="A", to_class_id="B", on=day, reason=f"{chance}"),
        movement.PupilTransferredIn(class_id="B", pupil_id=pupil, since=day, school="SP 2"),
        movement.PupilLeftSchool(
            class_id="B", pupil_id=pupil, until=day, kind=movement.LeavingKind.ABROAD, reason="wyjazd"
        ),
        movement.PupilStruckOff(
            class_id="B", pupil_id=pupil, until=day, decision="1", legal_basis="art. 68", reason="uchwała"
        ),
        movement.YearRepeated(pupil_id=pupil, from_class_id="A", class_id="B", since=day),
        movement.PupilsRenumbered(
            class_id="B",
            since=day,
            numbers=(
                movement.RegisterNumber(pupil_id="di", number=1 + chance % 2),
                movement.RegisterNumber(pupil_id="cy", number=2 - chance % 2),
            ),
        ),
    )
    history.tell(streams.unit("B"), facts[chance % len(facts)])
    if chance % 4 == 0:
        rules = movement.MovementRules(renumber_days=chance % 40)
        history.tell(streams.SCHOOL, movement.MovementRulesSet(year_id="Y", rules=rules))
    _bring(history, chance, day)
    _study(history, chance, day)


def _study(history: History, chance: int, day: date) -> None:
    """An individual study, which every second time ends."""
    told = [1 for one in history.recorded if isinstance(one.fact, studies.IndividualStudyGranted)]
    granted = individual(f"i{len(told)}", "B", ("cy", "di")[chance % 2], day)
    stream = streams.studies("B", granted.pupil_id)
    history.tell(stream, granted)
    if chance % 2:
        ended = studies.IndividualStudyEnded(
            study_id=granted.study_id, pupil_id=granted.pupil_id, until=day, reason="wniosek"
        )
        history.tell(stream, ended)


def individual(study_id: str, class_id: str, pupil_id: str, since: date) -> studies.IndividualStudyGranted:
    """An individual course of mathematics."""
    return studies.IndividualStudyGranted(
        study_id=study_id,
        class_id=class_id,
        pupil_id=pupil_id,
        kind=studies.StudyKind.COURSE,
        subjects=("mat",),
        since=since,
        decision=f"decyzja {study_id}",
        legal_basis="art. 115",
        supervisor_id="nowak",
    )


def _bring(history: History, chance: int, day: date) -> None:
    """A grade of another school, or what becomes of the first one."""
    told = [one.fact for one in history.recorded]
    brought = [fact for fact in told if isinstance(fact, earlier_grades.EarlierGradeRecorded)]
    if brought and chance % 3 == 0:
        first = brought[0]
        struck = earlier_grades.EarlierGradeStruckOut(
            grade_id=first.grade_id, pupil_id=first.pupil_id, reason=f"pomyłka {chance}"
        )
        history.tell(streams.earlier_grades(first.class_id, first.pupil_id), struck)
        rule = earlier_grades.EarlierGradesRule(counted=chance % 2 == 0)
        history.tell(streams.earlier_grades_rule("Y"), earlier_grades.RuleSet(year_id="Y", rule=rule))
        return
    fact = brought_grade(f"e{len(brought)}", "B", ("cy", "di")[chance % 2], day)
    history.tell(streams.earlier_grades("B", fact.pupil_id), fact)


def brought_grade(
    grade_id: str,
    class_id: str,
    pupil_id: str,
    day: date,
    value: str = "4",
    kind: GradeKind = GradeKind.CURRENT,
) -> earlier_grades.EarlierGradeRecorded:
    """A grade of another school in mathematics, of weight 2."""
    return earlier_grades.EarlierGradeRecorded(
        grade_id=grade_id,
        class_id=class_id,
        subject_id="mat",
        pupil_id=pupil_id,
        school="SP 2",
        kind=kind,
        value=value,
        weight=Decimal(2),
        on=day,
    )
