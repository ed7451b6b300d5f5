"""Does the same register come out byte for byte on other machines: time zone, locale, hash seed?"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.archive.sample import GOLDEN

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import locale, sys, time
from hashlib import sha256
from io import BytesIO
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
time.tzset()
from dziennik.archive.folding import fold_class_year
from dziennik.archive.writing import write
from tests.archive.sample import from_lines
recorded = from_lines(Path(sys.argv[1]).read_bytes())
out = BytesIO()
write(fold_class_year(recorded, "4a", cut_off=len(recorded)), out)
print(sha256(out.getvalue()).hexdigest())
"""


@pytest.mark.parametrize(
    ("zone", "language", "seed"),
    [("Europe/Warsaw", "C.UTF-8", "0"), ("Pacific/Apia", "C", "1"), ("America/St_Johns", "POSIX", "4711")],
)
def test_same_bytes_everywhere(zone: str, language: str, seed: str) -> None:
    settings = {"TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(GOLDEN / "class-year-1.facts.jsonl")],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == sha256((GOLDEN / "class-year-1.xml").read_bytes()).hexdigest()
