"""Statistics through the API: right numbers, own subjects only, in two languages, as CSV and as a picture.

4a: p1 has 5 in maths (corrected from 4+; "np"; a struck-out 5-) and 4+, 5-, "np" in art. 4b: p3 has 4+, 5-, "np"
in maths. The roll of one lesson each was called: p1 absent in both of 4a, p2 there; p3 absent in 4b.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from lxml import etree

from tests.graphql.conftest import Served

SHOWN = "title labels series { name values } counted leftOut unit ruleVersions highlighted note"


def of_class(served: Served, who: str, kind: str, more: str = "") -> dict[str, Any]:
    query = f'{{ classStatistic(school: "sp1", classId: "4a", kind: {kind}{more}) {{ {SHOWN} }} }}'
    found: dict[str, Any] = served.data(query, who)["classStatistic"]
    return found


def of_school(served: Served, kind: str, more: str = "") -> dict[str, Any]:
    query = f'{{ schoolStatistic(school: "sp1", yearId: "y25", kind: {kind}{more}) {{ {SHOWN} }} }}'
    found: dict[str, Any] = served.data(query, "dir")["schoolStatistic"]
    return found


def numbers(found: dict[str, Any]) -> dict[str, str]:
    (series,) = found["series"]
    return dict(zip(found["labels"], series["values"], strict=True))


def test_grades_are_distributed(served: Served) -> None:
    # 5 and np of maths; 4+, 5- and np of art
    assert numbers(of_class(served, "dir", "GRADES")) == {
        "1": "0", "2": "0", "3": "0", "4": "1", "5": "2", "6": "0", "np": "2",
    }  # fmt: skip
    assert numbers(of_class(served, "t-maths", "GRADES"))["np"] == "1"  # own subject only
    assert numbers(of_school(served, "GRADES", ', teacherId: "t-other"'))["4"] == "1"


def test_averages_by_subject_class_and_teacher(served: Served) -> None:
    assert numbers(of_class(served, "aud", "AVERAGES_BY_SUBJECT")) == {
        "Matematyka": "5.00",
        "Plastyka": "4.63",
    }
    # 4a: (5.00 + 4.63) / 2 = 4.815; 4b: (4.5 + 4.75) / 2 = 4.625 -> 4.63
    assert numbers(of_school(served, "AVERAGES_BY_CLASS")) == {"4a": "4.82", "4b": "4.63"}
    assert numbers(of_school(served, "AVERAGES_BY_TEACHER")) == {
        "T-Art Jan": "4.63", "T-Maths Jan": "5.00", "T-Other Jan": "4.63",
    }  # fmt: skip
    assert numbers(of_school(served, "AVERAGES_BY_CLASS", ', subjectId: "art"')) == {"4a": "4.63"}


def test_attendance_by_day_month_and_subject(served: Served) -> None:
    # two lessons of two pupils on a Monday in September, p1 absent in both: 2 of 4
    assert numbers(of_class(served, "dir", "ATTENDANCE_BY_WEEKDAY")) == {"Monday": "50.0"}
    assert numbers(of_class(served, "dir", "ATTENDANCE_BY_MONTH")) == {"September": "50.0"}
    assert numbers(of_class(served, "t-maths", "ATTENDANCE_BY_SUBJECT")) == {"Matematyka": "50.0"}
    # 4b: p3 was absent in the only lesson: 2 of 5 in the school
    assert numbers(of_school(served, "ATTENDANCE_BY_MONTH")) == {"September": "40.0"}


def test_outcomes_and_years(served: Served) -> None:
    outcomes = of_school(served, "OUTCOMES")
    assert outcomes["labels"] == ["4a", "4b"]
    assert outcomes["series"] == [{"name": "not decided", "values": ["2", "1"]}]
    query = f'{{ yearsCompared(school: "sp1", measure: ATTENDANCE) {{ {SHOWN} }} }}'
    found = served.data(query, "dir")["yearsCompared"]
    assert (numbers(found), found["ruleVersions"]) == ({"2025/2026": "40.0"}, [1])


def test_of_a_small_class_nobody_is_told_apart(served: Served) -> None:
    query = (
        '{ pupilAgainstClass(school: "sp1", pupilId: "p1", classId: "4a", measure: AVERAGE) { labels note } }'
    )
    assert served.data(query, "m1")["pupilAgainstClass"] == {
        "labels": [],
        "note": "Too few pupils to show a distribution without telling who is who.",
    }
    elsewhere = query.replace('"4a"', '"4b"')
    assert served.data(elsewhere, "m1") == {"pupilAgainstClass": None}
    assert served.data(query, "t-maths") == {"pupilAgainstClass": None}  # only in the own subject
    own = query.replace("AVERAGE", 'AVERAGE, subjectId: "maths"')
    assert served.data(own, "t-maths")["pupilAgainstClass"] is not None


@pytest.mark.parametrize(
    ("language", "title"), [("pl", "Średnie według przedmiotów"), ("en", "Averages by subject")]
)
def test_it_comes_as_csv_and_as_a_picture_in_both_languages(
    served: Served, language: str, title: str
) -> None:
    query = """{ classStatistic(school: "sp1", classId: "4a", kind: AVERAGES_BY_SUBJECT) {
        title csv csvWithBom svg description } }"""
    found = served.ask(query, "dir", language=language)["data"]["classStatistic"]
    assert found["title"] == title
    rows = list(csv.reader(io.StringIO(found["csv"])))
    assert rows[0][0] == title
    mark = "," if language == "pl" else "."  # as the language's spreadsheets read numbers
    assert rows[1:] == [["Matematyka", f"5{mark}00"], ["Plastyka", f"4{mark}63"]]
    assert found["csvWithBom"] == "\ufeff" + found["csv"]
    picture = etree.fromstring(found["svg"].encode())
    assert picture.findtext("{http://www.w3.org/2000/svg}desc") == found["description"]


def test_an_unknown_class_or_year_has_empty_statistics(served: Served) -> None:
    for kind in ("GRADES", "AVERAGES_BY_SUBJECT", "ATTENDANCE_BY_MONTH", "OUTCOMES"):
        query = f'{{ schoolStatistic(school: "sp1", yearId: "y99", kind: {kind}) {{ labels counted }} }}'
        assert served.data(query, "dir")["schoolStatistic"] == {"labels": [], "counted": 0}
