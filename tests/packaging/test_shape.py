"""House rules of shape: small functions, modules that fit on a few screens and say what they answer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
MODULES = {path: path.read_text(encoding="utf-8") for path in sorted(SRC.rglob("*.py"))}
FILES = [path for path, text in MODULES.items() if text]
LONGEST_MODULE, LONGEST_FUNCTION, USUAL = 400, 60, 30


def lengths(path: Path) -> dict[str, int]:
    """Lines of each function, by name."""
    return {
        f"{path.relative_to(SRC)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(MODULES[path]))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_says_what_it_answers_and_is_no_longer_than_a_few_screens(path: Path) -> None:
    assert ast.get_docstring(ast.parse(MODULES[path]))
    assert len(MODULES[path].splitlines()) <= LONGEST_MODULE


def test_functions_are_small() -> None:
    found = {name: length for path in FILES for name, length in lengths(path).items()}
    assert len(found) > 1_000
    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}
    assert sum(length <= USUAL for length in found.values()) >= 0.9 * len(found)
