"""A day in the day-care room through the API: who came, who was collected by whom, and who sees it."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_registers import YEAR, kept
from tests.graphql.test_year_end import do

__all__ = ["kept"]  # the fixture: t-art keeps the day-care room "care" with p1 and p2

DAY = {"unitId": "care", "on": "2025-10-06"}
STAYS = f"""{{ stays(school: "sp1", classId: "care", {YEAR}) {{ totalCount
  edges {{ node {{ pupilId arrived departed kind collectorId receivedBy givenBy changes {{ arrived }} }} }} }} }}"""


def test_a_day_in_the_day_care_room(kept: Served, follow: Follow) -> None:
    come = {**DAY, "at": "12:30", "pupils": ["p1", "p2"]}
    assert do(kept, "t-art", "recordArrivals", come)["facts"] == 2
    leave = {**DAY, "pupilId": "p1", "at": "15:00", "kind": "WITH_AUTHORISED", "collectorId": "aunt"}
    head = kept.head()
    assert do(kept, "t-art", "recordDeparture", leave)["code"] == "STAYS.NOT_AUTHORISED"
    assert kept.head() == head
    authorise = {
        "collectorId": "aunt",
        "unitId": "care",
        "pupilId": "p1",
        "since": "2025-10-01",
        "name": "Maria Lis, ciocia",
    }
    assert do(kept, "f3", "authoriseCollector", authorise)["code"] == "STAYS.NOT_YOURS_TO_AUTHORISE"
    assert do(kept, "m1", "authoriseCollector", authorise)["facts"] == 1
    assert do(kept, "t-art", "recordDeparture", leave)["facts"] == 1
    correct = {**DAY, "pupilId": "p2", "number": 1, "arrived": "12:35", "reason": "zegar"}
    assert do(kept, "t-art", "correctStay", correct)["facts"] == 1
    follow()
    for who in ("t-art", "dir", "aud"):
        found = kept.data(STAYS, who)["stays"]
        assert found["totalCount"] == 2
        assert [edge["node"] for edge in found["edges"]] == [
            {
                "pupilId": "p1",
                "arrived": "12:30",
                "departed": "15:00",
                "kind": "WITH_AUTHORISED",
                "collectorId": "aunt",
                "receivedBy": "t-art",
                "givenBy": "t-art",
                "changes": [],
            },
            {
                "pupilId": "p2",
                "arrived": "12:35",
                "departed": None,
                "kind": None,
                "collectorId": None,
                "receivedBy": "t-art",
                "givenBy": None,
                "changes": [{"arrived": "12:30"}],
            },
        ]
    for who in ("t-maths", "t-other", "adm", "m1", "p1", "p3", "f3"):
        assert kept.code(STAYS, who) == "ACCESS.DENIED"


def test_families_see_their_own(kept: Served, follow: Follow) -> None:
    assert do(kept, "t-art", "recordArrivals", {**DAY, "at": "12:30", "pupils": ["p1", "p2"]})["facts"] == 2
    alone = {"unitId": "care", "pupilId": "p1", "since": "2025-10-01"}
    made = do(kept, "m1", "authoriseCollector", alone)
    follow()
    query = f"""{{ pupilStays(school: "sp1", pupilId: "p1", {YEAR}) {{
      stays {{ pupilId arrived }} collectors {{ id name authorisedBy }} }} }}"""
    told = {
        "stays": [{"pupilId": "p1", "arrived": "12:30"}],
        "collectors": [{"id": made["id"], "name": None, "authorisedBy": "m1"}],
    }
    for who in ("m1", "p1", "dir"):
        assert kept.data(query, who)["pupilStays"] == told
    for who in ("p2", "f3", "t-art", "adm"):
        assert kept.code(query, who) == "ACCESS.DENIED"
    collectors = '{ collectors(school: "sp1", classId: "care", child: "p1") { id } }'
    for who in ("t-art", "adm", "dir"):
        assert kept.data(collectors, who)["collectors"] == [{"id": made["id"]}]
    for who in ("t-maths", "m1", "p2"):
        assert kept.code(collectors, who) == "ACCESS.DENIED"
