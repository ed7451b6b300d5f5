"""Behaviour as it is asked for: notes written and acknowledged, grades given, the council's word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import classes
from tests.graphql.conftest import OFFICE, Follow, Served

OUTCOME = "{ ... on Accepted { facts id } ... on Refusal { code field others { code field } } }"
WRITE = f"""mutation ($input: WriteNoteInput!) {{ writeNote(school: "sp1", input: $input) {OUTCOME} }}"""
GIVE = f"""mutation ($input: GiveBehaviourGradesInput!) {{
  giveBehaviourGrades(school: "sp1", input: $input) {OUTCOME} }}"""
NOTE = {
    "noteId": "n1",
    "classId": "4a",
    "pupilId": "p1",
    "categoryId": "disturbing",
    "on": "2025-10-03",
    "text": "Rozmawia na lekcji.",
}
FINAL = {
    "classId": "4a",
    "kind": "TERM_FINAL",
    "termId": "t1",
    "on": "2025-10-06",
    "grades": [{"pupilId": "p1", "mark": "bdb"}, {"pupilId": "p2", "mark": "wz"}],
}
PUPIL = """{ pupilBehaviour(school: "sp1", pupilId: "p1", yearId: "y25") {
  notes { id kind points text authorId struckOut { reason } changes { reason was { text } now { text } } seen { parentId } }
  grades { kind termId mark authorId changes { was now reason } }
  points { termId points proposed threshold ruleVersion sums { termId start points }
    included { noteId points } leftOut { noteId reason } } } }"""


def mutate(served: Served, who: str, name: str, fields: str) -> dict[str, Any]:
    query = f'mutation {{ {name}(school: "sp1", input: {{{fields}}}) {OUTCOME} }}'
    found: dict[str, Any] = served.data(query, who)[name]
    return found


def test_a_note_is_written_seen_and_counted(served: Served, follow: Follow) -> None:
    assert served.data(WRITE, "t-maths", input=NOTE)["writeNote"] == {"facts": 1, "id": "n1"}
    own = {key: value for key, value in NOTE.items() if key != "noteId"}
    other = served.data(WRITE, "t-art", input={**own, "categoryId": "contest", "points": 50})["writeNote"]
    served.data(WRITE, "t-art", input={**NOTE, "noteId": "n3", "pupilId": "p2"})
    seen = mutate(served, "m1", "acknowledgeNote", 'classId: "4a", pupilId: "p1", noteId: "n1"')
    assert seen["facts"] == 1
    follow()
    found = served.data(PUPIL, "m1")["pupilBehaviour"]
    assert found["notes"][0] == {
        "id": "n1",
        "kind": "NEGATIVE",
        "points": -5,
        "text": "Rozmawia na lekcji.",
        "authorId": "t-maths",
        "struckOut": None,
        "changes": [],
        "seen": [{"parentId": "m1"}],
    }
    assert [note["id"] for note in found["notes"]] == ["n1", other["id"]]
    assert found["points"][0] == {
        "termId": "t1",
        "points": 145,
        "proposed": "bdb",
        "threshold": 120,
        "ruleVersion": 0,
        "sums": [{"termId": "t1", "start": 100, "points": 145}],
        "included": [{"noteId": "n1", "points": -5}, {"noteId": other["id"], "points": 50}],
        "leftOut": [],
    }
    assert found["points"][1]["termId"] is None


def test_a_corrected_and_a_struck_out_note_stay_legible(served: Served, follow: Follow) -> None:
    served.data(WRITE, "t-maths", input=NOTE)
    place = 'classId: "4a", pupilId: "p1", noteId: "n1"'
    mutate(served, "t-art", "correctNote", f'{place}, text: "Podpowiada.", reason: "pomyłka"')
    mutate(served, "t-maths", "strikeOutNote", f'{place}, reason: "to była p2"')
    follow()
    found = served.data(PUPIL, "p1")["pupilBehaviour"]
    (note,) = found["notes"]
    assert note["changes"] == [
        {"reason": "pomyłka", "was": {"text": "Rozmawia na lekcji."}, "now": {"text": "Podpowiada."}}
    ]
    assert note["struckOut"] == {"reason": "to była p2"}
    assert found["points"][0]["leftOut"] == [{"noteId": "n1", "reason": "STRUCK_OUT"}]


@pytest.mark.parametrize(("who", "code"), [("t-other", "BEHAVIOUR.NOT_YOUR_PUPIL"), ("dir", None)])
def test_who_writes_notes(served: Served, who: str, code: str | None) -> None:
    head = served.head()
    assert served.data(WRITE, who, input=NOTE)["writeNote"].get("code") == code
    assert served.head() == (head if code else head + 1)


def test_others_do_not_write_or_acknowledge(served: Served) -> None:
    head = served.head()
    for who in ("adm", "aud", "m1", "p1"):
        assert served.code(WRITE, who, input=NOTE) == "ACCESS.DENIED"
    query = f'mutation {{ acknowledgeNote(school: "sp1", input: {{classId: "4a", pupilId: "p1", noteId: "n1"}}) {OUTCOME} }}'
    for who in ("t-maths", "dir", "p1"):
        assert served.code(query, who) == "ACCESS.DENIED"
    assert served.data(query, "f3")["acknowledgeNote"]["code"] == "BEHAVIOUR.NOT_YOUR_CHILD"
    assert served.head() == head


def test_final_grades_of_a_class_all_or_none_with_the_pupils_place(served: Served, follow: Follow) -> None:
    head = served.head()
    grades = [*FINAL["grades"], {"pupilId": "p3", "mark": "db"}]
    refused = served.data(GIVE, "t-art", input={**FINAL, "grades": grades})["giveBehaviourGrades"]
    assert (refused["code"], refused["field"]) == ("CLASSES.NOT_ENROLLED", "grades[2].pupilId")
    assert served.head() == head
    assert served.data(GIVE, "t-art", input=FINAL)["giveBehaviourGrades"]["facts"] == 2
    maths = served.data(GIVE, "t-maths", input=FINAL)["giveBehaviourGrades"]
    assert (maths["code"], maths["field"]) == ("CLASSIFICATION.NOT_HOMEROOM_TEACHER", "classId")
    follow()
    query = '{ classBehaviour(school: "sp1", classId: "4a") { classId pupils { pupilId grades { mark termId } } } }'
    assert served.data(query, "t-art")["classBehaviour"] == {
        "classId": "4a",
        "pupils": [
            {"pupilId": "p1", "grades": [{"mark": "bdb", "termId": "t1"}]},
            {"pupilId": "p2", "grades": [{"mark": "wz", "termId": "t1"}]},
        ],
    }


def test_after_the_resolution_only_the_director_corrects(served: Served, follow: Follow) -> None:
    served.data(GIVE, "t-art", input=FINAL)
    fields = 'yearId: "y25", termId: "t1", number: "7", on: "2025-10-06", text: "Rada zatwierdza.", classIds: ["4a"]'
    recorded = mutate(served, "dir", "recordResolution", fields)
    correction = 'classId: "4a", pupilId: "p1", kind: TERM_FINAL, termId: "t1", mark: "db", reason: "rada"'
    refused = mutate(served, "t-art", "correctBehaviourGrade", correction)
    assert (refused["code"], refused["field"]) == ("BEHAVIOUR.COUNCIL_HAS_DECIDED", "kind")
    assert mutate(served, "dir", "correctBehaviourGrade", correction)["facts"] == 1
    follow()
    (grade,) = served.data(PUPIL, "t-maths")["pupilBehaviour"]["grades"]
    assert (grade["mark"], grade["changes"]) == ("db", [{"was": "bdb", "now": "db", "reason": "rada"}])
    query = '{ councilResolutions(school: "sp1", yearId: "y25") { id kind number classIds repealedAt } }'
    assert served.data(query, "t-other")["councilResolutions"] == [
        {
            "id": recorded["id"],
            "kind": "CLASSIFICATION",
            "number": "7",
            "classIds": ["4a"],
            "repealedAt": None,
        }
    ]


def test_who_changed_class_takes_the_notes_along_and_the_old_class_sees_no_new_ones(
    served: Served, follow: Follow
) -> None:
    served.data(WRITE, "t-maths", input=NOTE)
    register = served.system.register("sp1")
    moved = (
        classes.EndEnrolment(class_id="4a", pupil_id="p1", until=date(2025, 10, 5)),
        classes.EnrolPupil(class_id="4b", pupil_id="p1", since=date(2025, 10, 6)),
    )
    for command in moved:
        assert isinstance(register.execute(command, actor=OFFICE), Accepted)
    there = {**NOTE, "noteId": "n2", "classId": "4b", "on": "2025-10-06"}
    assert served.data(WRITE, "t-maths", input=there)["writeNote"]["code"] == "BEHAVIOUR.NOT_YOUR_PUPIL"
    assert served.data(WRITE, "t-other", input=there)["writeNote"]["facts"] == 1
    follow()
    for who in ("t-other", "m1", "p1", "dir"):
        found = served.data(PUPIL, who)["pupilBehaviour"]
        assert [note["id"] for note in found["notes"]] == ["n1", "n2"], who
        assert found["points"][0]["points"] == 90
    assert served.code(PUPIL, "t-maths") == "ACCESS.DENIED"
    query = '{ classBehaviour(school: "sp1", classId: "4a") { pupils { pupilId notes { id } } } }'
    assert served.data(query, "t-art")["classBehaviour"]["pupils"] == [
        {"pupilId": "p1", "notes": [{"id": "n1"}]},
        {"pupilId": "p2", "notes": []},
    ]


def test_rules_are_the_usual_ones_until_the_director_sets_others(served: Served, follow: Follow) -> None:
    query = """{ behaviourRules(school: "sp1", yearId: "y25") {
      version withPoints start run scale { mark name } categories { categoryId kind points } thresholds { mark } } }"""
    usual = served.data(query, "m1")["behaviourRules"]
    assert (usual["version"], usual["start"], usual["run"]) == (0, 100, "EACH_TERM")
    assert usual["scale"][1] == {"mark": "bdb", "name": "bardzo dobre"}
    fields = """yearId: "y25", rules: {withPoints: false, scale: [{mark: "wz", name: "wzorowe"}],
      categories: [{categoryId: "i", name: "Informacja", symbol: "i", kind: NEUTRAL}]}"""
    assert mutate(served, "dir", "setBehaviourRules", fields)["facts"] == 1
    served.data(WRITE, "t-art", input={**NOTE, "categoryId": "i"})
    follow()
    own = served.data(query, "t-art")["behaviourRules"]
    assert (own["version"], own["withPoints"], len(own["scale"])) == (1, False, 1)
    found = served.data(PUPIL, "t-art")["pupilBehaviour"]
    assert (found["points"], found["notes"][0]["points"]) == ([], None)
