"""What do marks around cells say: rings, boxes, brackets, lines at the edge, blocks of any pen?"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dziennik.omr.sheet import CellState, SheetState, Why
from tests.omr.cards import GRADES, LESSONS, MM, Grey, mark, picture, read, said
from tests.omr.test_other_pens import Way, cell_of, stroke

BLANK, MARKED, CANCELLED = CellState.BLANK, CellState.MARKED, CellState.CANCELLED
TURNS = np.linspace(0.3, 2 * np.pi + 0.1, 40)
RADII = (2.5, 1.9)  # of the printed outline, mm


def ring(times: float, share: float = 1.0) -> Way:
    """A line around the cell, so many times as large as its outline; `share` of it is drawn."""
    turns = TURNS[: round(len(TURNS) * share)]
    return [(times * RADII[0] * np.cos(turn), times * RADII[1] * np.sin(turn)) for turn in turns]


AROUND: dict[str, list[Way]] = {
    "on the outline": [ring(1.0)],
    "close around it": [ring(1.2)],
    "with air": [ring(1.4)],
    "wide": [ring(1.65)],
    "open": [ring(1.2, 0.85)],
    "half": [ring(1.15, 0.6)],
    "box": [[(-2.7, -2.1), (2.7, -2.1), (2.7, 2.1), (-2.7, 2.1), (-2.7, -2.1)]],
    "brackets": [[(-2.5, -2.0), (-3.1, 0), (-2.5, 2.0)], [(2.5, -2.0), (3.1, 0), (2.5, 2.0)]],
    "underlined": [[(-2.4, 2.5), (2.4, 2.6)]],
    "at the edge": [[(0.9, -2.1), (2.7, 0.7)]],
}


@pytest.mark.parametrize(
    ("wide", "shade"), [(0.45, 60), (0.35, 110), (0.5, 150)], ids=["pen", "fine", "pencil"]
)
@pytest.mark.parametrize("way", AROUND.values(), ids=AROUND)
def test_what_is_drawn_around_a_cell_is_a_question(way: list[Way], wide: float, shade: int) -> None:
    grey = picture(GRADES)
    mark(grey, GRADES, 1, "2")
    ringed = [cell_of(row, "4") for row in (4, 9, 14, 22)]
    for _, centre in ringed:
        for line in way:
            stroke(grey, centre, line, wide=wide, shade=shade)
    sheet = read(grey)
    asked = {at for at, cell in enumerate(sheet.cells) if cell.state is CellState.UNSURE}
    assert asked == {at for at, _ in ringed}


@pytest.mark.parametrize("times", [1.5, 1.6, 1.7, 1.9])
@pytest.mark.parametrize("shade", [40, 100])
def test_rings_around_many_cells_mark_no_other_cell_of_their_letter(times: float, shade: int) -> None:
    grey = picture(LESSONS)
    places = [(field.row, cell) for field, cell in LESSONS.cells() if cell.value == "absent"]
    for row, cell in places[: len(places) // 3]:
        assert row > 0
        stroke(grey, (cell.x, cell.y), ring(times), wide=0.5, shade=shade)
    sheet = read(grey)
    assert [cell for cell in sheet.cells if cell.state in (MARKED, CANCELLED)] == []


def blocked(
    grey: Grey, row: int, value: str, *, dark: float, wide: float, high: float, off: float = 0.0
) -> int:
    """A mark with a block drawn over it by the same pen, so many mm beside it: darker where both are."""
    at, (x, y) = cell_of(row, value)
    light = np.full(grey.shape, 1.0)
    for half, share in (((2.1, 1.6), dark), ((wide / 2, high / 2), dark)):
        layer = np.zeros(grey.shape, dtype=np.uint8)
        if half == (2.1, 1.6):
            cv2.ellipse(
                layer, (round(x * MM), round(y * MM)), (round(2.1 * MM), round(1.6 * MM)), 0, 0, 360, 1, -1
            )
        else:
            corner = (round((x + off - half[0]) * MM), round((y - half[1]) * MM))
            cv2.rectangle(layer, corner, (round((x + off + half[0]) * MM), round((y + half[1]) * MM)), 1, -1)
        light *= 1 - share * layer
    grey[:] = (grey * light).astype(np.uint8)
    return at


@pytest.mark.parametrize(("wide", "high"), [(7.6, 6.2), (6.4, 5.0)])
@pytest.mark.parametrize("dark", [0.3, 0.45, 0.6, 0.8])
def test_a_block_of_any_pen_is_never_taken_for_the_mark_below(dark: float, wide: float, high: float) -> None:
    grey = picture(GRADES)
    blocks = [blocked(grey, row, "3", dark=dark, wide=wide, high=high) for row in range(2, 28, 5)]
    sheet = read(grey)
    assert {sheet.cells[at].state for at in blocks} == {CellState.UNSURE}


@pytest.mark.parametrize("off", [-1.1, 0.6, 0.9, 1.2])
@pytest.mark.parametrize("dark", [0.55, 0.7, 0.9])
def test_a_block_set_beside_the_mark_that_it_takes_back_is_a_question(dark: float, off: float) -> None:
    grey = picture(GRADES)
    for row in range(3, 30, 6):
        mark(grey, GRADES, row, "5")
    blocks = [blocked(grey, row, "3", dark=dark, wide=7.0, high=6.0, off=off) for row in range(2, 28, 5)]
    sheet = read(grey)
    assert {sheet.cells[at].state for at in blocks} == {CellState.UNSURE}


def test_a_black_block_beside_a_mark_still_takes_back() -> None:
    grey = picture(GRADES)
    block = blocked(grey, 5, "3", dark=0.85, wide=7.6, high=6.2)
    right = mark(grey, GRADES, 5, "4", shade=30)
    assert said(read(grey)) == {block: CANCELLED, right: MARKED}


@pytest.mark.parametrize("strength", [0.06, 0.10, 0.13])
def test_marks_on_the_other_side_of_the_paper_are_no_question(strength: float) -> None:
    front = picture(GRADES)
    filled = {mark(front, GRADES, row, "2", shade=40) for row in range(1, 31, 4)}
    back = picture(GRADES)
    for row in range(1, 31):
        mark(back, GRADES, row, "+" if row % 2 else "4", shade=40)
    through = cv2.GaussianBlur(back[:, ::-1], (0, 0), 2.5).astype(np.float64)
    grey = np.clip(front - strength * (245 - through), 0, 255).astype(np.uint8)
    sheet = read(grey)
    assert sheet.state is SheetState.READ
    assert said(sheet) == dict.fromkeys(filled, MARKED)


@pytest.mark.parametrize("dark", [0.16, 0.2, 0.24])
def test_pale_strokes_are_no_smudge(dark: float) -> None:
    grey = picture(GRADES)
    mark(grey, GRADES, 1, "2")
    ticked = [cell_of(row, "4") for row in range(3, 30, 5)]
    for _, centre in ticked:
        layer = np.full(grey.shape, 255, dtype=np.uint8)
        for way in ([(-1.3, -0.1), (-0.4, 1.2), (1.8, -1.5)], [(-1.0, 0.4), (1.4, 0.6)]):
            stroke(layer, centre, way, wide=0.5, shade=round(255 * (1 - dark)))
        grey[:] = (grey * (layer / 255)).astype(np.uint8)
    sheet = read(grey)
    assert {sheet.cells[at].state for at, _ in ticked} == {CellState.UNSURE}


@pytest.mark.parametrize("dpi", [200, 300, 400, 600])
def test_what_a_rubber_left_on_a_bold_black_and_white_scan_is_a_question(dpi: int) -> None:
    grey = picture(GRADES)
    marks = {mark(grey, GRADES, row, "2", shade=40) for row in range(1, 31, 3)}
    rubbed = {mark(grey, GRADES, row, "5", shade=200) for row in (2, 11, 20)}
    fine = cv2.resize(grey, None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_CUBIC)
    sheet = read(np.where(fine > 205, 255, 0).astype(np.uint8))
    assert {sheet.cells[at].state for at in marks | rubbed} == {CellState.UNSURE}
    sheet = read(np.where(fine > 160, 255, 0).astype(np.uint8))
    assert said(sheet) == dict.fromkeys(marks, MARKED)


@pytest.mark.parametrize("dpi", [200, 300, 600])
def test_thin_marks_are_asked_about_on_black_and_white_scans_of_any_resolution(dpi: int) -> None:
    grey = picture(GRADES)
    for row in range(1, 10):
        mark(grey, GRADES, row, "2", shade=40)
    stroke(grey, cell_of(14, "3")[1], [(-1.3, -0.1), (-0.4, 1.2), (1.8, -1.5)], wide=0.4, shade=40)
    fine = cv2.resize(grey, None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_CUBIC)
    assert read(np.where(fine > 135, 255, 0).astype(np.uint8)).why is Why.BLACK_AND_WHITE
