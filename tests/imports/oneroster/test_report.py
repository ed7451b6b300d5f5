"""What an import says of itself to a school's office."""

from __future__ import annotations

import pytest

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.report import KIND_OF_FILE, WORDS, Counts, Report, refused_rows
from dziennik.imports.oneroster.steps import KINDS
from dziennik.imports.oneroster.tables import TABLES


@pytest.mark.parametrize(
    ("count", "polish", "english"),
    [
        (1, "1 błąd.", "1 fault."),
        (2, "2 błędy.", "2 faults."),
        (5, "5 błędów.", "5 faults."),
        (12, "12 błędów.", "12 faults."),
        (22, "22 błędy.", "22 faults."),
    ],
)
def test_faults_are_counted_in_both_languages(count: int, polish: str, english: str) -> None:
    faults = Faults()
    for line in range(count):
        faults.add(reasons.MISSING_VALUE, Place("users.csv", line + 2), column="familyName")
    report = Report(False, False, "i", "", faults.found)
    assert report.as_text("pl").startswith(f"Plik odrzucono w całości: {polish} Niczego")
    assert report.as_text("en").startswith(f"The file is refused as a whole: {english} Nothing")


def test_every_kind_has_words_and_every_file_a_kind() -> None:
    assert list(WORDS) == list(KINDS)
    assert list(KIND_OF_FILE) == [table.file for table in TABLES if table.file in KIND_OF_FILE]
    assert set(KIND_OF_FILE.values()) <= set(KINDS)
    assert len(KIND_OF_FILE) == len(TABLES)


def test_a_row_counts_once_however_much_is_wrong_with_it() -> None:
    faults = Faults()
    faults.add(reasons.MISSING_VALUE, Place("users.csv", 2), column="familyName")
    faults.add(reasons.MISSING_VALUE, Place("users.csv", 2), column="givenName")
    faults.add(reasons.MISSING_VALUE, Place("users.csv", 3), column="givenName")
    faults.add(reasons.MISSING_COLUMN, Place("results.csv", 1), column="score", whole=True)
    assert refused_rows(faults.found) == {"people": 2}


def test_endings_are_changes_too() -> None:
    counts = Counts()
    counts.note("ended", {"roles": 2})
    counts.note("changed", {"roles": 1})
    assert (counts.changed["roles"], counts.ended["roles"]) == (3, 2)


def test_faults_stand_in_the_order_of_files_and_lines() -> None:
    faults = Faults()
    for file, line in (("results.csv", 3), ("orgs.csv", 9), ("results.csv", 2), ("manifest.csv", 1)):
        faults.add(reasons.NUL_BYTE, Place(file, line))
    faults.sort()
    assert [(f.place.file, f.place.line) for f in faults.found] == [
        ("manifest.csv", 1),
        ("orgs.csv", 9),
        ("results.csv", 2),
        ("results.csv", 3),
    ]
