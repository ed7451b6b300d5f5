"""How were pupils assessed descriptively, in which areas, by which rules?"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import descriptive as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE
from dziennik.projections.dated import there
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

DESCRIPTIVE = ReadModel("descriptive", version=1)
on = DESCRIPTIVE.on
table = DESCRIPTIVE.table


class Words(msgspec.Struct, frozen=True):
    """What an assessment says."""

    step: str | None
    met: tuple[str, ...]
    text: str | None
    comment: str | None


class Act(msgspec.Struct, frozen=True):
    """A correction (`was`: what it said before) or a strike-out, by whom, when and why."""

    reason: str
    by: str
    role: str
    at: datetime
    was: Words | None = None


@table(key=("class_id", "pupil_id", "assessment_id"), indexes=(("pupil_id",),))
class Assessment(Row, frozen=True):
    """An assessment as it stands, with all that happened to it."""

    class_id: str
    pupil_id: str
    assessment_id: str
    area_id: str
    kind: GradeKind
    on: date
    author_id: str | None
    says: Words
    written_at: datetime
    position: int
    changes: tuple[Act, ...] = ()
    struck_out: Act | None = None


@table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set, 0: none were."""

    year_id: str
    version: int
    rules: said.DescriptiveRules


@on(said.DescriptiveRulesSet)
def rules_set(rows: Rows, fact: said.DescriptiveRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(said.AssessmentWritten)
def assessment_written(rows: Rows, fact: said.AssessmentWritten, recorded: Recorded) -> None:
    rows.put(
        Assessment(
            class_id=fact.class_id,
            pupil_id=fact.pupil_id,
            assessment_id=fact.assessment_id,
            area_id=fact.area_id,
            kind=fact.kind,
            on=fact.on,
            author_id=fact.author_id,
            says=Words(fact.step, fact.met, fact.text, fact.comment),
            written_at=recorded.origin.recorded_at,
            position=recorded.position,
        )
    )


@on(said.AssessmentCorrected)
def assessment_corrected(rows: Rows, fact: said.AssessmentCorrected, recorded: Recorded) -> None:
    row = _row(rows, fact, recorded)
    change = _act(fact.reason, recorded, row.says)
    says = Words(fact.step, fact.met, fact.text, fact.comment)
    rows.put(replace(row, says=says, changes=(*row.changes, change)))


@on(said.AssessmentStruckOut)
def assessment_struck_out(rows: Rows, fact: said.AssessmentStruckOut, recorded: Recorded) -> None:
    rows.put(replace(_row(rows, fact, recorded), struck_out=_act(fact.reason, recorded)))


# What is asked


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force; the usual ones, in force nowhere, as version 0, where none were set."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_DESCRIPTIVE)


def of_class(view: View, class_id: str) -> list[Assessment]:
    """All assessments in a class, by pupil, day and entry; also those struck out."""
    found = view.find(Assessment, class_id=class_id)
    return sorted(found, key=lambda row: (row.pupil_id, row.on, row.position))


def of_pupil(view: View, pupil_id: str) -> list[Assessment]:
    """A pupil's assessments of all years, by day and entry; also those struck out."""
    return sorted(view.find(Assessment, pupil_id=pupil_id), key=lambda row: (row.on, row.position))


def assessed_areas(view: View, class_id: str) -> dict[str, set[str]]:
    """The areas in which each pupil has an annual assessment that stands."""
    found: dict[str, set[str]] = {}
    for row in view.find(Assessment, class_id=class_id):
        if row.kind is GradeKind.ANNUAL_FINAL and row.struck_out is None:
            found.setdefault(row.pupil_id, set()).add(row.area_id)
    return found


def _row(
    rows: Rows, fact: said.AssessmentCorrected | said.AssessmentStruckOut, recorded: Recorded
) -> Assessment:
    key = (unit_of(recorded.stream) or "", fact.pupil_id, fact.assessment_id)
    return there(rows.get(Assessment, *key), fact.assessment_id)


def _act(reason: str, recorded: Recorded, was: Words | None = None) -> Act:
    actor = recorded.origin.actor
    return Act(reason, actor.person or actor.account, actor.role.name, recorded.origin.recorded_at, was)
