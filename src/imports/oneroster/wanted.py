"""What should the register hold once the file is in?

The file said in the register's own words: school, years, subjects, people, class units, groups,
assignments, columns, grades. Each knows the place in the file it comes from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from dziennik.contracts.envelope import Role
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import Term
from dziennik.imports.oneroster.faults import NOWHERE, Place
from dziennik.imports.oneroster.rows import CategoryRow, DemographicRow, PersonRow


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; `until` None: no end is known."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """A school year. `own` is False when the register had opened it itself: it is left as it is."""

    year_id: str
    name: str
    starts: date
    ends: date
    terms: tuple[Term, ...]
    place: Place = NOWHERE
    own: bool = True

    def clip(self, day: date) -> date:
        """The day, or the nearest one within the year."""
        return min(max(day, self.starts), self.ends)

    def span(self, begins: date | None, ends: date | None) -> Span:
        """A stay within the year; one that lasts to its end has no end of its own."""
        until = None if ends is None or ends >= self.ends else self.clip(ends)
        since = self.clip(begins or self.starts)
        return Span(since, until if until is None else max(until, since))


@dataclass(frozen=True, slots=True)
class Subject:
    subject_id: str
    name: str
    short_name: str
    place: Place
    own: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """`row` is None when only an earlier file named the person, and this one leaves it so."""

    person_id: str
    row: PersonRow | None
    demographic: DemographicRow | None
    roles: dict[Role, Span]
    place: Place


@dataclass(frozen=True, slots=True)
class Right:
    pupil_id: str
    parent_id: str
    guardianship: Guardianship
    since: date
    place: Place


@dataclass(frozen=True, slots=True)
class Unit:
    unit_id: str
    year: Year
    name: str
    level: int | None
    place: Place
    homeroom: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A pupil in a class unit."""

    unit_id: str
    pupil_id: str
    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class Group:
    """`owner` is the class unit, or the group itself when it draws from several (`class_ids`)."""

    group_id: str
    owner: str
    name: str
    year: Year
    class_ids: tuple[str, ...]
    place: Place

    @property
    def interclass(self) -> bool:
        return self.owner == self.group_id


@dataclass(frozen=True, slots=True)
class Member:
    group_id: str
    owner: str
    class_id: str
    pupil_id: str
    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class Assignment:
    assignment_id: str
    unit_id: str
    group_id: str | None
    subject_id: str
    teacher_id: str
    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class Column:
    column_id: str
    unit_id: str
    assignment_id: str
    title: str
    category_id: str
    on: date
    out_of: Decimal | None
    place: Place


@dataclass(frozen=True, slots=True)
class Grade:
    grade_id: str
    column_id: str
    class_id: str
    pupil_id: str
    value: str
    on: date
    comment: str | None
    place: Place


Key: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class Wanted:
    """Everything, in the order in which commands can bring it about.

    `notes` counts what was understood but has no place in the register, by reason.
    """

    name: str
    short_name: str
    place: Place = NOWHERE
    years: dict[str, Year] = field(default_factory=dict)
    categories: dict[str, CategoryRow] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    rights: dict[Key, Right] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    stays: dict[Key, Stay] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: dict[Key, Member] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    grades: dict[str, Grade] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
