"""What does a school's part of a bundle say, in the register's ids?

These rows hold the school together and nothing personal; they are kept between imports. What
is personal (names, contacts, birth) and the results stand apart and are not kept.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the rows that are kept."""


class OrgRow(Kept, frozen=True, kw_only=True):
    """The school itself; `sourced_id` as in the file, to know it again."""

    sourced_id: str
    name: str
    identifier: str | None = None


class SessionRow(Kept, frozen=True, kw_only=True):
    title: str
    type: str
    starts: date
    ends: date
    parent: str | None = None
    school_year: str | None = None


class CourseRow(Kept, frozen=True, kw_only=True):
    title: str
    code: str | None = None
    year: str | None = None


class ClassRow(Kept, frozen=True, kw_only=True):
    title: str
    course: str
    terms: tuple[str, ...] = ()
    code: str | None = None
    homeroom: bool = False
    grades: str | None = None


class UserRow(Kept, frozen=True, kw_only=True):
    """`role` is that of OneRoster 1.1; in 1.2 roles are rows of their own."""

    agents: tuple[str, ...] = ()
    role: str | None = None


class RoleRow(Kept, frozen=True, kw_only=True):
    user: str
    role: str
    begins: date | None = None
    ends: date | None = None


class EnrolmentRow(Kept, frozen=True, kw_only=True):
    class_id: str
    user: str
    role: str
    primary: bool = False
    begins: date | None = None
    ends: date | None = None


class CategoryRow(Kept, frozen=True, kw_only=True):
    title: str
    weight: Decimal | None = None


class LineItemRow(Kept, frozen=True, kw_only=True):
    title: str
    on: date
    class_id: str
    category: str
    low: Decimal | None = None
    high: Decimal | None = None


AnyKept: TypeAlias = (
    OrgRow | SessionRow | CourseRow | ClassRow | UserRow | RoleRow | EnrolmentRow | CategoryRow | LineItemRow
)

KEPT: dict[str, type[Kept]] = {
    "orgs": OrgRow,
    "academicSessions": SessionRow,
    "courses": CourseRow,
    "classes": ClassRow,
    "users": UserRow,
    "roles": RoleRow,
    "enrollments": EnrolmentRow,
    "categories": CategoryRow,
    "lineItems": LineItemRow,
}


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is called and reached, of users.csv."""

    given_names: str
    family_name: str
    email: str | None = None
    phone: str | None = None


class DemographicRow(msgspec.Struct, frozen=True, kw_only=True):
    birth_date: date | None = None
    birth_place: str | None = None
    sex: str | None = None


class ResultRow(msgspec.Struct, frozen=True, kw_only=True):
    line_item: str
    pupil: str
    status: str
    on: date
    score: Decimal | None = None
    text: str | None = None
    comment: str | None = None
