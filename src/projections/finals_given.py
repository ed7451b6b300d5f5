"""Who has a final grade of the term or of the year, in which subject, and in behaviour?

Only that there is one: rows of a few hundred ids, so that "who has none yet" of a whole school is one small
question. Grades themselves are in the gradebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts.behaviour import BehaviourGradeGiven, BehaviourGradeStruckOut
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.grades import GradeGiven, GradeStruckOut
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import GradeKind
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import Row

FINALS_GIVEN = ReadModel("finals_given", version=1)
on = FINALS_GIVEN.on
table = FINALS_GIVEN.table

FINAL = (GradeKind.TERM_FINAL, GradeKind.ANNUAL_FINAL)


class Given(msgspec.Struct, frozen=True, gc=False):
    """A final grade that stands: whose, which, and of which day (a term's is of the term it lies in)."""

    pupil_id: str
    grade_id: str
    on: date


@table(key=("class_id", "subject_id"))
class Finals(Row, frozen=True):
    """A subject in which somebody of the class has any grade, with the final grades given."""

    class_id: str
    subject_id: str
    terms: tuple[Given, ...] = ()
    annual: tuple[Given, ...] = ()


@table(key=("class_id", "kind", "term"))
class BehaviourFinals(Row, frozen=True):
    """Who has a final behaviour grade of a term, or of the year (`term` is "")."""

    class_id: str
    kind: GradeKind
    term: str
    pupils: tuple[str, ...] = ()


@on(GradeGiven)
def grade_given(rows: Rows, fact: GradeGiven, _: Recorded) -> None:
    row = rows.get(Finals, fact.class_id, fact.subject_id)
    given = Given(fact.pupil_id, fact.grade_id, fact.on)
    if fact.kind is GradeKind.TERM_FINAL:
        row = row or Finals(fact.class_id, fact.subject_id)
        rows.put(replace(row, terms=_in_order((*row.terms, given))))
    elif fact.kind is GradeKind.ANNUAL_FINAL:
        row = row or Finals(fact.class_id, fact.subject_id)
        rows.put(replace(row, annual=_in_order((*row.annual, given))))
    elif row is None:
        rows.put(Finals(fact.class_id, fact.subject_id))


@on(GradeStruckOut)
def grade_struck_out(rows: Rows, fact: GradeStruckOut, recorded: Recorded) -> None:
    # year/{class}/grades/{subject}/{pupil}
    row = rows.get(Finals, unit_of(recorded.stream) or "", recorded.stream.split("/")[3])
    if row is None:
        raise LookupError(f"no grade {fact.grade_id}")
    gone = (fact.pupil_id, fact.grade_id)
    left = replace(
        row,
        terms=tuple([g for g in row.terms if (g.pupil_id, g.grade_id) != gone]),
        annual=tuple([g for g in row.annual if (g.pupil_id, g.grade_id) != gone]),
    )
    if left != row:
        rows.put(left)


@on(BehaviourGradeGiven)
def behaviour_grade_given(rows: Rows, fact: BehaviourGradeGiven, _: Recorded) -> None:
    if fact.kind in FINAL:
        row = _behaviour(rows, fact.class_id, fact.kind, fact.term_id)
        rows.put(replace(row, pupils=tuple(sorted({*row.pupils, fact.pupil_id}))))


@on(BehaviourGradeStruckOut)
def behaviour_grade_struck_out(rows: Rows, fact: BehaviourGradeStruckOut, recorded: Recorded) -> None:
    if fact.kind in FINAL:
        row = _behaviour(rows, unit_of(recorded.stream) or "", fact.kind, fact.term_id)
        rows.put(replace(row, pupils=tuple([who for who in row.pupils if who != fact.pupil_id])))


def _in_order(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """By pupil and grade: grades of several streams may arrive in any order."""
    return tuple(sorted(given, key=lambda each: (each.pupil_id, each.grade_id, each.on)))


def _behaviour(rows: Rows, class_id: str, kind: GradeKind, term_id: str | None) -> BehaviourFinals:
    key = (class_id, kind, term_id or "")
    return rows.get(BehaviourFinals, *key) or BehaviourFinals(*key)


# What is asked


def of_class(view: View, class_id: str) -> list[Finals]:
    """The subjects that the class is graded in, with the final grades given."""
    return view.find(Finals, class_id=class_id)


def of_subjects(view: View, places: Iterable[tuple[str, str]]) -> dict[str, dict[str, Finals]]:
    """The same for (class, subject) pairs, for the price of one question: by class and subject."""
    found: dict[str, dict[str, Finals]] = {}
    for row in view.many(Finals, places):
        if row is not None:
            found.setdefault(row.class_id, {})[row.subject_id] = row
    return found


def behaviour_given(
    view: View, keys: Iterable[tuple[str, GradeKind, str]]
) -> dict[tuple[str, GradeKind, str], frozenset[str]]:
    """Who has a final behaviour grade, by class, kind and term ("" of the year), for one question."""
    rows = [row for row in view.many(BehaviourFinals, keys) if row is not None]
    return {(row.class_id, row.kind, row.term): frozenset(row.pupils) for row in rows}
