"""What is planned and arranged in other registers than a class's, and which auditors may open them?

Their names, participants, teaching and timetables are in `structure`, their lessons in `lesson_journal`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import registers as said
from dziennik.contracts.envelope import Recorded
from dziennik.projections.dated import in_force
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import ALL_ROWS, Row

REGISTERS = ReadModel("registers", version=2)
on = REGISTERS.on


@REGISTERS.table(key=("unit_id", "since"), families=ALL_ROWS)
class WorkPlan(Row, frozen=True):
    """What is to be done in the register from a day on, until the next plan."""

    unit_id: str
    since: date
    text: str


@REGISTERS.table(key=("unit_id", "pupil_id", "since"), indexes=(("pupil_id",),))
class IndividualTeaching(Row, frozen=True):
    """How a pupil is taught individually from a day on, until the next arrangement."""

    unit_id: str
    pupil_id: str
    since: date
    hours_per_week: Decimal
    decision: str
    programme: str | None


@REGISTERS.table(key=("unit_id", "auditor_id", "since"), indexes=(("auditor_id",),))
class Admission(Row, frozen=True):
    """An auditor may read a restricted register; both days belong to it."""

    unit_id: str
    auditor_id: str
    since: date
    until: date
    reason: str


@on(said.WorkPlanSet)
def work_plan_set(rows: Rows, fact: said.WorkPlanSet, _: Recorded) -> None:
    rows.put(WorkPlan(fact.unit_id, fact.since, fact.text))


@on(said.IndividualTeachingArranged)
def individual_teaching_arranged(rows: Rows, fact: said.IndividualTeachingArranged, _: Recorded) -> None:
    place = (fact.unit_id, fact.pupil_id, fact.since)
    rows.put(IndividualTeaching(*place, fact.hours_per_week, fact.decision, fact.programme))


@on(said.AuditorAdmitted)
def auditor_admitted(rows: Rows, fact: said.AuditorAdmitted, _: Recorded) -> None:
    rows.put(Admission(fact.unit_id, fact.auditor_id, fact.since, fact.until, fact.reason))


# What is asked


def plan_of(view: View, unit_id: str, day: date) -> WorkPlan | None:
    """The plan in force on a day."""
    found = view.find(WorkPlan, unit_id=unit_id, since=Span(None, day))
    return found[-1] if found else None


def teaching_of(view: View, unit_id: str) -> list[IndividualTeaching]:
    """All arrangements of a register, by pupil and day."""
    return view.find(IndividualTeaching, unit_id=unit_id)


def is_admitted(view: View, unit_id: str, auditor_id: str, day: date) -> bool:
    """Whether the auditor may open the restricted register on that day."""
    found = view.find(Admission, unit_id=unit_id, auditor_id=auditor_id)
    return any(in_force(row, day) for row in found)
