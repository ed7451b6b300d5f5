"""Is dirt over cells still a question when what is beneath can be seen? And is a mark ever taken for dirt?"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dziennik.omr.sheet import CellState, SheetState, Why
from dziennik.omr.streaks import unstreaked
from dziennik.omr.thresholds import HOUSE
from tests.omr.cards import GRADES, MM, Grey, mark, picture, read, said
from tests.omr.test_other_pens import cell_of, stroke

BLANK, MARKED, UNSURE = CellState.BLANK, CellState.MARKED, CellState.UNSURE
RADIUS = 33.0  # mm, of a cup


def dirty(grey: Grey, layer: Grey, dark: float) -> Grey:
    """The picture with something soft that takes `dark` of the light off where the layer is 255."""
    share = cv2.GaussianBlur(layer, (0, 0), 3.0).astype(np.float32) / 255
    return np.asarray(np.rint(grey * (1 - dark * share)), dtype=np.uint8)


def ringed(grey: Grey, *, dark: float, wide: float = 2.5) -> tuple[Grey, tuple[float, float]]:
    """With the ring of a cup, so many mm wide; and where its middle is (mm)."""
    _, (x, y) = cell_of(15, "4")
    layer = np.zeros(grey.shape, dtype=np.uint8)
    cv2.circle(layer, (round(x * MM), round(y * MM)), round(RADIUS * MM), 255, round(wide * MM), cv2.LINE_AA)
    return dirty(grey, layer, dark), (x, y)


def under_ring(middle: tuple[float, float], off: float) -> list[int]:
    """Cells whose middle is at most so far (mm) from the ring's line."""
    cells = [cell for _, cell in GRADES.cells()]
    far = [abs(np.hypot(cell.x - middle[0], cell.y - middle[1]) - RADIUS) for cell in cells]
    return [at for at, way in enumerate(far) if way <= off]


@pytest.mark.parametrize("dark", [0.18, 0.3])
def test_a_cups_ring_is_no_question(dark: float) -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31, 4)}
    sheet = read(ringed(grey, dark=dark)[0])
    assert (sheet.state, said(sheet)) == (SheetState.READ, marked)


@pytest.mark.parametrize("dark", [0.2, 0.35, 0.5])
def test_a_fill_under_a_ring_is_marked(dark: float) -> None:
    grey = picture(GRADES)
    _, middle = ringed(grey, dark=dark)
    cells = GRADES.cells()
    rows = {cells[at][1].y: at for at in under_ring(middle, 2.5)}  # one of each row
    for at in rows.values():
        cv2.ellipse(
            grey,
            (round(cells[at][1].x * MM), round(cells[at][1].y * MM)),
            (round(2.2 * MM), round(1.7 * MM)),
            *(0, 0, 360, 40, -1),
        )
    sheet = read(ringed(grey, dark=dark)[0])
    assert len(rows) >= 6
    assert (sheet.state, said(sheet)) == (SheetState.READ, dict.fromkeys(rows.values(), MARKED))


@pytest.mark.parametrize("way", ["light fill", "light tick", "line"])
def test_nothing_written_near_a_ring_is_taken_for_it(way: str) -> None:
    empty = picture(GRADES)
    _, middle = ringed(empty, dark=0.3)
    written = under_ring(middle, 3.5)[::3]
    for at in written:
        cell = GRADES.cells()[at][1]
        if way == "light fill":
            for x in np.arange(-1.9, 2.0, 0.36):
                stroke(empty, (cell.x, cell.y), [(x, -1.2), (x + 0.2, 1.2)], wide=0.4, shade=165)
        elif way == "light tick":
            stroke(empty, (cell.x, cell.y), [(-1.5, -0.1), (-0.4, 1.3), (1.9, -1.6)], wide=0.4, shade=150)
        else:
            stroke(empty, (cell.x, cell.y), [(-2.0, 0.2), (2.0, -0.2)], wide=0.4, shade=120)
    sheet = read(ringed(empty, dark=0.3)[0])
    assert len(written) >= 5
    assert {sheet.cells[at].state for at in written} <= {MARKED, UNSURE}


def test_a_row_and_a_column_crossed_out_with_a_felt_pen_are_questions() -> None:
    for (row, value), way in ((10, "1"), (100.0, 0.0)), ((2, "4"), (0.0, 100.0)):
        grey = picture(GRADES)
        _, (x, y) = cell_of(row, value)
        layer = np.zeros(grey.shape, dtype=np.uint8)
        ends = [
            tuple(round((at + far * along) * MM) for at, along in zip((x, y), way, strict=True))
            for far in (-0.05, 1)
        ]
        cv2.line(layer, ends[0], ends[1], 255, round(2.2 * MM), cv2.LINE_AA)
        sheet = read(dirty(grey, layer, 0.3))
        assert sheet.state is SheetState.REVIEW
        assert set(said(sheet).values()) == {UNSURE}
        assert len(said(sheet)) >= 8


@pytest.mark.parametrize("way", [[(-5.6, -1.4), (5.6, 1.4)], [(-5.5, 0), (5.5, 0)], [(-3, -4.5), (3, 4.5)]])
def test_a_highlighters_stroke_over_one_cell_is_a_question(way: list[tuple[float, float]]) -> None:
    grey = picture(GRADES)
    layer = np.full(grey.shape, 255, dtype=np.uint8)
    at, centre = cell_of(20, "3")
    stroke(layer, centre, way, wide=2.5, shade=0)
    grey = dirty(grey, np.asarray(255 - layer, dtype=np.uint8), 0.3)
    assert read(ringed(grey, dark=0.3)[0]).cells[at].state in (MARKED, UNSURE)
    assert read(grey).cells[at].state in (MARKED, UNSURE)


@pytest.mark.parametrize("value", ["4", "nb", "-"])
def test_dashes_in_all_of_a_column_are_no_print(value: str) -> None:
    grey = picture(GRADES)
    own = [at for at, (_, cell) in enumerate(GRADES.cells()) if cell.value == value]
    for at in own:
        cell = GRADES.cells()[at][1]
        stroke(grey, (cell.x, cell.y), [(-1.4, 0.5), (1.4, 0.4)], wide=0.3, shade=110)
    assert {read(grey).cells[at].state for at in own} <= {MARKED, UNSURE}


def streaked(grey: Grey, *columns: int, light: float = 0.45, wide: int = 2) -> Grey:
    """With dirt on the glass of the feeder, through all of the page."""
    done = grey.astype(np.float32)
    for x in columns:
        done[:, x : x + wide] *= light
    return np.asarray(np.rint(done), dtype=np.uint8)


@pytest.mark.parametrize("lying", [False, True])
def test_a_scanners_streak_through_a_column_is_no_question(lying: bool) -> None:
    grey = picture(GRADES)
    marked = {mark(grey, GRADES, row, str(1 + row % 6)): MARKED for row in range(1, 31, 4)}
    fine = [cell_of(row, "4") for row in (6, 18)]
    for _, centre in fine:
        stroke(grey, centre, [(-1.2, 0.0), (1.2, 0.1)], wide=0.2, shade=90)
    grey = np.ascontiguousarray(np.rot90(grey)) if lying else grey
    column = round(cell_of(1, "4")[1][0] * MM)
    through = (
        np.ascontiguousarray(streaked(grey.T, grey.shape[0] - column).T) if lying else streaked(grey, column)
    )
    sheet = read(through)
    assert said(sheet) == {**marked, **{at: UNSURE for at, _ in fine}}
    assert sheet.why is Why.DOUBTFUL_CELLS


def test_streaks_are_taken_off_and_what_is_beneath_is_left() -> None:
    grey = picture(GRADES)
    clean = unstreaked(streaked(grey, 500, 900), HOUSE)
    assert clean is not None
    assert int(np.abs(clean.astype(int) - grey).max()) <= 3
    assert unstreaked(grey, HOUSE) is None


@pytest.mark.parametrize(("wide", "shade"), [(0.15, 60), (0.25, 110), (0.5, 120), (0.5, 50)])
def test_a_line_drawn_down_a_whole_column_is_a_question(wide: float, shade: int) -> None:
    """One stroke for "all of them": neither a streak, which goes over the margins, nor print."""
    grey = picture(GRADES)
    own = {at for at, (_, cell) in enumerate(GRADES.cells()) if cell.value == "4"}
    _, top = cell_of(1, "4")
    stroke(grey, top, [(0, -3), (0.3, 7.5 * 29 + 3)], wide=wide, shade=shade)
    assert unstreaked(grey, HOUSE) is None
    assert {read(grey).cells[at].state for at in own} <= {MARKED, UNSURE}


def test_a_black_and_white_scan_without_outlines_and_with_few_marks_is_a_question() -> None:
    """What was marked in pencil beside them is as gone as the outlines are."""
    grey = picture(GRADES)
    for row in range(1, 12):
        mark(grey, GRADES, row, "5", shade=30)
    pencil = mark(grey, GRADES, 20, "3", shade=150)
    sheet = read(np.where(grey > 90, 255, 0).astype(np.uint8))
    assert (sheet.state, sheet.why) == (SheetState.REVIEW, Why.BLACK_AND_WHITE)
    assert sheet.cells[pencil].state is UNSURE
