"""`dziennik import oneroster`: options, exit codes, what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dziennik.imports.cli import import_app
from dziennik.imports.oneroster.schools import Schools
from tests.imports.bundles import small
from tests.imports.memory import MemorySchools


class Line:
    """A command line on schools in memory; `opened` is what the options said."""

    def __init__(self) -> None:
        self.here = MemorySchools()
        self.opened: list[tuple[Path | None, str | None]] = []
        self._app = import_app(self._open)

    def __call__(self, *words: str | Path) -> Result:
        return CliRunner().invoke(self._app, ["oneroster", *(str(word) for word in words)])

    @contextmanager
    def _open(self, data_dir: Path | None, database_url: str | None) -> Iterator[Schools]:
        self.opened.append((data_dir, database_url))
        yield self.here


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return small().write_zip(tmp_path / "sp1.zip")


def test_importing_a_zip(line: Line, file: Path) -> None:
    result = line(file, "--data-dir", file.parent)
    assert result.exit_code == 0
    assert result.stdout.startswith("Zaimportowano: sp1.\n")
    assert line.opened == [(file.parent, None)]
    assert line.here.schools() == ["sp1"]


def test_importing_a_folder_in_english(line: Line, tmp_path: Path) -> None:
    result = line(small().write_folder(tmp_path / "sp1"), "--lang", "en", "--database-url", "postgresql:///x")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Imported: sp1.")
    assert line.opened == [(None, "postgresql:///x")]


def test_a_dry_run(line: Line, file: Path) -> None:
    result = line(file, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("Próba, niczego nie zapisano (sp1).")
    assert line.here.schools() == []


def test_json_and_nothing_else_on_the_standard_output(line: Line, file: Path) -> None:
    answer = json.loads(line(file, "--json").stdout)
    assert list(answer)[:6] == ["created", "changed", "unchanged", "refused", "ended", "faults"]
    assert (answer["created"]["grades"], answer["faults"], answer["accepted"]) == (4, [], True)
    again = json.loads(line(file, "--json").stdout)
    assert (sum(again["created"].values()), again["unchanged"]["grades"], again["facts"]) == (0, 4, 0)


def test_a_refused_file_ends_with_2(line: Line, tmp_path: Path) -> None:
    bundle = small()
    bundle.row("users", "p1")["familyName"] = ""
    path = bundle.write_zip(tmp_path / "a.zip")
    result = line(path)
    assert result.exit_code == 2
    assert "users.csv:8:familyName: Pole familyName jest puste, a jest wymagane." in result.stdout
    assert line.here.schools() == []
    skipped = line(path, "--skip-bad-rows")
    assert skipped.exit_code == 0
    assert line.here.schools() == ["sp1"]


def test_only_one_school(line: Line, file: Path) -> None:
    assert line(file, "--school", "SP1").exit_code == 0
    assert line(file, "--school", "SP2").exit_code == 2


def test_no_such_file(line: Line, tmp_path: Path) -> None:
    result = line(tmp_path / "no.zip")
    assert result.exit_code == 2
    assert "IMPORT.NO_SUCH_SOURCE" in result.stdout
