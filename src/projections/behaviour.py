"""How did a pupil behave: which notes and grades are there, what became of them, and how many points?

One row a pupil in a class, whose parts are shown as they are. Points are reckoned when asked for, because
they depend on the day; a pupil who changed class within the year brings the notes along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from dziennik.contracts import behaviour as facts
from dziennik.contracts.behaviour import BehaviourRules, NoteKind
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.values import GradeKind, Term
from dziennik.domain.policies.behaviour import NoteInput, Points, explain_points
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import ALL_ROWS, Row

BEHAVIOUR = ReadModel("behaviour", version=1)
on = BEHAVIOUR.on
table = BEHAVIOUR.table


class Act(msgspec.Struct, frozen=True, gc=False):
    """Who changed or struck out an entry, in which role, when, and why."""

    by: str
    role: Role
    at: datetime
    reason: str


class Wording(msgspec.Struct, frozen=True, gc=False):
    """What a note says at one time."""

    kind: NoteKind
    category_id: str
    points: int | None
    on: date
    text: str


class NoteChange(msgspec.Struct, frozen=True, gc=False):
    """A correction of a note."""

    act: Act
    was: Wording
    now: Wording


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A parent saw the note as it stood at that time."""

    parent_id: str
    at: datetime


class Note(msgspec.Struct, frozen=True, gc=False):
    """A note with all that happened to it; `says` is what it says now."""

    id: str
    class_id: str
    author_id: str | None
    says: Wording
    written_at: datetime
    position: int
    changes: tuple[NoteChange, ...] = ()
    struck_out: Act | None = None
    seen: tuple[Seen, ...] = ()


class GradeChange(msgspec.Struct, frozen=True, gc=False):
    """A correction of a behaviour grade."""

    act: Act
    was: str
    now: str
    was_description: str | None
    description: str | None


class Grade(msgspec.Struct, frozen=True, gc=False):
    """A behaviour grade with all that happened to it."""

    class_id: str
    kind: GradeKind
    term_id: str | None
    mark: str
    description: str | None
    on: date
    author_id: str | None
    given_at: datetime
    position: int
    changes: tuple[GradeChange, ...] = ()
    struck_out: Act | None = None


@table(key=("class_id", "pupil_id"), indexes=(("pupil_id",),))
class PupilBehaviour(Row, frozen=True):
    """A pupil's notes in a class, by day and then as entered, and the behaviour grades as given."""

    class_id: str
    pupil_id: str
    notes: tuple[Note, ...] = ()
    grades: tuple[Grade, ...] = ()

    def standing(self, kind: GradeKind, term_id: str | None = None) -> Grade | None:
        """The grade of that kind that is not struck out."""
        return next((grade for grade in self.grades if _is(grade, kind, term_id)), None)


@table(key=("year_id",), families=ALL_ROWS)
class YearRules(Row, frozen=True):
    """The rules in force in a year; `version` counts how often they were set, 0: the usual ones hold."""

    year_id: str
    version: int
    rules: BehaviourRules


# How facts change it


@on(facts.BehaviourRulesSet)
def behaviour_rules_set(rows: Rows, fact: facts.BehaviourRulesSet, _: Recorded) -> None:
    old = rows.get(YearRules, fact.year_id)
    rows.put(YearRules(fact.year_id, old.version + 1 if old else 1, fact.rules))


@on(facts.NoteWritten)
def note_written(rows: Rows, fact: facts.NoteWritten, recorded: Recorded) -> None:
    row = rows.get(PupilBehaviour, fact.class_id, fact.pupil_id)
    row = row or PupilBehaviour(fact.class_id, fact.pupil_id)
    note = Note(
        id=fact.note_id,
        class_id=fact.class_id,
        author_id=fact.author_id,
        says=Wording(fact.kind, fact.category_id, fact.points, fact.on, fact.text),
        written_at=recorded.origin.recorded_at,
        position=recorded.position,
    )
    rows.put(replace(row, notes=_in_order((*row.notes, note))))


@on(facts.NoteCorrected)
def note_corrected(rows: Rows, fact: facts.NoteCorrected, recorded: Recorded) -> None:
    was = Wording(fact.was_kind, fact.was_category_id, fact.was_points, fact.was_on, fact.was_text)
    now = Wording(fact.kind, fact.category_id, fact.points, fact.on, fact.text)
    row, note = _note(rows, recorded, fact.note_id)
    change = NoteChange(_act(recorded, fact.reason), was, now)
    _put_note(rows, row, replace(note, says=now, changes=(*note.changes, change)))


@on(facts.NoteStruckOut)
def note_struck_out(rows: Rows, fact: facts.NoteStruckOut, recorded: Recorded) -> None:
    row, note = _note(rows, recorded, fact.note_id)
    _put_note(rows, row, replace(note, struck_out=_act(recorded, fact.reason)))


@on(facts.NoteAcknowledged)
def note_acknowledged(rows: Rows, fact: facts.NoteAcknowledged, recorded: Recorded) -> None:
    row, note = _note(rows, recorded, fact.note_id)
    seen = Seen(fact.parent_id, recorded.origin.recorded_at)
    _put_note(rows, row, replace(note, seen=(*note.seen, seen)))


@on(facts.BehaviourGradeGiven)
def behaviour_grade_given(rows: Rows, fact: facts.BehaviourGradeGiven, recorded: Recorded) -> None:
    row = rows.get(PupilBehaviour, fact.class_id, fact.pupil_id)
    row = row or PupilBehaviour(fact.class_id, fact.pupil_id)
    grade = Grade(
        class_id=fact.class_id,
        kind=fact.kind,
        term_id=fact.term_id,
        mark=fact.mark,
        description=fact.description,
        on=fact.on,
        author_id=fact.author_id,
        given_at=recorded.origin.recorded_at,
        position=recorded.position,
    )
    rows.put(replace(row, grades=(*row.grades, grade)))


@on(facts.BehaviourGradeCorrected)
def behaviour_grade_corrected(rows: Rows, fact: facts.BehaviourGradeCorrected, recorded: Recorded) -> None:
    row, grade = _grade(rows, recorded, fact.kind, fact.term_id)
    act = _act(recorded, fact.reason)
    change = GradeChange(act, fact.was, fact.mark, fact.was_description, fact.description)
    changed = replace(grade, mark=fact.mark, description=fact.description, changes=(*grade.changes, change))
    _put_grade(rows, row, changed)


@on(facts.BehaviourGradeStruckOut)
def behaviour_grade_struck_out(rows: Rows, fact: facts.BehaviourGradeStruckOut, recorded: Recorded) -> None:
    row, grade = _grade(rows, recorded, fact.kind, fact.term_id)
    _put_grade(rows, row, replace(grade, struck_out=_act(recorded, fact.reason)))


# What is asked


def of_class(view: View, class_id: str) -> list[PupilBehaviour]:
    """Pupils of a class who have notes or behaviour grades in it."""
    return view.find(PupilBehaviour, class_id=class_id)


def of_pupil(view: View, pupil_id: str, class_ids: Collection[str]) -> PupilBehaviour:
    """A pupil's notes and grades in these classes (those of one year), put together under no class."""
    rows = [row for row in view.find(PupilBehaviour, pupil_id=pupil_id) if row.class_id in class_ids]
    notes = tuple(note for row in rows for note in row.notes)
    grades = sorted((grade for row in rows for grade in row.grades), key=lambda grade: grade.position)
    return PupilBehaviour("", pupil_id, _in_order(notes), tuple(grades))


def rules_of(view: View, year_id: str) -> YearRules:
    """The rules in force in a year; the usual ones as version 0 while none were set."""
    return view.get(YearRules, year_id) or YearRules(year_id, 0, USUAL_BEHAVIOUR)


def points_of(notes: Sequence[Note], rules: YearRules, terms: Sequence[Term], today: date) -> list[Points]:
    """Points of each term that has begun, and of the year, explained; [] where no points are used."""
    if not rules.rules.with_points:
        return []
    inputs = [
        NoteInput(
            note_id=note.id,
            on=note.says.on,
            points=note.says.points,
            struck_out=note.struck_out is not None,
        )
        for note in notes
    ]
    periods = [*[term for term in terms if term.starts <= today], None]
    return [
        explain_points(inputs, rules.rules, rules.version, terms=terms, term=term, today=today)
        for term in periods
    ]


# Helpers


def _act(recorded: Recorded, reason: str) -> Act:
    actor = recorded.origin.actor
    return Act(actor.person or actor.account, actor.role, recorded.origin.recorded_at, reason)


def _row(rows: Rows, recorded: Recorded) -> PupilBehaviour:
    """The row whose facts the stream `year/{class}/behaviour/{pupil}` holds."""
    _, class_id, _, pupil_id = recorded.stream.split("/")
    row = rows.get(PupilBehaviour, class_id, pupil_id)
    if row is None:
        raise LookupError(f"nothing in {recorded.stream} yet")
    return row


def _note(rows: Rows, recorded: Recorded, note_id: str) -> tuple[PupilBehaviour, Note]:
    row = _row(rows, recorded)
    for note in row.notes:
        if note.id == note_id:
            return row, note
    raise LookupError(f"no note {note_id} in {recorded.stream}")


def _grade(
    rows: Rows, recorded: Recorded, kind: GradeKind, term_id: str | None
) -> tuple[PupilBehaviour, Grade]:
    row = _row(rows, recorded)
    grade = row.standing(kind, term_id)
    if grade is None:
        raise LookupError(f"no grade {kind} {term_id} in {recorded.stream}")
    return row, grade


def _is(grade: Grade, kind: GradeKind, term_id: str | None) -> bool:
    return (grade.kind, grade.term_id, grade.struck_out) == (kind, term_id, None)


def _put_note(rows: Rows, row: PupilBehaviour, changed: Note) -> None:
    notes = tuple(changed if note.id == changed.id else note for note in row.notes)
    rows.put(replace(row, notes=_in_order(notes)))


def _put_grade(rows: Rows, row: PupilBehaviour, changed: Grade) -> None:
    grades = tuple(changed if grade.position == changed.position else grade for grade in row.grades)
    rows.put(replace(row, grades=grades))


def _in_order(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.says.on, note.position)))
