"""Printed cards as pictures, with marks where a test wants them."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from dziennik.omr.identity import SAMPLE_KEY, Identity, genuine, identify
from dziennik.omr.layouts import Paper, grade_card, lesson_card
from dziennik.omr.printed import Line, Printed
from dziennik.omr.printing import print_cards
from dziennik.omr.reader import Reader
from dziennik.omr.sheet import CellState, Sheet
from dziennik.omr.template import Template

Grey = NDArray[np.uint8]
DPI = 200
MM = DPI / 25.4


def printed(form: Template, number: int = 77, key: bytes = SAMPLE_KEY, pupils: int = 10) -> Printed:
    """A card with plain names."""
    return Printed(
        identity=identify(key, form.number, number),
        template=form,
        kind="OCENY",
        title="4a · matematyka",
        subtitle="sprawdzian",
        headings=("ocena", "", "uwaga"),
        control="nauczyciel potwierdza:",
        lines=tuple(Line(n, "Żak", f"Łucja {n}") for n in range(1, pupils + 1)),
    )


GRADES = grade_card(Paper.A4)
SMALL = grade_card(Paper.A5)
LESSONS = lesson_card(Paper.A4, 4)


@cache
def _picture(number: int, pair: bool) -> Grey:
    form = {template.number: template for template in (GRADES, SMALL, LESSONS)}[number]
    cards = [printed(form), printed(form, 78)] if pair else [printed(form)]
    return drawn(print_cards(cards, two_on_a_sheet=pair))


def picture(form: Template, *, pair: bool = False) -> Grey:
    """An empty card at 200 dpi."""
    return _picture(form.number, pair).copy()


def drawn(pdf: bytes, page: int = 0, dpi: int = DPI) -> Grey:
    with pypdfium2.PdfDocument(pdf) as document:
        shown = document[page].render(scale=dpi / 72, grayscale=True)
        return np.array(np.squeeze(shown.to_numpy()), dtype=np.uint8)


def mark(
    grey: Grey, form: Template, row: int, value: str, *, shade: int = 60, field: str | None = None
) -> int:
    """Fill a cell as a pen does; gives the cell's number."""
    for at, (group, cell) in enumerate(form.cells()):
        if group.row == row and cell.value == value and field in (None, group.name):
            centre = (round(cell.x * MM), round(cell.y * MM))
            cv2.ellipse(grey, centre, (round(2.3 * MM), round(1.7 * MM)), 0, 0, 360, shade, -1, cv2.LINE_AA)
            return at
    raise LookupError(f"no cell {value} in row {row}")


def cancel(grey: Grey, form: Template, row: int, value: str) -> int:
    """Take a mark back: a block over the whole cell."""
    at = mark(grey, form, row, value)
    cell = form.cells()[at][1]
    corner = (round((cell.x - 3.8) * MM), round((cell.y - 3.1) * MM))
    other = (round((cell.x + 3.8) * MM), round((cell.y + 3.1) * MM))
    cv2.rectangle(grey, corner, other, 50, -1)
    return at


def ours(identity: Identity) -> bool:
    return genuine(SAMPLE_KEY, identity)


@cache
def reader() -> Reader:
    return Reader(ours)


def read(grey: Grey) -> Sheet:
    """The one sheet of a page."""
    (sheet,) = reader().read(grey)
    return sheet


def said(sheet: Sheet) -> dict[int, CellState]:
    """What is not blank."""
    return {at: cell.state for at, cell in enumerate(sheet.cells) if cell.state is not CellState.BLANK}
