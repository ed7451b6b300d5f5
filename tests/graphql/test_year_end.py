"""A class from its first grades to the closed year, through the public API alone.

Maths of p1: 5 (corrected from 4+, weight 5), "np", a struck-out 5-. Art of p1: 4+ and 5- (weight 5 each) and
"np": (4.5 x 5 + 4.75 x 5) / 10 = 4.625 -> 4.63. The school has one term, so term and year agree.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dziennik.application.register import Register
from tests.graphql.conftest import Follow, Served

JUNE = datetime(2026, 6, 26, 9, 0, tzinfo=UTC)
RESULT = "... on Accepted { position facts id } ... on Refusal { code field message others { code field } }"


def do(served: Served, who: str, name: str, given: dict[str, Any], input_type: str | None = None) -> Any:  # noqa: ANN401
    """Give a command by mutation."""
    kind = input_type or f"{name[0].upper()}{name[1:]}Input"
    query = f'mutation ($input: {kind}!) {{ {name}(school: "sp1", input: $input) {{ {RESULT} }} }}'
    return served.data(query, who, input=given)[name]


GAPS = """{ schoolGaps(school: "sp1", yearId: "y25", kinds: [NO_ENTRY, NO_TOPIC, NO_ROLL, NO_SIGNATURE]) {
  counts { unitId count } } }"""


@pytest.fixture
def in_june(served: Served) -> Served:
    """The same school after its last lesson."""
    served.system._registers["sp1"] = Register(served.system.journals.school("sp1"), now=lambda: JUNE)
    return served


def annual(assignment: str, *values: tuple[str, str]) -> dict[str, Any]:
    return {
        "unitId": "4a",
        "assignmentId": assignment,
        "kind": "ANNUAL_FINAL",
        "on": "2026-06-20",
        "grades": [{"classId": "4a", "pupilId": pupil, "value": value} for pupil, value in values],
    }


def test_averages_of_term_and_year_are_explained(served: Served) -> None:
    query = """{ pupilYear(school: "sp1", pupilId: "p1", classId: "4a") { subjectId atRisk average {
        value method ruleVersion proposed threshold parts { termId number weight }
        terms { termId average { value included { gradeId } excluded { gradeId reason } } } } } }"""
    art, maths = served.data(query, "m1")["pupilYear"]
    assert art["average"]["value"] == "4.63"
    assert (art["average"]["proposed"], art["average"]["threshold"]) == ("5", "4.6")
    assert art["average"]["terms"][0]["average"]["value"] == "4.63"
    assert art["average"]["parts"] == [
        {"termId": None, "number": "4.5", "weight": "5"},
        {"termId": None, "number": "4.75", "weight": "5"},
    ]
    assert (maths["average"]["value"], maths["atRisk"]) == ("5.00", False)


def test_the_method_is_the_schools(served: Served, follow: Follow) -> None:
    rules = {
        "method": "TERM_FINALS",
        "marks": [{"average": "4.5", "mark": "5"}],
        "finalRemarks": ["nkl"],
        "unclassified": ["nkl"],
        "failing": ["1"],
        "atRiskBelow": "4.7",
        "honoursAverage": "4.75",
        "honoursBehaviour": ["wz"],
        "due": [{"termId": "t1", "on": "2026-01-15"}],
    }
    assert do(served, "dir", "setClassificationRules", {"yearId": "y25", "rules": rules})["facts"] == 1
    follow()
    asked = served.data(
        '{ classificationRules(school: "sp1", yearId: "y25") { version method due { termId on } conditional } }',
        "p2",
    )["classificationRules"]
    assert asked == {
        "version": 1,
        "method": "TERM_FINALS",
        "due": [{"termId": "t1", "on": "2026-01-15"}],
        "conditional": 1,
    }
    found = served.data(
        '{ classYear(school: "sp1", classId: "4a") { average { value ruleVersion } } }', "aud"
    )
    assert [one["average"]["value"] for one in found["classYear"]] == [None, None]


def test_a_class_is_graded_decided_and_closed(in_june: Served, follow: Follow) -> None:
    served = in_june
    close = {"classId": "4a"}
    refused = do(served, "t-art", "closeRegister", close)
    # a decision and a behaviour grade each, p1 in two subjects, and p2 in both that the class is graded in
    assert (refused["code"], refused["field"]) == ("CLASSIFICATION.REGISTER_INCOMPLETE", "reason")
    assert "8" in refused["message"]

    wrong = do(served, "t-maths", "givePeriodGrades", annual("a-maths", ("p1", "5+"), ("p2", "7")))
    assert [wrong["code"], *(other["code"] for other in wrong["others"])] == [
        "GRADES.FINAL_GRADE_IS_A_FULL_MARK"
    ] * 2
    assert wrong["others"][0]["field"] == "grades[1].value"
    given = do(served, "t-maths", "givePeriodGrades", annual("a-maths", ("p1", "5"), ("p2", "1")))
    assert given["facts"] == 2
    assert do(served, "t-art", "givePeriodGrades", annual("a-art", ("p1", "5"), ("p2", "4")))["facts"] == 2
    follow()

    sheet = served.data(
        """{ classificationSheet(school: "sp1", classId: "4a") { lines {
        pupil { pupilId number } promotion { outcome average failing missing } decision { outcome } } } }""",
        "t-art",
    )["classificationSheet"]["lines"]
    # p2: (1 + 4) / 2
    assert [line["promotion"] for line in sheet] == [
        {"outcome": "PROMOTED", "average": "5.00", "failing": [], "missing": []},
        {"outcome": "REPEATS", "average": "2.50", "failing": ["maths"], "missing": []},
    ]
    decisions = [
        {"pupilId": "p1", "outcome": "PROMOTED_WITH_HONOURS"},
        {"pupilId": "p2", "outcome": "PROMOTED_CONDITIONALLY"},
    ]
    marks = [{"pupilId": "p1", "mark": "wz"}, {"pupilId": "p2", "mark": "db"}]
    behaviour = {"classId": "4a", "kind": "ANNUAL_FINAL", "on": "2026-06-20", "grades": marks}
    assert do(served, "t-art", "giveBehaviourGrades", behaviour)["facts"] == 2
    decided = do(served, "t-art", "decidePromotions", {"classId": "4a", "decisions": decisions})
    assert decided["facts"] == 2
    assert do(served, "t-art", "closeRegister", close)["facts"] == 1
    question = {"classId": "4a", "pupilId": "p1", "text": "Skąd ta ocena?", "subjectId": "maths"}
    assert do(served, "m1", "askAboutEntry", {**question, "gradeId": "g-a-maths-0"})["facts"] == 1
    rules = {"presenceAfter": 1, "acceptanceNeeded": True, "announcedAs": "ABSENT"}
    assert do(served, "dir", "setAbsenceRules", {"yearId": "y25", "rules": rules})["facts"] == 1
    day = {"starts": "2025-09-15", "ends": "2025-09-15"}
    excuse = {"classId": "4a", "pupilId": "p1", "scope": day, "text": "Była chora."}
    assert do(served, "m1", "submitExcuse", excuse)["facts"] == 1
    follow()
    check = served.data(
        '{ closingCheck(school: "sp1", yearId: "y25") { closedOn classes { name missingFinals missingBehaviour missingDecisions openExcuses unansweredQuestions lessonGaps closedOn } } }',
        "dir",
    )["closingCheck"]
    gaps = served.data(GAPS, "dir")["schoolGaps"]["counts"]
    for one in check["classes"]:
        lessons = [gap["count"] for gap in gaps if gap["unitId"] == one["name"]]
        assert one.pop("lessonGaps") == sum(lessons)
    assert check == {
        "closedOn": None,
        "classes": [
            {
                "name": "4a",
                "missingFinals": 0,
                "missingBehaviour": 0,
                "missingDecisions": 0,
                "openExcuses": 1,
                "unansweredQuestions": 1,
                "closedOn": "2026-06-26",
            },
            {
                "name": "4b",
                "missingFinals": 1,
                "missingBehaviour": 1,
                "missingDecisions": 1,
                "openExcuses": 0,
                "unansweredQuestions": 0,
                "closedOn": None,
            },
        ],
    }


@pytest.fixture
def closed(in_june: Served, follow: Follow) -> Served:
    """The year is closed, with the gaps accounted for."""
    for class_id in ("4a", "4b"):
        close = {"classId": class_id, "reason": "szkoła pokazowa"}
        assert do(in_june, "dir", "closeRegister", close)["facts"] == 1
    year = {"yearId": "y25", "classIds": ["4a", "4b"]}
    assert do(in_june, "dir", "closeSchoolYear", year)["facts"] == 1
    follow()
    return in_june


CORRECT = {
    "classId": "4a",
    "subjectId": "maths",
    "pupilId": "p1",
    "gradeId": "g-a-maths-0",
    "value": "6",
    "reason": "egzamin",
}


def test_a_closed_year_is_corrected_by_permission_only(closed: Served, follow: Follow) -> None:
    assert do(closed, "t-maths", "correctGrade", CORRECT)["code"] == "CLASSIFICATION.YEAR_CLOSED"
    assert do(closed, "dir", "correctGrade", CORRECT)["code"] == "CLASSIFICATION.YEAR_CLOSED"
    permit = {
        "unitId": "4a",
        "personId": "t-maths",
        "until": "2026-07-10",
        "what": "ocena z matematyki",
        "reason": "wynik egzaminu",
        "legalBasis": "art. 44n",
    }
    assert do(closed, "dir", "permitCorrection", permit)["facts"] == 1
    assert do(closed, "t-maths", "correctGrade", CORRECT)["facts"] == 1
    follow()
    found = closed.data(
        '{ permittedCorrections(school: "sp1", classId: "4a") { personId until legalBasis by } }', "aud"
    )["permittedCorrections"]
    assert found == [{"personId": "t-maths", "until": "2026-07-10", "legalBasis": "art. 44n", "by": "dir"}]


def test_hours_of_a_closed_year_are_corrected_by_permission_only(closed: Served, follow: Follow) -> None:
    hours = {
        "yearId": "y25",
        "teacherId": "t-maths",
        "kindId": "circle",
        "on": "2026-06-02",
        "hours": "1",
        "what": "koło",
    }
    assert do(closed, "t-maths", "enterHours", hours)["code"] == "CLASSIFICATION.YEAR_CLOSED"
    permit = {
        "yearId": "y25",
        "book": "HOURS",
        "personId": "t-maths",
        "until": "2026-07-10",
        "what": "godziny z czerwca",
        "reason": "brak wpisu",
        "legalBasis": "zarządzenie 4/2026",
    }
    assert do(closed, "dir", "permitYearCorrection", permit)["facts"] == 1
    assert do(closed, "t-maths", "enterHours", hours)["facts"] == 1
    follow()
    found = closed.data(
        """{ permittedYearCorrections(school: "sp1", yearId: "y25") {
          yearId book personId until what reason legalBasis by } }""",
        "aud",
    )["permittedYearCorrections"]
    assert found == [{**permit, "by": "dir"}]
    other = '{ permittedYearCorrections(school: "sp1", yearId: "y24") { id } }'
    assert closed.data(other, "dir")["permittedYearCorrections"] == []


def test_where_a_year_ends_is_known(closed: Served) -> None:
    check = closed.data('{ closingCheck(school: "sp1", yearId: "y25") { closedOn position } }', "aud")
    assert check["closingCheck"] == {"closedOn": "2026-06-26", "position": closed.head()}


def test_an_unknown_class_has_no_year(served: Served) -> None:
    query = (
        '{ classificationSheet(school: "sp1", classId: "9z") { lines { promotion { average } } closedOn } }'
    )
    assert served.data(query, "dir") == {"classificationSheet": {"lines": [], "closedOn": None}}
