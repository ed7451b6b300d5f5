"""Which facts are worth telling, and whom do they concern?

`@tells(Fact)` is the only list. A teller says what a fact tells, and to whom, as the school is on that day.
What came with an import, or was done by the person themselves, is no news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from dziennik.contracts import absences, attendance, behaviour, board, calendar, grades, messages
from dziennik.contracts.envelope import Channel, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.audiences import READERS
from dziennik.notifying.notice import Matter, What
from dziennik.projections import gradebook, people, standings
from dziennik.projections.board import Announcement
from dziennik.projections.calendar import Entry
from dziennik.projections.dated import in_force
from dziennik.projections.rows import View

# A matter and the people whom it concerns; None: nothing to tell after all.
Told = tuple[Matter, Iterable[str]] | None
Teller = Callable[[View, Any, Recorded, date], Told]

_TELLERS: dict[type[Fact], Teller] = {}
_MISSED = {AttendanceKind.ABSENT: What.ABSENCE_RECORDED, AttendanceKind.ABSENT_EXCUSED: What.ABSENCE_RECORDED}
_MISSED |= {AttendanceKind.LATE: What.LATENESS_RECORDED, AttendanceKind.LATE_EXCUSED: What.LATENESS_RECORDED}


def tells(*facts: type[Fact]) -> Callable[[Teller], Teller]:
    """The function tells of these facts."""

    def register(teller: Teller) -> Teller:
        for fact in facts:
            _TELLERS[fact] = teller
        return teller

    return register


def is_news(recorded: Recorded) -> bool:
    """Whether anybody might be told of it."""
    return type(recorded.fact) in _TELLERS and recorded.origin.actor.channel is not Channel.IMPORT


def told_by(view: View, recorded: Recorded, day: date) -> tuple[Matter, list[str]] | None:
    """What a fact tells, and whom, on that day: everybody once, and never whoever did it."""
    found = _TELLERS[type(recorded.fact)](view, recorded.fact, recorded, day)
    if found is None:
        return None
    matter, concerned = found
    people_ids = sorted({each for each in concerned if each != recorded.origin.actor.person})
    return (matter, people_ids) if people_ids else None


@tells(grades.GradeGiven)
def _grade(view: View, fact: grades.GradeGiven, recorded: Recorded, day: date) -> Told:
    shown_on = gradebook.publication_of(view, fact.column_id) if fact.column_id else None
    matter = Matter(
        what=What.GRADE_GIVEN,
        position=recorded.position,
        at=recorded.origin.recorded_at,
        entry_id=fact.grade_id,
        within_id=fact.class_id,
        pupil_id=fact.pupil_id,
        subject_id=fact.subject_id,
        column_id=fact.column_id,
        shown_on=shown_on,
    )
    return matter, _family(view, fact.pupil_id, day)


@tells(grades.GradeCorrected)
def _corrected(view: View, fact: grades.GradeCorrected, recorded: Recorded, day: date) -> Told:
    _, class_id, _, subject_id, _ = recorded.stream.split("/")
    cell = gradebook.cell_of(view, class_id, subject_id, fact.pupil_id)
    grade = next((each for each in cell.grades if each.id == fact.grade_id), None) if cell else None
    column_id = grade.column_id if grade else None
    matter = Matter(
        what=What.GRADE_CORRECTED,
        position=recorded.position,
        at=recorded.origin.recorded_at,
        entry_id=fact.grade_id,
        within_id=class_id,
        pupil_id=fact.pupil_id,
        subject_id=subject_id,
        column_id=column_id,
        shown_on=gradebook.publication_of(view, column_id) if column_id else None,
    )
    return matter, _family(view, fact.pupil_id, day)


@tells(behaviour.BehaviourGradeGiven)
def _behaviour_grade(view: View, fact: behaviour.BehaviourGradeGiven, recorded: Recorded, day: date) -> Told:
    entry_id = f"{fact.kind.value}/{fact.term_id or ''}"
    matter = _matter(What.BEHAVIOUR_GRADE_GIVEN, recorded, entry_id, fact.class_id, fact.pupil_id)
    return matter, _family(view, fact.pupil_id, day)


@tells(attendance.AbsenceRecorded, attendance.LatenessRecorded, attendance.AttendanceCorrected)
def _missed(
    view: View,
    fact: attendance.AbsenceRecorded | attendance.LatenessRecorded | attendance.AttendanceCorrected,
    recorded: Recorded,
    day: date,
) -> Told:
    what = _MISSED.get(fact.kind)
    if what is None:  # there after all, or away for the school, which is no news to anybody
        return None
    unit_id = recorded.stream.split("/")[1]
    return _matter(what, recorded, fact.lesson_id, unit_id, fact.pupil_id), _family(view, fact.pupil_id, day)


@tells(behaviour.NoteWritten)
def _note(view: View, fact: behaviour.NoteWritten, recorded: Recorded, day: date) -> Told:
    matter = _matter(What.NOTE_WRITTEN, recorded, fact.note_id, fact.class_id, fact.pupil_id)
    return matter, _family(view, fact.pupil_id, day)


@tells(absences.ExcuseAccepted, absences.ExcuseRejected)
def _excuse(
    view: View, fact: absences.ExcuseAccepted | absences.ExcuseRejected, recorded: Recorded, day: date
) -> Told:
    accepted = isinstance(fact, absences.ExcuseAccepted)
    what = What.EXCUSE_ACCEPTED if accepted else What.EXCUSE_REJECTED
    class_id = recorded.stream.split("/")[1]
    return _matter(what, recorded, fact.excuse_id, class_id, fact.pupil_id), _family(view, fact.pupil_id, day)


_CALENDAR = {
    calendar.EntryPlanned: What.ENTRY_PLANNED,
    calendar.EntryChanged: What.ENTRY_CHANGED,
    calendar.EntryCancelled: What.ENTRY_CANCELLED,
}


@tells(calendar.EntryPlanned, calendar.EntryChanged, calendar.EntryCancelled)
def _entry(
    view: View,
    fact: calendar.EntryPlanned | calendar.EntryChanged | calendar.EntryCancelled,
    recorded: Recorded,
    day: date,
) -> Told:
    row = view.get(Entry, fact.unit_id or "", fact.year_id, fact.entry_id)
    if row is None or row.until < day:  # what is over is entered for the record
        return None
    within = fact.unit_id or fact.year_id
    matter = _matter(_CALENDAR[type(fact)], recorded, fact.entry_id, within, None)
    if fact.unit_id is None:
        return matter, _in_roles(
            view, READERS - {Role.PUPIL, Role.PARENT} if row.staff_only else READERS, day
        )
    part = board.AudiencePart(unit_id=fact.unit_id, group_id=row.group_id)
    roles = (Role.TEACHER,) if row.staff_only else (Role.PUPIL, Role.PARENT)
    audience = board.BoardAudience(parts=(part,), roles=roles)
    return matter, standings.addressed(view, audience, max(day, row.on))


@tells(board.AnnouncementPosted, board.AnnouncementCorrected)
def _announcement(
    view: View, fact: board.AnnouncementPosted | board.AnnouncementCorrected, recorded: Recorded, day: date
) -> Told:
    row = view.get(Announcement, fact.announcement_id)
    if row is None or (isinstance(fact, board.AnnouncementCorrected) and not fact.again):
        return None
    matter = Matter(
        what=What.ANNOUNCEMENT_POSTED,
        position=recorded.position,
        at=recorded.origin.recorded_at,
        entry_id=fact.announcement_id,
        shown_on=row.since if row.since > day else None,
    )
    return matter, standings.addressed(view, row.audience, max(day, row.since))


@tells(messages.MessageSent)
def _message(_: View, fact: messages.MessageSent, recorded: Recorded, __: date) -> Told:
    return _matter(What.MESSAGE_SENT, recorded, fact.message_id, fact.thread_id, None), fact.recipient_ids


def _matter(what: What, recorded: Recorded, entry_id: str, within_id: str, pupil_id: str | None) -> Matter:
    return Matter(
        what=what,
        position=recorded.position,
        at=recorded.origin.recorded_at,
        entry_id=entry_id,
        within_id=within_id,
        pupil_id=pupil_id,
    )


def _family(view: View, pupil_id: str, day: date) -> set[str]:
    """The pupil and who may know of them that day."""
    return {pupil_id, *people.informed(view, pupil_id, day)}


def _in_roles(view: View, roles: Iterable[Role], day: date) -> set[str]:
    rows = (row for role in roles for row in view.find(people.RoleHeld, role=role))
    return {row.person_id for row in rows if in_force(row, day)}
