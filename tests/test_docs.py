"""What the documents say is true: queries are valid, commands exist, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from typer.main import get_command

from dziennik.cli.main import app
from dziennik.cli.rooms import Rooms, loaded
from dziennik.graphql.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUERIES = re.findall(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
FIELDS = ("Context", "Decision", "Consequences", "Alternatives", "Confirmation")


def test_the_readme_shows_queries() -> None:
    assert len(QUERIES) >= 5


@pytest.mark.parametrize("query", QUERIES)
def test_queries_of_the_readme_are_valid(query: str) -> None:
    assert validate(SCHEMA._schema, parse(query)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist_with_their_options(document: Path) -> None:
    for line in _mentioned(document):
        command, words = _command(line)
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
        assert not {word for word in words if word.startswith("--")} - known - {"--help"}, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_command_lines_in_documents_can_be_given_as_they_stand(document: Path) -> None:
    for line in _shown(document):
        command, words = _command(line)
        command.make_context(line, words)  # what is missing, unknown or not to be chosen is a usage error


def test_the_documents_show_command_lines() -> None:
    assert len({line for document in DOCUMENTS for line in _shown(document)}) >= 30


def test_the_readme_names_every_room() -> None:
    rooms = re.findall(r"`src/(\w+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    folders = [path.parent.name for path in (ROOT / "src").glob("*/__init__.py")]
    assert sorted(rooms) == sorted(folders)


def test_every_page_is_found_from_the_readme() -> None:
    links = re.findall(r"\]\((docs/[^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(links)


def test_decisions_have_numbers_of_their_own() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert sorted(set(numbers)) == numbers
    titles = [path.read_text(encoding="utf-8").splitlines()[0] for path in decisions]
    assert [title[:8] for title in titles] == [f"# {number}. " for number in numbers]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_in_documents_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = re.findall(
        r"^make ([a-z-]+) +#|`(?:[A-Z_]+=\S+ )?make ([a-z-]+)",
        document.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {block or span for block, span in told} <= targets


def _command(line: str) -> tuple[Any, list[str]]:
    """The command that a line gives, and the words that remain for it."""
    words = shlex.split(line, comments=True)[1:]
    here: Any = get_command(app)
    while words and hasattr(here, "commands"):
        assert words[0] in here.commands, line
        name = words.pop(0)
        here = loaded(name) if isinstance(here, Rooms) else here.commands[name]
    return here, words


def _mentioned(document: Path) -> list[str]:
    """All command lines: of blocks, of synopses and in running text."""
    text = document.read_text(encoding="utf-8").replace("\\\n", " ")
    spans = re.findall(r"`(dziennik [a-z][^`]*)`", text)
    synopses = re.findall(r"^    (dziennik [^\n]*(?:\n {5,}[^\n]*)*)", text, re.MULTILINE)
    return [re.sub(r"[][|]|\.\.\.", " ", line) for line in (*_shown(document), *spans, *synopses)]


def _shown(document: Path) -> list[str]:
    """Command lines of fenced blocks: whoever reads them gives them so, with names of their own."""
    text = document.read_text(encoding="utf-8").replace("\\\n", " ")
    fences = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    blocks = "\n".join(block for language, block in fences if language in {"", "sh"})
    return re.findall(r"^(?:\.venv/bin/)?(dziennik .*)$", blocks, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("adr", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.name)
def test_decisions_say_what_proves_them(adr: Path) -> None:
    text = adr.read_text(encoding="utf-8")
    missing = [field for field in FIELDS if field.lower() not in text.lower()]
    assert missing == []
    confirmation = text[text.lower().rindex("confirmation") :]
    paths = re.findall(r"`((?:tests|bench|\.ci|Makefile|pyproject)[\w./*-]*)", confirmation)
    assert paths, adr.name
    assert [path for path in paths if not [*ROOT.glob(path.rstrip("/"))]] == []
    assert [name for name in re.findall(r"`?\b(test_\w+)\b(?!\.py)", confirmation) if name not in TESTS] == []
