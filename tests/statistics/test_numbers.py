"""Are the numbers of statistics right? Each is reckoned by hand beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from dziennik.contracts.classification import Outcome
from dziennik.contracts.values import AttendanceKind, GradeKind
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_GRADING
from dziennik.projections.attendance import Count, Mark, Roll, Sheet
from dziennik.projections.grade_cells import Average, Content, Grade, StruckOut
from dziennik.projections.gradebook import Cell
from dziennik.statistics import attendance, grades, years
from dziennik.statistics.statistic import Text, Unit, mean

TITLE = Text("Tytuł", "Title")
NOW = datetime(2026, 10, 1, tzinfo=UTC)
STRUCK = StruckOut(reason="pomyłka", by="t", role="TEACHER", at=NOW)


def grade(
    value: str, teacher: str = "t", kind: str = "CURRENT", struck_out: StruckOut | None = None
) -> Grade:
    return Grade(
        id=value,
        kind=kind,
        value=value,
        description=None,
        comment=None,
        category_id="test",
        weight=Decimal(1),
        on=date(2026, 10, 1),
        column_id=None,
        teacher_id=teacher,
        improves=None,
        improved_by=None,
        given_at=NOW,
        position=1,
        struck_out=struck_out,
    )


def cell(pupil: str, subject: str, average: str | None, *given: Grade, unit: str = "4a") -> Cell:
    value = Decimal(average) if average else None
    return Cell(unit, subject, pupil, "y", value, Content(unit, subject, pupil, Average(value), given))


def numbers(statistic: object) -> dict[str, str | None]:
    """Label -> number of the first series."""
    labels, values = statistic.labels, statistic.series[0].values  # type: ignore[attr-defined]
    return {label.pl: None if v is None else str(v) for label, v in zip(labels, values, strict=True)}


def test_each_grade_counts_as_its_full_mark() -> None:
    cells = [
        cell("a", "mat", "4", grade("4+"), grade("4-"), grade("np"), grade("5", kind="ANNUAL_FINAL")),
        cell("b", "mat", "3", grade("12/15"), grade("1", struck_out=STRUCK), grade("6", teacher="other")),
    ]
    found = grades.distribution(
        cells, USUAL_GRADING, GradeKind.CURRENT, TITLE, chosen=lambda g: g.teacher_id == "t"
    )
    # 12/15 = 80 %, which reaches 4 (from 75 %); 4+ and 4- are 4 as well
    assert numbers(found) == {"1": "0", "2": "0", "3": "0", "4": "3", "5": "0", "6": "0", "np": "1"}
    assert found.counted == 4
    finals = grades.distribution(cells, USUAL_GRADING, GradeKind.ANNUAL_FINAL, TITLE, chosen=lambda _: True)
    assert numbers(finals)["5"] == "1"


def test_descriptive_grades_are_other() -> None:
    found = grades.distribution(
        [cell("a", "mat", None, grade(""))], USUAL_GRADING, GradeKind.CURRENT, TITLE, chosen=lambda _: True
    )
    assert numbers(found)["inne"] == "1"


def test_a_groups_average_is_the_mean_of_its_pupils_averages() -> None:
    cells = [
        cell("a", "mat", "4.50"),
        cell("b", "mat", "3.25"),
        cell("a", "pol", "5"),
        cell("b", "pol", None),
    ]
    found = grades.averages(cells, lambda c: c.subject_id, {"mat": "Matematyka", "pol": "Polski"}, TITLE)
    # (4.50 + 3.25) / 2 = 3.875 -> 3.88
    assert numbers(found) == {"Matematyka": "3.88", "Polski": "5.00"}
    assert (found.counted, found.left_out) == (3, 1)


def test_names_stand_in_the_polish_order() -> None:
    cells = [cell("a", key, "4") for key in ("z", "ó", "n")]
    called = {"z": "Zając Ewa", "ó": "Ósmak Dorota", "n": "Nowak Jan"}
    found = grades.averages(cells, lambda c: c.subject_id, called, TITLE)
    assert list(numbers(found)) == ["Nowak Jan", "Ósmak Dorota", "Zając Ewa"]


def test_the_teacher_is_who_gave_the_latest_current_grade() -> None:
    both = cell(
        "a", "mat", "4", grade("4", teacher="x"), grade("5", teacher="y"), grade("3", "z", "TERM_FINAL")
    )
    assert grades.teacher_of(both) == "y"
    assert grades.teacher_of(cell("a", "mat", None)) is None


def test_a_pupil_is_shown_among_the_class_without_names() -> None:
    values = {p: Decimal(v) for p, v in zip("abcde", ("4.1", "4.4", "4.5", "3.0", "5.9"), strict=True)}
    found = grades.against_class(values, "b", Decimal("0.5"), TITLE, Unit.AVERAGE)
    # halves: 3.0 | none | 4.1 and 4.4 | 4.5 | none | 5.9
    assert numbers(found) == {
        "3,0–3,5": "1",
        "3,5–4,0": "0",
        "4,0–4,5": "2",
        "4,5–5,0": "1",
        "5,0–5,5": "0",
        "5,5–6,0": "1",
    }
    assert found.highlighted == 2
    assert grades.against_class(values, "zz", Decimal("0.5"), TITLE, Unit.AVERAGE).highlighted is None


def test_who_was_always_there_stands_apart() -> None:
    values = {p: Decimal(v) for p, v in zip("abcde", ("91.0", "94.9", "95.0", "99.9", "100"), strict=True)}
    found = grades.against_class(values, "e", Decimal(5), TITLE, Unit.PERCENT)
    assert numbers(found) == {"90–95%": "2", "95–100%": "2", "100%": "1"}


def test_of_few_pupils_no_distribution_is_told() -> None:
    values = dict.fromkeys("abcd", Decimal(4))
    found = grades.against_class(values, "a", Decimal("0.5"), TITLE, Unit.AVERAGE)
    assert (found.labels, found.note) == ((), grades.TOO_FEW)


def count(subject: str, month: int, **kinds: int) -> Count:
    return Count("a", "y", subject, date(2026, month, 1), **kinds)


COUNTS = [
    count("mat", 9, present=15, absent=5),
    count("pol", 9, present=9, late=1, released=4),
    count("mat", 10, absent=2, school_reason=2),
]


def test_attendance_by_month_and_subject() -> None:
    by_month = attendance.by_month(COUNTS, USUAL_ATTENDANCE, 3, TITLE)
    # September: (15 + 9 + 1) / (20 + 10) = 83.33 %; 4 released are left out. October: 2 / 4
    assert numbers(by_month) == {"wrzesień": "83.3", "październik": "50.0"}
    assert (by_month.counted, by_month.left_out, by_month.rule_versions) == (34, 4, (3,))
    by_subject = attendance.by_subject(COUNTS, {"mat": "Matematyka"}, USUAL_ATTENDANCE, 3, TITLE)
    # mathematics: (15 + 2) / (20 + 4) = 70.83 %
    assert numbers(by_subject) == {"Matematyka": "70.8", "pol": "100.0"}


def test_attendance_by_day_of_the_week() -> None:
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    rolls = (
        Roll("4a", "l1", monday, 1, "mat", None, "y", asked=("a", "b", "c", "d")),
        Roll("4a", "l2", tuesday, 1, "mat", None, "y", asked=("a", "b")),
        Roll("4a", "l3", tuesday, 2, "mat", None, "y", asked=None),
        Roll("4a", "l4", tuesday, 3, "mat", None, "y", asked=("a", "b"), cancelled=True),
    )
    marks = (
        Mark("a", "l1", "4a", monday, 1, "mat", "absent", AttendanceKind.ABSENT, None),
        Mark("b", "l1", "4a", monday, 1, "mat", "present", AttendanceKind.PRESENT, None),
        Mark("a", "l4", "4a", tuesday, 3, "mat", "absent", AttendanceKind.ABSENT, None, cancelled=True),
    )
    found = attendance.by_weekday([Sheet(rolls, marks)], USUAL_ATTENDANCE, 1, TITLE)
    assert numbers(found) == {"poniedziałek": "75.0", "wtorek": "100.0"}  # 3 of 4; 2 of 2


def test_outcomes_are_counted_by_class() -> None:
    found = years.outcomes(
        [("4a", [Outcome.PROMOTED, Outcome.PROMOTED, None]), ("8b", [Outcome.FINISHED, Outcome.REPEATS])],
        TITLE,
    )
    assert {series.name.pl: [str(v) for v in series.values] for series in found.series} == {
        "promocja": ["2", "0"],
        "ukończenie szkoły": ["0", "1"],
        "powtarza oddział": ["0", "1"],
        "bez decyzji": ["1", "0"],
    }
    assert found.counted == 5


def test_a_mean_is_rounded_half_up() -> None:
    assert mean([Decimal("4.125")]) == Decimal("4.13")
    assert mean([]) is None
