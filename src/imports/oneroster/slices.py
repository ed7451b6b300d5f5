"""Which rows of the bundle are this school's, and what stands once earlier imports are added?

A bundle may hold a whole district. A school takes its own classes with what they need, the
people who are something there, and their guardians.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from dziennik.imports.oneroster.baseline import Baseline, Tables
from dziennik.imports.oneroster.bundle import Bundle
from dziennik.imports.oneroster.faults import NOWHERE, Place
from dziennik.imports.oneroster.ids import Ids
from dziennik.imports.oneroster.manifest import Mode
from dziennik.imports.oneroster.reading import Row
from dziennik.imports.oneroster.rows import (
    KEPT,
    CategoryRow,
    ClassRow,
    CourseRow,
    DemographicRow,
    EnrolmentRow,
    Kept,
    LineItemRow,
    OrgRow,
    PersonRow,
    ResultRow,
    RoleRow,
    SessionRow,
    UserRow,
)

# As Polish registers write it; what the file leaves open stays open.
SEXES = {"female": "K", "male": "M"}


@dataclass(slots=True)
class Slice:
    """One school's rows by the register's ids.

    `tables` is what stands now: this file on top of earlier ones. `deleted` are the rows the
    file marks as such, with the day it gives; `bad` are those it holds but that were skipped.
    `whole` names the tables of which the file says: this is all there is.
    """

    school_id: str
    ids: Ids
    org: OrgRow
    tables: Tables
    persons: dict[str, PersonRow] = field(default_factory=dict)
    demographics: dict[str, DemographicRow] = field(default_factory=dict)
    results: dict[str, ResultRow] = field(default_factory=dict)
    deleted: dict[str, dict[str, date | None]] = field(default_factory=dict)
    bad: dict[str, set[str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)

    def place(self, table: str, row_id: str) -> Place:
        """Where the row stands in this file; nowhere, if it is an earlier one's."""
        return self.places.get((table, row_id), NOWHERE)


def cut(bundle: Bundle, org: OrgRow, school_id: str, baseline: Baseline) -> Slice:
    """The school's part of the bundle on top of what earlier imports said."""
    cutting = _Cutting(bundle, org, Ids(school_id), baseline)
    cutting.choose()
    part = Slice(school_id, cutting.ids, org, tables={})
    cutting.note(part)
    for name in KEPT:
        part.tables[name] = cutting.merged(name, part)
    cutting.fill(part)
    return part


class _Cutting:
    """Choosing rows by the file's own ids, then turning them into the register's."""

    def __init__(self, bundle: Bundle, org: OrgRow, ids: Ids, baseline: Baseline) -> None:
        self.ids = ids
        self._bundle = bundle
        self._org = org
        self._baseline = baseline
        self._chosen: dict[str, dict[str, Row]] = {}

    def choose(self) -> None:
        """Settle which rows are the school's, table by table."""
        school = self._org.sourced_id
        self._chosen["orgs"] = {}
        self._chosen["academicSessions"] = self._where("academicSessions", lambda _: True)
        self._chosen["categories"] = self._where("categories", lambda _: True)
        classes = self._where("classes", lambda row: row.cells["schoolSourcedId"] == school)
        self._chosen["classes"] = classes
        courses = {row.cells["courseSourcedId"] for row in classes.values()}
        self._chosen["courses"] = self._where(
            "courses", lambda row: row.cells["orgSourcedId"] == school or row.sourced_id in courses
        )
        self._chosen["enrollments"] = self._where(
            "enrollments", lambda row: self._is_ours("classes", row.cells["classSourcedId"])
        )
        self._chosen["lineItems"] = self._where(
            "lineItems", lambda row: self._is_ours("classes", row.cells["classSourcedId"])
        )
        self._chosen["results"] = self._where(
            "results", lambda row: self._is_ours("lineItems", row.cells["lineItemSourcedId"])
        )
        self._chosen["roles"] = self._where("roles", lambda row: row.cells["orgSourcedId"] == school)
        self._chosen["users"] = self._users(school)
        self._chosen["demographics"] = self._where(
            "demographics", lambda row: self._is_ours("users", row.sourced_id)
        )

    def _where(self, table: str, ours: Callable[[Row], bool]) -> dict[str, Row]:
        return {row.sourced_id: row for row in self._bundle.active(table) if ours(row)}

    def _is_ours(self, table: str, sourced_id: str) -> bool:
        return sourced_id in self._chosen[table] or self._baseline.knows(
            table, self.ids.of(table, sourced_id)
        )

    def _users(self, school: str) -> dict[str, Row]:
        """Those with a role or a class at the school, and the agents of these."""
        wanted = {row.cells["userSourcedId"] for row in self._chosen["roles"].values()}
        wanted |= {row.cells["userSourcedId"] for row in self._chosen["enrollments"].values()}
        for row in self._bundle.active("users"):
            orgs = row.cells.get("orgSourcedIds", ())
            if school in orgs or row.cells.get("primaryOrgSourcedId") == school:
                wanted.add(row.sourced_id)
        agents = {
            agent
            for row in self._bundle.active("users")
            if row.sourced_id in wanted
            for agent in row.cells.get("agentSourcedIds", ())
        }
        wanted |= agents
        return self._where(
            "users",
            lambda row: (
                row.sourced_id in wanted
                or self._baseline.knows("users", self.ids.of("users", row.sourced_id))
            ),
        )

    def note(self, part: Slice) -> None:
        """What the file says about rows rather than in them."""
        for name, rows in self._bundle.tables.items():
            mode = self._bundle.manifest.modes.get(name, Mode.ABSENT)
            if mode is Mode.BULK and not rows.nameless:
                part.whole.add(name)
            ids = "users" if name == "demographics" else name
            deleted = [row for row in rows.good.values() if row.deleted]
            part.deleted[name] = {
                self.ids.of(ids, row.sourced_id): row.cells.get("dateLastModified") for row in deleted
            }
            part.bad[name] = {self.ids.of(ids, sid) for sid in rows.seen if sid not in rows.good}
            for row in (*self._chosen[name].values(), *deleted):
                part.places[name, self.ids.of(ids, row.sourced_id)] = row.place

    def merged(self, table: str, part: Slice) -> dict[str, Kept]:
        """This file's rows, and earlier ones where it does not claim to list all."""
        if table == "orgs":
            return {self.ids.of("orgs", self._org.sourced_id): self._org}
        earlier = self._baseline.tables[table]
        if table in part.whole:
            rows = {row_id: row for row_id, row in earlier.items() if row_id in part.bad[table]}
        else:
            rows = dict(earlier)
        turn = getattr(self, f"_{table}_row")
        rows.update((self.ids.of(table, row.sourced_id), turn(row)) for row in self._chosen[table].values())
        for row_id in part.deleted[table]:
            rows.pop(row_id, None)
        return rows

    def fill(self, part: Slice) -> None:
        """What is personal, and the results."""
        for row in self._chosen["users"].values():
            part.persons[self.ids.of("users", row.sourced_id)] = _person(row)
        for row in self._chosen["demographics"].values():
            part.demographics[self.ids.of("users", row.sourced_id)] = DemographicRow(
                birth_date=row.cells.get("birthDate"),
                birth_place=row.cells.get("cityOfBirth"),
                sex=SEXES.get(row.cells.get("sex", "")),
            )
        for row in self._chosen["results"].values():
            part.results[self.ids.of("results", row.sourced_id)] = self._result(row)

    def _result(self, row: Row) -> ResultRow:
        cells = row.cells
        return ResultRow(
            line_item=self.ids.of("lineItems", cells["lineItemSourcedId"]),
            pupil=self.ids.of("users", cells["studentSourcedId"]),
            status=cells["scoreStatus"],
            on=cells["scoreDate"],
            score=cells.get("score"),
            text=cells.get("textScore"),
            comment=cells.get("comment"),
        )

    def _all(self, table: str, sourced_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.ids.of(table, sourced_id) for sourced_id in sourced_ids)

    def _maybe(self, table: str, sourced_id: str | None) -> str | None:
        return None if sourced_id is None else self.ids.of(table, sourced_id)

    def _academicSessions_row(self, row: Row) -> SessionRow:  # noqa: N802
        year = row.cells.get("schoolYear")
        return SessionRow(
            title=row.cells["title"],
            type=row.cells["type"],
            starts=row.cells["startDate"],
            ends=row.cells["endDate"],
            parent=self._maybe("academicSessions", row.cells.get("parentSourcedId")),
            school_year=None if year is None else str(year),
        )

    def _courses_row(self, row: Row) -> CourseRow:
        return CourseRow(
            title=row.cells["title"],
            code=row.cells.get("courseCode"),
            year=self._maybe("academicSessions", row.cells.get("schoolYearSourcedId")),
        )

    def _classes_row(self, row: Row) -> ClassRow:
        return ClassRow(
            title=row.cells["title"],
            course=self.ids.of("courses", row.cells["courseSourcedId"]),
            terms=self._all("academicSessions", row.cells["termSourcedIds"]),
            code=row.cells.get("classCode"),
            homeroom=row.cells["classType"] == "homeroom",
            grades=row.cells.get("grades"),
        )

    def _users_row(self, row: Row) -> UserRow:
        return UserRow(
            agents=self._all("users", row.cells.get("agentSourcedIds", ())),
            role=row.cells.get("role") if self._bundle.manifest.version == "1.1" else None,
        )

    def _roles_row(self, row: Row) -> RoleRow:
        return RoleRow(
            user=self.ids.of("users", row.cells["userSourcedId"]),
            role=row.cells["role"],
            begins=row.cells.get("beginDate"),
            ends=row.cells.get("endDate"),
        )

    def _enrollments_row(self, row: Row) -> EnrolmentRow:
        return EnrolmentRow(
            class_id=self.ids.of("classes", row.cells["classSourcedId"]),
            user=self.ids.of("users", row.cells["userSourcedId"]),
            role=row.cells["role"],
            primary=row.cells.get("primary", False),
            begins=row.cells.get("beginDate"),
            ends=row.cells.get("endDate"),
        )

    def _categories_row(self, row: Row) -> CategoryRow:
        return CategoryRow(title=row.cells["title"], weight=row.cells.get("weight"))

    def _lineItems_row(self, row: Row) -> LineItemRow:  # noqa: N802
        return LineItemRow(
            title=row.cells["title"],
            on=row.cells["dueDate"],
            class_id=self.ids.of("classes", row.cells["classSourcedId"]),
            category=self.ids.of("categories", row.cells["categorySourcedId"]),
            low=row.cells.get("resultValueMin"),
            high=row.cells.get("resultValueMax"),
        )


def _person(row: Row) -> PersonRow:
    names = [row.cells["givenName"], row.cells.get("middleName")]
    return PersonRow(
        given_names=" ".join(name for name in names if name),
        family_name=row.cells["familyName"],
        email=row.cells.get("email"),
        phone=row.cells.get("phone") or row.cells.get("sms"),
    )
