"""Attacks that mix what is one's own with what is not, in one request or under one id."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import classes, grades, people
from dziennik.contracts.envelope import Role
from dziennik.graphql.executing import Executor
from tests.graphql.conftest import BEGIN, OFFICE, TODAY, Follow, Served

WIDE = ['subjects(school: "sp1") { name }', 'classes(school: "sp1", yearId: "y25") { totalCount }']
NARROW = """gradebook(school: "sp1", classId: "4a") {
  columns { subjectId } cells { subjectId } pupils { number } }"""


@pytest.fixture(params=[True, False], ids=["compiled", "ordinary"])
def executor(served: Served, request: pytest.FixtureRequest) -> Executor:
    return Executor(served.system, compiled=request.param)


def answer(served: Served, executor: Executor, query: str, who: str) -> dict[str, Any]:
    text = executor.answer(query, None, None, account_id=served.accounts[who], language="en")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_one_field_may_another_may_not(
    served: Served, follow: Follow, executor: Executor, order: tuple[int, ...]
) -> None:
    """The columns are asked for late, when another field with another grant was resolved."""
    column = grades.OpenColumn(
        column_id="c-art", unit_id="4a", assignment_id="a-art", title="Praca", category_id="quiz", on=TODAY
    )
    assert isinstance(served.system.register("sp1").execute(column, actor=OFFICE), Accepted)
    follow()
    fields = [f"wide{n}: {field}" for n, field in enumerate(WIDE)] + [f"narrow: {NARROW}"]
    query = f"{{ {' '.join(fields[n] for n in order)} }}"
    seen = answer(served, executor, query, "t-maths")["data"]
    assert len(seen["wide0"]) == 2
    assert {column["subjectId"] for column in seen["narrow"]["columns"]} == {"maths"}
    assert {cell["subjectId"] for cell in seen["narrow"]["cells"]} == {"maths"}
    assert len(seen["narrow"]["pupils"]) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(["p1", "p2", "p3"])))
def test_an_alias_for_a_foreign_pupil_is_denied_beside_ones_own(
    served: Served, executor: Executor, order: tuple[str, ...]
) -> None:
    fields = " ".join(f'{p}: pupil(school: "sp1", pupilId: "{p}") {{ personId familyName }}' for p in order)
    found = answer(served, executor, f"{{ {fields} }}", "m1")
    assert found["data"]["p1"] == {"personId": "p1", "familyName": "Źrebiec"}
    assert (found["data"]["p2"], found["data"]["p3"]) == (None, None)
    assert [error["extensions"]["code"] for error in found["errors"]] == ["ACCESS.DENIED"] * 2
    assert "Ćwik" not in str(found)


@pytest.mark.parametrize("school", ["sp2", "SP1", " sp1", "sp1 ", "sp1\u0000", "school_sp1", "x" * 9000])
def test_another_spelling_of_the_school_is_another_school(served: Served, school: str) -> None:
    query = 'query ($s: ID!) { a: subjects(school: "sp1") { name } b: subjects(school: $s) { name } }'
    assert served.code(query, "dir", s=school) in ("ACCESS.DENIED", "COMMAND.UNWRITABLE_TEXT")
    assert set(served.system._registers) == {"sp1", "sp2"}


def planted(served: Served, follow: Follow, who: str, unit: str, assignment: str, pupil: str) -> None:
    """A teacher gives a grade under the id of another's grade."""
    query = """mutation ($unit: ID!, $assignment: ID!, $pupil: ID!) { giveGrade(school: "sp1", input: {
      gradeId: "g-a-maths-0", unitId: $unit, classId: $unit, assignmentId: $assignment, pupilId: $pupil,
      value: "1", categoryId: "test", on: "2025-10-01" }) { __typename ... on Refusal { code } } }"""
    done = served.data(query, who, unit=unit, assignment=assignment, pupil=pupil)["giveGrade"]
    assert done == {"__typename": "Accepted"}
    follow()


HISTORY = (
    'query ($p: ID!) { gradeHistory(school: "sp1", pupilId: $p, gradeId: "g-a-maths-0") { pupilId old new } }'
)


def test_a_grade_under_the_id_of_anothers_pupils_grade_tells_nothing_of_it(
    served: Served, follow: Follow
) -> None:
    planted(served, follow, "t-other", "4b", "b-maths", "p3")
    assert served.data(HISTORY, "t-other", p="p3")["gradeHistory"] == [
        {"pupilId": "p3", "old": None, "new": "1"}
    ]
    mine = served.data(HISTORY, "m1", p="p1")["gradeHistory"]
    assert [(row["pupilId"], row["new"]) for row in mine] == [("p1", "4+"), ("p1", "5")]


def test_a_grade_under_the_id_of_a_grade_in_another_subject_tells_nothing_of_it(
    served: Served, follow: Follow
) -> None:
    appoint = classes.AppointHomeroomTeacher(class_id="4a", teacher_id="t-other", since=BEGIN)
    assert isinstance(served.system.register("sp1").execute(appoint, actor=OFFICE), Accepted)
    planted(served, follow, "t-art", "4a", "a-art", "p1")
    assert served.data(HISTORY, "t-art", p="p1")["gradeHistory"] == []


def test_a_class_beside_a_pupil_narrows_and_does_not_widen(served: Served) -> None:
    query = 'query ($c: ID!) { pupilGrades(school: "sp1", pupilId: "p1", classId: $c) { pupilId } }'
    assert {row["pupilId"] for row in served.data(query, "m1", c="4a")["pupilGrades"]} == {"p1"}
    assert served.data(query, "m1", c="4b")["pupilGrades"] == []


GIVE = """mutation ($key: String, $as: Role, $unit: ID!, $class: ID!, $assignment: ID!, $pupil: ID!) {
  giveGrade(school: "sp1", idempotencyKey: $key, actingAs: $as, input: { unitId: $unit, classId: $class,
    assignmentId: $assignment, pupilId: $pupil, value: "1", categoryId: "test", on: "2025-10-01" }) {
    __typename ... on Accepted { repeated id } ... on Refusal { code field } } }"""


@pytest.mark.parametrize(
    ("unit", "class_", "assignment", "pupil"),
    [
        ("4a", "4a", "a-maths", "p1"),  # a foreign class altogether
        ("4b", "4b", "b-maths", "p1"),  # a foreign pupil in the own class
        ("4b", "4a", "b-maths", "p1"),  # the own class, the pupil's class
        ("4a", "4a", "b-maths", "p1"),  # the own assignment in a foreign class
        ("4b", "4b", "a-maths", "p3"),  # a foreign assignment in the own class
    ],
)
def test_grades_of_foreign_pupils_and_assignments_are_refused(
    served: Served, unit: str, class_: str, assignment: str, pupil: str
) -> None:
    head = served.head()
    told = {"unit": unit, "class": class_, "assignment": assignment, "pupil": pupil}
    found = served.data(GIVE, "t-other", **told)["giveGrade"]
    assert found["__typename"] == "Refusal"
    assert served.head() == head


@pytest.mark.parametrize("role", ["DIRECTOR", "ADMINISTRATOR", "SYSTEM", "OPERATOR", "PARENT"])
def test_nobody_acts_in_a_role_that_they_do_not_hold(served: Served, role: str) -> None:
    head = served.head()
    own = {"unit": "4b", "class": "4b", "assignment": "b-maths", "pupil": "p3"}
    answer = served.ask(GIVE, "t-other", **own, **{"as": role})
    assert "NOT_YOURS_TO_DO" in str(answer) or "does not exist in 'Role'" in str(answer)
    assert served.head() == head


def test_the_key_of_another_account_is_another_key(served: Served) -> None:
    own = {"unit": "4a", "class": "4a", "assignment": "a-maths", "pupil": "p1", "key": "k"}
    first = served.data(GIVE, "t-maths", **own)["giveGrade"]
    assert first["repeated"] is False
    assert served.data(GIVE, "t-maths", **own)["giveGrade"] == {**first, "repeated": True}
    others = own | {"assignment": "a-art"}
    second = served.data(GIVE, "t-art", **others)["giveGrade"]
    assert (second["repeated"], second["id"] == first["id"]) == (False, False)
    crafted = served.data(GIVE, "t-art", **others | {"key": f"../{served.accounts['t-maths']}/k"})[
        "giveGrade"
    ]
    assert crafted["repeated"] is False


@pytest.mark.parametrize("key", ["k" * 201, "k\x00", "k" * 100_000])
def test_a_key_that_no_index_takes_is_refused(served: Served, key: str) -> None:
    head = served.head()
    own = {"unit": "4a", "class": "4a", "assignment": "a-maths", "pupil": "p1", "key": key}
    assert served.code(GIVE, "t-maths", **own) in ("COMMAND.TEXT_TOO_LONG", "COMMAND.UNWRITABLE_TEXT")
    assert served.head() == head


def test_a_role_that_begins_tomorrow_is_none_today(served: Served, follow: Follow) -> None:
    take = people.TakeRole(person_id="p2", role=Role.AUDITOR, since=date(2025, 10, 7))
    assert isinstance(served.system.register("sp1").execute(take, actor=OFFICE), Accepted)
    follow()
    assert served.code('{ people(school: "sp1", role: PUPIL) { totalCount } }', "p2") == "ACCESS.DENIED"
