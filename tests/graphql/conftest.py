"""A small school served whole: two classes, their people with accounts, a few entries."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dziennik.accounts.accounts import Accounts
from dziennik.app import System
from dziennik.application.register import Accepted, Register
from dziennik.contracts import attendance, audits, classes, grades, lessons, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import Term
from dziennik.graphql.executing import Executor
from dziennik.settings import Settings

OFFICE = Actor(account="cli", role=Role.SYSTEM, channel=Channel.SYSTEM)
NOW = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
BEGIN = date(2025, 9, 1)
TODAY = date(2025, 10, 6)
SCHOOLS = ("sp1", "sp2")
PASSWORD = "a long enough password"

# person -> role; p1, p2 are in 4a, p3 in 4b; m1 is p1's mother, f3 lost the rights over p3.
PEOPLE = {
    "dir": Role.DIRECTOR,
    "adm": Role.ADMINISTRATOR,
    "aud": Role.AUDITOR,
    "t-maths": Role.TEACHER,
    "t-art": Role.TEACHER,
    "t-other": Role.TEACHER,
    "p1": Role.PUPIL,
    "p2": Role.PUPIL,
    "p3": Role.PUPIL,
    "m1": Role.PARENT,
    "f3": Role.PARENT,
}
NAMES = {"p1": ("Łucja", "Źrebiec"), "p2": ("Adam", "Ćwik"), "p3": ("Ewa", "Ącka"), "m1": ("Anna", "Źrebiec")}


@dataclass
class Served:
    """A running system with an executor, and tokens by person."""

    system: System
    executor: Executor
    accounts: dict[str, str] = field(default_factory=dict)

    def ask(
        self, query: str, who: str | None = None, *, language: str = "en", **variables: object
    ) -> dict[str, Any]:
        """The answer to a query, asked by a person of sp1 (None: nobody)."""
        account = self.accounts[who] if who else None
        answer = self.executor.answer(query, variables or None, None, account_id=account, language=language)
        found: dict[str, Any] = json.loads(answer)
        return found

    def data(self, query: str, who: str, **variables: object) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = self.ask(query, who, language="en", **variables)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    def code(self, query: str, who: str | None, **variables: object) -> str | None:
        """The code of the first error, None when there is none."""
        errors = self.ask(query, who, language="en", **variables).get("errors")
        return errors[0].get("extensions", {}).get("code", errors[0]["message"]) if errors else None

    def head(self) -> int:
        return self.system.register("sp1").journal.position()


def _structure() -> Iterator[Command]:
    yield school.IntroduceSubject(subject_id="maths", name="Matematyka", short_name="mat")
    yield school.IntroduceSubject(subject_id="art", name="Plastyka", short_name="pla")
    yield school.OpenSchoolYear(
        year_id="y25",
        name="2025/2026",
        starts=BEGIN,
        ends=date(2026, 8, 31),
        terms=(Term(term_id="t1", name="Okres 1", starts=BEGIN, ends=date(2026, 1, 31)),),
    )
    for person, role in PEOPLE.items():
        given, family = NAMES.get(person, ("Jan", person.title()))
        yield people.RegisterPerson(
            person_id=person, given_names=given, family_name=family, since=BEGIN, roles=(role,)
        )
    yield audits.IssueMandate(
        mandate_id="all",
        auditor_id="aud",
        since=date(2025, 10, 1),
        until=date(2026, 9, 30),
        reason="kontrola",
    )
    for class_id in ("4a", "4b"):
        yield classes.OpenClass(class_id=class_id, year_id="y25", name=class_id, level=4)
    for class_id, pupil in (("4a", "p1"), ("4a", "p2"), ("4b", "p3")):
        yield classes.EnrolPupil(class_id=class_id, pupil_id=pupil, since=BEGIN)
    mother = people.GrantParentalRights(
        pupil_id="p1", parent_id="m1", guardianship=Guardianship.PARENT, since=BEGIN
    )
    father = people.GrantParentalRights(
        pupil_id="p3", parent_id="f3", guardianship=Guardianship.PARENT, since=BEGIN
    )
    ended = people.EndParentalRights(
        pupil_id="p3", parent_id="f3", until=date(2025, 9, 30), basis="III RC 1/25"
    )
    yield from (mother, father, ended)
    yield classes.AppointHomeroomTeacher(class_id="4a", teacher_id="t-art", since=BEGIN)
    for assignment, unit, subject, teacher in (
        ("a-maths", "4a", "maths", "t-maths"),
        ("a-art", "4a", "art", "t-art"),
        ("b-maths", "4b", "maths", "t-other"),
    ):
        yield classes.AssignTeaching(
            assignment_id=assignment, unit_id=unit, subject_id=subject, teacher_id=teacher, since=BEGIN
        )


def _entries() -> Iterator[Command]:
    for unit, assignment, pupil in (("4a", "a-maths", "p1"), ("4a", "a-art", "p1"), ("4b", "b-maths", "p3")):
        for number, value in enumerate(("4+", "np", "5-")):
            yield grades.GiveGrade(
                grade_id=f"g-{assignment}-{number}",
                unit_id=unit,
                class_id=unit,
                assignment_id=assignment,
                pupil_id=pupil,
                value=value,
                category_id="test",
                on=date(2025, 9, 10 + number),
                comment="dobrze" if number == 0 else None,
            )
    yield grades.CorrectGrade(
        class_id="4a", subject_id="maths", pupil_id="p1", grade_id="g-a-maths-0", value="5", reason="pomyłka"
    )
    yield grades.StrikeOutGrade(
        class_id="4a", subject_id="maths", pupil_id="p1", grade_id="g-a-maths-2", reason="nie ten uczeń"
    )
    yield grades.OpenColumn(
        column_id="c1", unit_id="4a", assignment_id="a-maths", title="Ułamki", category_id="quiz", on=TODAY
    )
    for unit, assignment in (("4a", "a-maths"), ("4a", "a-art"), ("4b", "b-maths")):
        yield lessons.HoldLesson(
            unit_id=unit, assignment_id=assignment, on=date(2025, 9, 15), period=2, topic="Temat", sign=True
        )
        lesson_id = lessons.lesson_id(date(2025, 9, 15), 2, assignment)
        marked = "p1" if unit == "4a" else "p3"
        mark = attendance.RollMark(pupil_id=marked, type_id="absent")
        yield attendance.CallRoll(unit_id=unit, lesson_id=lesson_id, marks=(mark,))


@dataclass(frozen=True)
class Template:
    """The school as each test finds it, built once a server: a database and its proofs, to be copied."""

    database: str
    folder: Path
    accounts: dict[str, str]


def _opened(dsn: str, folder: Path) -> System:
    """A system whose clock stands still and whose passwords cost little."""
    settings = Settings(
        data_dir=folder,
        database_url=dsn,
        master_key=bytes(32),
        token_key=bytes(range(32)),
        proof_key=bytes(range(1, 33)),
        push_key=bytes(range(2, 34)),
        proof_dir=folder / "proofs",
        explore=True,
    )
    system = System(settings, dsn)
    system.accounts.close()
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    system.accounts = Accounts(dsn, system.provider(), settings.token_key, hasher=quick)
    return system


def _registered(system: System, school_id: str) -> Register:
    register = Register(system.journals.school(school_id), now=lambda: NOW)
    system._registers[school_id] = register
    return register


def _built(system: System) -> dict[str, str]:
    """Both schools lived until now; the accounts of sp1's people."""
    for school_id in SCHOOLS:
        system.found(school_id)
        register = _registered(system, school_id)
        founding = school.FoundSchool(school_id=school_id, name=f"Szkoła {school_id}", short_name=school_id)
        for command in (founding, *_structure(), *_entries()):
            outcome = register.execute(command, actor=OFFICE)
            assert isinstance(outcome, Accepted), (command, outcome)
    accounts = {}
    for person in PEOPLE:
        account = system.accounts.open_account(f"{person}.login", PASSWORD, by=OFFICE)
        assert isinstance(account, str)
        accounts[person] = account
        link = people.LinkAccount(person_id=person, account_id=account)
        assert isinstance(system.register("sp1").execute(link, actor=OFFICE), Accepted)
    for school_id in SCHOOLS:
        system.follower.run_once(school_id)
    return accounts


@pytest.fixture(scope="session")
def template(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    name, folder = f"template_{uuid.uuid4().hex}", tmp_path_factory.mktemp("template")
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        system = _opened(make_conninfo(database_server, dbname=name), folder)
        try:
            accounts = _built(system)
        finally:
            system.close()
        yield Template(name, folder, accounts)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def served(template: Template, new_database: Callable[..., str], tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(template.folder, tmp_path, dirs_exist_ok=True)
    system = _opened(new_database(template.database), tmp_path)
    for school_id in SCHOOLS:
        _registered(system, school_id)
    yield Served(system, Executor(system, explore=True), dict(template.accounts))
    system.close()


Follow = Callable[[], None]


@pytest.fixture
def follow(served: Served) -> Follow:
    """Bring the read models of sp1 to the journal's head."""

    def once() -> None:
        served.system.follower.run_once("sp1")

    return once
