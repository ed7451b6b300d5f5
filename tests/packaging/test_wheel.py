"""Does what is built hold all of the package, and nothing but it?"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.repository import ROOT, files


@pytest.mark.slow
def test_a_wheel_by_way_of_an_sdist_holds_exactly_the_files_of_src(tmp_path: Path) -> None:
    for name in files():
        target = tmp_path / "project" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--no-isolation",
            "--outdir",
            tmp_path / "dist",
            tmp_path / "project",
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        "dziennik/" + name.relative_to("src").as_posix() for name in files() if name.parts[0] == "src"
    }
    assert held == expected
    assert {"dziennik/py.typed", "dziennik/graphql/__init__.py"} <= held
