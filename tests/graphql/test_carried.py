"""Grades that go along with a pupil: of the former class, and of another school.

p1 in 4a has in maths 5 (weight 5), "np" and a struck-out grade. Moved to 4b, with a 3 of weight 5 of another
school: (5 x 5 + 3 x 5) / 10 = 4.00; if the other school's do not count, 5.00.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

QUERY = """{ carriedGrades(school: "sp1", pupilId: "p1", classId: "4b") { subjectId
  grades { id fromClassId school value weight struckOut }
  average { value included { gradeId } excluded { gradeId reason } } } }"""

BROUGHT = """grades { id fromClassId school value weight struckOut was }
  average { value included { gradeId number weight } excluded { gradeId reason } }"""


@pytest.fixture
def moved(served: Served, follow: Follow) -> Served:
    appoint = {"classId": "4b", "teacherId": "t-other", "since": "2025-09-01"}
    assert do(served, "adm", "appointHomeroomTeacher", appoint)["facts"] == 1
    move = {"fromClassId": "4a", "toClassId": "4b", "pupilId": "p1", "on": "2025-09-16", "reason": "prośba"}
    assert do(served, "adm", "changeClass", move)["facts"] == 3
    brought = {
        "classId": "4b",
        "pupilId": "p1",
        "school": "SP 12",
        "grades": [{"gradeId": "e1", "subjectId": "maths", "value": "3", "on": "2025-09-10", "weight": "5"}],
    }
    assert do(served, "t-maths", "recordEarlierGrades", brought)["code"].endswith("NOT_HOMEROOM_TEACHER")
    assert do(served, "t-other", "recordEarlierGrades", brought)["facts"] == 1
    follow()
    return served


def maths(served: Served, who: str) -> dict[str, Any]:
    subjects: list[dict[str, Any]] = served.data(QUERY, who)["carriedGrades"]
    (found,) = [one for one in subjects if one["subjectId"] == "maths"]
    return found


def test_the_receiving_class_sees_what_was_brought_apart_and_explained(moved: Served, follow: Follow) -> None:
    for who in ("t-other", "dir", "m1", "p1"):
        found = maths(moved, who)
        assert [(g["id"], g["fromClassId"], g["school"], g["value"]) for g in found["grades"]] == [
            ("e1", None, "SP 12", "3"),
            ("g-a-maths-0", "4a", None, "5"),
            ("g-a-maths-1", "4a", None, "np"),
            ("g-a-maths-2", "4a", None, "5-"),
        ]
        assert found["average"]["value"] == "4.00"
    assert (
        do(moved, "dir", "setEarlierGradesRule", {"yearId": "y25", "rule": {"counted": False}})["facts"] == 1
    )
    follow()
    average = maths(moved, "t-other")["average"]
    assert average["value"] == "5.00"
    assert {one["gradeId"]: one["reason"] for one in average["excluded"]} == {
        "e1": "FORMER_SCHOOL",
        "g-a-maths-1": "NO_NUMBER",
        "g-a-maths-2": "STRUCK_OUT",
    }
    rule = '{ earlierGradesRule(school: "sp1", yearId: "y25") { version counted } }'
    assert moved.data(rule, "p3")["earlierGradesRule"] == {"version": 1, "counted": False}


def test_who_opens_the_gradebook_sees_them_beside_it(moved: Served, follow: Follow) -> None:
    """Beside the cells of the class: what its pupils brought, also a correction of it."""
    correct = {
        "classId": "4b",
        "pupilId": "p1",
        "gradeId": "e1",
        "value": "2",
        "seen": "3",
        "reason": "arkusz",
    }
    assert do(moved, "t-other", "correctEarlierGrade", correct)["facts"] == 1
    follow()
    query = """{ gradebook(school: "sp1", classId: "4b") { cells { pupilId } }
      classCarriedGrades(school: "sp1", classId: "4b") { pupilId subjectId grades { id value was }
        average { value included { gradeId } } } }"""
    found = moved.data(query, "t-other")
    assert [cell["pupilId"] for cell in found["gradebook"]["cells"]] == ["p3"]
    art, maths_ = found["classCarriedGrades"]
    assert (art["pupilId"], art["subjectId"], maths_["subjectId"]) == ("p1", "art", "maths")
    assert maths_["grades"][0] == {"id": "e1", "value": "2", "was": ["3"]}
    # (5 x 5 + 2 x 5) / 10
    included = [{"gradeId": "e1"}, {"gradeId": "g-a-maths-0"}]
    assert maths_["average"] == {"value": "3.50", "included": included}
    assert moved.data('{ classCarriedGrades(school: "sp1", classId: "4a") { pupilId } }', "t-maths") == {
        "classCarriedGrades": []
    }


def test_what_was_brought_is_shown_as_it_stood(moved: Served, follow: Follow) -> None:
    """Before the other school's grade was corrected, and the former class's too; before the pupil came."""
    of_class = f'classCarriedGrades(school: "sp1", classId: "4b" @) {{ pupilId subjectId {BROUGHT} }}'
    of_pupil = f'carriedGrades(school: "sp1", pupilId: "p1", classId: "4b" @) {{ subjectId {BROUGHT} }}'
    head = moved.head()
    asked = [(of_class, "dir"), (of_class, "t-other"), (of_pupil, "t-other"), (of_pupil, "dir")]

    def answers(moment: str = "") -> list[Any]:
        return [moved.data(f"{{ {query.replace('@', moment)} }}", who) for query, who in asked]

    then = answers()
    where = {"pupilId": "p1", "reason": "arkusz"}
    earlier = {**where, "classId": "4b", "gradeId": "e1", "value": "2", "seen": "3"}
    former = {**where, "classId": "4a", "subjectId": "maths", "gradeId": "g-a-maths-0", "value": "1"}
    assert do(moved, "t-other", "correctEarlierGrade", earlier)["facts"] == 1
    assert do(moved, "t-maths", "correctGrade", former)["facts"] == 1
    follow()
    # (1 x 5 + 2 x 5) / 10 now; (5 x 5 + 3 x 5) / 10 then
    assert [_average(answer) for answer in answers()] == ["1.50"] * 4
    assert [_average(answer) for answer in then] == ["4.00"] * 4
    assert answers(f", asOf: {{ position: {head} }}") == then
    # Three facts of moving, one grade of the other school: before them nothing was brought.
    assert answers(f", asOf: {{ position: {head - 4} }}") == [
        {"classCarriedGrades": []}, {"classCarriedGrades": []}, {"carriedGrades": []}, {"carriedGrades": []}
    ]  # fmt: skip
    assert (
        moved.code(f"{{ {of_class.replace('@', f', asOf: {{ position: {head} }}')} }}", "m1")
        == "ACCESS.DENIED"
    )


def _average(answer: dict[str, Any]) -> str:
    """Of mathematics."""
    (rows,) = answer.values()
    (found,) = [row["average"]["value"] for row in rows if row["subjectId"] == "maths"]
    return str(found)


def test_the_year_in_the_new_class_reckons_with_them(moved: Served) -> None:
    of_pupil = '{ pupilYear(school: "sp1", pupilId: "p1", classId: "4b") { subjectId average { value } } }'
    of_class = '{ classYear(school: "sp1", classId: "4b") { pupilId subjectId average { value } } }'
    assert moved.data(of_pupil, "m1")["pupilYear"] == [
        {"subjectId": "art", "average": {"value": "4.63"}},  # brought only
        {"subjectId": "maths", "average": {"value": "4.00"}},
    ]
    rows = moved.data(of_class, "t-other")["classYear"]
    assert {(r["pupilId"], r["subjectId"], r["average"]["value"]) for r in rows} == {
        ("p1", "art", "4.63"),
        ("p1", "maths", "4.00"),
        ("p3", "maths", "4.63"),  # 4+ and 5-, weight 5 each: (4.5 + 4.75) / 2 = 4.625
    }


def test_who_sees_what_was_brought(moved: Served) -> None:
    assert {who: moved.code(QUERY, who) for who in ("p3", "f3", "p2", "adm")} == dict.fromkeys(
        ("p3", "f3", "p2", "adm"), "ACCESS.DENIED"
    )
    # Teachers of the class that was left see nothing of another school's.
    assert moved.data(QUERY, "t-maths")["carriedGrades"] == []
    assert moved.data(QUERY, "t-art")["carriedGrades"] == []


def test_an_earlier_grade_is_struck_out(moved: Served, follow: Follow) -> None:
    strike = {"classId": "4b", "pupilId": "p1", "gradeId": "e1", "reason": "inny uczeń"}
    assert do(moved, "t-other", "strikeOutEarlierGrade", strike)["facts"] == 1
    follow()
    found = maths(moved, "m1")
    assert [g["struckOut"] for g in found["grades"]] == [True, False, False, True]
    assert found["average"]["value"] == "5.00"
