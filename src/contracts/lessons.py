"""Lessons as they were held: topic, signature, substitution, cancellation.

Stream ``year/{unit}/lesson/{lesson_id}``, with ``lesson_id`` = ``{date}.{period}.{assignment}``:
two entries of one hour of one assignment meet in the same stream, and a month is an index range.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.curriculum import FromPlan, ItemId
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import (
    AssignmentId,
    GroupId,
    LessonId,
    PersonId,
    SubjectId,
    UnitId,
    Value,
)


def lesson_id(on: date, period: int, assignment_id: AssignmentId) -> LessonId:
    """The one id of that hour: ISO day, two-digit period, assignment."""
    return f"{on.isoformat()}.{period:02d}.{assignment_id}"


class LessonRef(Value, frozen=True, kw_only=True):
    """A lesson of some class or interclass group."""

    unit_id: UnitId
    lesson_id: LessonId


@fact("lessons.substitution_arranged.1")
class SubstitutionArranged(Fact, frozen=True, kw_only=True):
    """Another teacher will take the lesson (zastępstwo)."""

    unit_id: UnitId
    lesson_id: LessonId
    on: date
    period: int
    assignment_id: AssignmentId
    teacher_id: PersonId
    instead_of: PersonId
    reason: str | None = None


@fact("lessons.lesson_held.1")
class LessonHeld(Fact, frozen=True, kw_only=True):
    """The lesson took place. `teacher_id` held it; `instead_of` is set in a substitution.

    `plan` says which items of the curriculum plan it was about, `room` where it was if that was said.
    `co_teachers` taught with the teacher; `continues` is the first hour of a double lesson; `together` are
    the lessons of other assignments that were one with it.
    """

    unit_id: UnitId
    lesson_id: LessonId
    on: date
    period: int
    assignment_id: AssignmentId
    subject_id: SubjectId
    teacher_id: PersonId
    group_id: GroupId | None = None
    instead_of: PersonId | None = None
    topic: str | None = None
    plan: FromPlan | None = None
    room: str | None = None
    co_teachers: tuple[PersonId, ...] = ()
    continues: LessonId | None = None
    together: tuple[LessonRef, ...] = ()


@fact("lessons.co_teacher_recorded.1")
class CoTeacherRecorded(Fact, frozen=True, kw_only=True):
    """Another teacher taught the lesson too; it was entered after the lesson itself."""

    lesson_id: LessonId
    teacher_id: PersonId


@fact("lessons.topic_recorded.1")
class TopicRecorded(Fact, frozen=True, kw_only=True):
    """The topic was entered after the lesson itself."""

    lesson_id: LessonId
    topic: str
    plan: FromPlan | None = None


@fact("lessons.topic_corrected.1")
class TopicCorrected(Fact, frozen=True, kw_only=True):
    """A wrong topic was put right; both stay legible."""

    lesson_id: LessonId
    was: str
    topic: str
    reason: str
    was_plan: FromPlan | None = None
    plan: FromPlan | None = None


@fact("lessons.lesson_signed.1")
class LessonSigned(Fact, frozen=True, kw_only=True):
    """The teacher, or a co-teacher, confirmed the lesson with a signature (s. 8 of the 2017 regulation)."""

    lesson_id: LessonId
    teacher_id: PersonId


@fact("lessons.lesson_cancelled.1")
class LessonCancelled(Fact, frozen=True, kw_only=True):
    """The lesson did not take place, or was entered by mistake; what it held is struck out."""

    unit_id: UnitId
    lesson_id: LessonId
    on: date
    period: int
    assignment_id: AssignmentId
    subject_id: SubjectId
    reason: str
    group_id: GroupId | None = None


@command("lessons.arrange_substitution")
class ArrangeSubstitution(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    teacher_id: PersonId
    reason: str | None = None


class LessonPart(Value, frozen=True, kw_only=True):
    """Another assignment whose lesson is held together with the first."""

    unit_id: UnitId
    assignment_id: AssignmentId
    item_ids: tuple[ItemId, ...] = ()


@command("lessons.hold_lesson")
class HoldLesson(Command, frozen=True, kw_only=True):
    """The teacher is the actor. With `sign` the lesson is signed at once (needs a topic).

    `item_ids` are of the plan that the assignment follows; without `topic` their topics are it. `double`: the
    next hour too. `together`: one lesson of several classes or groups, all of the same teacher.
    """

    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    topic: str | None = None
    sign: bool = False
    item_ids: tuple[ItemId, ...] = ()
    room: str | None = None
    double: bool = False
    together: tuple[LessonPart, ...] = ()
    co_teacher_ids: tuple[PersonId, ...] = ()


@command("lessons.record_co_teacher")
class RecordCoTeacher(Command, frozen=True, kw_only=True):
    """By whoever held the lesson, or the director."""

    unit_id: UnitId
    lesson_id: LessonId
    teacher_id: PersonId


@command("lessons.record_topic")
class RecordTopic(Command, frozen=True, kw_only=True):
    """The first topic; one that stands already is corrected (`reason` needed).

    `item_ids` are the items of the plan it was about; left out, those that stand stay. With an empty `topic`
    their topics are it.
    Refused when the topic is no longer as it was `seen` ("": none).
    """

    unit_id: UnitId
    lesson_id: LessonId
    topic: str
    reason: str | None = None
    item_ids: tuple[ItemId, ...] | None = None
    seen: str | None = None


@command("lessons.sign_lesson")
class SignLesson(Command, frozen=True, kw_only=True):
    """By whoever held the lesson and, each for themselves, those who taught it too."""

    unit_id: UnitId
    lesson_id: LessonId


@command("lessons.cancel_lesson")
class CancelLesson(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    assignment_id: AssignmentId
    on: date
    period: int
    reason: str


NO_SUCH_LESSON = Reason(
    "LESSONS.NO_SUCH_LESSON",
    pl="Nie ma takiej lekcji ({lesson}).",
    en="There is no such lesson ({lesson}).",
)
LESSON_EXISTS = Reason(
    "LESSONS.LESSON_EXISTS",
    pl="Ta lekcja jest już wpisana: „{topic}”.",
    en="This lesson is already entered: “{topic}”.",
)
LESSON_WAS_CANCELLED = Reason(
    "LESSONS.LESSON_WAS_CANCELLED",
    pl="Lekcja została odwołana: {reason}.",
    en="The lesson was cancelled: {reason}.",
)
NOT_YOUR_LESSON = Reason(
    "LESSONS.NOT_YOUR_LESSON",
    pl="Tę lekcję prowadzi inny nauczyciel, a zastępstwa nie ustalono.",
    en="Another teacher holds this lesson, and no substitution was arranged.",
)
TOPIC_MISSING = Reason(
    "LESSONS.TOPIC_MISSING",
    pl="Lekcja bez tematu nie może być podpisana. Wpisz temat.",
    en="A lesson without a topic cannot be signed. Enter the topic.",
)
ALREADY_SIGNED = Reason(
    "LESSONS.ALREADY_SIGNED",
    pl="Lekcja jest już podpisana.",
    en="The lesson is already signed.",
)
LESSON_IN_FUTURE = Reason(
    "LESSONS.LESSON_IN_FUTURE",
    pl="Lekcja z dnia {on} jeszcze się nie odbyła.",
    en="The lesson of {on} has not taken place yet.",
)
REASON_MISSING = Reason(
    "LESSONS.REASON_MISSING",
    pl="Zmiana istniejącego wpisu wymaga podania przyczyny.",
    en="Changing an entry that stands needs a reason.",
)
SUBSTITUTE_IS_THE_TEACHER = Reason(
    "LESSONS.SUBSTITUTE_IS_THE_TEACHER",
    pl="Nauczyciel nie zastępuje samego siebie.",
    en="A teacher does not substitute for themselves.",
)
OUTSIDE_TERM = Reason(
    "LESSONS.OUTSIDE_TERM",
    pl="Dnia {on} nie ma lekcji: nie należy do żadnego okresu roku szkolnego.",
    en="There are no lessons on {on}: the day is in no term of the school year.",
)
HELD_TOGETHER_TWICE = Reason(
    "LESSONS.HELD_TOGETHER_TWICE",
    pl="Przydział {assignment} stoi dwa razy wśród lekcji łączonych.",
    en="The assignment {assignment} stands twice among the lessons held together.",
)
OTHER_TEACHER = Reason(
    "LESSONS.OTHER_TEACHER",
    pl="Lekcje łączone prowadzi jeden nauczyciel; tę ma prowadzić {teacher}. Ustal zastępstwo.",
    en="Lessons held together have one teacher; this one is {teacher}'s. Arrange a substitution.",
)
CO_TEACHER_IS_THE_TEACHER = Reason(
    "LESSONS.CO_TEACHER_IS_THE_TEACHER",
    pl="Nauczyciel prowadzący nie jest nauczycielem współprowadzącym.",
    en="Whoever holds the lesson is not its co-teacher as well.",
)
CO_TEACHER_TWICE = Reason(
    "LESSONS.CO_TEACHER_TWICE",
    pl="Nauczyciel {teacher} stoi dwa razy.",
    en="The teacher {teacher} stands twice.",
)
