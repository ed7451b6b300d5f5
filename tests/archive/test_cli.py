"""Does `dziennik archive class-year` write the file, tell its digest, and say no in words?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dziennik.archive.cli import archive_app
from dziennik.journal.journals import Journals
from tests.archive.sample import GOLDEN


class Here:
    """A system with the school "sp5" and one other."""

    def __init__(self, journals: Journals) -> None:
        self.journals = journals

    def schools(self) -> list[str]:
        return ["lo1", "sp5"]


def called(journals: Journals, *arguments: str) -> tuple[int, str, str]:
    @contextmanager
    def opening(data_dir: Path | None, database_url: str | None) -> Iterator[Here]:
        yield Here(journals)

    done = CliRunner().invoke(archive_app(opening), ["class-year", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_register_is_written(journals: Journals, tmp_path: Path) -> None:
    out = tmp_path / "4a.xml"
    code, answer, _ = called(
        journals, "--school", "sp5", "--class", "4a", "--year", "2025/2026", "--out", str(out), "--json"
    )
    golden = (GOLDEN / "class-year-1.xml").read_bytes()
    assert (code, out.read_bytes()) == (0, golden)
    told = json.loads(answer)
    assert told["sha256"] == sha256(golden).hexdigest()
    assert (told["pupils"], told["lessons"], told["grades"]) == (3, 4, 6)


def test_digest_and_counts_are_told(journals: Journals, tmp_path: Path) -> None:
    out = tmp_path / "4a.xml"
    code, answer, _ = called(journals, "--school", "sp5", "--class", "4a", "--out", str(out))
    assert (code, sha256(out.read_bytes()).hexdigest() in answer) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--class", "4a"), "lo1, sp5"),
        (("--class", "4a", "--school", "none"), "lo1, sp5"),
        (("--class", "9z", "--school", "sp5"), "There is no class 9z"),
        (("--class", "4a", "--school", "sp5", "--year", "1999/2000"), "There is no class 4a"),
        (("--class", "4a", "--school", "sp5", "--until", "3"), "unknown at position 3"),
        (("--class", "4a", "--school", "sp5", "--until", "999"), "position 999 is beyond the head"),
    ],
)
def test_refusals(journals: Journals, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    code, answer, error = called(journals, *arguments, "--out", str(tmp_path / "x.xml"))
    assert (code, answer, list(tmp_path.iterdir())) == (2, "", [])
    assert said in error
