"""The real command line on a fresh database: `line("school", "list")`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dziennik.cli.main import main


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Line:
    """Types commands; `where` is added to each of them."""

    where: tuple[str, ...]
    _monkeypatch: pytest.MonkeyPatch
    _capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Answer:
        return self.bare(*words, *self.where)

    def bare(self, *words: str | Path) -> Answer:
        """A command that is told nothing about its database."""
        self._monkeypatch.setattr(sys, "argv", ["dziennik", *(str(word) for word in words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Answer(code, out, err)


@pytest.fixture
def bare_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    """A line without a database, for commands that are to fail before they need one."""
    monkeypatch.setenv("DZIENNIK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DZIENNIK_DATABASE_URL", raising=False)
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    return Line((), monkeypatch, capsys)


@pytest.fixture
def line(bare_line: Line, new_database: Callable[[], str]) -> Line:
    bare_line.where = ("--database-url", new_database())
    return bare_line
