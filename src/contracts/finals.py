"""Final grades (klasyfikacja końcowa): a subject may end before the last year of school.

Its annual grade is then the final one (education-system act, art. 44f), and counts with the annual grades of
the last year. Stream ``year/{class}/finals``: what ended in the class, and what its pupils bring from earlier
years.
"""

from __future__ import annotations

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, OnSheet, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, SubjectId, UnitId, Value


@fact("finals.subject_completed.1")
class SubjectCompleted(Fact, frozen=True, kw_only=True):
    """Teaching of the subject ends with this year of the class: its annual grades are final."""

    class_id: UnitId
    subject_id: SubjectId


@fact("finals.completion_withdrawn.1")
class CompletionWithdrawn(Fact, frozen=True, kw_only=True):
    """The subject does not end with this year after all."""

    class_id: UnitId
    subject_id: SubjectId
    reason: str


@fact("finals.final_grade_carried.1", person="pupil_id")
class FinalGradeCarried(Fact, frozen=True, kw_only=True):
    """A pupil of the class has this final grade in a subject that ended earlier; the latest holds.

    `year` names the school year it is of. `from_class_id` is the class of this school that it comes from;
    otherwise `source` says where it stands (a certificate of another school).
    """

    class_id: UnitId
    pupil_id: PersonId
    subject_id: SubjectId
    value: str
    year: str
    from_class_id: UnitId | None = None
    source: OnSheet | None = None
    reason: Personal | None = None


@command("finals.complete_subject")
class CompleteSubject(Command, frozen=True, kw_only=True):
    class_id: UnitId
    subject_id: SubjectId


@command("finals.withdraw_completion")
class WithdrawCompletion(Command, frozen=True, kw_only=True):
    class_id: UnitId
    subject_id: SubjectId
    reason: str


class CarriedGrade(Value, frozen=True, kw_only=True):
    """A pupil's final grade of an earlier year. `reason` is needed to put right one that stands."""

    pupil_id: PersonId
    subject_id: SubjectId
    value: str
    year: str
    source: str
    reason: str | None = None


@command("finals.carry_final_grades")
class CarryFinalGrades(Command, frozen=True, kw_only=True):
    """Final grades of earlier years that the register does not know; all or nothing.

    Those of this school come along when a class is promoted and when a pupil changes class or repeats a year.
    """

    class_id: UnitId
    grades: tuple[CarriedGrade, ...]


NOT_COMPLETED = Reason(
    "FINALS.NOT_COMPLETED",
    pl="Nauka przedmiotu {subject} nie kończy się w tym oddziale.",
    en="The subject {subject} does not end in this class.",
)
TAUGHT_HERE = Reason(
    "FINALS.TAUGHT_HERE",
    pl="Uczeń {pupil} ma w tym oddziale oceny z tego przedmiotu; ocena końcowa wyniknie z rocznej.",
    en="The pupil {pupil} has grades in this subject here; the final one follows from the annual one.",
)
