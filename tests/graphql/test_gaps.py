"""The report of gaps: for the director, the homeroom teacher, a teacher; explained, counted, as CSV.

4a has maths on Mondays (second hour) and art on Tuesdays (first hour); it is Monday, 6 October 2025. Mondays
before: 1, 8, 15 (entered whole), 22, 29 September: 4 are missed. Tuesdays: 2, 9, 16, 23, 30: 5 are missed. On
Tuesday 16 t-maths also held a lesson beside the plan, without topic, roll or signature: 3 more. Together 12.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from dziennik.contracts.classes import SetTimetable
from dziennik.contracts.values import TimetableSlot
from tests.graphql.conftest import BEGIN, OFFICE, Follow, Served
from tests.graphql.test_year_end import annual, do


@pytest.fixture
def planned(served: Served, follow: Follow) -> Served:
    slots = (
        TimetableSlot(weekday=1, period=2, assignment_id="a-maths", room="7"),
        TimetableSlot(weekday=2, period=1, assignment_id="a-art"),
    )
    timetable = SetTimetable(unit_id="4a", valid_from=BEGIN, slots=slots)
    served.system.register("sp1").execute(timetable, actor=OFFICE)
    hold = {"unitId": "4a", "assignmentId": "a-maths", "on": "2025-09-16", "period": 3}
    assert do(served, "t-maths", "holdLesson", hold)["position"]
    follow()
    return served


def found(served: Served, who: str, query: str) -> list[dict[str, Any]]:
    """The gaps of a query, with all that is told of each."""
    asked = f"""{{ {query} {{ gaps {{ totalCount edges {{ node {{
      kind unitId on period lessonId subjectId teacherId pupilId termId explanation }} }} }} }} }}"""
    (answer,) = served.data(asked, who).values()
    nodes = [edge["node"] for edge in answer["gaps"]["edges"]]
    assert len(nodes) == answer["gaps"]["totalCount"]
    return nodes


SCHOOL = 'schoolGaps(school: "sp1", yearId: "y25", first: 100%s)'
CLASS = 'classGaps(school: "sp1", classId: "4a", first: 100%s)'
MINE = 'myGaps(school: "sp1", yearId: "y25", first: 100%s)'


def test_the_director_sees_the_school_the_homeroom_teacher_the_class_a_teacher_their_own(
    planned: Served,
) -> None:
    school = found(planned, "dir", SCHOOL % "")
    assert len(school) == 12
    assert found(planned, "t-art", CLASS % "") == school
    mine = found(planned, "t-maths", MINE % "")
    assert [gap["on"] for gap in mine if gap["kind"] == "NO_ENTRY"] == [
        "2025-09-01", "2025-09-08", "2025-09-22", "2025-09-29"
    ]  # fmt: skip
    assert [gap["kind"] for gap in mine if gap["on"] == "2025-09-16"] == [
        "NO_ROLL",
        "NO_SIGNATURE",
        "NO_TOPIC",
    ]
    assert found(planned, "dir", SCHOOL % ', teacherId: "t-maths"') == mine
    assert found(planned, "t-other", MINE % "") == []
    assert found(planned, "dir", SCHOOL % ', from: "2025-09-22", to: "2025-09-28"') == [
        gap for gap in school if gap["on"] in ("2025-09-22", "2025-09-23")
    ]
    assert {gap["kind"] for gap in found(planned, "dir", SCHOOL % ", kinds: [NO_ROLL]")} == {"NO_ROLL"}


def test_a_gap_explains_itself_in_the_askers_language(planned: Served) -> None:
    (gap,) = found(planned, "dir", SCHOOL % ', from: "2025-09-22", to: "2025-09-22"')
    assert gap == {
        "kind": "NO_ENTRY",
        "unitId": "4a",
        "on": "2025-09-22",
        "period": 2,
        "lessonId": "2025-09-22.02.a-maths",
        "subjectId": "maths",
        "teacherId": "t-maths",
        "pupilId": None,
        "termId": None,
        "explanation": "4a, 2025-09-22, lesson 2, Matematyka: the lesson is not entered (T-Maths Jan).",
    }
    query = '{ schoolGaps(school: "sp1", yearId: "y25", from: "2025-09-22", to: "2025-09-22") { gaps { edges { node { explanation } } } } }'
    told = planned.ask(query, "dir", language="pl")["data"]["schoolGaps"]["gaps"]["edges"][0]["node"]
    assert told["explanation"] == "4a, 2025-09-22, lekcja 2, Matematyka: lekcja niewpisana (T-Maths Jan)."


def test_gaps_are_counted_by_class_teacher_month_and_kind(planned: Served) -> None:
    query = '{ schoolGaps(school: "sp1", yearId: "y25") { hoursUntil counts { unitId teacherId month kind count } } }'
    answer = planned.data(query, "dir")["schoolGaps"]
    assert answer["hoursUntil"] == "2025-10-05"
    told = [(c["teacherId"], c["month"], c["kind"], c["count"]) for c in answer["counts"]]
    assert told == [
        ("t-art", "2025-09-01", "NO_ENTRY", 5),
        ("t-maths", "2025-09-01", "NO_ENTRY", 4),
        ("t-maths", "2025-09-01", "NO_ROLL", 1),
        ("t-maths", "2025-09-01", "NO_SIGNATURE", 1),
        ("t-maths", "2025-09-01", "NO_TOPIC", 1),
    ]


def test_pages_follow_each_other(planned: Served) -> None:
    query = """query ($after: String) { schoolGaps(school: "sp1", yearId: "y25", first: 7, after: $after) {
      gaps { pageInfo { hasNextPage endCursor } edges { node { lessonId kind } } } } }"""
    first = planned.data(query, "dir", after=None)["schoolGaps"]["gaps"]
    rest = planned.data(query, "dir", after=first["pageInfo"]["endCursor"])["schoolGaps"]["gaps"]
    nodes = [edge["node"] for edge in (*first["edges"], *rest["edges"])]
    assert (len(first["edges"]), len(rest["edges"]), rest["pageInfo"]["hasNextPage"]) == (7, 5, False)
    assert len({(node["lessonId"], node["kind"]) for node in nodes}) == 12


def test_missing_final_grades_are_asked_for_by_the_day_they_are_due(planned: Served, follow: Follow) -> None:
    """The one term ends on 31 January 2026, and the year's lessons with it.

    4a: p1 and p2, both graded (somebody is) and taught in maths and art: 2 x 2 grades of the term, as many of the
    year, and 2 behaviour grades of each. 4b: p3 in maths: 1 and 1, and 1 and 1 for behaviour.
    """
    finals = ', from: "2025-10-06", to: "2026-01-31"'
    kinds = [gap["kind"] for gap in found(planned, "dir", SCHOOL % finals)]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "NO_ANNUAL_BEHAVIOUR": 3,
        "NO_ANNUAL_GRADE": 5,
        "NO_TERM_BEHAVIOUR": 3,
        "NO_TERM_GRADE": 5,
    }
    given = {**annual("a-maths", ("p1", "4")), "kind": "TERM_FINAL", "on": "2025-10-06"}
    assert do(planned, "t-maths", "givePeriodGrades", given)["position"]
    follow()
    left = found(planned, "t-maths", MINE % (finals + ", kinds: [NO_TERM_GRADE]"))
    assert [(gap["pupilId"], gap["subjectId"], gap["termId"], gap["on"]) for gap in left] == [
        ("p2", "maths", "t1", "2026-01-31")
    ]
    behaviour = found(planned, "t-art", MINE % (finals + ", kinds: [NO_TERM_BEHAVIOUR]"))
    assert [(gap["pupilId"], gap["subjectId"]) for gap in behaviour] == [("p1", None), ("p2", None)]
    assert behaviour[0]["explanation"] == (
        "4a, 2026-01-31, Źrebiec Łucja: no behaviour grade of the term (T-Art Jan)."
    )


def test_the_report_is_a_table_for_spreadsheets(planned: Served) -> None:
    query = '{ myGaps(school: "sp1", yearId: "y25") { table { csv csvWithBom } } }'
    answer = planned.ask(query, "t-maths", language="pl")["data"]["myGaps"]["table"]
    assert answer["csvWithBom"] == "\ufeff" + answer["csv"]
    head, first, *rest = csv.reader(io.StringIO(answer["csv"], newline=""))
    assert head == ["brak", "oddział", "data", "lekcja", "przedmiot", "nauczyciel", "uczeń"]
    assert first == ["lekcja niewpisana", "4a", "2025-09-01", "2", "Matematyka", "T-Maths Jan", ""]
    assert len(rest) == 6


def test_a_lesson_that_is_put_right_leaves_the_report(planned: Served, follow: Follow) -> None:
    lesson = {"unitId": "4a", "lessonId": "2025-09-16.03.a-maths"}
    assert do(planned, "t-maths", "recordTopic", {**lesson, "topic": "Kąty"})["position"]
    assert do(planned, "t-maths", "signLesson", lesson)["position"]
    assert do(planned, "t-maths", "callRoll", {**lesson, "marks": []})["position"]
    follow()
    assert len(found(planned, "dir", SCHOOL % "")) == 9
