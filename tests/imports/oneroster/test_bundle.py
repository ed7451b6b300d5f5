"""What the manifest promises, and rows among themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from dziennik.imports.oneroster import bundle as bundles
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.manifest import Mode
from dziennik.imports.oneroster.source import open_source
from tests.imports.bundles import Bundle, enrol, session, small

Found = list[tuple[str | None, int | None, str | None, str]]


def checked(
    bundle: Bundle, tmp_path: Path, known: set[tuple[str, str]] | None = None, *, folder: bool = False
) -> tuple[bundles.Bundle, Found]:
    faults = Faults()
    path = bundle.write_folder(tmp_path / "b") if folder else bundle.write_zip(tmp_path / "b.zip")
    read = bundles.read_bundle(open_source(path, faults), faults)
    bundles.check_bundle(read, lambda table, sid: (table, sid) in (known or set()), faults)
    return read, [
        (f.place.file, f.place.line, f.column, f.code.removeprefix("IMPORT.")) for f in faults.found
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_small_school_is_sound(tmp_path: Path, version: str) -> None:
    read, found = checked(small(version), tmp_path)
    assert found == []
    assert read.manifest.version == version
    assert len(read.rows("enrollments")) == 12
    assert read.manifest.modes["roles"] is (Mode.BULK if version == "1.2" else Mode.ABSENT)


def test_a_zip_needs_a_manifest_and_a_folder_does_not(tmp_path: Path) -> None:
    bundle = small()
    bundle.manifest = False
    assert checked(bundle, tmp_path)[1] == [("manifest.csv", None, None, "FILE_MISSING")]
    read, found = checked(bundle, tmp_path, folder=True)
    assert found == []
    assert (read.manifest.version, read.manifest.modes["users"]) == ("1.2", Mode.LISTED)


def test_a_folder_without_roles_is_1_1(tmp_path: Path) -> None:
    bundle = small("1.1")
    bundle.manifest = False
    assert checked(bundle, tmp_path, folder=True)[0].manifest.version == "1.1"


def test_files_and_manifest_must_agree(tmp_path: Path) -> None:
    bundle = small()
    del bundle.tables["demographics"]
    bundle.modes = {"demographics": "bulk", "results": "absent", "categories": "all"}
    bundle.version = "1.2"
    found = checked(bundle, tmp_path)[1]
    assert ("demographics.csv", None, None, "FILE_MISSING") in found
    assert ("results.csv", None, None, "FILE_NOT_DECLARED") in found
    assert ("manifest.csv", 12, "file.categories", "UNKNOWN_MODE") in found


def test_an_unknown_version(tmp_path: Path) -> None:
    bundle = small()
    bundle.raw["manifest.csv"] = b"propertyName,value\noneroster.version,2.0\n"
    assert checked(bundle, tmp_path)[1][0] == ("manifest.csv", 2, "oneroster.version", "UNKNOWN_VERSION")


def test_a_manifest_without_its_header(tmp_path: Path) -> None:
    bundle = small()
    bundle.raw["manifest.csv"] = b"oneroster.version,1.2\n"
    assert checked(bundle, tmp_path)[1] == [("manifest.csv", 1, "propertyName", "MISSING_COLUMN")]


def test_references_that_lead_nowhere_are_all_told(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("courses", "MAT")["orgSourcedId"] = "S9"
    bundle.row("users", "p1")["agentSourcedIds"] = "m1,m9"
    bundle.row("results", "R1").update(lineItemSourcedId="L9", studentSourcedId="p9")
    read, found = checked(bundle, tmp_path)
    assert found[:2] == [
        ("courses.csv", 2, "orgSourcedId", "UNKNOWN_REFERENCE"),
        ("classes.csv", 2, "courseSourcedId", "DEPENDS_ON_FAULT"),
    ]
    assert ("users.csv", 8, "agentSourcedIds", "UNKNOWN_REFERENCE") in found
    assert found[-2:] == [
        ("results.csv", 3, "lineItemSourcedId", "DEPENDS_ON_FAULT"),
        ("results.csv", 4, "lineItemSourcedId", "DEPENDS_ON_FAULT"),
    ]
    assert ("results.csv", 2, "lineItemSourcedId", "UNKNOWN_REFERENCE") in found
    assert ("results.csv", 2, "studentSourcedId", "UNKNOWN_REFERENCE") in found
    # What leans on the fallen course is left out with it; the rest stays.
    assert sorted(read.rows("classes")) == ["4a-pol", "ang"]
    assert sorted(read.rows("results")) == ["R4", "R5"]
    assert read.rows("users")["p1"].cells["agentSourcedIds"] == ("m1",)


def test_a_bad_row_is_told_once_and_what_leans_on_it_apart(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("lineItems", "L3")["dueDate"] = "10.10.2026"
    assert checked(bundle, tmp_path)[1] == [
        ("lineItems.csv", 4, "dueDate", "WRONG_DATE"),
        ("results.csv", 6, "lineItemSourcedId", "DEPENDS_ON_FAULT"),
    ]


def test_a_delta_may_lean_on_what_came_earlier(tmp_path: Path) -> None:
    bundle = small()
    delta = bundle.delta(results=[dict(bundle.row("results", "R1"), score="18")])
    assert checked(delta, tmp_path, {("lineItems", "L1"), ("users", "p1")})[1] == []
    assert checked(delta, tmp_path / "..", {("lineItems", "L1")})[1] == [
        ("results.csv", 2, "studentSourcedId", "UNKNOWN_REFERENCE")
    ]


def test_bulk_leans_on_nothing_earlier(tmp_path: Path) -> None:
    bundle = small()
    bundle.drop("users", "p4")
    bundle.drop("roles", "r-p4")
    known = {("users", "p4")}
    assert {code for _, _, _, code in checked(bundle, tmp_path, known)[1]} == {"UNKNOWN_REFERENCE"}


def test_ends_before_beginnings(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("academicSessions", "G1")["endDate"] = "2026-08-31"
    enrol(bundle, "4b-mat", "p3", "student", beginDate="2027-01-10", endDate="2027-01-09")
    bundle.row("roles", "r-t3").update(beginDate="2026-10-02", endDate="2026-10-01")
    found = checked(bundle, tmp_path)[1]
    assert ("academicSessions.csv", 5, "endDate", "DATES_REVERSED") in found
    assert ("roles.csv", 4, "endDate", "DATES_REVERSED") in found
    assert ("enrollments.csv", 14, "endDate", "DATES_REVERSED") in found


def test_a_maximum_that_is_none(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("lineItems", "L1")["resultValueMax"] = "0"
    bundle.row("lineItems", "L2")["resultValueMin"] = "6"
    found = checked(bundle, tmp_path)[1]
    assert found[:2] == [
        ("lineItems.csv", 2, "resultValueMax", "MAXIMUM_NOT_ABOVE_MINIMUM"),
        ("lineItems.csv", 3, "resultValueMax", "MAXIMUM_NOT_ABOVE_MINIMUM"),
    ]


def test_sessions_within_themselves(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("academicSessions", "Y")["parentSourcedId"] = "G1"
    session(bundle, "Z", "2027/2028", "schoolYear", "2027-09-01", "2028-08-31", "Z")
    found = checked(bundle, tmp_path)[1]
    loops = [line for _, line, _, code in found if code == "SESSION_LOOP"]
    assert loops == [2, 3, 5, 6]


def test_scores_beyond_their_line_item(tmp_path: Path) -> None:
    bundle = small()
    bundle.row("results", "R1")["score"] = "20.01"
    bundle.row("results", "R2")["score"] = "20"
    bundle.row("results", "R4")["score"] = "0.5"
    bundle.row("results", "R5")["score"] = "-1"
    assert checked(bundle, tmp_path)[1] == [
        ("results.csv", line, "score", "SCORE_OUT_OF_RANGE") for line in (2, 5, 6)
    ]
