"""What the documents say is true: queries are valid, commands exist, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.main import get_command

from dziennik.cli.main import app
from dziennik.graphql.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUERIES = re.findall(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
FIELDS = ("Context", "Decision", "Consequences", "Alternatives", "Confirmation")


def test_the_readme_shows_queries() -> None:
    assert len(QUERIES) >= 5


@pytest.mark.parametrize("query", QUERIES)
def test_queries_of_the_readme_are_valid(query: str) -> None:
    assert validate(SCHEMA._schema, parse(query)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document: Path) -> None:
    command = get_command(app)
    for words in re.findall(r"dziennik ((?:[a-z][a-z-]+ )*[a-z][a-z-]+)", _code(document)):
        here = command
        for word in words.split():
            known = getattr(here, "commands", {})
            if not known:
                break
            assert word in known, f"dziennik {words}"
            here = known[word]


def _code(document: Path) -> str:
    text = document.read_text(encoding="utf-8")
    spans = re.findall(r"```(?:sh)?\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    return "\n".join(block or span for block, span in spans)


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
