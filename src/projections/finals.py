"""Which subjects ended in which class, and which final grades do pupils bring from earlier years?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from dziennik.contracts import finals as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.values import GradeKind
from dziennik.projections import classification, gradebook, structure
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

FINALS = ReadModel("finals", version=1)
on = FINALS.on
table = FINALS.table


@table(key=("class_id", "subject_id"), families=ALL_ROWS)
class CompletedSubject(Row, frozen=True):
    """A subject whose teaching ended with the class's year."""

    class_id: str
    subject_id: str
    by: str
    at: datetime


@table(key=("class_id", "pupil_id", "subject_id"), indexes=(("pupil_id",),))
class CarriedFinal(Row, frozen=True):
    """A final grade that a pupil brought into the class; `was` are values that stood before."""

    class_id: str
    pupil_id: str
    subject_id: str
    value: str
    year: str
    from_class_id: str | None
    source: str | None
    reason: str | None
    by: str
    at: datetime
    was: tuple[str, ...] = ()


@on(said.SubjectCompleted)
def subject_completed(rows: Rows, fact: said.SubjectCompleted, recorded: Recorded) -> None:
    rows.put(CompletedSubject(fact.class_id, fact.subject_id, *_made(recorded)))


@on(said.CompletionWithdrawn)
def completion_withdrawn(rows: Rows, fact: said.CompletionWithdrawn, _: Recorded) -> None:
    rows.delete(CompletedSubject, fact.class_id, fact.subject_id)


@on(said.FinalGradeCarried)
def final_grade_carried(rows: Rows, fact: said.FinalGradeCarried, recorded: Recorded) -> None:
    old = rows.get(CarriedFinal, fact.class_id, fact.pupil_id, fact.subject_id)
    by, at = _made(recorded)
    rows.put(
        CarriedFinal(
            class_id=fact.class_id,
            pupil_id=fact.pupil_id,
            subject_id=fact.subject_id,
            value=fact.value,
            year=fact.year,
            from_class_id=fact.from_class_id,
            source=fact.source,
            reason=fact.reason,
            by=by,
            at=at,
            was=(*old.was, old.value) if old else (),
        )
    )


# What is asked


class Origin(StrEnum):
    """Why a grade is final: the subject ended there, it was brought along, or it is of the last year."""

    SUBJECT_ENDED = "subject_ended"
    CARRIED = "carried"
    LAST_YEAR = "last_year"


class FinalGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A final grade (ocena końcowa) as the certificate shows it."""

    subject_id: str
    value: str
    year: str
    class_id: str
    origin: Origin
    source: str | None = None


def completed(view: View, class_id: str) -> list[CompletedSubject]:
    """Subjects that end in the class, by id."""
    return view.find(CompletedSubject, class_id=class_id)


def carried(view: View, class_id: str) -> dict[str, dict[str, str]]:
    """Final grades that pupils brought into the class: by pupil, then by subject."""
    found: dict[str, dict[str, str]] = {}
    for row in view.find(CarriedFinal, class_id=class_id):
        found.setdefault(row.pupil_id, {})[row.subject_id] = row.value
    return found


def of_pupil(view: View, pupil_id: str) -> list[FinalGrade]:
    """A pupil's final grades by subject: one of a later year takes the place of one brought along."""
    found = {
        row.subject_id: FinalGrade(
            subject_id=row.subject_id,
            value=row.value,
            year=row.year,
            class_id=row.from_class_id or row.class_id,
            origin=Origin.CARRIED,
            source=row.source,
        )
        for row in sorted(view.find(CarriedFinal, pupil_id=pupil_id), key=lambda row: row.at)
    }
    for cell in gradebook.pupil_cells(view, pupil_id):
        unit = view.get(structure.Unit, cell.class_id)
        year = view.get(structure.Year, unit.year_id) if unit else None
        origin = _why_final(view, unit, cell.subject_id)
        annual = [g for g in cell.grades if g.kind == GradeKind.ANNUAL_FINAL.name and g.struck_out is None]
        if year and origin and annual:
            found[cell.subject_id] = FinalGrade(
                subject_id=cell.subject_id,
                value=annual[-1].value,
                year=year.name,
                class_id=cell.class_id,
                origin=origin,
            )
    return [found[subject_id] for subject_id in sorted(found)]


def _why_final(view: View, unit: structure.Unit | None, subject_id: str) -> Origin | None:
    if unit is None:
        return None
    if view.get(CompletedSubject, unit.unit_id, subject_id):
        return Origin.SUBJECT_ENDED
    last = classification.rules_of(view, unit.year_id).rules.last_level
    return Origin.LAST_YEAR if unit.level is not None and unit.level >= last else None


def _made(recorded: Recorded) -> tuple[str, datetime]:
    actor = recorded.origin.actor
    return actor.person or actor.account, recorded.origin.recorded_at
