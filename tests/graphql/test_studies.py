"""Individual study through the API."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do


def test_individual_study_is_granted_seen_and_ended(served: Served, follow: Follow) -> None:
    grant = {
        "classId": "4a",
        "pupilId": "p1",
        "kind": "PROGRAMME",
        "subjects": ["maths"],
        "since": "2025-09-15",
        "decision": "3/2025",
        "legalBasis": "art. 115",
        "supervisorId": "t-maths",
    }
    made = do(served, "dir", "grantIndividualStudy", grant)
    assert made["facts"] == 1
    end = {
        "classId": "4a",
        "pupilId": "p1",
        "studyId": made["id"],
        "until": "2025-10-05",
        "reason": "wniosek rodziców",
    }
    assert do(served, "dir", "endIndividualStudy", end)["facts"] == 1
    follow()
    fields = "{ kind subjects since until decision legalBasis supervisorId endedFor }"
    told = {
        "kind": "PROGRAMME",
        "subjects": ["maths"],
        "since": "2025-09-15",
        "until": "2025-10-05",
        "decision": "3/2025",
        "legalBasis": "art. 115",
        "supervisorId": "t-maths",
        "endedFor": "wniosek rodziców",
    }
    for who in ("m1", "p1", "t-art", "dir"):
        query = f'{{ pupilStudies(school: "sp1", pupilId: "p1") {fields} }}'
        assert served.data(query, who)["pupilStudies"] == [told]
    of_class = f'{{ classStudies(school: "sp1", classId: "4a") {fields} }}'
    assert served.data(of_class, "t-maths")["classStudies"] == [told]
    again = do(served, "dir", "grantIndividualStudy", {**grant, "since": "2025-10-01"})
    assert (again["code"], again["field"]) == ("STUDIES.SUBJECT_TAKEN", "subjects[0]")
