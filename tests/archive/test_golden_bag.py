"""Does every format version still come out of its facts, byte for byte, on any machine?"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from dziennik.archive.bagging import MANIFEST, zip_bag
from dziennik.archive.year_formats import LATEST
from dziennik.bagcheck.checking import verify
from tests.archive.golden_bag import VERSIONS, bag, facts, regenerated
from tests.archive.sample import to_lines
from tests.archive.year_sample import tell_year

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import locale, sys, tempfile, time
from hashlib import sha256
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
time.tzset()
from tests.archive.golden_bag import regenerated
from dziennik.archive.bagging import zip_bag
with tempfile.TemporaryDirectory() as folder:
    made = regenerated(int(sys.argv[1]), Path(folder) / "bag")
    zip_bag(made.path, Path(folder) / "bag.zip")
    print(sha256(made.manifest).hexdigest(), sha256((Path(folder) / "bag.zip").read_bytes()).hexdigest())
"""


def test_there_is_one_of_each_version() -> None:
    assert list(range(1, LATEST + 1)) == VERSIONS
    assert to_lines(tell_year(further=True)) == facts(LATEST).read_bytes()


@pytest.mark.smoke  # on every version of Python the same bytes
@pytest.mark.parametrize("version", VERSIONS)
def test_it_regenerates(version: int, tmp_path: Path) -> None:
    made = regenerated(version, tmp_path / "bag")
    committed = {one.relative_to(bag(version)): one for one in bag(version).rglob("*") if one.is_file()}
    again = {one.relative_to(made.path): one for one in made.path.rglob("*") if one.is_file()}
    assert sorted(again) == sorted(committed)
    for name in sorted(committed):
        assert again[name].read_bytes() == committed[name].read_bytes(), name
    assert verify(bag(version)).wrong is None


@pytest.mark.parametrize(
    ("zone", "language", "seed"),
    [("Pacific/Apia", "C", "1"), ("America/St_Johns", "POSIX", "4711")],
)
def test_it_regenerates_elsewhere(zone: str, language: str, seed: str, tmp_path: Path) -> None:
    made = regenerated(LATEST, tmp_path / "bag")
    zip_bag(made.path, tmp_path / "bag.zip")
    here = [sha256(data).hexdigest() for data in (made.manifest, (tmp_path / "bag.zip").read_bytes())]
    settings = {"TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(LATEST)],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == here
    assert sha256((bag(LATEST) / MANIFEST).read_bytes()).hexdigest() == here[0]
