"""What does a cell of the gradebook hold: a pupil's grades in a subject, and their average?

The field names of Content, Grade, Change, StruckOut, Average, Included and Excluded, in camelCase and in the
order given here, are those of the schema; Decimals are texts ("4.50"), enumerations their names ("CURRENT"),
days ISO (ADR 0029).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.grades import GradeCorrected, GradeGiven, GradeStruckOut
from dziennik.contracts.values import GradeKind, GradingRules
from dziennik.domain.policies.grading import GradeInput, explain_average

# Enumerations are shown by their names; asking an enumeration for a name costs more than a dictionary.
_KINDS = {kind: kind.name for kind in GradeKind}
_BY_NAME = {kind.name: kind for kind in GradeKind}


class Change(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A correction. `by` is a person's id (or an account's that is nobody here), `role` "TEACHER"."""

    was: str
    now: str
    reason: str
    by: str
    role: str
    at: datetime


class StruckOut(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Why, by whom and when a grade was struck out."""

    reason: str
    by: str
    role: str
    at: datetime


class Grade(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One grade as written, with all that happened to it. Who typed it in is in the entry history.

    `counted` is what its column says; None: as its category says. It is derived.
    """

    id: str
    kind: str
    value: str
    description: str | None
    comment: str | None
    category_id: str | None
    weight: Decimal
    on: date
    column_id: str | None
    teacher_id: str
    improves: str | None
    improved_by: str | None
    given_at: datetime
    position: int
    changes: tuple[Change, ...] = ()
    struck_out: StruckOut | None = None
    counted: bool | None = None


class Included(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A grade that counts, as which number and with which weight."""

    grade_id: str
    number: Decimal
    weight: Decimal


class Excluded(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A grade that does not count, and why (a name of ExclusionReason)."""

    grade_id: str
    reason: str


class Average(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """The weighted average by the rules in force, explained; no value when nothing counts."""

    value: Decimal | None = None
    rule_version: int = 0
    included: tuple[Included, ...] = ()
    excluded: tuple[Excluded, ...] = ()


NO_AVERAGE = Average()


class Content(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What a cell shows; its JSON, in this order, is what is stored."""

    class_id: str
    subject_id: str
    pupil_id: str
    average: Average
    grades: tuple[Grade, ...]


load = msgspec.json.Decoder(Content).decode
dump = msgspec.json.Encoder(order="deterministic").encode


def as_given(fact: GradeGiven, recorded: Recorded) -> Grade:
    """The grade as first entered."""
    return Grade(
        id=fact.grade_id,
        kind=_KINDS[fact.kind],
        value=fact.value,
        description=fact.description,
        comment=fact.comment,
        category_id=fact.category_id,
        weight=fact.weight,
        on=fact.on,
        column_id=fact.column_id,
        teacher_id=fact.teacher_id,
        improves=fact.improves,
        improved_by=None,
        given_at=recorded.origin.recorded_at,
        position=recorded.position,
    )


def as_corrected(grade: Grade, fact: GradeCorrected, recorded: Recorded) -> Grade:
    """The grade put right; what it was stays among its changes."""
    actor = recorded.origin.actor
    change = Change(
        was=fact.was or fact.was_description or "",
        now=fact.value or fact.description or "",
        reason=fact.reason,
        by=actor.person or actor.account,
        role=actor.role.name,
        at=recorded.origin.recorded_at,
    )
    return replace(grade, value=fact.value, description=fact.description, changes=(*grade.changes, change))


def as_struck_out(grade: Grade, fact: GradeStruckOut, recorded: Recorded) -> Grade:
    """The grade struck out; it stays legible."""
    actor = recorded.origin.actor
    at = recorded.origin.recorded_at
    return replace(
        grade, struck_out=StruckOut(fact.reason, actor.person or actor.account, actor.role.name, at)
    )


def input_of(grade: Grade) -> GradeInput:
    """A grade as it is reckoned with."""
    return GradeInput(
        grade_id=grade.id,
        value=grade.value,
        weight=grade.weight,
        category_id=grade.category_id,
        struck_out=grade.struck_out is not None,
        improves=grade.improves,
        kind=_BY_NAME[grade.kind],
        counted=grade.counted,
    )


def grade_of(grades: tuple[Grade, ...], grade_id: str) -> Grade:
    """The grade of that id; LookupError if the cell has none."""
    for grade in grades:
        if grade.id == grade_id:
            return grade
    raise LookupError(f"no grade {grade_id} in the cell")


def changed_to(grades: tuple[Grade, ...], changed: Grade) -> tuple[Grade, ...]:
    """The grades with this one in the place of what it was."""
    return tuple([changed if grade.id == changed.id else grade for grade in grades])


def in_order(grades: tuple[Grade, ...]) -> tuple[Grade, ...]:
    """By day of the assessment, then as entered."""
    if grades[-2].on <= grades[-1].on and grades[-2].position < grades[-1].position:
        return grades
    return tuple(sorted(grades, key=lambda grade: (grade.on, grade.position)))


def averaged(grades: Sequence[Grade], rules: GradingRules, version: int) -> Average:
    """Their average by these rules, the `version`-th of the year."""
    inputs = [input_of(grade) for grade in grades]
    explained = explain_average(inputs, rules, version)
    return Average(
        explained.value,
        explained.rule_version,
        tuple([Included(used.grade_id, used.number, used.weight) for used in explained.included]),
        tuple([Excluded(left.grade_id, left.reason.name) for left in explained.excluded]),
    )
