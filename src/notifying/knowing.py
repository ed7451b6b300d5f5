"""May somebody know of a matter now, and what does it say now?

Asked each time that a notice is shown, sent or streamed, never once for all: rights end, grades are struck
out, announcements taken down. One Knowing serves one look at one school for one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import ERASED
from dziennik.domain.policies.audiences import READERS, Standing, reached
from dziennik.notifying.notice import Matter, What
from dziennik.projections import (
    absences,
    accounts,
    attendance,
    behaviour,
    board,
    calendar,
    gradebook,
    messages,
    notice_preferences,
    people,
    standings,
    structure,
)
from dziennik.projections.dated import in_force
from dziennik.projections.own_calendars import Seats
from dziennik.projections.rows import View

# The read models that answers come from; who tells of a fact waits until they show it.
MODELS: Final = (
    structure.STRUCTURE,
    people.PEOPLE,
    accounts.ACCOUNTS,
    gradebook.GRADEBOOK,
    attendance.ATTENDANCE,
    behaviour.BEHAVIOUR,
    absences.ABSENCES,
    calendar.CALENDAR,
    board.BOARD,
    messages.MESSAGES,
    notice_preferences.NOTICE_PREFERENCES,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a matter says: the details of its sentence (see wording), and a grade as written."""

    details: dict[str, str]
    value: str = ""


class Knowing:
    """What one person may know of a school on a day.

    `mailboxes` are the same rows where mailboxes, which lie beyond the wall of families, can be seen.
    """

    def __init__(self, view: View, person_id: str, day: date, mailboxes: View | None = None) -> None:
        self._view = view
        self._mailboxes = mailboxes or view
        self._person = person_id
        self._day = day
        held = {row.role for row in people.roles(view, person_id) if in_force(row, day)}
        blocked = accounts.block(view, person_id) is not None
        # In which roles the person is told anything; none: nothing is.
        self.roles = frozenset() if blocked else frozenset(held & READERS)
        self.pupils = set(people.informed_of(view, person_id, day)) if Role.PARENT in self.roles else set()
        if Role.PUPIL in self.roles:
            self.pupils.add(person_id)
        self._subjects: dict[str, str] = {}
        self._standing: Standing | None = None
        self._seats: Seats | None = None

    def of(self, matter: Matter) -> Known | None:
        """What it says; None when the person may not know, or when there is nothing to know any more."""
        if not self.roles or (matter.shown_on and matter.shown_on > self._day):
            return None
        if matter.pupil_id is not None and matter.pupil_id not in self.pupils:
            return None
        match matter.what:
            case What.GRADE_GIVEN | What.GRADE_CORRECTED:
                return self._grade(matter)
            case What.BEHAVIOUR_GRADE_GIVEN:
                return self._behaviour_grade(matter)
            case What.ABSENCE_RECORDED | What.LATENESS_RECORDED:
                return self._missed(matter)
            case What.NOTE_WRITTEN:
                return self._note(matter)
            case What.EXCUSE_ACCEPTED | What.EXCUSE_REJECTED:
                return self._excuse(matter)
            case What.ENTRY_PLANNED | What.ENTRY_CHANGED | What.ENTRY_CANCELLED:
                return self._entry(matter)
            case What.ANNOUNCEMENT_POSTED:
                return self._announcement(matter)
            case What.MESSAGE_SENT:
                return self._message(matter)

    def _grade(self, matter: Matter) -> Known | None:
        found = self._view.get(
            gradebook.Cell, matter.within_id, matter.subject_id or "", matter.pupil_id or ""
        )
        grade = next((each for each in found.grades if each.id == matter.entry_id), None) if found else None
        if grade is None or grade.struck_out is not None:
            return None
        opens = gradebook.publication_of(self._view, grade.column_id) if grade.column_id else None
        if opens is not None and opens > self._day:
            return None
        return Known({"subject": self._subject(matter.subject_id)}, _legible(grade.value))

    def _behaviour_grade(self, matter: Matter) -> Known | None:
        row = self._behaviour(matter)
        kind, _, term_id = matter.entry_id.partition("/")
        standing = [
            grade
            for grade in (row.grades if row else ())
            if grade.struck_out is None and (grade.kind, grade.term_id) == (kind, term_id or None)
        ]
        return Known({}, _legible(standing[-1].mark)) if standing else None

    def _missed(self, matter: Matter) -> Known | None:
        mark = self._view.get(attendance.Mark, matter.pupil_id or "", matter.entry_id)
        if mark is None or mark.cancelled:
            return None
        subject = self._subject(mark.subject_id)
        return Known({"on": _day(mark.on), "period": str(mark.period), "subject": subject})

    def _note(self, matter: Matter) -> Known | None:
        row = self._behaviour(matter)
        note = next((each for each in row.notes if each.id == matter.entry_id), None) if row else None
        return Known({"on": _day(note.says.on)}) if note and note.struck_out is None else None

    def _excuse(self, matter: Matter) -> Known | None:
        row = self._view.get(absences.Excuse, matter.within_id, matter.entry_id)
        return Known({}) if row else None

    def _entry(self, matter: Matter) -> Known | None:
        """Entries of a class or group stand under it, those of the school under the school year."""
        unit = self._view.get(structure.Unit, matter.within_id)
        place = (unit.unit_id, unit.year_id) if unit else ("", matter.within_id)
        row = self._view.get(calendar.Entry, *place, matter.entry_id)
        if row is None or not self._concerned(row):
            return None
        return Known({"on": _day(row.on), "title": row.title})

    def _concerned(self, row: calendar.Entry) -> bool:
        if row.staff_only:
            return bool(self.roles - {Role.PUPIL, Role.PARENT})
        if self._seats is None:
            self._seats = Seats(self._view, self.pupils)
        return self._seats.see(row)

    def _announcement(self, matter: Matter) -> Known | None:
        row = self._view.get(board.Announcement, matter.entry_id)
        if row is None or not row.hangs(self._day) or row.position != matter.position:
            return None
        if self._standing is None:
            self._standing = standings.standing(self._view, self._person, self._day)
        return Known({"title": _legible(row.title)}) if reached(row.audience, self._standing) else None

    def _message(self, matter: Matter) -> Known | None:
        boxes, where = self._mailboxes, (matter.within_id, matter.entry_id)
        letter = boxes.get(messages.Letter, self._person, *where)
        row = boxes.get(messages.Message, *where) if letter else None
        return Known({}) if row is not None and row.withdrawn is None else None

    def _behaviour(self, matter: Matter) -> behaviour.PupilBehaviour | None:
        return self._view.get(behaviour.PupilBehaviour, matter.within_id, matter.pupil_id or "")

    def _subject(self, subject_id: str | None) -> str:
        if subject_id not in self._subjects:
            row = self._view.get(structure.Subject, subject_id or "")
            self._subjects[subject_id or ""] = row.name if row else ""
        return self._subjects[subject_id or ""]


def _legible(text: str) -> str:
    return "" if text == ERASED else text


def _day(day: date) -> str:
    """As people write it, in both languages: 7.10.2026."""
    return f"{day.day}.{day.month:02d}.{day.year}"
