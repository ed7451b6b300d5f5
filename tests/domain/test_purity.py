"""Do rules and contracts depend on anything but what they are given? No clock, chance or outer world."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("domain", "contracts") for path in (ROOT / "src" / room).rglob("*.py"))

ALLOWED = {
    "__future__", "base64", "binascii", "collections", "dataclasses", "datetime", "decimal", "dziennik",
    "enum", "fractions", "hashlib", "ipaddress", "itertools", "msgspec", "re", "string", "typing",
    "unicodedata", "urllib.parse",
}  # fmt: skip
# Names that lead out of the given: clocks, chance, locale, files.
FORBIDDEN = {
    "now", "utcnow", "today", "fromtimestamp", "time_ns", "monotonic", "uuid1", "uuid4", "uuid7", "new_id",
    "random", "urandom", "getlocale", "setlocale", "strxfrm", "open", "print", "input", "eval", "exec",
    "hash", "id", "environ",
}  # fmt: skip


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_package(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield _package(node.module or "")


def _package(module: str) -> str:
    """What is allowed as a whole; of what is not, the one module that is."""
    return module if module in ALLOWED else module.partition(".")[0]


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                yield called.id
            elif isinstance(called, ast.Attribute):
                yield called.attr


def _impurities(source: str) -> set[str]:
    tree = ast.parse(source)
    return (set(_imports(tree)) - ALLOWED) | (set(_calls(tree)) & FORBIDDEN)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_rules_and_contracts_are_pure(path: Path) -> None:
    assert _impurities(path.read_text("utf-8")) == set()


def test_every_file_is_looked_at() -> None:
    assert {path.name for path in SOURCES} >= {"grades.py", "grading.py", "rulebook.py", "facts.py"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os", {"os"}),
        ("from random import choice", {"random"}),
        ("from datetime import datetime\ndatetime.now()", {"now"}),
        ("from datetime import date\ndate.today()", {"today"}),
        ("import uuid\nuuid.uuid4()", {"uuid", "uuid4"}),
        ("open('x')", {"open"}),
        ("from urllib.parse import urlsplit", set()),
        ("from urllib.request import urlopen", {"urllib"}),
        ("asked.today", set()),
    ],
)
def test_what_is_impure_is_found(source: str, found: set[str]) -> None:
    assert _impurities(source) == found
