"""Pupils change class, come, leave and are numbered through the API; others see of it what is theirs."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

MOVE = {
    "fromClassId": "4a",
    "toClassId": "4b",
    "pupilId": "p2",
    "on": "2025-10-01",
    "reason": "prośba rodziców",
}


def register_of(served: Served, class_id: str, day: str, who: str = "dir") -> list[tuple[int, str]]:
    query = f'{{ classPupils(school: "sp1", classId: "{class_id}", on: "{day}") {{ number pupilId }} }}'
    return [(row["number"], row["pupilId"]) for row in served.data(query, who)["classPupils"]]


def test_a_pupil_changes_class(served: Served, follow: Follow) -> None:
    assert do(served, "adm", "changeClass", MOVE)["facts"] == 3  # left 4a, enrolled in 4b, and why
    follow()
    assert register_of(served, "4a", "2025-09-30") == [(1, "p1"), (2, "p2")]
    assert register_of(served, "4a", "2025-10-01") == [(1, "p1")]
    assert register_of(served, "4b", "2025-09-30") == [(1, "p3")]
    assert register_of(served, "4b", "2025-10-01", "t-other") == [(1, "p3"), (2, "p2")]
    query = """{ pupilMovement(school: "sp1", pupilId: "p2") {
      kind fromClassId classId on reason leaving place by } }"""
    told = {
        "kind": "CLASS_CHANGED",
        "fromClassId": "4a",
        "classId": "4b",
        "on": "2025-10-01",
        "reason": "prośba rodziców",
        "leaving": None,
        "place": None,
        "by": "adm",
    }
    for who in ("dir", "adm", "p2"):
        assert served.data(query, who)["pupilMovement"] == [told]
    for who in ("t-art", "t-other", "m1", "p1"):  # 4b has no homeroom teacher
        assert served.code(query, who) == "ACCESS.DENIED"
    of_class = '{ classMovement(school: "sp1", classId: "4a") { pupilId kind } }'
    assert served.data(of_class, "t-art")["classMovement"] == [{"pupilId": "p2", "kind": "CLASS_CHANGED"}]


def test_the_second_move_is_shown_the_first(served: Served) -> None:
    assert do(served, "adm", "changeClass", MOVE)["facts"] == 3
    assert do(served, "adm", "openClass", {"classId": "4c", "yearId": "y25", "name": "4c", "level": 4})[
        "facts"
    ]
    head = served.head()
    second = do(served, "dir", "changeClass", {**MOVE, "toClassId": "4c"})
    assert (second["code"], second["field"]) == ("MOVEMENT.ALREADY_MOVED", "fromClassId")
    assert "4b" in second["message"]
    assert "2025-10-01" in second["message"]
    enrol = {"classId": "4c", "pupilId": "p2", "since": "2025-10-02"}
    assert do(served, "dir", "enrolPupil", enrol)["code"] == "MOVEMENT.ENROLLED_ELSEWHERE"
    assert served.head() == head


def test_nobody_left_before_their_entries(served: Served) -> None:
    """p1 has grades on 11 and 12 September (one is struck out) and two roll calls on the 15th."""
    head = served.head()
    leave = {
        "classId": "4a",
        "pupilId": "p1",
        "until": "2025-09-11",
        "kind": "TO_ANOTHER_SCHOOL",
        "reason": "przeprowadzka",
        "destination": "SP 3",
    }
    refused = do(served, "adm", "leaveSchool", leave)
    codes = [refused["code"], *(other["code"] for other in refused["others"])]
    assert codes == ["MOVEMENT.ENTRIES_AFTER"] * 3  # art on the 12th, maths and art on the 15th
    assert served.head() == head
    assert do(served, "adm", "leaveSchool", {**leave, "until": "2025-09-15"})["facts"] == 2


def test_pupils_come_are_struck_off_and_numbered(served: Served, follow: Follow) -> None:
    new = {
        "personId": "new",
        "givenNames": "Iga",
        "familyName": "Bąk",
        "since": "2025-09-01",
        "roles": ["PUPIL"],
    }
    assert do(served, "adm", "registerPerson", new)["facts"] == 2
    come = {"classId": "4a", "pupilId": "new", "since": "2025-09-20", "school": "SP 12"}
    assert do(served, "adm", "transferIn", come)["facts"] == 2
    follow()
    query = '{ pupilMovement(school: "sp1", pupilId: "new") { kind place legalBasis decision } }'
    came = {"kind": "TRANSFERRED_IN", "place": "SP 12", "legalBasis": None, "decision": None}
    assert served.data(query, "t-art")["pupilMovement"] == [came]
    # 6 October is beyond the first thirty days of the year
    refused = do(served, "t-art", "renumberPupils", {"classId": "4a", "since": "2025-09-20"})
    assert refused["code"] == "MOVEMENT.NUMBERS_STAND"
    strike = {
        "classId": "4a",
        "pupilId": "new",
        "until": "2025-10-05",
        "decision": "1/2025",
        "legalBasis": "art. 68",
        "reason": "uchwała",
    }
    assert (
        served.code(
            'mutation { strikeFromList(school: "sp1", input: {classId: "4a", pupilId: "new", until: "2025-10-05",'
            ' decision: "1", legalBasis: "x", reason: "y"}) { __typename } }',
            "adm",
        )
        == "ACCESS.DENIED"
    )
    assert do(served, "dir", "strikeFromList", strike)["facts"] == 2
    follow()
    (_, struck) = served.data(query, "dir")["pupilMovement"]
    assert struck == {"kind": "STRUCK_OFF", "place": None, "legalBasis": "art. 68", "decision": "1/2025"}
    assert register_of(served, "4a", "2025-10-05") == [(1, "p1"), (2, "p2"), (3, "new")]
    assert register_of(served, "4a", "2025-10-06") == [(1, "p1"), (2, "p2")]


def test_the_director_sets_how_long_classes_are_numbered_anew(served: Served, follow: Follow) -> None:
    query = '{ movementRules(school: "sp1", yearId: "y25") { version renumberDays } }'
    assert served.data(query, "t-art")["movementRules"] == {"version": 0, "renumberDays": 30}
    command = {"yearId": "y25", "rules": {"renumberDays": 14}}
    assert do(served, "dir", "setMovementRules", command)["facts"] == 1
    follow()
    assert served.data(query, "t-art")["movementRules"] == {"version": 1, "renumberDays": 14}
    other = query.replace("y25", "y24")
    assert served.data(other, "t-art")["movementRules"] == {"version": 0, "renumberDays": 30}
