"""Which entries are asked about, what was answered, and what was decided?"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import disputes as said
from dziennik.contracts.disputes import DisputeOutcome
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

DISPUTES = ReadModel("disputes", version=1)
on = DISPUTES.on


class Answer(msgspec.Struct, frozen=True):
    """What was answered, by whom and when."""

    text: str
    by: str
    at: datetime


@DISPUTES.table(key=("class_id", "dispute_id"), indexes=(("pupil_id",),))
class Dispute(Row, frozen=True):
    """One dispute; `outcome` is None while it is open, `over` also when the question was withdrawn."""

    class_id: str
    dispute_id: str
    pupil_id: str
    subject_id: str | None
    grade_id: str | None
    unit_id: str | None
    lesson_id: str | None
    asked_by: str
    asked_at: datetime
    text: str
    over: bool = False
    outcome: DisputeOutcome | None = None
    decision: Answer | None = None
    answers: tuple[Answer, ...] = ()


@on(said.QuestionAsked)
def question_asked(rows: Rows, fact: said.QuestionAsked, recorded: Recorded) -> None:
    rows.put(
        Dispute(
            class_id=fact.class_id,
            dispute_id=fact.dispute_id,
            pupil_id=fact.pupil_id,
            subject_id=fact.subject_id,
            grade_id=fact.grade_id,
            unit_id=fact.unit_id,
            lesson_id=fact.lesson_id,
            asked_by=fact.asked_by,
            asked_at=recorded.origin.recorded_at,
            text=fact.text,
        )
    )


@on(said.QuestionAnswered)
def question_answered(rows: Rows, fact: said.QuestionAnswered, recorded: Recorded) -> None:
    row = _row(rows, recorded, fact.dispute_id)
    rows.put(replace(row, answers=(*row.answers, _answer(fact.text, recorded))))


@on(said.QuestionWithdrawn)
def question_withdrawn(rows: Rows, fact: said.QuestionWithdrawn, recorded: Recorded) -> None:
    rows.put(replace(_row(rows, recorded, fact.dispute_id), over=True))


@on(said.DisputeDecided)
def dispute_decided(rows: Rows, fact: said.DisputeDecided, recorded: Recorded) -> None:
    row = _row(rows, recorded, fact.dispute_id)
    rows.put(replace(row, over=True, outcome=fact.outcome, decision=_answer(fact.text, recorded)))


# What is asked


def of_class(view: View, class_id: str, *, open_only: bool = False) -> list[Dispute]:
    """Disputes of a class in the order they were asked."""
    rows = [row for row in view.find(Dispute, class_id=class_id) if not (open_only and row.over)]
    return sorted(rows, key=lambda row: (row.asked_at, row.dispute_id))


def unanswered(view: View, class_id: str) -> list[Dispute]:
    """Questions in a class that the school has neither answered nor decided."""
    return [row for row in of_class(view, class_id, open_only=True) if not row.answers]


def of_pupil(view: View, pupil_id: str) -> list[Dispute]:
    """Disputes about a pupil's entries in the order they were asked."""
    return sorted(view.find(Dispute, pupil_id=pupil_id), key=lambda row: (row.asked_at, row.dispute_id))


def _row(rows: Rows, recorded: Recorded, dispute_id: str) -> Dispute:
    row = rows.get(Dispute, unit_of(recorded.stream) or "", dispute_id)
    if row is None:
        raise LookupError(f"no dispute {dispute_id}")
    return row


def _answer(text: str, recorded: Recorded) -> Answer:
    actor = recorded.origin.actor
    return Answer(text, actor.person or actor.account, recorded.origin.recorded_at)
