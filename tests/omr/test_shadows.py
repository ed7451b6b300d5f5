"""What is marked where a shadow ends? And where greys were shifted after a shadow fell on the card?"""

from __future__ import annotations

import numpy as np
import pytest

from dziennik.omr.sheet import CellState, SheetState, Why
from tests.omr.cards import GRADES, MM, Grey, mark, picture, read, said
from tests.omr.test_other_pens import cell_of, stroke

MARKED, UNSURE = CellState.MARKED, CellState.UNSURE


def shaded(grey: Grey, *, x: float, y: float, to: float) -> Grey:
    """Below a line through (x, y) mm, which rises to the right, only so much of the light is left."""
    high, wide = grey.shape
    far = np.arange(high)[:, None] - y * MM + 0.35 * (np.arange(wide)[None] - x * MM)
    share = 0.5 + 0.5 * np.tanh(far / 12)
    return np.asarray(grey * (1 - (1 - to) * share), dtype=np.uint8)


def pencilled(grey: Grey, row: int, value: str, *, dark: float) -> tuple[Grey, int]:
    """A pale scribble that leaves the upper quarter of its cell free."""
    layer = np.full(grey.shape, 255, dtype=np.uint8)
    at, centre = cell_of(row, value)
    for x in np.arange(-2.0, 2.1, 0.36):
        stroke(layer, centre, [(x, -0.7), (x + 0.15, 1.7)], wide=0.5, shade=round(255 * (1 - dark)))
    return np.asarray(grey * (layer / 255), dtype=np.uint8), at


@pytest.mark.parametrize("off", [-1.0, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("dark", [0.27, 0.35])
def test_pencil_at_the_edge_of_a_shadow_is_never_taken_for_it(off: float, dark: float) -> None:
    grey = picture(GRADES)
    for row in range(1, 31, 4):
        mark(grey, GRADES, row, "2", shade=40)
    written, at = pencilled(grey, 11, "nb", dark=dark)
    _, (x, y) = cell_of(11, "nb")
    sheet = read(shaded(written, x=x, y=y + off, to=0.36))
    assert sheet.cells[at].state in (MARKED, UNSURE)


def test_marks_are_not_compared_where_one_part_has_more_contrast_than_another() -> None:
    """Greys were shifted after a shadow fell on the card: there is no telling what is pale."""
    grey = picture(GRADES)
    for row in range(1, 31, 3):
        mark(grey, GRADES, row, "2", shade=40)
    rubbed, at = pencilled(grey, 29, "1", dark=0.18)
    shadow = shaded(rubbed, x=105.0, y=190.0, to=0.45)
    shifted = np.asarray(255 - (255 - shadow.astype(np.float32)) * 0.35, dtype=np.uint8)
    sheet = read(shifted)
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.TOO_DOUBTFUL)
    assert {cell.state for cell in sheet.cells} == {UNSURE}
    assert sheet.cells[at].state is UNSURE


def test_a_shadow_alone_is_no_question() -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, "2", shade=40): MARKED for row in range(1, 31, 3)}
    sheet = read(shaded(grey, x=105.0, y=190.0, to=0.5))
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)
