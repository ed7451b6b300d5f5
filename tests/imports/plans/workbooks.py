"""Workbooks made by hand, ordinary ones and such as mean no good."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"

Cell = str | int | float | None


def sheet(rows: Sequence[Sequence[Cell]]) -> str:
    """A sheet's XML: texts inline, numbers as they are."""
    made = "".join(
        f'<row r="{line}">' + "".join(_cell(cell, line, at) for at, cell in enumerate(row)) + "</row>"
        for line, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{made}</sheetData></worksheet>'


def _cell(value: Cell, line: int, at: int) -> str:
    place = f"{chr(ord('A') + at)}{line}"
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def parts(sheets: Mapping[str, str]) -> dict[str, bytes | str]:
    """The members of a workbook with these sheets, by name."""
    names = [f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)]
    related = [
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    ]
    rooted = f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    namespaces = f'xmlns="{MAIN}" xmlns:r="{RELATIONS}"'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(rooted),
        "xl/workbook.xml": f"<workbook {namespaces}><sheets>{''.join(names)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(*related),
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
    }


def _relations(*each: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(each)}</Relationships>'


def workbook(path: Path, sheets: Mapping[str, str], **more: bytes | str) -> Path:
    """Write a workbook; `more` are further members, or others in place of those."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts(sheets), **more}.items():
            archive.writestr(name, data)
    return path


def plan_book(path: Path, *rows: Sequence[Cell], **more: bytes | str) -> Path:
    """A workbook with one sheet of these rows."""
    return workbook(path, {"Rozkład": sheet(rows)}, **more)
