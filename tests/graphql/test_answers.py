"""What is answered: grades given and seen, refusals told, pages turned, faults masked, both ways alike."""

from __future__ import annotations

import json
import logging
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dziennik.graphql.executing import Executor
from dziennik.projections import structure
from tests.graphql.conftest import PASSWORD, Follow, Served

GIVE = """mutation ($input: GiveGradeInput!, $key: String) {
  giveGrade(school: "sp1", input: $input, idempotencyKey: $key) {
    ... on Accepted { position facts repeated id }
    ... on Refusal { code message field details { name value } }
  }
}"""
FIVE = {
    "unitId": "4a",
    "classId": "4a",
    "assignmentId": "a-maths",
    "pupilId": "p1",
    "value": "5",
    "categoryId": "test",
    "on": "2025-10-01",
}
CELL = """subjectId average { value ruleVersion included { gradeId number weight } excluded { gradeId reason } }
  grades { id value struckOut { reason by role } changes { was now reason role } }"""


def test_a_teacher_gives_a_grade_and_the_parent_sees_it(served: Served, follow: Follow) -> None:
    done = served.data(GIVE, "t-maths", input=FIVE)["giveGrade"]
    assert (done["facts"], done["repeated"]) == (1, False)
    follow()
    query = 'query ($after: Int) { pupilGrades(school: "sp1", pupilId: "p1", afterPosition: $after) { grades { id value } } }'
    cells = served.data(query, "m1", after=done["position"])["pupilGrades"]
    assert {"id": done["id"], "value": "5"} in [grade for cell in cells for grade in cell["grades"]]


def test_an_average_is_explained(served: Served) -> None:
    """maths: 4+ corrected to 5, np has no number, 5- struck out: 5 x 5 / 5 = 5.00."""
    query = f'{{ pupilGrades(school: "sp1", pupilId: "p1") {{ {CELL} }} }}'
    art, maths = served.data(query, "p1")["pupilGrades"]
    assert maths["average"] == {
        "value": "5.00",
        "ruleVersion": 1,
        "included": [{"gradeId": "g-a-maths-0", "number": "5", "weight": "5"}],
        "excluded": [
            {"gradeId": "g-a-maths-1", "reason": "NO_NUMBER"},
            {"gradeId": "g-a-maths-2", "reason": "STRUCK_OUT"},
        ],
    }
    assert maths["grades"][0]["changes"] == [{"was": "4+", "now": "5", "reason": "pomyłka", "role": "SYSTEM"}]
    assert maths["grades"][2]["struckOut"]["reason"] == "nie ten uczeń"
    # art: (4.5 x 5 + 4.75 x 5) / 10 = 4.625, half up 4.63
    assert art["average"]["value"] == "4.63"


def test_a_repeated_mutation_gets_its_first_outcome(served: Served) -> None:
    first = served.data(GIVE, "t-maths", input=FIVE, key="k")["giveGrade"]
    head = served.head()
    again = served.data(GIVE, "t-maths", input=FIVE, key="k")["giveGrade"]
    assert again == {**first, "repeated": True}
    other = served.data(GIVE, "t-maths", input={**FIVE, "value": "2"}, key="k")["giveGrade"]
    assert (other["code"], other["field"]) == ("COMMAND.ID_REUSED", "commandId")
    assert served.head() == head


def test_keys_of_two_accounts_do_not_meet(served: Served) -> None:
    served.data(GIVE, "t-maths", input=FIVE, key="k")
    mine = {**FIVE, "assignmentId": "a-art"}
    assert served.data(GIVE, "t-art", input=mine, key="k")["giveGrade"]["repeated"] is False


def test_a_refusal_speaks_the_askers_language_and_names_the_field(served: Served) -> None:
    head = served.head()
    answer = served.ask(GIVE, "t-maths", language="pl", input={**FIVE, "value": "7"})
    assert answer["data"]["giveGrade"] == {
        "code": "GRADES.VALUE_OFF_SCALE",
        "message": "„7” nie jest oceną ze skali szkoły.",
        "field": "value",
        "details": [{"name": "value", "value": "7"}],
    }
    assert served.head() == head


def test_a_column_is_filled_whole_or_not_at_all(served: Served) -> None:
    query = """mutation ($grades: [GradeEntryInput!]!) {
      fillColumn(school: "sp1", input: {unitId: "4a", columnId: "c1", grades: $grades}) {
        ... on Accepted { facts } ... on Refusal { code field } } }"""
    entry = {"classId": "4a", "value": "4"}
    bad = [{**entry, "pupilId": "p1"}, {**entry, "pupilId": "p3"}]
    head = served.head()
    refused = served.data(query, "t-maths", grades=bad)["fillColumn"]
    assert refused == {"code": "CLASSES.NOT_ENROLLED", "field": "grades[1].pupilId"}
    assert served.head() == head
    good = [{**entry, "pupilId": "p1"}, {**entry, "pupilId": "p2", "value": "np"}]
    assert served.data(query, "t-maths", grades=good)["fillColumn"] == {"facts": 2}


def test_the_role_to_act_in_can_be_chosen_among_ones_own(served: Served) -> None:
    query = """mutation { renameSubject(school: "sp1", actingAs: TEACHER,
      input: {subjectId: "art", name: "Sztuka", shortName: "szt"}) { ... on Refusal { code field } } }"""
    assert served.data(query, "dir")["renameSubject"] == {
        "code": "ACCESS.NOT_YOURS_TO_DO",
        "field": "actingAs",
    }


def test_pages_follow_one_another(served: Served) -> None:
    query = """query ($after: String) {
      people(school: "sp1", role: TEACHER, first: 2, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { familyName } } } }"""
    first = served.data(query, "dir")["people"]
    assert [edge["node"]["familyName"] for edge in first["edges"]] == ["T-Art", "T-Maths"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    second = served.data(query, "dir", after=first["pageInfo"]["endCursor"])["people"]
    assert [edge["node"]["familyName"] for edge in second["edges"]] == ["T-Other"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert second["pageInfo"]["hasPreviousPage"] is True
    assert served.code(query, "dir", after="???") == "COMMAND.CURSOR_UNKNOWN"


def test_a_page_has_a_size(served: Served) -> None:
    for first in (0, -1, 201):
        query = f'{{ people(school: "sp1", role: PUPIL, first: {first}) {{ totalCount }} }}'
        assert served.code(query, "dir") == "COMMAND.PAGE_SIZE"


def test_pupils_stand_in_polish_order(served: Served) -> None:
    query = '{ people(school: "sp1", role: PUPIL) { edges { node { familyName } } } }'
    edges = served.data(query, "dir")["people"]["edges"]
    assert [edge["node"]["familyName"] for edge in edges] == ["Ącka", "Ćwik", "Źrebiec"]


def test_a_position_that_does_not_come_is_refused(served: Served) -> None:
    query = '{ pupilGrades(school: "sp1", pupilId: "p1", afterPosition: 999999) { subjectId } }'
    assert served.code(query, "p1") == "COMMAND.POSITION_AHEAD"


def test_a_login_by_mutation(served: Served) -> None:
    query = """mutation ($p: String!) { login(login: "M1.login", password: $p) {
      ... on Session { accessToken refreshToken expiresIn } ... on Refusal { code } } }"""
    session = served.ask(query, None, p=PASSWORD)["data"]["login"]
    assert session["expiresIn"] == 900
    assert served.system.accounts.account_of(session["accessToken"]) == served.accounts["m1"]
    assert served.ask(query, None, p="wrong password")["data"]["login"] == {"code": "ACCESS.LOGIN_FAILED"}


def test_a_fault_is_masked_and_logged_under_its_number(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(structure, "the_school", broken)
    with caplog.at_level(logging.ERROR):
        answer = served.ask('{ school(school: "sp1") { name } }', "dir")
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "FAULT"
    assert "secret" not in json.dumps(answer)
    assert error["extensions"]["number"] in caplog.text


LEAVES = st.sampled_from(["subjectId", "pupilId", "classId", "__typename", "x: subjectId"])
GRADE = st.sampled_from(
    ["id", "value", "weight", "on", "kind", "comment", "__typename", "w: weight", "givenAt", "categoryId"]
)
INNER = st.sampled_from(
    ["changes { was now at }", "struckOut { reason role __typename }", "changes { __typename }"]
)
AVERAGE = st.sampled_from(
    ["average { value }", "average { ruleVersion included { number } excluded { reason } }"]
)


def _joined(parts: list[str]) -> str:
    return " ".join(parts)


CELLS = st.builds(
    lambda leaves, average, grade, inner, wrap: (
        f"{_joined(leaves)} {_joined(average)} "
        + ("... on GradebookCell { " if wrap else "")
        + f"grades {{ {_joined(grade)} {_joined(inner)} }}"
        + (" }" if wrap else "")
    ),
    st.lists(LEAVES, unique=True, max_size=4),
    st.lists(AVERAGE, max_size=1),
    st.lists(GRADE, unique=True, min_size=1, max_size=6),
    st.lists(INNER, max_size=1),
    st.booleans(),
)
WHOLE = """classId subjectId pupilId average { value ruleVersion included { gradeId number weight }
  excluded { gradeId reason } } grades { id kind value description comment categoryId weight on columnId
  teacherId improves improvedBy givenAt position changes { was now reason by role at }
  struckOut { reason by role at } }"""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(CELLS, st.just(WHOLE), st.just("...F")))
def test_both_ways_of_answering_give_the_same_bytes(served: Served, cells: str) -> None:
    query = (
        f'{{ a: gradebook(school: "sp1", classId: "4a") {{ pupils {{ number familyName }} columns {{ id on }}'
        f' cells {{ {cells} }} }} pupilGrades(school: "sp1", pupilId: "p1") {{ {cells} }} }}'
    )
    if cells == "...F":
        query += f" fragment F on GradebookCell {{ {WHOLE} }}"
    ordinary = Executor(served.system, compiled=False)
    who = served.accounts["t-art"]
    fast = served.executor.answer(query, None, None, account_id=who, language="en")
    assert fast == ordinary.answer(query, None, None, account_id=who, language="en")
    assert b'"errors"' not in fast
    assert served.executor.prepare(query).shadow is not None


@pytest.mark.parametrize(
    "query",
    [
        'query ($s: Boolean = true) { school(school: "sp1") { name @skip(if: $s) shortName } }',
        '{ school(school: "sp1") { name } school(school: "sp1") { city } }',
        '{ __typename school(school: "sp1") { name } }',
        '{ school(school: "sp1") { name shortName name } }',
        'query A { school(school: "sp1") { name } } query B { mySchools { id } }',
        '{ school(school: "nowhere") { name } mySchools { id } }',
    ],
)
def test_what_is_not_compiled_goes_the_ordinary_way(served: Served, query: str) -> None:
    ordinary = Executor(served.system, compiled=False, explore=True)
    who = served.accounts["dir"]
    name = "A" if "query A" in query else None
    fast = served.executor.answer(query, None, name, account_id=who, language="en")
    assert fast == ordinary.answer(query, None, name, account_id=who, language="en")


def test_days_and_instants_are_iso(served: Served) -> None:
    query = '{ class(school: "sp1", classId: "4a") { assignments { since until } } }'
    assert served.data(query, "p1")["class"]["assignments"][0] == {
        "since": date(2025, 9, 1).isoformat(),
        "until": None,
    }
    wrong = (
        '{ lessonJournal(school: "sp1", classId: "4a", from: "1.9.2025", to: "2025-10-01") { totalCount } }'
    )
    assert served.code(wrong, "dir") is not None


PUBLISH = """mutation ($on: Date) {
  setColumnPublication(school: "sp1", input: {unitId: "4a", columnId: "c1", on: $on}) { ... on Accepted { facts } }
}"""
IN_COLUMN = {
    "unitId": "4a",
    "classId": "4a",
    "assignmentId": "a-maths",
    "pupilId": "p1",
    "value": "1",
    "columnId": "c1",
    "gradeId": "hidden",
}


def test_what_is_not_published_yet_is_for_teachers_only(served: Served, follow: Follow) -> None:
    """The 1 (weight 3) of the column would make (5 x 5 + 1 x 3) / 8 = 3.50 of the 5.00."""
    assert served.data(PUBLISH, "t-maths", on="2025-10-07")["setColumnPublication"]["facts"] == 1
    served.data(GIVE, "t-maths", input=IN_COLUMN)
    follow()
    query = '{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId average { value } grades { id } } }'
    whole = '{ pupilYear(school: "sp1", pupilId: "p1", classId: "4a") { subjectId average { value } } }'
    history = '{ gradeHistory(school: "sp1", pupilId: "p1", gradeId: "hidden") { what } }'
    for who, average, seen in (
        ("t-maths", "3.50", True),
        ("aud", "3.50", True),
        ("m1", "5.00", False),
        ("p1", "5.00", False),
    ):
        cell = next(cell for cell in served.data(query, who)["pupilGrades"] if cell["subjectId"] == "maths")
        assert (cell["average"]["value"], {"id": "hidden"} in cell["grades"]) == (average, seen), who
        year = next(one for one in served.data(whole, who)["pupilYear"] if one["subjectId"] == "maths")
        assert year["average"]["value"] == average, who
        assert bool(served.data(history, who)["gradeHistory"]) is seen
    columns = '{ gradebook(school: "sp1", classId: "4a") { columns { id publishOn } } }'
    assert served.data(columns, "t-maths")["gradebook"]["columns"] == [
        {"id": "c1", "publishOn": "2025-10-07"}
    ]
    served.data(PUBLISH, "t-maths", on=None)
    follow()
    assert {"id": "hidden"} in [g for cell in served.data(query, "m1")["pupilGrades"] for g in cell["grades"]]
