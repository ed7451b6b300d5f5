"""Teachers enter hours, the director confirms them, the payroll gets its table; nobody sees another's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql.conftest import Follow, Served
from tests.graphql.test_year_end import do

HOURS = {"yearId": "y25", "kindId": "circle", "on": "2025-10-01", "hours": "1.5", "what": "=SUMA(A1:A9)"}
SUMS = """{ staffHours(school: "sp1", yearId: "y25", month: "2025-10-20") {
  sums { teacherId month kindId hours ruleVersion included { sourceId unitId hours } excluded { sourceId reason } }
  entries { hoursId teacherId state what acts { state by role reason } }
  substitutions { lessonId teacherId insteadOf signed } } }"""


@pytest.fixture
def worked(served: Served, follow: Follow) -> dict[str, str]:
    """Hours of two teachers in October, and a lesson of maths that t-other held; ids by teacher."""
    ids = {
        who: do(served, who, "enterHours", {**HOURS, "teacherId": who})["id"] for who in ("t-maths", "t-art")
    }
    confirm = {"yearId": "y25", "hours": [{"teacherId": "t-maths", "hoursId": ids["t-maths"]}]}
    assert do(served, "dir", "confirmHours", confirm)["facts"] == 1
    place = {"unitId": "4a", "assignmentId": "a-maths", "on": "2025-10-03", "period": 3}
    arranged = do(served, "adm", "arrangeSubstitution", {**place, "teacherId": "t-other"})
    assert arranged["facts"] == 1
    held = do(served, "t-other", "holdLesson", {**place, "topic": "Ułamki", "sign": True})
    assert held["facts"] == 2
    follow()
    return ids


def test_the_director_sees_all_hours_explained(served: Served, worked: dict[str, str]) -> None:
    found = served.data(SUMS, "dir")["staffHours"]
    month = {"month": "2025-10-01", "ruleVersion": 0}
    assert found["sums"] == [
        {
            **month,
            "teacherId": "t-art",
            "kindId": "circle",
            "hours": "0",
            "included": [],
            "excluded": [{"sourceId": worked["t-art"], "reason": "NOT_CONFIRMED"}],
        },
        {
            **month,
            "teacherId": "t-maths",
            "kindId": "circle",
            "hours": "1.5",
            "included": [{"sourceId": worked["t-maths"], "unitId": None, "hours": "1.5"}],
            "excluded": [],
        },
        {
            **month,
            "teacherId": "t-other",
            "kindId": "substitution",
            "hours": "1",
            "included": [{"sourceId": "2025-10-03.03.a-maths", "unitId": "4a", "hours": "1"}],
            "excluded": [],
        },
    ]
    assert found["substitutions"] == [
        {
            "lessonId": "2025-10-03.03.a-maths",
            "teacherId": "t-other",
            "insteadOf": "t-maths",
            "signed": True,
        }
    ]
    confirmed = next(entry for entry in found["entries"] if entry["teacherId"] == "t-maths")
    assert confirmed["acts"] == [
        {"state": "ENTERED", "by": "t-maths", "role": "TEACHER", "reason": None},
        {"state": "CONFIRMED", "by": "dir", "role": "DIRECTOR", "reason": None},
    ]


@pytest.mark.usefixtures("worked")
def test_teachers_see_their_own_hours(served: Served) -> None:
    def whose(found: dict[str, Any]) -> set[str]:
        return {one["teacherId"] for rows in found.values() for one in rows}

    for who in ("t-maths", "t-art", "t-other"):
        assert whose(served.data(SUMS, who)["staffHours"]) == {who}
        csv = served.data('{ staffHoursCsv(school: "sp1", yearId: "y25") }', who)["staffHoursCsv"]
        assert len(csv.splitlines()) == 2
    for who in ("dir", "adm", "aud"):
        assert whose(served.data(SUMS, who)["staffHours"]) == {"t-maths", "t-art", "t-other"}
    theirs = 'staffHours(school: "sp1", yearId: "y25", teacherId: "t-art") { yearId }'
    assert served.code(f"{{ {theirs} }}", "t-art") is None
    assert served.code(f"{{ {theirs} }}", "t-maths") == "ACCESS.DENIED"
    csv = 'staffHoursCsv(school: "sp1", yearId: "y25", teacherId: "t-art")'
    assert served.code(f"{{ {csv} }}", "t-maths") == "ACCESS.DENIED"


@pytest.mark.usefixtures("worked")
def test_the_tables_are_rfc_4180_and_run_nothing(served: Served) -> None:
    query = """query ($content: HoursTable!, $bom: Boolean!) {
      staffHoursCsv(school: "sp1", yearId: "y25", month: "2025-10-01", content: $content, bom: $bom) }"""
    sums = served.data(query, "dir", content="SUMS", bom=False)["staffHoursCsv"]
    assert sums == (
        "Teacher,Month,Kind,Hours,Not counted,Rules\r\n"
        "T-Art Jan,2025-10,Koło zainteresowań,0,1.5,0\r\n"
        "T-Maths Jan,2025-10,Koło zainteresowań,1.5,0,0\r\n"
        "T-Other Jan,2025-10,Substitutions,1,0,0\r\n"
    )
    entries = served.data(query, "dir", content="ENTRIES", bom=True)["staffHoursCsv"]
    assert entries == (
        "\ufeffTeacher,Day,Kind,Hours,State,Description,Instead of\r\n"
        "T-Art Jan,2025-10-01,Koło zainteresowań,1.5,to be confirmed,'=SUMA(A1:A9),\r\n"
        "T-Maths Jan,2025-10-01,Koło zainteresowań,1.5,confirmed,'=SUMA(A1:A9),\r\n"
        'T-Other Jan,2025-10-03,Substitutions,1,signed,"4a, Matematyka, 3",T-Maths Jan\r\n'
    )


@pytest.mark.usefixtures("worked")
def test_other_months_and_years_are_empty(served: Served) -> None:
    for argument in (
        'yearId: "y25", month: "2025-09-01"',
        'yearId: "y24"',
        'yearId: "y25", month: "2031-01-01"',
    ):
        query = f'{{ staffHours(school: "sp1", {argument}) {{ sums {{ hours }} entries {{ hoursId }} }} }}'
        assert served.data(query, "dir")["staffHours"] == {"sums": [], "entries": []}
    whole = '{ staffHours(school: "sp1", yearId: "y25") { entries { hoursId } } }'
    assert len(served.data(whole, "dir")["staffHours"]["entries"]) == 2


def test_the_schools_own_kinds(served: Served, follow: Follow) -> None:
    kinds = [{"kindId": "chess", "name": "Szachy", "symbol": "SZ", "mostADay": "2"}]
    rules = {"yearId": "y25", "rules": {"kinds": kinds, "step": "0.5"}}
    assert do(served, "dir", "setStaffRules", rules)["facts"] == 1
    follow()
    query = (
        '{ staffRules(school: "sp1", yearId: "y25") { version step signedOnly kinds { kindId mostADay } } }'
    )
    assert served.data(query, "t-art")["staffRules"] == {
        "version": 1,
        "step": "0.5",
        "signedOnly": True,
        "kinds": [{"kindId": "chess", "mostADay": "2"}],
    }
    refused = do(served, "t-art", "enterHours", {**HOURS, "teacherId": "t-art"})
    assert (refused["code"], refused["field"]) == ("STAFF.NO_SUCH_KIND", "kindId")
