"""The payroll's table from the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dziennik.app import open_system
from dziennik.application.register import Accepted
from dziennik.cli.actors import OFFICE
from dziennik.contracts import people, school, staff
from dziennik.contracts.envelope import Role
from tests.cli.conftest import Line

YEAR = school.OpenSchoolYear(
    year_id="y25", name="2025/2026", starts=date(2025, 9, 1), ends=date(2026, 8, 31), terms=()
)
TEACHER = people.RegisterPerson(
    person_id="t1", given_names="Ewa", family_name="Żak", since=date(2025, 9, 1), roles=(Role.TEACHER,)
)
HOURS = staff.EnterHours(
    hours_id="h1",
    year_id="y25",
    teacher_id="t1",
    kind_id="circle",
    on=date(2025, 10, 1),
    hours=Decimal("1.5"),
    what='Szachy, "debiuty"',
)


@pytest.fixture
def worked(line: Line) -> Line:
    found = school.FoundSchool(school_id="sp1", name="Szkoła nr 1", short_name="SP1")
    with open_system(None, line.where[1]) as system:
        register = system.found("sp1")
        for command in (found, YEAR, TEACHER, HOURS):
            assert isinstance(register.execute(command, actor=OFFICE), Accepted)
    return line


def test_a_month_goes_to_the_output_or_to_a_file(worked: Line, tmp_path: Path) -> None:
    answer = worked("staff", "hours", "--school", "sp1", "--month", "2025-10")
    assert answer.code == 0
    assert answer.out == (
        "Nauczyciel,Miesiąc,Rodzaj,Godziny,Nie liczy się,Reguły\r\n"
        'Żak Ewa,2025-10,Koło zainteresowań,0,"1,5",0\r\n'
    )
    out = tmp_path / "godziny.csv"
    words = ("--content", "entries", "--bom", "--out", out)
    assert worked("staff", "hours", "--school", "sp1", "--year", "2025/2026", *words).code == 0
    assert out.read_bytes().decode() == (
        "\ufeffNauczyciel,Dzień,Rodzaj,Godziny,Stan,Treść,Za kogo\r\n"
        'Żak Ewa,2025-10-01,Koło zainteresowań,"1,5",czeka na zatwierdzenie,"Szachy, ""debiuty""",\r\n'
    )


def test_other_months_are_empty_and_wrong_calls_are_told(worked: Line) -> None:
    answer = worked("staff", "hours", "--school", "sp1", "--month", "2025-11")
    assert (answer.code, len(answer.out.splitlines())) == (0, 1)
    for words in (("--month", "2025-13"), ("--year", "1999/2000"), ("--month", "2031-01")):
        wrong = worked("staff", "hours", "--school", "sp1", *words)
        assert (wrong.code, wrong.out) == (2, "")
