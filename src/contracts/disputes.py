"""Disputes: a parent's or pupil's question about an entry, the teacher's answer, and what was decided.

Stream ``year/{class}/dispute/{dispute}``: disputes belong to the class's register, and to its archive. They
stay possible after the year was closed; what they lead to is a correction, which then needs its permission.
"""

from __future__ import annotations

from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import GradeId, LessonId, PersonId, SubjectId, UnitId


class DisputeOutcome(StrEnum):
    """What was decided: the entry stands, or it is to be corrected."""

    STANDS = "stands"
    TO_BE_CORRECTED = "to_be_corrected"


@fact("disputes.question_asked.1", person="pupil_id")
class QuestionAsked(Fact, frozen=True, kw_only=True):
    """Somebody asked about an entry: a grade (`grade_id`) or a mark (`unit_id`, `lesson_id`)."""

    dispute_id: str
    class_id: UnitId
    pupil_id: PersonId
    asked_by: PersonId
    text: Personal
    subject_id: SubjectId | None = None
    grade_id: GradeId | None = None
    unit_id: UnitId | None = None
    lesson_id: LessonId | None = None


@fact("disputes.question_answered.1", person="pupil_id")
class QuestionAnswered(Fact, frozen=True, kw_only=True):
    """The teacher answered. There may be several answers."""

    dispute_id: str
    pupil_id: PersonId
    text: Personal


@fact("disputes.question_withdrawn.1")
class QuestionWithdrawn(Fact, frozen=True, kw_only=True):
    """Whoever asked asks no more."""

    dispute_id: str
    pupil_id: PersonId


@fact("disputes.dispute_decided.1", person="pupil_id")
class DisputeDecided(Fact, frozen=True, kw_only=True):
    """It was decided what becomes of the entry; the correction itself is a fact of its own."""

    dispute_id: str
    pupil_id: PersonId
    outcome: DisputeOutcome
    text: Personal


@command("disputes.ask_about_entry")
class AskAboutEntry(Command, frozen=True, kw_only=True):
    """Ask about one's own or one's child's grade or mark. `class_id` is the pupil's."""

    dispute_id: str
    class_id: UnitId
    pupil_id: PersonId
    text: str
    subject_id: SubjectId | None = None
    grade_id: GradeId | None = None
    unit_id: UnitId | None = None
    lesson_id: LessonId | None = None


@command("disputes.answer_question")
class AnswerQuestion(Command, frozen=True, kw_only=True):
    """By the teacher of the entry, the homeroom teacher, or the director.

    Refused when the latest answer is no longer the one that was `seen` ("": none).
    """

    class_id: UnitId
    dispute_id: str
    text: str
    seen: str | None = None


@command("disputes.withdraw_question")
class WithdrawQuestion(Command, frozen=True, kw_only=True):
    class_id: UnitId
    dispute_id: str


@command("disputes.decide_dispute")
class DecideDispute(Command, frozen=True, kw_only=True):
    """By the teacher of the entry, the homeroom teacher, or the director; it ends the dispute.

    See AnswerQuestion for `seen`.
    """

    class_id: UnitId
    dispute_id: str
    outcome: DisputeOutcome
    text: str
    seen: str | None = None


NOT_YOUR_ENTRY = Reason(
    "DISPUTES.NOT_YOUR_ENTRY",
    pl="O ten wpis może zapytać uczeń, którego dotyczy, albo jego rodzic.",
    en="The pupil concerned may ask about this entry, or a parent.",
)
NOT_YOURS_TO_ANSWER = Reason(
    "DISPUTES.NOT_YOURS_TO_ANSWER",
    pl="Odpowiada nauczyciel, który dokonał wpisu, wychowawca albo dyrektor.",
    en="The teacher who made the entry answers, the homeroom teacher, or the director.",
)
ONE_ENTRY = Reason(
    "DISPUTES.ONE_ENTRY",
    pl="Pytanie dotyczy jednego wpisu: oceny albo frekwencji na jednej lekcji.",
    en="A question is about one entry: a grade, or the attendance at one lesson.",
)
NO_SUCH_DISPUTE = Reason(
    "DISPUTES.NO_SUCH_DISPUTE",
    pl="Nie ma pytania {dispute}.",
    en="There is no question {dispute}.",
)
DISPUTE_EXISTS = Reason(
    "DISPUTES.DISPUTE_EXISTS",
    pl="Pytanie o tym identyfikatorze już jest.",
    en="There is a question with this id already.",
)
DISPUTE_IS_OVER = Reason(
    "DISPUTES.DISPUTE_IS_OVER",
    pl="Ta sprawa jest już zakończona.",
    en="This matter is over already.",
)
