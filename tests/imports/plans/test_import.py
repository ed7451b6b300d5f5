"""A file becomes a curriculum plan, or changes one; a faulty file changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dziennik.application.register import Accepted
from dziennik.contracts import curriculum, school
from dziennik.contracts.curriculum import PlanItem
from dziennik.contracts.values import Term
from dziennik.imports.cli import import_app
from dziennik.imports.oneroster.schools import Schools
from dziennik.imports.plans.items import Item, entries_of
from dziennik.imports.plans.report import Report
from dziennik.imports.plans.run import ACTOR, Wanted, import_plan
from tests.imports.memory import MemorySchools
from tests.imports.plans.workbooks import plan_book

TERM = Term(term_id="t1", name="I okres", starts=date(2026, 9, 1), ends=date(2027, 1, 31))
NOW = datetime(2026, 10, 1, 10, tzinfo=UTC)
WANTED = Wanted("sp1", "Matematyka", level=4)
FILE = """\
Rozkład materiału – matematyka;;;
Lp.;Temat lekcji;Liczba godzin;Podstawa programowa;Uwagi
2.;Ułamki zwykłe;3;IV.1;z kartami
1.;Liczby naturalne;2;I.1;
3.;Powtórzenie;1;;
"""
ITEMS = (
    PlanItem(item_id="1", topic="Liczby naturalne", hours=2, core="I.1"),
    PlanItem(item_id="2", topic="Ułamki zwykłe", hours=3, core="IV.1"),
    PlanItem(item_id="3", topic="Powtórzenie", hours=1),
)


@pytest.fixture
def here() -> MemorySchools:
    """A school with two subjects and this year."""
    schools = MemorySchools()
    register = schools.found("sp1")
    for command in (
        school.FoundSchool(school_id="sp1", name="Szkoła", short_name="SP1"),
        school.OpenSchoolYear(
            year_id="y26", name="2026/2027", starts=date(2026, 9, 1), ends=date(2027, 8, 31), terms=(TERM,)
        ),
        school.IntroduceSubject(subject_id="mat", name="Matematyka", short_name="mat."),
        school.IntroduceSubject(subject_id="mat-roz", name="Matematyka rozszerzona", short_name="mat. r."),
    ):
        assert isinstance(register.execute(command, actor=ACTOR), Accepted)
    return schools


def brought(here: MemorySchools, path: Path, wanted: Wanted = WANTED, **more: Any) -> Report:  # noqa: ANN401
    return import_plan(here, path, wanted, now=NOW, **more)


def places(report: Report) -> list[tuple[int | None, str | None, str]]:
    return [(fault.place.line, fault.column, fault.code) for fault in report.faults]


def csv(folder: Path, text: str = FILE, name: str = "Matematyka 4.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_plan(here: MemorySchools, tmp_path: Path) -> None:
    report = brought(here, csv(tmp_path))
    (drawn,) = here.facts("sp1", curriculum.PlanDrawnUp)
    assert (drawn.subject_id, drawn.year_id, drawn.name, drawn.level) == ("mat", "y26", "Matematyka 4", 4)
    assert drawn.items == ITEMS  # in the order of their numbers, not of the file
    assert (report.accepted, report.effect, report.items, report.hours) == (True, "created", 3, 6)
    assert (report.plan_id, report.ignored, report.facts) == (drawn.plan_id, ("Uwagi",), 2)
    assert [fact.format for fact in here.facts("sp1") if hasattr(fact, "digest")] == ["curriculum-plan"]


def test_a_workbook_becomes_the_same_plan(here: MemorySchools, tmp_path: Path) -> None:
    rows = (
        ("Rozkład materiału",),
        ("Lp.", "Temat", "Godziny", "Podstawa"),
        (1, "Liczby naturalne", 2, "I.1"),
        (2, "Ułamki zwykłe", 3.0, "IV.1"),
        (None, None, None, None),
        (3, "Powtórzenie", 1),
    )
    assert brought(here, plan_book(tmp_path / "Matematyka 4.xlsx", *rows)).accepted
    again = brought(here, csv(tmp_path))
    assert (again.effect, again.facts) == ("unchanged", 0)
    assert here.facts("sp1", curriculum.PlanDrawnUp)[0].items == ITEMS


def test_a_changed_file_is_a_revision(here: MemorySchools, tmp_path: Path) -> None:
    brought(here, csv(tmp_path))
    changed = FILE.replace("3.;Powtórzenie;1", "3.;Kąty;4\n4.;Powtórzenie;2").replace(
        "Ułamki zwykłe", "Ułamki"
    )
    report = brought(here, csv(tmp_path, changed))
    (revised,) = here.facts("sp1", curriculum.PlanRevised)
    assert [(item.item_id, item.topic, item.hours) for item in revised.items] == [
        ("1", "Liczby naturalne", 2),
        ("2", "Ułamki", 3),  # worded anew
        ("4", "Kąty", 4),  # new
        ("3", "Powtórzenie", 2),
    ]
    assert (report.effect, report.dropped, report.hours) == ("changed", 0, 11)
    assert brought(here, csv(tmp_path, changed)).facts == 0


def test_items_of_one_topic_stay_apart() -> None:
    known = (
        PlanItem(item_id="1", topic="Powtórzenie", hours=1),
        PlanItem(item_id="2", topic="Kąty", hours=1),
        PlanItem(item_id="3", topic="Powtórzenie", hours=1),
    )
    items = [Item(2, "powtórzenie", 1, None), Item(3, "Kąty", 1, None), Item(4, "Powtórzenie", 1, None)]
    assert [entry.item_id for entry in entries_of(items, known)] == ["1", "2", "3"]


def test_a_trial_writes_nothing(here: MemorySchools, tmp_path: Path) -> None:
    before = len(here.facts("sp1"))
    report = brought(here, csv(tmp_path), dry_run=True)
    assert (report.accepted, report.effect, report.items, report.facts) == (True, "created", 3, 0)
    assert len(here.facts("sp1")) == before


def test_every_fault_is_told_with_its_place_and_nothing_is_written(
    here: MemorySchools, tmp_path: Path
) -> None:
    before = len(here.facts("sp1"))
    faulty = "Lp.;Temat;Godziny\n1;;2\n1;Kąty;dwie\nx;Pola;100\n;Koła;1\n5;Bryły;\n"
    faulty += "6;\u2400;1\n7;dobry;1\n1.;Wykresy;0\n"
    report = brought(here, csv(tmp_path, faulty))
    assert places(report) == [
        (2, "Temat", "IMPORT.MISSING_VALUE"),
        (3, "Godziny", "IMPORT.HOURS_OUT_OF_RANGE"),
        (3, "Lp.", "IMPORT.DUPLICATE_ID"),
        (4, "Godziny", "IMPORT.HOURS_OUT_OF_RANGE"),
        (4, "Lp.", "IMPORT.WRONG_NUMBER"),
        (5, "Lp.", "IMPORT.MISSING_VALUE"),
        (6, "Godziny", "IMPORT.MISSING_VALUE"),
        (7, "Temat", "IMPORT.UNWRITABLE_TEXT"),
        (9, "Godziny", "IMPORT.HOURS_OUT_OF_RANGE"),
        (9, "Lp.", "IMPORT.DUPLICATE_ID"),
    ]
    assert (report.accepted, report.exit_code, len(here.facts("sp1"))) == (False, 2, before)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tytuł;Godziny\nx;1\n", "IMPORT.MISSING_COLUMN"),
        ("Temat;Godziny\n", "IMPORT.NO_ROWS"),
        ("Temat\n" + "x\n" * 501, "CURRICULUM.TOO_MANY_ITEMS"),
        ("Temat\nodwrócone \u202eznaki\n", "COMMAND.UNWRITABLE_TEXT"),
    ],
)
def test_files_that_hold_no_plan(here: MemorySchools, tmp_path: Path, text: str, code: str) -> None:
    report = brought(here, csv(tmp_path, text))
    assert [fault.code for fault in report.faults] == [code]
    assert here.facts("sp1", curriculum.PlanDrawnUp) == []


def test_what_the_rules_refuse_is_told_at_its_row(here: MemorySchools, tmp_path: Path) -> None:
    report = brought(here, csv(tmp_path, "Temat\ndobry\nodwrócone \u202eznaki\n"))
    assert places(report) == [(3, "Temat", "COMMAND.UNWRITABLE_TEXT")]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Wanted("sp9", "mat"), ["IMPORT.SCHOOL_NOT_HERE"]),
        (Wanted("sp1", "chemia"), ["SCHOOL.NO_SUCH_SUBJECT"]),
        (Wanted("sp1", "mat", year="1999/2000"), ["SCHOOL.NO_SUCH_YEAR"]),
        (Wanted("sp1", "chemia", year="1999/2000"), ["SCHOOL.NO_SUCH_YEAR", "SCHOOL.NO_SUCH_SUBJECT"]),
    ],
)
def test_where_it_belongs_has_to_be_there(
    here: MemorySchools, tmp_path: Path, wanted: Wanted, codes: list[str]
) -> None:
    assert [fault.code for fault in brought(here, csv(tmp_path), wanted).faults] == codes
    assert here.facts("sp1", curriculum.PlanDrawnUp) == []


def test_a_subject_of_two_meanings_is_asked_back(here: MemorySchools, tmp_path: Path) -> None:
    twin = school.IntroduceSubject(subject_id="mat2", name="MATEMATYKA", short_name="m2")
    here.register("sp1").execute(twin, actor=ACTOR)
    assert [fault.code for fault in brought(here, csv(tmp_path)).faults] == ["IMPORT.AMBIGUOUS"]
    by_short_name = Wanted("sp1", "MAT.", year="2026/2027")
    assert brought(here, csv(tmp_path), by_short_name).accepted


def test_outside_the_year_it_has_to_be_named(here: MemorySchools, tmp_path: Path) -> None:
    late = datetime(2028, 1, 1, tzinfo=UTC)
    report = import_plan(here, csv(tmp_path), WANTED, now=late)
    assert [fault.code for fault in report.faults] == ["IMPORT.NO_YEAR_TODAY"]
    assert import_plan(here, csv(tmp_path), Wanted("sp1", "mat", "y26"), now=late).accepted


class Line:
    """The command line on a school in memory."""

    def __init__(self, here: MemorySchools) -> None:
        self._here = here
        self._app = import_app(self._open)

    def __call__(self, *words: str | Path) -> Result:
        given = ("curriculum", *words, "--school", "sp1", "--subject", "mat", "--year", "y26")
        return CliRunner().invoke(self._app, [str(word) for word in given])

    @contextmanager
    def _open(self, _: Path | None, __: str | None) -> Iterator[Schools]:
        yield self._here


def test_the_command_line(here: MemorySchools, tmp_path: Path) -> None:
    line = Line(here)
    file = csv(tmp_path)
    trial = line(file, "--dry-run", "--lang", "en", "--name", "Plan")
    assert (trial.exit_code, trial.stdout.splitlines()[0]) == (
        0,
        "Dry run, nothing written. New curriculum plan: „Plan” (3 items, 6 hours).",
    )
    done = line(file, "--name", "Plan", "--level", "4")
    assert done.stdout.splitlines()[0] == "Nowy rozkład materiału: „Plan” (3 poz., 6 godz.)."
    told = json.loads(line(file, "--name", "Plan", "--level", "4", "--json").stdout)
    assert (told["effect"], told["accepted"], told["faults"], told["facts"]) == ("unchanged", True, [], 0)
    old = tmp_path / "stary.csv"
    old.write_bytes(FILE.encode("windows-1250"))
    refused = line(old, "--json")
    assert refused.exit_code == 2
    assert [fault["code"] for fault in json.loads(refused.stdout)["faults"]] == ["IMPORT.WRONG_ENCODING"]
    assert line(old, "--encoding", "windows-1250").exit_code == 0
    assert len(here.facts("sp1", curriculum.PlanDrawnUp)) == 2
