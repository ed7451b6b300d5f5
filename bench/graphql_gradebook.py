"""How many gradebooks of a class does one worker answer a second, over HTTP?

The page: 30 pupils x 12 subjects x 8 grades, all fields of every cell as the published schema has them now,
one school in read models made by real facts. Against it, in the same run, on the same server and rows:

naive      strawberry types as classes with attributes, resolved field by field
raw SQL    a hand-written query that makes the whole JSON in PostgreSQL, sent as it comes
general    the same page with other fields than the stored ones (opened, cut and encoded anew)

Client and server are two processes on loopback; two keep-alive connections ask in turn.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from threading import Thread
from typing import Any, cast

from graphql import GraphQLObjectType, GraphQLSchema, build_schema, get_named_type

from dziennik.app import System
from dziennik.application.register import Register
from dziennik.contracts import classes, grades, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import Term
from dziennik.settings import Settings

SCHOOL, CLASS = "bench", "4a"
PUPILS, SUBJECTS, GRADES = 30, 12, 8
SECONDS = 6.0
NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
BEGIN = date(2025, 9, 1)
SDL = Path(__file__).resolve().parent.parent / "src/contracts/schema.graphql"
OFFICE = Actor(account="bench", role=Role.SYSTEM, channel=Channel.SYSTEM)
LOGIN, PASSWORD = "director.bench", "a password of the bench"
GENERAL = """pupilId subjectId average { value included { gradeId weight } } grades { position value id kind
  comment weight on categoryId teacherId givenAt struckOut { reason } changes { was now } }"""


def whole(type_name: str = "GradebookCell") -> str:
    """The selection of all fields of a type, in the published schema's order."""
    fields = cast("GraphQLObjectType", _schema().type_map[type_name]).fields
    inner = {name: get_named_type(field.type) for name, field in fields.items()}
    return " ".join(
        f"{name} {{ {whole(kind.name)} }}" if isinstance(kind, GraphQLObjectType) else name
        for name, kind in inner.items()
    )


@cache
def _schema() -> GraphQLSchema:
    return build_schema(SDL.read_text(encoding="utf-8"))


def page(cells: str) -> str:
    return f'{{ gradebook(school: "{SCHOOL}", classId: "{CLASS}") {{ cells {{ {cells} }} }} }}'


def commands() -> list[Command]:
    """A school with one class and its grades."""
    terms = (Term(term_id="t", name="Okres 1", starts=BEGIN, ends=date(2026, 1, 31)),)
    made: list[Command] = [
        school.FoundSchool(school_id=SCHOOL, name="Bench", short_name="B"),
        school.OpenSchoolYear(
            year_id="y", name="2025/2026", starts=BEGIN, ends=date(2026, 8, 31), terms=terms
        ),
        classes.OpenClass(class_id=CLASS, year_id="y", name=CLASS, level=4),
    ]
    who = [("d", Role.DIRECTOR), ("t", Role.TEACHER), *((f"p{n}", Role.PUPIL) for n in range(PUPILS))]
    for person, role in who:
        made.append(
            people.RegisterPerson(
                person_id=person, given_names="Łucja", family_name=person, since=BEGIN, roles=(role,)
            )
        )
        if role is Role.PUPIL:
            made.append(classes.EnrolPupil(class_id=CLASS, pupil_id=person, since=BEGIN))
    for number in range(SUBJECTS):
        subject = f"s{number:02d}"
        made.append(school.IntroduceSubject(subject_id=subject, name=subject, short_name=subject))
        made.append(
            classes.AssignTeaching(
                assignment_id=subject, unit_id=CLASS, subject_id=subject, teacher_id="t", since=BEGIN
            )
        )
        made += [_grade(subject, pupil, n) for pupil in range(PUPILS) for n in range(GRADES)]
    return made


def _grade(subject: str, pupil: int, number: int) -> Command:
    return grades.GiveGrade(
        grade_id=f"019a3f5e-0000-7000-8000-{subject}{pupil:04d}{number:05d}"[:36],
        unit_id=CLASS,
        class_id=CLASS,
        assignment_id=subject,
        pupil_id=f"p{pupil}",
        value=("4+", "5", "3-", "np", "2", "6", "4", "5-")[number],
        category_id=("test", "quiz", "oral", "homework")[number % 4],
        on=date(2025, 9, 2 + number),
        comment="praca na lekcji" if number == 0 else None,
    )


def settings(dsn: str) -> Settings:
    folder = Path(tempfile.gettempdir())
    return Settings(
        data_dir=folder,
        database_url=dsn,
        master_key=bytes(32),
        token_key=bytes(32),
        proof_key=bytes(range(32)),
        push_key=bytes(range(2, 34)),
        proof_dir=folder / "bench proofs",
    )


def build(dsn: str) -> str:
    """Build the school; an access token of its director."""
    system = System(settings(dsn), dsn)
    system.found(SCHOOL)
    register = Register(system.journals.school(SCHOOL), now=lambda: NOW)
    batch = register.batch()
    for command in commands():
        decided = batch.decide(command, actor=OFFICE, at=NOW)
        if isinstance(decided, Refusal):
            raise TypeError(f"{command} is refused: {decided}")
    batch.write(Origin(command_id="bench", actor=OFFICE, recorded_at=NOW))
    account = system.accounts.open_account(LOGIN, PASSWORD, by=OFFICE)
    if isinstance(account, Refusal):
        raise TypeError(account.code)
    register.execute(people.LinkAccount(person_id="d", account_id=account), actor=OFFICE)
    system.follower.run_once(SCHOOL)
    session = system.accounts.login(LOGIN, PASSWORD)
    system.close()
    if isinstance(session, Refusal):
        raise TypeError(session.code)
    return session.access_token


class Server:
    """A served application in a process of its own."""

    def __init__(self, kind: str, dsn: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.graphql_server", kind, dsn, str(self.port)],
            cwd=Path(__file__).resolve().parent.parent,
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise TimeoutError(f"no server on port {self.port}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)


def asked(port: int, token: str, body: bytes, seconds: float) -> tuple[float, list[float], bytes]:
    """(requests a second, seconds of each, one answer) of two connections."""
    took: list[float] = []
    sample: list[bytes] = []

    def one() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or not sample:
            start = time.perf_counter()
            connection.request("POST", "/graphql", body, headers)
            sample[:] = [connection.getresponse().read()]
            took.append(time.perf_counter() - start)
        connection.close()

    threads = [Thread(target=one) for _ in range(2)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(took) / (time.perf_counter() - start), took, sample[0]


def measure(kind: str, dsn: str, token: str, query: str) -> tuple[float, float, Any]:
    """(requests a second, p99 in ms, the answer) of a kind of server, after warming up."""
    body = json.dumps({"query": query}).encode()
    with Server(kind, dsn) as server:
        asked(server.port, token, body, 1.0)
        rate, took, answer = asked(server.port, token, body, SECONDS)
    found = json.loads(answer)
    if found.get("errors"):
        raise TypeError(found["errors"][0])
    return rate, quantiles(took, n=100)[98] * 1000 if len(took) > 1 else took[0] * 1000, found["data"]


def run(dsn: str) -> dict[str, dict[str, Any]]:
    token = build(dsn)
    rate, p99, data = measure("dziennik", dsn, token, page(whole()))
    naive, _, same = measure("naive", dsn, token, page(whole()))
    if same != data:
        raise AssertionError("the naive server answers something else")
    sql, _, sql_data = measure("sql", dsn, token, page(whole()))
    if len(sql_data["gradebook"]["cells"]) != PUPILS * SUBJECTS:
        raise AssertionError("the hand-written SQL answers something else")
    general, _, general_data = measure("dziennik", dsn, token, page(GENERAL))
    naive_general, _, same_general = measure("naive", dsn, token, page(GENERAL))
    if same_general != general_data:
        raise AssertionError("the naive server answers something else")
    size = len(json.dumps(data)) // 1000
    return {
        "graphql.class_gradebook.requests_per_s": {
            "value": rate,
            "unit": "requests/s",
            "baseline": f"none; a page of {size} kB, one worker, two clients",
            "limit": "asking PostgreSQL for the cells, HTTP, and who may",
        },
        "graphql.class_gradebook.p99_ms": {"value": p99, "unit": "ms", "baseline": "none; two clients"},
        "graphql.class_gradebook.ratio_to_naive": {
            "value": rate / naive,
            "unit": "x",
            "baseline": f"strawberry objects field by field, {naive:.1f} requests/s",
        },
        "graphql.class_gradebook.ratio_to_raw_sql_json": {
            "value": rate / sql,
            "unit": "x",
            "baseline": f"hand-written SQL returning the JSON, {sql:.1f} requests/s",
        },
        "graphql.general_query.ratio_to_naive": {
            "value": general / naive_general,
            "unit": "x",
            "baseline": f"the same query on strawberry objects, {naive_general:.1f} requests/s",
            "limit": "opening and cutting the stored JSON of the cells",
        },
    }


if __name__ == "__main__":
    print(json.dumps(run(os.environ["BENCH_DSN"]), indent=2))
