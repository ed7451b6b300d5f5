"""Statistics and lists from the command line: text, CSV, picture; of a past year too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from dziennik.app import open_system
from dziennik.application.register import Accepted
from dziennik.cli.actors import OFFICE
from dziennik.contracts import classes, grades, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import GradeKind, Term
from tests.cli.conftest import Line

BEGIN = date(2024, 9, 1)


def year(begins: int) -> school.OpenSchoolYear:
    starts, half = date(begins, 9, 1), date(begins + 1, 1, 31)
    return school.OpenSchoolYear(
        year_id=f"y{begins}",
        name=f"{begins}/{begins + 1}",
        starts=starts,
        ends=date(begins + 1, 8, 31),
        terms=(Term(term_id=f"t{begins}", name="I", starts=starts, ends=half),),
    )


def given(grade_id: str, kind: GradeKind, value: str) -> grades.GiveGrade:
    return grades.GiveGrade(
        grade_id=grade_id,
        unit_id="4a",
        class_id="4a",
        assignment_id="a",
        pupil_id="p",
        value=value,
        kind=kind,
        category_id="test" if kind is GradeKind.CURRENT else None,
        on=date(2024, 12, 2),
    )


def entered() -> list[Command]:
    """A past year with one pupil: 4+ and 3 (weight 5 each), a final 4; and a year that has just begun."""
    return [
        school.FoundSchool(school_id="sp1", name="Szkoła nr 1", short_name="SP1"),
        school.IntroduceSubject(subject_id="m", name="Matematyka", short_name="mat"),
        year(2024),
        year(2025),
        people.RegisterPerson(
            person_id="t", given_names="Ewa", family_name="Żak", since=BEGIN, roles=(Role.TEACHER,)
        ),
        people.RegisterPerson(
            person_id="p", given_names="Ola", family_name="=Łoś", since=BEGIN, roles=(Role.PUPIL,)
        ),
        classes.OpenClass(class_id="4a", year_id="y2024", name="4a", level=4),
        classes.EnrolPupil(class_id="4a", pupil_id="p", since=BEGIN),
        classes.AssignTeaching(assignment_id="a", unit_id="4a", subject_id="m", teacher_id="t", since=BEGIN),
        given("g1", GradeKind.CURRENT, "4+"),
        given("g2", GradeKind.CURRENT, "3"),
        given("g3", GradeKind.TERM_FINAL, "4"),
    ]


@pytest.fixture
def lived(line: Line) -> Line:
    with open_system(None, line.where[1]) as system:
        register = system.found("sp1")
        for command in entered():
            outcome = register.execute(command, actor=OFFICE)
            assert isinstance(outcome, Accepted), outcome
    return line


def test_a_statistic_is_told_in_words_csv_and_as_a_picture(lived: Line, tmp_path: Path) -> None:
    words = ("statistics", "show", "averages_by_subject", "--school", "sp1", "--year", "2024/2025")
    # (4.5 x 5 + 3 x 5) / 10 = 3.75
    assert lived(*words).out == "Średnie według przedmiotów. średnia: Matematyka: 3,75.\n"
    answer = lived(*words, "--class", "4a", "--form", "csv", "--language", "en")
    assert answer.out == "Averages by subject,average\r\nMatematyka,3.75\r\n"
    out = tmp_path / "picture.svg"
    assert lived(*words, "--form", "svg", "--out", out).code == 0
    assert etree.parse(out).getroot().get("role") == "img"


def test_years_and_lists(lived: Line) -> None:
    answer = lived("statistics", "years", "average", "--school", "sp1", "--form", "csv")
    assert answer.out.splitlines()[1:] == ['2024/2025,"3,75"', "2025/2026,"]
    words = ("statistics", "list", "midyear", "--school", "sp1", "--year", "y2024", "--class", "4a")
    assert lived(*words).out == ('Nr,Uczeń,Matematyka,Zachowanie,Średnia\r\n1,\'=Łoś Ola,4,,"4,00"\r\n')
    answer = lived("statistics", "list", "promotions", "--school", "sp1", "--year", "2024/2025")
    assert answer.out == "Oddział,Nr,Uczeń,Średnia,Zachowanie,Wynik\r\n"


def test_what_is_not_there_is_told(lived: Line) -> None:
    assert lived("statistics", "show", "grades", "--school", "sp1", "--year", "1999/2000").code == 2
    assert lived("statistics", "show", "grades", "--school", "sp1", "--class", "9z").code == 2
    assert lived("statistics", "years", "luck", "--school", "sp1").code == 2
    assert lived("statistics", "list", "annual", "--school", "sp1").code == 2
    assert lived("statistics", "show", "grades", "--school", "nowhere").code != 0
