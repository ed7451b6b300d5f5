"""What happened to an entry: who wrote what, when, in which role, and why was it changed?

MEN regulation of 25 Aug 2017, s. 21(3): the register keeps a history of changes with their authors.
Entries are grades, attendance marks, roll calls and lesson topics.
"""

from __future__ import annotations

from datetime import datetime

from dziennik.contracts import attendance, grades, lessons
from dziennik.contracts.envelope import Channel, Recorded, Role
from dziennik.contracts.streams import unit_of
from dziennik.contracts.values import AttendanceKind
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, Span, View
from dziennik.projections.tables import OF_THE_PUPIL, Row

ENTRY_HISTORY = ReadModel("entry_history", version=2)
on = ENTRY_HISTORY.on


# A lesson's roll and topic concern all who were there.
OF_LESSONS_AND_THE_PUPIL = f"pupil_id IS NULL OR {OF_THE_PUPIL}"


@ENTRY_HISTORY.table(
    key=("entry", "position"),
    indexes=(("unit_id", "at"), ("pupil_id", "at"), ("account", "at")),
    families=OF_LESSONS_AND_THE_PUPIL,
)
class EntryChange(Row, frozen=True):
    """One change of one entry.

    `entry` is grade/{id}, mark/{lesson}/{pupil}, roll/{lesson} or topic/{lesson}; `what` the fact's name
    without context and version. `old` and `new` are the grade as written, the attendance type's id
    ("present" when there is none), or the topic. `asked`: whom a roll call asked. `card_id`: the card on
    paper that said so.
    """

    entry: str
    position: int
    what: str
    at: datetime
    account: str
    person_id: str | None
    role: Role
    on_behalf_of: str | None
    channel: Channel
    unit_id: str
    pupil_id: str | None
    old: str | None
    new: str | None
    reason: str | None
    asked: tuple[str, ...] = ()
    card_id: str | None = None


@on(grades.GradeGiven)
def grade_given(rows: Rows, fact: grades.GradeGiven, recorded: Recorded) -> None:
    new = fact.value or fact.description
    _changed(rows, recorded, f"grade/{fact.grade_id}", fact.pupil_id, None, new, None)


@on(grades.GradeCorrected)
def grade_corrected(rows: Rows, fact: grades.GradeCorrected, recorded: Recorded) -> None:
    old, new = fact.was or fact.was_description, fact.value or fact.description
    _changed(rows, recorded, f"grade/{fact.grade_id}", fact.pupil_id, old, new, fact.reason)


@on(grades.GradeStruckOut)
def grade_struck_out(rows: Rows, fact: grades.GradeStruckOut, recorded: Recorded) -> None:
    entry = f"grade/{fact.grade_id}"
    _changed(rows, recorded, entry, fact.pupil_id, _standing(rows, entry), None, fact.reason)


@on(attendance.RollCalled)
def roll_called(rows: Rows, fact: attendance.RollCalled, recorded: Recorded) -> None:
    _changed(rows, recorded, f"roll/{fact.lesson_id}", None, None, None, None, asked=fact.pupils)


@on(attendance.AbsenceRecorded, attendance.LatenessRecorded, attendance.ReleaseRecorded)
def mark_recorded(
    rows: Rows,
    fact: attendance.AbsenceRecorded | attendance.LatenessRecorded | attendance.ReleaseRecorded,
    recorded: Recorded,
) -> None:
    entry = _mark(fact.lesson_id, fact.pupil_id)
    _changed(rows, recorded, entry, fact.pupil_id, AttendanceKind.PRESENT.value, fact.type_id, None)


@on(attendance.AttendanceCorrected)
def attendance_corrected(rows: Rows, fact: attendance.AttendanceCorrected, recorded: Recorded) -> None:
    entry = _mark(fact.lesson_id, fact.pupil_id)
    _changed(rows, recorded, entry, fact.pupil_id, fact.was_type_id, fact.type_id, fact.reason)


@on(lessons.LessonHeld)
def lesson_held(rows: Rows, fact: lessons.LessonHeld, recorded: Recorded) -> None:
    _changed(rows, recorded, f"topic/{fact.lesson_id}", None, None, fact.topic, None)


@on(lessons.TopicRecorded)
def topic_recorded(rows: Rows, fact: lessons.TopicRecorded, recorded: Recorded) -> None:
    _changed(rows, recorded, f"topic/{fact.lesson_id}", None, None, fact.topic, None)


@on(lessons.TopicCorrected)
def topic_corrected(rows: Rows, fact: lessons.TopicCorrected, recorded: Recorded) -> None:
    _changed(rows, recorded, f"topic/{fact.lesson_id}", None, fact.was, fact.topic, fact.reason)


@on(lessons.LessonSigned)
def lesson_signed(rows: Rows, fact: lessons.LessonSigned, recorded: Recorded) -> None:
    entry = f"topic/{fact.lesson_id}"
    standing = _standing(rows, entry)
    _changed(rows, recorded, entry, None, standing, standing, None)


@on(lessons.LessonCancelled)
def lesson_cancelled(rows: Rows, fact: lessons.LessonCancelled, recorded: Recorded) -> None:
    entry = f"topic/{fact.lesson_id}"
    _changed(rows, recorded, entry, None, _standing(rows, entry), None, fact.reason)


def _changed(
    rows: Rows,
    recorded: Recorded,
    entry: str,
    pupil_id: str | None,
    old: str | None,
    new: str | None,
    reason: str | None,
    asked: tuple[str, ...] = (),
) -> None:
    actor = recorded.origin.actor
    by_card = actor.channel is Channel.CARD
    rows.put(
        EntryChange(
            entry=entry,
            position=recorded.position,
            what=recorded.fact.fact_name.split(".")[1],
            at=recorded.origin.recorded_at,
            account=actor.account,
            person_id=actor.person,
            role=actor.role,
            on_behalf_of=actor.on_behalf_of,
            channel=actor.channel,
            unit_id=unit_of(recorded.stream) or "",
            pupil_id=pupil_id,
            old=old,
            new=new,
            reason=reason,
            asked=asked,
            card_id=recorded.origin.correlation_id if by_card else None,
        )
    )


def _standing(rows: View, entry: str) -> str | None:
    """What the entry says so far."""
    found = rows.find(EntryChange, entry=entry)
    return found[-1].new if found else None


def _mark(lesson_id: str, pupil_id: str) -> str:
    return f"mark/{lesson_id}/{pupil_id}"


# What is asked


def of_grade(view: View, grade_id: str) -> list[EntryChange]:
    """A grade's history, in time."""
    return view.find(EntryChange, entry=f"grade/{grade_id}")


def of_topic(view: View, lesson_id: str) -> list[EntryChange]:
    """A lesson's history: held, topic, signature, cancellation; in time."""
    return view.find(EntryChange, entry=f"topic/{lesson_id}")


def of_mark(view: View, lesson_id: str, pupil_id: str) -> list[EntryChange]:
    """A pupil's attendance at a lesson, in time, beginning with the roll call that asked them."""
    rolls = [row for row in view.find(EntryChange, entry=f"roll/{lesson_id}") if pupil_id in row.asked]
    return rolls + view.find(EntryChange, entry=_mark(lesson_id, pupil_id))


def of_unit(view: View, unit_id: str, first: datetime, last: datetime) -> list[EntryChange]:
    """All changes in a class or interclass group between two instants, in order."""
    return sorted(view.find(EntryChange, unit_id=unit_id, at=Span(first, last)), key=_position)


def all_of_unit(view: View, unit_id: str) -> list[EntryChange]:
    """All changes in a class or interclass group, in order."""
    return sorted(view.find(EntryChange, unit_id=unit_id), key=_position)


def of_pupil(view: View, pupil_id: str, first: datetime, last: datetime) -> list[EntryChange]:
    """All changes of a pupil's grades and marks between two instants, in order."""
    return sorted(view.find(EntryChange, pupil_id=pupil_id, at=Span(first, last)), key=_position)


def by_account(view: View, account: str, first: datetime, last: datetime) -> list[EntryChange]:
    """All that an account wrote between two instants, in order."""
    return sorted(view.find(EntryChange, account=account, at=Span(first, last)), key=_position)


def _position(change: EntryChange) -> int:
    return change.position
