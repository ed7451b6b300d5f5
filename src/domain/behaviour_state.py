"""What do decisions about a pupil's behaviour need to know? The notes and grades in one class."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from dziennik.contracts import behaviour as said
from dziennik.contracts import streams
from dziennik.contracts.values import GradeKind
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.world import Stream

# What names a behaviour grade: its kind, and the term for kinds of a term.
GradeKey = tuple[GradeKind, str | None]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note as it stands; `seen_by` are the parents who saw it as it stands."""

    fact: said.NoteWritten
    struck_out: bool = False
    seen_by: tuple[str, ...] = ()


class BehaviourGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A behaviour grade as it stands."""

    mark: str
    description: str | None = None


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil's behaviour in a class: notes by id, and the grades that stand."""

    notes: Mapping[str, Note] = {}
    grades: Mapping[GradeKey, BehaviourGrade] = {}

    def standing(self, kind: GradeKind, term_id: str | None = None) -> str | None:
        """The mark of that kind, "" when it is descriptive; None when there is none."""
        grade = self.grades.get((kind, term_id))
        return None if grade is None else grade.mark


_evolve: Evolution[Behaviour] = Evolution()


def behaviour(class_id: str, pupil_id: str) -> Stream[Behaviour]:
    """The stream of a pupil's behaviour in a class."""
    return Stream(streams.behaviour(class_id, pupil_id), Behaviour(), _evolve)


def _with(state: Behaviour, note: Note) -> Behaviour:
    return replace(state, notes=put(state.notes, note.fact.note_id, note))


@_evolve.on(said.NoteWritten)
def _written(state: Behaviour, fact: said.NoteWritten) -> Behaviour:
    return _with(state, Note(fact=fact))


@_evolve.on(said.NoteCorrected)
def _corrected(state: Behaviour, fact: said.NoteCorrected) -> Behaviour:
    note = state.notes[fact.note_id]
    now = replace(
        note.fact,
        kind=fact.kind,
        category_id=fact.category_id,
        points=fact.points,
        on=fact.on,
        text=fact.text,
    )
    return _with(state, replace(note, fact=now, seen_by=()))


@_evolve.on(said.NoteStruckOut)
def _struck_out(state: Behaviour, fact: said.NoteStruckOut) -> Behaviour:
    return _with(state, replace(state.notes[fact.note_id], struck_out=True))


@_evolve.on(said.NoteAcknowledged)
def _acknowledged(state: Behaviour, fact: said.NoteAcknowledged) -> Behaviour:
    note = state.notes[fact.note_id]
    return _with(state, replace(note, seen_by=(*note.seen_by, fact.parent_id)))


@_evolve.on(said.BehaviourGradeGiven)
def _given(state: Behaviour, fact: said.BehaviourGradeGiven) -> Behaviour:
    grade = BehaviourGrade(mark=fact.mark, description=fact.description)
    return replace(state, grades=put(state.grades, (fact.kind, fact.term_id), grade))


@_evolve.on(said.BehaviourGradeCorrected)
def _grade_corrected(state: Behaviour, fact: said.BehaviourGradeCorrected) -> Behaviour:
    grade = BehaviourGrade(mark=fact.mark, description=fact.description)
    return replace(state, grades=put(state.grades, (fact.kind, fact.term_id), grade))


@_evolve.on(said.BehaviourGradeStruckOut)
def _grade_struck_out(state: Behaviour, fact: said.BehaviourGradeStruckOut) -> Behaviour:
    gone = (fact.kind, fact.term_id)
    return replace(state, grades={key: grade for key, grade in state.grades.items() if key != gone})
