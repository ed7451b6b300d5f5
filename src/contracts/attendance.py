"""Attendance at a lesson: the roll call, what differs from presence, and corrections.

In the lesson's stream. The roll call names who was asked; presence is what it leaves.
"""

from __future__ import annotations

from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import AttendanceKind, LessonId, PersonId, UnitId, Value


@fact("attendance.roll_called.1")
class RollCalled(Fact, frozen=True, kw_only=True):
    """The roll was called; `pupils` are those who were asked, in register order."""

    lesson_id: LessonId
    pupils: tuple[PersonId, ...]


@fact("attendance.absence_recorded.1")
class AbsenceRecorded(Fact, frozen=True, kw_only=True):
    """The pupil was not there. `kind` is absent, absent_excused or school_reason."""

    lesson_id: LessonId
    pupil_id: PersonId
    type_id: str
    kind: AttendanceKind


@fact("attendance.lateness_recorded.1")
class LatenessRecorded(Fact, frozen=True, kw_only=True):
    """The pupil came late, by `minutes` if known. `kind` is late or late_excused."""

    lesson_id: LessonId
    pupil_id: PersonId
    type_id: str
    kind: AttendanceKind
    minutes: int | None = None


@fact("attendance.release_recorded.1")
class ReleaseRecorded(Fact, frozen=True, kw_only=True):
    """The pupil was released from the lesson. `kind` is released."""

    lesson_id: LessonId
    pupil_id: PersonId
    type_id: str
    kind: AttendanceKind


@fact("attendance.attendance_corrected.1")
class AttendanceCorrected(Fact, frozen=True, kw_only=True):
    """A mark was put right; both stay legible. `was_...` is what stood before."""

    lesson_id: LessonId
    pupil_id: PersonId
    was_type_id: str
    was_kind: AttendanceKind
    type_id: str
    kind: AttendanceKind
    reason: str
    minutes: int | None = None


class PrefilledFrom(StrEnum):
    """Where a mark comes from that nobody gave by hand."""

    EXEMPTION = "exemption"
    SCHOOL_ABSENCE = "school_absence"
    ANNOUNCEMENT = "announcement"
    EARLIER_LESSON = "earlier_lesson"
    INDIVIDUAL_TEACHING = "individual_teaching"


class PrefilledMark(Value, frozen=True, kw_only=True):
    """A pupil's mark, and the id of what it was taken from."""

    pupil_id: PersonId
    source: PrefilledFrom
    source_id: str


@fact("attendance.roll_prefilled.1")
class RollPrefilled(Fact, frozen=True, kw_only=True):
    """These marks were left as the register proposed them. They are facts of their own."""

    lesson_id: LessonId
    marks: tuple[PrefilledMark, ...]


class RollMark(Value, frozen=True, kw_only=True):
    """One pupil who was not simply present, under one of the school's attendance types."""

    pupil_id: PersonId
    type_id: str
    minutes: int | None = None


@command("attendance.call_roll")
class CallRoll(Command, frozen=True, kw_only=True):
    """Everyone in the lesson's class or group on that day is asked; all but `marks` are present.

    Whom `marks` leaves out is marked by exemptions, trips and announced absences (ADR 0071); the mark
    "present" says that somebody is there after all. `pupils` narrows whom was asked (default: all).
    """

    unit_id: UnitId
    lesson_id: LessonId
    marks: tuple[RollMark, ...] = ()
    pupils: tuple[PersonId, ...] | None = None


@command("attendance.carry_over_roll")
class CarryOverRoll(Command, frozen=True, kw_only=True):
    """Like CallRoll; whom `marks` leaves out is as at the pupil's last lesson of that day (ADR 0071)."""

    unit_id: UnitId
    lesson_id: LessonId
    marks: tuple[RollMark, ...] = ()
    pupils: tuple[PersonId, ...] | None = None


@command("attendance.correct_attendance")
class CorrectAttendance(Command, frozen=True, kw_only=True):
    """Refused when the mark is no longer of the type that it was seen to be of (`seen_type_id`)."""

    unit_id: UnitId
    lesson_id: LessonId
    pupil_id: PersonId
    type_id: str
    reason: str
    minutes: int | None = None
    seen_type_id: str | None = None


ROLL_ALREADY_CALLED = Reason(
    "ATTENDANCE.ROLL_ALREADY_CALLED",
    pl="Frekwencję na tej lekcji już sprawdzono. Popraw pojedyncze wpisy.",
    en="The roll of this lesson was already called. Correct single marks.",
)
ROLL_NOT_CALLED = Reason(
    "ATTENDANCE.ROLL_NOT_CALLED",
    pl="Na tej lekcji nie sprawdzono jeszcze frekwencji.",
    en="The roll of this lesson has not been called yet.",
)
NOTHING_TO_CARRY_OVER = Reason(
    "ATTENDANCE.NOTHING_TO_CARRY_OVER",
    pl="Tego dnia nie było wcześniejszej lekcji ze sprawdzoną frekwencją. Sprawdź ją.",
    en="No earlier lesson of this day has its roll called. Call it.",
)
NO_SUCH_TYPE = Reason(
    "ATTENDANCE.NO_SUCH_TYPE",
    pl="Szkoła nie zna w tym roku wpisu frekwencji „{type}”.",
    en="The school knows no attendance type “{type}” in this year.",
)
NOT_ASKED = Reason(
    "ATTENDANCE.NOT_ASKED",
    pl="Ucznia {pupil} nie wyczytano na tej lekcji.",
    en="The pupil {pupil} was not on the roll of this lesson.",
)
MARKED_TWICE = Reason(
    "ATTENDANCE.MARKED_TWICE",
    pl="Uczeń {pupil} ma w poleceniu dwa wpisy.",
    en="The pupil {pupil} is marked twice in the command.",
)
MINUTES_OUT_OF_RANGE = Reason(
    "ATTENDANCE.MINUTES_OUT_OF_RANGE",
    pl="Liczba minut {minutes} nie ma sensu (1–{limit}, tylko przy spóźnieniu).",
    en="{minutes} minutes make no sense (1–{limit}, and only with lateness).",
)
NOTHING_TO_CORRECT = Reason(
    "ATTENDANCE.NOTHING_TO_CORRECT",
    pl="Uczeń ma już ten wpis.",
    en="The pupil already has this mark.",
)
