"""A lesson from the plan, a double one, one of two classes, one of two teachers: as teachers enter them."""

from __future__ import annotations

from typing import Any

from dziennik.contracts.classes import AssignTeaching
from tests.graphql.conftest import BEGIN, OFFICE, Follow, Served
from tests.graphql.test_curriculum import PLAN
from tests.graphql.test_year_end import do

HOLD = {"unitId": "4a", "assignmentId": "a-maths", "on": "2025-09-16", "period": 3}
KEPT = """{ lessonJournal(school: "sp1", classId: "%s", from: "2025-09-16", to: "2025-09-16") { edges { node {
  id topic planId items room coTeachers coSigned signedBy continues together { unitId lessonId } } } } }"""


def journal(served: Served, who: str, class_id: str = "4a") -> list[dict[str, Any]]:
    edges = served.data(KEPT % class_id, who)["lessonJournal"]["edges"]
    return [edge["node"] for edge in edges]


def test_a_double_lesson_from_the_plan(served: Served, follow: Follow) -> None:
    do(served, "t-maths", "drawUpPlan", PLAN)
    named = {**HOLD, "itemIds": ["1", "2"], "double": True, "room": "12", "sign": True}
    assert do(served, "t-maths", "holdLesson", named)["code"] == "CURRICULUM.NO_PLAN_ASSIGNED"
    do(served, "t-maths", "assignPlan", {"unitId": "4a", "assignmentId": "a-maths", "planId": "rm"})
    assert do(served, "t-maths", "holdLesson", {**named, "itemIds": ["7"]})["field"] == "itemIds[0]"
    assert do(served, "t-maths", "holdLesson", named)["position"] > 0
    follow()
    first, second = journal(served, "m1")
    assert (first["topic"], first["planId"], first["items"]) == (
        "Liczby naturalne; Ułamki",
        "rm",
        ["1", "2"],
    )
    assert (first["room"], first["signedBy"], first["continues"]) == ("12", "t-maths", None)
    assert (second["continues"], second["id"]) == ("2025-09-16.03.a-maths", "2025-09-16.04.a-maths")


def test_two_classes_and_two_teachers_in_one_lesson(served: Served, follow: Follow) -> None:
    both = AssignTeaching(
        assignment_id="b-maths-2", unit_id="4b", subject_id="maths", teacher_id="t-maths", since=BEGIN
    )
    served.system.register("sp1").execute(both, actor=OFFICE)
    hold = {
        **HOLD,
        "topic": "Kino",
        "coTeacherIds": ["t-art"],
        "together": [{"unitId": "4b", "assignmentId": "b-maths-2"}],
    }
    foreign = {**hold, "together": [{"unitId": "4b", "assignmentId": "b-maths"}]}
    refused = do(served, "t-maths", "holdLesson", foreign)
    assert (refused["code"], refused["field"]) == ("LESSONS.NOT_YOUR_LESSON", "together[0].assignmentId")
    assert do(served, "t-maths", "holdLesson", hold)["position"]
    sign = {"unitId": "4a", "lessonId": "2025-09-16.03.a-maths"}
    assert do(served, "t-art", "signLesson", sign)["position"]
    assert do(served, "t-art", "signLesson", sign)["code"] == "LESSONS.ALREADY_SIGNED"
    assert do(served, "t-other", "signLesson", sign)["code"] == "LESSONS.NOT_YOUR_LESSON"
    follow()
    (here,) = journal(served, "dir")
    (there,) = journal(served, "dir", "4b")
    assert here["together"] == [{"unitId": "4b", "lessonId": there["id"]}]
    assert there["together"] == [{"unitId": "4a", "lessonId": here["id"]}]
    assert (here["coTeachers"], here["coSigned"], here["signedBy"]) == (["t-art"], ["t-art"], None)
