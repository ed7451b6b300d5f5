"""A first class is assessed: the director sets areas, the teacher writes, a mother reads."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

RULES = {
    "areas": [
        {
            "areaId": "maths",
            "name": "Edukacja matematyczna",
            "requirements": [{"requirementId": "m1", "text": "Dodaje do stu."}],
        }
    ],
    "scale": [{"symbol": "W", "name": "wspaniale"}],
    "levels": [4],
}
WRITE = {
    "classId": "4a",
    "areaId": "maths",
    "kind": "TERM_FINAL",
    "on": "2025-10-01",
    "assessments": [{"pupilId": "p1", "step": "W", "met": ["m1"], "text": "Liczy w pamięci."}],
}


def test_an_assessment_is_written_and_read(served: Served, follow: Follow) -> None:
    refused = do(served, "t-art", "writeAssessments", WRITE)
    assert (refused["code"], refused["field"]) == ("DESCRIPTIVE.NOT_THIS_CLASS", "classId")
    assert do(served, "dir", "setDescriptiveRules", {"yearId": "y25", "rules": RULES})["facts"] == 1
    assert do(served, "t-art", "writeAssessments", WRITE)["facts"] == 1
    follow()
    rules = """{ descriptiveRules(school: "sp1", yearId: "y25") {
      version levels areas { areaId requirements { requirementId text } } scale { symbol } } }"""
    assert served.data(rules, "m1")["descriptiveRules"] == {
        "version": 1,
        "levels": [4],
        "areas": [{"areaId": "maths", "requirements": [{"requirementId": "m1", "text": "Dodaje do stu."}]}],
        "scale": [{"symbol": "W"}],
    }
    query = """{ pupilDescriptive(school: "sp1", pupilId: "p1") {
      id areaId kind authorId says { step met text comment } changes { reason was { step } } struckOut { by } } }"""
    (found,) = served.data(query, "m1")["pupilDescriptive"]
    assessment = found.pop("id")
    assert found == {
        "areaId": "maths",
        "kind": "TERM_FINAL",
        "authorId": "t-art",
        "says": {"step": "W", "met": ["m1"], "text": "Liczy w pamięci.", "comment": None},
        "changes": [],
        "struckOut": None,
    }
    where = {"classId": "4a", "pupilId": "p1", "assessmentId": assessment, "reason": "pomyłka"}
    assert do(served, "t-art", "correctAssessment", {**where, "text": "Liczy pisemnie."})["facts"] == 1
    assert do(served, "t-art", "strikeOutAssessment", where)["facts"] == 1
    follow()
    (after,) = served.data(query, "p1")["pupilDescriptive"]
    assert after["changes"] == [{"reason": "pomyłka", "was": {"step": "W"}}]
    assert after["struckOut"] == {"by": "t-art"}
    of_class = '{ classDescriptive(school: "sp1", classId: "4a") { id } }'
    assert served.data(of_class, "dir")["classDescriptive"] == [{"id": assessment}]
