"""Is a folded card read without questions? And is nothing that people draw ever taken for a crease?"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dziennik.omr.creases import uncreased
from dziennik.omr.flattening import Flat
from dziennik.omr.sheet import CellState, SheetState
from dziennik.omr.thresholds import HOUSE
from tests.omr.cards import GRADES, MM, Grey, mark, picture, read, said
from tests.omr.test_other_pens import cell_of, stroke

MARKED, UNSURE = CellState.MARKED, CellState.UNSURE


def folded(grey: Grey, at: float, *, lean: float = 0.01, deep: float = 0.25, down: bool = False) -> Grey:
    """With a crease across the sheet at so many mm (or down it), beyond which it is a little darker."""
    if down:
        return np.ascontiguousarray(folded(grey.T, at, lean=lean, deep=deep).T)
    high, wide = grey.shape
    far = np.arange(high)[:, None] - (at * MM + lean * (np.arange(wide)[None] - wide / 2))
    light = (1 - 0.06 * (far > 0)) - deep * np.exp(-((far / 3) ** 2))
    return np.asarray(np.rint(grey * light), dtype=np.uint8)


@pytest.mark.parametrize("lean", [-0.08, 0.0, 0.015])
@pytest.mark.parametrize("off", [-1.6, 0.0, 0.9])
def test_a_crease_through_a_row_is_no_question(off: float, lean: float) -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31, 3)}
    _, (_, y) = cell_of(14, "4")
    sheet = read(folded(grey, y + off, lean=lean))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


def test_a_letter_folded_in_four_is_read() -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31, 3)}
    _, (x, y) = cell_of(10, "3")
    sheet = read(folded(folded(folded(grey, y), x, down=True), y + 61.0, deep=0.2))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


@pytest.mark.parametrize("shade", [60, 150])
def test_marks_on_a_crease_are_seen(shade: int) -> None:
    grey = picture(GRADES)
    row, (x, y) = cell_of(12, "5")
    stroke(grey, (x, y), [(-1.5, -0.1), (-0.4, 1.3), (1.9, -1.6)], wide=0.45, shade=shade)
    dash, (left, _) = cell_of(12, "2")
    stroke(grey, (left, y), [(-1.8, 0.0), (1.8, 0.0)], wide=0.35, shade=shade)
    sheet = read(folded(grey, y, lean=0.0))
    assert sheet.cells[row].state in (MARKED, UNSURE)
    assert sheet.cells[dash].state in (MARKED, UNSURE)


@pytest.mark.parametrize(
    ("wide", "shade"), [(0.3, 150), (0.4, 170), (0.5, 165), (0.5, 120), (0.7, 40), (1.6, 180), (2.2, 170)]
)
def test_a_ruled_line_across_the_whole_card_is_no_crease(wide: float, shade: int) -> None:
    grey = picture(GRADES)
    _, (_, y) = cell_of(9, "1")
    ends = (0, round(y * MM)), (grey.shape[1], round((y + 0.6) * MM))
    drawn = np.full(grey.shape, 255, dtype=np.uint8)
    cv2.line(drawn, *ends, shade, max(1, round(wide * MM)), cv2.LINE_AA)
    sheet = read(np.minimum(grey, drawn))
    assert sheet.state is SheetState.REVIEW
    assert list(said(sheet).values()).count(UNSURE) >= 3


def test_a_form_too_small_for_creases_has_none() -> None:
    for shape in ((900, 150), (20, 900), (3, 3)):
        assert uncreased(Flat(np.full(shape, 230, dtype=np.uint8), 0.0, 0.0, 6), HOUSE) is None
