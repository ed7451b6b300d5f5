"""What does the register hold now, and which of it did an import bring?

Folded from the school's facts as far as a file can speak of them. Of every value two things
are known: how it stands, and what an import last made it. A file that repeats what was imported
is no news, so what the school entered itself since then stays (ADR 0040).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from dziennik.contracts.envelope import Role
from dziennik.contracts.values import GradingRules, Term
from dziennik.imports.oneroster.ids import after
from dziennik.imports.oneroster.wanted import Key, Span

T = TypeVar("T")

# Names the grade that follows one that an import struck out.
AGAIN = "again"


@dataclass(slots=True)
class Seen(Generic[T]):
    """A value as it stands, and as an import last left it."""

    now: T | None = None
    imported: T | None = None

    def set(self, value: T | None, by_import: bool) -> None:
        self.now = value
        if by_import:
            self.imported = value

    def news(self, wanted: T | None) -> bool:
        """Whether the file says something that is neither known from files nor so anyway."""
        return wanted not in (self.imported, self.now)

    def merged(self, wanted: T | None) -> T | None:
        """The file's value where it is news, else the register's."""
        return self.now if wanted == self.imported else wanted


DETAILS = ("birth_date", "birth_place", "national_id", "sex", "address")


@dataclass(slots=True)
class PersonSeen:
    name: Seen[tuple[str, str]] = field(default_factory=Seen)
    email: Seen[str] = field(default_factory=Seen)
    phone: Seen[str] = field(default_factory=Seen)
    details: dict[str, Seen[str]] = field(default_factory=lambda: {name: Seen() for name in DETAILS})
    roles: dict[Role, Seen[Span]] = field(default_factory=dict)
    # Rights over this pupil, by parent.
    rights: dict[str, Seen[Span]] = field(default_factory=dict)


@dataclass(slots=True)
class AssignmentSeen:
    unit_id: str
    group_id: str | None
    span: Seen[Span]


@dataclass(slots=True)
class UnitSeen:
    """A class unit or an interclass group."""

    year_id: str
    class_ids: tuple[str, ...] = ()
    name: Seen[tuple[str, int | None]] = field(default_factory=Seen)
    homeroom: Seen[str] = field(default_factory=Seen)
    stays: dict[str, Seen[Span]] = field(default_factory=dict)
    groups: dict[str, Seen[str]] = field(default_factory=dict)
    members: dict[Key, Seen[Span]] = field(default_factory=dict)
    assignments: dict[str, AssignmentSeen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    category_id: str
    on: date
    out_of: Decimal | None


@dataclass(slots=True)
class ColumnSeen:
    unit_id: str
    assignment_id: str
    heading: Seen[Heading]


@dataclass(slots=True)
class GradeSeen:
    """`value` None: struck out."""

    class_id: str
    subject_id: str
    pupil_id: str
    column_id: str | None
    value: Seen[str]


@dataclass(frozen=True, slots=True)
class YearSeen:
    name: str
    starts: date
    ends: date
    by_import: bool


@dataclass(slots=True)
class Picture:
    """Everything a file can speak of."""

    name: Seen[tuple[str, str]] = field(default_factory=Seen)
    years: dict[str, YearSeen] = field(default_factory=dict)
    terms: dict[str, Seen[tuple[Term, ...]]] = field(default_factory=dict)
    grading: dict[str, GradingRules] = field(default_factory=dict)
    # Name and weight of each category, by year.
    categories: dict[str, dict[str, Seen[tuple[str, Decimal]]]] = field(default_factory=dict)
    subjects: dict[str, Seen[tuple[str, str]]] = field(default_factory=dict)
    persons: dict[str, PersonSeen] = field(default_factory=dict)
    units: dict[str, UnitSeen] = field(default_factory=dict)
    columns: dict[str, ColumnSeen] = field(default_factory=dict)
    grades: dict[str, GradeSeen] = field(default_factory=dict)

    def assignment(self, assignment_id: str) -> AssignmentSeen | None:
        for unit in self.units.values():
            if assignment_id in unit.assignments:
                return unit.assignments[assignment_id]
        return None

    def role_since(self, person_id: str, role: Role) -> date:
        """Since when the person holds the role; whenever, if the register does not know yet."""
        person = self.persons.get(person_id)
        held = person.roles.get(role) if person else None
        return held.now.since if held and held.now else date.min

    def group_owner(self, group_id: str) -> str | None:
        """The unit that has the group."""
        return next((name for name, unit in self.units.items() if group_id in unit.groups), None)

    def latest_grade(self, result_id: str) -> str:
        """The grade that stands for a result: an import may have struck it out and given it again."""
        seen = self.grades.get(result_id)
        while seen and seen.value.now is None and seen.value.imported is None:
            following = after(result_id, AGAIN)
            if following not in self.grades:
                break
            result_id, seen = following, self.grades[following]
        return result_id
