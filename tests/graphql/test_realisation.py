"""What was taught of the plan, what is next, and how far behind it is.

Maths of 4a is on Mondays; until Monday, 6 October 2025 the timetable has had 1, 8, 15, 22, 29 September and 6
October: 6 lessons. The plan has 2 + 1 = 3 hours. Held: 15 September (free, before there was a plan), then 22
September about item 1 and 29 September about items 1 and 2: item 1 has 1 + 1/2, item 2 has 1/2, covered 2; 2 - 6
= -4.
"""

from __future__ import annotations

import pytest

from dziennik.contracts.classes import SetTimetable
from dziennik.contracts.values import TimetableSlot
from tests.graphql.conftest import BEGIN, OFFICE, Follow, Served
from tests.graphql.test_curriculum import PLAN
from tests.graphql.test_year_end import do

HOLD = {"unitId": "4a", "assignmentId": "a-maths", "period": 2}
QUERY = """{ classRealisation(school: "sp1", classId: "4a") { assignmentId planId planned due held fromPlan free
  covered difference left short explanation items { item { id number } state hours lessons } } }"""
NEXT = '{ nextItems(school: "sp1", classId: "4a", assignmentId: "%s"%s) { item { id topic } state } }'


@pytest.fixture
def taught(served: Served, follow: Follow) -> Served:
    slots = (TimetableSlot(weekday=1, period=2, assignment_id="a-maths"),)
    timetable = SetTimetable(unit_id="4a", valid_from=BEGIN, slots=slots)
    served.system.register("sp1").execute(timetable, actor=OFFICE)
    do(served, "t-maths", "drawUpPlan", PLAN)
    do(served, "t-maths", "assignPlan", {"unitId": "4a", "assignmentId": "a-maths", "planId": "rm"})
    for day, items in (("2025-09-22", ["1"]), ("2025-09-29", ["1", "2"])):
        assert do(served, "t-maths", "holdLesson", {**HOLD, "on": day, "itemIds": items})["position"]
    follow()
    return served


def test_a_realisation_explains_itself(taught: Served) -> None:
    art, maths = taught.data(QUERY, "dir")["classRealisation"]
    assert (art["assignmentId"], art["planId"], art["planned"], art["held"], art["due"]) == (
        "a-art",
        None,
        0,
        1,
        0,
    )
    assert art["explanation"] == "No curriculum plan: 1 of 0 lessons of the timetable were held."
    assert (maths["planned"], maths["due"], maths["held"], maths["fromPlan"], maths["free"]) == (
        3,
        6,
        3,
        2,
        1,
    )
    assert (maths["covered"], maths["difference"], maths["short"]) == ("2.00", "-4.00", "0.00")
    # The term, and with it the lessons, ends on 31 January: 16 Mondays from 13 October to 26 January.
    assert maths["left"] == 16
    assert maths["items"] == [
        {
            "item": {"id": "1", "number": 1},
            "state": "BEGUN",
            "hours": "1.50",
            "lessons": ["2025-09-22.02.a-maths", "2025-09-29.02.a-maths"],
        },
        {
            "item": {"id": "2", "number": 2},
            "state": "BEGUN",
            "hours": "0.50",
            "lessons": ["2025-09-29.02.a-maths"],
        },
    ]
    assert maths["explanation"] == (
        "Until 2025-10-06: 2.00 of 3 hours of the plan; the timetable had 6 lessons, 3 were held (1 of them about "
        "none of its items): 4.00 hours behind; 16 lessons are left, 0.00 hours will be missing."
    )


def test_teachers_see_their_own_subjects_and_the_homeroom_teacher_all(taught: Served) -> None:
    who = {name: len(taught.data(QUERY, name)["classRealisation"]) for name in ("t-maths", "t-art", "dir")}
    assert who == {"t-maths": 1, "t-art": 2, "dir": 2}
    until = QUERY.replace('classId: "4a"', 'classId: "4a", subjectId: "maths", until: "2025-09-22"')
    (maths,) = taught.data(until, "dir")["classRealisation"]
    assert (maths["due"], maths["held"], maths["covered"], maths["left"]) == (4, 2, "1.00", 18)


def test_what_comes_next_is_what_is_not_done(taught: Served, follow: Follow) -> None:
    asked = NEXT % ("a-maths", "")
    told = taught.data(asked, "t-maths")["nextItems"]
    assert [(each["item"]["topic"], each["state"]) for each in told] == [
        ("Liczby naturalne", "BEGUN"),
        ("Ułamki", "BEGUN"),
    ]
    assert do(taught, "t-maths", "holdLesson", {**HOLD, "on": "2025-10-06", "itemIds": ["1"]})["position"]
    follow()
    assert [each["item"]["id"] for each in taught.data(asked, "t-maths")["nextItems"]] == ["2"]
    assert len(taught.data(NEXT % ("a-maths", ", first: 0"), "t-maths")["nextItems"]) == 0
    assert taught.data(NEXT % ("a-art", ""), "t-maths")["nextItems"] == []


def test_a_revised_plan_tells_what_was_taught_of_dropped_items(taught: Served, follow: Follow) -> None:
    revised = {"planId": "rm", "items": [{"topic": "Ułamki", "itemId": "2"}]}
    assert do(taught, "t-maths", "revisePlan", revised)["position"]
    follow()
    query = '{ classRealisation(school: "sp1", classId: "4a", subjectId: "maths") { planned covered dropped { item { id number } hours } } }'
    (maths,) = taught.data(query, "t-maths")["classRealisation"]
    assert (maths["planned"], maths["covered"]) == (1, "0.50")
    assert maths["dropped"] == [{"item": {"id": "1", "number": None}, "hours": "1.50"}]
