"""A class of the demo school lives a whole year, and begins the next one, through GraphQL documents alone.

The weeks of autumn and spring are free, so that it takes seconds; the whole school lives every week of it in
`make lived-year` (bench/LIVED_YEAR.md). The sums are told where the numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from dziennik.demo.sizes import YEAR_END, Size
from tests.lived.comparing import compared
from tests.lived.looking import Asking, Midyear, director, empty, reports
from tests.lived.reports import NO_CONTRACT, NOTHING, REPORTS, name_of
from tests.lived.serving import served
from tests.test_director_page import OFFERED

ONE_CLASS = Size(
    name="one_class",
    school_id="demo_lived",
    classes=((4, "a"),),
    pupils=10,
    teachers=14,
    first_until=YEAR_END,
    second_until=date(2026, 9, 15),
    closed=(
        (date(2025, 9, 22), date(2026, 1, 1)),
        (date(2026, 2, 1), date(2026, 5, 15)),
    ),
)


def test_every_report_of_the_page_is_asked_once() -> None:
    named = [name_of(report) for report in REPORTS]
    assert OFFERED - set(named) == set(), "a line in tests/lived/reports.py is missing"
    assert sorted(named) == sorted(OFFERED)


def test_a_class_lives_a_year_over_http(dsn: str, new_database: Callable[[], str], tmp_path: Path) -> None:
    with served(dsn, tmp_path, ONE_CLASS) as living:
        midyear = Midyear(living)
        living.lived(midyear)
        facts, rows = compared(living, new_database())
        assert rows > facts > 3000
        answers = reports(living, midyear)
        assert empty(answers) == {*NOTHING, *NO_CONTRACT}
        _closed(answers)
        ask = director(living)
        for part in (_averages, _brought, _annual, _presence, _conduct, _hours):
            part(ask)


def _closed(answers: dict[str, Any]) -> None:
    """The year is closed and archived, the next one opened from it; in January much was still to come."""
    assert answers["closingCheck"]["closedOn"] == "2026-08-31"
    assert answers["classificationSheet"]["closedOn"] == "2026-06-29"
    assert [one["edition"] for one in answers["archiveEditions"]] == [1]
    assert [year["name"] for year in answers["schoolYears"]] == ["2025/2026", "2026/2027"]
    assert {one["on"] for one in answers["rollsNotCalled"]} == {"2026-01-12"}
    due = {(gap["dueOn"], gap["overdue"]) for gap in answers["missingProposals"]}
    assert due == {("2026-01-19", False), ("2026-06-05", False)}


def _averages(ask: Asking) -> None:
    """Józef's current grades of two subjects."""
    fields = "subjectId average { value } grades { kind value weight }"
    cells = ask(f"pupilGrades(SCHOOL, pupilId: $pupil, classId: $class) {{ {fields} }}")
    names = {one["id"]: one["shortName"] for one in ask("subjects(SCHOOL) { id shortName }")}
    found = {
        names[cell["subjectId"]]: (
            cell["average"]["value"],
            [(one["value"], int(one["weight"])) for one in cell["grades"] if one["kind"] == "CURRENT"],
        )
        for cell in cells
    }
    # 25 points of 30 are 83 %: a 4; 4- is 3.75, 2+ is 2.5:
    # (5 x 1 + 4 x 3 + 4 x 5 + 3 x 3 + 3.75 x 3 + 2.5 x 1) / (1 + 3 + 5 + 3 + 3 + 1) = 59.75 / 16 = 3.734
    given = [("5", 1), ("4", 3), ("25/30", 5), ("3", 3), ("4-", 3), ("2+", 1)]
    assert found["mat."] == ("3.73", given)
    # (3 x 1 + 4 x 1 + 3.5 x 3 + 4.5 x 3 + 4.5 x 3 + 4 x 4 + 2.75 x 1) / (1 + 1 + 3 + 3 + 3 + 4 + 1)
    # = 63.25 / 16 = 3.953
    given = [("3", 1), ("4", 1), ("3+", 3), ("4+", 3), ("4+", 3), ("4", 4), ("3-", 1)]
    assert found["wf"] == ("3.95", given)


def _brought(ask: Asking) -> None:
    """Who came in January brought 3+ (weight 3) and 4 (weight 5) in mathematics, and got 4, 3 and 6."""
    report = "carriedGrades(SCHOOL, pupilId: $moved, classId: $class) { subjectId average { value } grades { value } }"
    found = {tuple(sorted(g["value"] for g in one["grades"])): one["average"]["value"] for one in ask(report)}
    # (3.5 x 3 + 4 x 5 + 4 x 3 + 3 x 5 + 6 x 1) / (3 + 5 + 3 + 5 + 1) = 63.5 / 17 = 3.735
    assert found["3+", "4"] == "3.74"


def _annual(ask: Asking) -> None:
    """Annual grades of eleven pupils in ten subjects, the council's averages, what became of them."""
    rows = ask("promotionList(SCHOOL, yearId: $year) { rows }")["rows"]
    # Hanna: 3+3+2+3+1+4+2+2+3+3 = 26 when the council met; the 1 became a 2 by permission: 27 on the list now.
    assert rows[0] == ["4a", "1", "Czarnecka Hanna", "2,60", "db", "promocja warunkowa"]
    listed = ask("classificationList(SCHOOL, classId: $class) { rows }")["rows"]
    assert (listed[0][2:12], listed[0][-2]) == (list("3323242233"), "2,70")
    # Józef: 3+4+4+4+4+3+3+3+4+4 = 36; Żaneta: 4+4+6+5+5+6+6+5+6+6 = 53 and "bdb": with honours.
    assert rows[1] == ["4a", "2", "Jasiński Józef", "3,60", "db", "promocja"]
    assert rows[2] == ["4a", "3", "Kucharska Żaneta", "5,30", "bdb", "promocja z wyróżnieniem"]
    # Pupil by pupil, twos: 4+0+0+1+0+0+1+2+0+0+0; threes: 5+4+0+2+1+1+7+6+2+1+0; fours: 1+6+2+6+2+6+2+2+7+3+1;
    # fives: 0+0+3+1+7+3+0+0+1+6+5; sixes: 0+0+5+0+0+0+0+0+0+0+4.
    finals = ask(
        "schoolStatistic(SCHOOL, yearId: $year, kind: ANNUAL_FINALS) { labels counted series { values } }"
    )
    assert finals["series"][0]["values"] == ["0", "8", "29", "38", "26", "9"]
    assert finals["counted"] == 110
    outcomes = ask("schoolStatistic(SCHOOL, yearId: $year, kind: OUTCOMES) { series { name values } }")[
        "series"
    ]
    assert {one["name"]: one["values"] for one in outcomes} == {
        "promocja z wyróżnieniem": ["2"],
        "promocja": ["8"],
        "promocja warunkowa": ["1"],
    }


def _presence(ask: Asking) -> None:
    """Józef's attendance of the year: lateness counts as presence."""
    report = "pupilAttendance(SCHOOL, pupilId: $pupil, yearId: $year, from: $from, to: $to)"
    percentage = ask(f"{report} {{ percentage {{ value present counted kinds {{ kind lessons }} }} }}")[
        "percentage"
    ]
    kinds = {one["kind"]: one["lessons"] for one in percentage["kinds"]}
    assert kinds == {"PRESENT": 260, "ABSENT": 38, "LATE": 1}
    # (260 + 1) / (260 + 38 + 1) = 261 / 299 = 87.29 %
    assert (percentage["value"], percentage["present"], percentage["counted"]) == ("87.3", 261, 299)


def _conduct(ask: Asking) -> None:
    """Points of behaviour: each term begins with 100, the year is the mean."""
    pupil = ask(
        "pupilBehaviour(SCHOOL, pupilId: $noted, yearId: $year) { notes { points } points { points } }"
    )
    assert [note["points"] for note in pupil["notes"]] == [-5, 10, -5]
    # 100 - 5 + 10 in the first term, 100 - 5 in the second: (105 + 95) / 2
    assert [one["points"] for one in pupil["points"]] == [105, 95, 100]


def _hours(ask: Asking) -> None:
    """Additional hours that were confirmed: a club of 1.5 hours on three Thursdays of September."""
    report = (
        "staffHours(SCHOOL, yearId: $year) { sums { month hours included { hours on } excluded { hours } } }"
    )
    september = [one for one in ask(report)["sums"] if one["month"] == "2025-09-01" and one["hours"] == "4.5"]
    assert {tuple((part["on"], part["hours"]) for part in one["included"]) for one in september} == {
        (("2025-09-04", "1.5"), ("2025-09-11", "1.5"), ("2025-09-18", "1.5"))
    }
