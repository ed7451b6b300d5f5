"""Bytes to rows: every fault by line and column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dziennik.imports.oneroster import reading
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.reading import Rows, read_table
from dziennik.imports.oneroster.tables import BY_NAME

Found = list[tuple[int | None, str | None, str, str | None, bool]]


def read(table: str, text: str | bytes, version: str = "1.2", *, delta: bool = False) -> tuple[Rows, Found]:
    faults = Faults()
    data = text.encode() if isinstance(text, str) else text
    rows = read_table(BY_NAME[table], data, version, faults, delta=delta)
    found = [(f.place.line, f.column, f.code.removeprefix("IMPORT."), f.value, f.whole) for f in faults.found]
    return rows, found


ORGS = "sourcedId,name,type,identifier\n"
ITEMS = "sourcedId,title,assignDate,dueDate,classSourcedId,categorySourcedId,resultValueMin,resultValueMax\n"
USERS = "sourcedId,enabledUser,username,givenName,familyName,agentSourcedIds\n"


def test_cells_become_values() -> None:
    rows, found = read("lineItems", ITEMS + "L, Test ,2026-09-01,2026-09-10,c,k,0.0,20.5\n")
    assert found == []
    assert rows.good["L"].cells == {
        "sourcedId": "L",
        "title": "Test",
        "assignDate": date(2026, 9, 1),
        "dueDate": date(2026, 9, 10),
        "classSourcedId": "c",
        "categorySourcedId": "k",
        "resultValueMin": Decimal("0.0"),
        "resultValueMax": Decimal("20.5"),
    }


def test_blank_cells_are_not_there_and_lists_are_tuples() -> None:
    rows, found = read("users", USERS + 'u,true,u,Ola,Żak,"a, b,,a"\nv,false,v,Jan,Lis,\n')
    assert found == []
    assert rows.good["u"].cells["agentSourcedIds"] == ("a", "b")
    assert "agentSourcedIds" not in rows.good["v"].cells
    assert (rows.good["u"].cells["enabledUser"], rows.good["v"].cells["enabledUser"]) == (True, False)


def test_unknown_columns_are_passed_over() -> None:
    rows, found = read("orgs", "metadata.x,sourcedId,name,type,y\n1,o,Szkoła,school,2\n")
    assert found == []
    assert rows.good["o"].cells == {"sourcedId": "o", "name": "Szkoła", "type": "school"}


def test_lines_are_counted_as_an_editor_does() -> None:
    text = ORGS + 'a,"two\nlines",school,\n\nb,B,shool,\n'
    rows, found = read("orgs", text)
    assert rows.good["a"].line == 2
    assert found == [(5, "type", "UNKNOWN_VALUE", "shool", False)]


def test_extensions_of_an_enumeration_are_taken() -> None:
    assert read("orgs", ORGS + "a,A,ext:preschool,\n")[1] == []


def test_a_missing_column_is_the_whole_files_fault() -> None:
    rows, found = read("orgs", "sourcedId,identifier\no,1\n")
    assert rows.good == {}
    assert found == [(1, "name", "MISSING_COLUMN", None, True), (1, "type", "MISSING_COLUMN", None, True)]


def test_versions_need_different_columns() -> None:
    found = read("users", USERS, "1.1")[1]
    assert [column for _, column, _, _, _ in found] == ["orgSourcedIds", "role"]
    assert read("users", USERS, "1.2")[1] == []


def test_a_column_twice() -> None:
    found = read("orgs", "sourcedId,name,type,name\n")[1]
    assert found == [(1, "name", "DUPLICATE_COLUMN", None, True)]


def test_a_header_alone_is_a_file_without_rows() -> None:
    assert read("orgs", ORGS) == (Rows(), [])


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark(mark: bytes) -> None:
    assert read("orgs", mark + ORGS.encode())[1] == [(1, None, "BYTE_ORDER_MARK", None, True)]


def test_another_encoding() -> None:
    data = ORGS.encode() + b"a,A,school,\n" + "b,Łódź,school,\n".encode("cp1250")
    assert read("orgs", data)[1] == [(3, None, "WRONG_ENCODING", None, True)]


def test_a_nul_byte() -> None:
    assert read("orgs", ORGS + "a,A\0,school,\n")[1] == [(2, None, "NUL_BYTE", None, True)]


def test_no_bytes() -> None:
    assert read("orgs", b"")[1] == [(None, None, "EMPTY_FILE", None, True)]


def test_quotes_that_do_not_close() -> None:
    rows, found = read("orgs", ORGS + 'a,A,school,\nb,"B,school,\nc,C,school,\n')
    assert list(rows.good) == ["a"]
    assert found == [(3, None, "BAD_CSV", None, True)]


@pytest.mark.parametrize("width", ["b,B", "b,B,school,,x"])
def test_rows_of_another_width(width: str) -> None:
    rows, found = read("orgs", f"{ORGS}a,A,school,\n{width}\n")
    assert found == [(3, None, "WRONG_WIDTH", None, False)]
    assert (list(rows.good), rows.nameless) == (["a"], 1)


def test_required_cells_that_are_empty() -> None:
    found = read("orgs", ORGS + ",A, ,\n")[1]
    assert found == [
        (2, "sourcedId", "MISSING_VALUE", None, False),
        (2, "type", "MISSING_VALUE", None, False),
    ]


@pytest.mark.parametrize("text", ["TRUE", "1", "yes", "True"])
def test_wrong_booleans(text: str) -> None:
    assert read("users", f"{USERS}u,{text},u,O,Z,\n")[1] == [(2, "enabledUser", "WRONG_BOOLEAN", text, False)]


@pytest.mark.parametrize(
    "text", ["01.09.2026", "2026-9-1", "2026-02-30", "2026-09-01T00:00:00Z", "20260901", "９-09-01"]
)
def test_dates_in_another_format(text: str) -> None:
    found = read("lineItems", f"{ITEMS}L,T,{text},2026-09-10,c,k,,\n")[1]
    assert found == [(2, "assignDate", "WRONG_DATE", text, False)]


@pytest.mark.parametrize("text", ["1,5", "1e3", "NaN", "0x10", "dwadzieścia", "1234567890123", "٣"])
def test_wrong_numbers(text: str) -> None:
    found = read("lineItems", f'{ITEMS}L,T,2026-09-01,2026-09-10,c,k,,"{text}"\n')[1]
    assert found == [(2, "resultValueMax", "WRONG_NUMBER", text, False)]


def test_characters_no_archive_can_hold() -> None:
    found = read("orgs", ORGS + "a,A\x07B,school,\n")[1]
    assert found == [(2, "name", "UNWRITABLE_TEXT", "A\ufffdB", False)]


def test_an_id_twice_keeps_the_first() -> None:
    rows, found = read("orgs", ORGS + "a,A,school,\na,B,school,\n")
    assert found == [(3, "sourcedId", "DUPLICATE_ID", "a", False)]
    assert rows.good["a"].cells["name"] == "A"


def test_all_faults_of_a_row_are_told() -> None:
    found = read("lineItems", ITEMS + "L,T,x,y,c,,,z\n")[1]
    assert [column for _, column, _, _, _ in found] == [
        "assignDate",
        "dueDate",
        "resultValueMax",
        "categorySourcedId",
    ]


def test_a_delta_needs_the_status_of_each_row() -> None:
    text = "sourcedId,status,dateLastModified,name,type\na,active,2026-10-01T08:00:00.000Z,A,school\n"
    assert read("orgs", text, delta=True)[1] == []
    found = read("orgs", text + "b,,2026-10-01,B,school\nc,gone,,C,school\n", delta=True)[1]
    assert found == [
        (3, "status", "MISSING_VALUE", None, False),
        (4, "status", "UNKNOWN_VALUE", "gone", False),
    ]


def test_a_deleted_row_needs_its_id_only() -> None:
    rows, found = read("orgs", "sourcedId,status,name,type\na,tobedeleted,,\n", delta=True)
    assert found == []
    assert rows.good["a"].deleted


def test_long_values_are_shown_by_their_beginning() -> None:
    assert read("orgs", f"{ORGS}a,A,{'x' * 200},\n")[1] == [
        (2, "type", "UNKNOWN_VALUE", "x" * 39 + "…", False)
    ]


def test_a_cell_beyond_all_measure() -> None:
    assert read("orgs", f"{ORGS}a,{'x' * 200_000},school,\n")[1] == [(2, None, "BAD_CSV", None, True)]


def test_a_cell_longer_than_anything_a_school_writes() -> None:
    found = read("orgs", f"{ORGS}a,{'x' * 4001},school,\nb,{'y' * 4000},school,\n")[1]
    assert [(line, column, code) for line, column, code, _, _ in found] == [(2, "name", "TEXT_TOO_LONG")]


def test_two_spellings_of_one_uuid_are_one_id() -> None:
    uuid = "b063a602-62f2-5138-8ae8-5a3759500be3"
    found = read("orgs", f"{ORGS}{uuid},A,school,\n{uuid.upper()},B,school,\n")[1]
    assert found == [(3, "sourcedId", "DUPLICATE_ID", uuid.upper(), False)]


def test_a_file_of_faults_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FAULTS", 3)
    rows, found = read("orgs", ORGS + "x\n" * 9)
    assert [(line, code) for line, _, code, _, _ in found] == [
        (2, "WRONG_WIDTH"),
        (3, "WRONG_WIDTH"),
        (4, "WRONG_WIDTH"),
        (5, "WRONG_WIDTH"),
        (5, "TOO_MANY_FAULTS"),
    ]
    assert not rows.whole
