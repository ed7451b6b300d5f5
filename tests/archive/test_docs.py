"""Do the questions in docs/archive.md find what they say, in the golden archive?"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from lxml import etree

from dziennik.archive.formats import NAMESPACE
from tests.archive.sample import GOLDEN
from tests.checkers import needs_xmllint

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "archive.md"
ANSWERS = {
    "names of the pupils by number": 3,
    "grades of a pupil that were corrected": 1,
    "averages of the year in a subject": 1,  # the other pupil's has no value
    "lessons held by a substitute": 1,
    "lessons that were not signed": 2,
    "unexcused absences as first entered": 1,
    "who made an entry": 1,
}


def test_the_questions_of_the_guide() -> None:
    rows = dict(re.findall(r"^\| ([a-z -]+) \| `(.+)` \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert list(rows) == list(ANSWERS)
    document = etree.parse(str(GOLDEN / "class-year-1.xml"))
    for question, path in rows.items():
        variables = {"id": "mat" if "subject" in path.split("$")[0] else "ala", "author": "a3"}
        found = etree.XPath(path, namespaces={"r": NAMESPACE})(document, **variables)
        assert isinstance(found, list)
        assert len(found) == ANSWERS[question], question


@needs_xmllint
def test_xmllint_prints_the_archive_unchanged() -> None:
    golden = GOLDEN / "class-year-1.xml"
    done = subprocess.run(["xmllint", "--c14n", str(golden)], capture_output=True, check=True)
    assert done.stdout == golden.read_bytes()
