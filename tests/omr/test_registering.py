"""Are cells cut out where they are printed, where the paper waves more than the timing marks tell?"""

from __future__ import annotations

import cv2
import numpy as np

from dziennik.omr.sheet import CellState, SheetState
from tests.omr.cards import GRADES, MM, Grey, mark, picture, read, said
from tests.omr.test_other_pens import cell_of, stroke

MARKED, UNSURE = CellState.MARKED, CellState.UNSURE


def waved(grey: Grey, *, by: float, length: float, phase: float) -> Grey:
    """Paper that waves by so many mm along so many, to the side and (less) up and down."""
    high, wide = grey.shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    turn = 2 * np.pi / (length * MM)
    to_side, down = np.sin(turn * y + phase), 0.7 * np.sin(1.3 * turn * x + 2 * phase)
    at_x, at_y = ((at + by * MM * off).astype(np.float32) for at, off in ((x, to_side), (y, down)))
    return np.asarray(cv2.remap(grey, at_x, at_y, cv2.INTER_LINEAR, borderValue=255), dtype=np.uint8)


def test_a_row_whose_timing_mark_was_misread_lies_where_its_own_outlines_show() -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31, 3)}
    sheet = read(waved(grey, by=1.3, length=180.0, phase=3.0))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_a_stroke_along_an_outline_is_never_taken_for_it() -> None:
    """Half an oval drawn by hand within the printed one, on wavy paper."""
    grey = picture(GRADES)
    turn = np.linspace(0, np.pi, 12)
    drawn = [cell_of(row, "2") for row in (1, 11, 12, 13, 20, 30)]
    for at, (_, centre) in enumerate(drawn):
        way = [(2.1 * float(np.cos(t)), 1.5 * float(np.sin(t)) * (-1) ** at) for t in turn]
        stroke(grey, centre, way, wide=0.4, shade=90)
    sheet = read(waved(grey, by=1.3, length=180.0, phase=3.0))
    assert {sheet.cells[at].state for at, _ in drawn} <= {MARKED, UNSURE}
