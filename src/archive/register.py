"""What is a class register, before it is written down?

Facts put in order and grouped, nothing more: each part keeps the recorded facts themselves, so that
author, time and position of every entry are at hand when it is written. Made by dziennik.archive.folding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, TypeVar, overload

from dziennik.contracts.attendance import RollCalled
from dziennik.contracts.classes import ClassOpened, ClassRenamed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact
from dziennik.contracts.school import SchoolYearOpened, TermsSet
from dziennik.contracts.values import AttendanceKind, PersonId, SubjectId, Term, YearId

# Facts of one kind or family, in the order they were recorded; the last one holds.
History: TypeAlias = list[Recorded]

F = TypeVar("F", bound=Fact)
G = TypeVar("G", bound=Fact)


@overload
def told(each: Recorded, kind: type[F], /) -> F: ...


@overload
def told(each: Recorded, kind: type[F], other: type[G], /) -> F | G: ...


def told(each: Recorded, *kinds: type[Fact]) -> Fact:
    """The fact of an entry, known to be of one of these kinds. TypeError: the fold's tables are wrong."""
    if isinstance(each.fact, kinds):
        return each.fact
    raise TypeError(f"position {each.position} holds {type(each.fact).__name__}, not {kinds}")


@dataclass(slots=True)
class School:
    """The school and what it set for the class's year."""

    names: History = field(default_factory=list)
    years: dict[YearId, SchoolYearOpened] = field(default_factory=dict)
    # The class's year: known once all facts were folded.
    year: SchoolYearOpened | None = None
    terms: History = field(default_factory=list)
    periods: History = field(default_factory=list)
    grading: History = field(default_factory=list)
    attendance: History = field(default_factory=list)
    # Name and short name of each subject, in the order of introduction.
    subjects: dict[SubjectId, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Person:
    """Who somebody is: names, and the latest details and contact."""

    names: History = field(default_factory=list)
    details: Recorded | None = None
    contact: Recorded | None = None
    # Of a pupil: rights granted and ended, by parent in the order of the first grant.
    parents: dict[PersonId, History] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """A group of the class, or an interclass group that pupils of the class belong to."""

    formed: Recorded
    members: History = field(default_factory=list)


@dataclass(slots=True)
class Lesson:
    """Everything said about one hour, and what follows: who was asked, which marks stand."""

    entries: History = field(default_factory=list)
    on: date = date.min
    period: int = 0
    assignment_id: str = ""
    unit_id: str = ""
    subject_id: str | None = None
    group_id: str | None = None
    state: str = "arranged"
    roll: RollCalled | None = None
    marks: dict[PersonId, AttendanceKind] = field(default_factory=dict)


@dataclass(slots=True)
class Grade:
    """A grade as given, and what became of it."""

    given: Recorded
    later: History = field(default_factory=list)
    value: str = ""
    struck_out: bool = False


@dataclass(slots=True)
class ClassRegister:
    """A class-year as of the position `cut_off`."""

    class_id: str
    cut_off: int
    school: School = field(default_factory=School)
    class_names: History = field(default_factory=list)
    homeroom: History = field(default_factory=list)
    # The class's pupils in register order, each with the history of belonging to it.
    enrolments: dict[PersonId, History] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    assignments: dict[str, History] = field(default_factory=dict)
    timetables: History = field(default_factory=list)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    columns: dict[str, History] = field(default_factory=dict)
    # Grades by subject and pupil, in the order they were given.
    grades: dict[tuple[SubjectId, PersonId], dict[str, Grade]] = field(default_factory=dict)

    def name(self) -> str:
        """What the class is called at the cut-off."""
        return told(self.class_names[-1], ClassOpened, ClassRenamed).name

    def terms(self) -> tuple[Term, ...]:
        """The terms in force."""
        return told(self.school.terms[-1], TermsSet).terms if self.school.terms else ()
