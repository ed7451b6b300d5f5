"""What is entered on a school day, by whom, in which order?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dziennik.contracts import attendance, lessons
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.demo.absences import Absences, mark_of
from dziennik.demo.announcing import Announcements
from dziennik.demo.assessing import Gradebook
from dziennik.demo.chance import Chance
from dziennik.demo.conduct import Conduct
from dziennik.demo.excusing import Excuses
from dziennik.demo.extra_hours import ExtraHours
from dziennik.demo.hours import Hour
from dziennik.demo.people import Person, Pupil, Teacher
from dziennik.demo.rules import PERIODS
from dziennik.demo.structure import Year
from dziennik.demo.writing import Letters

ZONE: Final = ZoneInfo("Europe/Warsaw")
MORNING: Final = time(7, 30)
EVENING: Final = time(18, 0)
# Before the bell: teachers write at the end of a lesson.
WRITTEN: Final = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Step:
    """Commands that one person gives at one moment; they are written together."""

    key: str
    actor: Actor
    at: datetime
    commands: tuple[Command, ...]


def actor_of(person: Person, role: Role) -> Actor:
    return Actor(account=person.account_id, role=role, person=person.person_id, channel=Channel.WEB)


def moment(day: date, clock: time) -> datetime:
    """A school-local time as an instant."""
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


@dataclass(slots=True)
class SchoolYear:
    """A year while it is lived through."""

    year: Year
    chance: Chance
    director: Person
    hours: dict[date, list[Hour]]
    absences: Absences
    gradebook: Gradebook
    conduct: Conduct
    announcements: Announcements
    excuses: Excuses
    extra_hours: ExtraHours
    letters: Letters
    # What teachers have to catch up with: by teacher, from which day on.
    waiting: dict[str, list[tuple[date, Command]]] = field(default_factory=dict)

    def steps(self, day: date) -> Iterator[Step]:
        """The day by the clock: the office in the morning, then lesson by lesson; what waited, at first."""
        hours = self.hours[day]
        arranged = (*self._arrange(hours), *self.extra_hours.confirmed(day))
        if arranged:
            actor = actor_of(self.director, Role.DIRECTOR)
            yield Step(f"{day}/office", actor, moment(day, MORNING), arranged)
        yield from self._confirmed(day)
        yield from self._handed_in(day)
        seen: set[str] = set()
        for hour in hours:
            if hour.cancelled:
                continue
            actor = actor_of(hour.teacher.person, Role.TEACHER)
            ends = moment(day, time.fromisoformat(PERIODS[hour.period - 1].ends))
            if hour.teacher.person.person_id not in seen:
                seen.add(hour.teacher.person.person_id)
                late = tuple(self._catch_up(day, hour.teacher))
                if late:
                    yield Step(f"{day}/{hour.teacher.person.person_id}", actor, ends - WRITTEN, late)
            yield Step(hour.lesson_id, actor, ends - WRITTEN, tuple(self._lesson(hour)))
        yield from self._written(day, before=EVENING)
        for teacher, command in self.extra_hours.entered(day):
            actor = actor_of(teacher.person, Role.TEACHER)
            key = f"{day}/{teacher.person.person_id}/extra"
            yield Step(key, actor, moment(day, EVENING), (command,))
        yield from self._written(day, since=EVENING)

    def _written(self, day: date, since: time = time.min, before: time = time.max) -> Iterator[Step]:
        """Letters and who reads them, from one hour to another."""
        for doing in self.letters.on(day):
            if since <= doing.at < before:
                actor = actor_of(doing.who, doing.role)
                yield Step(doing.key, actor, moment(day, doing.at), doing.commands)

    def _confirmed(self, day: date) -> Iterator[Step]:
        """Parents confirm in the morning what was noted about their children."""
        for pupil, command in self.conduct.seen(day):
            actor = actor_of(pupil.parents[0], Role.PARENT)
            yield Step(f"{command.note_id}/seen", actor, moment(day, MORNING), (command,))

    def _handed_in(self, day: date) -> Iterator[Step]:
        """Parents excuse what is over; the homeroom teacher accepts it at the next lesson."""
        for each in self.excuses.on(day):
            actor = actor_of(each.pupil.parents[0], Role.PARENT)
            yield Step(f"{each.submit.excuse_id}/excuse", actor, moment(day, MORNING), (each.submit,))
            self._wait(each.homeroom, day, each.accept)

    def _arrange(self, hours: list[Hour]) -> Iterator[Command]:
        for hour in hours:
            assignment = hour.assignment
            if hour.cancelled:
                yield lessons.CancelLesson(
                    unit_id=assignment.unit_id,
                    assignment_id=assignment.assignment_id,
                    on=hour.day,
                    period=hour.period,
                    reason=hour.cancelled,
                )
            elif not hour.own:
                yield lessons.ArrangeSubstitution(
                    unit_id=assignment.unit_id,
                    assignment_id=assignment.assignment_id,
                    on=hour.day,
                    period=hour.period,
                    teacher_id=hour.teacher.person.person_id,
                    reason="nieobecność nauczyciela",
                )

    def _catch_up(self, day: date, teacher: Teacher) -> Iterator[Command]:
        """Excuses that came in, signatures and topics that were forgotten."""
        waiting = self.waiting.pop(teacher.person.person_id, [])
        left = [(due, command) for due, command in waiting if due > day]
        if left:
            self.waiting[teacher.person.person_id] = left
        yield from (command for due, command in waiting if due <= day)

    def _lesson(self, hour: Hour) -> Iterator[Command]:
        rng = self.chance.of("lesson", hour.lesson_id)
        assignment = hour.assignment
        slip = rng.random()
        forgot = slip < 0.01
        yield lessons.HoldLesson(
            unit_id=assignment.unit_id,
            assignment_id=assignment.assignment_id,
            on=hour.day,
            period=hour.period,
            topic=hour.topic,
            sign=not forgot,
            item_ids=(hour.item,) if hour.item else (),
        )
        if forgot or slip > 0.997:
            self._wait(hour.teacher, hour.day + timedelta(days=1), _mended(hour, signed=not forgot))
        roll = assignment.roll(hour.day)
        marks = self._marks(hour, roll)
        yield attendance.CallRoll(
            unit_id=assignment.unit_id, lesson_id=hour.lesson_id, marks=tuple(marks.values())
        )
        if hour.own:
            away = {pupil_id for pupil_id, mark in marks.items() if mark.type_id != "late"}
            present = [(pupil, unit) for pupil, unit in roll if pupil.person.person_id not in away]
            yield from self.gradebook.after(hour, present)
            yield from self.conduct.after(hour, present)
            yield from self.announcements.at(hour)

    def _marks(self, hour: Hour, roll: list[tuple[Pupil, str]]) -> dict[str, attendance.RollMark]:
        rng = self.chance.of("roll", hour.lesson_id)
        homes = {unit.class_id: unit.homeroom for unit in self.year.classes}
        marks = {}
        for pupil, class_id in roll:
            pupil_id = pupil.person.person_id
            away = self.absences[pupil_id].get(hour.day)
            mark = mark_of(hour, pupil, away, rng.random())
            if mark is None:
                continue
            marks[pupil_id] = mark
            if mark.type_id == "late" and rng.random() < 0.15:
                tomorrow = hour.day + timedelta(days=1)
                self._wait(homes[class_id], tomorrow, _excused(hour, mark, "late-excused"))
        return marks

    def _wait(self, teacher: Teacher, due: date, command: Command) -> None:
        self.waiting.setdefault(teacher.person.person_id, []).append((due, command))


def _mended(hour: Hour, *, signed: bool) -> Command:
    """The signature that was forgotten, or the rest of the topic."""
    unit_id = hour.assignment.unit_id
    if not signed:
        return lessons.SignLesson(unit_id=unit_id, lesson_id=hour.lesson_id)
    return lessons.RecordTopic(
        unit_id=unit_id,
        lesson_id=hour.lesson_id,
        topic=f"{hour.topic} – podsumowanie",
        reason="Uzupełnienie tematu",
    )


def _excused(hour: Hour, mark: attendance.RollMark, type_id: str) -> Command:
    """The homeroom teacher believes why somebody was late."""
    return attendance.CorrectAttendance(
        unit_id=hour.assignment.unit_id,
        lesson_id=hour.lesson_id,
        pupil_id=mark.pupil_id,
        type_id=type_id,
        minutes=mark.minutes,
        reason="wyjaśnione przez rodzica",
    )
