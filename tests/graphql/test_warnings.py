"""The director sees what is due and who is at risk in all classes, a teacher in own subjects of a class."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

RULES = {
    "method": "ALL_GRADES",
    "marks": [{"average": "4.5", "mark": "5"}],
    "finalRemarks": ["nkl"],
    "unclassified": ["nkl"],
    "failing": ["1"],
    "atRiskBelow": "4.7",
    "honoursAverage": "4.75",
    "honoursBehaviour": ["wz"],
    "due": [{"termId": "t1", "on": "2025-10-01"}],
}
GAPS = """query ($class: ID) { missingProposals(school: "sp1", yearId: "y25", classId: $class) {
  classId subjectId teacherId termId dueOn overdue pupilIds } }"""
RISKS = """query ($class: ID) { pupilsAtRisk(school: "sp1", yearId: "y25", classId: $class) {
  classId subjectId pupilId average below ruleVersion reasons } }"""


def test_what_is_due_and_who_is_at_risk(served: Served, follow: Follow) -> None:
    assert do(served, "dir", "setClassificationRules", {"yearId": "y25", "rules": RULES})["facts"] == 1
    follow()
    due = {"termId": "t1", "dueOn": "2025-10-01", "overdue": True}
    art = {**due, "classId": "4a", "subjectId": "art", "teacherId": "t-art", "pupilIds": ["p1", "p2"]}
    maths = {**art, "subjectId": "maths", "teacherId": "t-maths"}
    other = {**due, "classId": "4b", "subjectId": "maths", "teacherId": "t-other", "pupilIds": ["p3"]}
    assert served.data(GAPS, "dir")["missingProposals"] == [art, maths, other]
    assert served.data(GAPS, "t-maths", **{"class": "4a"})["missingProposals"] == [maths]
    assert served.data(GAPS, "t-art", **{"class": "4a"})["missingProposals"] == [art, maths]  # homeroom
    # art of p1: 4+ and 5-, (4.5 + 4.75) / 2 = 4.625; maths 5: at no risk; p3 the same in maths
    risk = {"average": "4.63", "below": "4.7", "ruleVersion": 1, "reasons": ["LOW_AVERAGE"]}
    of_p1 = {**risk, "classId": "4a", "subjectId": "art", "pupilId": "p1"}
    of_p3 = {**risk, "classId": "4b", "subjectId": "maths", "pupilId": "p3"}
    assert served.data(RISKS, "dir")["pupilsAtRisk"] == [of_p1, of_p3]
    assert served.data(RISKS, "t-maths", **{"class": "4a"})["pupilsAtRisk"] == []
    for query in (GAPS, RISKS):
        for who in ("t-maths", "t-art", "m1", "p1", "adm"):
            assert served.code(query, who) == "ACCESS.DENIED"  # the whole school is the director's
