"""A teacher draws up a plan, changes it, and follows it; all staff may look at it."""

from __future__ import annotations

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

ITEMS = [{"topic": "Liczby naturalne", "hours": 2, "core": "I.1"}, {"topic": "Ułamki"}]
PLAN = {
    "planId": "rm",
    "yearId": "y25",
    "subjectId": "maths",
    "name": "Matematyka 4",
    "level": 4,
    "items": ITEMS,
}
QUERY = """query ($plan: ID!) { curriculumPlan(school: "sp1", planId: $plan) { name authorId hours withdrawn
  items { id number topic hours core } dropped { id topic number } revisions { by was { id } }
  followers { unitId assignmentId } copiedFrom } }"""


def test_a_plan_is_drawn_up_revised_and_followed(served: Served, follow: Follow) -> None:
    assert do(served, "t-maths", "drawUpPlan", PLAN)["id"] == "rm"
    assign = {"unitId": "4a", "assignmentId": "a-maths", "planId": "rm"}
    assert do(served, "t-art", "assignPlan", assign)["code"] == "CURRICULUM.NOT_YOUR_ASSIGNMENT"
    assert (
        do(served, "t-art", "assignPlan", {**assign, "assignmentId": "a-art"})["code"]
        == "CURRICULUM.OTHER_SUBJECT"
    )
    assert do(served, "t-maths", "assignPlan", assign)["facts"] == 1
    revised = {"planId": "rm", "items": [{"topic": "Ułamki zwykłe", "itemId": "2"}, {"topic": "Kąty"}]}
    assert do(served, "t-art", "revisePlan", revised)["code"] == "CURRICULUM.NOT_YOUR_PLAN"
    assert do(served, "t-maths", "revisePlan", revised)["facts"] == 1
    follow()
    assert served.data(QUERY, "t-other", plan="rm")["curriculumPlan"] == {
        "name": "Matematyka 4",
        "authorId": "t-maths",
        "hours": 2,
        "withdrawn": None,
        "items": [
            {"id": "2", "number": 1, "topic": "Ułamki zwykłe", "hours": 1, "core": None},
            {"id": "3", "number": 2, "topic": "Kąty", "hours": 1, "core": None},
        ],
        "dropped": [{"id": "1", "topic": "Liczby naturalne", "number": None}],
        "revisions": [{"by": "t-maths", "was": [{"id": "1"}, {"id": "2"}]}],
        "followers": [{"unitId": "4a", "assignmentId": "a-maths"}],
        "copiedFrom": None,
    }


def test_a_plan_is_copied_under_an_id_of_the_servers(served: Served, follow: Follow) -> None:
    do(served, "t-maths", "drawUpPlan", PLAN)
    made = do(served, "t-other", "copyPlan", {"fromPlanId": "rm", "yearId": "y25", "name": "Mój"})["id"]
    follow()
    plan = served.data(QUERY, "dir", plan=made)["curriculumPlan"]
    assert (plan["name"], plan["authorId"], plan["copiedFrom"], plan["hours"]) == ("Mój", "t-other", "rm", 3)
    every = '{ curriculumPlans(school: "sp1", yearId: "y25", subjectId: "maths") { name } }'
    assert served.data(every, "t-maths")["curriculumPlans"] == [{"name": "Matematyka 4"}, {"name": "Mój"}]
    assert served.data(every.replace("maths", "art"), "dir")["curriculumPlans"] == []


def test_a_faulty_plan_tells_every_fault(served: Served) -> None:
    answer = do(
        served, "t-maths", "drawUpPlan", {**PLAN, "items": [{"topic": " "}, {"topic": "x", "hours": 0}]}
    )
    assert (answer["code"], answer["field"]) == ("COMMAND.TEXT_MISSING", "items[0].topic")
    assert answer["others"] == [{"code": "CURRICULUM.HOURS_OUT_OF_RANGE", "field": "items[1].hours"}]
