"""Getting rows out of CSV files and workbooks, also out of those that mean no good."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.plans.sheets import Reading, Rows, read_rows
from tests.imports.plans.workbooks import SHEET, parts, plan_book, sheet, workbook

HEAD = ("Lp.", "Temat", "Godziny")
FIRST = (1, "Żółć & gęś", 2.0)
READ: Rows = [(1, ["Lp.", "Temat", "Godziny"]), (2, ["1", "Żółć & gęś", "2"])]
TEXT = "Lp.;Temat;Godziny\r\n1;Żółć & gęś;2\r\n"


def read(path: Path, how: Reading | None = None) -> tuple[Rows, list[str]]:
    faults = Faults()
    rows = read_rows(path, how or Reading(), faults)
    return rows, [f"{fault.place.file}: {fault.code}" for fault in faults.found]


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "data",
    [TEXT, "\ufeff" + TEXT, TEXT.replace(";", ","), TEXT.replace(";", "\t"), TEXT.replace("\r\n", "\n")],
)
def test_csv_as_spreadsheets_write_it(tmp_path: Path, data: str) -> None:
    assert read(written(tmp_path / "r.csv", data)) == (READ, [])


def test_csv_with_quotes_keeps_lines_and_delimiters(tmp_path: Path) -> None:
    text = 'Temat;Godziny\n"Ala; ma\nkota";2\n\n;\n"ostatni";1\n'
    rows = [(1, ["Temat", "Godziny"]), (2, ["Ala; ma\nkota", "2"]), (6, ["ostatni", "1"])]
    assert read(written(tmp_path / "r.csv", text)) == (rows, [])


def test_other_encodings_are_told_or_read_on_demand(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", TEXT.encode("windows-1250"))
    assert read(path) == ([], ["r.csv: IMPORT.WRONG_ENCODING"])
    assert read(path, Reading(encoding="windows-1250")) == (READ, [])
    assert read(written(path, "\ufeff" + TEXT), Reading(encoding="windows-1250")) == (READ, [])
    bad = written(path, b"Temat\n\x81\n")
    assert read(bad, Reading(encoding="windows-1250")) == ([], ["r.csv: IMPORT.NOT_IN_ENCODING"])
    assert read(written(path, TEXT.encode("utf-16"))) == ([], ["r.csv: IMPORT.BYTE_ORDER_MARK"])
    assert read(written(path, "Temat\n\0")) == ([], ["r.csv: IMPORT.NUL_BYTE"])
    assert read(written(path, b"")) == ([], ["r.csv: IMPORT.EMPTY_FILE"])
    assert read(written(path, 'Temat\n"nie zamknięty\n')) == ([], ["r.csv: IMPORT.BAD_CSV"])
    assert read(tmp_path / "none.csv") == ([], ["none.csv: IMPORT.NO_SUCH_SOURCE"])


def test_a_csv_is_not_endless(tmp_path: Path) -> None:
    many = written(tmp_path / "r.csv", "Temat\n" + "x\n" * 5_000)
    assert read(many) == ([], ["r.csv: IMPORT.TOO_WIDE"])
    huge = written(tmp_path / "h.csv", b"x" * ((16 << 20) + 1))
    assert read(huge) == ([], ["h.csv: IMPORT.TOO_LARGE"])


def test_a_workbook_gives_texts(tmp_path: Path) -> None:
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, FIRST)) == (READ, [])
    assert read(plan_book(tmp_path / "bez-końcówki", HEAD, FIRST)) == (READ, [])


def test_lines_of_a_workbook_are_its_own(tmp_path: Path) -> None:
    rows, faults = read(plan_book(tmp_path / "r.xlsx", ("Rozkład",), (), HEAD, (None, None), FIRST))
    assert (faults, [line for line, _ in rows]) == ([], [1, 3, 5])


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"Tytuł": sheet([("nic",)]), "Plan": sheet([HEAD, FIRST])})
    assert read(path)[0] == [(1, ["nic"])]
    assert read(path, Reading(sheet="Plan")) == (READ, [])
    assert read(path, Reading(sheet="Inny")) == ([], ["r.xlsx: IMPORT.NO_SUCH_SHEET"])


def test_macros_are_refused(tmp_path: Path) -> None:
    path = plan_book(tmp_path / "r.xlsm", HEAD, FIRST, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert read(path) == ([], ["xl/vbaProject.bin: IMPORT.MACROS"])


@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_before_anybody_expands_them(tmp_path: Path, member: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + sheet([HEAD, FIRST])
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{member: bomb})) == (
        [],
        [f"{member}: IMPORT.ENTITIES"],
    )


def test_what_hides_in_another_encoding_is_refused(tmp_path: Path) -> None:
    hidden = ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>' + sheet([HEAD])).encode("utf-16")
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{SHEET: hidden})) == (
        [],
        [f"{SHEET}: IMPORT.NUL_BYTE"],
    )


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = b"<worksheet>" + b" " * (20 << 20)
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{SHEET: bomb})) == ([], [f"{SHEET}: IMPORT.ZIP_BOMB"])


@pytest.mark.parametrize("place", ["XFD2", "A1048576", "CX2", "xfd1"])
def test_two_cells_do_not_make_a_sheet_of_billions(tmp_path: Path, place: str) -> None:
    far = sheet([HEAD]).replace("</row>", f'<c r="{place}"><v>1</v></c></row>')
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{SHEET: far})) == ([], [f"{SHEET}: IMPORT.TOO_WIDE"])


def test_a_row_far_below_needs_no_cell_to_say_so(tmp_path: Path) -> None:
    far = sheet([HEAD]).replace("<row ", "<row spans='>' ").replace('r="1"', 'r = "1048576"')
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{SHEET: far})) == ([], [f"{SHEET}: IMPORT.TOO_WIDE"])


def test_a_theme_is_no_sheet(tmp_path: Path) -> None:
    theme = '<a:fillToRect l="50000" t="-80000" r="50000" b="180000"/>'
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, FIRST, **{"xl/theme/theme1.xml": theme})) == (READ, [])


@pytest.mark.parametrize("name", ["../xl/workbook.xml", "/etc/passwd", "xl\\..\\x", "C:/x"])
def test_names_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    assert read(plan_book(tmp_path / "r.xlsx", HEAD, **{name: "x"})) == ([], [f"{name}: IMPORT.UNSAFE_NAME"])


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    assert read(written(tmp_path / "r.xlsx", TEXT)) == ([], ["r.xlsx: IMPORT.NOT_A_SHEET"])
    assert read(written(tmp_path / "r.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) == (
        [],
        ["r.xls: IMPORT.NOT_A_SHEET"],
    )
    assert read(written(tmp_path / "e.xlsx", b"")) == ([], ["e.xlsx: IMPORT.EMPTY_FILE"])
    assert read(written(tmp_path / "c.xlsx", b"PK\x03\x04cut")) == ([], ["c.xlsx: IMPORT.NOT_A_ZIP"])
    without = {name: data for name, data in parts({"a": sheet([HEAD])}).items() if name != "xl/workbook.xml"}
    assert read(_archive(tmp_path / "w.xlsx", without)) == ([], ["w.xlsx: IMPORT.NOT_A_SHEET"])
    empty = {**parts({}), "xl/workbook.xml": "<workbook/>"}
    assert read(_archive(tmp_path / "n.xlsx", empty)) == ([], ["n.xlsx: IMPORT.UNREADABLE_WORKBOOK"])
    binary = {**parts({"a": sheet([HEAD])}), "xl/workbook.bin": "x"}
    assert read(_archive(tmp_path / "b.xlsx", binary)) == ([], ["b.xlsx: IMPORT.NOT_A_SHEET"])
    assert read(_archive(tmp_path / "z.xlsx", {"a.txt": "x"})) == ([], ["z.xlsx: IMPORT.NOT_A_SHEET"])


def _archive(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_damaged_workbooks_never_end_in_anything_but_faults(tmp_path: Path) -> None:
    """400 workbooks with some bytes of a member changed: read or told, never raised."""
    rng = random.Random(20261126)
    whole = parts({"Plan": sheet([HEAD, FIRST])})
    for number in range(400):
        members = dict(whole)
        name = rng.choice(list(members))
        data = bytearray(str(members[name]).encode())
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.choice(b"<>/\"'&0919AZr= \xff")
        members[name] = bytes(data)
        rows, faults = read(_archive(tmp_path / f"{number}.xlsx", members))
        assert bool(rows) != bool(faults) or (rows, faults) == ([], [])
