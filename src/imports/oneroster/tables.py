"""Which files and columns does OneRoster have, as far as a class register takes them?

After the CSV bindings 1.1 (final, 2017) and 1.2 (final, 2021) of 1EdTech. Only what is taken
is listed: other columns (`metadata.*` and those of no use here) may stand in a file and are
passed over. Enumerations that 1.2 lets a supplier extend take `ext:...` tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    TEXT = "text"
    REFERENCE = "reference"
    REFERENCES = "references"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    NUMBER = "number"
    CHOICE = "choice"


BOTH = frozenset({"1.1", "1.2"})
V11 = frozenset({"1.1"})
V12 = frozenset({"1.2"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """`needed`: the versions whose rows must fill it. `target`: the file a reference points into.

    A `soft` reference that leads nowhere costs only itself when bad rows are skipped.
    """

    name: str
    kind: Kind = Kind.TEXT
    needed: frozenset[str] = NONE
    target: str = ""
    choices: frozenset[str] = NONE
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file, without ".csv" in its name."""

    name: str
    columns: tuple[Column, ...] = field(default=())

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


STATUS = Column("status", Kind.CHOICE, choices=frozenset({"active", "tobedeleted"}))
_HEAD = (Column("sourcedId", needed=BOTH), STATUS, Column("dateLastModified", Kind.MOMENT))

_SESSION_TYPES = frozenset({"gradingPeriod", "semester", "schoolYear", "term"})
_ORG_TYPES = frozenset({"department", "school", "district", "local", "state", "national"})
_ROLES_11 = frozenset(
    {"administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"}
)
_ROLES_12 = _ROLES_11 | {
    "counselor",
    "districtAdministrator",
    "principal",
    "siteAdministrator",
    "systemAdministrator",
}
_SCORE_STATUSES = frozenset({"exempt", "fully graded", "not submitted", "partially graded", "submitted"})


def _text(name: str, needed: frozenset[str] = NONE) -> Column:
    return Column(name, Kind.TEXT, needed)


def _date(name: str, needed: frozenset[str] = NONE) -> Column:
    return Column(name, Kind.DATE, needed)


def _to(target: str, name: str, needed: frozenset[str] = NONE, *, soft: bool = False) -> Column:
    return Column(name, Kind.REFERENCE, needed, target, soft=soft)


def _to_many(target: str, name: str, needed: frozenset[str] = NONE) -> Column:
    return Column(name, Kind.REFERENCES, needed, target, soft=True)


def _choice(name: str, choices: frozenset[str], needed: frozenset[str] = NONE) -> Column:
    return Column(name, Kind.CHOICE, needed, choices=choices)


# In an order in which every reference, but for those within a file, points backwards.
TABLES: tuple[Table, ...] = (
    Table(
        "orgs",
        (
            *_HEAD,
            _text("name", BOTH),
            _choice("type", _ORG_TYPES, BOTH),
            _text("identifier"),
            _to("orgs", "parentSourcedId", soft=True),
        ),
    ),
    Table(
        "academicSessions",
        (
            *_HEAD,
            _text("title", BOTH),
            _choice("type", _SESSION_TYPES, BOTH),
            _date("startDate", BOTH),
            _date("endDate", BOTH),
            _to("academicSessions", "parentSourcedId"),
            Column("schoolYear", Kind.NUMBER),
        ),
    ),
    Table(
        "courses",
        (
            *_HEAD,
            _to("academicSessions", "schoolYearSourcedId", soft=True),
            _text("title", BOTH),
            _text("courseCode"),
            _to("orgs", "orgSourcedId", BOTH),
        ),
    ),
    Table(
        "classes",
        (
            *_HEAD,
            _text("title", BOTH),
            _text("grades"),
            _to("courses", "courseSourcedId", BOTH),
            _text("classCode"),
            _choice("classType", frozenset({"homeroom", "scheduled"}), BOTH),
            _to("orgs", "schoolSourcedId", BOTH),
            _to_many("academicSessions", "termSourcedIds", BOTH),
        ),
    ),
    Table(
        "users",
        (
            *_HEAD,
            Column("enabledUser", Kind.BOOLEAN, BOTH),
            _to_many("orgs", "orgSourcedIds", V11),
            _choice("role", _ROLES_11, V11),
            _text("username", BOTH),
            _text("givenName", BOTH),
            _text("familyName", BOTH),
            _text("middleName"),
            _text("email"),
            _text("sms"),
            _text("phone"),
            _to_many("users", "agentSourcedIds"),
            _to("orgs", "primaryOrgSourcedId", soft=True),
        ),
    ),
    Table(
        "roles",
        (
            *_HEAD,
            _to("users", "userSourcedId", V12),
            _choice("roleType", frozenset({"primary", "secondary"}), V12),
            _choice("role", _ROLES_12, V12),
            _date("beginDate"),
            _date("endDate"),
            _to("orgs", "orgSourcedId", V12),
        ),
    ),
    Table(
        "enrollments",
        (
            *_HEAD,
            _to("classes", "classSourcedId", BOTH),
            _to("orgs", "schoolSourcedId", BOTH),
            _to("users", "userSourcedId", BOTH),
            _choice("role", _ROLES_11, BOTH),
            Column("primary", Kind.BOOLEAN),
            _date("beginDate"),
            _date("endDate"),
        ),
    ),
    Table(
        "demographics",
        (
            # The id is the user's.
            _to("users", "sourcedId", BOTH),
            STATUS,
            Column("dateLastModified", Kind.MOMENT),
            _date("birthDate"),
            _choice("sex", frozenset({"female", "male", "other", "unspecified"})),
            _text("cityOfBirth"),
        ),
    ),
    Table(
        "categories",
        (*_HEAD, _text("title", BOTH), Column("weight", Kind.NUMBER)),
    ),
    Table(
        "lineItems",
        (
            *_HEAD,
            _text("title", BOTH),
            _date("assignDate", BOTH),
            _date("dueDate", BOTH),
            _to("classes", "classSourcedId", BOTH),
            _to("categories", "categorySourcedId", BOTH),
            _to("academicSessions", "gradingPeriodSourcedId", V11),
            _to("academicSessions", "academicSessionSourcedId"),
            Column("resultValueMin", Kind.NUMBER, V11),
            Column("resultValueMax", Kind.NUMBER, V11),
            _to("orgs", "schoolSourcedId"),
        ),
    ),
    Table(
        "results",
        (
            *_HEAD,
            _to("lineItems", "lineItemSourcedId", BOTH),
            _to("users", "studentSourcedId", BOTH),
            _choice("scoreStatus", _SCORE_STATUSES, BOTH),
            Column("score", Kind.NUMBER),
            _date("scoreDate", BOTH),
            _text("comment"),
            _text("textScore"),
        ),
    ),
)

BY_NAME = {table.name: table for table in TABLES}
