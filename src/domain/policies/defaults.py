"""Which rules does a school start with that has not set its own?

The usual ones of a Polish school. They are recorded as facts when a year is opened, so that a later
version of this file changes no year that was opened before.
"""

from __future__ import annotations

from decimal import Decimal

from dziennik.contracts.classification import ClassificationRules, MarkThreshold, YearMethod
from dziennik.contracts.earlier_grades import EarlierGradesRule
from dziennik.contracts.movement import MovementRules
from dziennik.contracts.values import (
    AttendanceKind,
    AttendanceRules,
    AttendanceType,
    GradeCategory,
    GradingRules,
    LessonPeriod,
    PointThreshold,
    ScaleMark,
)


def _category(category_id: str, name: str, symbol: str, weight: int, colour: str) -> GradeCategory:
    return GradeCategory(
        category_id=category_id, name=name, symbol=symbol, weight=Decimal(weight), colour=colour
    )


USUAL_GRADING = GradingRules(
    scale=tuple(ScaleMark(mark=str(mark), value=Decimal(mark)) for mark in range(1, 7)),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("+", "-", "np", "bz", "nb", "zw"),
    categories=(
        _category("test", "Sprawdzian", "S", 5, "#c00000"),
        _category("quiz", "Kartkówka", "K", 3, "#007000"),
        _category("oral", "Odpowiedź ustna", "OD", 3, "#0050c0"),
        _category("homework", "Zadanie domowe", "ZD", 1, "#404040"),
        _category("activity", "Aktywność", "A", 1, "#7a4a00"),
        _category("project", "Projekt", "P", 4, "#6a1b9a"),
    ),
    thresholds=tuple(
        PointThreshold(percent=Decimal(percent), mark=mark)
        for percent, mark in ((98, "6"), (90, "5"), (75, "4"), (50, "3"), (30, "2"), (0, "1"))
    ),
)


def _type(type_id: str, symbol: str, name: str, kind: AttendanceKind) -> AttendanceType:
    return AttendanceType(type_id=type_id, symbol=symbol, name=name, kind=kind)


USUAL_ATTENDANCE = AttendanceRules(
    types=(
        _type("present", "●", "obecność", AttendanceKind.PRESENT),
        _type("absent", "—", "nieobecność", AttendanceKind.ABSENT),
        _type("absent-excused", "u", "nieobecność usprawiedliwiona", AttendanceKind.ABSENT_EXCUSED),
        _type("late", "s", "spóźnienie", AttendanceKind.LATE),
        _type("late-excused", "su", "spóźnienie usprawiedliwione", AttendanceKind.LATE_EXCUSED),
        _type("school-reason", "ns", "nieobecność z przyczyn szkolnych", AttendanceKind.SCHOOL_REASON),
        _type("released", "z", "zwolnienie", AttendanceKind.RELEASED),
    ),
    counted_present=(
        AttendanceKind.PRESENT,
        AttendanceKind.LATE,
        AttendanceKind.LATE_EXCUSED,
        AttendanceKind.SCHOOL_REASON,
    ),
    left_out=(AttendanceKind.RELEASED,),
)

USUAL_CLASSIFICATION = ClassificationRules(
    method=YearMethod.ALL_GRADES,
    marks=tuple(
        MarkThreshold(average=Decimal(average), mark=mark)
        for average, mark in (
            ("5.5", "6"),
            ("4.6", "5"),
            ("3.6", "4"),
            ("2.6", "3"),
            ("1.6", "2"),
            ("0", "1"),
        )
    ),
    final_remarks=("nkl", "zw", "ucz"),
    unclassified=("nkl",),
    failing=("1",),
    at_risk_below=Decimal("1.6"),
    honours_average=Decimal("4.75"),
    honours_behaviour=("wz", "bdb"),
)

# What was assessed elsewhere in the same year is part of the year.
USUAL_EARLIER_GRADES = EarlierGradesRule(counted=True)

# Marks, attendance sheets and printed lists go by number: after the first weeks numbers only get more.
USUAL_MOVEMENT = MovementRules(renumber_days=30)

USUAL_PERIODS = tuple(
    LessonPeriod(number=number, starts=starts, ends=ends)
    for number, (starts, ends) in enumerate(
        (
            ("08:00", "08:45"),
            ("08:55", "09:40"),
            ("09:50", "10:35"),
            ("10:45", "11:30"),
            ("11:50", "12:35"),
            ("12:55", "13:40"),
            ("13:50", "14:35"),
            ("14:45", "15:30"),
            ("15:40", "16:25"),
            ("16:35", "17:20"),
        ),
        1,
    )
)
