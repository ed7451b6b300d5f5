"""Whose attendance is a class's? Of pupils who changed class, and of interclass groups; each lesson once."""

from __future__ import annotations

from datetime import date
from typing import Any

from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE
from dziennik.projections import attendance as marks
from dziennik.projections import structure
from dziennik.projections.rows import MemoryRows
from dziennik.statistics.asking import Asked, StatisticKind
from dziennik.statistics.statistic import Statistic

BEGIN, END = date(2025, 9, 1), date(2026, 8, 31)
MONDAY, TUESDAY = date(2025, 9, 8), date(2025, 9, 9)


def school() -> MemoryRows:
    """Ada in 4a; Bo in 4a until October, then in 4b; girls of both have PE together in the group g.

    Monday: maths of 4a, Ada and Bo there; PE of g, Ada absent. Tuesday: maths of 4b, Cy absent. In November
    Bo is absent from maths of 4b.
    """
    rows = MemoryRows()
    rows.put(structure.Year("y", "2025/2026", BEGIN, END))
    for unit, classes in (("4a", ()), ("4b", ()), ("g", ("4a", "4b"))):
        rows.put(structure.Unit(unit, "y", unit, unit, None, bool(classes), classes))
    for unit, pupil, since, until, number in (
        ("4a", "ada", BEGIN, None, 1),
        ("4a", "bo", BEGIN, date(2025, 10, 31), 2),
        ("4b", "bo", date(2025, 11, 1), None, 2),
        ("4b", "cy", BEGIN, None, 1),
    ):
        rows.put(structure.Enrolment(unit, pupil, since, until, number))
    rows.put(marks.YearRules("y", 1, USUAL_ATTENDANCE))
    september, november = BEGIN, date(2025, 11, 1)
    rows.put(marks.Count("ada", "y", "maths", september, present=1))
    rows.put(marks.Count("ada", "y", "pe", september, absent=1))
    rows.put(marks.Count("bo", "y", "maths", september, present=1))
    rows.put(marks.Count("bo", "y", "maths", november, absent=1))
    rows.put(marks.Count("cy", "y", "maths", september, absent=1))
    for unit, lesson, on, subject, asked in (
        ("4a", "l1", MONDAY, "maths", ("ada", "bo")),
        ("g", "l2", MONDAY, "pe", ("ada", "cy")),
        ("4b", "l3", TUESDAY, "maths", ("cy",)),
    ):
        rows.put(marks.Roll(unit, lesson, on, 1, subject, None, "y", asked))
    for pupil, lesson, unit, on, subject in (
        ("ada", "l2", "g", MONDAY, "pe"),
        ("cy", "l3", "4b", TUESDAY, "maths"),
    ):
        kind = AttendanceKind.ABSENT
        rows.put(marks.Mark(pupil, lesson, unit, on, 1, subject, "absent", kind, None))
    return rows


def asked(kind: StatisticKind, *units: str) -> Statistic:
    view = school()
    known = [view.get(structure.Unit, unit) for unit in units or ("4a", "4b")]
    return Asked(view, [unit for unit in known if unit]).answer(kind)


def numbers(found: Statistic) -> dict[str, Any]:
    values = [None if v is None else str(v) for v in found.series[0].values]
    return dict(zip([label.en for label in found.labels], values, strict=True))


def test_who_changed_class_counts_once_in_the_class_they_came_to() -> None:
    # School: September Ada 1 of 2, Bo 1 of 1, Cy 0 of 1: 2 / 4; November Bo 0 of 1.
    found = asked(StatisticKind.ATTENDANCE_BY_MONTH)
    assert (numbers(found), found.counted) == ({"September": "50.0", "November": "0.0"}, 5)
    # 4a: Ada alone, 1 / 2. 4b: Bo 1 and Cy 0 of one each: 1 / 2.
    assert numbers(asked(StatisticKind.ATTENDANCE_BY_MONTH, "4a")) == {"September": "50.0"}
    assert numbers(asked(StatisticKind.ATTENDANCE_BY_MONTH, "4b")) == {"September": "50.0", "November": "0.0"}


def test_an_interclass_group_counts_with_the_pupils_of_the_class() -> None:
    # 4a on Monday: maths 2 of 2, PE Ada absent: 2 / 3. 4b: PE Cy there on Monday; maths Cy absent on Tuesday.
    assert numbers(asked(StatisticKind.ATTENDANCE_BY_WEEKDAY, "4a")) == {"Monday": "66.7"}
    assert numbers(asked(StatisticKind.ATTENDANCE_BY_WEEKDAY, "4b")) == {"Monday": "100.0", "Tuesday": "0.0"}
    # Both: 3 / 4 on Monday.
    assert numbers(asked(StatisticKind.ATTENDANCE_BY_WEEKDAY)) == {"Monday": "75.0", "Tuesday": "0.0"}
