"""What do decisions about grades need to know? Columns, and a pupil's grades in one subject."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import grades as said
from dziennik.contracts import streams
from dziennik.contracts.values import GradeKind
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.world import Stream


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column's heading; `opened` is None until there is one."""

    opened: said.ColumnOpened | None = None
    publish_on: date | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A grade as it stands."""

    fact: said.GradeGiven
    value: str
    description: str | None
    struck_out: bool = False
    improved: bool = False


class PupilGrades(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's grades in one subject."""

    grades: Mapping[str, Given] = {}

    def standing(self, kind: GradeKind) -> list[Given]:
        """Grades of that kind that are not struck out, in the order given."""
        return [grade for grade in self.grades.values() if grade.fact.kind is kind and not grade.struck_out]


_columns: Evolution[Column] = Evolution()
_grades: Evolution[PupilGrades] = Evolution()


def column(unit_id: str, column_id: str) -> Stream[Column]:
    """The stream of a column."""
    return Stream(streams.column(unit_id, column_id), Column(), _columns)


def of_pupil(class_id: str, subject_id: str, pupil_id: str) -> Stream[PupilGrades]:
    """The stream of a pupil's grades in a subject."""
    return Stream(streams.grades(class_id, subject_id, pupil_id), PupilGrades(), _grades)


@_columns.on(said.ColumnOpened)
def _opened(_: Column, fact: said.ColumnOpened) -> Column:
    return Column(opened=fact)


@_columns.on(said.ColumnChanged)
def _changed(state: Column, fact: said.ColumnChanged) -> Column:
    if state.opened is None:
        return state
    return replace(state, opened=replace(state.opened, **msgspec.structs.asdict(fact)))


@_columns.on(said.ColumnPublicationSet)
def _publication_set(state: Column, fact: said.ColumnPublicationSet) -> Column:
    return replace(state, publish_on=fact.on)


@_grades.on(said.GradeGiven)
def _given(state: PupilGrades, fact: said.GradeGiven) -> PupilGrades:
    grades = put(
        state.grades,
        fact.grade_id,
        Given(fact=fact, value=fact.value, description=fact.description),
    )
    earlier = grades.get(fact.improves) if fact.improves else None
    if earlier:
        grades[earlier.fact.grade_id] = replace(earlier, improved=True)
    return replace(state, grades=grades)


@_grades.on(said.GradeCorrected)
def _corrected(state: PupilGrades, fact: said.GradeCorrected) -> PupilGrades:
    grade = replace(state.grades[fact.grade_id], value=fact.value, description=fact.description)
    return replace(state, grades=put(state.grades, fact.grade_id, grade))


@_grades.on(said.GradeStruckOut)
def _struck_out(state: PupilGrades, fact: said.GradeStruckOut) -> PupilGrades:
    grades = put(state.grades, fact.grade_id, replace(state.grades[fact.grade_id], struck_out=True))
    improves = grades[fact.grade_id].fact.improves
    if improves in grades:  # the struck-out retake leaves room for another
        grades[improves] = replace(grades[improves], improved=False)
    return replace(state, grades=grades)
