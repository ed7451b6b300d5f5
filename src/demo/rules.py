"""How does the demo school grade, count attendance, and ring its bells?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from dziennik.contracts.classification import ClassificationRules, MarkThreshold, ProposalsDue, YearMethod
from dziennik.contracts.descriptive import AssessmentArea, DescriptiveRules, DescriptiveStep
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
from dziennik.demo.structure import Year

DESCRIPTIVE: Final = DescriptiveRules(
    areas=tuple(
        AssessmentArea(area_id=area_id, name=name)
        for area_id, name in (
            ("polish", "Edukacja polonistyczna"),
            ("maths", "Edukacja matematyczna"),
            ("nature", "Edukacja przyrodnicza"),
            ("art", "Edukacja plastyczna i muzyczna"),
            ("sport", "Wychowanie fizyczne"),
        )
    ),
    scale=tuple(
        DescriptiveStep(symbol=symbol, name=name)
        for symbol, name in (
            ("W", "wspaniale"),
            ("B", "bardzo dobrze"),
            ("D", "dobrze"),
            ("P", "poprawnie"),
            ("S", "słabo"),
        )
    ),
    levels=(1, 2, 3),
)
HONOURS: Final = Decimal("4.75")

_CATEGORIES: Final = (
    ("test", "Sprawdzian", "S", 5, "#c00000"),
    ("quiz", "Kartkówka", "K", 3, "#007000"),
    ("oral", "Odpowiedź ustna", "OD", 3, "#0050c0"),
    ("homework", "Zadanie domowe", "ZD", 1, "#404040"),
    ("activity", "Aktywność", "A", 1, "#7a4a00"),
    ("project", "Projekt", "P", 4, "#6a1b9a"),
)
GRADING: Final = GradingRules(
    scale=tuple(ScaleMark(mark=str(mark), value=Decimal(mark)) for mark in range(1, 7)),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("+", "-", "np", "bz", "nb"),
    categories=tuple(
        GradeCategory(category_id=id_, name=name, symbol=symbol, weight=Decimal(weight), colour=colour)
        for id_, name, symbol, weight, colour in _CATEGORIES
    ),
    thresholds=tuple(
        PointThreshold(percent=Decimal(percent), mark=mark)
        for percent, mark in ((98, "6"), (90, "5"), (75, "4"), (50, "3"), (30, "2"), (0, "1"))
    ),
)

_TYPES: Final = (
    ("present", "●", "obecność", AttendanceKind.PRESENT),
    ("absent", "—", "nieobecność", AttendanceKind.ABSENT),
    ("absent-excused", "u", "nieobecność usprawiedliwiona", AttendanceKind.ABSENT_EXCUSED),
    ("late", "s", "spóźnienie", AttendanceKind.LATE),
    ("late-excused", "su", "spóźnienie usprawiedliwione", AttendanceKind.LATE_EXCUSED),
    ("school-reason", "ns", "nieobecność z przyczyn szkolnych", AttendanceKind.SCHOOL_REASON),
    ("released", "z", "zwolnienie", AttendanceKind.RELEASED),
)
ATTENDANCE: Final = AttendanceRules(
    types=tuple(
        AttendanceType(type_id=id_, symbol=symbol, name=name, kind=kind) for id_, symbol, name, kind in _TYPES
    ),
    counted_present=(
        AttendanceKind.PRESENT,
        AttendanceKind.LATE,
        AttendanceKind.LATE_EXCUSED,
        AttendanceKind.SCHOOL_REASON,
    ),
    left_out=(AttendanceKind.RELEASED,),
)


def classifying(year: Year) -> ClassificationRules:
    """How the school classifies: all grades of the year, grades proposed by days that are set."""
    first, second = year.terms
    return ClassificationRules(
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
        at_risk_below=Decimal("1.8"),
        honours_average=HONOURS,
        honours_behaviour=("wz", "bdb"),
        due=(
            ProposalsDue(term_id=first.term_id, on=date(first.ends.year, 1, 19)),
            ProposalsDue(term_id=None, on=date(second.ends.year, 6, 5)),
        ),
    )


_BELLS: Final = (
    ("08:00", "08:45"), ("08:55", "09:40"), ("09:50", "10:35"), ("10:45", "11:30"), ("11:50", "12:35"),
    ("12:55", "13:40"), ("13:50", "14:35"), ("14:45", "15:30"), ("15:40", "16:25"), ("16:35", "17:20"),
)  # fmt: skip
PERIODS: Final = tuple(
    LessonPeriod(number=number, starts=starts, ends=ends) for number, (starts, ends) in enumerate(_BELLS, 1)
)
