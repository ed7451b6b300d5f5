"""Are the rooms kept apart where import-linter has no words for it?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.packaging.repository import ROOT


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("dziennik", cache_dir=None)


def test_the_layers_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_verifier_of_archives_shares_no_code_with_their_writer(graph: grimp.ImportGraph) -> None:
    own = "dziennik.archive.verify"
    verifier = {module for module in graph.modules if module == own or module.startswith(own + ".")}
    reached = {module for part in verifier for module in graph.find_modules_directly_imported_by(part)}
    allowed = ("dziennik.contracts", "dziennik.archive.verify")
    assert {m for m in reached if m.startswith("dziennik") and not m.startswith(allowed)} == set()


def test_packages_are_empty_but_for_the_guard() -> None:
    filled = [path for path in (ROOT / "src").rglob("__init__.py") if path.stat().st_size]
    assert filled == [ROOT / "src" / "graphql" / "__init__.py"]
