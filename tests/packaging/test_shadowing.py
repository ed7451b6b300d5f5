"""Does our room `graphql` ever hide the library of that name?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.repository import ROOT

pytestmark = pytest.mark.smoke

PROGRAM = """
import graphql, strawberry, dziennik, dziennik.graphql
print(graphql.__name__, hasattr(graphql, "GraphQLSchema"), graphql.__file__ != dziennik.graphql.__file__)
print(dziennik.__file__)
"""


def run(program: str, *, cwd: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONPATH": path} if path else {}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("place", ["the project's root", "elsewhere"])
def test_graphql_is_graphql_core(place: str, tmp_path: Path) -> None:
    done = run(PROGRAM, cwd=tmp_path if place == "elsewhere" else ROOT)
    assert done.stdout.splitlines() == ["graphql True True", str(ROOT / "src" / "__init__.py")], done.stderr


def test_graphql_is_graphql_core_in_this_test_run() -> None:
    import graphql
    import strawberry

    assert "site-packages" in str(graphql.__file__)
    assert strawberry.Schema.__module__ == "strawberry.schema.schema"


@pytest.mark.parametrize("program", ["import graphql", "import strawberry"])
def test_src_on_the_path_says_what_is_wrong(program: str, tmp_path: Path) -> None:
    done = run(program, cwd=tmp_path, path=str(ROOT / "src"))
    assert done.returncode == 1
    assert "ImportError: This is dziennik.graphql, not graphql-core" in done.stderr
