"""The gradebook shows every grade with all that happened to it, and an average that explains itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import psycopg
from msgspec.structs import replace

from dziennik.contracts import classes, grades, school, streams
from dziennik.projections.grade_cells import Average, Change, Excluded, Included, StruckOut
from dziennik.projections.gradebook import (
    GRADEBOOK,
    cell_of,
    class_cells,
    class_cells_json,
    columns_of,
    pupil_cells,
    pupil_cells_json,
    rules_of,
)
from dziennik.projections.places import read_schema
from dziennik.projections.rebuild import folded
from dziennik.projections.rows import View
from dziennik.projections.stored import TableRows
from tests.projections.agreement import agree, feed
from tests.projections.histories import FIRST, GRADING, OFFICE, OTHER_GRADING, History, a_school, given
from tests.projections.listed import Listed

ADA = streams.grades("A", "mat", "ada")


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return folded(journal, GRADEBOOK, journal.position())


def test_the_average_is_weighted_and_says_why(common: str) -> None:
    history = a_school()
    history.tell(*given("g1", "4+", weight="3"))
    history.tell(*given("g2", "np", weight="3", day=FIRST + timedelta(days=1)))
    history.tell(*given("g3", "5", weight="1", day=FIRST + timedelta(days=2)))
    history.tell(*given("spurious", "1", pupil="bo"))
    history.tell(*given("other-subject", "1", subject="pol"))
    history.tell(*given("other-class", "1", unit="B", pupil="cy"))
    cell = cell_of(view_of(history), "A", "mat", "ada")
    assert cell is not None
    assert cell.average_value == Decimal("4.63")  # (4.5 * 3 + 5 * 1) / 4
    assert cell.average == Average(
        Decimal("4.63"),
        1,
        (Included("g1", Decimal("4.5"), Decimal(3)), Included("g3", Decimal(5), Decimal(1))),
        (Excluded("g2", "NO_NUMBER"),),
    )
    agree(common, GRADEBOOK, history)


def test_a_correction_keeps_what_was(common: str) -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    history.tell(
        ADA, grades.GradeCorrected(grade_id="g1", pupil_id="ada", was="3", value="4", reason="pomyłka")
    )
    cell = cell_of(view_of(history), "A", "mat", "ada")
    assert cell is not None
    assert [grade.value for grade in cell.grades] == ["4"]
    at = history.at(len(history.recorded))
    assert cell.grades[0].changes == (Change("3", "4", "pomyłka", "nowak", "TEACHER", at),)
    assert cell.average_value == Decimal("4.00")
    agree(common, GRADEBOOK, history)


def test_a_struck_out_grade_stays_and_does_not_count(common: str) -> None:
    history = a_school()
    history.tell(*given("g1", "3"))
    history.tell(*given("g2", "1"))
    history.tell(ADA, grades.GradeStruckOut(grade_id="g2", pupil_id="ada", reason="nie ten uczeń"))
    cell = cell_of(view_of(history), "A", "mat", "ada")
    assert cell is not None
    at = history.at(len(history.recorded))
    assert [(grade.value, grade.struck_out) for grade in cell.grades] == [
        ("3", None),
        ("1", StruckOut("nie ten uczeń", "nowak", "TEACHER", at)),
    ]
    assert cell.average_value == Decimal("3.00")
    assert cell.average.excluded == (Excluded("g2", "STRUCK_OUT"),)
    agree(common, GRADEBOOK, history)


def test_a_retake_is_linked_both_ways() -> None:
    history = a_school()
    history.tell(*given("g1", "2"))
    history.tell(*given("g2", "4", improves="g1"))
    cell = cell_of(view_of(history), "A", "mat", "ada")
    assert cell is not None
    assert [(grade.id, grade.improves, grade.improved_by) for grade in cell.grades] == [
        ("g1", None, "g2"),
        ("g2", "g1", None),
    ]
    assert cell.average_value == Decimal("4.00")


def test_grades_stand_by_day_then_as_entered() -> None:
    history = a_school()
    history.tell(*given("late", "2", day=FIRST + timedelta(days=9)))
    history.tell(*given("early", "3", day=FIRST))
    history.tell(*given("late-too", "4", day=FIRST + timedelta(days=9)))
    cell = cell_of(view_of(history), "A", "mat", "ada")
    assert cell is not None
    assert [grade.id for grade in cell.grades] == ["early", "late", "late-too"]


def test_rules_of_a_year_change_that_years_averages_only(common: str) -> None:
    history = a_school()
    history.tell(
        streams.SCHOOL,
        school.SchoolYearOpened(
            year_id="Z", name="2027/2028", starts=FIRST.replace(year=2027), ends=FIRST.replace(year=2028)
        ),
        school.GradingRulesSet(year_id="Z", rules=GRADING),
        actor=OFFICE,
    )
    history.tell(streams.unit("N"), classes.ClassOpened(class_id="N", year_id="Z", name="5a"))
    history.tell(*given("this-year", "4+"))
    history.tell(*given("next-year", "4+", unit="N"))
    history.tell(streams.SCHOOL, school.GradingRulesSet(year_id="Y", rules=OTHER_GRADING), actor=OFFICE)
    view = view_of(history)
    found = {cell.class_id: cell.average for cell in pupil_cells(view, "ada")}
    assert {unit: (average.value, average.rule_version) for unit, average in found.items()} == {
        "A": (Decimal("4.33"), 2),
        "N": (Decimal("4.50"), 1),
    }
    rules = rules_of(view, "Y")
    assert rules is not None
    assert (rules.version, rules.rules) == (2, OTHER_GRADING)
    agree(common, GRADEBOOK, history, (1,))


def test_a_column_says_itself_whether_it_counts(common: str) -> None:
    """In a class and in a group of two classes; when it says nothing, the category does."""
    column = grades.ColumnOpened(
        column_id="k1",
        unit_id="G",
        assignment_id="eng-G",
        subject_id="eng",
        title="Słówka",
        category_id="oral",
        weight=Decimal(1),
        on=FIRST,
        counted=False,
    )
    history = a_school().tell(streams.column("G", "k1"), column)
    for unit, pupil in (("A", "ada"), ("B", "cy")):
        stream, fact = given(f"in-{pupil}", "6", unit=unit, pupil=pupil, subject="eng")
        history.tell(stream, replace(fact, column_id="k1"))
        history.tell(*given(f"out-{pupil}", "4", unit=unit, pupil=pupil, subject="eng"))

    def found() -> list[tuple[str, Decimal | None, list[bool | None], tuple[Excluded, ...]]]:
        cells = [cell for unit in "AB" for cell in class_cells(view_of(history), unit)]
        return [
            (c.pupil_id, c.average_value, [g.counted for g in c.grades], c.average.excluded) for c in cells
        ]

    assert found() == [
        ("ada", Decimal(4), [False, None], (Excluded("in-ada", "COLUMN_NOT_COUNTED"),)),
        ("cy", Decimal(4), [False, None], (Excluded("in-cy", "COLUMN_NOT_COUNTED"),)),
    ]
    agree(common, GRADEBOOK, history)
    heading = grades.ColumnChanged(
        column_id="k1", title="Słówka", category_id="oral", weight=Decimal(1), on=FIRST, colour="#c00000"
    )
    for counted in (True, None):
        history.tell(streams.column("G", "k1"), replace(heading, counted=counted))
        assert found() == [  # (6 + 4) / 2
            ("ada", Decimal(5), [counted, None], ()),
            ("cy", Decimal(5), [counted, None], ()),
        ]
    (row,) = columns_of(view_of(history), "G")
    assert (row.colour, row.counted) == ("#c00000", None)
    agree(common, GRADEBOOK, history, (2,))


def test_classes_and_pupils_see_their_own_cells() -> None:
    history = a_school()
    history.tell(*given("a", "5"))
    history.tell(*given("b", "4", pupil="bo"))
    history.tell(*given("c", "3", unit="B", pupil="cy"))
    view = view_of(history)
    assert [(cell.subject_id, cell.pupil_id) for cell in class_cells(view, "A")] == [
        ("mat", "ada"),
        ("mat", "bo"),
    ]
    assert [cell.grades[0].id for cell in pupil_cells(view, "ada")] == ["a"]
    assert pupil_cells(view, "ada", "B") == []
    assert [(row[0], row[1]) for row in pupil_cells_json(view, "bo")] == [("A", "mat")]
    assert class_cells(view, "C") == []


def test_columns_stand_by_day_and_can_be_put_right(common: str) -> None:
    history = a_school()
    history.tell(
        streams.column("A", "col"),
        grades.ColumnChanged(
            column_id="col", title="Ułamki zwykłe", category_id="test", weight=Decimal(2), on=FIRST
        ),
    )
    view = view_of(history)
    assert [(column.title, column.weight) for column in columns_of(view, "A")] == [
        ("Ułamki zwykłe", Decimal(2))
    ]
    assert columns_of(view, "A", "pol") == []
    assert columns_of(view, "B") == []
    agree(common, GRADEBOOK, history)


def test_the_json_of_a_cell_is_stored_ready_and_never_changes_its_order(
    connection: psycopg.Connection,
) -> None:
    history = a_school()
    history.tell(*given("g1", "4+", weight="3"))
    history.tell(*given("spurious", "1", unit="B", pupil="cy"))
    feed(connection, Listed("s", history.recorded), GRADEBOOK, [1000])
    ((subject, pupil, json),) = class_cells_json(TableRows(connection, read_schema("s")), "A")
    assert (subject, pupil) == ("mat", "ada")
    position = len(history.recorded) - 1
    at = history.at(position).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.decode() == (
        '{"classId":"A","subjectId":"mat","pupilId":"ada",'
        '"average":{"value":"4.50","ruleVersion":1,'
        '"included":[{"gradeId":"g1","number":"4.5","weight":"3"}],"excluded":[]},'
        '"grades":[{"id":"g1","kind":"CURRENT","value":"4+","description":null,"comment":null,'
        '"categoryId":"oral","weight":"3","on":"2026-09-01","columnId":null,"teacherId":"nowak",'
        f'"improves":null,"improvedBy":null,"givenAt":"{at}","position":{position},'
        '"changes":[],"struckOut":null,"counted":null}]}'
    )
    assert class_cells_json(view_of(history), "A") == [(subject, pupil, json)]
    assert msgspec.json.decode(json)["average"]["value"] == "4.50"


def test_grades_of_a_class_whose_opening_is_not_known_yet_wait_for_their_year() -> None:
    history = History()
    history.tell(streams.SCHOOL, school.GradingRulesSet(year_id="Y", rules=GRADING))
    history.tell(*given("g1", "5"))
    before = cell_of(view_of(history), "A", "mat", "ada")
    history.tell(streams.unit("A"), classes.ClassOpened(class_id="A", year_id="Y", name="4a"))
    after = cell_of(view_of(history), "A", "mat", "ada")
    assert before is not None
    assert after is not None
    assert (before.year_id, before.average) == (None, Average())
    assert (after.year_id, after.average_value) == ("Y", Decimal("5.00"))
